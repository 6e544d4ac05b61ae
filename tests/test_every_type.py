"""What is said of changes holds for the rows of every type."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from app.schema.markers import nested
from app.settings import Settings
from app.write.rows import KINDS, SHAPES
from tests.conftest import SQLITE_FIRST
from tests.curating import Curator, curating, history
from tests.looking import some
from tests.test_write_store import TEMPLATES, again
from tests.writing import documents, entry

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)]

Row = dict[str, Any]
CANARY = "canary"
ALONE: dict[str, Row] = {
    "references": {"citation": "Another 2020"},
    "entities": {"aliases": []},
    "edges": {
        "id": "lenalidomide-inhibits-meis2-ubiquitination-in-t-cell",
        "cell": "t-cell",
        "alias": None,
    },
    "trials": {"outcomes": []},
}
"""What makes a second row of its type possible beside the first."""
COMPUTED = object()


@pytest.fixture
def curator(copy: Settings) -> Iterator[Curator]:
    with curating(copy) as found:
        yield found


def place_of(kind: str) -> str:
    return f"/v1/{kind}/{TEMPLATES[kind][0]}"


def written(kind: str) -> set[str]:
    """The fields that a row is sent with, as the files name them."""
    return {info.alias or name for name, info in SHAPES[KINDS[kind]].model_fields.items()}


def test_a_row_of_every_type_is_added_changed_and_removed(curator: Curator, copy: Settings) -> None:
    client = curator.client
    for kind in some(KINDS):
        row = again(documents(), kind) | ALONE.get(kind, {})
        address = f"/v1/{kind}/{row['id']}"
        total = client.get(f"/v1/{kind}").json()["total"]

        added = curator.ask("POST", f"/v1/{kind}", row)
        assert (added.status_code, added.headers.get("location")) == (201, address), added.text
        assert client.get(address).text == added.text
        assert curator.tag(address).startswith('"1-')
        assert client.get(f"/v1/{kind}").json()["total"] == total + 1

        field = "note" if "note" in row else "explanation" if "explanation" in row else "title"
        changed = curator.ask("PATCH", address, {field: "Something else."}, If_Match='"1"')
        assert changed.status_code == 200, changed.text
        assert client.get(address).json()[field] == "Something else."
        assert changed.headers["etag"].startswith('"2-')

        assert curator.ask("DELETE", address, If_Match='"1"').status_code == 412
        assert curator.ask("DELETE", address, If_Match='"2"').status_code == 204
        assert client.get(address).status_code == 410
        assert client.get(f"/v1/{kind}").json()["total"] == total
        told = client.get(f"{address}/history").json()["items"]
        assert [one["action"] for one in told] == ["removed", "changed", "added"]
        assert told[2]["after"] == told[1]["before"]
        assert (
            told[1]["after"] == told[0]["before"] == told[2]["after"] | {field: "Something else."}
        )
    every = client.get("/v1/changes?limit=200").json()["items"]
    assert [one["type"] for one in every] == [kind for kind in KINDS for _ in range(3)]
    assert len(history(copy)) == len(every)


def test_no_row_of_any_type_is_changed_unseen(curator: Curator, copy: Settings) -> None:
    for kind in some(KINDS):
        row = curator.client.get(place_of(kind)).json()
        for method, body in (("PUT", row), ("PATCH", {}), ("DELETE", None)):
            for tag, status in (("", 428), ('"99"', 412), ('"99-0123456789abcdef"', 412)):
                answer = curator.ask(method, place_of(kind), body, If_Match=tag)
                assert answer.status_code == status, (kind, method, tag)
    assert history(copy) == []


def embedded(written: Any, shown: Any) -> Any:
    """A row as `GET` gives it, but with nonsense in all that is not read of it."""
    if written is COMPUTED:
        return [CANARY]
    if isinstance(written, list) and isinstance(shown, list):
        return [embedded(*both) for both in zip(written, shown, strict=True)]
    if not isinstance(shown, dict):
        return shown
    if isinstance(written, dict):
        named = {name.replace("-", "_"): value for name, value in written.items()}
        return {
            name: value if value is None else embedded(named.get(name, COMPUTED), value)
            for name, value in shown.items()
        }
    return {name: value if name == "id" else [CANARY] for name, value in shown.items()}


def test_of_what_get_gave_only_what_is_written_is_read(curator: Curator, copy: Settings) -> None:
    """Of an embedded row only its id; stamps, counts and what else is computed not at all."""
    ignored = 0
    for kind in some(KINDS):
        told, row = documents(), curator.client.get(place_of(kind)).json()
        sent = embedded(entry(told, kind, row["id"]), row)
        ignored += json.dumps(sent).count(CANARY)

        answer = curator.ask("PUT", place_of(kind), sent)

        assert answer.status_code == 200, (kind, answer.text)
        assert answer.json() == row
        assert answer.headers["content-location"] == place_of(kind)
    assert history(copy) == []
    assert ignored > 9 * 3


def inner(kind: str) -> dict[str, type[Any]]:
    """The fields of a type that hold mappings of their own, each with its shape."""
    fields = SHAPES[KINDS[kind]].model_fields.items()
    return {info.alias or name: found for name, info in fields if (found := nested(info))}


def test_an_unknown_field_is_refused_wherever_it_stands(curator: Curator) -> None:
    deep = 0
    for kind in some(KINDS):
        row: Row = entry(documents(), kind, TEMPLATES[kind][0])
        places = {CANARY: row | {CANARY: 1}}
        for name in inner(kind):
            value = row[name]
            first = value[0] if isinstance(value, list) and value else value
            if isinstance(first, dict):
                more = first | {CANARY: 1}
                other = [more, *value[1:]] if isinstance(value, list) else more
                one = ".1" if isinstance(value, list) else ""
                places[f"{name}{one}.{CANARY}"] = row | {name: other}
                deep += 1

        for place, sent in places.items():
            found = curator.ask("PUT", place_of(kind), sent)
            assert found.status_code == 422, (kind, place)
            assert place in [one["parameter"] for one in found.json()["faults"]], found.text
    assert deep > 4


def test_every_field_that_is_missing_or_wrong_is_told_at_once(curator: Curator) -> None:
    for kind in some(KINDS):
        missing = curator.ask("POST", f"/v1/{kind}", {})
        wrong = curator.ask("POST", f"/v1/{kind}", {name: [[[CANARY]]] for name in written(kind)})

        assert (missing.status_code, wrong.status_code) == (422, 422)
        faults = [(one["parameter"], one["message"]) for one in missing.json()["faults"]]
        assert {name for name, said in faults if said == "is missing"} == written(kind)
        told = {one["parameter"].partition(".")[0] for one in wrong.json()["faults"]}
        assert told == written(kind)
        assert CANARY not in wrong.text


def mentions(value: Any, row_id: str) -> bool:
    if isinstance(value, dict):
        return any(mentions(one, row_id) for one in value.values())
    if isinstance(value, list):
        return any(mentions(one, row_id) for one in value)
    return bool(value == row_id)


def test_all_that_rests_on_a_row_is_named_and_counted(curator: Curator) -> None:
    """As many as name it in the files, but for types whose ids another type has too."""
    for row_id, kind in (
        ("gribben-2015", "references"),
        ("robust-pfs", "evidence"),
        ("ikzf1-increases-spi1-in-haematopoietic-precursor", "edges"),
        ("follicular-lymphoma", "subtypes"),
        ("augment", "trials"),
        ("adcc-enhancement", "mechanisms"),
        ("tumour-b-cell", "entities"),
    ):
        naming = {
            (of, one["id"])
            for of in KINDS
            for one in documents()[of]
            if (of, one["id"]) != (kind, row_id)
            and mentions({name: value for name, value in one.items() if name != "id"}, row_id)
        }

        found = curator.ask("DELETE", f"/v1/{kind}/{row_id}").json()

        told = [(one["type"], one["id"]) for one in found["resting"]]
        assert (found["resting_total"], told) == (len(naming), sorted(naming)[:50]), row_id
