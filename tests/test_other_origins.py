"""A page of another origin reads every answer and every refusal, in a real browser."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from tests import proxies
from tests.bench.servers import Server
from tests.bench.servers import service as serving
from tests.looking import some
from tests.proxies import NAME, proxy
from tests.test_browser import CHROMIUM, OPTIONS

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing: apt-get install it"),
]

PREFIX = "/moa"
NO_CADDY = None in (proxies.CADDY, proxies.OPENSSL)
WAYS = [
    "alone",
    pytest.param("caddy", marks=pytest.mark.skipif(NO_CADDY, reason="Caddy or openssl is missing")),
]
FETCH = """
async ([address, given]) => {
    let answer;
    try { answer = await fetch(address, given); } catch (error) { return { status: `${error}` }; }
    return {
        status: answer.status, text: await answer.text(),
        headers: Object.fromEntries(answer.headers),
    };
}
"""
LIST = "/v1/mechanisms?limit=3"
ASKED = {"If-None-Match": '"x"', "X-Request-Id": "one-of-mine", "X-Requested-With": "x"}
TRACED = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
KINDS: dict[str, tuple[int, str, dict[str, Any]]] = {
    "a list": (200, LIST, {}),
    "with many headers": (200, LIST, {"headers": {**ASKED, **TRACED, "Cache-Control": "no-cache"}}),
    "a stream": (200, "/v1/evidence?format=csv", {}),
    "a picture": (200, "/v1/graph?format=svg", {}),
    "a page": (200, "/mechanisms", {}),
    "health": (200, "/readyz", {}),
    "a redirect": (200, "/v1/mechanisms/", {"headers": ASKED}),
    "no such row": (404, "/v1/mechanisms/none", {"headers": ASKED}),
    "no such method": (405, "/v1/matrix", {"method": "POST", "body": "a"}),
    "no such type": (406, LIST, {"headers": {"Accept": "image/png"}}),
    "no such value": (422, "/v1/mechanisms?limit=0", {}),
    "NUL": (400, "/v1/%00", {"headers": ASKED}),
    "a large body": (413, LIST, {"method": "POST", "body": "a" * 70_000}),
    "a long target": (414, f"/v1?{'a' * 9_000}", {}),
    "a large head": (431, LIST, {"headers": {"X-Long": "a" * 17_000}}),
}
EXPOSED = {"x-request-id", "content-type"}


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that logs nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """An open page of another origin."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "index.html").write_text("<!doctype html><title>Elsewhere</title>")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
            page = browser.new_context(ignore_https_errors=True).new_page()
            page.goto(f"http://{NAME}:{other.server_port}/")
            yield page
            browser.close()
        other.shutdown()


@pytest.fixture(scope="module")
def running(urls: dict[str, str]) -> Iterator[Server]:
    with serving(urls["sqlite"], settings={"MOA_ROOT_PATH": PREFIX}) as found:
        yield found


@pytest.fixture(params=WAYS)
def base(request: pytest.FixtureRequest, running: Server, tmp_path: Path) -> Iterator[str]:
    if request.param == "alone":
        yield f"http://{NAME}:{running.port}"
        return
    with proxy("caddy", "taken off", tmp_path, running.port) as found:
        yield f"{found.origin}{PREFIX}"


def test_a_page_of_another_origin_reads_every_answer(elsewhere: Page, base: str) -> None:
    for kind, (status, target, given) in some(KINDS.items()):
        # An answer from memory comes another way than the first.
        for _ in range(2):
            found = elsewhere.evaluate(FETCH, [base + target, given])

            assert found["status"] == status, kind
            assert found["text"], kind
            assert found["headers"].keys() >= EXPOSED, kind


def test_a_page_of_another_origin_asks_whether_an_answer_has_changed(
    elsewhere: Page, base: str
) -> None:
    first = elsewhere.evaluate(FETCH, [base + LIST, {}])
    known = {"headers": {"If-None-Match": first["headers"]["etag"]}, "cache": "no-store"}

    again = elsewhere.evaluate(FETCH, [base + LIST, known])

    assert (again["status"], again["text"]) == (304, "")
    assert again["headers"]["x-dataset-version"] == first["headers"]["x-dataset-version"]
