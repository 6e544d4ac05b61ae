"""The one SQL construct whose text differs between the databases."""

from typing import Any

from sqlalchemy import ColumnElement, Text, TypeDecorator
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class json_value(FunctionElement[str]):  # noqa: N801 - named like the SQL function that it stands for
    """The JSON text of one column's value, the same bytes on every database; null is `null`.

    Text is escaped as JSON asks for and no further, whole numbers have no fraction, and times
    are UTC with six decimals and a `Z`.
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
