"""The cost of a request is linear in its length, whatever it contains.

A pattern or a loop that goes over a text again for each character makes everyone wait: four times
the length costs sixteen times the time. Every header and parameter is tried with such texts.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count, product
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

import pytest

from app.http import conditional, negotiation
from app.http.guard import MAX_HEADER_BYTES, MAX_HEADERS, MAX_TARGET
from app.schema.values import MAX_FIELD
from app.settings import Settings
from tests.direct import HOST, Answer, Direct, Header, direct
from tests.documented import spelt_out
from tests.examples import addresses

UNITS = (" ", "\t", ",", '"', '"a",', ";", "q=", ",;q=1", "/", "-", "a", "a-", "0", "\xe9")
ENDS = (("", "!"), ('"a",', "x"))
RUNS = 5
# In seconds of the processor: less keeps nobody waiting, and may be noise.
FLOOR = 0.01
# What may be lost to the rest of the headers, or of the address.
ROOM = 300
LIST = "/v1/mechanisms?limit=1"

Ask = Callable[[int], Answer]
numbers = count()


class Text(NamedTuple):
    """A text of any length that is hard to read."""

    head: str
    unit: str
    tail: str

    def of(self, size: int) -> str:
        """The text, about as long as told."""
        room = size - len(self.head) - len(self.tail)
        return self.head + self.unit * (room // len(self.unit)) + self.tail

    def quoted(self) -> "Text":
        """The same for an address."""
        return Text(*(quote(part, safe='/,;="').replace("%20", "+") for part in self))


TEXTS = [Text(head, unit, tail) for unit in UNITS for head, tail in ENDS]


Of = TypeVar("Of")
# In each run the texts are dealt out among the places; the full one tries each text at each place.
EVERY = pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.full)])


def pairs(places: Sequence[Of], texts: Sequence[Text], *, every: bool) -> list[tuple[Of, Text]]:
    """Places and texts to try there: all with all, or dealt out so that none is left out."""
    assert places
    if every:
        return list(product(places, texts))
    return [
        (place, text)
        for number, place in enumerate(places)
        for text in texts[number % len(texts) :: len(places)]
    ]


class Name(bytes):
    """The name of a header, which notes what it is compared with."""

    compared: set[bytes]

    __hash__ = None  # type: ignore[assignment]  # to be looked up by its hash would go unnoticed

    def __eq__(self, other: object) -> bool:
        assert isinstance(other, bytes)
        self.compared.add(bytes(other))
        return bytes(self) == bytes(other)

    def decode(self, *_: Any, **__: Any) -> str:
        raise AssertionError("as text it would be compared unnoticed")


@pytest.fixture(scope="module")
def service(urls: dict[str, str]) -> Iterator[Direct]:
    with direct(Settings(database_url=urls["sqlite"])) as found:
        yield found


@pytest.fixture(scope="module")
def document(service: Direct) -> Any:
    return spelt_out(json.loads(service.ask("/openapi.json").body))


@pytest.fixture(scope="module")
def names(service: Direct, document: Any) -> list[bytes]:
    """Every header that is looked for, whatever is asked."""
    Name.compared = set()
    headers = [(Name(name), value) for name, value in (HOST, (b"x-none", b""))]
    asked = (*addresses(document), "/openapi.json", "/docs", "/docs/start.js", "/none", "/v1/")
    for method in ("GET", "HEAD", "OPTIONS", "POST"):
        for address in asked:
            assert service.ask(address, headers, method).status < 500
    return sorted(Name.compared)


def seconds(ask: Ask, size: int, *, place: object) -> float:
    """The least processor time of some runs; one below the floor is little enough."""
    least = float("inf")
    for _ in range(RUNS):
        since = time.process_time()
        answer = ask(size)
        least = min(least, time.process_time() - since)
        assert answer.status not in (414, 431), place
        assert answer.status < 500, place
        if least < FLOOR:
            break
    return least


def check(ask: Ask, limit: int, *, place: object) -> None:
    """Four times the length costs at most eight times as much, in one of some tries.

    What goes over a text twice costs sixteen times as much, in each of them.
    """
    for _ in range(RUNS):
        before = seconds(ask, limit // 4, place=place)
        now = seconds(ask, limit, place=place)
        if now <= max(FLOOR, 8 * before):
            return
    raise AssertionError((place, limit, before, now))


def new() -> Header:
    """A header that makes each request one that was never answered before."""
    return b"accept", b"*/*;n=%d" % next(numbers)


@pytest.mark.slow
def test_every_header_is_looked_at(names: list[bytes]) -> None:
    # Those known when this was written: the list is made by looking, and must see at least them.
    known = {b"accept", b"accept-encoding", b"content-length", b"host", b"if-none-match"}

    assert {*known, b"x-request-id"} <= set(names)


class Way(NamedTuple):
    """How a header is sent, and how much of one the service reads."""

    method: str
    address: str
    lines: int
    read: int


@pytest.mark.aside
@EVERY
@pytest.mark.parametrize(
    "way",
    [
        Way("GET", LIST, 1, MAX_FIELD),
        # What reads a short field must be fit for a long one too.
        Way("GET", LIST, 1, MAX_HEADER_BYTES),
        Way("GET", LIST, MAX_HEADERS - 10, MAX_FIELD),
        Way("GET", "/v1/mechanisms/", 1, MAX_FIELD),
        Way("OPTIONS", LIST, 1, MAX_FIELD),
    ],
    ids=str,
)
def test_a_header_costs_what_its_length_is_worth(
    service: Direct, names: list[bytes], monkeypatch: pytest.MonkeyPatch, way: Way, *, every: bool
) -> None:
    for module in (conditional, negotiation):
        monkeypatch.setattr(module, "MAX_FIELD", way.read)
    for name, text in pairs(names, TEXTS, every=every):
        room = MAX_HEADER_BYTES - ROOM - way.lines * len(name)
        for limit in (MAX_FIELD, room):
            check(_sending(service, way, name, text), limit, place=(name, text))


def _sending(service: Direct, way: Way, name: bytes, text: Text) -> Ask:
    others = [HOST] if name != HOST[0] else []

    def ask(size: int) -> Answer:
        line = (name, text.of(size // way.lines).encode("latin-1"))
        return service.ask(way.address, [*others, *[line] * way.lines, new()], way.method)

    return ask


class Place(NamedTuple):
    """A place for a text in an address: what stands before and after it."""

    name: str
    before: str
    after: str = ""


def places(document: Any) -> Iterator[Place]:
    """Each parameter of each kind once, and what no parameter takes."""
    yield from (Place("a path", "/"), Place("a name", f"{LIST}&"), Place("a query", "/v1?x="))
    seen = set()
    for template, operations in document["paths"].items():
        given = operations.get("get", {}).get("parameters", [])
        for parameter in given:
            kind = (parameter["in"], parameter["name"], parameter["schema"].get("type"))
            if kind not in seen:
                seen.add(kind)
                yield _place(template, given, parameter)


def _place(template: str, given: list[dict[str, Any]], of: Mapping[str, Any]) -> Place:
    query = []
    for each in given:
        if each["in"] == "path" and each is not of:
            template = template.replace(f"{{{each['name']}}}", quote(str(each["example"])))
        elif each.get("required") and each is not of:
            query.append(f"{each['name']}={quote(str(each['example']))}")
    if of["in"] == "path":
        before, _, after = template.partition(f"{{{of['name']}}}")
        return Place(of["name"], before, f"{after}?{'&'.join(query)}")
    return Place(of["name"], f"{template}?{'&'.join([*query, of['name']])}=")


@EVERY
def test_a_parameter_costs_what_its_length_is_worth(
    service: Direct, document: Any, *, every: bool
) -> None:
    found = list(places(document))
    assert {"id", "slug", "cursor", "xref", "format", "year_min", "sort"} <= {
        place.name for place in found
    }
    for place, text in pairs(found, TEXTS[:: len(ENDS)], every=every):
        check(_asking(service, place, text.quoted()), MAX_TARGET - ROOM, place=(place, text))


@pytest.mark.aside
def test_many_parameters_cost_what_their_length_is_worth(service: Direct, document: Any) -> None:
    given = document["paths"]["/v1/mechanisms"]["get"]["parameters"]
    assert "limit" in {each["name"] for each in given}
    known = [f"{each['name']}=a&" for each in given]
    for pair in (*known, "&", "=&", "%41&", "none&", "none=%41&"):
        ask = _asking(service, Place(pair, f"{LIST}&"), Text("", pair, ""))
        check(ask, MAX_TARGET - ROOM, place=pair)


def _asking(service: Direct, place: Place, text: Text) -> Ask:
    def ask(size: int) -> Answer:
        return service.ask(f"{place.before}{text.of(size)}{place.after}", [HOST, new()])

    return ask
