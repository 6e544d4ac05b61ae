"""The operator's monitoring reads what the service does, on a port of its own."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from starlette.testclient import TestClient

from app import RELEASE, __version__
from app.db import Database
from app.db.revision import read_dataset
from app.main import create_app
from app.settings import Settings
from tests.conftest import SQLITE_FIRST
from tests.programs import Program, free_port
from tests.raw import ask, get

PORT = 9_100
FIGURES = f"http://testserver:{PORT}/metrics"
ITEM = "/v1/mechanisms/adcc-enhancement"
ROUTE = 'route="/v1/mechanisms/{id}"'
SAMPLE = re.compile(r"^([a-z_]+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)


def scraped(client: TestClient) -> dict[str, float]:
    """All figures by name and labels."""
    answer = client.get(FIGURES)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        f"{name}{{{labels}}}" if labels else name: float(value)
        for name, labels, value in SAMPLE.findall(answer.text)
    }


@pytest.fixture
def watched(copy: Settings) -> Iterator[TestClient]:
    settings = copy.model_copy(update={"metrics_port": PORT})
    with TestClient(create_app(settings)) as client:
        yield client


def test_requests_are_counted_by_route_and_status(watched: TestClient) -> None:
    sizes = [len(watched.get(ITEM, headers={"Accept-Encoding": "identity"}).content)] * 2
    for _ in range(2):
        watched.get(ITEM, headers={"Accept-Encoding": "identity"})
    tag = watched.get(ITEM).headers["etag"]
    watched.get(ITEM, headers={"If-None-Match": tag})
    sizes.append(len(watched.get("/v1/mechanisms/none").content))
    watched.get("/none")

    found = scraped(watched)

    assert found[f'moa_requests_total{{{ROUTE},status="200"}}'] == 4
    assert found[f'moa_requests_total{{{ROUTE},status="304"}}'] == 1
    assert found[f'moa_requests_total{{{ROUTE},status="404"}}'] == 1
    assert found['moa_requests_total{route="none",status="404"}'] == 1
    assert found[f"moa_response_bytes_total{{{ROUTE}}}"] > sum(sizes)
    assert found[f"moa_request_seconds_count{{{ROUTE}}}"] == 6
    assert found[f'moa_request_seconds_bucket{{le="+Inf",{ROUTE}}}'] == 6
    assert 0 < found[f"moa_request_seconds_sum{{{ROUTE}}}"] < 60
    assert "metrics" not in str([name for name in found if "route" in name])


@pytest.mark.covering
def test_the_cache_the_database_and_the_process_are_seen(
    watched: TestClient, copy: Settings
) -> None:
    before = scraped(watched)
    for _ in range(3):
        watched.get(ITEM)
    watched.get(f"{ITEM}?")
    found = scraped(watched)

    assert found["moa_cache_misses_total"] - before["moa_cache_misses_total"] == 1
    assert found["moa_cache_hits_total"] - before["moa_cache_hits_total"] == 3
    assert found["moa_cache_bytes"] > before["moa_cache_bytes"] == 0
    assert (found["moa_cache_joined_total"], found["moa_flights"]) == (0, 0)
    # The one that reads the revision for these very figures comes after they are counted.
    assert found["moa_connections_in_use"] == 0
    assert found["moa_connections_limit"] == copy.threads
    assert found["moa_database_up"] == 1
    assert found[f'moa_info{{content="{RELEASE}",version="{__version__}"}}'] == 1
    assert found["process_resident_memory_bytes"] > 10_000_000
    assert ("moa_wal_bytes" in found) == copy.embedded
    db = Database(copy)
    with db.read() as reading:
        assert found["moa_dataset_revision"] == read_dataset(reading.connection)[1]
    db.close()


def test_those_that_wait_for_the_same_answer_are_counted(watched: TestClient) -> None:
    together = Barrier(8)

    def ask_at_once() -> None:
        together.wait()
        watched.get("/v1/graph?format=svg")

    with ThreadPoolExecutor(8) as pool:
        for one in [pool.submit(ask_at_once) for _ in range(8)]:
            one.result()

    found = scraped(watched)
    made, kept = found["moa_cache_misses_total"], found["moa_cache_hits_total"]
    assert made + kept + found["moa_cache_joined_total"] == 8
    assert made == 1


def test_statements_that_take_too_long_are_counted(copy: Settings) -> None:
    limits = {"metrics_port": PORT, "statement_seconds": 0.000_001, "cache_megabytes": 0}
    settings = copy.model_copy(update=limits)
    if not copy.embedded:
        # PostgreSQL takes whole milliseconds, 0 for no limit.
        settings = settings.model_copy(update={"statement_seconds": 0.001})
    with TestClient(create_app(settings)) as client:
        before = scraped(client)["moa_statement_timeouts_total"]
        # Each takes several times as long as that.
        answers = [client.get("/v1/mechanisms?limit=200").status_code for _ in range(20)]
        assert 503 in answers
        found = scraped(client)

    assert found["moa_statement_timeouts_total"] > before
    assert "moa_cache_hits_total" not in found


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_a_database_that_is_away_is_seen(watched: TestClient, copy: Settings) -> None:
    path = Path(copy.database_url.removeprefix("sqlite:///"))
    path.rename(path.with_name("gone.db"))

    while (found := scraped(watched))["moa_database_up"]:
        pass

    assert "moa_dataset_revision" not in found
    assert found["moa_wal_bytes"] == 0


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_nothing_else_is_at_the_port_for_metrics_and_no_metrics_at_the_other(
    watched: TestClient,
) -> None:
    for path in ("/", "/v1", "/livez", "/metrics/", "/none"):
        assert watched.get(f"http://testserver:{PORT}{path}").status_code == 404
    assert watched.post(FIGURES).status_code == 404
    assert watched.head(FIGURES).text == ""
    assert "access-control-allow-origin" not in watched.get(FIGURES).headers
    assert watched.get("/metrics").status_code == 404


@pytest.mark.slow
def test_metrics_are_served_where_the_operator_wants_them(
    urls: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setenv("MOA_METRICS_PORT", str(port))

    with Program(urls["sqlite"], "serve") as server:
        told = server.read("Application startup complete")
        assert f"metrics at http://127.0.0.1:{port}/metrics\n" in told
        server.text("/v1")
        (answer,) = ask(port, get("/metrics", "Connection: close"))
        assert b'moa_requests_total{route="/v1",status="200"} 1.0\n' in answer.body
        (refused,) = ask(port, b"nonsense\r\n\r\n")
        assert refused.status == 404
        with Program(urls["sqlite"], "serve") as other:
            refusal = f"cannot listen on 127.0.0.1:{port}: Address already in use; "
            assert other.end() == 1
            assert f"{refusal}see MOA_HOST and MOA_METRICS_PORT" in "".join(other.lines)
