"""Files that belong to the pages: style sheet, script, icon, and robots.txt."""

from functools import partial

from fastapi import APIRouter
from starlette.responses import Response

from app.http import conditional
from app.pages.site import STATIC, Site

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
LASTING = {"Cache-Control": conditional.STATIC}
# An icon opened on its own can load and run nothing.
INERT = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def build(site: Site) -> APIRouter:
    """A router with the files."""
    router = APIRouter(include_in_schema=False)
    for path in sorted(STATIC.iterdir()):
        answer = partial(_file, path.read_bytes(), TYPES[path.suffix])
        router.add_api_route(f"/static/{path.name}", answer, name=path.name)
    icon = partial(_file, (STATIC / "icon.svg").read_bytes(), TYPES[".svg"])
    router.add_api_route("/favicon.ico", icon)
    robots = f"User-agent: *\nDisallow: {site.addresses.of('/search')}\n"
    if site.addresses.origin:
        robots += f"Sitemap: {site.elsewhere.of('/sitemap.xml')}\n"
    router.add_api_route("/robots.txt", partial(_file, robots.encode(), "text/plain"))
    return router


def _file(content: bytes, media_type: str) -> Response:
    return Response(content, media_type=media_type, headers=LASTING | INERT)
