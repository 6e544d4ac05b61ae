"""What the network looks like in an answer: nodes and edges, paths, and reasons for no path."""

from typing import Literal

from pydantic import Field

from app.network import Reason, Stop
from app.schema.shapes import EdgeRef, EntityRef, EvidenceCounts, EvidenceRef, Shape
from app.schema.values import (
    Basis,
    Context,
    EdgeId,
    EdgeType,
    EntityId,
    EvidenceId,
    Level,
    MechanismId,
    Origin,
    Relation,
    Sign,
    Whole,
)

StepOrigin = Origin | Literal["none"]
ORIGIN = "Best origin of its claims; `none` if it has no claims."
LEVEL = "Best level of its claims; null if it has no claims."
CONTACT = "The cell on the other side, if the step takes place at a contact between two cells."


class About(Shape):
    """The name and state of the network, so that a saved file can be cited."""

    name: str
    release: str
    revision: int
    licence: str


class GraphNode(EntityRef):
    """A node at either end of a step that is shown."""

    name: str
    symbol: str | None
    crosses_cells: bool = Field(description="Whether it can carry an effect from cell to cell.")
    xrefs: list[str]


class GraphEdge(Shape):
    """One signed step, with its evidence counted."""

    id: EdgeId
    key: EdgeId = Field(description="The id again, under the name that node-link readers expect.")
    source: EntityId
    target: EntityId
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
    mechanisms: list[MechanismId]


class Graph(Shape):
    """Steps and the nodes that they join, as node-link JSON that networkx reads."""

    directed: Literal[True] = True
    multigraph: Literal[True] = True
    graph: About
    nodes: list[GraphNode]
    edges: list[GraphEdge]


class Claim(EvidenceRef):
    """One claim with its source and the contexts in which it was measured or to which it refers."""

    contexts: list[Context]
    in_review: bool = Field(description="Whether the review itself says it.")


class PathStep(EdgeRef):
    """One step of a path, with its proof."""

    contact_with: EntityRef | None = Field(description=CONTACT)
    basis: Basis = Field(description="`textbook`: knowledge that no evidence row supports.")
    origin: StepOrigin = Field(description=ORIGIN)
    level: Level | None = Field(description=LEVEL)
    evidence: list[Claim]


class PathShape(Shape):
    """Causal steps, each starting where the one before ends."""

    sign: Sign = Field(description="Product of the signs; `?` if any step is contradictory.")
    origin: StepOrigin = Field(description="Weakest origin of its steps.")
    level: Level | None = Field(description="Weakest level of its steps; null if a step has none.")
    contexts: list[Context] = Field(description="All contexts of the claims along the path.")
    sentence: str
    steps: list[PathStep]


class WhyShape(Shape):
    """Why no path is shown."""

    kind: Reason
    sentence: str
    by: list[str] = Field(
        description="The parameters that removed the last path; lifting any of them gives one."
    )
    after: list[str] = Field(description="The parameters that were in force before those in `by`.")
    path: PathShape | None = Field(description="The best path that was removed.")


class Paths(Shape):
    """The paths from one entity to another, the shortest first, or why there is none."""

    graph: About
    source: EntityRef
    target: EntityRef
    cell_rule: bool = Field(
        description="Whether paths could change cell only at entities that act across cells."
    )
    items: list[PathShape]
    total: Whole = Field(description="Number of paths shown.")
    truncated: bool = Field(description="Whether there may be more paths than are shown.")
    stopped_by: Stop | None = Field(description="What cut the search short.")
    why: WhyShape | None = Field(description="Given if there is no path.")
