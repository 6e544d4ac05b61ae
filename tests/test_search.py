"""Search: what people type finds the right row, alike on both databases, and never fails."""

from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from starlette.testclient import TestClient

from app.__main__ import main
from app.resources import ALL
from app.schema.index import search_name, search_row, search_term, search_word
from app.schema.pages import MAX_QUERY
from app.schema.resource import Resource
from app.search.highlights import LONGEST, Marker
from app.search.index import types
from app.search.shapes import SearchAnswer
from app.settings import Settings
from app.spelling import chunks, key, matches, pieces_of
from app.write import index
from app.write.rebuild import differing
from app.write.rows import SHAPES
from app.write.store import drop, put, put_all
from app.write.stored import stored
from tests.changing import changing
from tests.conftest import SQLITE_FIRST, Clients
from tests.judged import FIRST, HELD_BACK, LATER, Judged
from tests.looking import pages, some
from tests.writing import documents, entry, record, undone

PLURALS = {one.name: one.plural for one in ALL}
ODD = (
    *("", " ", "%", "'", '"', "';--", "((", "*", "the of", "\u202e", "\U0001f600", "x" * 300),
    *("a" * 4000, "-" * 50, "IL-2 " * 200, "\u0301", "ﬁ ﬁ", "10.1200/JCO.2014.59.5363/x"),
)


def ask(client: TestClient, **query: Any) -> Any:
    answer = client.get("/v1/search", params=query)
    assert answer.status_code == 200, query
    SearchAnswer.model_validate(answer.json())
    return answer.json()


def found(client: TestClient, **query: Any) -> list[str]:
    return [f"{one['type']}/{one['id']}" for one in ask(client, **query)["items"]]


@pytest.mark.aside
@pytest.mark.parametrize(
    ("name", "judged", "goal"),
    [("first", FIRST, 0.95), ("held back", HELD_BACK, 0.93), ("later", LATER, 0.9)],
)
def test_the_right_row_comes_first(
    client: TestClient,
    capsys: pytest.CaptureFixture[str],
    name: str,
    judged: Judged,
    goal: float,
) -> None:
    total = 0.0
    for question, right in judged.items():
        hits = found(client, q=question)
        total += next((1 / at for at, hit in enumerate(hits, 1) if hit in right), 0.0)
    mean = total / len(judged)
    with capsys.disabled():
        print(f"\nsearch, {name} {len(judged)} questions: mean reciprocal rank {mean:.3f}")

    assert mean >= goal


@pytest.mark.slow
@pytest.mark.parametrize("text", [*FIRST, *HELD_BACK, *LATER, *ODD])
def test_both_databases_give_the_same_bytes(both: Clients, text: str) -> None:
    address = f"/v1/search?{urlencode({'q': text, 'limit': 100})}"
    sqlite, postgres = (client.get(address) for client in both)

    expected = 200 if len(text) <= MAX_QUERY else 422
    assert sqlite.status_code == postgres.status_code == expected
    assert expected == 422 or sqlite.content == postgres.content


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40))
def test_any_text_is_answered_alike(both: Clients, text: str) -> None:
    for address in (f"/v1/search?q={quote(text)}", f"/v1/entities?q={quote(text)}&limit=3"):
        sqlite, postgres = (client.get(address) for client in both)

        assert sqlite.status_code == postgres.status_code == 200
        assert sqlite.content == postgres.content


KNOWN = """
cereblon angiogenesis macrophage SPRINT elderly neutropenia synapse CD20 thrombosis rituximab
degradation Ibrutinib interferon maintenance galectin
"""


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(KNOWN.split()), min_size=1, max_size=8, unique=True))
def test_known_words_find_rows_even_if_none_has_them_together(
    both: Clients, words: list[str]
) -> None:
    query = urlencode({"q": " ".join([*words, "relapse"])})
    sqlite, postgres = (client.get(f"/v1/search?{query}") for client in both)

    assert sqlite.json()["items"]
    assert sqlite.content == postgres.content


def test_the_rows_with_most_of_the_words_are_found(client: TestClient) -> None:
    fewer = ask(client, q="CRBN expression response", limit=100)["items"]
    hits = found(client, q="does CRBN expression predict response", limit=100)

    assert "reference/zhu-2011" in hits
    assert found(client, q="angiogenesis SPRINT thrombosis synapse macrophage Richter elderly")
    assert set(hits) <= {f"{one['type']}/{one['id']}" for one in fewer}


def test_the_types_asked_for_do_not_decide_how_many_words_are_enough(client: TestClient) -> None:
    text = "lenalidomide CD20 antigen expression cell"
    every = ask(client, q=text, limit=100)

    for one in PLURALS:
        counts = [facet["count"] for facet in every["facets"] if facet["type"] == one]
        assert ask(client, q=text, type=one)["total"] == sum(counts), one


def test_an_accent_alone_is_no_word(client: TestClient) -> None:
    plain, accented = (client.get(f"/v1/search?q={one}") for one in ("cereblon", "cereblon+%CC%81"))

    assert accented.status_code == 200
    assert [one["id"] for one in accented.json()["items"]] == [
        one["id"] for one in plain.json()["items"]
    ]


def test_pages_hold_every_row_once_in_the_order_of_one_page(client: TestClient) -> None:
    whole = found(client, q="ibrutinib resistance", limit=100)
    listed = pages(client, "/v1/search?q=ibrutinib+resistance&limit=7")

    assert [f"{one['type']}/{one['id']}" for one in listed][:100] == whole
    assert len({(one["type"], one["id"]) for one in listed}) == len(listed)
    assert len(listed) == ask(client, q="ibrutinib resistance")["total"]


def test_a_cursor_is_for_its_own_question(client: TestClient) -> None:
    address = ask(client, q="ibrutinib", limit=1)["next"]
    cursor = address.partition("cursor=")[2]

    for query in (
        f"q=rituximab&cursor={cursor}",
        f"q=ibrutinib&type=entity&cursor={cursor}",
        "q=ibrutinib&cursor=none",
        f"q=ibrutinib&cursor={cursor}A",
    ):
        answer = client.get(f"/v1/search?{query}")
        assert answer.status_code == 422, query
        assert [one["parameter"] for one in answer.json()["faults"]] == ["cursor"]


def test_facets_count_the_rows_of_each_type(client: TestClient) -> None:
    answer = ask(client, q="thrombosis", limit=100)
    counted = {one["type"]: one["count"] for one in answer["facets"]}

    assert sum(counted.values()) == answer["total"] == len(answer["items"])
    for name, count in some(counted.items()):
        typed = ask(client, q="thrombosis", type=name, limit=100)
        assert typed["total"] == count
        assert {one["type"] for one in typed["items"]} == {name}
    both = ask(client, q="thrombosis", type=["entity", "evidence"])
    assert both["total"] == counted["entity"] + counted["evidence"]


def test_a_row_leads_to_its_address_and_shows_why(client: TestClient) -> None:
    for hit in some(ask(client, q="interferon beta", limit=100)["items"]):
        assert client.get(hit["address"]).json()["id"] == hit["id"]
        for highlight in hit["highlights"]:
            marked = [highlight["text"][one["start"] : one["end"]] for one in highlight["spans"]]
            assert all(marked), hit
            assert len(highlight["text"]) <= 300
    texts = [
        highlight["text"][one["start"] : one["end"]]
        for hit in ask(client, q="IFN-β")["items"]
        for highlight in hit["highlights"]
        for one in highlight["spans"]
    ]
    assert {"interferon beta 1", "IFN-beta"} & set(texts)


def test_a_long_text_is_cut_around_the_words(client: TestClient) -> None:
    shown = [
        highlight
        for hit in ask(client, q="antiangiogenic", type="mechanism")["items"]
        for highlight in hit["highlights"]
        if highlight["field"] == "summary"
    ]

    for one in some(shown):
        assert "antiangiogenic" in one["text"]
        assert len(one["text"]) <= 240


@given(text=st.text("aAb-/\u2019\u03b2\u00c9\u0301_(\n\u00a0 ", max_size=LONGEST))
@example(text=" (" + "b(" * 60 + "a  a")
def test_every_piece_that_has_a_word_is_marked(text: str) -> None:
    words = {"a", "abeta", "b"}
    pieces = [one for one in chunks(text) if not words.isdisjoint({one.joined, *one.parts})]

    found = Marker(words).excerpt(text)

    spans = list(found.spans) if found else []
    assert bool(spans) == bool(pieces)
    for one in pieces:
        assert any(start <= one.start and one.end <= end for start, end in spans)
    for start, end in spans:
        inside = [one for one in pieces if start <= one.start and one.end <= end]
        assert sum(one.end - one.start + 1 for one in inside) == end - start + 1


@given(text=st.text("aB1-/'._:( \u03b2\u0301", max_size=40))
@example(text="anti-CD20 (IL-2/IL-15): 1,2-dioxygenase_like 'a' a--b 5.'")
def test_pieces_are_the_same_with_and_without_their_places(text: str) -> None:
    assert pieces_of(text) == [found[0] for found in matches(text)]


@pytest.mark.parametrize(
    ("text", "how", "word"),
    [
        ("CRBN", "synonym", "cereblon"),
        ("rituxi", "ending", "rituximab"),
        ("obinituzumab", "spelling", "obinutuzumab"),
        # Another drug of the same class is not a spelling of one that is known.
        ("polatuzumab", "unknown", None),
        ("iberdolisib", "unknown", None),
        # A wrong first letter is the only mistake, and a word that is rare and no name is none.
        ("ituximab", "spelling", "rituximab"),
        ("Ikarus", "spelling", "ikaros"),
        ("galectin", "unknown", None),
        ("siltuximab", "unknown", None),
        ("Richter", "unknown", None),
        ("qqqqqqqqqq", "unknown", None),
        ("7q7q", "unknown", None),
        ("zzqx-qxzz", "unknown", None),
    ],
)
def test_an_answer_says_how_it_was_understood(
    client: TestClient, text: str, how: str, word: str | None
) -> None:
    answer = ask(client, q=f"  {text}")
    (one,) = answer["understood"]

    assert (one["start"], one["end"], one["how"]) == (2, 2 + len(text), how)
    assert word in one["words"] if word else not one["words"]
    assert answer["did_you_mean"] == (word if how == "spelling" else None)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("anti-PD-1", "PD-1"),
        ("phospho-ERK", "ERK"),
        ("lenalidomide-induced neutropenia", "lenalidomide neutropenia"),
        ("CRBN-mediated degradation", "CRBN degradation"),
        ("BTK/PI3K", "BTK PI3K"),
        ("what do we know about the role of IRF4?", "IRF4"),
        ("what is the best treatment of mantle cell lymphoma", "mantle cell lymphoma"),
        ("pubmed 24292623", "24292623"),
        ("lenalidomide-zzzz", "lenalidomide zzzz"),
        ("IMiD-based", "IMiD"),
        ("HDAC-inhibitor", "HDAC inhibitor"),
    ],
)
def test_what_only_asks_or_is_joined_to_a_name_does_not_count(
    client: TestClient, text: str, same: str
) -> None:
    assert some(found(client, q=text)) == found(client, q=same)


def test_a_query_of_asking_words_alone_is_searched_as_it_is(client: TestClient) -> None:
    for text in ("patients", "what causes it", "used", "24292623-1"):
        assert ask(client, q=text)["items"], text


def test_a_question_for_a_reason_finds_mechanisms_first(client: TestClient) -> None:
    for question in (
        "why does lenalidomide cause neutropenia",
        "how is NF-kB inhibited",
        "what does lenalidomide do to T cells",
    ):
        assert found(client, q=question)[0].startswith("mechanism/")
    numbers = found(client, q="how many patients responded in EMERGE")
    assert numbers[0] == "conflict/emerge-response-count"


def test_the_references_behind_what_is_found(client: TestClient) -> None:
    def cited(query: str) -> list[str]:
        answer = client.get(f"/v1/search?{query}&format=csl-json")
        assert answer.status_code == 200
        return [one["id"] for one in answer.json()]

    hits = found(client, q="emerge", limit=100)
    behind: set[str] = set()
    for hit in some(hits):
        name, _, row_id = hit.partition("/")
        address = f"/v1/{PLURALS[name]}/{row_id}?format=csl-json"
        behind |= {one["id"] for one in client.get(address).json()}
    assert set(some(cited("q=emerge"))) == behind
    papers = found(client, q="cereblon resistance", type="reference", limit=100)
    ids = [one.removeprefix("reference/") for one in some(papers)]
    assert cited("q=cereblon+resistance&type=reference") == ids
    (only,) = ask(client, q="gribben 2015", limit=1)["items"]
    assert cited("q=gribben+2015&limit=1") == [only["id"]] == ["gribben-2015"]
    following = ask(client, q="emerge", limit=1)["next"].partition("cursor=")[2]
    assert set(cited(f"q=emerge&cursor={following}")) <= behind
    assert cited("q=zzzz") == []
    typed = client.get("/v1/search?q=emerge&type=trial&format=bibtex")
    assert typed.headers["content-type"].startswith("application/x-bibtex")


def test_a_search_that_finds_nothing_says_why(client: TestClient) -> None:
    assert ask(client, q="cereblon")["why"] is None
    assert ask(client, q="zzzz")["why"] == {
        "reason": "The search finds no row of any type.",
        "by": [],
    }
    (lifted,) = ask(client, q="thalidomide", type="trial")["why"]["by"]
    assert lifted == {"filter": "type", "total": ask(client, q="thalidomide")["total"]}
    for address, reason in (("resolve?name=zzzz", "No row has"), ("suggest?q=zzzz", "No name")):
        answer = client.get(f"/v1/{address}").json()
        assert (answer["items"], answer["why"]["reason"][: len(reason)]) == ([], reason)


def test_a_common_word_finds_the_rows_of_which_it_tells_most(client: TestClient) -> None:
    answer = ask(client, q="lymphoma response", limit=1)
    assert (answer["total"], answer["next"] is None) == (None, False)
    assert answer["total_at_least"] > 100
    typed = ask(client, q="lymphoma response", type="mechanism")
    assert typed["total"] == typed["total_at_least"] > 0


@pytest.mark.parametrize("resource", ALL, ids=lambda one: one.plural)
def test_every_list_can_be_searched(client: TestClient, resource: Resource) -> None:
    asked = "lenalidomide+in+lymphoma"
    address = f"/v1/{resource.plural}?q={asked}"
    listed = [one["id"] for one in pages(client, f"{address}&limit=50")]
    searched = pages(client, f"/v1/search?q={asked}&type={resource.name}&limit=100")

    assert some(listed) == [one["id"] for one in searched]
    for sort in ("id", "-id"):
        ordered = [one["id"] for one in pages(client, f"{address}&limit=90&sort={sort}")]
        assert ordered == sorted(listed, reverse=sort == "-id")
    assert client.get(f"{address}&format=csv").text.count("\n") > len(listed)


@pytest.mark.parametrize("sort", ["year", "-year"])
def test_a_searched_list_keeps_filters_and_order(client: TestClient, sort: str) -> None:
    address = f"/v1/references?q=lenalidomide&sort={sort}"
    whole = pages(client, f"/v1/references?sort={sort}&limit=200")
    hits = {one["id"] for one in pages(client, f"{address}&limit=200")}

    listed = [one["id"] for one in pages(client, f"{address}&limit=3")]

    assert {one["year"] for one in whole if one["id"] in hits} >= {None}
    assert some(listed) == [one["id"] for one in whole if one["id"] in hits]
    claims = pages(client, "/v1/partners/ibrutinib/evidence?q=synergy&level_is=D")
    assert {one["level"] for one in some(claims)} == {"D"}


@pytest.mark.slow
def test_the_index_follows_every_write(copy: Settings) -> None:
    content = documents()
    one = entry(content, "partners", "ibrutinib")
    one["synonyms"] = [*one["synonyms"], "Neverheardof"]
    with undone(copy) as connection:
        put(connection, record("partners", one))
        assert names(connection, "Neverheardof") == ["ibrutinib"]
        assert differing(connection) == []
        one["synonyms"].remove("Neverheardof")
        put(connection, record("partners", one))
        assert names(connection, "Neverheardof") == []
        new = entry(content, "evidence", "augment-pfs")
        put(connection, record("evidence", new | {"id": "new", "statement": "Heard never before."}))
        drop(connection, "evidence", "new")
        put_all(connection, [record("evidence", one) for one in content["evidence"]])
        assert differing(connection) == []


def names(connection: Any, name: str) -> list[str]:
    rows = select(search_row.c.id).join(
        search_name, search_name.c.document == search_row.c.document
    )
    return list(connection.execute(rows.where(search_name.c.name == key(name))).scalars())


@pytest.mark.slow
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_doctor_sees_a_wrong_index_and_rebuild_mends_it(
    copy: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with changing(copy) as connection:
        connection.execute(update(search_word).values(impact=search_word.c.impact + 1))
        connection.execute(delete(search_term).where(search_term.c.word == "cell"))
        assert index.stale(connection, rows_of(connection)) == ["search_word", "search_term"]
    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)

    assert main(["doctor"]) == 1
    assert "search_word, search_term" in capsys.readouterr().err
    assert main(["rebuild"]) == 0
    assert main(["doctor"]) == 0


def rows_of(connection: Any) -> Any:
    return stored(connection, dict.fromkeys(SHAPES))


def test_every_type_is_in_the_index(apps: dict[str, TestClient]) -> None:
    assert {one.name for one in types()} == {one.name for one in ALL}
    for resource in ALL:
        address = f"/v1/search?q=lymphoma+lenalidomide&type={resource.name}"
        assert apps["sqlite"].get(address).json()["items"]
