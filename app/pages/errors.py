"""Problems as pages, for callers who prefer HTML; the API always answers with documents."""

from starlette.requests import Request
from starlette.types import Scope

from app.errors import Gone, NotAcceptable, NotFound, Problem
from app.http import negotiation
from app.pages.site import HTML, SECURE, Head, Site

# The form that is sent unless the caller prefers the other.
FORMS = {"problem": negotiation.JSON, "html": "text/html"}
FOR_PROGRAMS = ("/v1", "/docs", "/openapi.json", "/problems", "/livez", "/readyz", "/static")


class ErrorPages:
    """Makes pages of problems."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def __call__(
        self, scope: Scope, problem: Problem, request_id: str
    ) -> tuple[bytes, dict[str, str]] | None:
        """The page and its headers; None if a document suits the caller better."""
        path = self._site.addresses.own(scope["path"])
        if path.startswith(FOR_PROGRAMS) or not _prefers_html(scope):
            return None
        head = Head(path, problem.title, problem.meaning)
        place = path.rpartition("/")[0]
        text = self._site.text(
            "error.html",
            head._replace(path="/error"),
            "",
            problem=problem,
            request_id=request_id,
            place=place if isinstance(problem, NotFound) else "",
            gone=isinstance(problem, Gone),
        )
        return text.encode(), {"content-type": HTML, **_lower(SECURE)}


def _lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _prefers_html(scope: Scope) -> bool:
    try:
        return negotiation.choose_form(Request({**scope, "query_string": b""}), FORMS) == "html"
    except NotAcceptable:
        return False
