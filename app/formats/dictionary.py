"""The data dictionary: what each column of a table holds, read from the declaration of its type."""

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, Field, TypeAdapter

from app.formats import csv
from app.formats.csv import SEPARATORS, TYPED, Column, FieldAt
from app.resources import ALL
from app.schema.markers import InUnit, marks
from app.schema.sentences import field_sentence
from app.schema.shapes import Shape
from app.schema.values import MAX_WHOLE, Names, Plain

KEY = "id"
TYPED_LINK = "Each as type and id, such as `entity:crbn`."

ColumnType = Literal["string", "integer", "number", "boolean", "datetime"]
Schema = dict[str, Any]
"""The JSON schema of a value."""


class ColumnRef(Shape):
    """A column of a table."""

    table: str = Field(description="The name of the table.")
    column: str = Field(description="The name of the column.")


class TableColumn(Shape):
    """One column of a table: what it holds, and in which form."""

    name: str = Field(description="Its name, as in the first line of the table.")
    type: ColumnType = Field(description="The type of its values; in a list, of each item.")
    separators: str = Field(
        description="What joins the items of a list: a bar, followed by a comma where each item is "
        "a list too; empty if it holds no list."
    )
    plain: bool = Field(
        description="Whether no value has a separator in it, so that lists can be split as they "
        "are; in others, a backslash precedes a bar and a backslash."
    )
    description: str = Field(description="What it means.")
    unit: str | None = Field(
        description="The unit of a number; in backquotes, the column that names it."
    )
    minimum: float | None = Field(description="The smallest value that a number can have.")
    maximum: float | None = Field(description="The largest value that a number can have.")
    words: list[str] = Field(
        description="All words that it can hold, if they are controlled; `/v1/vocabulary` defines "
        "them."
    )
    required: bool = Field(description="Whether every row has a value.")
    refers_to: ColumnRef | None = Field(description="The key of the table that its values name.")


def _columns(shape: type[BaseModel]) -> list[TableColumn]:
    """The columns of a shape, in the order of the table."""
    return [_described(one) for one in csv.columns(shape)]


@cache
def all_columns() -> dict[str, list[TableColumn]]:
    """The columns of every table, by its name."""
    return {one.plural: _columns(one.read) for one in ALL}


def _described(column: Column) -> TableColumn:
    info = column.places[-1].info
    typed = column.path[-1] == TYPED
    values: list[Schema] = [{"type": "string"}] if typed else list(_values(_schema(column)))
    names = next(marks(info, Names), None)
    depth = sum(get_origin(place.info.annotation) is list for place in column.places)
    sentences = [field_sentence(*place) for place in column.places] + (
        [TYPED_LINK] if typed else []
    )
    return TableColumn(
        name=column.name,
        type=_type(values[0]),
        separators=SEPARATORS[:depth],
        plain=typed or any(marks(info, Plain)) or values[0]["type"] != "string",
        description=" ".join(filter(None, sentences)),
        unit=next((mark.unit for mark in marks(info, InUnit)), None),
        minimum=values[0].get("minimum"),
        maximum=_largest(values[0]),
        words=[word for one in values for word in _words(one)],
        required=not depth and not any(map(_may_be_null, column.places)),
        refers_to=_target(names) if names and not typed and column.name != KEY else None,
    )


def _schema(column: Column) -> Schema:
    info = column.places[-1].info
    kind: Any = Annotated[info.annotation, info]
    return TypeAdapter(kind).json_schema(mode="serialization")


def _values(schema: Schema) -> Iterator[Schema]:
    """The schemas of the values of a field, whether or not it holds a list."""
    for one in schema.get("anyOf", [schema]):
        if one["type"] == "array":
            yield from _values(one["items"])
        elif one["type"] != "null":
            yield one


def _type(schema: Schema) -> ColumnType:
    found: ColumnType = "datetime" if schema.get("format") == "date-time" else schema["type"]
    return found


def _largest(schema: Schema) -> float | None:
    found: float | None = schema.get("maximum")
    return None if found == MAX_WHOLE else found


def _words(schema: Schema) -> list[str]:
    return schema.get("enum") or ([schema["const"]] if "const" in schema else [])


def _may_be_null(place: FieldAt) -> bool:
    return type(None) in get_args(place.info.annotation)


def _target(names: Names) -> ColumnRef:
    (plural,) = [one.plural for one in ALL if one.name == names.table]
    return ColumnRef(table=plural, column=names.column)
