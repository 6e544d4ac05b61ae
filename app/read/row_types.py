"""The types of rows that can be changed, as queries for their changes name them."""

from typing import Annotated

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from app.resources import ALL


class Among:
    """Marks a text that must be one of some words, which OpenAPI shows as an enum."""

    def __init__(self, *words: str) -> None:
        self._words = list(words)

    def __get_pydantic_core_schema__(
        self, source: type[str], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Allow only these words."""
        return core_schema.literal_schema(self._words)


TypeChanged = Annotated[str, Among(*(one.plural for one in ALL if one.write))]
