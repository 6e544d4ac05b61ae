"""The claims about a row, grouped by where they were measured."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.db import Reading
from app.pages.library import PageOfRows
from app.pages.parameters import refuse_own
from app.pages.site import Site
from app.resources.entities import ENTITIES
from app.resources.evidence import EvidenceFilters, EvidenceRead
from app.resources.mechanisms import MECHANISMS
from app.resources.references import REFERENCES
from app.resources.subtypes import SUBTYPES
from app.resources.trials import TRIALS
from app.schema.vocabulary import words

TITLES = {
    "native": "Measured in B-cell lymphoma",
    "mixed": "Measured in lymphoma and elsewhere",
    "borrowed": "Measured elsewhere",
    "stated": "Stated, not measured there",
}
PAGES_OF = {one.name: one.plural for one in (MECHANISMS, SUBTYPES, TRIALS, REFERENCES, ENTITIES)}
"""The paths of the pages that show the claims about a row, by the filter that chooses them."""
Pairs = Sequence[tuple[str, str]]
OPEN, FEW, MANY = 5, 3, 3
"""Claims of a group shown at once, fewer if there are many groups; the rest are folded."""
CITING = "bibliographic"
SAYING = [kind for kind in words("fact_kinds") if kind != CITING]
MOST = 15
"""Most claims of a group on a page of several groups."""
ANSWERING = 30
"""Most claims of a group in the answer to a question."""
ALONE = 100
"""Most claims on a page of one group; a link leads to those after them."""


@dataclass(frozen=True, slots=True)
class OriginGroup:
    """The claims of one origin, the strongest kinds of study first."""

    origin: str
    title: str
    claims: Sequence[EvidenceRead]
    total: int
    address: str = ""
    """The address of the claims that this page does not show, if any."""
    leads: str = ""
    """The text of the link to that address."""

    open: int = OPEN
    """How many claims are visible at once."""

    @property
    def shown(self) -> Sequence[EvidenceRead]:
        """The claims that are always visible."""
        return self.claims[: self.open]

    @property
    def folded(self) -> Sequence[EvidenceRead]:
        """The claims that appear when the reader unfolds the group."""
        return self.claims[self.open :]


@dataclass(frozen=True, slots=True)
class ClaimsShown:
    """The claims shown on a page."""

    groups: Sequence[OriginGroup]
    chosen: Sequence[tuple[str, str]] = ()
    """The filters that the claims pass, by name and value."""
    whole: str = ""
    """The address of the page without these filters."""

    @property
    def total(self) -> int:
        """The number of claims, including those not on this page."""
        return sum(group.total for group in self.groups)


def claims_of(
    site: Site, reading: Reading, query: EvidenceFilters, name: str, row_id: str
) -> ClaimsShown:
    """The claims about a row that pass the filters of the page; the strongest, if they are many."""
    origins = _origins(query)
    alone = len(origins) == 1
    refuse_own(query, name, *(() if alone else ("cursor",)))
    place = f"/{PAGES_OF[name]}/{row_id}"
    wanted = query.model_copy(update={name: (row_id,), "sort": "level"})
    if name == "subtype":  # its page sums up the claims about those below it
        wanted = wanted.model_copy(update={"rollup": "exact"})
    if name == "reference" and not query.kind:  # its own claims come before those that it cites
        wanted = wanted.model_copy(update={"kind": tuple(SAYING)})
    given = pairs(query)
    found = []
    for origin in origins:
        of_one = wanted.model_copy(update={"origin": (origin,)})
        page = site.library.evidence.page(reading, of_one, ALONE if alone else MOST)
        if page.rows:
            others = [pair for pair in given if pair[0] != "origin"] + [("origin", origin)]
            if alone and page.after:
                others.append(("cursor", page.after))
            found.append(_group(origin, page, site.addresses.of(place, others), alone=alone))
    if len(found) > MANY:
        found = [replace(group, open=FEW) for group in found]
    if name == "reference" and not query.kind and query.cursor is None:
        address = site.addresses.of(place, [*given, ("kind", CITING)])
        found += _cited(site, reading, wanted, address)
    return ClaimsShown(found, given, site.addresses.of(place))


def _cited(
    site: Site, reading: Reading, wanted: EvidenceFilters, address: str
) -> Iterator[OriginGroup]:
    """What a reference cites, folded away."""
    page = site.library.evidence.page(reading, wanted.model_copy(update={"kind": (CITING,)}), MOST)
    if page.rows:
        found = _group("stated", page, address, alone=False)
        yield replace(found, title="From its bibliography", open=0)


def _origins(query: EvidenceFilters) -> list[str]:
    """The origins that pass, each once."""
    return list(dict.fromkeys(query.origin or words("origins")))


def _group(
    origin: str, page: PageOfRows[EvidenceRead], address: str, *, alone: bool
) -> OriginGroup:
    """The group of an origin, with the way to its further claims, if there are any."""
    if page.after is None:
        return OriginGroup(origin, TITLES[origin], page.rows, page.total)
    leads = "Further claims" if alone else f"All {page.total:,} on a separate page"
    return OriginGroup(origin, TITLES[origin], page.rows, page.total, address, leads)


def listed_claims(
    site: Site, reading: Reading, query: EvidenceFilters, address: str, asked: Pairs
) -> ClaimsShown:
    """The claims of a list by origin; the strongest, if they are many, and the list of all."""
    found = []
    for origin in _origins(query):
        of_one = query.model_copy(update={"origin": (origin,), "sort": "level"})
        page = site.library.evidence.page(reading, of_one, ANSWERING)
        if page.rows:
            others = [pair for pair in asked if pair[0] not in ("origin", "limit", "sort")]
            all_of_it = site.addresses.of(address, [*others, ("origin", origin), ("sort", "level")])
            group = _group(origin, page, all_of_it, alone=False)
            found.append(replace(group, leads=f"All {page.total:,} as data"))
    return ClaimsShown(found)


def pairs(query: EvidenceFilters) -> list[tuple[str, str]]:
    """The filters of a page as parameters of its address, each once.

    Where its list starts is not among them.
    """
    given = query.model_dump(mode="json", exclude_unset=True, exclude={"cursor"})
    every = (
        (name, json.dumps(one) if isinstance(one, bool) else str(one))
        for name, value in given.items()
        for one in (value if isinstance(value, list) else [value])
    )
    return list(dict.fromkeys(every))
