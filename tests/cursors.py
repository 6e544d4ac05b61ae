"""Cursors taken apart and put together again."""

import base64
import json
from typing import Any


def opened(cursor: str) -> list[Any]:
    found: list[Any] = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return found


def closed(parts: Any, **how: Any) -> str:
    """Any text encoded like a cursor."""
    told = json.dumps(parts, separators=how.pop("separators", (",", ":")), **how)
    return base64.urlsafe_b64encode(told.encode("utf-8", "surrogatepass")).decode().rstrip("=")
