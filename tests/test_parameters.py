"""The fast route refuses, when it is made, a function that it cannot serve."""

from collections.abc import Callable
from typing import Annotated

import pytest
from fastapi import Body, Cookie, Depends, File, Form, Header, Path, Query

from app.http.parameters import FastRoute
from app.schema.pages import NoParameters

EMPTY = NoParameters()


def nothing() -> None:
    """Give nothing to depend on."""


def body(value: Annotated[NoParameters, Body()]) -> None: ...
def header(value: Annotated[str, Header()]) -> None: ...
def cookie(value: Annotated[str, Cookie()]) -> None: ...
def depends(value: Annotated[None, Depends(nothing)]) -> None: ...
def form(value: Annotated[str, Form()]) -> None: ...
def file(value: Annotated[bytes, File()]) -> None: ...
def bare(value: str) -> None: ...
def bare_model(value: NoParameters) -> None: ...
def unmarked(value: Annotated[str, "a note"]) -> None: ...
def one_of_the_query(value: Annotated[int, Query()]) -> None: ...
def by_default(value: str = Query()) -> None: ...
def with_default(value: Annotated[NoParameters, Query()] = EMPTY) -> None: ...


REFUSED = [
    *(body, header, cookie, depends, bare, bare_model, unmarked),
    *(one_of_the_query, by_default, with_default),
]


@pytest.mark.parametrize("function", REFUSED, ids=lambda one: one.__name__)
def test_an_argument_that_cannot_be_read_is_refused(function: Callable[..., None]) -> None:
    with pytest.raises(TypeError, match=f"^{function.__name__}: `value` must be"):
        FastRoute("/", function)


@pytest.mark.parametrize("function", [form, file], ids=lambda one: one.__name__)
def test_a_form_is_refused(function: Callable[..., None]) -> None:
    # FastAPI itself is the first to refuse where no parser of forms is installed.
    with pytest.raises((TypeError, RuntimeError), match=r"`value` must be|python-multipart"):
        FastRoute("/", function)


def test_dependencies_are_refused() -> None:
    def route(value: Annotated[str, Path()]) -> None: ...

    with pytest.raises(TypeError, match="runs no dependencies"):
        FastRoute("/{value}", route, dependencies=[Depends(nothing)])

    assert FastRoute("/{value}", route)
