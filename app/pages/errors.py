"""Problems as pages, for callers who prefer HTML; the API always answers with documents."""

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.types import Scope

from app.errors import Fault, Gone, Invalid, NotAcceptable, NotFound, Problem, Unavailable
from app.formats.signposts import PAGES
from app.http import negotiation
from app.http.problems import NO_PARAMETER, NOTHING
from app.pages.site import HTML, SECURE, Head, Site

# The first form is the default, sent unless the caller prefers the other.
FORMS = {"problem": negotiation.JSON, "html": "text/html"}
GONE = "The row that was here has been removed."
CORRECT, INVALID = "Correct the parameters", "The page cannot be shown as asked."
# For readers, in place of sentences meant for operators.
AWAY = "Not available at the moment", "Try again in a minute."


class ErrorPages:
    """Renders problems as pages."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def __call__(
        self, scope: Scope, problem: Problem, request_id: str
    ) -> tuple[bytes, dict[str, str]] | None:
        """The page and its headers; None where a problem document should be sent instead."""
        path = self._site.addresses.own(scope["path"])
        if not self._site.addresses.is_page(path) or not _prefers_html(scope):
            return None
        gone = isinstance(problem, Gone)
        away = problem.status == Unavailable.status
        meaning = GONE if gone else problem.meaning
        # A meaning that names fields of the document is for programs.
        said = "" if gone or "`" in meaning else meaning
        after = self._after(problem)
        title, explanation = AWAY if away else (problem.title, meaning)
        text = self._site.text(
            "error.html",
            Head("/error", _without_code(title), _without_code(explanation)),
            "",
            problem=problem,
            detail=_detail(problem),
            lost=isinstance(problem, NotFound),
            without=self._without(scope, path, problem),
            meant=[self._meant(scope, path, fault) for fault in problem.faults],
            meaning=said,
            request_id=request_id,
            place=path.rpartition("/")[0] if isinstance(problem, NotFound) else "",
            after=after,
            history=self._history(path) if gone else "",
        )
        link = {"link": f'<{after}>; rel="successor-version"'} if after else {}
        return text.encode(), {"content-type": HTML, **_lower(SECURE), **link}

    def _after(self, problem: Problem) -> str:
        """The address of the row that replaced a removed one: its page, or else its data."""
        if not isinstance(problem, Gone) or not problem.successor:
            return ""
        plural, row_id = problem.successor
        to = self._site.addresses
        return to.of(f"/{plural}/{row_id}") if plural in PAGES else to.item(plural, row_id)

    def _without(self, scope: Scope, path: str, problem: Problem) -> str:
        """The address of a page without the parameters it refuses; empty if that helps nobody."""
        if not isinstance(problem, Invalid):
            return ""
        refused = {fault.parameter for fault in problem.faults}
        given = QueryParams(scope["query_string"]).multi_items()
        kept = [(name, value) for name, value in given if name not in refused]
        return self._site.addresses.of(path, kept) if refused and refused <= {*dict(given)} else ""

    def _meant(self, scope: Scope, path: str, fault: Fault) -> dict[str, str]:
        """The values that may be meant, each with the address of its page."""
        given = QueryParams(scope["query_string"]).multi_items()
        to, name = self._site.addresses, fault.parameter
        sent = [one for one, _ in given].count(name)
        if not sent and name == "id":
            place = path.rpartition("/")[0]
            return {near: to.of(f"{place}/{near}") for near in fault.nearest}
        if sent != 1:
            return {}
        at = [one for one, _ in given].index(name)
        value = given[at][1]
        renamed = fault.message.startswith(NO_PARAMETER)
        pairs = {near: (near, value) if renamed else (name, near) for near in fault.nearest}
        return {
            near: to.of(path, [*given[:at], pair, *given[at + 1 :]]) for near, pair in pairs.items()
        }

    def _history(self, path: str) -> str:
        """The address of the history of a page's row; empty if the page is not of a row."""
        is_of_row = path.split("/")[1] in PAGES
        return self._site.addresses.of(f"/v1{path}/history") if is_of_row else ""


def _detail(problem: Problem) -> str:
    """What is wrong, as a whole sentence and without what only programs see."""
    if problem.detail.startswith(CORRECT):
        return INVALID
    if problem.detail.startswith(NOTHING):
        return f"{NOTHING}."
    return problem.detail if problem.detail[-1:] in ".?!" else f"{problem.detail}."


def _without_code(text: str) -> str:
    """A text without backticks, for places that cannot show code."""
    return text.replace("`", "")


def _lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _prefers_html(scope: Scope) -> bool:
    try:
        return negotiation.choose_form(Request({**scope, "query_string": b""}), FORMS) == "html"
    except NotAcceptable:
        return False
