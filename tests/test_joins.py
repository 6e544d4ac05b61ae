"""How tables on a path are joined, where a statement cannot show it."""

import pytest
from sqlalchemy import select

from app.read.joins import follow, table


def test_a_path_starts_at_a_table() -> None:
    anything = select(table("edge").c.id).subquery()

    with pytest.raises(TypeError, match="a path starts at a table"):
        follow(anything, ["mechanism_step"])
