"""How long tests wait: long enough that a busy machine does not make them fail."""

SECONDS = 120.0
LONGEST_SETTING = 60.0
"""The most that the settings of the service allow."""
