"""The benchmark compares like with like."""

import pytest

from tests.bench.comparison import check_same
from tests.bench.rows import COMPARED
from tests.bench.servers import asgi, service


@pytest.mark.slow
def test_the_app_that_is_measured_beside_gives_the_same_answers(sqlite_url: str) -> None:
    tutorial = asgi("tests.bench.tutorial:app", {"BENCH_DATABASE_URL": sqlite_url}, COMPARED[0])
    with service(sqlite_url) as mine, tutorial as other:
        check_same(mine, other)
