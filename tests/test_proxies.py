"""Behind real proxies, set up as the document says, every address in an answer can be followed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import proxies
from tests.bench.servers import Server
from tests.bench.servers import service as serving
from tests.following import follow
from tests.proxies import Proxy, proxy

pytestmark = pytest.mark.full

PREFIX = "/moa"
REDIRECTS = (301, 302, 307, 308)
SETTINGS = {"MOA_ROOT_PATH": PREFIX, "MOA_TRUSTED_PROXIES": "127.0.0.1"}


def missing(program: str, *found: str | None) -> pytest.MarkDecorator:
    reason = f"{program} or openssl is missing: apt-get install it"
    return pytest.mark.skipif(None in (*found, proxies.OPENSSL), reason=reason)


PROGRAMS = [
    pytest.param("nginx", marks=missing("nginx", proxies.NGINX)),
    pytest.param("caddy", marks=missing("caddy", proxies.CADDY)),
]


@pytest.fixture(scope="module")
def service(urls: dict[str, str]) -> Iterator[Server]:
    with serving(urls["sqlite"], settings=SETTINGS) as found:
        yield found


@pytest.fixture(params=PROGRAMS)
def program(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(params=proxies.WAYS)
def behind(
    request: pytest.FixtureRequest, program: str, service: Server, tmp_path: Path
) -> Iterator[Proxy]:
    with proxy(program, request.param, tmp_path, service.port) as found:
        yield found


def test_every_address_can_be_followed_behind_a_real_proxy(behind: Proxy) -> None:
    followed = follow(behind.ask, PREFIX)

    assert len(followed) > 30
    print(f"\n{len(followed)} addresses followed")


def test_the_bare_path_leads_to_the_first_page_behind_a_real_proxy(behind: Proxy) -> None:
    found = behind.ask(PREFIX)

    assert found.status in REDIRECTS
    assert found.headers["location"].removeprefix(behind.origin) == f"{PREFIX}/"
    assert behind.ask(f"{PREFIX}/").status == 200


def test_the_service_knows_the_caller_behind_a_real_proxy(behind: Proxy) -> None:
    made_up = {"X_Forwarded_Proto": "ftp", "X_Forwarded_Host": "made.up", "Forwarded": "host=x"}

    text = behind.ask(f"{PREFIX}/sitemap.xml", **made_up).body.decode()

    assert text.count("<loc>") == text.count(f"<loc>{behind.origin}{PREFIX}/") > 100


def test_a_real_proxy_changes_no_answer(behind: Proxy, service: Server) -> None:
    for target in ("/v1/mechanisms", "/v1/evidence?format=csv", "/v1/graph?format=svg", "/docs"):
        through, alone = behind.ask(PREFIX + target), service.get(PREFIX + target)
        assert (through.status, through.body) == (200, alone.body)
        for name in ("content-type", "cache-control", "vary", "access-control-allow-origin"):
            assert through.headers[name] == dict(alone.headers)[name], (target, name)


def test_what_is_known_is_not_sent_again_through_a_real_proxy(behind: Proxy) -> None:
    target = f"{PREFIX}/v1/mechanisms"
    for coding in ("identity", "gzip"):
        tag = behind.ask(target, Accept_Encoding=coding).headers["etag"]

        again = behind.ask(target, Accept_Encoding=coding, If_None_Match=tag)

        assert (again.status, again.body) == (304, b"")


def test_a_refusal_is_a_problem_behind_a_real_proxy(behind: Proxy) -> None:
    for target, status in (("/none", 404), ("/v1/evidence?limit=0", 422)):
        found = behind.ask(PREFIX + target)
        document = json.loads(found.body)
        assert (found.status, document["status"]) == (status, status)
        assert document["type"].startswith(f"{PREFIX}/problems/")
