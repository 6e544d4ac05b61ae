"""A part of a file, so that an interrupted download can be resumed (RFC 9110, section 14)."""

import re
from collections.abc import Mapping

from app.errors import RangeNotSatisfiable
from app.http.conditional import knows

# A single range in bytes; for several, or another unit, the whole file is sent instead.
RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")


def wanted_part(headers: Mapping[str, str], tag: str, size: int) -> slice | None:
    """The requested part; None for the whole, which a caller with another version also gets."""
    found = RANGE.fullmatch(headers.get("range", ""))
    # A caller that has the file needs no part of it (RFC 9110, section 13.2.2).
    if knows(headers.get("if-none-match", "").encode("latin-1"), tag.encode()):
        return None
    if not found or found[0] == "bytes=-" or headers.get("if-range", tag) != tag:
        return None
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
    if last and first and int(last) < start:
        return None
    if start >= size:
        raise RangeNotSatisfiable(
            "The file ends before this range.", headers={"Content-Range": f"bytes */{size}"}
        )
    return slice(start, end)
