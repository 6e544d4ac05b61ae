"""Routes that read their own parameters; FastAPI only documents them.

FastAPI itself examines the type of every filter anew for each request, which took a fifth of the
time of a list that is not in the cache.
"""

import time
from asyncio import get_running_loop
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import Executor
from functools import partial
from inspect import Parameter, signature
from typing import Annotated, Any, TypeGuard, get_args, get_origin

from fastapi import Request, params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.responses import Response
from starlette.routing import Match, Route, request_response
from starlette.types import Scope

from app.db.deadline import due
from app.errors import Fault, Invalid, Unavailable
from app.schema.values import Names
from app.wording import fields

Reader = Callable[[Request], Any]
# Where FastAPI finds an argument: Path, Query, Header and Cookie; Body, Form and File; Depends.
MARKS = (params.Param, params.Body, params.Depends)


class FastRoute(APIRoute):
    """A route to a function that takes the request, ids from the path and one query model.

    The model declares everything that the query may contain; the function returns a response. It
    runs in a thread of the loop's own, because it reads the database.

    What FastAPI derives from a function takes memory and time at the start, so it does that only
    while the OpenAPI document is made.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **about: Any) -> None:
        if about.get("dependencies"):
            raise TypeError(f"{endpoint.__qualname__}: a fast route runs no dependencies")
        shown = about.get("include_in_schema", True)
        Route.__init__(self, path, endpoint, name=about.get("name"), include_in_schema=shown)
        self.methods = {*(about.get("methods") or ["GET"])}
        self._about = about
        self._start = path.partition("{")[0]
        self.app = request_response(self.get_route_handler())

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match as any route does, after a quick look, because all but one of a hundred do not."""
        return super().matches(scope) if self._start in scope["path"] else (Match.NONE, {})

    def described(self) -> APIRoute:
        """The same route as FastAPI describes it."""
        return APIRoute(self.path, self.endpoint, **self._about)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of a request: it reads the arguments and calls the function in a thread."""
        call: Callable[..., Response] = self.endpoint
        readers = {name: _reader(call, one) for name, one in signature(call).parameters.items()}

        async def handle(request: Request) -> Response:
            found = {name: read(request) for name, read in readers.items()}
            until = time.monotonic() + request.app.state.longest
            work = partial(_in_time, until, partial(call, **found))
            return await get_running_loop().run_in_executor(self.threads(request), work)

        return handle

    def threads(self, _request: Request) -> Executor | None:
        """The threads in which it runs; None for those of the loop."""
        return None


class SearchRoute(FastRoute):
    """A route that searches the network, in a few threads of its own.

    Searches wait for one another: in the common threads, they would hold up everything else.
    """

    def threads(self, request: Request) -> Executor | None:
        """Those for searches; None, for those of the loop, outside a running server."""
        found: Executor | None = request.app.state.searchers
        return found


def _in_time(until: float, answer: Callable[[], Response]) -> Response:
    """The answer, unless its time has passed while the request waited for a thread."""
    if time.monotonic() > until:
        raise Unavailable("Too many requests are waiting.")
    with due(until):
        return answer()


def _reader(call: Callable[..., Response], argument: Parameter) -> Reader:
    """How an argument is read from a request; one that cannot be is refused at once."""
    name, annotation = argument.name, argument.annotation
    if annotation is Request:
        return lambda request: request
    kind, *others = get_args(annotation) or [None]
    marks = [type(one) for one in others if isinstance(one, MARKS)]
    if argument.default is Parameter.empty and marks == [params.Path]:
        check = TypeAdapter(annotation).validate_python
        return lambda request: _valid(check, request.path_params[name], "path", name)
    if argument.default is Parameter.empty and marks == [params.Query] and _is_model(kind):
        return _reader_of_query(kind)
    raise TypeError(
        f"{call.__qualname__}: `{name}` must be the Request, Annotated[…, Path()], or "
        "Annotated[a model, Query()], without a default"
    )


def _is_model(kind: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _reader_of_query(model: type[BaseModel]) -> Reader:
    declared = model.model_fields.items()
    several = {name for name, info in declared if get_origin(info.annotation) is tuple}

    def read(request: Request) -> BaseModel:
        given: dict[str, list[str]] = {}
        for name, value in request.query_params.multi_items():
            given.setdefault(name, []).append(value)
        values = {name: found if name in several else found[0] for name, found in given.items()}
        valid: BaseModel = _valid(model.model_validate, values, "query")
        _refuse_repeated({name: found for name, found in given.items() if name not in several})
        return valid

    return read


def _valid(check: Callable[[Any], Any], value: Any, *place: str) -> Any:
    try:
        return check(value)
    except ValidationError as error:
        faults = [{**fault, "loc": (*place, *fault["loc"])} for fault in error.errors()]
        raise RequestValidationError(faults) from error


def _refuse_repeated(given: Mapping[str, list[str]]) -> None:
    """Refuse several values for a parameter that takes one, so that none is silently dropped."""
    faults = tuple(
        Fault(name, "was given several times; give it once")
        for name, values in given.items()
        if len(values) > 1
    )
    if faults:
        raise Invalid("Correct the parameters listed in `faults`.", faults=faults)


def query_parameters(request: Request) -> Mapping[str, Mapping[str, Any]]:
    """The query parameters that this address takes, each with its JSON Schema, by name."""
    found = {
        name: one
        for _, kind, marks in _arguments(request)
        if any(isinstance(mark, params.Query) for mark in marks)
        for name, one in fields(kind).items()
    }
    return dict(sorted(found.items()))


def ids_in_path(request: Request) -> Mapping[str, Mapping[str, Any]]:
    """The parameters in the path of this address that are ids, each with its format, by name."""
    return {
        name: {"format": mark.format}
        for name, _, marks in _arguments(request)
        for mark in marks
        if isinstance(mark, Names)
    }


def _arguments(request: Request) -> Iterator[tuple[str, Any, list[object]]]:
    """The arguments that the function of this address reads: name, type and what marks it."""
    for name, one in signature(request.scope["endpoint"]).parameters.items():
        if get_origin(one.annotation) is Annotated:
            kind, *marks = get_args(one.annotation)
            yield name, kind, marks
