"""SQL constructs that each database spells differently."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Text, TypeDecorator
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class json_value(FunctionElement[str]):  # noqa: N801 - named like the SQL function that it stands for
    """The JSON text of one column's value, the same bytes on every database.

    Null is `null`, text is escaped no more than JSON requires, whole numbers have no fraction, and
    times are UTC with six decimals and a `Z`.
    """

    type = Text()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        super().__init__(column)

    def column(self) -> tuple[ColumnElement[Any], TypeEngine[Any]]:
        """The column and the plain type behind it."""
        (column,) = self.clauses
        kind = column.type
        return column, kind.impl_instance if isinstance(kind, TypeDecorator) else kind


class joined(FunctionElement[str]):  # noqa: N801 - as above
    """The concatenation of constant texts and values, none of which may be null."""

    type = Text()
    inherit_cache = False

    def __init__(self, parts: Iterable[str | ColumnElement[Any]]) -> None:
        self.texts = [""]
        """The text before the first value, between the values and after the last."""
        values: list[ColumnElement[Any]] = []
        for part in parts:
            if isinstance(part, str):
                self.texts[-1] += part
            else:
                values.append(part)
                self.texts.append("")
        super().__init__(*values)
