"""The parts of the network: nodes, cells, signed edges and their evidence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

ANY_CELL = "any-cell"
NO_ORIGIN = "none"
ORIGINS = ("native", "mixed", "borrowed", "stated", NO_ORIGIN)  # best first
LEVELS = ("A", "B", "C", "D", "E")  # best first


@dataclass(frozen=True, slots=True)
class Node:
    """A thing that acts or is acted on.

    `crosses_cells` says whether it can carry an effect from one cell to another: a drug, a
    cytokine or a surface receptor can, a protein inside the cell cannot.
    """

    id: str
    label: str
    kind: str
    crosses_cells: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A kind of cell, the wider kind it belongs to, and its identifier in the Cell Ontology."""

    id: str
    label: str
    parent: str | None = None
    term: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """One claim from one place in one reference, reduced to what the network needs."""

    id: str
    statement: str
    level: str
    origin: str
    contexts: tuple[str, ...]
    citation: str
    doi: str | None = None
    pmid: str | None = None
    publication: str = ""
    """Its reference: by PubMed number, else by DOI, else by address."""
    in_review: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One signed step from a source to a target, in a cell, with its evidence rows.

    `contact_with` is the cell on the other side if the step takes place at a contact between two
    cells. A textbook step has no evidence. `mechanisms` are those that include this step.
    """

    id: str
    source: str
    relation: str
    sign: str
    target: str
    cell: str
    contact_with: str | None
    type: str
    basis: str
    evidence: tuple[Proof, ...] = ()
    mechanisms: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """The best origin of the evidence; `none` if there is none."""
        return min((row.origin for row in self.evidence), key=ORIGINS.index, default=NO_ORIGIN)

    @property
    def level(self) -> str | None:
        """The best level of the evidence; None if there is none."""
        return min((row.level for row in self.evidence), default=None)


def _everything(_part: object, /) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Filter:
    """A named condition on evidence rows, on edges, or on both."""

    name: str
    row: Callable[[Proof], bool] = _everything
    edge: Callable[[Step], bool] = _everything


EVIDENCE_ONLY = Filter("basis", edge=lambda edge: edge.basis == "evidence")


def narrow(edge: Step, filters: Sequence[Filter]) -> Step | None:
    """Return the edge with the rows that pass every filter; None if the edge does not pass.

    An edge that loses all its rows is removed. A textbook edge has no rows to lose, so only
    conditions on the edge itself can remove it.
    """
    if not all(each.edge(edge) for each in filters):
        return None
    rows = tuple(row for row in edge.evidence if all(each.row(row) for each in filters))
    if len(rows) == len(edge.evidence):
        return edge
    return replace(edge, evidence=rows) if rows else None
