"""Answers that a caller or a proxy may keep: policies by name, entity tags, `If-None-Match`."""

import hashlib
import re

from starlette.responses import Response

from app.schema.values import MAX_FIELD

REVALIDATE = "public, max-age=0, must-revalidate"
STATIC = "public, max-age=3600"
NO_STORE = "no-store"

CACHEABLE = {"Cache-Control": REVALIDATE}

# By this header an answer says of which release of the content it is.
DATASET_VERSION = "x-dataset-version"

# What an answer is that states no policy of its own, so that forgetting is safe.
DEFAULT = NO_STORE

# By this header a handler gives the version of its row to the tag; it is not sent.
VERSION = "x-row-version"

# Possessive: what has matched is not tried again, so the time grows no faster than the length.
TAG = re.compile(rb'[ \t]*+(?:(?:W/)?("[\x21\x23-\x7e\x80-\xff]*+")[ \t]*+)?(?:,|\Z)')


def of_release(release: str) -> dict[str, str]:
    """The header of an answer that was made from the content of this release, if it is known."""
    return {DATASET_VERSION: release} if release else {}


def cacheable(release: str) -> dict[str, str]:
    """The headers of an answer from this release that may be kept and must be asked about again."""
    return CACHEABLE | of_release(release)


async def revalidate(response: Response) -> None:
    """State for a whole router that its answers may be kept and must be asked about again."""
    response.headers["Cache-Control"] = REVALIDATE


async def no_store(response: Response) -> None:
    """State for a whole router that its answers must not be kept."""
    response.headers["Cache-Control"] = NO_STORE


def tag(body: bytes, version: bytes | None) -> bytes:
    """The strong entity tag of a body; that of a row begins with its version."""
    digest = hashlib.sha256(body).hexdigest()[:16].encode()
    return b'"%s-%s"' % (version, digest) if version else b'"%s"' % digest


def knows(header: bytes, current: bytes) -> bool:
    """Whether `If-None-Match` names the current tag, so that the body need not be sent again.

    Tags are compared weakly, as RFC 9110 has it; a header that cannot be read names none.

    Nor does one of more than 1 kB. Section 5.4 of RFC 9110 would refuse it, since a field that is
    passed over may hide a second request; this one has no say in where a request ends, and the
    condition only saves a transfer (section 13.1.2): the whole answer is never wrong.
    """
    if header in (current, b"*"):
        return True
    if len(header) > MAX_FIELD:
        return False
    named, at = set(), 0
    while at < len(header):
        found = TAG.match(header, at)
        if found is None:
            return False
        named.add(found[1])
        at = found.end()
    return current in named
