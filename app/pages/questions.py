"""Questions that people ask, each with the lists of the API that answer it."""

from collections import Counter
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from app.schema.vocabulary import YAML
from app.spelling import STOP, word_groups

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


class AnsweredQuestion(BaseModel):
    """A question with its answer."""

    model_config = ConfigDict(extra="forbid")

    slug: str
    question: str
    answer: str
    shows: list[AnswerPart]


LIKE = 6
"""Two words with this many letters in common at their beginning count as forms of one word."""
COMMON = 6
"""A word in this many questions is too common to tell them apart."""
SHARED, MOST = 2, 3


def _stems(text: str) -> frozenset[str]:
    """The beginnings of the words of a text, without stop words."""
    words = {word for group in word_groups(text) for word in group}
    return frozenset(word[:LIKE] for word in words - STOP)


@cache
def _telling() -> dict[str, list[str]]:
    """The words that tell questions apart, by their beginnings, each with its questions.

    The words of the answers count too.
    """
    found: dict[str, list[str]] = {}
    for one in all_questions().values():
        for stem in _stems(f"{one.question} {one.answer}"):
            found.setdefault(stem, []).append(one.slug)
    return {stem: slugs for stem, slugs in found.items() if len(slugs) < COMMON}


def questions_like(text: str) -> list[AnsweredQuestion]:
    """The questions that share the most telling words with a text: two at least, or its only one.

    The fewer questions have a word, the more it counts.
    """
    sought = {stem: _telling()[stem] for stem in sorted(_stems(text)) if stem in _telling()}
    shared = Counter(slug for slugs in sought.values() for slug in slugs)
    least = min(len(sought), SHARED)
    weights = {
        slug: sum(1 / len(slugs) for slugs in sought.values() if slug in slugs)
        for slug, count in shared.items()
        if count >= least
    }
    best = sorted(weights, key=lambda slug: (-weights[slug], slug))
    return [all_questions()[slug] for slug in best[:MOST]]


@cache
def all_questions() -> dict[str, AnsweredQuestion]:
    """The questions by slug, in the order of docs/QUESTIONS.md."""
    text = (Path(__file__).parent / "questions.yaml").read_text("utf-8")
    listed = yaml.load(text, YAML)  # noqa: S506 - a safe one
    return {one["slug"]: AnsweredQuestion.model_validate(one) for one in listed}
