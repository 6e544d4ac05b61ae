"""The OpenAPI document as people and generators need it; a gap is named with its cure."""

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any

import jsonschema_rs
import pytest
from fastapi import FastAPI
from pydantic import BaseModel, Field, create_model
from starlette.testclient import TestClient

from app.http.openapi import AT_ONCE, complete_document
from app.http.openapi.texts import Texts
from app.http.problems import documented
from tests.documented import looked_up, spelt_out, to_try
from tests.looking import some

MOST_BYTES = {"read": 220_000, "change": 73_000}
TEXTS = "app/schema/descriptions.yaml"
SENTENCE = re.compile(r"^[A-Z0-9`+<].*[.`]$", re.DOTALL)
PLAIN = re.compile(r"[A-Z][A-Za-z0-9]*")
SCHEMAS = "#/components/schemas/"


@pytest.fixture(scope="module")
def answer(apps: dict[str, TestClient]) -> bytes:
    return apps["sqlite"].get("/openapi.json").content


@pytest.fixture
def document(answer: bytes) -> Any:
    return json.loads(answer)


def operations(document: Any) -> Iterator[Any]:
    for path in some(document["paths"].values()):
        yield from path.values()


def mappings(node: Any) -> Iterator[dict[str, Any]]:
    """Every mapping of a document but the examples, whose keys are data."""
    if isinstance(node, dict):
        yield node
        for name, below in node.items():
            if name not in ("example", "examples"):
                yield from mappings(below)
    elif isinstance(node, list):
        for below in node:
            yield from mappings(below)


def unnamed(document: Any, kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    """The components of these kinds that nothing in the document leads to."""
    written = json.dumps(document)
    return [
        (kind, name)
        for kind in kinds
        for name in document["components"][kind]
        if f'"#/components/{kind}/{name}"' not in written
    ]


@pytest.mark.aside
def test_it_is_small_enough_to_read(answer: bytes, document: Any) -> None:
    """What reads, by itself, and what operations that change rows add to it."""
    for path in some(document["paths"].values()):
        for method in path.keys() - {"get"}:
            del path[method]
    kinds = ("schemas", "parameters", "responses")
    while unused := unnamed(document, kinds):
        for kind, name in unused:
            del document["components"][kind][name]
    read = len(json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode())

    assert read <= MOST_BYTES["read"], "share more: see app/http/openapi/sharing.py"
    assert len(answer) - read <= MOST_BYTES["change"], "as above"


def test_components_have_plain_names(document: Any) -> None:
    for kind, components in some(document["components"].items()):
        for name in some(components) if kind != "securitySchemes" else ():
            assert PLAIN.fullmatch(name), f"{kind}: {name}: name it as people would"
            assert not name.endswith("Shape"), f"{kind}: {name}: name it for what it is"


def test_everything_is_described(document: Any) -> None:
    """With a plain sentence each: in the type, or in the file that has those of common names."""
    told = {
        f"{operation['operationId']} (description of the route, or `operations` in {TEXTS})": (
            operation.get("description", "").partition("\n\nExample:")[0]
        )
        for operation in operations(document)
    }
    for operation in operations(spelt_out(document)):
        for one in operation["parameters"]:
            place = f"{operation['operationId']}.{one['name']} (its Field, or `parameters` in"
            told[f"{place} {TEXTS})"] = one.get("description", "")
    for title, schema in some(document["components"]["schemas"].items()):
        told[f"{title} (docstring of the shape)"] = schema.get("description", "")
        for name, field in schema.get("properties", {}).items():
            said = field.get("description") or looked_up(document, field).get("description", "")
            told[f"{title}.{name} (its Field, or `fields` in {TEXTS})"] = said

    assert [place for place, text in told.items() if not SENTENCE.match(text)] == []


def test_sentences_say_what_is_so(document: Any) -> None:
    told = {
        operation["operationId"]: {
            one["name"]: one["description"] for one in operation["parameters"]
        }
        for operation in operations(spelt_out(document))
    }
    evidence = told["list_evidence"]
    assert evidence["fields"].endswith("Repeatable, up to 20 times.")
    assert evidence["relation"].endswith("Repeatable, up to 20 times; any may match.")
    for limit in (evidence["limit"], told["list_changes"]["limit"]):
        assert limit.count("If left out: ") == 1
        assert "`50` in JSON, all " in limit
    assert told["list_history_of_partner"]["limit"].endswith("If left out: `50`.")
    (history,) = [
        operation["description"]
        for operation in operations(document)
        if operation["operationId"] == "list_history_of_partner"
    ]
    assert (
        "including those by later loads of the files (`seed`) and by imports (`import`)" in history
    )
    for name in ("RelatedTerm", "RelatedTermWrite"):
        fields = document["components"]["schemas"][name]["properties"]
        said = "Whether the term is broader or narrower than the subtype."
        assert fields["relation"]["description"] == said
        assert "HGNC" not in fields["xrefs"]["description"]


def test_every_operation_shows_an_answer(document: Any) -> None:
    for operation in operations(document):
        name = operation["operationId"]
        success = next(one for one in operation["responses"] if one.startswith("2"))
        response = looked_up(document, operation["responses"][success])
        for content in response.get("content", {}).values():
            shape = looked_up(document, content["schema"])
            listed = shape.get("properties", {}).get("items", {}).get("items", {})
            # A list shows its rows where these are shown by themselves.
            values = shape.get("examples") or looked_up(document, listed).get("examples")
            assert values, f"{name}: run `python -m tests.answers` and look at the difference"
            for value in shape.get("examples", ()):
                schema = content["schema"] | {"components": document["components"]}
                for error in jsonschema_rs.iter_errors(schema, value):
                    pytest.fail(f"{name}: {error}\n`python -m tests.answers` mends it")


def test_parameters_begin_with_what_is_asked_for(document: Any) -> None:
    for operation in operations(document):
        given = [looked_up(document, one) for one in operation.get("parameters", [])]
        names = [one["name"] for one in given]
        required = [bool(one.get("required")) for one in given]
        assert required == sorted(required, reverse=True), names
    matrix, evidence, paths = (
        [
            looked_up(document, one)["name"]
            for one in document["paths"][f"/v1/{path}"]["get"]["parameters"]
        ]
        for path in ("matrix", "evidence", "graph/paths")
    )
    assert matrix[:2] == ["rows", "columns"]
    assert paths[:2] == ["source", "target"]
    assert (evidence[0], evidence[-1]) == ("kind", "fields")


def test_an_operation_has_one_form_of_answer(document: Any) -> None:
    """A second media type under one status makes the type of an answer *this, or a text*."""
    for operation in operations(document):
        for status, response in operation["responses"].items():
            content = looked_up(document, response).get("content", {})
            assert len(content) <= 1, (operation["operationId"], status)


def test_words_have_a_name(document: Any) -> None:
    schemas = document["components"]["schemas"]
    named = [schema for schema in schemas.values() if "enum" in schema]
    every = [node for node in mappings(document) if isinstance(node.get("enum"), list)]

    assert len(named) > 30
    assert [node for node in every if node not in named] == []
    assert len({tuple(one["enum"]) for one in named}) == len(named)


def test_nothing_is_told_that_spoils_a_client(document: Any) -> None:
    for node in some(list(mappings(document))):
        assert node.get("default", 0) not in ([], None), node
        assert not isinstance(node.get("const"), bool), node
        # A private name of Python, or two names that differ in case only, in one class.
        names = list(node["properties"]) if isinstance(node.get("properties"), dict) else []
        assert len({name.lower() for name in names}) == len(names), names
        assert all(re.fullmatch(r"[a-z][a-z0-9_-]*", name) for name in names), names


def test_what_operations_share_is_told_once(document: Any) -> None:
    for kind in ("parameters", "responses"):
        seen: dict[str, str] = {}
        for operation in operations(document):
            of = operation.get(kind, {})
            for one in of.values() if isinstance(of, dict) else of:
                if "$ref" not in one:
                    text = json.dumps(one, sort_keys=True)
                    assert text not in seen, (kind, operation["operationId"], seen[text])
                    seen[text] = operation["operationId"]
        assert seen


def test_what_shapes_share_is_told_once(document: Any) -> None:
    schemas = document["components"]["schemas"]
    stamped = [one for one in schemas.values() if "updated_at" in one.get("properties", {})]
    for shape in some(stamped):
        assert shape["properties"]["updated_at"] == {"$ref": f"{SCHEMAS}UpdatedAt"}
    assert schemas["UpdatedAt"]["description"] == "Last changed, in UTC."
    # A list of words has the sentence that most fields say of it; what differs stays there.
    assert schemas["Origin"]["description"].startswith("Where it was measured: in B-cell")
    assert schemas["Claim"]["properties"]["origin"] == {"$ref": f"{SCHEMAS}Origin"}
    assert schemas["Evidence"]["properties"]["origin"]["description"] == "Where it was measured."
    # Generators take the name of a choice for a shape of its own.
    assert "anyOf" in schemas["Edge"]["properties"]["origin"]


def test_what_may_be_left_out_is_not_sent_by_tools(document: Any) -> None:
    """Tools send examples and defaults as if somebody had chosen them."""
    for operation in operations(spelt_out(document)):
        for one in operation["parameters"]:
            place = (operation["operationId"], one["name"])
            assert "default" not in one["schema"], place
            assert ("example" in one) == one.get("required", False), place


def test_examples_are_of_the_right_type(document: Any) -> None:
    for operation in operations(spelt_out(document)):
        for one in operation["parameters"]:
            if "example" in one:
                assert jsonschema_rs.is_valid(one["schema"], one["example"]), one
        if operation["operationId"].startswith(("list_", "get_")):
            assert to_try(operation).startswith("/")


def test_the_head_says_whose_it_is(document: Any) -> None:
    assert document["info"]["license"]["identifier"] == "MIT AND CC-BY-4.0"
    assert document["info"]["contact"] == {"name": "lenalidomide-moa maintainers"}
    assert document["servers"] == [{"url": "/"}]


def test_groups_are_declared_and_begin_with_the_mission(document: Any) -> None:
    declared = [one["name"] for one in document["tags"]]
    used = [tag for operation in operations(document) for tag in operation["tags"]]

    assert declared[:4] == ["mechanisms", "subtypes", "partners", "references"]
    assert set(used) == set(declared), "declare the group in app/api/descriptions.py"
    assert all(SENTENCE.match(one["description"]) for one in document["tags"])


class NoteWrite(BaseModel):
    """A remark, as it is sent."""

    text: Annotated[str, Field(pattern="^[A-Z]")]
    weight: Annotated[float, Field(ge=0.5)] = 1
    tags: list[str] = []


class NoteRead(BaseModel):
    """A remark."""

    text: str
    parent: NoteWrite | None = None


def test_operations_to_come_follow_the_rules() -> None:
    """Fields of requests keep their rules and may be left out; answers have all their fields."""
    app = FastAPI()

    @app.post("/notes", operation_id="create_note", responses=documented())
    def create_note(note: NoteWrite) -> NoteRead:
        return NoteRead(text=note.text)  # pragma: no cover

    @app.get("/pings", operation_id="get_ping", description="Pings.")
    def get_ping() -> dict[str, str]:
        return {}  # pragma: no cover

    complete_document(app, Texts({"text": "A sentence."}, {}, {}, {}, {}, {}, {}), [])
    document = app.openapi()

    assert app.openapi() == document
    schemas = document["components"]["schemas"]
    assert {"Note", "NoteWrite"} <= schemas.keys()
    assert schemas["Note"]["required"] == ["text"]
    assert schemas["NoteWrite"]["required"] == ["text"]
    assert schemas["NoteWrite"]["properties"] == {
        "text": {"type": "string", "pattern": "^[A-Z]", "description": "A sentence."},
        "weight": {"type": "number", "minimum": 0.5, "default": 1},
        "tags": {"type": "array", "items": {"type": "string"}},
    }
    assert document["paths"]["/pings"]["get"]["description"] == "Pings.\n\nExample: `/pings`"


def test_two_shapes_of_one_name_are_refused() -> None:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    one, other = create_model("Same", number=(int, 1)), create_model("Same", text=(str, ""))

    def get() -> None:
        raise AssertionError  # nobody asks

    for number in range(AT_ONCE):
        app.get(f"/{number}", response_model=one)(get)
    app.get("/last", response_model=other)(get)
    complete_document(app, Texts({}, {}, {}, {}, {}, {}, {}), [])

    with pytest.raises(ValueError, match="two shapes are called Same"):
        app.openapi()


def test_an_answer_lacks_no_field(document: Any) -> None:
    evidence = document["components"]["schemas"]["Evidence"]

    assert evidence["required"] == list(evidence["properties"])
