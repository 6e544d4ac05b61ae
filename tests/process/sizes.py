"""How much the suites of this folder try: a small size, and by night the size of a release."""

import os

NIGHT = os.environ.get("TESTS_LOOP") == "night"


def size(small: int, night: int) -> int:
    """The number for the loop that runs."""
    return night if NIGHT else small
