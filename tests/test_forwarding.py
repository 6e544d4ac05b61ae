"""What a proxy says about a caller is believed only if the operator trusts the proxy."""

import asyncio
from typing import Any

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from app.http.forwarding import Forwarding
from app.main import create_app
from app.settings import Settings

TRUSTED = "127.0.0.1, 10.0.0.0/8,2001:db8::/32, "
PEER = "10.1.2.3"
OWN = (PEER, "http", "here")
FORWARDED = (
    "Forwarded",
    'for="[2001:db9::7]:4711";proto=https;host="example.org", for=10.9.9.9;proto=http;host=inner',
)

Told = tuple[str, str, str]


def seen(peer: str | None, *sent: tuple[str, str], trusted: str = TRUSTED) -> Told:
    """Client, scheme and host of a request from this peer, as the routes see them."""
    found: list[Scope] = []

    async def route(scope: Scope, _receive: Receive, _send: Send) -> None:
        found.append(scope)

    async def nothing(*_: Any) -> Any:
        """Neither read nor write."""

    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in sent]
    given: Scope = {
        "type": "http",
        "client": (peer, 50_000) if peer else None,
        "scheme": "http",
        "headers": [(b"host", b"here"), *headers],
    }
    networks = Settings(trusted_proxies=trusted).trusted_networks
    asyncio.run(Forwarding(route, networks)(given, nothing, nothing))
    (scope,) = found
    (host,) = (value.decode() for name, value in scope["headers"] if name == b"host")
    return (scope["client"] or ("",))[0], scope["scheme"], host


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ([], OWN),
        ([("X-Forwarded-For", "192.0.2.7")], ("192.0.2.7", "http", "here")),
        ([("X-Forwarded-For", "192.0.2.7:4711")], ("192.0.2.7", "http", "here")),
        ([("X-Forwarded-For", "2001:db9::7")], ("2001:db9::7", "http", "here")),
        ([("X-Forwarded-For", "[2001:DB9::7]:4711")], ("2001:db9::7", "http", "here")),
        # What the caller has made up comes before what the nearest proxy has added.
        ([("X-Forwarded-For", "198.51.100.1, 192.0.2.7")], ("192.0.2.7", "http", "here")),
        ([("X-Forwarded-For", "192.0.2.7, 10.0.0.9,127.0.0.1")], ("192.0.2.7", "http", "here")),
        (
            [("X-Forwarded-For", "192.0.2.7"), ("X-Forwarded-For", "10.0.0.9")],
            ("192.0.2.7", "http", "here"),
        ),
        ([("X-Forwarded-For", "10.0.0.7, 10.0.0.9")], ("10.0.0.7", "http", "here")),
        ([("X-Forwarded-For", "unknown, 10.0.0.9")], ("10.0.0.9", "http", "here")),
        *(
            ([("X-Forwarded-For", wrong)], OWN)
            for wrong in ("", "unknown", "::1::", "1.2.3.4.5", "999.1.1.1", "a b", "[]:1", "\xb2")
        ),
        ([("X-Forwarded-Proto", "https")], (PEER, "https", "here")),
        ([("X-Forwarded-Proto", "http, HTTPS")], (PEER, "https", "here")),
        ([("X-Forwarded-Proto", "javascript")], OWN),
        ([("X-Forwarded-Host", "example.org")], (PEER, "http", "example.org")),
        ([("X-Forwarded-Host", "made.up, [2001:db9::1]:80")], (PEER, "http", "[2001:db9::1]:80")),
        *(([("X-Forwarded-Host", wrong)], OWN) for wrong in ("a b", "a/b", "a@b", '">', "a:b", "")),
        ([FORWARDED], ("2001:db9::7", "https", "example.org")),
        ([("Forwarded", "For=192.0.2.7;Proto=HTTPS")], ("192.0.2.7", "https", "here")),
        ([("Forwarded", "for=_hidden;proto=https")], (PEER, "https", "here")),
        ([("Forwarded", "for=192.0.2.7"), ("Forwarded", "for=192.0.2.8")], ("192.0.2.8", *OWN[1:])),
        *(
            ([("Forwarded", wrong)], OWN)
            for wrong in ("for", 'for="192.0.2.7', "for=192.0.2.7;;", "=", 'for="a\\b"')
        ),
        # One of the two may be the caller's own.
        ([FORWARDED, ("X-Forwarded-For", "192.0.2.7")], OWN),
        ([FORWARDED, ("X-Forwarded-Host", "example.org")], OWN),
    ],
)
def test_a_trusted_proxy_says_where_a_request_comes_from(
    sent: list[tuple[str, str]], told: Told
) -> None:
    assert seen(PEER, *sent) == told


@pytest.mark.parametrize("peer", ["127.0.0.1", "::ffff:127.0.0.1", "2001:db8:1::1", "10.255.0.1"])
def test_a_peer_is_trusted_by_its_address_or_its_network(peer: str) -> None:
    assert seen(peer, FORWARDED) == ("2001:db9::7", "https", "example.org")


@pytest.mark.parametrize("peer", ["127.0.0.2", "::1", "2001:db9::1", "11.0.0.1", "testclient"])
def test_nobody_else_is_believed(peer: str) -> None:
    for trusted in (TRUSTED, ""):
        assert seen(peer, FORWARDED, trusted=trusted) == (peer, "http", "here")
        assert seen(None, FORWARDED, trusted=trusted) == ("", "http", "here")
    assert seen(PEER, FORWARDED, trusted="") == OWN


@pytest.mark.parametrize("wrong", ["localhost", "10.0.0.1/8", "*", "10.0.0.0/33", "a, 10.0.0.1"])
def test_a_proxy_is_given_by_address(wrong: str) -> None:
    with pytest.raises(ValidationError, match="must be addresses and networks, separated by"):
        Settings(trusted_proxies=wrong)


@pytest.mark.parametrize(
    ("peer", "origin"), [(PEER, "https://example.org"), ("::1", "http://here")]
)
def test_an_absolute_address_has_the_origin_that_the_caller_uses(
    urls: dict[str, str], peer: str, origin: str
) -> None:
    settings = Settings(database_url=urls["sqlite"], trusted_proxies=TRUSTED, root_path="/moa")
    with TestClient(create_app(settings), client=(peer, 50_000)) as client:
        given = {"Host": "here", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "example.org"}

        found = client.get("/sitemap.xml", headers=given).text

    assert f"<loc>{origin}/moa/about</loc>" in found
    assert found.count("<loc>") == found.count(f"<loc>{origin}/moa/") > 100


def test_a_long_field_is_read_in_no_time() -> None:
    for long in ('for="' + "a" * 16_000, "for=" + " " * 16_000 + "x", "f" * 16_000, ",;" * 8_000):
        assert seen(PEER, ("Forwarded", long)) == OWN
        assert seen(PEER, ("X-Forwarded-For", long)) == OWN
