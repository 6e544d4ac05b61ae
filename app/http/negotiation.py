"""The media type and coding of an answer, chosen by what the caller asks for and accepts."""

import re
from collections.abc import Mapping

from starlette.requests import Request
from starlette.types import Scope

from app.errors import NotAcceptable
from app.http.codings import IDENTITY
from app.schema.values import MAX_FIELD

JSON = "application/json"
ONLY_JSON = {"json": JSON}
# Of two codings that the caller wants equally, the first is chosen.
OFFERED = ("zstd", "gzip", IDENTITY)
WEIGHT = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")


def read_fields(scope: Scope, *names: bytes) -> list[bytes]:
    """The values of these header fields, lines of one name joined (RFC 9110, section 5.3)."""
    found = [b""] * len(names)
    for name, value in scope["headers"]:
        if name in names:
            at = names.index(name)
            found[at] = found[at] + b"," + value if found[at] else value
    return found


def choose_form(request: Request, offered: Mapping[str, str]) -> str:
    """The short name of the form that suits the caller best; `offered` has the preferred first.

    `format=` wins over `Accept`. If nothing suits, the refusal lists what there is.
    """
    given = request.query_params.get("format")
    if given is not None and given in offered:
        return given
    (header,) = read_fields(request.scope, b"accept")
    wanted = _weights(header) or {"*/*": 1.0}
    weights = {name: _weight(wanted, media_type) for name, media_type in offered.items()}
    best = max(weights, key=lambda name: weights[name])
    if given is not None or weights[best] <= 0:
        raise NotAcceptable(_offer(offered))
    return best


def _offer(offered: Mapping[str, str]) -> str:
    """Which forms there are, and how to ask for one."""
    if offered is ONLY_JSON:
        return f"This address offers only {JSON}; change `Accept`."
    forms = ", ".join(f"`{name}` ({media_type})" for name, media_type in offered.items())
    return f"This address offers only {forms}; choose one by name in `format`, or in `Accept`."


def require_json(request: Request) -> None:
    """Refuse callers that do not accept JSON."""
    choose_form(request, ONLY_JSON)


def choose_coding(header: bytes) -> str:
    """The coding that an `Accept-Encoding` header wants most; plain if it allows none of ours."""
    wanted = {name.removeprefix("x-"): weight for name, weight in _weights(header).items()}
    others = wanted.get("*", 0.0)
    weights = {name: wanted.get(name, others) for name in OFFERED if name != IDENTITY}
    weights[IDENTITY] = wanted.get(IDENTITY, 0.0)
    best = max(weights, key=lambda name: weights[name])
    return best if weights[best] > 0 else IDENTITY


def _weights(header: bytes) -> dict[str, float]:
    """The weight of each range in an `Accept` or `Accept-Encoding` header; the best of repeats.

    A range whose weight cannot be read is ignored (RFC 9110, section 12.4.2), and so is a header
    that is too long to be read (sections 12.5.1 and 12.5.3).
    """
    if len(header) > MAX_FIELD:
        return {}
    found: dict[str, float] = {}
    for part in filter(None, header.decode("latin-1").lower().split(",")):
        name, _, parameters = part.partition(";")
        given = _given_weight(parameters) if parameters else 1.0
        if given is not None and (name := name.strip()):
            found[name] = max(found.get(name, 0.0), given)
    return found


def _given_weight(parameters: str) -> float | None:
    """The weight among the parameters of a range, 1 if there is none; None if it is unreadable."""
    pieces = (piece.strip() for piece in parameters.split(";"))
    given = (one for one in pieces if one.partition("=")[0].rstrip() == "q")
    weight = WEIGHT.fullmatch(next(given, "q=1"))
    return float(weight[1]) if weight else None


def _weight(wanted: Mapping[str, float], media_type: str) -> float:
    """How much a media type is wanted, 0 to 1; the most specific range decides."""
    ranges = (media_type, f"{media_type.partition('/')[0]}/*", "*/*")
    return next((wanted[one] for one in ranges if one in wanted), 0.0)
