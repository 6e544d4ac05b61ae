"""The claims about a row, grouped by where they were measured."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from app.db import Reading
from app.pages.site import Site
from app.pages.untaken import refuse_own
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
OPEN = 5
"""Claims of a group shown at once; the rest are folded."""
MOST = 30
"""Most claims of a group on a page of all groups; a page of one group shows all of it."""


@dataclass(frozen=True, slots=True)
class OriginGroup:
    """The claims of one origin, the strongest kinds of study first."""

    origin: str
    title: str
    claims: Sequence[EvidenceRead]
    total: int
    address: str = ""
    """The address of the page with all of them, if this one shows only some."""

    @property
    def shown(self) -> Sequence[EvidenceRead]:
        """The claims that are always visible."""
        return self.claims[:OPEN]

    @property
    def folded(self) -> Sequence[EvidenceRead]:
        """The claims shown when the reader unfolds the group."""
        return self.claims[OPEN:]

    @property
    def elsewhere(self) -> int:
        """How many claims are not on this page."""
        return self.total - len(self.claims)


@dataclass(frozen=True, slots=True)
class ClaimsShown:
    """The claims shown on a page."""

    groups: Sequence[OriginGroup]

    @property
    def total(self) -> int:
        """The number of claims, including those not on this page."""
        return sum(group.total for group in self.groups)


def claims_of(
    site: Site, reading: Reading, query: EvidenceFilters, name: str, row_id: str
) -> ClaimsShown:
    """The claims about a row that pass the filters of the page; the strongest, if they are many."""
    refuse_own(query, name)
    wanted = query.model_copy(update={name: (row_id,), "sort": "level"})
    if len(query.origin) == 1:
        return grouped(site.library.evidence.every(reading, wanted))
    place = f"/{PAGES_OF[name]}/{row_id}"
    found = []
    for origin in query.origin or words("origins"):
        of_one = wanted.model_copy(update={"origin": (origin,)})
        claims, total = site.library.evidence.first(reading, of_one, MOST)
        if claims:
            others = [(name, value) for name, value in pairs(query) if name != "origin"]
            all_of_it = site.addresses.of(place, [*others, ("origin", origin)])
            found.append(OriginGroup(origin, TITLES[origin], claims, total, all_of_it))
    return ClaimsShown(found)


def pairs(query: EvidenceFilters) -> list[tuple[str, str]]:
    """The filters of a page as parameters of its address."""
    given = query.model_dump(mode="json", exclude_unset=True)
    return [
        (name, json.dumps(one) if isinstance(one, bool) else str(one))
        for name, value in given.items()
        for one in (value if isinstance(value, list) else [value])
    ]


def grouped(claims: Sequence[EvidenceRead]) -> ClaimsShown:
    """Group claims by origin; in each group the strongest kinds of study come first."""
    groups = []
    for origin in words("origins"):
        here = [claim for claim in claims if claim.origin == origin]
        if here:
            here.sort(key=_strongest_first)
            groups.append(OriginGroup(origin, TITLES[origin], here, len(here)))
    return ClaimsShown(groups)


def _strongest_first(claim: EvidenceRead) -> tuple[str, str]:
    return claim.level, claim.id
