"""Counts in two dimensions equal those of the lists they link to."""

import random
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from app.api.matrix import PAGING
from app.read.counts import COLUMNS, ROWS
from app.resources.evidence import EVIDENCE
from tests.conftest import SQLITE_FIRST, Clients
from tests.examples import values_of
from tests.looking import some

FILTERS = [
    name for name in EVIDENCE.filters.model_fields if name not in (*PAGING, "outcome", "edge")
]


def leads_to(client: TestClient, counted: Any) -> None:
    """The list behind a count has exactly as many rows, of just these levels and origins."""
    counts = counted["counts"]
    page = client.get(f"{counted['evidence']}{'&' if '?' in counted['evidence'] else '?'}limit=200")
    items = page.json()["items"]

    assert page.json()["total"] == counts["total"]
    assert sum(counts["level"].values()) == sum(counts["origin"].values()) == counts["total"]
    if page.json()["next"] is None:
        for kind in ("level", "origin"):
            for word, number in some(counts[kind].items()):
                assert sum(item[kind] == word for item in items) == number


@pytest.mark.parametrize("client", SQLITE_FIRST, indirect=True)
@pytest.mark.slow
@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("rollup", ["descendants", "exact"])
def test_every_number_is_that_of_its_list(
    client: TestClient, rows: str, columns: str, rollup: str
) -> None:
    matrix = client.get(f"/v1/matrix?rows={rows}&columns={columns}&rollup={rollup}").json()

    leads_to(client, matrix["total"])
    picked = random.Random(7)  # noqa: S311 - which cells are tried is no secret
    cells = picked.sample(some(matrix["cells"]), min(12, len(matrix["cells"])))
    for counted in [*some(matrix["rows"]), *some(matrix["columns"]), *cells]:
        leads_to(client, counted)
    assert {cell["row"] for cell in matrix["cells"]} <= {row["id"] for row in matrix["rows"]}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_the_numbers_hold_under_any_filters(both: Clients, seed: int) -> None:
    picked = random.Random(seed)  # noqa: S311 - as above
    question = {"rows": picked.choice(list(ROWS)), "columns": picked.choice(list(COLUMNS))}
    for name in picked.sample(FILTERS, 2):
        question[name] = picked.choice(values_of(EVIDENCE, name))
    address = f"/v1/matrix?{urlencode(question)}"

    sqlite, postgres = (client.get(address) for client in both)

    assert sqlite.status_code == 200, sqlite.text
    assert sqlite.content == postgres.content
    matrix = sqlite.json()
    for counted in [matrix["total"], *matrix["rows"], *matrix["columns"], *matrix["cells"][:20]]:
        leads_to(both[0], counted)


def test_a_filter_on_a_dimension_keeps_what_lies_below(client: TestClient) -> None:
    address = "/v1/matrix?rows=partner&columns=subtype&subtype=diffuse-large-b-cell-lymphoma"

    columns = [column["id"] for column in client.get(address).json()["columns"]]
    exact = [column["id"] for column in client.get(f"{address}&rollup=exact").json()["columns"]]

    assert {"diffuse-large-b-cell-lymphoma", "dlbcl-abc"} <= set(columns)
    assert "follicular-lymphoma" not in columns
    assert exact == ["diffuse-large-b-cell-lymphoma"]


def test_headings_have_names(client: TestClient) -> None:
    matrix = client.get("/v1/matrix?rows=cell&columns=context&cell=nk-cell").json()

    assert [(row["id"], row["name"]) for row in matrix["rows"]] == [("nk-cell", "NK cell")]
    assert "b-cell-nhl" in {column["name"] for column in matrix["columns"]}


@pytest.mark.parametrize(
    "question",
    [
        "",
        "rows=mechanism",
        "rows=subtype&columns=context",
        "rows=cell&columns=context&limit=3",
        "rows=cell&columns=context&subtype=none",
        "rows=cell&rows=level&columns=context",
    ],
)
def test_a_question_that_makes_no_matrix(client: TestClient, question: str) -> None:
    answer = client.get(f"/v1/matrix?{question}")

    assert answer.status_code == 422
    assert answer.json()["faults"]
