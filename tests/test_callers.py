"""Callers that ask too much at once are refused; nobody else has to wait for them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from app.api.health import PATHS
from app.errors import Unavailable
from app.http.callers import Callers
from app.main import create_app
from app.settings import Settings

KEPT = "/v1/mechanisms?limit=3"
DEAR = "/v1/graph/paths?source=lenalidomide&target=tumour-cell-death&limit="


async def nothing(*_: object) -> None:
    """Neither read nor write."""


def scope_of(client: str | None, path: str = "/v1") -> Scope:
    return {"type": "http", "client": (client, 1) if client else None, "path": path}


async def admitted(clients: list[str | None], path: str = "/v1") -> list[bool]:
    """Which of these callers are let in while those before them are still being answered."""
    done = asyncio.Event()

    async def slow(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await done.wait()

    callers = Callers(slow, 2, 0, ["/livez"])
    asked = [
        asyncio.create_task(callers(scope_of(one, path), nothing, nothing))  # type: ignore[arg-type]  # never called
        for one in clients
    ]
    await asyncio.sleep(0)
    done.set()
    found = await asyncio.gather(*asked, return_exceptions=True)
    # All have been answered: nothing is left that would count.
    assert callers._busy == {}  # noqa: SLF001
    return [not isinstance(one, Unavailable) for one in found]


@pytest.mark.parametrize(
    ("clients", "let_in"),
    [
        (["192.0.2.1"] * 3, [True, True, False]),
        (["192.0.2.1", "192.0.2.2"] * 2, [True] * 4),
        (["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.1"], [True, True, False]),
        # One network of IPv6 is one caller.
        (["2001:db8::1", "2001:db8::2", "2001:db8:0:0:9::"], [True, True, False]),
        (["2001:db8::1", "2001:db8:0:1::1", "2001:db8:0:2::1"], [True] * 3),
        ([None, "testclient", None, None], [True, True, True, False]),
    ],
)
def test_each_caller_has_a_limit_of_its_own(clients: list[str | None], let_in: list[bool]) -> None:
    assert asyncio.run(admitted(clients)) == let_in
    assert asyncio.run(admitted(clients, "/livez")) == [True] * len(clients)


def together(client: TestClient, address: Callable[[int], str]) -> list[tuple[int, str]]:
    def ask(number: int) -> tuple[int, str]:
        answer = client.get(address(number))
        return answer.status_code, answer.headers.get("retry-after", "")

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(ask, range(8)))


def test_one_that_asks_too_much_is_refused_but_for_what_costs_nothing(
    urls: dict[str, str],
) -> None:
    settings = Settings(database_url=urls["sqlite"], caller_requests=1, root_path="/moa")
    with TestClient(create_app(settings)) as client:
        assert client.get(KEPT).status_code == 200
        found: set[tuple[int, str]] = set()
        while (503, "2") not in found:
            found |= set(together(client, lambda number: f"{DEAR}{number + 1}"))
            for path in (*PATHS, KEPT):
                assert {one for one, _ in together(client, lambda _, path=path: path)} == {200}  # type: ignore[misc]  # bound now

        assert found <= {(200, ""), (503, "2")}
        assert client.get(KEPT).status_code == 200
