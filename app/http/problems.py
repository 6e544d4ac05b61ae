"""The one place that turns errors into answers: problem documents of RFC 9457."""

import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from app.addresses import Addresses, addresses_for
from app.errors import (
    PROBLEMS,
    Fault,
    Gone,
    Invalid,
    MethodNotAllowed,
    NotFound,
    Problem,
)
from app.http.parameters import ids_in_path, query_parameters
from app.lookalikes import alike
from app.schema.shapes import Shape
from app.wording import sentence

log = logging.getLogger("moa")

NOTHING = "There is nothing at this address"
MEDIA_TYPE = "application/problem+json"
MAX_FAULTS = 20
# The key of the scope under which the outermost layer leaves the maker of error pages.
PAGE = "moa.page"
# The key of the scope for header fields that every answer to the request has, refusals too.
BESIDE = "moa.beside"
# Some libraries send lists as `subtype[]` or `subtype[0]`; such names are repeated as sent.
SAFE_NAME = re.compile(r"[A-Za-z_.0-9]{1,40}(?:\[[0-9]{0,3}\])?")
BRACKETS = re.compile(r"\[[0-9]{0,3}\]\Z")


ErrorPage = Callable[[Scope, Problem, str], tuple[bytes, dict[str, str]] | None]
"""Makes an error page and its headers for a problem and a request id; None if no page suits."""


class FaultShape(Shape):
    """One thing wrong with a request."""

    parameter: str
    message: str
    nearest: list[str] = Field(description="Up to three similar names or ids that are valid.")
    line: int = Field(
        default=0, description="The line of a bundle; 0 if no single line is at fault."
    )


class RestingShape(Shape):
    """A row that stands in the way of a change."""

    type: str = Field(description="Its type, as in its address.")
    id: str


class ProblemShape(Shape):
    """A problem document (RFC 9457); it never repeats what was sent."""

    type: str = Field(
        description="The address that explains this kind of problem, under `/problems/`."
    )
    title: str
    status: int
    detail: str
    request_id: str = Field(description="The id of this request in the log.")
    faults: list[FaultShape]
    faults_total: int = Field(
        default=0, description="How many faults a bundle has in all; only with one."
    )
    nearest: list[str] = Field(description="Up to three similar ids or addresses.")
    resting: list[RestingShape] = Field(
        default=[],
        description="The first 50 rows that stand in the way; only with 409.",
    )
    resting_total: int = Field(
        default=0, description="How many such rows there are in all; only with 409."
    )
    successor: str | None = Field(
        default=None,
        description="The address of the row that replaced a removed one; only with 410.",
    )


def body(problem: Problem, request_id: str, addresses: Addresses) -> bytes:
    """The problem document as bytes."""
    document = {
        "type": addresses.of(f"/problems/{problem.slug}"),
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "request_id": request_id,
        "faults": [_shown(fault) for fault in problem.faults],
        "nearest": problem.nearest,
    }
    if problem.resting:
        first = problem.resting.first
        document["resting"] = [{"type": kind, "id": row_id} for kind, row_id in first]
        document["resting_total"] = problem.resting.total
    if problem.faults_total:
        document["faults_total"] = problem.faults_total
    if isinstance(problem, Gone):
        document["successor"] = _successor(problem, addresses)
    return json.dumps(document, ensure_ascii=False).encode()


def _shown(fault: Fault) -> dict[str, Any]:
    line = {} if fault.line is None else {"line": fault.line}
    shown = {"parameter": fault.parameter, "message": fault.message, "nearest": fault.nearest}
    return {**line, **shown}


def presented(problem: Problem, scope: Scope) -> tuple[bytes, dict[str, str]]:
    """The problem as a page or a JSON document, whichever suits the caller, with its headers."""
    request_id = scope.get("moa.request_id", "")
    page: ErrorPage | None = scope.get(PAGE)
    content, headers = (page and page(scope, problem, request_id)) or (
        body(problem, request_id, addresses_for(scope)),
        {"content-type": MEDIA_TYPE} | _links(problem, addresses_for(scope)),
    )
    beside: dict[str, str] = scope.get(BESIDE, {})
    return content, headers | beside | problem.headers


def _links(problem: Problem, addresses: Addresses) -> dict[str, str]:
    """The `Link` header to the row that replaced a removed one (RFC 5829)."""
    after = _successor(problem, addresses) if isinstance(problem, Gone) else None
    return {"link": f'<{after}>; rel="successor-version"'} if after else {}


def _successor(problem: Gone, addresses: Addresses) -> str | None:
    return addresses.item(*problem.successor) if problem.successor else None


def documented(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says about these problems, and, as one, about those of every address."""
    kinds: list[type[Problem]] = [Invalid, *problems]
    own = {one.status: f"{one.title}. {one.meaning}" for one in kinds}
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemShape"}}}
    said: dict[int | str, str] = {status: own[status] for status in sorted(own)}
    said["default"] = f"{ANY_PROBLEM}."
    return {status: {"description": text, "content": content} for status, text in said.items()}


NO_PARAMETER = "is not a parameter of this address"
NO_ID = ("string_pattern_mismatch", "string_too_long")
"""Errors of values that cannot be ids."""
EVERYWHERE = (400, 406, 414, 429, 431, 500, 503)
_TITLES = {one.status: one.title for one in reversed(PROBLEMS) if one.status in EVERYWHERE}
_SHORTLY = "; ".join(f"{status}: {title}" for status, title in sorted(_TITLES.items()))
ANY_PROBLEM = f"A problem that any address may give. {_SHORTLY}"


class Suggests(Protocol):
    """Suggests ids for a value that cannot be one, or for an address that leads nowhere."""

    def for_value(self, format_name: str, value: str, /) -> tuple[str, ...]:
        """Up to three ids, by the format of the parameter."""
        ...

    def for_path(self, path: str, /) -> tuple[str, ...]:
        """Up to three ids or, if no type has such an address, paths."""
        ...


def install(app: FastAPI, suggests: Suggests) -> None:
    """Have every error of this app answered here."""
    app.state.suggests = suggests
    # Starlette calls each with its own kind of error only.
    app.add_exception_handler(Problem, problem_answer)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _invalid)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _of_framework)  # type: ignore[arg-type]
    # Starlette then raises it again, so that the outermost layer can log it.
    app.add_exception_handler(Exception, _unexpected)


def problem_answer(request: Request, problem: Problem) -> Response:
    """A problem as an answer, made at once."""
    content, headers = presented(problem, request.scope)
    return Response(content, problem.status, headers=headers)


def _unexpected(request: Request, _: Exception) -> Response:
    return problem_answer(request, unexpected())


def unexpected() -> Problem:
    """What callers are told about an error on our side."""
    return Problem("Something went wrong on our side; report it with its `request_id`.")


def _of_framework(request: Request, error: HTTPException) -> Response:
    if error.status_code == MethodNotAllowed.status:
        allow = ", ".join(sorted(methods(request.app, request.scope)))
        refused = MethodNotAllowed(f"This address takes only {allow}.", headers={"Allow": allow})
        return problem_answer(request, refused)
    addresses = addresses_for(request.scope)
    like = request.app.state.suggests.for_path(addresses.own(request.scope["path"]))
    near = tuple(addresses.of(one) if one.startswith("/") else one for one in like)
    detail = f"{NOTHING}; see {addresses.of('/v1')} and {addresses.of('/docs')}."
    return problem_answer(request, NotFound(detail, nearest=near))


def methods(app: FastAPI, scope: Scope) -> frozenset[str]:
    """The methods that some route has for this path; HEAD goes with GET, OPTIONS with any path.

    A path that leads nowhere is described as readable.
    """
    found = {
        method
        for route in app.routes
        if isinstance(route, Route) and route.matches(scope)[0] is not Match.NONE
        for method in route.methods or ()
    }
    found = found or {"GET"}
    return frozenset(found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set()))


def _invalid(request: Request, error: RequestValidationError) -> Response:
    known = query_parameters(request)
    found = list({_kind(each): each for each in error.errors()}.values())
    suggests: Suggests = request.app.state.suggests
    fields_of = {"path": ids_in_path(request), "query": known}
    faults = tuple(
        _of_value(one, _fault(one, fields_of.get(one["loc"][0], {}), suggests), request)
        for one in found[:MAX_FAULTS]
    )
    more = f", the first {MAX_FAULTS} of {len(found)}" if len(found) > MAX_FAULTS else ""
    return problem_answer(
        request, Invalid(f"Correct the parameters listed in `faults`{more}.", faults=faults)
    )


def _kind(found: Mapping[str, Any]) -> tuple[object, ...]:
    """What faults reported as one have in common; each wrong id is reported by itself."""
    place = found["loc"] if found["type"] in NO_ID else found["loc"][:2]
    return place, found["type"]


def _of_value(found: Mapping[str, Any], fault: Fault, request: Request) -> Fault:
    """The same fault; if one of several ids is wrong, it says which."""
    place = found["loc"]
    if found["type"] not in NO_ID or not isinstance(place[-1], int):
        return fault
    given = len(request.query_params.getlist(str(place[1])))
    message = f"value {place[-1] + 1} of {given} {fault.message}"
    return replace(fault, message=message) if given > 1 else fault


def _fault(
    found: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]], suggests: Suggests
) -> Fault:
    """What is wrong with one parameter, in words that do not repeat what was sent."""
    name = str(found["loc"][1] if len(found["loc"]) > 1 else found["loc"][0])
    shown = name if SAFE_NAME.fullmatch(name) else "a parameter"
    if found["type"] == "extra_forbidden":
        bare = BRACKETS.sub("", name)
        if bare != name and bare in known:
            message = f"{NO_PARAMETER}; send `{bare}` without brackets"
            return Fault(shown, f"{message}, once for each value", (bare,))
        near = alike(name, list(known))
        hint = "" if near else f"; it takes {', '.join(known)}" if known else "; it takes none"
        return Fault(shown, f"{NO_PARAMETER}{hint}", near)
    field = known.get(name, {})
    is_text = found["type"] in NO_ID and isinstance(found["input"], str)
    meant = suggests.for_value(_format(field), found["input"]) if is_text else ()
    return Fault(shown, sentence(found, field), meant)


def _format(field: Mapping[str, Any]) -> str:
    """The format of a parameter, or of each of its values."""
    return str(field.get("items", field).get("format", ""))
