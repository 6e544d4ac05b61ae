"""Every refusal is a problem document that says what to do and never repeats what was sent."""

import http.client
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.errors import PROBLEMS
from app.main import create_app
from app.resources import ALL
from app.settings import Settings
from tests.bench.servers import HOST, service
from tests.limits import SECONDS

SECRET = "hunter2-canary"  # noqa: S105 - a word to look for in answers


def refusal(client: TestClient, status: int, method: str, address: str, **kw: Any) -> Any:
    answer = client.request(method, address, **kw)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document.keys() == {
        "type",
        "title",
        "status",
        "detail",
        "request_id",
        "faults",
        "nearest",
    }
    assert document["status"] == status
    assert document["request_id"] == answer.headers["x-request-id"]
    assert client.get(document["type"]).json()["status"] == status
    assert SECRET not in answer.text
    return document


def test_unknown_path(client: TestClient) -> None:
    document = refusal(client, 404, "GET", f"/v1/{SECRET}")

    assert document["detail"] == "There is nothing at this address; see /v1 and /docs."


@pytest.mark.parametrize("resource", ALL, ids=lambda one: one.plural)
def test_unknown_id_in_a_path_shows_ids_that_look_alike(client: TestClient, resource: Any) -> None:
    wrong = f"{resource.example.id}x"

    for below in ("", "/evidence") if resource.name != "evidence" else ("",):
        document = refusal(client, 404, "GET", f"/v1/{resource.plural}/{wrong}{below}")

        assert resource.example.id in document["nearest"]
        assert len(document["nearest"]) <= 3


def test_unknown_id_as_a_filter_value_shows_ids_that_look_alike(client: TestClient) -> None:
    document = refusal(
        client, 422, "GET", "/v1/evidence?subtype=folicular-lymphoma&cell=nk-cel&cell=t-cell"
    )

    assert document["faults"] == [
        {
            "parameter": "subtype",
            "message": "names no known subtype",
            "nearest": document["faults"][0]["nearest"],
        },
        {
            "parameter": "cell",
            "message": "value 1 of 2 names no known cell",
            "nearest": document["faults"][1]["nearest"],
        },
    ]
    assert document["faults"][0]["nearest"][0] == "follicular-lymphoma"
    assert document["faults"][1]["nearest"][0] == "nk-cell"


def test_an_entity_that_is_no_cell_is_no_value_of_cell(client: TestClient) -> None:
    document = refusal(client, 422, "GET", "/v1/evidence?cell=crbn")

    assert document["faults"][0]["message"] == "names no known cell"


def test_unknown_parameter_shows_names_that_look_alike(client: TestClient) -> None:
    document = refusal(client, 422, "GET", f"/v1/mechanisms?subtipe={SECRET}")

    assert document["faults"] == [
        {
            "parameter": "subtipe",
            "message": "is not a parameter of this address",
            "nearest": ["subtype"],
        }
    ]


def test_unknown_parameter_that_looks_like_none_lists_them_all(client: TestClient) -> None:
    document = refusal(client, 422, "GET", "/v1/subtypes?zzz=1")

    assert document["faults"][0]["message"] == (
        "is not a parameter of this address; it takes bom, course, cursor, fields, format, id, "
        "limit, parent, q, rollup, sort, view, xref"
    )


def test_only_the_first_of_many_faults_are_told(client: TestClient) -> None:
    names = [f"none{number}" for number in range(500)]

    document = refusal(client, 422, "GET", f"/v1/subtypes?{'=1&'.join(names)}=1")

    assert [fault["parameter"] for fault in document["faults"]] == names[:20]
    assert document["detail"] == "Correct the parameters listed in `faults`, the first 20 of 500."


def test_a_refusal_needs_no_openapi_document(copy: Settings) -> None:
    def never() -> dict[str, Any]:
        raise AssertionError  # pragma: no cover

    app = create_app(copy)
    app.openapi = never  # type: ignore[method-assign]  # as FastAPI's own manual has it
    with TestClient(app) as client:
        refusal(client, 422, "GET", "/v1/subtypes?subtipe=1")
        refusal(client, 422, "GET", "/v1/dataset?subtipe=1")
        refusal(client, 405, "POST", "/v1/outcomes")


def test_a_parameter_name_that_is_not_plain_is_not_repeated(client: TestClient) -> None:
    document = refusal(client, 422, "GET", f"/v1/mechanisms?<b>{SECRET}=1")

    assert document["faults"][0]["parameter"] == "a parameter"


def test_the_filter_that_the_address_gives_is_not_a_parameter_too(client: TestClient) -> None:
    address = "/v1/mechanisms/adcc-enhancement/evidence?mechanism=adcc-enhancement"

    document = refusal(client, 422, "GET", address)

    assert document["faults"][0]["parameter"] == "mechanism"


@pytest.mark.parametrize("limit", ["0", "201", "-1", str(2**63), "1e3", "", "ten", "1.5", "null"])
def test_limit_out_of_bounds(client: TestClient, limit: str) -> None:
    document = refusal(client, 422, "GET", f"/v1/evidence?limit={limit}")

    assert [fault["parameter"] for fault in document["faults"]] == ["limit"]


@pytest.mark.parametrize(
    "question",
    [
        f"kind={SECRET}",
        f"level={SECRET}",
        f"native={SECRET}",
        "native=yes",
        "known_by=1949",
        "known_by=next",
        f"sort={SECRET}",
        "sort=statement",
        f"rollup={SECRET}",
        "subtype=",
        f"subtype={SECRET}_",
        "subtype=" + "a" * 101,
        "&".join("origin=native" for _ in range(21)),
    ],
)
def test_a_value_that_a_parameter_cannot_take(client: TestClient, question: str) -> None:
    document = refusal(client, 422, "GET", f"/v1/evidence?{question}")

    assert document["faults"][0]["parameter"] == question.partition("=")[0]


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "WyJldmlkZW5jZSJd", "!!!!", "W10", "bnVsbA", "A" * 1001, "W1siZXZpZGVuY2UiXV0", "é"],
)
def test_a_broken_cursor(client: TestClient, cursor: str) -> None:
    document = refusal(client, 422, "GET", f"/v1/evidence?cursor={cursor}")

    assert document["faults"][0]["parameter"] == "cursor"


def test_a_cursor_of_another_list_or_order(client: TestClient) -> None:
    of_subtypes = client.get("/v1/subtypes?limit=1").json()["next"].partition("cursor=")[2]
    by_kind = client.get("/v1/evidence?limit=1&sort=kind").json()["next"].partition("cursor=")[2]

    refusal(client, 422, "GET", f"/v1/evidence?cursor={of_subtypes}")
    refusal(client, 422, "GET", f"/v1/evidence?cursor={by_kind}")


@pytest.mark.parametrize(
    "address",
    ["/v1/evidence?cursor=%00", "/v1/%00", "/v1/evidence?subtype=%ED%A0%80", "/v1/%FF", "/v1?%C3"],
)
def test_text_that_is_no_text(client: TestClient, address: str) -> None:
    refusal(client, 400, "GET", address)


def test_a_very_long_target(client: TestClient) -> None:
    refusal(client, 414, "GET", "/v1/evidence?cursor=" + "a" * 10_000)


def test_headers_that_are_too_many_or_too_large(client: TestClient) -> None:
    refusal(client, 431, "GET", "/v1", headers={f"x-{n}": "1" for n in range(101)})
    refusal(client, 431, "GET", "/v1", headers={"x-long": "a" * 16_385})


def test_a_body_that_is_too_large(client: TestClient) -> None:
    refusal(client, 413, "GET", "/v1/evidence", content=b"a" * 65_537)


@pytest.mark.parametrize(
    "accept",
    ["image/png", "text/html", "application/json;q=0", "image/png".ljust(1_024)],
)
def test_an_accept_that_cannot_be_met(client: TestClient, accept: str) -> None:
    document = refusal(client, 406, "GET", "/v1/vocabulary", headers={"accept": accept})

    assert document["detail"] == "This address offers only application/json; change `Accept`."


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "application/*",
        "text/html;level=1, application/json;v=1;q=0.1",
        "image/png, */*",
        # Too long to be read, and so ignored.
        "image/png".ljust(1_025),
    ],
)
def test_an_accept_that_can_be_met(client: TestClient, accept: str) -> None:
    assert client.get("/v1/evidence?limit=1", headers={"accept": accept}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "QUERY"])
@pytest.mark.parametrize("address", ["/v1/outcomes", "/v1/outcomes/x", "/livez", "/docs"])
def test_a_method_that_the_address_does_not_take(
    client: TestClient, method: str, address: str
) -> None:
    answer = client.request(method, address)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    refusal(client, 405, method, address)


def test_an_unknown_kind_of_problem(client: TestClient) -> None:
    refusal(client, 404, "GET", "/problems/none")


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda one: one.slug)
def test_every_kind_of_problem_is_explained(client: TestClient, problem: Any) -> None:
    answer = client.get(f"/problems/{problem.slug}")

    assert answer.json() == {
        "type": f"/problems/{problem.slug}",
        "title": problem.title,
        "status": problem.status,
        "meaning": problem.meaning,
    }


def test_a_request_id_of_the_caller_comes_back_if_it_is_plain(client: TestClient) -> None:
    plain, odd = "0123abcd-plain", "not plain!"

    assert client.get("/v1", headers={"x-request-id": plain}).headers["x-request-id"] == plain
    answered = client.get("/v1", headers={"x-request-id": odd}).headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", answered)


def test_head_is_get_without_a_body(client: TestClient) -> None:
    for address in ("/v1/evidence?limit=3", "/v1/subtypes/follicular-lymphoma", "/v1", "/nope"):
        got, head = client.get(address), client.head(address)
        assert head.status_code == got.status_code
        assert head.content == b""
        for name in ("content-length", "content-type", "link"):
            assert head.headers.get(name) == got.headers.get(name)


@pytest.mark.parametrize("length", ["", "x", "-1", "+1", "1_0", "1" * 20, "9" * 5_000])
def test_a_length_that_is_no_number(client: TestClient, length: str) -> None:
    refusal(client, 400, "GET", "/v1", headers={"content-length": length})


def test_two_hosts_are_one_too_many(client: TestClient) -> None:
    answer = client.get("/v1", headers=[("host", "a"), ("host", "b")])

    assert answer.status_code == 400
    assert answer.json()["detail"] == "A request needs exactly one Host header."


@pytest.mark.slow
def test_a_connection_goes_on_after_head(urls: dict[str, str]) -> None:
    # The server itself looks at the method, to know that no body belongs to the answer.
    with service(urls["sqlite"]) as server:
        connection = http.client.HTTPConnection(HOST, server.port, timeout=SECONDS)
        for method in ("HEAD", "HEAD", "GET"):
            connection.request(method, "/v1/mechanisms?limit=2")
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == 200
            assert len(body) == (0 if method == "HEAD" else int(answer.headers["content-length"]))
        connection.close()
