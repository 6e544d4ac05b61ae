"""The application: the only place that sees every part."""

from asyncio import get_running_loop
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from importlib import import_module

from anyio import to_thread
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app import __version__
from app.api import (
    changes,
    dataset,
    descriptions,
    docs,
    downloads,
    graph,
    health,
    imports,
    matrix,
    proposals,
    resources,
    search,
    writes,
)
from app.api.listing import Lists
from app.api.suggestions import Suggestions
from app.cache.answers import Cache
from app.db import Database
from app.formats.bundles import MadeFiles
from app.gate import Gate
from app.graph.answers import Answers
from app.graph.load import CurrentNetwork
from app.http import openapi, problems, slashes
from app.http.callers import Callers
from app.http.counters import Counters
from app.http.forwarding import Forwarding
from app.http.guard import Guard
from app.http.representation import Finishing
from app.pages.errors import ErrorPages
from app.pages.site import Site
from app.pages.views import VIEWS
from app.rationale.answers import RationaleAnswers
from app.resources import ALL
from app.resources.evidence import EVIDENCE
from app.schema.about import REVIEW, TITLE
from app.search.find import Finder
from app.settings import Settings

# One thread searches while the other writes an answer.
SEARCHERS = 2
# Threads for pieces of files, codings and refusals. More would finish no sooner, because the
# interpreter runs one thread at a time, and would hold up the event loop: under fifty expensive
# queries, `/livez` took at least 100 ms with eight threads, and 5 ms with two.
MADE_AT_ONCE = 2

ABOUT = f"""
What is known about how lenalidomide works in B-cell non-Hodgkin lymphoma: mechanisms, lymphoma
subtypes, combination partners and references, every claim tied to its place in the source.
It starts from {REVIEW} What that review says is marked `in_review`; other
evidence is kept apart from it.

Each claim says whether it was measured in B-cell lymphoma (`native`), elsewhere (`borrowed`),
in both (`mixed`) or only stated (`stated`), and what kind of study it comes from (`level`, A to
E). Neither is a rating of quality.

**No advice on treatment.** This is a knowledge base for research.

Data: CC BY 4.0 (the statements are in our own words; the cited texts belong to their publishers,
and none is copied). Code: MIT.

Errors are problem documents (RFC 9457); `type` leads to an explanation of each kind.
"""
LICENCE = {"name": "Code: MIT. Data: CC BY 4.0.", "identifier": "MIT AND CC-BY-4.0"}
BODIES: list[type[BaseModel]] = [
    *(one.write for one in ALL if one.write),
    proposals.ProposalDecision,
]


class Service(FastAPI):
    """The application, whose requests go straight to the layers in front.

    FastAPI would first look for telemetry, even for an answer from memory.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or start and stop."""
        if scope["type"] == "lifespan" or self.middleware_stack is None:
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        await self.middleware_stack(scope, receive, send)


def create_app(settings: Settings) -> FastAPI:
    """An application on one database, ready to be served."""
    db = Database(settings)
    finder, made_files = Finder(db), MadeFiles(db)
    app = Service(
        title="lenalidomide-moa",
        version=__version__,
        summary=TITLE,
        description=ABOUT,
        contact={"name": "lenalidomide-moa maintainers"},
        license_info=LICENCE,
        openapi_tags=descriptions.tags(),
        # Where a proxy shows the service; the document itself is served by our own route.
        servers=[{"url": settings.prefix or "/"}],
        openapi_url=None,
        docs_url=None,
        # Telemetry is off: nothing is sent, and no request pays for the check.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        redirect_slashes=False,  # `install_redirects` does it
        lifespan=_lifespan(db, made_files),
    )
    common = db, CurrentNetwork(), Gate(settings.wait_seconds)
    answers, rationales = Answers(*common), RationaleAnswers(*common)
    site = Site(db, answers, rationales, finder)
    app.state.searchers = None
    app.state.longest = settings.wait_seconds + settings.statement_seconds
    slashes.install_redirects(app)
    for router in (
        health.build(ALL, db),  # first, because it is requested every few seconds
        *(resources.build(resource, EVIDENCE, Lists(db, finder)) for resource in ALL),
        *writes.admit(app, ALL, db),
        *(imports.build(db), *changes.routers(ALL, db)),
        search.build(db, finder),
        matrix.build(EVIDENCE, db),
        graph.build(db, answers, rationales),
        dataset.build(ALL, db),
        downloads.build(made_files),
        docs.build(),
        *(view.build(site) for view in VIEWS),
    ):
        # Not `include_router`: it would look for the route of each request twice.
        app.router.routes.extend(router.routes)
    problems.install(
        app, Suggestions(db, [one.path for one in app.routes if isinstance(one, Route)])
    )
    openapi.complete_document(app, descriptions.document_texts(), BODIES)
    app.middleware_stack = _fronted(app, site)
    return app


def _fronted(app: FastAPI, site: Site) -> ASGIApp:
    """The layers in front of FastAPI; an answer from memory goes no further than these."""
    db, settings = site.db, site.db.settings
    free = [*map(site.addresses.of, health.PATHS)]
    callers = Callers(
        app.build_middleware_stack(), settings.caller_requests, settings.caller_rate, free
    )
    finishing = Finishing(Forwarding(callers, settings.trusted_networks))
    cache = Cache(finishing, db) if settings.cache_megabytes else None
    counters = Counters() if settings.metrics_port else None
    guard = Guard(
        cache or finishing,
        site.addresses,
        ErrorPages(site),
        settings=settings,
        counters=counters,
        methods=partial(problems.methods, app),
    )
    if counters is None:
        return guard
    # Loaded only where it is used, with its library of 2 MB.
    metrics = import_module("app.api.metrics")
    shown: ASGIApp = metrics.MetricsPort(
        guard, settings.metrics_port, metrics.Figures(counters, cache, db)
    )
    return shown


def _lifespan(
    db: Database, made_files: MadeFiles
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Set up threads before serving, and close the database afterwards."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # Handlers run in the first, which hands over work faster; streams are read in the second.
        get_running_loop().set_default_executor(ThreadPoolExecutor(db.settings.threads))
        to_thread.current_default_thread_limiter().total_tokens = MADE_AT_ONCE
        # An executor that was shut down cannot be restarted, so each start has one of its own.
        with ThreadPoolExecutor(SEARCHERS) as searchers, made_files.serving():
            app.state.searchers = searchers
            yield
            app.state.searchers = None
        db.close()

    return lifespan
