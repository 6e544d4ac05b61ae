"""The body of a request as JSON: read in one piece, refused if it is not what its header says."""

import re
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

from starlette.requests import Request

from app.errors import BadRequest, PayloadTooLarge, UnsupportedMediaType
from app.http.guard import PROBLEM, body_limit_message
from app.http.negotiation import JSON, read_fields
from app.schema.strict_json import NotJson, read_json

MERGE_PATCH = "application/merge-patch+json"
WITH_BODY = {"POST": (JSON,), "PUT": (JSON,), "PATCH": (MERGE_PATCH, JSON)}
PLAIN = re.compile(rb"[ \t]*(?:|identity)[ \t]*")
CHARSET = re.compile(r'\s*charset\s*=\s*"?utf-?8"?\s*', re.IGNORECASE)


class BodyLimits(NamedTuple):
    """How large a body may be, in bytes, and how deeply nested."""

    most: int
    deepest: int


async def read_object(request: Request, limits: BodyLimits) -> dict[str, Any]:
    """The JSON object in the body of a request; empty for a method that takes none."""
    taken = WITH_BODY.get(request.method)
    if taken is None:
        return {}
    refuse_kind(request, taken)
    found = _parsed(await _whole(request, limits.most), limits.deepest)
    if not isinstance(found, dict):
        raise BadRequest("The body must be a JSON object.")
    return found


def refuse_kind(request: Request, taken: tuple[str, ...]) -> None:
    """Refuse a body of any other kind, or one that is compressed."""
    kind, coding = read_fields(request.scope, b"content-type", b"content-encoding")
    name, _, parameters = kind.decode("latin-1").partition(";")
    plain = not parameters.strip() or CHARSET.fullmatch(parameters)
    if name.strip().lower() not in taken or not plain:
        known = " or ".join(f"`{one}`" for one in taken)
        headers = {"Accept-Patch" if request.method == "PATCH" else "Accept": ", ".join(taken)}
        raise UnsupportedMediaType(f"Send the body as {known}, in UTF-8.", headers=headers)
    if not PLAIN.fullmatch(coding):
        raise UnsupportedMediaType(
            "Send the body without a content coding.", headers={"Accept-Encoding": "identity"}
        )


async def body_pieces(request: Request) -> AsyncIterator[bytes]:
    """The body as it arrives; raises the problem that the connection finds in it."""
    more = True
    while more:
        message = await request.receive()
        if PROBLEM in request.scope:
            raise request.scope[PROBLEM]
        if message["type"] == "http.disconnect":
            raise BadRequest("The body ended early.")
        yield message.get("body", b"")
        more = message.get("more_body", False)


async def _whole(request: Request, most: int) -> bytes:
    found = bytearray()
    async for piece in body_pieces(request):
        found += piece
        if len(found) > most:
            raise PayloadTooLarge(body_limit_message(most))
    return bytes(found)


def _parsed(body: bytes, deepest: int) -> Any:
    try:
        return read_json(body, deepest)
    except NotJson as error:
        place = f": see line {error.place[0]}, column {error.place[1]}" if error.place else ""
        raise BadRequest(f"The body {error}{place}.") from error
