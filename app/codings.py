"""Content codings: which one suits the caller, and the coded bytes."""

import re
import zlib
from typing import Protocol

import zstandard

from app.values import MAX_FIELD

IDENTITY = "identity"
# The better of two that the caller wants alike stands first.
OFFERED = ("zstd", "gzip", IDENTITY)
SMALLEST = 1_000
TEXT = (b"text/", b"application/json", b"application/x-ndjson", b"application/vnd.", b"image/svg")
QUALITY = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
GZIP_HEADER = 31


class Coder(Protocol):
    """Codes a body piece by piece."""

    def compress(self, data: bytes, /) -> bytes:
        """Take a piece and give what is ready."""
        ...

    def flush(self) -> bytes:
        """Give the rest."""
        ...


def choose(header: bytes) -> str:
    """The coding that an Accept-Encoding header wants most; plain where it allows none of ours.

    Plain also where it is too long to be read, which any caller takes (RFC 9110, section 12.5.3).
    """
    if len(header) > MAX_FIELD:
        return IDENTITY
    wanted = _qualities(header.decode("latin-1"))
    others = wanted.get("*", 0.0)
    weights = {name: wanted.get(name, others) for name in OFFERED if name != IDENTITY}
    weights[IDENTITY] = wanted.get(IDENTITY, 0.0)
    best = max(weights, key=lambda name: weights[name])
    return best if weights[best] > 0 else IDENTITY


def coder(coding: str) -> Coder:
    """What turns a body into this coding."""
    if coding == "zstd":
        return zstandard.ZstdCompressor().compressobj()
    return zlib.compressobj(wbits=GZIP_HEADER)


def code(body: bytes, coding: str) -> bytes:
    """The body in this coding."""
    if coding == "zstd":
        return zstandard.ZstdCompressor().compress(body)
    work = coder(coding)
    return work.compress(body) + work.flush()


def worth_it(content_type: bytes) -> bool:
    """Whether coding makes a body of this type smaller."""
    return content_type.startswith(TEXT)


def _qualities(header: str) -> dict[str, float]:
    found = {}
    for part in header.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        found[name.removeprefix("x-")] = _quality(parameters)
    return found


def _quality(parameters: list[str]) -> float:
    """The weight of one coding; one that cannot be read is none."""
    for parameter in parameters:
        if parameter.startswith("q="):
            found = QUALITY.fullmatch(parameter)
            return float(found[1]) if found else 0.0
    return 1.0
