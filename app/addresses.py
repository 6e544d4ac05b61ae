"""The only place that makes the addresses in answers; each begins with a proxy's prefix, if any.

They are paths without scheme and host, so that no proxy has to pass those on. Addresses in files
that are read elsewhere, such as pictures and citations, have both if the operator has set them.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import quote, quote_plus

# Addresses that begin with one of these are for programs; all others are for people.
FOR_PROGRAMS = ("/v1", "/docs", "/openapi.json", "/problems", "/livez", "/readyz", "/static")
# Most paths need no quoting; to find that out takes a tenth of the time of quoting them.
PLAIN = re.compile(r"[A-Za-z0-9_.~/-]*").fullmatch
UNRESERVED = re.compile(r"[A-Za-z0-9_.~-]*").fullmatch
# The key in the ASGI scope of the scheme and host that the operator has set.
ORIGIN = "moa.origin"


class Addresses(NamedTuple):
    """Makes the addresses of this service as its callers see them."""

    prefix: str = ""
    """The path under which a proxy shows the service, such as `/moa`; empty for none."""
    origin: str = ""
    """Scheme and host for files read elsewhere, such as `https://example.org`; empty for none."""

    @property
    def elsewhere(self) -> "Addresses":
        """The maker of addresses for files and texts that are read outside the service."""
        return Addresses(self.origin + self.prefix)

    def of(self, path: str, query: Iterable[tuple[str, str]] = ()) -> str:
        """The address of a path, given as documented without a prefix, and of its query."""
        found = f"{self.prefix}{path if PLAIN(path) else quote(path)}"
        asked = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in query)
        return f"{found}?{asked}" if asked else found

    def item(self, plural: str, id: str) -> str:
        """The address of one row of a resource type."""
        return f"{self.prefix}/v1/{plural}/{id if UNRESERVED(id) else quote(id, safe='')}"

    def whole(self, path: str) -> str:
        """A path as callers see it, whether or not a proxy has stripped the prefix."""
        if not self.prefix or path == self.prefix or path.startswith(f"{self.prefix}/"):
            return path
        return self.prefix + path

    def is_page(self, path: str) -> bool:
        """Whether a path is for people."""
        return not self.own(path).startswith(FOR_PROGRAMS)

    def own(self, path: str) -> str:
        """A path without the prefix, as it is documented."""
        return path.removeprefix(self.prefix)


def _encoded(text: str) -> str:
    """A name or value of a query, encoded if it has to be."""
    return text if UNRESERVED(text) else quote_plus(text)


def doi_address(doi: str) -> str:
    """The address of a document by its DOI, which may contain any character except blanks."""
    return f"https://doi.org/{quote(doi)}"


def addresses_for(scope: Mapping[str, object]) -> Addresses:
    """The maker of the addresses in the answer to this request."""
    return Addresses(str(scope.get("root_path", "")), str(scope.get(ORIGIN, "")))
