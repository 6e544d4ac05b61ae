"""What the service offers, for programs: the catalogue of RFC 9727, and JSON-LD."""

import json

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.addresses import addresses_for
from app.formats.bundles import BUNDLES
from app.formats.packages import LICENCE
from app.http import conditional, negotiation
from app.schema.about import DISCLAIMER, REVIEW, REVIEW_DOI, TITLE
from app.schema.forms import DATASET_FORMS

LINKSET = "application/linkset+json"


def build() -> APIRouter:
    """A router with the catalogue."""
    router = APIRouter(include_in_schema=False)

    @router.get("/.well-known/api-catalog")
    def get_catalogue(request: Request) -> Response:
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

    return router


def dataset_answer(request: Request, release: str, citation: str) -> Response:
    """The dataset in the vocabulary of schema.org, as JSON-LD."""
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
    found = {
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
            "sameAs": f"https://doi.org/{REVIEW_DOI}",
        },
        "distribution": files,
    }
    headers = conditional.cacheable(release)
    return Response(json.dumps(found), media_type=DATASET_FORMS["jsonld"], headers=headers)
