"""Write the content of the database back as the files of `seed/data`, including changes by key.

A row that its file already gives correctly keeps its place and text there, comments included. Only
rows that differ are rewritten, and new rows go to the end of their file, so that a diff of the
files shows what was changed, and nothing else.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Connection

from app.schema.columns import Key
from app.write.record import file_of
from app.write.rows import KINDS, SHAPES, gathered_entries
from app.write.stored import stored
from seed import DATA, Faulty
from seed.check import all_faults
from seed.content import COVERAGE, LOADER, RELEASES, TYPES, VOCABULARY, WINDOWS, read

WIDTH = 118
FEW, SHORT = 4, 100
"""Most fields and characters of a mapping that is written on one line within a list."""
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class WrittenBack:
    """The content of the database: the text of each file, and the rows of each type."""

    texts: dict[str, str]
    rows: dict[str, list[Entry]]


def written_back(connection: Connection, folder: Path) -> WrittenBack:
    """The content as files; those that the folder lacks are based on the files of the release."""
    texts = {file_of(name): _base(folder, name) for name in (VOCABULARY, COVERAGE, RELEASES)}
    found = WrittenBack(texts, {})
    for kind in TYPES:
        name = KINDS[kind]
        rows = {one["id"]: one for one in gathered_entries(name, stored(connection, {name: None}))}
        base = _base(folder, kind)
        text = _text(kind, base.replace(WINDOWS, "\n"), rows)
        texts[file_of(kind)] = text.replace("\n", WINDOWS) if WINDOWS in base else text
        found.rows[kind] = [*rows.values()]
    return found


def faults_if_loaded(folder: Path, rows: Mapping[str, list[Entry]]) -> list[str]:
    """Why a load would refuse the files of a folder, if it would; these are the rows in them."""
    found = all_faults(read(folder, rows))
    if not found:
        return []
    faulty = Faulty([str(fault) for fault in found])
    return [*faulty.lines(), f"all files are written, but `seed` would not load them: {faulty}"]


def _base(folder: Path, name: str) -> str:
    """The text of the file in the folder or, if missing, of the release."""
    file = folder / file_of(name)
    return (file if file.exists() else DATA / file_of(name)).read_bytes().decode("utf-8")


def _text(kind: str, base: str, rows: Mapping[str, Entry]) -> str:
    """The text of a file with these rows, keeping the existing text of unchanged rows if possible.

    If rows are indented or share a line, all of them are rewritten.
    """
    shape = SHAPES[KINDS[kind]]
    if _says(shape, base, rows.values()):
        return base
    starts = _starts(kind, base)
    mended = _joined(_texts(kind, base, starts, rows))
    if _says(shape, mended, rows.values()):
        return mended
    ids = [row_id for _, row_id in starts if row_id in rows]
    order = dict.fromkeys([*ids, *sorted(rows)])
    anew = _joined([_head(base), *(_written(kind, rows[row_id]) for row_id in order)])
    _starts(kind, anew)
    return anew


def _joined(texts: Iterable[str]) -> str:
    """Join texts so that each starts on a new line."""
    found = [text for text in texts if text]
    begun = [text if text.endswith("\n") else f"{text}\n" for text in found[:-1]]
    return "".join([*begun, *found[-1:]])


def _head(base: str) -> str:
    """The text above the list in a file."""
    node = yaml.compose(base, LOADER)
    return "".join(base.splitlines(keepends=True)[: node.start_mark.line if node else None])


def _texts(
    kind: str, base: str, starts: Sequence[tuple[int, str]], rows: Mapping[str, Entry]
) -> Iterator[str]:
    """The head of a file, then each row: its existing text if unchanged, otherwise rewritten."""
    shape = SHAPES[KINDS[kind]]
    lines = base.splitlines(keepends=True)
    yield "".join(lines[: starts[0][0] if starts else None])
    seen = set()
    for (start, row_id), (end, _) in pairwise([*starts, (None, "")]):
        text = "".join(lines[start:end])
        if row_id in rows and row_id not in seen:
            seen.add(row_id)
            yield text if _says(shape, text, [rows[row_id]]) else _written(kind, rows[row_id])
    for row_id in sorted(rows.keys() - seen):
        yield _written(kind, rows[row_id])


def _starts(kind: str, base: str) -> list[tuple[int, str]]:
    """The lines on which the rows of a file start, each with the id."""
    try:
        node = yaml.compose(base, LOADER)
        return [(one.start_mark.line, _id_of(one)) for one in node.value] if node else []
    except (yaml.YAMLError, AttributeError, ValueError) as error:
        reason = "is no list of rows with ids in YAML; correct it, or move it away"
        raise Faulty([f"{file_of(kind)}: {reason}"]) from error


def _id_of(node: yaml.Node) -> str:
    """The id of a row; raises ValueError or AttributeError if it has none."""
    (found,) = (value.value for key, value in node.value if key.value == "id")
    return str(found)


def _says(shape: type[Key], text: str, rows: Collection[Entry]) -> bool:
    """Whether a text contains exactly these rows, in any order."""
    try:
        given = [shape.model_validate(one) for one in yaml.load(text, LOADER) or ()]  # noqa: S506 - a safe one
    except (yaml.YAMLError, TypeError, ValueError):
        return False
    meant = [shape.model_validate(row) for row in rows]
    return sorted(given, key=_by_id) == sorted(meant, key=_by_id)


def _by_id(record: Key) -> str:
    return record.id


def _written(kind: str, row: Entry) -> str:
    text: str = yaml.dump(
        [_ordered(row, _order_of(kind), ())],
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=WIDTH,
    )
    return text


Place = tuple[str, ...]
Orders = Mapping[Place, Mapping[str, int]]
"""The position of each field in its mapping, by the path of fields that leads there."""


@cache
def _order_of(kind: str) -> Orders:
    """The order of fields in the files of the release."""
    found: dict[Place, dict[str, int]] = {}

    def look(value: Any, place: Place) -> None:
        for one in value if isinstance(value, list) else [value]:
            for key, inner in one.items() if isinstance(one, dict) else ():
                found.setdefault(place, {}).setdefault(key, len(found[place]))
                look(inner, (*place, key))

    look(yaml.load((DATA / file_of(kind)).read_text("utf-8"), LOADER), ())  # noqa: S506 - a safe one
    return found


def _ordered(value: Any, orders: Orders, place: Place) -> Any:
    """A value with its fields in order, and whole numbers without a decimal point."""
    if isinstance(value, list):
        return [_ordered(one, orders, place) for one in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, dict):
        return value
    order = orders.get(place, {})
    keys = sorted(value, key=lambda key: order.get(key, len(order)))
    return {key: _ordered(value[key], orders, (*place, key)) for key in keys}


class _Dumper(yaml.SafeDumper):
    """Writes lists indented, and simple lists and short mappings on one line."""

    def increase_indent(self, *, flow: bool = False, **_: bool) -> None:  # type: ignore[override]  # as PyYAML calls it
        """Indent the items of lists as well."""
        super().increase_indent(flow, indentless=not self.indents)

    def represent_sequence(self, tag: str, sequence: Any, **_: bool) -> Any:  # type: ignore[override]  # as PyYAML calls it
        """A list; on one line if its items are plain values."""
        plain = not any(isinstance(one, dict | list) for one in sequence)
        return super().represent_sequence(tag, sequence, flow_style=plain)

    def represent_mapping(self, tag: str, mapping: Any, **_: bool) -> Any:  # type: ignore[override]  # as PyYAML calls it
        """A mapping; on one line if it is short and its values are plain."""
        plain = not any(isinstance(one, dict | list) for one in mapping.values())
        short = len(mapping) <= FEW and len(str(mapping)) <= SHORT
        return super().represent_mapping(tag, mapping, flow_style=plain and short)
