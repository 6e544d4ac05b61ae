"""Forged cursors are refused, or mean the same as real ones.

Each is a real one with something wrong, sent to both databases.
"""

import base64
import json
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import parse_qs, quote

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.read import reader
from app.resources import ALL
from app.settings import Settings
from tests.changing import changing, table
from tests.cursors import closed, opened
from tests.direct import Direct, direct
from tests.documented import spelt_out
from tests.examples import reads

Real = tuple[str, str, str]
"""The address of a list, the order of its rows, and a cursor that it gave."""

FORGED, COLUMNS = 2_000, 10
# The others are tried in the full column.
FIRST_FEW = [
    one if one < 3 else pytest.param(one, marks=pytest.mark.full) for one in range(COLUMNS)
]
WHOLE = (0, 1, -1, 1950, 2015, 2030, 2**31, 2**53, 2**63, -(2**63), 2**64, 10**300)
TEXTS = (
    *("", "a", "A", "B", "2015", "id", "-id", "drug", "crbn", "gribben-2015", "CRBN", "-", "a-"),
    *("\0", "a\0b", "\ud800", "\udc00a", "a\ud800b", "\ufffe", "\u202e", "\U0001f600", "\xe9"),
    *("'", "';--", "%", "_", "\\", "\n", "null", "a" * 101, "a" * 600, "\xe9" * 110),
)
ODD: tuple[Any, ...] = (
    *WHOLE,
    *(1.5, 2015.0, -0.0, 1e300, float("nan"), float("inf"), True, False, None),
    *([], [[]], ["a"], {}, {"a": 1}, [None] * 4),
    *TEXTS,
)


@pytest.fixture(scope="module")
def services(sqlite_url: str, postgres_url: str) -> Iterator[list[Direct]]:
    with ExitStack() as stack:
        yield [
            stack.enter_context(direct(Settings(database_url=url)))
            for url in (sqlite_url, postgres_url)
        ]


@pytest.fixture(scope="module")
def real(services: list[Direct]) -> list[Real]:
    """A cursor of each list in each order, from its beginning and from further on."""
    service = services[0]
    document = spelt_out(json.loads(service.ask("/openapi.json").body))
    found = []
    for address, operation in reads(document):
        given = {each["name"]: each for each in operation.get("parameters", [])}
        # The evidence of a row is the same list, whatever the row is.
        if "sort" not in given or (address.count("/") > 2 and "mechanisms" not in address):
            continue
        for sort in given["sort"]["schema"]["enum"]:
            for limit in (1, 20):
                page = json.loads(service.ask(f"{address}?limit={limit}&sort={sort}").body)
                if page["next"]:
                    (cursor,) = parse_qs(page["next"].partition("?")[2])["cursor"]
                    found.append((address, sort, cursor))
    assert len({address for address, _, _ in found}) == len(ALL) + 1
    return found


def with_another_part(cursor: str, chance: random.Random) -> str:
    parts = opened(cursor)
    parts[chance.choice((0, 1, 2, 2, 2, 3, 3, 4))] = chance.choice(ODD)
    return closed(parts)


def with_odd_ends(cursor: str, chance: random.Random) -> str:
    kept = opened(cursor)
    return closed([*kept[:2], chance.choice(ODD), chance.choice(ODD), *kept[4:]])


def of_another_shape(cursor: str, chance: random.Random) -> str:
    parts = opened(cursor)
    shapes: tuple[Any, ...] = (parts[:-1], [*parts, None], [parts], {"a": parts}, parts[::-1])
    return closed(chance.choice((*shapes, *ODD)))


def written_otherwise(cursor: str, chance: random.Random) -> str:
    parts = opened(cursor)
    return chance.choice(
        (
            closed(parts, separators=(", ", ": ")),
            closed([*parts[:3], f"{parts[3]}\xe9", *parts[4:]], ensure_ascii=False),
            closed([*parts[:2], "\ud800", *parts[3:]], ensure_ascii=False),
            f"{cursor}=",
            f"{cursor}A",
            f"!{cursor}",
            cursor[1:],
            base64.urlsafe_b64encode(b"[" * 700).decode(),
        )
    )


def with_another_letter(cursor: str, chance: random.Random) -> str:
    at = chance.randrange(len(cursor))
    return cursor[:at] + chance.choice("AZaz09-_=.%\xe9") + cursor[at + 1 :]


FORGERS: tuple[Callable[[str, random.Random], str], ...] = (
    with_another_part,
    with_another_part,
    with_odd_ends,
    of_another_shape,
    written_otherwise,
    with_another_letter,
)


@pytest.mark.slow
@pytest.mark.parametrize("column", FIRST_FEW)
def test_a_forged_cursor_is_refused_or_means_the_same_on_both(
    services: list[Direct], real: list[Real], column: int
) -> None:
    chance = random.Random(column)  # noqa: S311 - the same ones each time
    seen = set()
    for _ in range(FORGED // COLUMNS):
        address, sort, cursor = chance.choice(real)
        forged = chance.choice(FORGERS)(cursor, chance)
        asked = f"{address}?limit=2&sort={sort}&cursor={quote(forged)}"

        sqlite, postgres = (service.ask(asked) for service in services)

        assert sqlite.status == postgres.status, asked
        assert sqlite.status in (200, 422), asked
        assert sqlite.status == 422 or sqlite.body == postgres.body, asked
        seen.add(sqlite.status)
    assert seen == {200, 422}


@pytest.mark.slow
def test_a_real_cursor_means_the_same_on_both(services: list[Direct], real: list[Real]) -> None:
    for address, sort, cursor in real:
        asked = f"{address}?limit=2&sort={sort}&cursor={cursor}"

        sqlite, postgres = (service.ask(asked) for service in services)

        assert sqlite == postgres
        assert json.loads(sqlite.body)["items"]


@pytest.mark.parametrize(
    "other",
    ["", "&kind=synergy", "&mechanism=cereblon-engagement", "&rollup=exact", "&q=ibrutinib"],
)
def test_a_cursor_is_for_the_filters_that_it_was_issued_for(
    services: list[Direct], other: str
) -> None:
    asked = "/v1/evidence?limit=1&mechanism=adcc-enhancement"
    page = json.loads(services[0].ask(asked).body)
    (cursor,) = parse_qs(page["next"].partition("?")[2])["cursor"]
    assert services[0].ask(page["next"]).status == 200

    address = f"{asked if other else '/v1/evidence?limit=1'}{other}&cursor={cursor}"
    assert [service.ask(address).status for service in services] == [422, 422]


def test_a_cursor_of_another_order_of_the_rows_is_refused(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(reader, "ORDERS", reader.ORDERS - 1)
        older = client.get("/v1/mechanisms?sort=name&limit=3").json()["next"]
    newer = client.get("/v1/mechanisms?sort=name&limit=3&bom=false").json()["next"]

    assert client.get(older).status_code == 422
    assert client.get(newer).status_code == 200


def test_a_page_whose_rows_have_gone_is_empty_and_has_its_total(copy: Settings) -> None:
    with TestClient(create_app(copy)) as client:
        total = client.get("/v1/partners?kind=antibody").json()["total"]
        page = client.get(f"/v1/partners?kind=antibody&limit={total - 1}").json()
        (last,) = client.get(page["next"]).json()["items"]
    with changing(copy) as connection:
        partner = table("partner")
        connection.execute(partner.update().where(partner.c.id == last["id"]).values(kind="drug"))

    with TestClient(create_app(copy)) as client:
        found = client.get(page["next"]).json()

    assert (found["items"], found["total"], found["next"]) == ([], total - 1, None)
