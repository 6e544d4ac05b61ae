"""`fields=` on lists: the named columns of a file, in the order asked for, from both databases."""

import csv
import io
import json
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.formats.csv import columns
from app.resources import ALL
from app.resources.evidence import EVIDENCE
from app.schema.resource import Resource
from tests.conftest import BOTH
from tests.looking import some

Apps = Mapping[str, TestClient]


@cache
def names(resource: Resource) -> list[str]:
    return [column.name for column in columns(resource.read)]


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def refused(answer: Any, message: str, *nearest: str) -> None:
    assert answer.status_code == 422
    (fault,) = answer.json()["faults"]
    assert fault["parameter"] == "fields"
    assert fault["message"] == message
    assert fault["nearest"][:1] == list(nearest)


@given(
    resource=st.sampled_from(ALL),
    chosen=st.data(),
    limit=st.integers(1, 4),
)
@settings(max_examples=40)
def test_any_columns_are_those_of_the_whole_file(
    apps: Apps, resource: Resource, chosen: st.DataObject, limit: int
) -> None:
    """Whatever their order, and however often one is named: in one text or in several."""
    wanted = chosen.draw(st.lists(st.sampled_from(names(resource)), min_size=1, max_size=8))
    cuts = chosen.draw(st.integers(1, len(wanted)))
    texts = [",".join(wanted[:cuts]), *wanted[cuts:]]
    path = f"/v1/{resource.plural}"
    asked = urlencode({"fields": texts, "limit": limit}, doseq=True)
    once = list(dict.fromkeys(wanted))

    for form in ("csv", "ndjson"):
        answers = [apps[name].get(f"{path}?{asked}&format={form}") for name in BOTH]
        assert [one.status_code for one in answers] == [200, 200]
        assert answers[0].content == answers[1].content
        if form == "csv":
            header, *_ = csv.reader(io.StringIO(answers[0].text, newline=""))
            whole = table(apps["sqlite"].get(f"{path}?limit={limit}&format=csv").text)
            assert header == once
            assert table(answers[0].text) == [{name: row[name] for name in once} for row in whole]
        else:
            lines = [json.loads(line) for line in answers[0].text.splitlines()]
            assert len(lines) == limit
            assert [list(line) for line in lines] == [once] * limit


def test_the_columns_of_ndjson_keep_their_types(client: TestClient) -> None:
    wanted = "in_review,reference.year,subject.links,subtypes,note,reference.pmid"
    asked = "id=lapalombella-antagonism"
    answer = client.get(f"/v1/evidence?{asked}&format=ndjson&fields={wanted}")
    row = client.get("/v1/evidence/lapalombella-antagonism").json()

    assert json.loads(answer.text) == {
        "in_review": row["in_review"],
        "reference.year": row["reference"]["year"],
        "subject.links": [f"{one['type']}:{one['id']}" for one in row["subject"]["links"]],
        "subtypes": [one["id"] for one in row["subtypes"]],
        "note": row["note"],
        "reference.pmid": row["reference"]["pmid"],
    }
    assert isinstance(row["reference"]["year"], int)


def test_columns_hold_for_every_page_and_below_a_row(client: TestClient) -> None:
    found = client.get("/v1/evidence?format=csv&fields=id")
    of_row = client.get("/v1/partners/rituximab/evidence?format=csv&fields=origin,id&bom=true")

    assert len(some(table(found.text))) == client.get("/v1/evidence?limit=1").json()["total"]
    assert of_row.text.startswith("\ufefforigin,id\r\n")
    assert "charset=utf-8" in of_row.headers["content-type"]


def test_a_page_with_columns_leads_to_the_next_one_with_the_same(client: TestClient) -> None:
    first = client.get("/v1/evidence?format=csv&fields=level,id&limit=2")
    following = first.links["next"]["url"]
    second = client.get(following)

    assert "fields=level%2Cid" in following
    assert second.text.splitlines()[0] == "level,id"
    assert len(table(second.text)) == 2
    assert not {row["id"] for row in table(first.text)} & {row["id"] for row in table(second.text)}


def test_an_unknown_column_is_refused_with_the_nearest(client: TestClient) -> None:
    message = "names no column of this list"

    for form in ("csv", "ndjson"):
        start = f"/v1/evidence?format={form}&fields="
        refused(client.get(f"{start}id,statements"), message, "statement")
        refused(client.get(f"{start}reference.years"), message, "reference.year")
        for empty in ("", "id,", ",", "zzz-qqq", "%01"):
            refused(
                client.get(start + empty),
                f"{message}; the first line of the CSV names them all",
            )


def test_the_number_of_faults_is_bounded(client: TestClient) -> None:
    wrong = ",".join(f"zz{number}level" for number in range(100))
    answer = client.get(f"/v1/evidence?format=csv&fields={wrong}")

    assert answer.status_code == 422
    assert len(answer.json()["faults"]) == 20
    assert "zz1" not in answer.text


@pytest.mark.parametrize("form", ["", "&format=json", "&format=bibtex"])
def test_what_has_no_columns_refuses_them(client: TestClient, form: str) -> None:
    refused(
        client.get(f"/v1/evidence?fields=id{form}"),
        "chooses columns of a file; add `format=csv` or `format=ndjson`",
    )


def test_an_accept_header_gives_columns_too(client: TestClient) -> None:
    answer = client.get("/v1/subtypes?fields=id,course", headers={"accept": "text/csv"})

    assert answer.text.splitlines()[0] == "id,course"


def test_each_choice_is_an_answer_of_its_own(client: TestClient) -> None:
    """The cache and the tags keep them apart."""
    start = "/v1/subtypes?format=csv"
    found = {
        query: client.get(f"{start}{query}")
        for query in ("", "&fields=id", "&fields=id,name", "&fields=name,id", "&fields=id&bom=true")
    }

    assert len({one.content for one in found.values()}) == len(found)
    for query, answer in found.items():
        again = client.get(f"{start}{query}")
        assert again.content == answer.content
        assert again.headers.get("etag") == answer.headers.get("etag")


@pytest.mark.aside
def test_the_documents_name_columns_that_exist(client: TestClient) -> None:
    parameters = client.get("/openapi.json").json()["components"]["parameters"]

    assert "`id,statement,reference.year`" in parameters["Fields"]["description"]
    assert {"id", "statement", "reference.year"} <= set(names(EVIDENCE))
