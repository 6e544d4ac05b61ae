"""The search for similar names is bounded in time, however many candidates there are."""

import time

import pytest

from app import lookalikes
from app.lookalikes import CANDIDATES_AT_ONCE, alike


def test_the_most_alike_come_first() -> None:
    assert alike("folicular", ["mantle", "follicular", "follicular-3"]) == (
        "follicular",
        "follicular-3",
    )


def test_the_search_ends_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    many = ["x" * 8] * CANDIDATES_AT_ONCE
    clock = iter([0.0, lookalikes.MAX_SECONDS * 2])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))

    assert alike("follicular", [*many, "follicular"]) == ()
