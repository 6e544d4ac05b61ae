"""The releases of the content as an Atom feed (RFC 4287)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from app.addresses import Addresses
from app.schema.about import DISCLAIMER, TITLE, Release

MEDIA_TYPE = "application/atom+xml"
START = '<?xml version="1.0" encoding="UTF-8"?>\n'
ATOM = "http://www.w3.org/2005/Atom"


def feed(addresses: Addresses, own: str, releases: Sequence[Release], otherwise: datetime) -> str:
    """The feed, the newest release first; without releases, it was updated at `otherwise`."""
    whole = Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    updated = f"{releases[0].date.isoformat()}T00:00:00Z" if releases else _moment(otherwise)
    _start(whole, f"lenalidomide-moa: {TITLE}", "releases", updated)
    SubElement(whole, "subtitle").text = DISCLAIMER
    SubElement(SubElement(whole, "author"), "name").text = "lenalidomide-moa maintainers"
    _link(whole, "self", addresses.of(own), MEDIA_TYPE)
    _link(whole, "alternate", addresses.of("/about"), "text/html")
    for one in releases:
        entry = SubElement(whole, "entry")
        moment = f"{one.date.isoformat()}T00:00:00Z"
        _start(entry, f"Release {one.id}", f"releases/{one.id}", moment)
        _link(entry, "alternate", f"{addresses.of('/about')}#releases", "text/html")
        SubElement(entry, "content", {"type": "text"}).text = "\n".join(one.changes)
    return START + tostring(whole, encoding="unicode")


def _start(of: Element, title: str, name: str, updated: str) -> None:
    """What a feed and an entry both have; the id stays whatever the address of the service."""
    SubElement(of, "id").text = uuid5(NAMESPACE_URL, f"lenalidomide-moa/{name}").urn
    SubElement(of, "title").text = title
    SubElement(of, "updated").text = updated


def _link(of: Element, rel: str, href: str, media_type: str) -> None:
    SubElement(of, "link", {"rel": rel, "type": media_type, "href": href})


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
