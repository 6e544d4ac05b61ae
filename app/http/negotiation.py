"""Which media type and coding an answer has, by what the caller asks for and accepts."""

import re
from collections.abc import Mapping

from starlette.requests import Request

from app.errors import NotAcceptable
from app.http.codings import IDENTITY
from app.schema.values import MAX_FIELD

JSON = "application/json"
ONLY_JSON = {"json": JSON}
# The better of two that the caller wants alike stands first.
OFFERED = ("zstd", "gzip", IDENTITY)
QUALITY = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")


def choose_form(request: Request, offered: Mapping[str, str]) -> str:
    """The short name of the form that suits the caller best; `offered` has the preferred first.

    `format=` wins over `Accept`. What cannot be met is refused with the list of what there is; an
    `Accept` too long to be read is disregarded (RFC 9110, section 12.5.1).
    """
    asked = request.query_params.get("format")
    if asked is not None and asked in offered:
        return asked
    header = request.headers.get("accept", "")
    read = header if len(header) <= MAX_FIELD else ""
    qualities = {name: _quality_of(read, media_type) for name, media_type in offered.items()}
    best = max(qualities, key=lambda name: qualities[name])
    if asked is not None or qualities[best] <= 0:
        raise NotAcceptable(f"This address has {', '.join(offered.values())}.")
    return best


def require_json(request: Request) -> None:
    """Refuse to send JSON to who does not accept it."""
    choose_form(request, ONLY_JSON)


def _quality_of(header: str, offered: str) -> float:
    """How much an Accept header wants a media type, 0 to 1; the closest range decides."""
    if not header.strip():
        return 1.0
    kind = offered.split("/", maxsplit=1)[0]
    best = (-1, 0.0)
    for part in header.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        rank = {offered: 2, f"{kind}/*": 1, "*/*": 0}.get(name, -1)
        if rank > best[0]:
            best = (rank, _quality(parameters))
    return best[1]


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0


def choose_coding(header: bytes) -> str:
    """The coding that an Accept-Encoding header wants most; plain where it allows none of ours.

    Plain also where it is too long to be read, which any caller takes (RFC 9110, section 12.5.3).
    """
    if len(header) > MAX_FIELD:
        return IDENTITY
    wanted = _coding_qualities(header.decode("latin-1"))
    others = wanted.get("*", 0.0)
    weights = {name: wanted.get(name, others) for name in OFFERED if name != IDENTITY}
    weights[IDENTITY] = wanted.get(IDENTITY, 0.0)
    best = max(weights, key=lambda name: weights[name])
    return best if weights[best] > 0 else IDENTITY


def _coding_qualities(header: str) -> dict[str, float]:
    found = {}
    for part in header.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        found[name.removeprefix("x-")] = _coding_quality(parameters)
    return found


def _coding_quality(parameters: list[str]) -> float:
    """The weight of one coding; one that cannot be read is none."""
    for parameter in parameters:
        if parameter.startswith("q="):
            found = QUALITY.fullmatch(parameter)
            return float(found[1]) if found else 0.0
    return 1.0
