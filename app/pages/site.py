"""What all pages share: the frame, the links and the security headers."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from app.addresses import Addresses
from app.db import Database, Reading
from app.formats import signposts
from app.graph.answers import Answers
from app.http import conditional
from app.pages import phrases
from app.pages.library import Library
from app.rationale.answers import RationaleAnswers
from app.schema.about import DISCLAIMER, TITLE
from app.search.find import Finder

HERE = Path(__file__).parent
STATIC = HERE / "static"
HTML = "text/html; charset=utf-8"
MEDIA_TYPES = {
    "JSON": "application/json",
    "CSV": "text/csv",
    "CSV of its claims": "text/csv",
    "BibTeX": "application/x-bibtex",
    "SVG": "image/svg+xml",
}
# Nothing inline, nothing from elsewhere. The JSON-LD block is data, which script-src allows.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURE = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"}
NAVIGATION = (
    ("Mechanisms", "/mechanisms"),
    ("Subtypes", "/subtypes"),
    ("Partners", "/partners"),
    ("Trials", "/trials"),
    ("Network", "/network"),
    ("Open questions", "/conflicts"),
    ("References", "/references"),
    ("About", "/about"),
)


class Head(NamedTuple):
    """The head of a page: address, title, description, and the same content in other forms."""

    path: str
    title: str
    description: str
    forms: Mapping[str, str] = MappingProxyType({})
    """The address of each other form, by its name."""
    kind: str = "WebPage"
    """The type of the page in schema.org."""
    more: Mapping[str, object] = MappingProxyType({})
    """Further properties of that type."""
    chosen: Sequence[tuple[str, str]] = ()
    """The filters of a list, by name and value."""


class Site:
    """Renders pages from the data behind the API."""

    def __init__(
        self, db: Database, answers: Answers, rationales: RationaleAnswers, finder: Finder
    ) -> None:
        self.db = db
        self.finder = finder
        self.answers = answers
        self.rationales = rationales
        self.library = Library(db)
        self.addresses = Addresses(db.settings.prefix, db.settings.origin)
        self.elsewhere = self.addresses.elsewhere
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.filters |= phrases.FILTERS
        self._templates.globals |= {
            "at": self.addresses.of,
            "known_as": self.elsewhere.of,
            "static": self._static,
            "navigation": NAVIGATION,
            "disclaimer": DISCLAIMER,
            "types": MEDIA_TYPES,
        }
        self._marks = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            for path in STATIC.iterdir()
        }

    def listing(self, request: Request, plural: str, title: str, description: str) -> Head:
        """The head of a list; its other forms carry the filters of the request."""
        query = sorted(set(request.query_params.multi_items()))
        data = f"/v1/{plural}"
        forms = {
            "JSON": self.addresses.of(data, query),
            "CSV": self.addresses.of(data, [*query, ("format", "csv")]),
            "BibTeX": self.addresses.of(data, [*query, ("format", "bibtex")]),
        }
        return Head(f"/{plural}", title, description, forms, "CollectionPage", chosen=query)

    def with_prefix(self, head: Head) -> Head:
        """The same head, with the path prefix added to the paths of its other forms."""
        forms = {name: self.addresses.of(path) for name, path in head.forms.items()}
        return head._replace(forms=forms)

    def item(self, plural: str, row_id: str, title: str, description: str) -> Head:
        """The head of the page of one row."""
        data = f"/v1/{plural}/{row_id}"
        forms = {
            "JSON": self.addresses.of(data),
            "CSV of its claims": self.addresses.of(f"{data}/evidence", [("format", "csv")]),
            "BibTeX": self.addresses.of(data, [("format", "bibtex")]),
        }
        return Head(f"/{plural}/{row_id}", title, description, forms)

    def page(self, template: str, head: Head, reading: Reading, **values: object) -> Response:
        """A page as an answer, cacheable for the release it was read from."""
        text = self.text(template, head, reading.release, **values)
        headers = conditional.cacheable(reading.release) | SECURE
        return Response(text, media_type=HTML, headers=headers)

    def text(self, template: str, head: Head, release: str, **values: object) -> str:
        """The HTML of a page."""
        return self._templates.get_template(template).render(
            head=head,
            release=release,
            structured=self._about(head, release),
            signposts=signposts.of_page(
                self.addresses, head.path, head.kind, str(head.more.get("sameAs", ""))
            ),
            **values,
        )

    def plain_text(self, template: str, **values: object) -> str:
        """A text without the frame of a page."""
        return self._templates.get_template(template).render(**values)

    def _static(self, name: str) -> str:
        """The address of a static file; it changes whenever the content does."""
        return self.addresses.of(f"/static/{name}", [("v", self._marks[name])])

    def _about(self, head: Head, release: str) -> dict[str, object]:
        """The page described for search engines, in schema.org terms."""
        return {
            "@context": "https://schema.org",
            "@type": head.kind,
            "name": head.title,
            "description": head.description,
            "url": self.elsewhere.of(head.path),
            "license": "https://creativecommons.org/licenses/by/4.0/",
            "isPartOf": {
                "@type": "Dataset",
                "name": f"lenalidomide-moa: {TITLE}",
                "version": release,
                "url": self.elsewhere.of("/"),
            },
            **head.more,
        }
