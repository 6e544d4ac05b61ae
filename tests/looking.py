"""Guards against loops of assertions over nothing."""

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def some(items: Iterable[T]) -> list[T]:
    """All the items, of which there must be at least one."""
    found = list(items)
    assert found, "there is nothing to look at"
    return found
