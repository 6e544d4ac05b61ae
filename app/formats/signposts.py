"""Typed links by which programs find what belongs to an answer (RFC 8288, signposting.org).

A page of a row leads to its data; the data lead back, and to the dataset that they are part of. The
dataset leads to its description and its files. Whatever can be cited names the address to cite.
"""

from collections.abc import Iterable
from typing import NamedTuple

from app.addresses import Addresses, doi_address
from app.formats.bundles import BUNDLES
from app.formats.packages import LICENCE
from app.schema.forms import DATASET_FORMS, JSON, LIST_FORMS

SCHEMA = "https://schema.org/"
PAGES = ("mechanisms", "subtypes", "partners", "references", "entities", "trials", "conflicts")
"""The types whose rows have pages."""
HTML = "text/html"


class Signpost(NamedTuple):
    """A typed link: its relation, its address, and the media type of what it leads to."""

    rel: str
    href: str
    type: str = ""


def license_of_data() -> Signpost:
    """The licence of all data."""
    return Signpost("license", LICENCE["path"])


def of_list(addresses: Addresses) -> list[Signpost]:
    """The links of a list of rows: it is part of the dataset, and is cited as such."""
    return [
        Signpost("cite-as", addresses.elsewhere.of("/")),
        license_of_data(),
        Signpost("collection", addresses.of("/"), HTML),
        Signpost("describedby", addresses.of("/v1/dataset"), DATASET_FORMS["jsonld"]),
    ]


def of_row(
    addresses: Addresses, plural: str, row_id: str, doi: str | None = None
) -> list[Signpost]:
    """The links of the data of a row; a document is cited by its DOI, if it has one."""
    page = f"/{plural}/{row_id}" if plural in PAGES else ""
    own = addresses.elsewhere.item(plural, row_id)
    known_as = addresses.elsewhere.of(page) if page else own
    return [
        Signpost("cite-as", doi_address(doi) if doi else known_as),
        license_of_data(),
        Signpost("collection", addresses.of("/"), HTML),
        *([Signpost("describes", addresses.of(page), HTML)] if page else []),
    ]


def of_page(addresses: Addresses, path: str, kind: str, cited_as: str) -> list[Signpost]:
    """The links of a page: its types and, for the page of a row, the data of that row."""
    if path == "/":
        return of_dataset(addresses)
    plural, _, row_id = path.removeprefix("/").partition("/")
    found = [
        Signpost("cite-as", cited_as or addresses.elsewhere.of(path)),
        license_of_data(),
        Signpost("type", f"{SCHEMA}AboutPage"),
        Signpost("type", f"{SCHEMA}{kind}"),
        Signpost("collection", addresses.of("/"), HTML),
    ]
    if plural in PAGES and row_id:
        data = f"/v1/{plural}/{row_id}"
        claims = addresses.of(f"{data}/evidence", [("format", "csv")])
        found += [
            Signpost("describedby", addresses.of(data), JSON),
            Signpost("item", claims, LIST_FORMS["csv"]),
        ]
    return found


def of_dataset(addresses: Addresses) -> list[Signpost]:
    """The links of the dataset as a whole: its description, and the files that hold it."""
    files = [
        Signpost("item", addresses.of(f"/v1/downloads/{name}"), one.media_type)
        for name, one in BUNDLES.items()
    ]
    return [
        Signpost("cite-as", addresses.elsewhere.of("/")),
        license_of_data(),
        Signpost("type", f"{SCHEMA}AboutPage"),
        Signpost("type", f"{SCHEMA}Dataset"),
        Signpost("describedby", addresses.of("/v1/dataset"), DATASET_FORMS["jsonld"]),
        *files,
        linked_set(addresses),
    ]


def of_file(addresses: Addresses) -> list[Signpost]:
    """The links of a file with all content."""
    return [*of_list(addresses)[:3], linked_set(addresses)]


def linked_set(addresses: Addresses) -> Signpost:
    """The link to the list of all links of the dataset."""
    place = addresses.of("/v1/dataset", [("format", "linkset")])
    return Signpost("linkset", place, DATASET_FORMS["linkset"])


def link_set(anchors: Iterable[tuple[str, list[Signpost]]]) -> dict[str, object]:
    """The links of several addresses as a set (RFC 9264)."""
    found = []
    for anchor, posts in anchors:
        links: dict[str, object] = {"anchor": anchor}
        for rel in dict.fromkeys(post.rel for post in posts):
            links[rel] = [
                {"href": post.href} | ({"type": post.type} if post.type else {})
                for post in posts
                if post.rel == rel
            ]
        found.append(links)
    return {"linkset": found}


def link_header(posts: Iterable[Signpost], following: str | None = None) -> dict[str, str]:
    """The `Link` header with these links; the one to the next page comes first."""
    links = [f'<{following}>; rel="next"'] if following else []
    for post in posts:
        media = f'; type="{post.type.partition(";")[0]}"' if post.type else ""
        links.append(f'<{post.href}>; rel="{post.rel}"{media}')
    return {"Link": ", ".join(links)}
