"""Read the network from the database, with what answers show besides it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Row, select

from app.db import Reading
from app.db.revision import State, read_dataset
from app.network import Cell, Network, Node, Proof, Step
from app.read.joins import table
from app.schema.shapes import Cited

Parents = Mapping[str, str | None]
Groups = Mapping[str, tuple[str, ...]]
Found = list[Row[Any]]


@dataclass(frozen=True, slots=True)
class Naming:
    """The full name of a node, its identifiers, and the entity and state it represents."""

    name: str
    symbol: str | None
    xrefs: tuple[str, ...]
    state_of: str | None
    state: str | None


@dataclass(frozen=True, slots=True)
class NetworkData:
    """The whole network at one revision of the data; shared between threads."""

    release: str
    revision: int
    network: Network
    naming: Mapping[str, Naming]
    sources: Mapping[str, Cited]
    """The reference of each evidence row."""
    mechanisms: Mapping[str, str]
    """The name of each mechanism."""
    conflicts: Groups
    """The ids of the conflicts about each edge."""
    cells: Parents


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows read from the tables."""

    entities: Found
    xrefs: Found
    edges: Found
    steps: Found
    support: Found
    claims: Found
    references: Found
    contexts: Found
    mechanisms: Found
    conflicts: Found


def read_network(connection: Connection) -> NetworkData:
    """Read the network through a connection that sees one state of the data."""
    return _built(*read_dataset(connection), _tables(connection))


def _tables(connection: Connection) -> Tables:
    def rows(name: str, *columns: str, supporting: bool = False) -> Found:
        """Some columns of a table, ordered by the first two; of claims that support edges alone."""
        of = table(name)
        chosen = [of.c[column] for column in columns]
        found = select(*chosen).order_by(*chosen[:2])
        if supporting:
            support = table("edge_evidence")
            found = found.where(chosen[0].in_(select(support.c.evidence_id)))
        # Read once for each revision: SQLAlchemy would keep the statements.
        return list(connection.execute(found, execution_options={"compiled_cache": None}))

    return Tables(
        entities=rows(
            "entity",
            *("id", "kind", "label", "name", "symbol", "crosses_cells", "parent_id"),
            *("state_of_id", "state"),
        ),
        xrefs=rows("entity_xref", "entity_id", "position", "curie"),
        edges=rows(
            "edge",
            *("id", "source_id", "relation", "sign", "target_id"),
            *("cell_id", "contact_with_id", "type", "basis"),
        ),
        steps=rows("mechanism_step", "edge_id", "mechanism_id"),
        support=rows("edge_evidence", "edge_id", "position", "evidence_id"),
        claims=rows(
            "evidence",
            *("id", "statement", "level", "origin", "in_review", "reference_id"),
            supporting=True,
        ),
        references=rows("reference", "id", "citation", "year", "doi", "pmid", "url"),
        contexts=rows("evidence_context", "evidence_id", "position", "context", supporting=True),
        mechanisms=rows("mechanism", "id", "name"),
        conflicts=rows("conflict_edge", "edge_id", "conflict_id"),
    )


def _built(release: str, revision: int, tables: Tables) -> NetworkData:
    cited = {row.id: _cited(row) for row in tables.references}
    publications = {row.id: _publication(row) for row in tables.references}
    ends = {end for row in tables.edges for end in (row.source_id, row.target_id)}
    xrefs = _grouped(tables.xrefs, "entity_id", "curie")
    cells = [row for row in tables.entities if row.kind == "cell"]
    nodes = [row for row in tables.entities if row.id in ends]
    return NetworkData(
        release=release,
        revision=revision,
        network=Network(
            [Node(row.id, row.label, row.kind, row.crosses_cells) for row in nodes],
            _edges(tables, _evidence(tables, cited, publications)),
            [Cell(row.id, row.label, row.parent_id, _term(xrefs.get(row.id, ()))) for row in cells],
        ),
        naming={
            row.id: Naming(row.name, row.symbol, xrefs.get(row.id, ()), row.state_of_id, row.state)
            for row in nodes
        },
        sources={row.id: cited[row.reference_id] for row in tables.claims},
        mechanisms={row.id: row.name for row in tables.mechanisms},
        conflicts=_grouped(tables.conflicts, "edge_id", "conflict_id"),
        cells={row.id: row.parent_id for row in cells},
    )


def _cited(row: Row[Any]) -> Cited:
    return Cited.model_construct(
        id=row.id, citation=row.citation, year=row.year, doi=row.doi, pmid=row.pmid
    )


def _publication(row: Row[Any]) -> str:
    """A reference by PubMed number, else DOI, else address, else its id here."""
    if row.pmid:
        return f"PMID:{row.pmid}"
    return f"doi:{row.doi}" if row.doi else row.url or f"lenalidomide-moa:{row.id}"


def _term(codes: tuple[str, ...]) -> str | None:
    return next((code for code in codes if code.startswith("CL:")), None)


def _evidence(
    tables: Tables, cited: Mapping[str, Cited], publications: Mapping[str, str]
) -> dict[str, Proof]:
    contexts = _grouped(tables.contexts, "evidence_id", "context")
    return {
        row.id: Proof(
            id=row.id,
            statement=row.statement,
            level=row.level,
            origin=row.origin,
            contexts=contexts.get(row.id, ()),
            citation=cited[row.reference_id].citation,
            doi=cited[row.reference_id].doi,
            pmid=cited[row.reference_id].pmid,
            publication=publications[row.reference_id],
            in_review=row.in_review,
        )
        for row in tables.claims
    }


def _edges(tables: Tables, claims: Mapping[str, Proof]) -> Iterable[Step]:
    support = _grouped(tables.support, "edge_id", "evidence_id")
    mechanisms = _grouped(tables.steps, "edge_id", "mechanism_id")
    for row in tables.edges:
        yield Step(
            id=row.id,
            source=row.source_id,
            relation=row.relation,
            sign=row.sign,
            target=row.target_id,
            cell=row.cell_id,
            contact_with=row.contact_with_id,
            type=row.type,
            basis=row.basis,
            evidence=tuple(claims[claim] for claim in support.get(row.id, ())),
            mechanisms=mechanisms.get(row.id, ()),
        )


def _grouped(rows: Found, key: str, value: str) -> Groups:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(getattr(row, value))
    return {name: tuple(values) for name, values in groups.items()}


class CurrentNetwork:
    """Keeps the network of the latest state of the data, built once for each state."""

    def __init__(self) -> None:
        self._latest: tuple[State | None, NetworkData] | None = None
        self._building = Lock()

    def of(self, reading: Reading) -> NetworkData:
        """The network as this reading sees it; those of the same state wait while one builds it.

        Meanwhile, readings of the state before still get theirs.
        """
        found = self._kept(reading)
        if found is None:
            with self._building:
                found = self._kept(reading) or read_network(reading.connection)
                self._latest = (reading.state, found)
        return found

    def _kept(self, reading: Reading) -> NetworkData | None:
        """The network that is kept, if it is of this state."""
        if self._latest is None or reading.state is None:
            return None
        state, network = self._latest
        return network if state == reading.state else None
