"""The addresses in answers, made here alone: each begins with the prefix of a proxy, if any.

They are paths without scheme and host, so that no proxy has to say which of these it has. Those in
what is read elsewhere, such as pictures and citations, have both if the operator has told them.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import quote, urlencode

# What begins so is for programs; all else is for people.
FOR_PROGRAMS = ("/v1", "/docs", "/openapi.json", "/problems", "/livez", "/readyz", "/static")
# The key of the scope for the scheme and host that the operator has told.
ORIGIN = "moa.origin"


class Addresses(NamedTuple):
    """Makes addresses of this service as its callers see it."""

    prefix: str = ""
    """The path under which a proxy shows the service, such as `/moa`; empty for none."""
    origin: str = ""
    """Scheme and host for all who read elsewhere, such as `https://example.org`; or empty."""

    @property
    def elsewhere(self) -> "Addresses":
        """What makes the addresses in files and texts that are read outside of the service."""
        return Addresses(self.origin + self.prefix)

    def of(self, path: str, query: Iterable[tuple[str, str]] = ()) -> str:
        """The address of a path, written as it is documented, with a query."""
        found = f"{self.prefix}{quote(path)}"
        asked = urlencode(list(query))
        return f"{found}?{asked}" if asked else found

    def item(self, plural: str, id: str) -> str:
        """The address of one row of a resource type."""
        return f"{self.prefix}/v1/{plural}/{quote(id, safe='')}"

    def whole(self, path: str) -> str:
        """A path as callers see it, whether or not a proxy has taken the prefix off."""
        if not self.prefix or path == self.prefix or path.startswith(f"{self.prefix}/"):
            return path
        return self.prefix + path

    def is_page(self, path: str) -> bool:
        """Whether a path is for people."""
        return not self.own(path).startswith(FOR_PROGRAMS)

    def own(self, path: str) -> str:
        """A path without the prefix, as it is documented."""
        return path.removeprefix(self.prefix)


def doi_address(doi: str) -> str:
    """The address of a document by its DOI, which may hold any character but blanks."""
    return f"https://doi.org/{quote(doi)}"


def addresses_for(scope: Mapping[str, object]) -> Addresses:
    """What makes the addresses in the answer to this request."""
    return Addresses(str(scope.get("root_path", "")), str(scope.get(ORIGIN, "")))
