"""Follow every address in an answer, as a caller behind a proxy would."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urljoin

# One answer of every kind, requested by its address behind the proxy.
STARTS = (
    "/v1",
    "/v1/evidence?limit=2&subtype=mantle-cell-lymphoma",
    "/v1/mechanisms/adcc-enhancement/evidence?limit=2",
    "/v1/evidence?limit=2&format=csv",
    "/v1/evidence?limit=2&format=ndjson",
    "/v1/dataset/tables",
    "/v1/matrix?rows=mechanism&columns=subtype",
    "/v1/graph?mechanism=adcc-enhancement&format=svg",
    "/v1/partners/rituximab/rationale",
    "/v1/partners/rituximab/rationale?view=brief",
    "/v1/evidence/?limit=2",
    "/v1/mechanisms/none",
    "/none",
    "/v1/evidence?limit=0",
    "/v1/%00",
    "/problems/none",
    "/docs",
    "/docs/start.js",
    "/openapi.json",
)
# Most addresses to follow that differ only in an id or in the query.
ALIKE = 5
# Addresses in a text for people, in a page and in a script.
IN_TEXT = re.compile(r"(?<![\w>])/[\w~./-]*\w")
IN_PAGE = re.compile(r'\b(?:href|src)="([^"#]+)"|\burl: "([^"]+)"')


@dataclass(frozen=True)
class Found:
    """An answer; the names of its headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


Ask = Callable[[str], Found]


def follow(ask: Ask, prefix: str) -> set[str]:
    """Request one answer of every kind and all addresses in them; return those followed."""
    followed: set[str] = set()
    for start in STARTS:
        found = ask(prefix + start)
        for address in few(addresses(found, prefix + start, prefix)):
            assert address.startswith(f"{prefix}/"), (start, address)
            if address not in followed:
                followed.add(address)
                # Those of the paths and of the search are complete only with parameters.
                incomplete = address.endswith(("/v1/graph/paths", "/v1/search"))
                expected = 422 if incomplete else 200
                assert ask(address).status == expected, (start, address)
    return followed


def few(found: Iterator[str]) -> Iterator[str]:
    """A few of each kind of address that differ only in an id or in the query."""
    for _, alike in groupby(
        sorted(set(found)), lambda one: one.partition("?")[0].rsplit("/", 1)[0]
    ):
        yield from list(alike)[:ALIKE]


def addresses(found: Found, of: str, prefix: str) -> Iterator[str]:
    """The addresses in an answer."""
    yield from following(found.headers)
    if "location" in found.headers:
        yield found.headers["location"]
    kind = found.headers.get("content-type", "").partition(";")[0]
    if of == f"{prefix}/openapi.json":
        yield from (f"{one['url'].rstrip('/')}/v1" for one in json.loads(found.body)["servers"])
    elif kind in ("application/json", "application/problem+json"):
        yield from in_json(json.loads(found.body))
    elif kind in ("text/html", "text/javascript", "image/svg+xml") and len(found.body) < 200_000:
        for pair in IN_PAGE.findall(found.body.decode()):
            # The script is loaded by the page, from which its addresses count.
            yield urljoin(f"{prefix}/docs", "".join(pair).replace("&amp;", "&"))


def following(headers: Mapping[str, str]) -> list[str]:
    """The address of the next page, if there is one."""
    return re.findall(r'<([^>]+)>; rel="next"', headers.get("link", ""))


def in_json(value: Any) -> Iterator[str]:
    """The addresses in a document: whole values, and those in a sentence for people."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name == "detail":
                yield from IN_TEXT.findall(each)
            else:
                yield from in_json(each)
    elif isinstance(value, list):
        for each in value:
            yield from in_json(each)
    elif isinstance(value, str) and value.startswith("/"):
        yield value
