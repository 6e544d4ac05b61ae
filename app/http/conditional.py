"""Answers that a caller or a proxy may keep: policies by name, entity tags, `If-None-Match`."""

import hashlib
import re
from string import punctuation
from urllib.parse import quote

from starlette.responses import Response

from app.errors import PreconditionRequired
from app.schema.values import MAX_FIELD

REVALIDATE = "public, max-age=0, must-revalidate"
STATIC = "public, max-age=3600"
NO_STORE = "no-store"

CACHEABLE = {"Cache-Control": REVALIDATE}

# The header that names the release of the content behind an answer.
DATASET_VERSION = "x-dataset-version"
# The header that names the revision of the data, on files that are streamed.
DATASET_REVISION = "x-dataset-revision"

# The policy of an answer that states none, so that forgetting one is safe.
DEFAULT = NO_STORE

# Of a digest in a tag.
SIGNS = 16

# The header by which a handler passes the version of its row to the tag; it is never sent.
VERSION = "x-row-version"

# Possessive: nothing that has matched is tried again, so the time is linear in the length.
TAG = re.compile(rb'[ \t]*+(?:(?:W/)?("[\x21\x23-\x7e\x80-\xff]*+")[ \t]*+)?(?:,|\Z)')

# Only the version in a row's tag counts: the counts shown with a row may change without the row.
ROW_TAG = re.compile(rb'[ \t]*(?:W/)?"([0-9]{1,15})(?:-[0-9a-f]{16})?"[ \t]*')


def of_release(release: str) -> dict[str, str]:
    """The header that names the release behind an answer, if it is known.

    Characters that no header can hold are percent-encoded.
    """
    return {DATASET_VERSION: quote(release, safe=f" {punctuation}")} if release else {}


def cacheable(release: str) -> dict[str, str]:
    """The headers of an answer from this release that may be stored, but must be revalidated."""
    return CACHEABLE | of_release(release)


async def revalidate(response: Response) -> None:
    """Allow the answers of a whole router to be stored, provided that they are revalidated."""
    response.headers["Cache-Control"] = REVALIDATE


async def no_store(response: Response) -> None:
    """Forbid storing the answers of a whole router."""
    response.headers["Cache-Control"] = NO_STORE


def tag(body: bytes, version: bytes | None) -> bytes:
    """The strong entity tag of a body; that of a row begins with its version."""
    digest = hashlib.sha256(body).hexdigest()[:SIGNS].encode()
    return b'"%s-%s"' % (version, digest) if version else b'"%s"' % digest


def tag_of(sha256: str, coding: str = "") -> str:
    """The tag of a body whose digest is known, also for one that is coded while it is sent."""
    return f'"{sha256[:SIGNS]}-{coding}"' if coding else f'"{sha256[:SIGNS]}"'


def knows(header: bytes, current: bytes) -> bool:
    """Whether `If-None-Match` names the current tag, so that the body need not be sent again.

    Tags are compared weakly (RFC 9110, section 13.1.2); a header that cannot be read names none.

    Nor does a header of more than 1 kB. Section 5.4 of RFC 9110 would refuse it, since ignoring a
    field may hide a second request; but this field has no say in where a request ends, and the
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


def versions(header: bytes) -> frozenset[int] | None:
    """The versions of a row that `If-Match` names; None means any (RFC 9110, section 13.1.1)."""
    if not header.strip():
        raise PreconditionRequired("Send the `ETag` of your last `GET` of this row as `If-Match`.")
    if header.strip() == b"*":
        return None
    found = (ROW_TAG.fullmatch(one) for one in header[:MAX_FIELD].split(b","))
    return frozenset(int(one[1]) for one in found if one)
