"""The declaration of a resource type."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel
from sqlmodel import SQLModel

from app.schema.columns import Key
from app.schema.forms import LIST_FORMS
from app.schema.pages import Page


@dataclass(frozen=True)
class Example:
    """A row and a filtered list that readers of the documentation can try."""

    id: str
    query: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Resource:
    """A resource type as data: everything the generic endpoints need.

    `name` is also the name of its table, and of the filter on `/v1/evidence` for its rows.
    """

    name: str
    plural: str
    about: str
    table: type[SQLModel]
    read: type[BaseModel]
    write: type[Key] | None
    """None if its rows are written within those of another type."""
    filters: type[Page]
    id: object
    example: Example
    found_by: tuple[str, ...] = ()
    """The fields of the write shape by whose values a row can be found, besides its id."""
    label: tuple[str, ...] = ("name",)
    """The columns that make up the label of a row."""
    forms: Mapping[str, str] = field(default_factory=lambda: LIST_FORMS)
    """The forms of its list, each with its media type."""
    searched: Mapping[str, int] = field(default_factory=dict)
    """The paths to the texts that the search covers, each with its weight."""
