"""The shapes of the network in answers: nodes and edges, paths, and reasons for no path."""

from typing import Annotated, Literal

from pydantic import Field

from app.network import Reason, Stop
from app.resources.evidence import ClaimObject, ClaimSubject
from app.schema.markers import Inline, Many
from app.schema.shapes import LEVEL, ORIGIN, EdgeRef, EntityRef, EvidenceCounts, EvidenceRef, Shape
from app.schema.values import (
    Basis,
    Context,
    EdgeId,
    EdgeType,
    EntityId,
    EntityKind,
    EvidenceId,
    Level,
    MechanismId,
    Relation,
    Sign,
    State,
    StepOrigin,
    Whole,
)

Nodes = Literal["per-entity", "per-cell"]

MOST_CLAIMS = 20
CONTACT = "The cell on the other side, if the step takes place at a contact between two cells."


class About(Shape):
    """The name and state of the network, so that a saved file can be cited."""

    name: str
    release: str
    revision: int
    licence: str
    nodes: Nodes = Field(
        description="Whether there is one node for each entity, or one for each cell it acts in."
    )
    cell_rule: str = Field(
        description="Where paths may change cell, and whether the nodes ensure it."
    )


class GraphNode(Shape):
    """A node at either end of a step shown."""

    id: str = Field(
        description="The id of the entity; with `nodes=per-cell`, followed by a dot and the cell "
        "unless that is `any-cell`. Paths start at the node that has the id of its entity."
    )
    label: str = Field(
        description="Short name, used in pictures and sentences; with the cell, if it has one."
    )
    kind: EntityKind
    entity: EntityId
    cell: EntityRef | None = Field(
        description="With `nodes=per-cell`, the narrowest cell of the steps that lead here since "
        "the last entity that acts across cells; `any-cell` if there is none. Otherwise null."
    )
    name: str
    symbol: str | None
    crosses_cells: bool = Field(description="Whether it can carry an effect from cell to cell.")
    state_of: EntityId | None = Field(description="The entity of which this is a state.")
    state: State | None = Field(description="Which state that is; `altered` has no sign.")
    xrefs: list[str]


class GraphEdge(Shape):
    """One signed step, with counts of its evidence."""

    id: str = Field(
        description="The id of the edge; with `nodes=per-cell`, followed by a dot and the cell of "
        "its source node unless that is `any-cell`."
    )
    key: str = Field(description="The id again, under the name that node-link readers expect.")
    edge: EdgeId
    source: str = Field(description="Id of the node where the step starts.")
    target: str = Field(description="Id of the node where the step ends.")
    relation: Relation
    sign: Sign
    type: EdgeType
    basis: Basis = Field(description="`textbook`: knowledge that no evidence row supports.")
    cell: EntityRef
    contact_with: EntityRef | None = Field(description=CONTACT)
    origin: StepOrigin = Field(description=ORIGIN)
    level: Level | None = Field(description=LEVEL)
    evidence_counts: EvidenceCounts
    evidence: list[EvidenceId] = Field(description="The claims that passed the filters.")
    pmids: list[str] = Field(description="PubMed numbers of the references of these claims.")
    publications: list[str] = Field(
        description="All references of these claims: by PubMed number, such as `PMID:26195720`, "
        "else by DOI, else by address."
    )
    mechanisms: list[MechanismId]


class Graph(Shape):
    """Steps and the nodes that they join, as node-link JSON for networkx."""

    directed: Literal[True] = True
    multigraph: Literal[True] = True
    graph: About
    nodes: list[GraphNode]
    edges: list[GraphEdge]


class Claim(EvidenceRef):
    """One claim with its source and the contexts in which it was measured or to which it refers."""

    contexts: Annotated[list[Context], Many("evidence_context.context")]
    in_review: bool = Field(description="Whether the review itself makes this claim.")


class LinkingClaim(Claim):
    """One claim that names both ends of the path sought, in either direction."""

    relation: Relation
    sign: Sign | None = Field(
        description="Sign of the relation, reversed for each end that is `decreased`; null if "
        "there is none."
    )
    subject: Annotated[ClaimSubject, Inline()]
    object: Annotated[ClaimObject, Inline()]


class PathStep(EdgeRef):
    """One step of a path, with its proof."""

    contact_with: EntityRef | None = Field(description=CONTACT)
    basis: Basis = Field(description="`textbook`: knowledge that no evidence row supports.")
    origin: StepOrigin = Field(description=ORIGIN)
    level: Level | None = Field(description=LEVEL)
    evidence: list[Claim]


class CausalPath(Shape):
    """Causal steps, each starting where the one before ends."""

    sign: Sign = Field(description="Product of the signs; `?` if any step is contradictory.")
    origin: StepOrigin = Field(description="Weakest origin of its steps.")
    level: Level | None = Field(description="Weakest level of its steps; null if a step has none.")
    contexts: list[Context] = Field(description="All contexts of the claims along the path.")
    sentence: str
    steps: list[PathStep]


class WhyNoPath(Shape):
    """Why no path is shown."""

    kind: Reason
    sentence: str
    by: list[str] = Field(
        description="The parameters that removed the last path; lifting any one gives a path."
    )
    after: list[str] = Field(description="The parameters that were in force before those in `by`.")
    path: CausalPath | None = Field(description="The best path that was removed.")
    claims: list[LinkingClaim] = Field(
        description="Claims, supporting a step or not, that name one end as subject and the other "
        f"as object, whatever the filters: the first {MOST_CLAIMS} at most, by level, then id. "
        "`sentence` says how many there are."
    )


class Paths(Shape):
    """The paths from one entity to another, shortest first, or why there is none."""

    graph: About
    source: EntityRef
    target: EntityRef
    cell_rule: bool = Field(
        description="Whether paths could change cell only at entities that act across cells."
    )
    items: list[CausalPath]
    total: Whole = Field(description="Number of paths shown.")
    truncated: bool = Field(description="Whether there may be more paths than those shown.")
    stopped_by: Stop | None = Field(description="What cut the search short.")
    why: WhyNoPath | None = Field(description="Given if there is no path.")
