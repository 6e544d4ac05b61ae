"""The deadline of the request on whose behalf a thread reads."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_local = threading.local()
NEVER = float("inf")


@contextmanager
def due(until: float) -> Iterator[None]:
    """Make reads in this block end by this time, on the clock `time.monotonic`."""
    before, _local.until = getattr(_local, "until", NEVER), until
    try:
        yield
    finally:
        _local.until = before


def seconds_left() -> float:
    """The seconds that are left; infinite for a command, or while a file is streamed."""
    until: float = getattr(_local, "until", NEVER)
    return until - time.monotonic()
