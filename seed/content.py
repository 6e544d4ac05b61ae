"""Read the curated content from the YAML files, before any rule is checked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import yaml

from app.schema.values import MAX_ID
from app.schema.vocabulary import YAML
from app.write.record import ContentFault, Record, file_of, shown
from app.write.rows import KINDS

TYPES = tuple(KINDS)
VOCABULARY, COVERAGE, RELEASES = "vocabulary", "dataset", "releases"
LOADER = YAML
# More than ten times the largest file. A value takes about 450 bytes of memory while it is read.
MOST_BYTES, MOST_VALUES = 8_000_000, 400_000
# What precedes or separates values, in any style of YAML; counted to estimate their number.
BETWEEN = ("\n", ",", "[", "{", ": ", "- ", "? ")
WINDOWS = "\r\n"
"""The line ending of Windows; a file that has it keeps it."""
UNREADABLE = re.compile(
    "[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True)
class Content:
    """The content of the files: rows by type, in order, and faults found while reading."""

    rows: Mapping[str, Sequence[Record]]
    vocabulary: Record
    coverage: Record
    releases: Sequence[Record]
    faults: Sequence[ContentFault]


def read(folder: Path, known: Mapping[str, object] = MappingProxyType({})) -> Content:
    """Read the files of a folder; what cannot be read is a fault, and the rest is still read.

    Of files whose content is `known`, only size and characters are checked.
    """
    documents = dict(known)
    faults: list[ContentFault] = []
    names = (*TYPES, VOCABULARY, COVERAGE, RELEASES)
    for name in names:
        file = file_of(name)
        try:
            text = _text(folder / file)
            if name not in known:
                documents[name] = _parsed(text, file, faults)
        except _Unreadable as reason:
            faults.append(ContentFault(file, reason.place, "", reason.message))
    return assemble(documents, faults)


def assemble(documents: Mapping[str, object], faults: Sequence[ContentFault] = ()) -> Content:
    """Arrange the documents, given by name of file; a missing name means an unreadable file."""
    found = list(faults)
    listed = {
        name: _rows(name, documents[name], found) if name in documents else []
        for name in (*TYPES, RELEASES)
    }
    vocabulary, coverage = (
        Record(
            file_of(name),
            "",
            "",
            _mapping(name, documents[name], found) if name in documents else {},
        )
        for name in (VOCABULARY, COVERAGE)
    )
    return Content(
        {name: listed[name] for name in TYPES}, vocabulary, coverage, listed[RELEASES], found
    )


def _rows(name: str, document: object, faults: list[ContentFault]) -> list[Record]:
    file = file_of(name)
    if not isinstance(document, list) or not document:
        faults.append(
            ContentFault(file, "", "", f"is {shown(document)}, expected a list of mappings")
        )
        return []
    rows = []
    for position, item in enumerate(document, 1):
        label = f"entry {position}"
        if isinstance(item, dict):
            rows.append(Record(file, _id_or(label, item), "", item))
        else:
            faults.append(ContentFault(file, label, "", f"is {shown(item)}, expected a mapping"))
    return rows


def _id_or(label: str, item: Mapping[str, object]) -> str:
    given = item.get("id")
    return given if isinstance(given, str) and 0 < len(given) <= MAX_ID else label


def _mapping(name: str, document: object, faults: list[ContentFault]) -> Mapping[str, object]:
    if isinstance(document, dict) and document:
        return document
    message = f"is {shown(document)}, expected a mapping"
    faults.append(ContentFault(file_of(name), "", "", message))
    return {}


class _Unreadable(Exception):
    """A file cannot be read; `place` says where in the file, if known."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            read = file.read(MOST_BYTES + 1)
        if len(read) > MOST_BYTES:
            raise _Unreadable("", f"is too large, expected at most {MOST_BYTES // 10**6} MB")
        text = read.decode("utf-8-sig")
    except OSError as error:
        raise _Unreadable("", f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _Unreadable(f"byte {error.start + 1}", "is not UTF-8") from error
    if sum(map(text.count, BETWEEN)) > MOST_VALUES:
        message = f"holds too much, expected at most about {MOST_VALUES:,} lines and values"
        raise _Unreadable("", message)
    refused = UNREADABLE.search(text)
    if refused:
        line = text.count("\n", 0, refused.start()) + 1
        column = refused.start() - text.rfind("\n", 0, refused.start())
        message = f"holds the character U+{ord(refused.group()):04X}, which YAML does not allow"
        raise _Unreadable(f"line {line}, column {column}", message)
    return text


def _parsed(text: str, file: str, faults: list[ContentFault]) -> object:
    loader = LOADER(text)
    try:
        node = loader.get_single_node()
        return _Nodes(loader, file, faults).value(node) if node else None
    except yaml.MarkedYAMLError as error:
        message = f"is not valid YAML: {error.problem}"
        raise _Unreadable(_place(error.problem_mark), message) from error
    except RecursionError as error:
        raise _Unreadable("", "is not valid YAML: nested too deeply") from error
    finally:
        loader.dispose()


def _place(mark: yaml.Mark | None) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""


@dataclass(frozen=True)
class _Nodes:
    """Turns YAML nodes into values one by one, so that one fault does not hide the others."""

    loader: yaml.SafeLoader
    file: str
    faults: list[ContentFault]
    seen: set[int] = field(default_factory=set)

    def value(self, node: yaml.Node) -> object:
        """Turn one node into its value; if that fails, into None and a fault."""
        if id(node) in self.seen:
            self._refuse(node, "repeats another value by an alias; write it out")
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item) for item in node.value]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode) -> dict[str, object]:
        values: dict[str, object] = {}
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(key, "a key is a list or a mapping, expected a text")
            elif key.value in values:
                self._refuse(key, f"the key {shown(key.value)} is given twice in one mapping")
            else:
                values[key.value] = self.value(item)
        return values

    def _scalar(self, node: yaml.Node) -> object:
        try:
            return self.loader.construct_object(node)
        except (yaml.YAMLError, ValueError, LookupError, AttributeError):
            # PyYAML does not wrap the errors of int(), float() and datetime.
            kind = node.tag.rpartition(":")[2]
            self._refuse(node, f"{shown(node.value)} cannot be read as {kind}")
            return None

    def _refuse(self, node: yaml.Node, message: str) -> None:
        self.faults.append(ContentFault(self.file, _place(node.start_mark), "", message))
