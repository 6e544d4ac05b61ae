"""The overview: addresses, dataset, vocabulary and kinds of problem."""

from contextlib import suppress
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field

from app.addresses import addresses_for
from app.api import catalogue
from app.db import Database, Reading
from app.db.revision import advice, read_about, read_dataset
from app.errors import PROBLEMS, NotFound, Unavailable
from app.formats.dictionary import KEY, TableColumn, all_columns
from app.formats.packages import PACKAGE
from app.http import conditional, negotiation, problems
from app.read.overview import numbers, row_counts
from app.schema.about import DISCLAIMER, REVIEW, REVIEW_DOI, TITLE, AboutDataset, Method, Release
from app.schema.forms import DATASET_FORMS
from app.schema.pages import DatasetQuery, NoParameters
from app.schema.resource import Resource
from app.schema.shapes import Shape
from app.schema.vocabulary import level_note, vocabulary

UNSAID: dict[str, Any] = {
    "scope": [],
    "out_of_scope": [],
    "searched_until": None,
    "method": None,
    "releases": [],
}


class Index(Shape):
    """The addresses of this service."""

    title: str
    disclaimer: str
    resources: dict[str, str]
    search: str
    graph: str
    paths: str
    dataset: str
    tables: str
    downloads: str
    changes: str
    proposals: str
    releases: str
    vocabulary: str
    openapi: str
    docs: str


class Licence(Shape):
    """The licence of each part, by its SPDX identifier."""

    data: str
    code: str


class Dataset(Shape):
    """What the dataset covers, its size and state, and how to cite it."""

    title: str
    disclaimer: str
    version: str = Field(description="Release of the curated content.")
    advice: str | None = Field(
        description="What the operator should do if the content is older or newer than the "
        "service; otherwise null."
    )
    revision: int = Field(description="Increases with every change to the data.")
    counts: dict[str, int] = Field(description="Number of rows of each resource type.")
    licence: Licence
    citation: str
    review: str = Field(description="The review from which the content starts.")
    review_doi: str
    scope: list[str] = Field(description="What the dataset covers.")
    out_of_scope: list[str] = Field(description="What it does not cover.")
    searched_until: date | None = Field(
        description="Later publications were not searched for; null for an earlier release."
    )
    method: Method | None = Field(
        description="How the content was found, read, written and checked; null for an earlier "
        "release."
    )
    releases: list[Release] = Field(description="What each release changed, the newest first.")


class Table(Shape):
    """A table: what its rows and columns are."""

    name: str = Field(description="Its name.")
    about: str = Field(description="What its rows are.")
    address: str = Field(description="Address of all its rows, as CSV.")
    key: list[str] = Field(description="The columns that identify a row.")
    columns: list[TableColumn] = Field(description="Its columns, in order.")


class TableList(Shape):
    """Every table with its columns."""

    package: str = Field(
        description="Address of the same as a data package (datapackage.org), with the SHA-256 of "
        "each table."
    )
    items: list[Table] = Field(description="The tables, in the order of the index.")


class VocabularyWord(Shape):
    """A controlled word; keys that its list does not use are null."""

    id: str
    definition: str
    rank: int | None = Field(default=None, description="1 is the strongest or nearest.")
    rule: str | None = Field(default=None, description="How the word is assigned.")
    sign: str | None = Field(default=None, description="The sign of an edge or claim.")
    edge: bool | None = Field(default=None, description="Whether edges can have it.")
    contrast: bool | None = Field(default=None, description="Whether it compares two arms.")
    favours: str | None = Field(default=None, description="Side of 1 that favours the first arm.")
    eco: str | None = Field(
        default=None, description="Term of the Evidence and Conclusion Ontology."
    )
    eco_label: str | None = None
    xrefs: list[str] = Field(default_factory=list)


class Vocabulary(Shape):
    """Every controlled list with its words."""

    lists: dict[str, list[VocabularyWord]]
    level_note: str = Field(description="What the levels mean and what not.")


class ProblemKind(Shape):
    """One kind of problem document."""

    type: str
    title: str
    status: int
    meaning: str


def build(resources: tuple[Resource, ...], db: Database) -> APIRouter:
    """A router with the overview."""
    router = APIRouter(tags=["dataset"], dependencies=[Depends(conditional.revalidate)])

    def say_release(response: Response) -> None:
        # An answer that reads no table is given even without a database.
        with suppress(Unavailable):
            response.headers.update(conditional.of_release(db.state().release))

    @router.get(
        "/v1",
        operation_id="get_index",
        summary="List the addresses of this service",
        responses=problems.documented(),
        dependencies=[Depends(say_release)],
    )
    def get_index(request: Request, _: Annotated[NoParameters, Query()]) -> Index:
        negotiation.require_json(request)
        to = addresses_for(request.scope).of
        return Index(
            title=TITLE,
            disclaimer=DISCLAIMER,
            resources={one.plural: to(f"/v1/{one.plural}") for one in resources},
            search=to("/v1/search"),
            graph=to("/v1/graph"),
            paths=to("/v1/graph/paths"),
            dataset=to("/v1/dataset"),
            tables=to("/v1/dataset/tables"),
            downloads=to("/v1/downloads"),
            changes=to("/v1/changes"),
            proposals=to("/v1/proposals"),
            releases=to(catalogue.FEED),
            vocabulary=to("/v1/vocabulary"),
            openapi=to("/openapi.json"),
            docs=to("/docs"),
        )

    @router.get(
        "/v1/dataset",
        operation_id="get_dataset",
        summary="Describe the dataset",
        response_model=Dataset,
        responses=problems.documented(),
    )
    def get_dataset(
        request: Request, response: Response, _: Annotated[DatasetQuery, Query()]
    ) -> Dataset | Response:
        form = negotiation.choose_form(request, DATASET_FORMS)
        with db.read() as reading:
            found = _dataset(reading, resources)
        if form != "json":
            return catalogue.dataset_answer(request, form, found.version, found.citation)
        response.headers.update(conditional.of_release(found.version))
        response.headers.update(catalogue.dataset_links(request))
        return found

    @router.get(
        "/v1/dataset/tables",
        operation_id="list_tables",
        summary="Describe each table and column",
        responses=problems.documented(),
        dependencies=[Depends(say_release)],
    )
    def list_tables(request: Request, _: Annotated[NoParameters, Query()]) -> TableList:
        negotiation.require_json(request)
        to = addresses_for(request.scope).of
        return TableList(
            package=to(f"/v1/downloads/{PACKAGE}"),
            items=[
                Table(
                    name=one.plural,
                    about=one.about,
                    address=to(f"/v1/{one.plural}", [("format", "csv")]),
                    key=[KEY],
                    columns=all_columns()[one.plural],
                )
                for one in resources
            ],
        )

    @router.get(
        "/v1/vocabulary",
        operation_id="get_vocabulary",
        summary="Define every word of the controlled lists",
        responses=problems.documented(),
        dependencies=[Depends(say_release)],
    )
    def get_vocabulary(request: Request, _: Annotated[NoParameters, Query()]) -> Vocabulary:
        negotiation.require_json(request)
        return Vocabulary(
            level_note=level_note(),
            lists={
                name: [VocabularyWord(**word) for word in listed]
                for name, listed in vocabulary().items()
            },
        )

    @router.get(
        "/problems/{slug}",
        operation_id="get_problem",
        summary="Explain one kind of problem",
        responses=problems.documented(NotFound),
    )
    def get_problem(
        request: Request,
        slug: Annotated[str, Path(examples=["not-found"], json_schema_extra={"format": "problem"})],
        _: Annotated[NoParameters, Query()],
    ) -> ProblemKind:
        negotiation.require_json(request)
        return _problem_kind(request, slug)

    router.routes.extend(catalogue.build(db).routes)
    return router


def _dataset(reading: Reading, resources: tuple[Resource, ...]) -> Dataset:
    """The description of the dataset in this state."""
    release, revision = read_dataset(reading.connection)
    about = read_about(reading.connection)
    (counts,) = reading.rows(numbers, {}, row_counts, resources)
    return Dataset(
        title=TITLE,
        disclaimer=DISCLAIMER,
        version=release,
        advice=advice(release),
        revision=revision,
        counts=dict(zip((one.plural for one in resources), counts, strict=True)),
        licence=Licence(data="CC-BY-4.0", code="MIT"),
        citation=f"lenalidomide-moa, {TITLE}, release {release}. CC BY 4.0.",
        review=REVIEW,
        review_doi=REVIEW_DOI,
        **(AboutDataset.model_validate_json(about).model_dump() if about else UNSAID),
    )


def _problem_kind(request: Request, slug: str) -> ProblemKind:
    for problem in PROBLEMS:
        if problem.slug == slug:
            return ProblemKind(
                type=addresses_for(request.scope).of(f"/problems/{slug}"),
                title=problem.title,
                status=problem.status,
                meaning=problem.meaning,
            )
    raise NotFound("There is no such kind of problem; follow `type` in a problem document.")
