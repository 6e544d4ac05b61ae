"""The body of a request as JSON: read in one piece, refused if it is not what it says."""

import json
import re
from typing import Any

from starlette.requests import ClientDisconnect, Request

from app.errors import BadRequest, PayloadTooLarge, UnsupportedMediaType
from app.http.guard import BODY_LIMIT, MAX_BODY
from app.http.negotiation import JSON, read_fields

MERGE_PATCH = "application/merge-patch+json"
WITH_BODY = {"POST": (JSON,), "PUT": (JSON,), "PATCH": (MERGE_PATCH, JSON)}
PLAIN = re.compile(rb"[ \t]*(?:|identity)[ \t]*")
CHARSET = re.compile(r'\s*charset\s*=\s*"?utf-?8"?\s*', re.IGNORECASE)
DEEPEST = 32
UNREADABLE = "The body is not valid JSON"


async def read_object(request: Request) -> dict[str, Any]:
    """The JSON object in the body of a request; empty for a method that takes none."""
    taken = WITH_BODY.get(request.method)
    if taken is None:
        return {}
    _refuse_kind(request, taken)
    found = _parsed(await _whole(request))
    if not isinstance(found, dict):
        raise BadRequest("The body must be a JSON object: the fields of one row.")
    return found


def _refuse_kind(request: Request, taken: tuple[str, ...]) -> None:
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


async def _whole(request: Request) -> bytes:
    pieces = bytearray()
    try:
        async for piece in request.stream():
            pieces += piece
            if len(pieces) > MAX_BODY:
                raise PayloadTooLarge(BODY_LIMIT)
    except ClientDisconnect as error:
        raise BadRequest("The body ended early.") from error
    return bytes(pieces)


def _parsed(body: bytes) -> Any:
    try:
        found = json.loads(
            body.decode(),
            parse_constant=_refuse_constant,
            parse_float=_number,
            object_pairs_hook=_mapping,
        )
    except UnicodeDecodeError as error:
        raise BadRequest("The body is not valid UTF-8.") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise BadRequest(f"{UNREADABLE}: see {place}.") from error
    except ValueError as error:
        # Python's limit on the digits of a whole number, and what is refused below.
        raise BadRequest(
            f"{UNREADABLE}: a number or a repeated key in it cannot be read."
        ) from error
    except RecursionError as error:
        raise BadRequest(_too_deep()) from error
    if _depth(found) > DEEPEST:
        raise BadRequest(_too_deep())
    return found


def _too_deep() -> str:
    return f"The body is nested too deeply; {DEEPEST} levels are read."


def _refuse_constant(_: str) -> float:
    raise ValueError("no number of JSON")


def _number(text: str) -> int | float:
    """A number; one without a fraction is whole, however it is written."""
    found = float(text)
    if found in (float("inf"), float("-inf")):
        raise ValueError("too large")
    return int(found) if found.is_integer() and abs(found) < 2**53 else found


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found


def _depth(value: Any) -> int:
    """How deeply a value is nested, counted without recursion."""
    level, depth = [value], 0
    while level:
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                inner += one.values()
            elif isinstance(one, list):
                inner += one
        depth, level = depth + 1, inner
    return depth
