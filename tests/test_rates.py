"""A caller that sends too many requests is refused, with the time to try again."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.api.health import PATHS
from app.main import create_app
from app.settings import Settings
from tests.curating import Curator, bearer, curating, new_key

PARTNER = "/v1/partners/rituximab"


def number(fields: str, name: str) -> int:
    """A number in a RateLimit field."""
    found = re.search(rf";{name}=([0-9]+)", fields)
    assert found
    return int(found[1])


def test_an_address_may_ask_so_many_times_in_a_minute(sqlite_url: str) -> None:
    settings = Settings(database_url=sqlite_url, caller_rate=3, root_path="/moa")
    with TestClient(create_app(settings)) as client:
        answers = [client.get(f"{PARTNER}?view=brief", headers={"accept": "*/*"})]
        answers += [client.get(f"/v1/subtypes?limit={limit}") for limit in (1, 2, 3)]
        refused = answers[-1]

        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        assert refused.json()["type"] == "/moa/problems/too-many-requests"
        assert refused.headers["ratelimit-policy"] == '"address";q=3;w=60'
        assert refused.headers["ratelimit"].startswith('"address";r=0;t=')
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.headers["cache-control"] == "no-store"
        # What is in memory costs nothing, and operators must always get an answer.
        assert client.get("/v1/subtypes?limit=1").status_code == 200
        assert "ratelimit" not in client.get("/v1/subtypes?limit=1").headers
        assert [client.get(path).status_code for path in PATHS] == [200, 200]
        assert client.get("/v1/subtypes?limit=4").status_code == 429


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_the_operator_says_how_large_and_deep_a_change_may_be(copy: Settings) -> None:
    def deep(levels: int) -> bytes:
        return b'{"note":' * levels + b"1" + b"}" * levels

    limits = {"body_kilobytes": 100, "body_depth": 40}
    key, kind = new_key(copy), {"Content-Type": "application/json", "If-Match": "*"}
    sent = [b'{"note":"%s"}' % (b"x" * (size - 11)) for size in (65_537, 102_400, 102_401)]
    sent += [deep(32), deep(33), deep(40), deep(41)]
    answers = []
    for settings in (copy, copy.model_copy(update=limits)):
        with TestClient(create_app(settings)) as client:
            answers.append(
                [client.patch(PARTNER, content=one, headers=bearer(key) | kind) for one in sent]
            )

    # A note is a text of at most 4,000 characters.
    assert [[one.status_code for one in each] for each in answers] == [
        [413, 413, 413, 422, 400, 400, 400],
        [422, 422, 413, 422, 422, 422, 400],
    ]
    assert [each[2].json()["detail"] for each in answers] == [
        f"A body is limited to {most} kB; send less." for most in (64, 100)
    ]
    assert [each[-1].json()["detail"] for each in answers] == [
        f"The body is nested too deeply; at most {most} levels are read." for most in (32, 40)
    ]


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_no_row_grows_beyond_a_line_of_a_bundle(copy: Settings) -> None:
    with curating(copy.model_copy(update={"body_kilobytes": 4096})) as curator:
        fits, grown = (
            curator.ask("PATCH", "/v1/entities/crbn", {"aliases": texts})
            for texts in ([f"{number:0>1000}" for number in range(most)] for most in (900, 1_000))
        )
        kept = curator.client.get("/v1/entities/crbn").json()["aliases"]

    assert (fits.status_code, grown.status_code, len(kept)) == (200, 422, 900)
    (fault,) = grown.json()["faults"]
    assert fault["parameter"] == "the row"
    assert "no bundle could hold it" in fault["message"]


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_a_key_may_change_so_many_rows_in_a_minute(copy: Settings) -> None:
    limited = copy.model_copy(update={"key_rate": 5})
    with TestClient(create_app(limited)) as client:
        curator, other = (Curator(client, new_key(copy, name)) for name in ("one", "other"))
        asked: list[tuple[Any, str]] = [("a", "*"), (5, "*"), ("b", '"9"'), ("b", ""), ("b", "*")]
        answers = [
            curator.ask("PATCH", PARTNER, {"note": note}, If_Match=tag) for note, tag in asked
        ]
        last = curator.ask("PATCH", PARTNER, {"note": "c"})
        unknown = Curator(client, "x" * 40).ask("PATCH", PARTNER, {"note": "c"})

        # Each counts, and each says how many are left, whether or not it changed anything.
        assert [one.status_code for one in answers] == [200, 422, 412, 428, 200]
        assert {one.headers["ratelimit-policy"] for one in answers} == {'"key";q=5;w=60'}
        assert [number(one.headers["ratelimit"], "r") for one in answers] == [4, 3, 2, 1, 0]
        assert (last.status_code, unknown.status_code) == (429, 401)
        assert number(last.headers["ratelimit"], "t") == int(last.headers["retry-after"])
        assert "changes by your key" in last.json()["detail"]
        assert "ratelimit" not in unknown.headers
        assert client.get(PARTNER).json()["note"] == "b"
        assert other.ask("PATCH", PARTNER, {"note": "d"}).status_code == 200
