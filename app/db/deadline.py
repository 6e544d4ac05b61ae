"""When the request must be answered on behalf of which a thread reads."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_local = threading.local()
NEVER = float("inf")


@contextmanager
def due(until: float) -> Iterator[None]:
    """Let what is read in this block end by then, on the clock `time.monotonic`."""
    _local.until = until
    try:
        yield
    finally:
        _local.until = NEVER


def seconds_left() -> float:
    """The seconds until then; endless for a command, or while a file is sent."""
    until: float = getattr(_local, "until", NEVER)
    return until - time.monotonic()
