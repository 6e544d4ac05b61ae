"""The reference: the same two answers, written as FastAPI's and SQLModel's tutorials teach it.

Tables with relationships, a session dependency, eager loading, one grouped query for each kind
of count, and response models. It is frozen: it changes only when the answers do.
"""

import base64
import json
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query
from sqlalchemy import func
from sqlalchemy.orm import joinedload, registry, selectinload
from sqlmodel import Field, Relationship, Session, SQLModel, col, create_engine, select

URL = os.environ.get("BENCH_DATABASE_URL", "sqlite://")
# As many connections as the service has, so that no request waits for one.
engine = create_engine(URL, pool_size=16)


class Base(SQLModel, registry=registry()):
    pass


class EntityPublic(Base):
    id: str
    label: str
    kind: str


class EdgePublic(Base):
    id: str
    source: EntityPublic
    relation: str
    sign: str
    target: EntityPublic
    cell: EntityPublic


class LevelCounts(Base):
    A: int = 0
    B: int = 0
    C: int = 0
    D: int = 0
    E: int = 0


class OriginCounts(Base):
    native: int = 0
    mixed: int = 0
    borrowed: int = 0
    stated: int = 0


class EvidenceCounts(Base):
    total: int
    own: int
    level: LevelCounts
    origin: OriginCounts


class MechanismBase(Base):
    id: str = Field(primary_key=True)
    name: str
    mode: str
    summary: str
    in_review: bool
    in_review_basis: str | None
    note: str | None
    version: int
    created_at: datetime
    updated_at: datetime


class MechanismPublic(MechanismBase):
    effector_cells: list[EntityPublic]
    figure1_terms: list[str]
    steps: list[EdgePublic]
    evidence_counts: EvidenceCounts


class MechanismsPublic(Base):
    items: list[MechanismPublic]
    total: int
    total_at_least: int
    next: str | None
    why: None = None
    unmatched: list[str] = []


class MechanismCell(Base, table=True):
    __tablename__ = "mechanism_cell"

    mechanism_id: str = Field(foreign_key="mechanism.id", primary_key=True)
    entity_id: str = Field(foreign_key="entity.id", primary_key=True)
    position: int


class MechanismStep(Base, table=True):
    __tablename__ = "mechanism_step"

    mechanism_id: str = Field(foreign_key="mechanism.id", primary_key=True)
    edge_id: str = Field(foreign_key="edge.id", primary_key=True)
    position: int


class MechanismTerm(Base, table=True):
    __tablename__ = "mechanism_figure1_term"

    mechanism_id: str = Field(foreign_key="mechanism.id", primary_key=True)
    position: int = Field(primary_key=True)
    term: str


class Entity(Base, table=True):
    id: str = Field(primary_key=True)
    label: str
    kind: str


class Edge(Base, table=True):
    id: str = Field(primary_key=True)
    relation: str
    sign: str
    source_id: str = Field(foreign_key="entity.id")
    target_id: str = Field(foreign_key="entity.id")
    cell_id: str = Field(foreign_key="entity.id")

    source: Entity = Relationship(sa_relationship_kwargs={"foreign_keys": "Edge.source_id"})
    target: Entity = Relationship(sa_relationship_kwargs={"foreign_keys": "Edge.target_id"})
    cell: Entity = Relationship(sa_relationship_kwargs={"foreign_keys": "Edge.cell_id"})


class Evidence(Base, table=True):
    id: str = Field(primary_key=True)
    mechanism_id: str | None = Field(foreign_key="mechanism.id")
    level: str
    origin: str


class Mechanism(MechanismBase, table=True):
    cells: list[Entity] = Relationship(
        link_model=MechanismCell, sa_relationship_kwargs={"order_by": "MechanismCell.position"}
    )
    terms: list[MechanismTerm] = Relationship(
        sa_relationship_kwargs={"order_by": "MechanismTerm.position"}
    )
    steps: list[Edge] = Relationship(
        link_model=MechanismStep, sa_relationship_kwargs={"order_by": "MechanismStep.position"}
    )


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]

app = FastAPI()


@app.get("/v1/mechanisms", response_model=MechanismsPublic)
def read_mechanisms(
    session: SessionDep, limit: Annotated[int, Query(ge=1, le=200)] = 50, cursor: str | None = None
) -> Any:
    statement = _mechanisms().order_by(col(Mechanism.id)).limit(limit + 1)
    if cursor:
        statement = statement.where(col(Mechanism.id) > _last_id(cursor))
    found = session.exec(statement).all()
    total = session.exec(select(func.count()).select_from(Mechanism)).one()
    shown = found[:limit]
    following = None
    if len(found) > limit:
        following = f"/v1/mechanisms?limit={limit}&cursor={_cursor(shown[-1].id)}"
    return MechanismsPublic(
        items=_public(session, shown), total=total, total_at_least=total, next=following
    )


@app.get("/v1/mechanisms/{mechanism_id}", response_model=MechanismPublic)
def read_mechanism(mechanism_id: str, session: SessionDep) -> Any:
    mechanism = session.exec(_mechanisms().where(Mechanism.id == mechanism_id)).first()
    if mechanism is None:
        raise HTTPException(status_code=404, detail="Mechanism not found")
    (public,) = _public(session, [mechanism])
    return public


def _mechanisms() -> Any:
    steps = selectinload(Mechanism.steps)  # type: ignore[arg-type]  # SQLModel types it as a list
    return select(Mechanism).options(
        selectinload(Mechanism.cells),  # type: ignore[arg-type]  # as above
        selectinload(Mechanism.terms),  # type: ignore[arg-type]  # as above
        steps.options(
            joinedload(Edge.source),  # type: ignore[arg-type]  # as above
            joinedload(Edge.target),  # type: ignore[arg-type]  # as above
            joinedload(Edge.cell),  # type: ignore[arg-type]  # as above
        ),
    )


def _public(session: Session, mechanisms: Sequence[Mechanism]) -> list[MechanismPublic]:
    ids = [mechanism.id for mechanism in mechanisms]
    levels = _counts(session, Evidence.level, ids)
    origins = _counts(session, Evidence.origin, ids)
    return [
        MechanismPublic.model_validate(
            mechanism,
            update={
                "effector_cells": mechanism.cells,
                "figure1_terms": [term.term for term in mechanism.terms],
                "evidence_counts": EvidenceCounts(
                    total=sum(levels[mechanism.id].values()),
                    own=sum(levels[mechanism.id].values()),
                    level=LevelCounts(**levels[mechanism.id]),
                    origin=OriginCounts(**origins[mechanism.id]),
                ),
            },
        )
        for mechanism in mechanisms
    ]


def _counts(session: Session, column: str, ids: list[str]) -> dict[str, dict[str, int]]:
    owner = col(Evidence.mechanism_id)
    rows = session.exec(
        select(owner, column, func.count()).where(owner.in_(ids)).group_by(owner, col(column))
    )
    counts: dict[str, dict[str, int]] = {row_id: {} for row_id in ids}
    for row_id, word, count in rows:
        counts[str(row_id)][word] = count
    return counts


def _cursor(last_id: str) -> str:
    text = json.dumps(["mechanisms", "id", last_id, last_id], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _last_id(cursor: str) -> str:
    text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    return str(json.loads(text)[-1])
