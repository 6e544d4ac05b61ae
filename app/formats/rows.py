"""The rows of a list as a file: CSV or NDJSON, whole or with some columns only."""

import json
from collections.abc import Iterable, Iterator, Sequence

from pydantic import BaseModel

from app.errors import Fault, Invalid
from app.formats import csv
from app.formats.csv import Column
from app.lookalikes import alike

FORMS = ("csv", "ndjson")
MAX_FAULTS = 20
# Characters that some readers take for the end of a line, although JSON does not.
BREAKS = {code: f"\\u{code:04x}" for code in (0x85, 0x2028, 0x2029)}


def chosen_columns(shape: type[BaseModel], given: Sequence[str]) -> list[Column]:
    """The columns of a shape with these names, each once, in this order.

    A text may hold several names, joined by commas.
    """
    known = {column.name: column for column in csv.columns(shape)} if given else {}
    names = dict.fromkeys(name.strip() for text in given for name in text.split(","))
    wrong = [name for name in names if name not in known]
    if wrong:
        raise refused(*(_unknown(name, list(known)) for name in wrong[:MAX_FAULTS]))
    return [known[name] for name in names]


def refused(*faults: Fault) -> Invalid:
    """The refusal of a choice of columns."""
    return Invalid("Correct the parameters listed in `faults`.", faults=faults)


def _unknown(name: str, known: list[str]) -> Fault:
    near = alike(name, known) if name else ()
    hint = "" if near else "; the first line of the CSV names them all"
    return Fault("fields", f"names no column of this list{hint}", near)


def row_lines(
    pages: Iterable[list[str]],
    form: str,
    shape: type[BaseModel],
    columns: Sequence[Column] = (),
    *,
    mark: bool,
) -> Iterator[str]:
    """The text of each page of JSON texts; the header of a table comes before the first.

    If columns are given, rows have only these, in NDJSON as one flat object. `mark` puts a
    byte-order mark in front of a table.
    """
    if form == "csv":
        shown = columns or csv.columns(shape)
        yield (csv.MARK if mark else "") + csv.header(shown)
    for items in pages:
        if form == "csv":
            yield csv.lines(items, shown)
        else:
            texts = (_object(item, columns) for item in items) if columns else items
            yield "".join(f"{one.translate(BREAKS)}\n" for one in texts)


def _object(item: str, columns: Sequence[Column]) -> str:
    row = json.loads(item)
    found = {column.name: csv.value(row, column.path) for column in columns}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))
