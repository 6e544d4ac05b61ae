"""Answers that are kept: tags, policies, codings, and never one that is out of date."""

import gzip
import re
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import zstandard
from sqlalchemy import Connection, text
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from app.cache.memory import Bounded
from app.db import Database, Statement
from app.db.revision import State, revise
from app.db.totals import MOST, Totals
from app.http import conditional
from app.http.negotiation import choose_coding
from app.main import create_app
from app.settings import Settings
from seed import RELEASE
from tests.conftest import SQLITE_FIRST
from tests.examples import addresses
from tests.limits import SECONDS

LIST = "/v1/mechanisms?limit=3"
ITEM = "/v1/mechanisms/adcc-enhancement"
PLAIN = {"Accept-Encoding": "identity"}
POLICIES = {conditional.REVALIDATE, conditional.STATIC, conditional.NO_STORE}


@pytest.fixture(params=[0, 1])
def own(request: pytest.FixtureRequest, copy: Settings) -> Iterator[TestClient]:
    """A client of an application on a database of its own, with the cache off and on."""
    settings = copy.model_copy(update={"cache_megabytes": request.param})
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


def tag_of(client: TestClient, coding: str, address: str) -> str:
    return client.head(address, headers={"Accept-Encoding": coding}).headers["etag"]


def rename(db: Database, name: str) -> None:
    """Commit a change, as another client of the database would."""
    with db.write() as connection:
        change = text("UPDATE mechanism SET name = :name WHERE id = 'adcc-enhancement'")
        connection.execute(change, {"name": name})
        revise(connection, RELEASE)


# Policies


@pytest.mark.aside
@pytest.mark.slow
@pytest.mark.parametrize("client", SQLITE_FIRST, indirect=True)
def test_every_route_states_whether_its_answer_may_be_kept(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conditional, "DEFAULT", "stated by nobody")

    pages = ("/docs", "/docs/start.js", "/docs/favicon-32x32.png", "/openapi.json")
    for address in (*pages, *addresses(client.get("/openapi.json").json())):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["cache-control"] in POLICIES, address


@pytest.mark.parametrize("address", ["/v1/nothing", "/v1/mechanisms?limit=0", "/livez", "/readyz"])
def test_errors_and_health_are_not_kept(client: TestClient, address: str) -> None:
    answer = client.get(address)

    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


def test_the_page_is_kept_with_its_own_policy(client: TestClient) -> None:
    first, second = client.get("/docs"), client.get("/docs")

    assert first.headers["cache-control"] == conditional.REVALIDATE
    assert client.get("/docs/start.js").headers["cache-control"] == conditional.STATIC
    assert first.headers["content-security-policy"] == second.headers["content-security-policy"]
    assert "x-dataset-version" not in first.headers


@pytest.mark.slow
@pytest.mark.parametrize("address", [LIST, ITEM, "/v1/dataset"])
def test_data_say_of_which_release_they_are(own: TestClient, address: str) -> None:
    assert own.get(address).headers["x-dataset-version"] == RELEASE


KINDS = [
    *(("GET", address, {}) for address in ("/v1", "/v1/vocabulary", "/v1/dataset", LIST, ITEM)),
    *(("GET", address, {}) for address in ("/docs", "/docs/start.js", "/openapi.json", "/livez")),
    *(("GET", address, {}) for address in ("/v1/graph", "/v1/mechanisms/none", "/problems/none")),
    *(("GET", LIST, {"Accept-Encoding": coding}) for coding in ("gzip", "zstd", "identity")),
    *(("GET", LIST, {"Accept": accept}) for accept in ("text/csv", "image/png")),
    ("GET", LIST, {"Accept": "application/x-ndjson", "Accept-Encoding": "gzip"}),
    ("GET", LIST, {"If-None-Match": "*"}),
    ("HEAD", "/v1/vocabulary", {}),
    ("HEAD", "/v1/evidence?format=csv", {}),
    ("POST", LIST, {}),
    ("OPTIONS", LIST, {}),
]


@pytest.mark.full
@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)  # the cache knows no database
def test_an_answer_has_the_same_headers_with_and_without_a_cache(copy: Settings) -> None:
    found: dict[int, list[Any]] = {}
    for megabytes in (0, 1):
        for method, address, sent in KINDS:
            # Each on a new application, so that its first answer is the very first.
            app = create_app(copy.model_copy(update={"cache_megabytes": megabytes}))
            with TestClient(app, headers={"X-Request-Id": "the-same"}) as own:
                answers = [own.request(method, address, headers=sent) for _ in range(2)]
            first, second = [(one.status_code, dict(one.headers)) for one in answers]
            assert first == second, address
            has_release = address.startswith("/v1") and first[0] in (200, 304)
            assert ("x-dataset-version" in first[1]) == has_release, (method, address)
            found.setdefault(megabytes, []).append(first)

    assert found[0] == found[1]


def test_the_release_is_that_of_now(own: TestClient, copy: Settings) -> None:
    before = own.get("/v1/vocabulary").headers["x-dataset-version"]
    db = Database(copy)
    with db.write() as connection:
        revise(connection, "2027.01")
    db.close()

    after = own.get("/v1/vocabulary").headers["x-dataset-version"]

    assert (before, after) == (RELEASE, "2027.01")


# Tags


def test_a_tag_leads_to_an_empty_answer(own: TestClient) -> None:
    whole = own.get(LIST)

    unchanged = own.get(LIST, headers={"If-None-Match": whole.headers["etag"]})

    assert unchanged.status_code == 304
    assert unchanged.content == b""
    for name in ("etag", "cache-control", "vary", "link", "access-control-allow-origin"):
        assert unchanged.headers[name] == whole.headers[name]
    assert not {"content-type", "content-encoding", "content-length"} & set(unchanged.headers)


def test_the_tag_of_an_item_begins_with_its_version(own: TestClient) -> None:
    assert re.fullmatch('"1-[0-9a-f]{16}"', own.get(ITEM).headers["etag"])
    assert re.fullmatch('"[0-9a-f]{16}"', own.get(LIST).headers["etag"])
    assert conditional.VERSION not in own.get(ITEM).headers


def test_a_tag_is_of_the_content(own: TestClient) -> None:
    tags = {own.get(address).headers["etag"] for address in (LIST, ITEM, "/v1", "/v1/dataset")}

    assert len(tags) == 4
    assert own.get(LIST).headers["etag"] == own.get(LIST).headers["etag"]


def test_a_changed_row_has_another_tag(own: TestClient, copy: Settings) -> None:
    before = own.get(ITEM).headers["etag"]
    db = Database(copy)
    rename(db, "changed")
    db.close()

    after = own.get(ITEM, headers={"If-None-Match": before})

    assert after.status_code == 200
    assert after.json()["name"] == "changed"
    assert after.headers["etag"] != before


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ("*", 304),
        ('"other", {tag}', 304),
        (' "other" ,, W/{tag} ', 304),
        ('"other"', 200),
        ('W/"other"', 200),
        ("", 200),
        (",", 200),
        ("garbage", 200),
        ("{bare}", 200),
        ('"unbalanced, {tag}', 200),
        ('{tag} "', 200),
        ('{tag}"', 200),
        ("w/{tag}", 200),
        ("*, {tag}", 200),
        ('"a"' * 20, 200),
        ('"\xe9"', 200),
        (", ".join(['"0123456789abcdef"'] * 500), 200),
        (", ".join(['W/"0123456789abcdef"'] * 40) + ", {tag}", 304),
        ('"a",' + " " * 16_000 + "x", 200),
        ('"' * 8_000, 200),
        ("," * 8_000, 200),
        (" " * 8_000, 200),
    ],
)
@pytest.mark.parametrize("address", [LIST, ITEM])
def test_if_none_match(client: TestClient, address: str, header: str, status: int) -> None:
    tag = client.get(address).headers["etag"]
    sent = header.replace("{tag}", tag).replace("{bare}", tag.strip('"')).encode("latin-1")

    answer = client.get(address, headers=[(b"if-none-match", sent)])

    assert answer.status_code == status
    assert answer.headers["etag"] == tag
    assert bool(answer.content) == (status == 200)


@pytest.mark.parametrize(("length", "status"), [(1_024, 304), (1_025, 200)])
def test_if_none_match_is_read_up_to_1_kb(client: TestClient, length: int, status: int) -> None:
    sent = client.get(LIST).headers["etag"].rjust(length, ",")

    assert client.get(LIST, headers={"If-None-Match": sent}).status_code == status


def test_if_none_match_in_two_lines(client: TestClient) -> None:
    tag = client.get(LIST).headers["etag"].encode()

    lines = [(b"if-none-match", b'"other"'), (b"if-none-match", tag)]

    assert client.get(LIST, headers=lines).status_code == 304


def test_head_is_like_get_without_body(own: TestClient) -> None:
    got, head = own.get(LIST), own.head(LIST)

    assert head.content == b""
    for name in ("etag", "content-length", "cache-control", "vary", "link"):
        assert head.headers[name] == got.headers[name]
    assert own.head(LIST, headers={"If-None-Match": got.headers["etag"]}).status_code == 304


def test_a_problem_has_no_condition(client: TestClient) -> None:
    answer = client.get("/v1/mechanisms/none", headers={"If-None-Match": "*"})

    assert answer.status_code == 404


def test_another_origin_gets_the_same_answer(own: TestClient) -> None:
    plain, foreign = own.get(LIST), own.get(LIST, headers={"Origin": "https://example.org"})

    for answer in (plain, foreign):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["vary"] == "Accept, Accept-Encoding"
        assert "ETag" in answer.headers["access-control-expose-headers"]


# Codings


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", "identity"),
        ("identity", "identity"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "gzip"),
        ("*", "zstd"),
        ("*;q=0.5, gzip;q=1", "gzip"),
        ("zstd;q=0.5, gzip;q=0.8", "gzip"),
        ("zstd;q=0, *", "gzip"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0, *;q=0", "identity"),
        ("identity;q=0", "identity"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("identity;q=1, gzip;q=0.5", "identity"),
        ("br, compress, nonsense", "identity"),
        ("gzip;q=0.001", "gzip"),
        ("gzip;q=1., zstd;q=0.", "gzip"),
        ("gzip;level=9", "gzip"),
        ("gzip;level=9;Q=0.5", "gzip"),
        (";;;,,,;q", "identity"),
        ("gzip".ljust(1_024), "gzip"),
        ("gzip".ljust(1_025), "identity"),
    ],
)
def test_the_coding_that_is_wanted_most(client: TestClient, header: str, coding: str) -> None:
    answer = client.get(LIST, headers={"Accept-Encoding": header})

    assert choose_coding(header.encode()) == coding
    assert answer.headers.get("content-encoding", "identity") == coding


UNREADABLE = ("nan", "2", "-1", "1e-9", "0.0001", "1.0000", "1.001", ".5", "x", "", " 1", '"1"')


@pytest.mark.aside
@pytest.mark.parametrize("weight", [*(f"q={value}" for value in UNREADABLE), "q", "q =1"])
def test_a_range_whose_weight_cannot_be_read_is_ignored(client: TestClient, weight: str) -> None:
    def got(header: str, value: str) -> tuple[int, str | None]:
        answer = client.get(LIST, headers={header: value})
        shown = answer.headers["content-type" if header == "Accept" else "content-encoding"]
        return answer.status_code, shown.partition(";")[0]

    alone = client.get(LIST, headers={"Accept": f"image/png;{weight}", **PLAIN})
    plain = client.get(LIST, headers={"Accept-Encoding": f"gzip;{weight}"})

    assert (alone.status_code, "content-encoding" in plain.headers) == (200, False)
    assert got("Accept", f"application/json;{weight}, text/csv;q=0.1") == (200, "text/csv")
    assert got("Accept", f"text/csv;q=0.1, */*;{weight}") == (200, "text/csv")
    assert got("Accept-Encoding", f"zstd;{weight}, gzip;q=0.1") == (200, "gzip")
    assert got("Accept-Encoding", f"gzip;q=0.1, *;{weight}") == (200, "gzip")


def test_accept_in_two_lines(client: TestClient) -> None:
    lines = [(b"accept", b"image/png"), (b"accept", b"text/csv")]

    assert client.get(LIST, headers=lines).headers["content-type"].startswith("text/csv")


def test_each_coding_has_the_same_content_and_its_own_tag(own: TestClient) -> None:
    codings = ("identity", "gzip", "zstd")
    answers = [own.get(LIST, headers={"Accept-Encoding": coding}) for coding in codings]
    plain, zipped, standard = (raw(own, coding) for coding in codings)

    assert len({answer.headers["etag"] for answer in answers}) == 3
    assert gzip.decompress(zipped) == zstandard.decompress(standard) == plain
    assert len(zipped) < len(plain) / 2
    for answer, body in zip(answers, (plain, zipped, standard), strict=True):
        assert answer.headers["content-length"] == str(len(body))
        assert answer.headers["vary"] == "Accept, Accept-Encoding"


def raw(client: TestClient, coding: str, address: str = LIST) -> bytes:
    """The body as received."""
    with client.stream("GET", address, headers={"Accept-Encoding": coding}) as answer:
        return b"".join(answer.iter_raw())


@pytest.mark.parametrize("address", ["/v1", "/docs/favicon-32x32.png", "/livez"])
def test_what_coding_does_not_help_stays_plain(client: TestClient, address: str) -> None:
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})

    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers


@pytest.mark.aside
@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_a_stream_is_coded_and_not_kept(client: TestClient, form: str) -> None:
    address = f"/v1/evidence?format={form}"
    plain, zipped, standard = (raw(client, coding, address) for coding in ("", "gzip", "zstd"))

    assert gzip.decompress(zipped) == plain
    assert zstandard.ZstdDecompressor().decompressobj().decompress(standard) == plain
    tags = {tag_of(client, coding, address) for coding in ("", "gzip", "zstd")}
    assert len(tags) == 3


# The cache


def test_the_order_of_parameters_does_not_matter(own: TestClient) -> None:
    one, other = ("/v1/evidence?native=true&limit=2", "/v1/evidence?limit=2&n%61tive=true")

    assert own.get(one).json() == own.get(other).json() == own.get(other).json()


@pytest.mark.parametrize("address", ["/v1/evidence?limit=2&limit=3", "/v1/evidence?lim=2"])
def test_a_refusal_is_not_forgotten(client: TestClient, address: str) -> None:
    client.get("/v1/evidence?limit=2")

    assert [client.get(address).status_code for _ in range(3)] == [422] * 3


def test_forms_are_kept_apart(client: TestClient) -> None:
    types = {
        client.get(LIST, headers={"Accept": form}).headers["content-type"].partition(";")[0]
        for _ in range(2)
        for form in ("application/json", "text/csv", "application/x-ndjson")
    }

    assert types == {"application/json", "text/csv", "application/x-ndjson"}
    assert client.get(LIST, headers={"Accept": "image/png"}).status_code == 406


@contextmanager
def renderings(before: Any = None, after: Any = None) -> Iterator[None]:
    """Call something before or after each statement that renders rows."""
    run = Statement.rows

    def told(kept: Statement, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        renders = "AS item" in kept.sql
        if renders and before:
            before()
        found = run(kept, connection, values)
        if renders and after:
            after()
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Statement, "rows", told)
        yield


def together(settings: Settings, address: str, number: int) -> tuple[set[int], int]:
    """Send identical queries at once, answered only when all have arrived: statuses, statements."""
    app, all_there = create_app(settings), threading.Event()
    arrived: list[None] = []
    asked: list[bool] = []

    async def counted(scope: Scope, receive: Receive, send: Send) -> None:
        arrived.append(None)
        if len(arrived) > number:  # the first is the lifespan
            all_there.set()
        await app(scope, receive, send)

    with (
        TestClient(counted) as client,
        renderings(before=lambda: asked.append(all_there.wait(SECONDS))),
        ThreadPoolExecutor(number) as pool,
    ):
        statuses = set(pool.map(lambda _: client.get(address).status_code, range(number)))
    return statuses, len(asked)


def test_a_hundred_equal_questions_are_one_for_the_database(copy: Settings) -> None:
    statuses, asked = together(copy, LIST, 100)

    assert (statuses, asked) == ({200}, 1)


def test_refusals_are_answered_each_for_itself(copy: Settings) -> None:
    statuses, asked = together(copy, "/v1/mechanisms/none", 10)

    assert (statuses, asked) == ({404}, 10)


def test_an_answer_under_way_does_not_outlive_a_change(copy: Settings) -> None:
    begun, go_on = threading.Event(), threading.Event()
    db = Database(copy)

    def hold() -> None:
        if not begun.is_set():
            begun.set()
            go_on.wait(SECONDS)

    with TestClient(create_app(copy)) as client, ThreadPoolExecutor(1) as pool:
        with renderings(after=hold):
            early = pool.submit(client.get, ITEM)
            assert begun.wait(SECONDS)
            rename(db, "later")
            later = client.get(ITEM)
            go_on.set()
            early.result()

        assert later.json()["name"] == "later"
        assert client.get(ITEM).json()["name"] == "later"
    db.close()


def test_a_change_between_the_rows_and_their_number_is_noticed(copy: Settings) -> None:
    address = "/v1/mechanisms?in_review=true&limit=200"
    db = Database(copy)
    commits: list[str] = []

    def commit_once() -> None:
        if not commits:
            commits.append("UPDATE mechanism SET in_review = false WHERE id = 'adcc-enhancement'")
            with db.write() as connection:
                connection.execute(text(commits[0]))
                revise(connection, RELEASE)

    with TestClient(create_app(copy.model_copy(update={"cache_megabytes": 0}))) as client:
        before = client.get(address).json()
        with renderings(after=commit_once):
            during = client.get(address).json()
        after = client.get(address).json()

    assert commits
    assert [len(page["items"]) - page["total"] for page in (before, during, after)] == [0, 0, 0]
    assert after["total"] == before["total"] - 1
    db.close()


def test_without_a_database_what_needs_none_is_answered(tmp_path: Any) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/none.db")
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        assert client.get("/livez").status_code == 200
        assert client.get("/v1/vocabulary").headers["etag"]
        assert client.get(LIST).status_code >= 500


def test_a_lost_connection_is_made_again_and_nothing_old_is_shown(copy: Settings) -> None:
    if copy.embedded:
        pytest.skip("a file has no connections to lose")
    db = Database(copy)
    before = db.state()
    with TestClient(create_app(copy)) as client:
        client.get(ITEM)
        with db.write() as connection:
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
            connection.execute(text(end))
            connection.execute(text("UPDATE mechanism SET name = 'unseen'"))

        assert client.get(ITEM).json()["name"] == "unseen"
    assert db.state() > before
    db.close()


def test_an_old_file_is_seen_to_change_without_our_help(copy: Settings) -> None:
    if not copy.embedded:
        pytest.skip("on PostgreSQL every writer raises the revision")
    db = Database(copy)
    with TestClient(create_app(copy)) as client:
        client.get(ITEM)
        with db.write() as connection:
            connection.execute(text("UPDATE mechanism SET name = 'by hand'"))

        assert client.get(ITEM).json()["name"] == "by hand"
    db.close()


def test_what_is_held_is_bounded() -> None:
    held: Bounded[str, int] = Bounded(10)
    for number, name in enumerate("abc"):
        held.put(name, number, 3)
    held.put("a", 9, 3)
    assert held.get("a") == 0

    held.put("d", 4, 3)
    held.put("too large", 5, 11)

    assert [held.get(name) for name in (*"abcd", "too large")] == [0, None, 2, 4, None]
    held.clear()
    assert held.get("a") is None


def test_totals_are_bounded_and_of_one_state() -> None:
    old, new = State((1, 1), ""), State((1, 2), "")
    totals = Totals()
    totals.put(None, "a", 1)
    totals.put(new, "a", 2)
    totals.put(old, "b", 3)

    assert [totals.get(state, "a") for state in (None, old, new)] == [None, None, 2]
    assert totals.get(new, "b") is None
    for number in range(MOST):
        totals.put(new, number, number)
    assert totals.get(new, "a") is None
    assert totals.get(new, MOST - 1) == MOST - 1
