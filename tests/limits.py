"""How long tests wait: so long that only a fault, never a busy machine, makes them fail."""

SECONDS = 120.0
LONGEST_SETTING = 60.0
"""The most that the settings of the service allow."""
