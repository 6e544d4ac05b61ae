"""Joins between tables, derived from the foreign keys so that none is written by hand."""

from dataclasses import dataclass

from sqlalchemy import (
    Alias,
    ColumnElement,
    ForeignKeyConstraint,
    FromClause,
    Table,
    and_,
)
from sqlalchemy.sql.selectable import NamedFromClause
from sqlmodel import SQLModel


@dataclass(frozen=True)
class Join:
    """A table on a path, and the condition that joins it to the one before."""

    table: NamedFromClause
    on: ColumnElement[bool]


def table(name: str) -> NamedFromClause:
    """A table under a fresh alias, so that a statement can use it more than once."""
    return SQLModel.metadata.tables[name].alias()


def is_table(name: str) -> bool:
    """Whether the last name of a path is a table, not a column of the table before."""
    return name in SQLModel.metadata.tables


def follow(row: FromClause, names: list[str]) -> list[Join]:
    """The joins along a path that starts at a row."""
    steps: list[Join] = []
    came_by: ForeignKeyConstraint | None = None
    for name in names:
        left = steps[-1].table if steps else row
        right = table(name)
        came_by = between(table_of(left), table_of(right), came_by)
        steps.append(Join(right, _matches(came_by, left, right)))
    return steps


def referred(row: FromClause, key: str) -> Join:
    """The row that a foreign key of this row names."""
    (foreign,) = table_of(row).c[key].foreign_keys
    target = table(foreign.column.table.name)
    return Join(target, target.c[foreign.column.name] == row.c[key])


def table_of(source: FromClause) -> Table:
    """The table that a row is taken from."""
    found = source.element if isinstance(source, Alias) else source
    if not isinstance(found, Table):
        raise TypeError("a path starts at a table")
    return found


def between(
    left: Table, right: Table, came_by: ForeignKeyConstraint | None = None
) -> ForeignKeyConstraint:
    """The foreign key that connects two tables, in either direction.

    Of several, it is the one whose column is named after the table it refers to, such as the
    owner of a link; the key by which the path arrived is not followed back.
    """
    keys = [
        *(key for key in right.foreign_key_constraints if key.referred_table is left),
        *(key for key in left.foreign_key_constraints if key.referred_table is right),
    ]
    others = [key for key in keys if key is not came_by]
    owned = [key for key in others if key.column_keys[0] == f"{key.referred_table.name}_id"]
    (found, *_) = owned or others
    return found


def _matches(key: ForeignKeyConstraint, left: FromClause, right: FromClause) -> ColumnElement[bool]:
    child, parent = (right, left) if key.table is table_of(right) else (left, right)
    return and_(
        *(child.c[element.parent.name] == parent.c[element.column.name] for element in key.elements)
    )
