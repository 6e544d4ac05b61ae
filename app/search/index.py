"""Turn rows of the content into entries of the search index, without a database."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import chain
from typing import Any

from sqlmodel import SQLModel

from app.read.joins import between
from app.resources import ALL
from app.schema.identifiers import spellings
from app.schema.markers import InColumn, Many, marks
from app.schema.resource import Resource
from app.schema.values import Form
from app.schema.vocabulary import vocabulary
from app.schema.words import PREFIX
from app.spelling import STOP, parts_of, pieces_of, word_groups

Values = Mapping[str, Any]
Tables = Mapping[str, Mapping[tuple[Any, ...], Values]]
"""The rows of each table, by primary key."""
Names = dict[str, tuple[str, str]]
"""The names of a row, each with its field and its words."""
Texts = list[tuple[str, int]]
"""Texts, each with its weight."""

# Among rows of equal rank, those of an earlier type come first; types not listed come last.
FIRST = (
    "mechanism",
    "subtype",
    "partner",
    "entity",
    "trial",
    "conflict",
    "reference",
    "evidence",
    "edge",
)
PLAIN = ("name", "question", "citation", "statement", "label")
XREFS = "xrefs"
BITS = 57
"""The number of low bits of a document number; the bits above them are its type."""

IN_NAME, IN_TEXT = 80, 24
BESIDE_NAME = 0.3
"""The factor for the texts of a row if a word is also in one of its names."""
KEPT_TEXTS = 1_000
"""Most texts whose words are cached: many rows share texts, such as definitions."""
KEPT_PIECES = 20_000
OF_TYPE = 6
OF_ID = 2
# BM25: how soon repetition stops counting, how much length counts, and the usual length.
SATURATION, LENGTH, USUAL = 1.2, 0.75, 60


@dataclass(frozen=True)
class Document:
    """A row as it is entered in the index."""

    number: int
    type: str
    id: str
    label: str
    names: Names
    words: Mapping[str, int]
    """Each word with its impact."""


@cache
def types() -> tuple[Resource, ...]:
    """The types that can be searched, in the order of their numbers."""
    found = [one for one in ALL if one.searched]
    place = {name: at for at, name in enumerate(FIRST)}
    return tuple(sorted(found, key=lambda one: place.get(one.name, len(place))))


@cache
def type_numbers() -> Mapping[str, int]:
    """The number of each type."""
    return {one.name: at for at, one in enumerate(types())}


def document_number(of: str, row_id: str) -> int:
    """The number of a document: its type, then a digest of its id."""
    digest = blake2b(row_id.encode(), digest_size=8).digest()
    return type_numbers()[of] << BITS | int.from_bytes(digest) >> 64 - BITS


def type_of(document: int) -> Resource:
    """The type of the row that a document stands for."""
    return types()[document >> BITS]


class Documents:
    """Makes documents from rows of the content."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._lists: dict[str, dict[str, list[str]]] = {}

    def of(self, resource: Resource, ids: Collection[str]) -> Iterator[Document]:
        """The documents of these rows; computed conflicts are not searched."""
        for row_id in sorted(ids):
            row = self._tables[resource.name].get((row_id,))
            if row is not None and not row.get("computed"):
                yield self._document(resource, row)

    def _document(self, resource: Resource, row: Values) -> Document:
        label = " ".join(_readable(name, row[name]) for name in resource.label if row[name])
        names = list(self._names(resource, row))
        worded = _worded_fields(resource)
        if not resource.searched.keys() & set(resource.label):
            names.append((resource.label[0], label))
        texts = [
            (text, weight)
            for path, weight in resource.searched.items()
            for text in self._texts(resource, row, path)
        ]
        texts.append((row["id"].replace("-", " "), OF_ID))
        return Document(
            document_number(resource.name, row["id"]),
            resource.name,
            row["id"],
            label,
            _names([("id", row["id"]), *names], worded),
            _impacts([name for field, name in names if field in worded], texts, resource.name),
        )

    def _names(self, resource: Resource, row: Values) -> Iterator[tuple[str, str]]:
        for field, path in name_paths(resource).items():
            start = _prefix(resource, field)
            for name in self._texts(resource, row, path):
                yield field, start + name

    def _texts(self, resource: Resource, row: Values, path: str) -> list[str]:
        """The texts at the end of a path; for controlled words, their definitions."""
        table, column = _place_of(path)
        meaning = _definitions(table or resource.name, column)
        if not table:
            text = row[column]
            return [meaning.get(text, text)] if text else []
        found = self._listed(resource, path).get(row["id"], [])
        texts = dict.fromkeys(text for text in found if text)
        return [meaning.get(text, text) for text in texts]

    def _listed(self, resource: Resource, path: str) -> Mapping[str, list[str]]:
        """The texts in a table that belongs to a type, by the id of their owner."""
        if path not in self._lists:
            name, _, column = path.partition(".")
            own = SQLModel.metadata.tables
            (owner,) = between(own[resource.name], own[name]).column_keys
            found = self._lists[path] = {}
            for _, row in sorted(self._tables[name].items(), key=_place):
                found.setdefault(row[owner], []).append(row[column])
        return self._lists[path]


@cache
def _place_of(path: str) -> tuple[str, str]:
    """The table and column at the end of a path; no table if it is the row's own."""
    table, _, column = path.rpartition(".")
    return table, column


@cache
def name_paths(resource: Resource) -> Mapping[str, str]:
    """The fields whose texts are names of a row, each with the path to them."""
    fields = resource.write.model_fields if resource.write else {}
    return {name: _path(name, fields[name].metadata) for name in resource.found_by}


def _prefix(resource: Resource, field: str) -> str:
    """The prefix that turns the texts of a field into identifiers; empty if it has none."""
    fields = resource.write.model_fields if resource.write else {}
    form = next(marks(fields[field], Form), None)
    return f"{form.prefix}:" if form and form.prefix else ""


def _path(name: str, found: list[Any]) -> str:
    paths = (
        mark.path if isinstance(mark, Many) else mark.column
        for mark in found
        if isinstance(mark, Many | InColumn)
    )
    return next(paths, name)


@cache
def _worded_fields(resource: Resource) -> frozenset[str]:
    """The fields whose names consist of words; others hold identifiers, found only whole."""
    fields = resource.write.model_fields if resource.write else {}
    codes = {name for name, info in fields.items() if any(marks(info, Form)) or name == XREFS}
    return frozenset((*fields, *resource.label)) - codes


def _place(item: tuple[tuple[Any, ...], Values]) -> tuple[int, tuple[Any, ...]]:
    found, row = item
    return row.get("position", 0), found


@cache
def _definitions(table: str, column: str) -> Mapping[str, str]:
    """The definitions of the words in a coded column; empty for any other column."""
    named = (
        one.column.table.name for one in SQLModel.metadata.tables[table].c[column].foreign_keys
    )
    listed = [vocabulary()[name.removeprefix(PREFIX)] for name in named if name.startswith(PREFIX)]
    return {word["id"]: word["definition"] for words in listed for word in words}


def _readable(column: str, text: str) -> str:
    """A part of a label, with ids and controlled words split into words."""
    return text if column in PLAIN else text.replace("-", " ").replace("_", " ")


def _names(given: list[tuple[str, str]], worded: frozenset[str]) -> Names:
    """Each name once, with the first field that has it; identifiers also without prefix."""
    found: Names = {}
    for field, name in given:
        words = " ".join(map("".join, word_groups(name))) if field in worded else ""
        for form in spellings(name):
            found.setdefault(form, (field, words))
    return found


def _impacts(names: list[str], texts: Texts, of: str) -> Mapping[str, int]:
    """The impact of each word: high in names, and lower the longer the name or text."""
    named: dict[str, float] = {}
    for name in names:
        listed = word_groups(name)
        number = sum(map(len, listed))
        for joined, parts in _telling(listed):
            _raise(named, joined, IN_NAME * (0.5 + 0.5 / len(listed)))
            for part in parts if len(parts) > 1 else ():
                _raise(named, part, IN_NAME * (0.5 + 0.5 / number))
    found = _text_impacts(texts)
    for word, impact in named.items():
        found[word] = impact + BESIDE_NAME * found.get(word, 0)
    found[of] = found.get(of, 0) + OF_TYPE
    rounded = {impact: max(1, round(impact)) for impact in {*found.values()}}
    return {word: rounded[impact] for word, impact in found.items()}


def _raise(found: dict[str, float], word: str, impact: float) -> None:
    found[word] = max(found.get(word, 0), impact)


def _telling(found: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The pieces of a text that are not stop words, each joined and as its parts."""
    joined = (("".join(parts), parts) for parts in found)
    return (one for one in joined if one[0] not in STOP)


@lru_cache(KEPT_PIECES)
def _words_in(piece: str) -> tuple[str, ...]:
    """The words for which a piece of a text is found; none if it is a stop word."""
    parts = parts_of(piece)
    joined = "".join(parts)
    return tuple({joined, *parts}) if joined and joined not in STOP else ()


@lru_cache(KEPT_TEXTS)
def _words_of(text: str) -> tuple[int, tuple[str, ...]]:
    """How many pieces of a text are not stop words, and all the words in them."""
    found = [words for piece in pieces_of(text) if (words := _words_in(piece))]
    return len(found), tuple(chain.from_iterable(found))


def _text_impacts(texts: Texts) -> dict[str, float]:
    """The impact of each word in these weighted texts (BM25)."""
    counted: dict[str, int] = {}
    length = 0
    for text, weight in texts:
        number, words = _words_of(text)
        length += number
        for word in words:
            counted[word] = counted.get(word, 0) + weight
    norm = SATURATION * (1 - LENGTH + LENGTH * length / USUAL)
    # Worked out once for each of the few numbers.
    impacts = {of: IN_TEXT * (of * (SATURATION + 1) / (of + norm)) for of in {*counted.values()}}
    return {word: impacts[of] for word, of in counted.items()}
