"""The claims about a row, grouped by where they were measured."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.db import Reading
from app.pages.site import Site
from app.pages.untaken import refuse_own
from app.resources.evidence import EvidenceFilters, EvidenceRead
from app.schema.vocabulary import words

TITLES = {
    "native": "Measured in B-cell lymphoma",
    "mixed": "Measured in lymphoma and elsewhere",
    "borrowed": "Measured elsewhere",
    "stated": "Stated, not measured there",
}


@dataclass(frozen=True, slots=True)
class OriginGroup:
    """The claims of one origin."""

    origin: str
    title: str
    claims: Sequence[EvidenceRead]


@dataclass(frozen=True, slots=True)
class ClaimsShown:
    """The claims shown on a page."""

    groups: Sequence[OriginGroup]
    total: int

    @property
    def every(self) -> list[EvidenceRead]:
        """All the claims, group after group."""
        return [claim for group in self.groups for claim in group.claims]

    @property
    def conflicts(self) -> set[str]:
        """The ids of the conflicts in which these claims support a side."""
        return {conflict for claim in self.every for conflict in claim.conflicts}


def claims_of(
    site: Site, reading: Reading, query: EvidenceFilters, name: str, row_id: str
) -> ClaimsShown:
    """The claims about a row that pass the filters of the page."""
    refuse_own(query, name)
    found = site.library.evidence.every(reading, query.model_copy(update={name: (row_id,)}))
    return grouped(found)


def grouped(claims: Sequence[EvidenceRead]) -> ClaimsShown:
    """Group claims by origin; in each group the strongest kinds of study come first."""
    groups = [
        OriginGroup(origin, TITLES[origin], sorted(here, key=_strongest_first))
        for origin in words("origins")
        if (here := [claim for claim in claims if claim.origin == origin])
    ]
    return ClaimsShown(groups, len(claims))


def _strongest_first(claim: EvidenceRead) -> tuple[str, str]:
    return claim.level, claim.id
