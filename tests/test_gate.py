"""A caller that waits too long for a turn is told what to do."""

import pytest

from app.errors import TRY_AGAIN, Unavailable
from app.gate import Gate


def test_a_turn_that_does_not_come_is_told() -> None:
    gate = Gate(seconds=0)

    with gate.enter(), pytest.raises(Unavailable) as caught, gate.enter():
        pass

    assert caught.value.detail == f"Too many requests of this kind are waiting. {TRY_AGAIN}"
    with gate.enter():
        pass
