"""The shipped content, read once, and changes to copies of it that break a rule."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

from seed.check import all_faults
from seed.content import assemble, read
from tests.writing import documents

DOCUMENTS = documents()
EDGE = "lenalidomide-inhibits-meis2-ubiquitination-in-any-cell"

Documents = dict[str, Any]
Change = Callable[[Documents], None]
Cases = dict[str, tuple[Change, str]]
"""By name: a change that breaks a rule, and the line that reports it."""
Step = str | int


def step(container: Any, key: Step) -> Any:
    """Go down by position, by key, or to the item of a list that has an id."""
    if isinstance(container, list) and isinstance(key, str):
        return next(item for item in container if item["id"] == key)
    return container[key]


def at(container: Any, path: tuple[Step, ...]) -> Any:
    for key in path:
        container = step(container, key)
    return container


def put(*path: Step, to: object) -> Change:
    def change(documents: Documents) -> None:
        at(documents, path[:-1])[path[-1]] = deepcopy(to)

    return change


def drop(*path: Step) -> Change:
    def change(documents: Documents) -> None:
        container = at(documents, path[:-1])
        if isinstance(container, list):
            container.remove(step(container, path[-1]))
        else:
            del container[path[-1]]

    return change


def add(*path: Step, item: object) -> Change:
    return lambda documents: at(documents, path).append(deepcopy(item))


def twice(*path: Step) -> Change:
    return lambda documents: at(documents, path[:-1]).append(at(documents, path))


def each(name: str, field: str, value: object, *, to: object) -> Change:
    def change(documents: Documents) -> None:
        for row in documents[name]:
            row[field] = to if row[field] == value else row[field]

    return change


def every(name: str, field: str, *, to: object) -> Change:
    def change(documents: Documents) -> None:
        for row in documents[name]:
            row[field] = to

    return change


def both(first: Change, second: Change) -> Change:
    def change(documents: Documents) -> None:
        first(documents)
        second(documents)

    return change


def found_after(change: Change) -> list[str]:
    """The faults of the shipped content after one change."""
    changed = documents()
    change(changed)
    return [str(fault) for fault in all_faults(assemble(changed))]


def found_in(folder: Path) -> list[str]:
    """The faults of the content in a folder."""
    return [str(fault) for fault in all_faults(read(folder))]
