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
ORIGIN = "Best origin of its claims; `none` where it has none."
LEVEL = "Best level of its claims; null where it has none."
CONTACT = "The cell on the other side where the effect sits at a contact."


class About(Shape):
    """What the network is and of which state, so that a saved file can be cited."""

    name: str
    release: str
    revision: int
    licence: str


class GraphNode(EntityRef):
    """An end of some step that is shown."""

    name: str
    symbol: str | None
    crosses_cells: bool = Field(description="Whether it can carry an effect from cell to cell.")
    xrefs: list[str]


class GraphEdge(Shape):
    """One signed step, with how much evidence stands behind it."""

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
    """One claim with its source, and what it was measured in or speaks of."""

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

    sign: Sign = Field(description="Product of the signs; `?` where one step is contradictory.")
    origin: StepOrigin = Field(description="Weakest origin of its steps.")
    level: Level | None = Field(description="Weakest level; null where a step has none.")
    contexts: list[Context] = Field(description="All contexts met on the way.")
    sentence: str
    steps: list[PathStep]


class WhyShape(Shape):
    """Why no path is shown."""

    kind: Reason
    sentence: str
    by: list[str] = Field(
        description="What removed the last path, by parameter. Of several, each alone is enough."
    )
    after: list[str] = Field(description="What had to be in force before it.")
    path: PathShape | None = Field(description="The best path that was removed.")


class Paths(Shape):
    """The paths from one entity to another, the shortest first, or why there is none."""

    graph: About
    source: EntityRef
    target: EntityRef
    cell_rule: bool = Field(
        description="Whether paths had to keep from jumping between cells inside a molecule."
    )
    items: list[PathShape]
    total: Whole = Field(description="How many paths are shown.")
    truncated: bool = Field(description="Whether there may be more paths than are shown.")
    stopped_by: Stop | None = Field(description="What cut the search short.")
    why: WhyShape | None = Field(description="Given where there is no path.")
