"""What the service offers, for programs: the catalogue of RFC 9727, JSON-LD, links, releases."""

import json
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.addresses import addresses_for, doi_address
from app.db import Database
from app.db.revision import read_about
from app.formats import atom, signposts
from app.formats.bundles import BUNDLES
from app.formats.packages import LICENCE
from app.http import conditional, negotiation
from app.read.overview import last_change
from app.schema.about import DISCLAIMER, REVIEW, REVIEW_DOI, TITLE, AboutDataset
from app.schema.forms import DATASET_FORMS
from app.schema.pages import NoParameters

LINKSET = DATASET_FORMS["linkset"]
FEED = "/v1/releases.atom"


def build(db: Database) -> APIRouter:
    """A router with the catalogue and the feed of releases."""
    router = APIRouter(include_in_schema=False)

    @router.get("/.well-known/api-catalog")
    def get_catalogue(request: Request, _: Annotated[NoParameters, Query()]) -> Response:
        to = addresses_for(request.scope).elsewhere.of
        links = {
            "anchor": to("/v1"),
            "service-desc": [{"href": to("/openapi.json"), "type": negotiation.JSON}],
            "service-doc": [{"href": to("/docs"), "type": "text/html"}],
            "item": [{"href": to("/v1/dataset"), "type": DATASET_FORMS["jsonld"]}],
            "license": [{"href": LICENCE["path"]}],
        }
        text = json.dumps({"linkset": [links]})
        return Response(text, media_type=LINKSET, headers=conditional.CACHEABLE)

    @router.get(FEED)
    def get_releases(request: Request, _: Annotated[NoParameters, Query()]) -> Response:
        with db.read() as reading:
            about = read_about(reading.connection)
            changed = last_change(reading)
        releases = AboutDataset.model_validate_json(about).releases if about else []
        text = atom.feed(addresses_for(request.scope).elsewhere, FEED, releases, changed)
        headers = conditional.cacheable(reading.release)
        return Response(text, media_type=atom.MEDIA_TYPE, headers=headers)

    return router


def dataset_links(request: Request) -> dict[str, str]:
    """The header with the links of the dataset."""
    return signposts.link_header(signposts.of_dataset(addresses_for(request.scope)))


def dataset_answer(request: Request, form: str, release: str, citation: str) -> Response:
    """The dataset in the vocabulary of schema.org, or its links as a link set (RFC 9264)."""
    found = _described(request, release, citation) if form == "jsonld" else _all_links(request)
    headers = conditional.cacheable(release) | dataset_links(request)
    return Response(json.dumps(found), media_type=DATASET_FORMS[form], headers=headers)


def _all_links(request: Request) -> dict[str, object]:
    """The links of the dataset, and those of each file back to it."""
    to = addresses_for(request.scope).elsewhere
    anchors = [(to.of("/"), signposts.of_dataset(to))]
    anchors += [(to.of(f"/v1/downloads/{name}"), signposts.of_file(to)) for name in BUNDLES]
    return signposts.link_set(anchors)


def _described(request: Request, release: str, citation: str) -> dict[str, object]:
    """The dataset in the vocabulary of schema.org."""
    addresses = addresses_for(request.scope).elsewhere
    files = [
        {
            "@type": "DataDownload",
            "name": name,
            "description": one.about,
            "encodingFormat": one.media_type,
            "contentUrl": addresses.of(f"/v1/downloads/{name}"),
        }
        for name, one in BUNDLES.items()
    ]
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": TITLE,
        "alternateName": "lenalidomide-moa",
        "description": DISCLAIMER,
        "url": addresses.of("/"),
        "version": release,
        "license": LICENCE["path"],
        "isAccessibleForFree": True,
        "creditText": citation,
        "isBasedOn": {
            "@type": "ScholarlyArticle",
            "name": REVIEW,
            "sameAs": doi_address(REVIEW_DOI),
        },
        "distribution": files,
    }
