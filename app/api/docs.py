"""The documentation page: Swagger UI from an installed package, with no request to other hosts."""

from functools import partial
from importlib.resources import files

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from app.http import conditional

ASSETS = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
# Swagger UI sets styles on its elements and draws its icons from data: addresses.
POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
LASTING = {"Cache-Control": conditional.STATIC}
# No answer has links in the sense of OpenAPI: their column would only take width.
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>lenalidomide-moa: API</title>
<link rel="icon" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
<style>.response-col_links { display: none }</style>
</head>
<body>
<main id="page"></main>
<noscript>This page needs JavaScript; openapi.json has the same content.</noscript>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
START = """const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();
SwaggerUIBundle({
  url: "openapi.json", dom_id: "#page", deepLinking: true, tryItOutEnabled: true,
  displayRequestDuration: true, defaultModelsExpandDepth: 0, docExpansion: "none"
});
"""


def build() -> APIRouter:
    """A router with the page and what it loads; all addresses are relative, as a proxy needs."""
    router = APIRouter(prefix="/docs", include_in_schema=False)

    @router.get("")
    def get_page() -> HTMLResponse:
        return HTMLResponse(
            PAGE, headers={"Content-Security-Policy": POLICY, **conditional.CACHEABLE}
        )

    @router.get("/start.js")
    def get_start() -> Response:
        return Response(START, media_type="text/javascript", headers=LASTING)

    for name, media_type in ASSETS.items():
        router.add_api_route(f"/{name}", partial(_asset, name, media_type), name=name)
    return router


def _asset(name: str, media_type: str) -> Response:
    content = files("fastapi_swagger").joinpath("resources", name).read_bytes()
    return Response(content, media_type=media_type, headers=LASTING)
