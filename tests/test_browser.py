"""The pages in Chromium: nothing from elsewhere, nothing reported, nothing that axe objects to."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # no types
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.examples import reads
from tests.programs import Program
from tests.test_pages import CORRECTED, PAGES, QUESTIONS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing: apt-get install it"),
]
OPTIONS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
WIDE, TABLET, NARROW = 1280, 768, 390
NET = ".scroll > .net"
LONGEST = 120_000
OF_ERRORS = "console: Failed to load resource: the server responded with a status of 4"
REPORTS = """
window.reports = [];
addEventListener("securitypolicyviolation", one => reports.push(one.violatedDirective));
"""
# Every type of address once.
SHORT_DOCS = slice(0, None, 14)
CHOSEN = [
    "/search?q=rituximab",
    "/search?q=xyzzyqq",
    "/network?cell=nk-cell",
    "/network?mechanism=macrophage-resistance",
    "/paths?source=lenalidomide&target=crbn&max_steps=1&sign=-",
    "/entities/lenalidomide",
    "/references/gribben-2015?origin=stated",
    "/trials?partner=rituximab",
    "/nothing-here",
    "/mechanisms?cell=nk",
]
"""Searches, filtered pages, and pages of errors, of which the browser itself says one line."""
SHORT = ["/", "/mechanisms/adcc-enhancement"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def served(urls: dict[str, str]) -> Iterator[str]:
    with Program(urls["sqlite"], "serve") as program:
        program.read("Application startup complete")
        yield f"http://127.0.0.1:{program.port}"


@contextmanager
def looking(
    browser: Browser, width: int, scheme: str = "light", **given: bool
) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=given.get("script", True),
        bypass_csp=given.get("injecting", False),
    )
    context.set_default_timeout(LONGEST)
    yield context
    context.close()


def opened(context: BrowserContext, address: str, heard: list[str]) -> Page:
    """A page that was opened, with all that it asks for or complains of."""
    page = context.new_page()
    page.on("request", lambda request: heard.append(request.url))
    page.on("console", lambda message: heard.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.add_init_script(REPORTS)
    page.goto(address, wait_until="load")
    return page


def look(browser: Browser, served: str, address: str, width: int, scheme: str) -> None:
    heard: list[str] = []
    with looking(browser, width, scheme) as context:
        page = opened(context, served + address, heard)
        told = [one for one in heard if not one.startswith((served, OF_ERRORS))]
        assert told == [], address
        assert page.evaluate("reports") == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    with looking(browser, width, scheme, injecting=True) as context:
        page = opened(context, served + address, heard)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}: {found.generate_report()}"


@pytest.mark.parametrize(
    ("address", "width", "scheme"), [(SHORT[0], WIDE, "light"), (SHORT[1], NARROW, "dark")]
)
def test_a_page_is_quiet_accessible_and_fits(
    browser: Browser, served: str, address: str, width: int, scheme: str
) -> None:
    look(browser, served, address, width, scheme)


@pytest.mark.full
@pytest.mark.parametrize("address", [*PAGES, CORRECTED, *QUESTIONS, *CHOSEN])
def test_every_page_is_quiet_accessible_and_fits(
    browser: Browser, served: str, address: str
) -> None:
    for width in (WIDE, NARROW):
        for scheme in ("light", "dark"):
            look(browser, served, address, width, scheme)


@pytest.mark.parametrize("some", [SHORT_DOCS, pytest.param(slice(None), marks=pytest.mark.full)])
def test_each_operation_of_the_documentation_is_tried_as_it_stands(
    browser: Browser, served: str, some: slice
) -> None:
    """No filter is sent that nobody chose, what is required is filled in, and nothing complains."""
    heard: list[str] = []
    document = httpx.get(f"{served}/openapi.json", timeout=LONGEST / 1000).json()
    every = list(operations(document))
    with looking(browser, NARROW) as context:
        page = opened(context, f"{served}/docs", heard)
        page.wait_for_selector(".opblock-tag")
        tags = page.locator(".opblock-tag > a").all_inner_texts()
        assert tags[:4] == ["mechanisms", "subtypes", "partners", "references"]
        for tag in dict.fromkeys(tag for tag, _, _ in every[some]):
            page.click(f"#operations-tag-{tag}")
        for tag, operation, target in every[some]:
            place = page.locator(f"#operations-{tag}-{operation}")
            place.locator(".opblock-summary-control").click()
            place.locator("button.execute").click()
            status = place.locator(".live-responses-table tr.response .response-col_status")
            status.wait_for()
            asked = place.locator(".request-url pre").inner_text().removeprefix(served)
            assert (status.inner_text().split()[0], asked) == ("200", target), operation
            place.locator(".opblock-summary-control").click()
        assert [one for one in heard if not one.startswith(served)] == []
        assert page.evaluate("reports") == []
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
        page.emulate_media(color_scheme="dark")
        page.wait_for_selector("html.dark-mode")
        shown = page.evaluate("getComputedStyle(document.documentElement).colorScheme")
        assert shown == "dark"


def operations(document: Any) -> Iterator[tuple[str, str, str]]:
    """The group and the id of each operation, and the address with only what it needs."""
    for target, operation in reads(document):
        yield operation["tags"][0], operation["operationId"], target.replace("+", "%20")


def test_a_citation_is_copied_as_it_stands(browser: Browser, served: str) -> None:
    with looking(browser, WIDE) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = opened(context, f"{served}/mechanisms/adcc-enhancement", [])
        page.click("[data-copy=cite]")
        page.wait_for_function(
            "document.querySelector('[data-copy=cite]').textContent === 'Copied'"
        )
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == " ".join((page.text_content("#cite") or "").split())


@pytest.mark.full
def test_a_reference_is_copied_as_the_api_stores_it(browser: Browser, served: str) -> None:
    stored = httpx.get(f"{served}/v1/references/wu-2008").json()["cite"]
    with looking(browser, WIDE) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = opened(context, f"{served}/references/wu-2008", [])
        page.click("[data-copy=work]")
        page.wait_for_function(
            "document.querySelector('[data-copy=work]').textContent === 'Copied'"
        )
        assert page.evaluate("navigator.clipboard.readText()") == stored


@pytest.mark.full
def test_the_search_box_suggests_finds_and_leads_to_the_page(browser: Browser, served: str) -> None:
    with looking(browser, WIDE) as context:
        page = opened(context, f"{served}/", [])
        page.fill("#find", "rituxi")
        page.wait_for_selector("#find-rows [role=option]")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{served}/*/rituximab")
        page.fill("#find", "why does it fail in mantle cell lymphoma?")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{served}/search?q=*")
        page.click(".asks a")
        assert page.url == f"{served}/questions/mantle-cell-alone"
    with looking(browser, NARROW, script=False) as context:
        page = opened(context, f"{served}/", [])
        page.fill("#find", "CRBN")
        page.keyboard.press("Enter")
        page.click(".rows a >> nth=0")
        assert page.url == f"{served}/entities/crbn"


@pytest.mark.full
def test_a_page_prints_what_is_folded_too(browser: Browser, served: str) -> None:
    """More pages of paper than with the folds closed; each claim is laid out."""
    with looking(browser, NARROW) as context:
        page = opened(context, f"{served}/partners/rituximab", [])
        page.emulate_media(media="print")
        for part in (".claims > li", ".outcomes tbody tr"):
            assert page.locator(f"{part}:visible").count() == page.locator(part).count() > 20
        assert page.locator("form:visible").count() == 0
        kept = "getComputedStyle(document.querySelector('.badge'), '::before').printColorAdjust"
        assert page.evaluate(kept) == "exact"
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) > 5


def test_pages_are_whole_without_javascript(browser: Browser, served: str) -> None:
    with looking(browser, WIDE, script=False) as context:
        page = opened(context, f"{served}/mechanisms/adcc-enhancement", [])
        assert page.locator(".claims > li").count() > 5
        assert page.locator(".net .node").count() > 5
        assert page.locator("[data-copy]:visible").count() == 0
        page.click("nav >> text=References")
        assert page.url == f"{served}/references"


@pytest.mark.full
def test_the_keyboard_reaches_everything(browser: Browser, served: str) -> None:
    """The first stop skips the frame; a node of a picture lights up its path; keys zoom."""
    with looking(browser, WIDE) as context:
        page = opened(context, f"{served}/network", [])
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to content"
        page.focus(".net .node")
        assert page.locator(".net.focus").count() == 1
        assert 0 < page.locator(".net .node.lit").count() < page.locator(".net .node").count()
        before = page.get_attribute(".scroll > .net", "viewBox")
        page.focus(".scroll")
        page.keyboard.press("+")
        assert page.get_attribute(".scroll > .net", "viewBox") != before
        page.keyboard.press("0")
        assert (page.get_attribute(".scroll > .net", "viewBox") or "").split()[2:] == (
            before or ""
        ).split()[2:]


EMPTY_PLACE = """
    const { left, right, top } = document.querySelector(".scroll > .net").getBoundingClientRect();
    for (let y = Math.max(top, 0) + 40; y < innerHeight - 40; y += 7)
      for (let x = (left + right) / 2; x < innerWidth - 400; x += 7)
        if (!document.elementFromPoint(x, y).closest(".net a, .node") &&
            document.elementFromPoint(x, y).closest(".net")) return [x, y];
"""


def seen_part(page: Page) -> tuple[float, ...]:
    """The left, the top, the width and the height of what is seen of the network."""
    return tuple(float(one) for one in (page.get_attribute(NET, "viewBox") or "").split())


def zoomed(page: Page) -> tuple[float, ...]:
    """What is seen once the wheel was turned with Ctrl held, the pointer in the middle."""
    width = seen_part(page)[2]
    page.locator(NET).scroll_into_view_if_needed()
    page.mouse.move(WIDE / 2, 450)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.wait_for_function(f"document.querySelector('{NET}').viewBox.baseVal.width < {width}")
    page.keyboard.up("Control")
    return seen_part(page)


@pytest.mark.full
def test_the_wheel_zooms_where_it_points_and_scrolls_the_page_without_ctrl(
    browser: Browser, served: str
) -> None:
    with looking(browser, WIDE) as context:
        page = opened(context, f"{served}/network", [])
        whole, near = seen_part(page), zoomed(page)
        assert near[0] > whole[0]
        assert near[2] < whole[2]
        before = page.evaluate("scrollY")
        page.mouse.wheel(0, 200)
        page.wait_for_function(f"scrollY > {before}")
        assert seen_part(page) == near


@pytest.mark.full
def test_a_picture_is_pulled_by_the_mouse_to_its_edge_at_most(
    browser: Browser, served: str
) -> None:
    with looking(browser, WIDE) as context:
        page = opened(context, f"{served}/network", [])
        whole, near = seen_part(page), zoomed(page)
        x, y = page.evaluate(f"(() => {{{EMPTY_PLACE}}})()")
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 30, y)
        pulled = seen_part(page)
        assert whole[0] < pulled[0] < near[0]
        assert pulled[1:] == near[1:]
        page.mouse.move(x + 20 * WIDE, y)
        assert seen_part(page)[0] == whole[0]
        page.mouse.up()
        page.mouse.move(x, y)
        assert seen_part(page)[0] == whole[0]


@pytest.mark.full
def test_each_question_is_three_clicks_away_at_most(browser: Browser, served: str) -> None:
    with looking(browser, WIDE) as context:
        page = opened(context, f"{served}/", [])
        page.click("footer >> text=Twenty questions")
        links = page.eval_on_selector_all("main a", "found => found.map(one => one.pathname)")
        assert set(links) >= set(QUESTIONS)


@pytest.mark.full
def test_a_list_is_filtered_while_typing(browser: Browser, served: str) -> None:
    with looking(browser, WIDE) as context:
        page = opened(context, f"{served}/references", [])
        every = page.locator(".rows > li").count()
        page.fill("[data-filter] input", "gribben")
        assert 0 < page.locator(".rows > li:visible").count() < every


def test_what_is_folded_unfolds_by_link_by_typing_and_on_paper(
    browser: Browser, served: str
) -> None:
    """Where no script runs too; a phone folds more than a wide screen."""
    with looking(browser, NARROW, script=False) as context:
        page = opened(context, f"{served}/references/gribben-2015?origin=stated", [])
        folded = page.locator("details.more .claims > li")
        last = folded.last.get_attribute("id")
        assert folded.count() > 20
        assert page.locator("details.more .claims > li:visible").count() == 0
        assert page.evaluate("innerHeight") * 8 > page.evaluate("document.body.scrollHeight")
        page.emulate_media(media="print")
        assert page.locator(".claims > li:visible").count() == page.locator(".claims > li").count()
        page.emulate_media(media="screen")
        page.goto(f"{served}/references/gribben-2015?origin=stated#{last}")
        assert page.locator(f"[id={last}]").is_visible()
        page.goto(f"{served}/")
        assert not page.locator(".matrix").is_visible()
        page.set_viewport_size({"width": WIDE, "height": 900})
        assert page.locator(".matrix").is_visible()
        assert page.locator("details.phone > summary:visible").count() == 0
    with looking(browser, NARROW) as context:
        page = opened(context, f"{served}/references", [])
        few = page.locator("[data-filter] .rows > li:visible").count()
        page.fill("[data-filter] input", "journal")
        assert page.locator("[data-filter] .rows > li:visible").count() > few
        page.fill("[data-filter] input", "")
        assert page.locator("[data-filter] .rows > li:visible").count() == few


SCROLLED = """
    part => new Promise(done => {
      const area = document.querySelector(".scroll");
      area.scrollLeft = part * (area.scrollWidth - area.clientWidth);
      requestAnimationFrame(() => requestAnimationFrame(done));
    })
"""
SHADE = "getComputedStyle(document.querySelector('.scroll'), '::%s').opacity"


def test_a_picture_shows_at_which_side_there_is_more(browser: Browser, served: str) -> None:
    with looking(browser, NARROW) as context:
        page = opened(context, f"{served}/mechanisms/adcc-enhancement", [])
        shades = {}
        for part in (0, 0.5, 1):
            page.evaluate(SCROLLED, part)
            found = [page.evaluate(SHADE % side) for side in ("before", "after")]
            shades[part] = [float(one) > 0.5 for one in found]
        assert shades == {0: [False, True], 0.5: [True, True], 1: [True, False]}
    with looking(browser, WIDE) as context:
        page = opened(context, f"{served}/mechanisms/adcc-enhancement", [])
        assert [page.evaluate(SHADE % side) for side in ("before", "after")] == ["0", "0"]


def test_tables_of_ratios_share_their_columns_and_fit(browser: Browser, served: str) -> None:
    with looking(browser, WIDE, script=False) as context:
        page = opened(context, f"{served}/questions/remarc-robust-e1412", [])
        places = "found => found.map(one => one.getBoundingClientRect().x)"
        ones = page.eval_on_selector_all(".outcomes .unity", places)
        assert len(ones) > 4
        assert max(ones) - min(ones) < 1
        assert page.locator(".outcomes").count() > 1
        lines = "found => found.map(one => one.getClientRects().length)"
        assert set(page.eval_on_selector_all(".outcomes td .nowrap", lines)) == {1}
        for width in (TABLET, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            wide = "found => found.map(one => one.scrollWidth - one.clientWidth)"
            assert set(page.eval_on_selector_all(".scroll:has(.outcomes)", wide)) == {0}


@pytest.mark.full
def test_a_page_is_printed_whole(browser: Browser, served: str, tmp_path: Path) -> None:
    with looking(browser, WIDE) as context:
        page = opened(context, f"{served}/mechanisms/adcc-enhancement", [])
        printed = page.pdf(path=str(tmp_path / "page.pdf"), format="A4")
    assert printed.startswith(b"%PDF-")
    assert printed.count(b"/Type /Page\n") >= 1
