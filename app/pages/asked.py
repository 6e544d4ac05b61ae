"""Questions that people ask, each with the lists of the API that answer it."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

Values = str | list[str]


class AnswerPart(BaseModel):
    """One address of the API: a list, filtered or not, one row, or the evidence of one row."""

    model_config = ConfigDict(extra="forbid")

    list: str
    id: str | None = None
    of: str | None = None
    query: dict[str, Values] = {}

    @property
    def path(self) -> str:
        """Its path in the API."""
        return "/".join(["/v1", *filter(None, (self.list, self.id, self.of))])

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Its query parameters as names and values."""
        return tuple(
            (name, value)
            for name, values in self.query.items()
            for value in ([values] if isinstance(values, str) else values)
        )


class Asked(BaseModel):
    """A question with its answer."""

    model_config = ConfigDict(extra="forbid")

    slug: str
    question: str
    answer: str
    shows: list[AnswerPart]


@cache
def all_questions() -> dict[str, Asked]:
    """The questions by slug, in the order of docs/QUESTIONS.md."""
    text = (Path(__file__).parent / "questions.yaml").read_text("utf-8")
    return {one["slug"]: Asked.model_validate(one) for one in yaml.safe_load(text)}
