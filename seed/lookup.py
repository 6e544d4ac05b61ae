"""Look up references: how they differ from the registers, and what they still lack.

Nothing is overwritten: only empty fields are filled, and only on request.
"""

import re
import unicodedata
from codecs import BOM_UTF8
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from string import ascii_lowercase

import yaml

from app.citations.document import page_range
from app.schema.identifiers import canonical
from app.write.record import Record, file_of
from seed.content import LOADER, WINDOWS, Content, read
from seed.polite import LookupFailed
from seed.registers import FORMS, EuropePmc, FoundAuthor, FoundDocument, Ncbi, same_text

REFERENCES = "references"
IDENTIFIERS = ("doi", "pmid", "pmcid")
FILLED = ("container_title", "year", "volume", "issue", "page", *IDENTIFIERS)
MANY = 2
"""More authors than this become `et al.` in a short citation."""


@dataclass(frozen=True)
class Registers:
    """Both registers: the first takes precedence, the second adds what it lacks."""

    europe_pmc: EuropePmc
    ncbi: Ncbi

    def known(self, kind: str, value: str) -> FoundDocument | None:
        """What the registers say about the document with this identifier."""
        first = self.europe_pmc.known(kind, value)
        if first and first.pmid:
            kind, value = "pmid", first.pmid
        second = self.ncbi.known(kind, value)
        return first.filled(second) if first and second else first or second

    def titled(self, title: str, year: int | None) -> FoundDocument | None:
        """The only document with this title and year; None if there is none or more than one."""
        words = re.sub(r"[^\w ]+", " ", title)
        found = [
            one
            for one in self.europe_pmc.papers(f'TITLE:"{words}"')
            if same_text(one.title, title) and (year is None or one.year == year)
        ]
        return found[0] if len(found) == 1 else None


def identifier_kind(identifier: str) -> tuple[str, str]:
    """The kind and value of an identifier in any usual spelling."""
    kind, colon, value = canonical(identifier).partition(":")
    if not colon:
        value = kind
        kind = "pmid" if value.isdecimal() else "pmcid" if value.startswith("pmc") else "doi"
    if kind == "pmcid":
        value = f"PMC{value.removeprefix('pmc')}"
    if kind not in FORMS or not FORMS[kind].fullmatch(value):
        raise LookupFailed(f"{identifier} is no DOI, PubMed or PMC number")
    return kind, value


@dataclass
class Curation:
    """The references of a folder, and the registers to compare them with."""

    folder: Path
    content: Content
    registers: Registers
    write: bool

    @property
    def _place(self) -> Path:
        return self.folder / file_of(REFERENCES)

    def look_up(self, identifier: str) -> Iterator[str]:
        """Report what is known about a document, line by line."""
        kind, value = identifier_kind(identifier)
        found = self.registers.known(kind, value)
        if found is None:
            yield f"{identifier}: no register knows it"
            return
        stored = self._stored(found, kind, value)
        if stored:
            yield from self._compared(stored, found)
            return
        entry = new_entry(found, [one.id for one in self.content.rows[REFERENCES]])
        yield f"{identifier}: not among the references; as an entry:"
        yield entry
        if self.write:
            self._save(self._with_entry(entry))
            yield f"{file_of(REFERENCES)}: entry added; run `python -m app seed --check`"

    def look_up_missing(self) -> Iterator[Iterator[str]]:
        """Report what is known about each reference without identifiers, found by its title."""
        for record in self.content.rows[REFERENCES]:
            if not any(record.text(name) for name in IDENTIFIERS):
                yield self._by_title(record)

    def _by_title(self, record: Record) -> Iterator[str]:
        year = record.number("year")
        try:
            found = self.registers.titled(record.text("title"), int(year) if year else None)
        except LookupFailed as reason:
            raise LookupFailed(f"{record.id}: {reason}") from reason
        if found:
            yield from self._compared(record, found)
        else:
            yield f"{record.id}: the registers have no single document of this title and year"

    def _stored(self, found: FoundDocument, kind: str, value: str) -> Record | None:
        """The stored reference that has one of the identifiers, if there is one."""
        ids = {name: getattr(found, name) for name in IDENTIFIERS} | {kind: value}
        for record in self.content.rows[REFERENCES]:
            if any(one and same_text(record.text(name), one) for name, one in ids.items()):
                return record
        return None

    def _compared(self, record: Record, found: FoundDocument) -> Iterator[str]:
        differing = list(reference_differences(record, found))
        yield f"{record.id}: {'differs' if differing else 'as the registers have it'}"
        yield from differing
        empty = {
            name: value
            for name in FILLED
            if (value := getattr(found, name)) and record.values.get(_key(name), "") is None
        }
        if self.write and empty:
            self._save(with_fields(self._text(), record.id, empty))
            yield f"  filled: {', '.join(_key(name) for name in empty)}"

    def _text(self) -> str:
        """The text of the file, with plain line ends; `_save` restores those of the file."""
        return self._place.read_text("utf-8-sig")

    def _with_entry(self, entry: str) -> str:
        """The text of the file with an entry at its end."""
        text = self._text().rstrip("\n") + f"\n{entry}\n"
        if _number_of_rows(text) != len(self.content.rows[REFERENCES]) + 1:
            raise LookupFailed(f"{self._place.name}: has a form to which no entry can be added")
        return text

    def _save(self, text: str) -> None:
        before = self._place.read_bytes()
        encoding = "utf-8-sig" if before.startswith(BOM_UTF8) else "utf-8"
        ends = WINDOWS if WINDOWS.encode() in before else "\n"
        beside = self._place.with_suffix(".new")
        beside.write_text(text, encoding, newline=ends)
        beside.replace(self._place)
        self.content = read(self.folder)


def reference_differences(record: Record, found: FoundDocument) -> Iterator[str]:
    """The fields in which a reference differs from the registers, one line each."""
    for name in ("title", *FILLED):
        ours, theirs = record.values.get(_key(name)), getattr(found, name)
        if theirs is not None and not _alike(name, ours, theirs):
            yield f"  {_key(name)}: stored {_shown(ours)}, registers {_shown(theirs)}"
    ours = [
        _name(FoundAuthor(one.text("family"), one.text("given"), one.text("literal")))
        for one in record.records("authors")
    ]
    theirs = [_name(one) for one in found.authors]
    compared = theirs if record.values.get("authors_complete") else theirs[: len(ours)]
    if theirs and not same_text(" ".join(ours), " ".join(compared)):
        yield f"  authors: stored {', '.join(ours)}; registers {', '.join(theirs)}"


def _alike(name: str, ours: object, theirs: object) -> bool:
    if ours is None:
        return False
    if name == "page":
        return page_range(str(ours)) == page_range(str(theirs))
    return same_text(str(ours), str(theirs))


def new_entry(found: FoundDocument, taken: Collection[str]) -> str:
    """A document as an entry for the file, to be completed by a curator."""
    first = found.authors[0] if found.authors else FoundAuthor(literal=found.title or "untitled")
    label = first.family or first.literal
    start = f"{_slug(label)}-{found.year or 'undated'}"
    further = chain(ascii_lowercase[1:], map(str, count(2)))
    ids = chain([start], (f"{start}-{suffix}" for suffix in further))
    names = [one.family or one.literal for one in found.authors]
    shown = f"{label} et al." if len(names) > MANY else " and ".join(names) or label
    place = f", {found.container_title}" if found.container_title else ""
    values: dict[str, object] = {
        "id": next(one for one in ids if one not in taken),
        "type": "article-journal",
        "citation": f"{shown} {found.year or ''}".rstrip() + place,
        "title": found.title or label,
        "title_certain": bool(found.title),
        "authors": [_author(one) for one in found.authors],
        "authors_complete": found.authors_complete,
        **{_key(name): getattr(found, name) for name in FILLED},
        "nct": None,
        "url": None,
        "source_kind": "paper",
        "verified": "title only",
        "role": None,
        "listed_as": None,
    }
    text: str = yaml.safe_dump([values], sort_keys=False, allow_unicode=True, width=120)
    return text.rstrip("\n")


def with_fields(text: str, row_id: str, values: Mapping[str, object]) -> str:
    """The text of the file with these values in fields of a row that were null."""
    document: yaml.Node = yaml.compose(text, LOADER)  # type: ignore[assignment]  # read before
    rows = ({key.value: one for key, one in row.value} for row in document.value)
    fields = next(row for row in rows if row["id"].value == row_id)
    places = {name: (one.start_mark.index, one.end_mark.index) for name, one in fields.items()}
    # From the last to the first, so that no replacement moves a place that is still to come.
    for name in sorted(values, key=lambda name: places[_key(name)], reverse=True):
        start, end = places[_key(name)]
        space = "" if text[start - 1].isspace() else " "
        text = text[:start] + space + _inline(values[name]) + text[end:]
    return text


def _number_of_rows(text: str) -> int:
    """The number of rows in a text; 0 if it is no YAML."""
    try:
        return len(yaml.load(text, LOADER))  # noqa: S506 - a safe one
    except yaml.YAMLError:
        return 0


def _inline(value: object) -> str:
    """A plain value in YAML, as it may stand in any style."""
    listed: str = yaml.safe_dump(
        [value], default_flow_style=True, allow_unicode=True, width=float("inf")
    )
    return listed.strip()[1:-1]


def _key(name: str) -> str:
    return "container-title" if name == "container_title" else name


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(value)


def _name(one: FoundAuthor) -> str:
    return one.literal or f"{one.family} {one.given}".strip()


def _author(one: FoundAuthor) -> dict[str, str]:
    return {"literal": one.literal} if one.literal else {"family": one.family, "given": one.given}


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rstrip("-") or "untitled"
