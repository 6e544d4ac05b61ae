"""How lenalidomide works in B-cell non-Hodgkin lymphoma, with the evidence, over HTTP."""

__version__ = "0.1.0"
# The release of the content that belongs to this code.
RELEASE = "2026.12"
