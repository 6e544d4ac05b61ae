"""All resource types, in the order of the documentation."""

from app.resources.conflicts import CONFLICTS
from app.resources.edges import EDGES
from app.resources.entities import ENTITIES
from app.resources.evidence import EVIDENCE
from app.resources.mechanisms import MECHANISMS
from app.resources.outcomes import OUTCOMES
from app.resources.partners import PARTNERS
from app.resources.references import REFERENCES
from app.resources.subtypes import SUBTYPES
from app.resources.trials import TRIALS
from app.schema.fitness import declared
from app.schema.resource import Resource

ALL: tuple[Resource, ...] = declared(
    MECHANISMS,
    SUBTYPES,
    PARTNERS,
    REFERENCES,
    EVIDENCE,
    ENTITIES,
    EDGES,
    TRIALS,
    OUTCOMES,
    CONFLICTS,
)
