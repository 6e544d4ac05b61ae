"""The log: one JSON object per line on standard error, without anything that callers sent."""

import json
import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

FIELDS = ("request_id", "traceparent", "method", "route", "status", "ms", "bytes")
SILENT_SECONDS = 60.0

log = logging.getLogger("moa")
# A command that fails says so itself; without this, Python would print warnings as well.
log.addHandler(logging.NullHandler())


class JsonLine(logging.Formatter):
    """Writes a record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Write time, level, message, the known extra fields and, for an error, its traceback."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        line |= {name: record.__dict__[name] for name in FIELDS if name in record.__dict__}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)


class Seldom:
    """Logs each cause once a minute, however many requests it fails."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: dict[str, float] = {}

    def log(self, level: int, cause: str, message: str) -> None:
        """Log the message, unless one of this cause was logged within the last minute."""
        now = self._clock()
        if now - self._last.get(cause, -SILENT_SECONDS) < SILENT_SECONDS:
            return
        self._last[cause] = now
        log.log(level, message)


class Outage:
    """Logs once that something cannot be reached, and once that it can be reached again."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._lock = threading.Lock()
        self._kind = ""

    def begin(self, kind: str, cause: str) -> None:
        """Log that it cannot be reached and why, unless this kind of failure is logged already."""
        with self._lock:
            if kind == self._kind:
                return
            self._kind = kind
        log.warning("%s cannot be used: %s", self._what, cause)

    def end(self) -> None:
        """Log that it can be reached again, if it could not be before."""
        with self._lock:
            if not self._kind:
                return
            self._kind = ""
        log.warning("%s can be used again", self._what)


def start() -> None:
    """Send everything that is logged to standard error in this form."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLine())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("alembic").setLevel(logging.WARNING)
