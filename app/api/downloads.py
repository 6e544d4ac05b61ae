"""The whole content as files, with checksums; a download can be resumed."""

import logging
from asyncio import CancelledError
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response, StreamingResponse

from app.addresses import addresses_for
from app.api import catalogue
from app.api.streamed import streamed
from app.db import Reading
from app.errors import InsufficientStorage, NotFound, Unavailable
from app.formats import signposts
from app.formats.bundles import BUNDLES, MadeFiles
from app.formats.made import MadeFile, NotMade
from app.http import conditional, negotiation, problems
from app.http.codings import IDENTITY, compressible
from app.http.parameters import FastRoute
from app.http.ranges import wanted_part
from app.http.spool import STOPPED
from app.logs import Seldom
from app.read.overview import last_change
from app.schema.pages import NoParameters
from app.schema.shapes import Shape
from app.schema.values import Whole

PARTIAL = 206


class FileShape(Shape):
    """A file with all content."""

    name: str = Field(description="Its name, the last part of its address.")
    about: str = Field(description="What it holds.")
    address: str = Field(description="Its address; the header `Range` asks for a part of it.")
    media_type: str = Field(description="Its media type.")
    size: Whole = Field(description="Its size in bytes.")
    sha256: str = Field(description="The SHA-256 of the whole file.")


class Downloads(Shape):
    """The files with all content, made from one state of the data."""

    release: str = Field(description="Release of the content.")
    changed: datetime = Field(description="When a row was last changed.")
    items: list[FileShape] = Field(description="The files.")


class DownloadRoute(FastRoute):
    """A route that may outlast the time for requests when the service is stopped."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of a request."""
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await answer(request)
            except CancelledError:
                # Not raised: it would be answered in a thread, for which no time is left.
                return problems.problem_answer(request, Unavailable(STOPPED))

        return handle


def build(made_files: MadeFiles) -> APIRouter:
    """A router with the files."""
    router = APIRouter(prefix="/v1", route_class=DownloadRoute, tags=["downloads"])
    seldom = Seldom()

    @router.get(
        "/downloads",
        operation_id="list_downloads",
        summary="List the files with all content",
        response_model=Downloads,
        responses=problems.documented(),
    )
    def list_downloads(request: Request, _: Annotated[NoParameters, Query()]) -> Response:
        negotiation.require_json(request)
        to = addresses_for(request.scope).of
        with _explained(seldom):
            (release, changed), made = made_files.find(BUNDLES, _dataset)
        files = [
            FileShape(
                name=name,
                about=BUNDLES[name].about,
                address=to(f"/v1/downloads/{name}"),
                media_type=BUNDLES[name].media_type,
                size=file.size,
                sha256=file.sha256,
            )
            for name, file in made.items()
        ]
        found = Downloads(release=release, changed=changed, items=files)
        headers = conditional.cacheable(release) | catalogue.dataset_links(request)
        return Response(found.model_dump_json(), media_type=negotiation.JSON, headers=headers)

    # Not in the OpenAPI document: generated clients cannot express a file of one of several types.
    @router.get("/downloads/{name}", include_in_schema=False)
    def get_download(
        request: Request,
        name: Annotated[str, Path()],
        _: Annotated[NoParameters, Query()],
    ) -> Response:
        if name not in BUNDLES:
            raise NotFound("There is no such file.", nearest=tuple(BUNDLES))
        with _explained(seldom):
            headers, made = made_files.find([name], partial(_headers, name))
        return _sent(request, made[name], headers | _links(request))

    return router


@contextmanager
def _explained(seldom: Seldom) -> Iterator[None]:
    """Tell the caller that a file cannot be made, and the operator why."""
    try:
        yield
    except NotMade as reason:
        seldom.log(logging.WARNING, "made files", str(reason))
        if reason.full:
            raise InsufficientStorage("The disk is full; the file cannot be made.") from reason
        raise Unavailable("The file cannot be made.", cause=str(reason), lasting=True) from reason


def _dataset(reading: Reading) -> tuple[str, datetime]:
    return reading.release, last_change(reading)


def _sent(request: Request, file: MadeFile, headers: dict[str, str]) -> Response:
    """The file, or the part that is asked for, read from the disk while it is sent."""
    tag = conditional.tag_of(file.sha256)
    part = wanted_part(request.headers, tag, file.size)
    if part is not None:
        place = f"bytes {part.start}-{part.stop - 1}/{file.size}"
        length = {"Content-Range": place, "Content-Length": str(part.stop - part.start)}
        pieces = file.pieces(part.start, part.stop)
        return StreamingResponse(pieces, PARTIAL, headers | length | {"ETag": tag})
    (encoding,) = negotiation.read_fields(request.scope, b"accept-encoding")
    coding = negotiation.choose_coding(encoding)
    if coding == IDENTITY or not compressible(headers["Content-Type"].encode()):
        headers |= {"Content-Length": str(file.size), "ETag": tag}
    else:
        headers |= {"ETag": conditional.tag_of(file.sha256, coding)}
    return streamed(request, file.pieces(), headers["Content-Type"], headers)


def _links(request: Request) -> dict[str, str]:
    return signposts.link_header(signposts.of_file(addresses_for(request.scope)))


def _headers(name: str, reading: Reading) -> dict[str, str]:
    changed = format_datetime(last_change(reading).astimezone(UTC), usegmt=True)
    saved_as = f"lenalidomide-moa-{quote(reading.release, safe='')}-{name}"
    return conditional.cacheable(reading.release) | {
        "Content-Type": BUNDLES[name].media_type,
        "Content-Disposition": f'attachment; filename="{saved_as}"',
        "Last-Modified": changed,
        "Accept-Ranges": "bytes",
    }
