"""Whole lists to look at, and guards against loops of assertions over nothing."""

from collections.abc import Iterable
from typing import Any, TypeVar

from starlette.testclient import TestClient

T = TypeVar("T")


def some(items: Iterable[T]) -> list[T]:
    """All the items, of which there must be at least one."""
    found = list(items)
    assert found, "there is nothing to look at"
    return found


def pages(client: TestClient, address: str) -> list[Any]:
    """All rows of a list, page by page."""
    found: list[Any] = []
    following: str | None = address
    while following:
        page = client.get(following).json()
        found += page["items"]
        following = page["next"]
    return found
