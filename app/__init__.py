"""How lenalidomide works in B-cell non-Hodgkin lymphoma, served over HTTP with its evidence."""

__version__ = "0.1.0"
