"""Read a bundle (NDJSON) line by line: the row on each line, or what is wrong with it."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import IO, Any, NamedTuple

from app.schema.strict_json import NotJson, read_json
from app.schema.values import MAX_ID, UNSTORABLE
from app.write.converting import converted
from app.write.known import expected
from app.write.record import ContentFault, Sentence, shown
from app.write.rows import RESOURCES, SHAPES, nested_types

BOM = b"\xef\xbb\xbf"
LONGEST = 1_000_000
"""Most bytes in a line, without its end; the longest row of the content has a twentieth of that."""
LONGEST_END = len(BOM + b"\r\n")
DATASET = "dataset"
CONFLICT, COMPUTED = "conflict", "computed"
ENVELOPE = {"type", "row"}

Entry = dict[str, Any]


class LineFault(NamedTuple):
    """What is wrong with a row, and the number of its line; 0 if that is not known."""

    line: int
    fault: ContentFault
    sent: Sequence[str] | None = None
    """The texts of the row that must not be repeated; None if the row was not read."""

    def __str__(self) -> str:
        """Give it as one printable line."""
        return f"line {self.line}: {self.fault}" if self.line else str(self.fault)


class BundleLine(NamedTuple):
    """A row in the written form with the name of its type, or the `dataset` line."""

    number: int
    type: str
    entry: Entry


class UnreadableLine(Exception):
    """A line cannot be read; `wrong` says why."""

    def __init__(self, wrong: Sentence, field: str = "") -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.field = field


def read_lines(file: IO[bytes]) -> Iterator[BundleLine | LineFault]:
    """Each line in turn; derived rows and empty lines are skipped."""
    number = 0
    while text := file.readline(LONGEST + LONGEST_END):
        number += 1
        try:
            found = _read(text.removeprefix(BOM) if number == 1 else text, number)
        except UnreadableLine as reason:
            yield LineFault(number, ContentFault("", "", reason.field, reason.wrong))
            while text and not text.endswith(b"\n"):
                text = file.readline(LONGEST)
            continue
        if found:
            yield found


def _read(text: bytes, number: int) -> BundleLine | None:
    if len(text.removesuffix(b"\n").removesuffix(b"\r")) > LONGEST:
        raise UnreadableLine(f"is longer than {LONGEST:,} bytes")
    if not text.strip():
        return None
    found = _parsed(text)
    if not isinstance(found, dict) or found.keys() != ENVELOPE:
        raise UnreadableLine("is not a mapping of `type` and `row` alone")
    name, row = found["type"], found["row"]
    if not isinstance(row, dict):
        raise UnreadableLine(f"is {shown(row)}, expected a mapping", "row")
    if name == DATASET and number == 1:
        return BundleLine(number, DATASET, row)
    if not isinstance(name, str) or name not in RESOURCES:
        raise UnreadableLine(_unknown(name), "type")
    if name in nested_types() or (name == CONFLICT and row.get(COMPUTED) is True):
        return None
    return BundleLine(number, name, _entry(name, row))


def _unknown(name: object) -> Sentence:
    if name == DATASET:
        return f"is {shown(name)}, which belongs on the first line"
    return partial(expected, str(name), "a type", SHAPES)


def _entry(name: str, row: Entry) -> Entry:
    """A row in the written form, with an id that can be stored."""
    entry = converted(SHAPES[name], RESOURCES[name].read, row)
    row_id = entry.get("id")
    if not isinstance(row_id, str) or not 0 < len(row_id) <= MAX_ID:
        raise UnreadableLine(
            f"is {shown(row_id)}, expected a text of up to {MAX_ID} characters", "id"
        )
    if UNSTORABLE.search(row_id):
        raise UnreadableLine(f"is {shown(row_id)}, expected a text without NUL", "id")
    return entry


def _parsed(text: bytes) -> Any:
    try:
        return read_json(text.rstrip(b"\r\n"))
    except NotJson as error:
        place = f": see column {error.place[1]}" if error.place else ""
        raise UnreadableLine(f"{error}{place}") from error
