"""Proposals as readers get them, with the differences that they would make."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field
from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from app.db import Reading
from app.errors import NotFound
from app.read.empty import why_empty
from app.read.row_types import TypeChanged
from app.read.unknown import Values
from app.schema.curation import proposal
from app.schema.pages import NoParameters, WhyEmpty
from app.schema.shapes import Shape
from app.schema.values import Id, Stored, Whole

Fields = dict[str, Any]
Action = Literal["added", "changed", "removed"]
State = Literal["open", "accepted", "rejected"]
FILTERS = ("state", "type", "id", "by")
NOTHING = "Nothing has been proposed yet."


class ProposalInList(Shape):
    """What somebody proposes, in short."""

    number: Whole = Field(description="Its number, which leads to it.")
    state: State = Field(description="Whether it is open, or how it was decided.")
    action: Action = Field(description="What it would do to the row.")
    type: str = Field(description="The type of the row, as in its address.")
    id: str = Field(description="The id of the row.")
    version: Whole | None = Field(
        description="The version of the row that it was made from; null for a new row."
    )
    at: str = Field(description="When it was made, in UTC.")
    by: str = Field(description="The public name of the key that made it.")
    reason: str
    source: str = Field(description="Where the proposer says it is stated.")
    successor: str | None = Field(description="The id of the row that would replace a removed one.")
    decided_at: str | None = Field(description="When it was decided, in UTC; null while open.")
    decided_by: str | None = Field(
        description="The public name of the key that decided; null while open."
    )
    comment: str | None = Field(description="Why it was decided so; null while open.")


class Difference(Shape):
    """A field that a proposal changes."""

    field: str = Field(description="Its name; `a.b` for `b` within `a`.")
    before: Any = Field(description="Its value before; null if none.")
    after: Any = Field(description="Its value as proposed; null if none.")


class Proposal(ProposalInList):
    """What somebody proposes: a new row, a change or a removal, and what became of it."""

    differences: list[Difference]
    before: Fields | None = Field(description="The row before, as it is sent; null if new.")
    after: Fields | None = Field(description="The same as proposed; null for a removal.")


class ProposalList(Shape):
    """Proposals, the latest first."""

    items: list[ProposalInList]
    total: Whole
    next: str | None = Field(description="Address of earlier ones; null on the last page.")
    why: WhyEmpty | None = Field(description="Given if no row matches.")


class ProposalPage(NoParameters):
    """Which proposals to list."""

    state: State | None = Field(default=None, description="Only those in this state.")
    type: TypeChanged | None = Field(
        default=None, description="Only those for rows of this type, such as `evidence`."
    )
    id: Id | None = Field(default=None, description="Only those for rows with this id.")
    by: Annotated[Stored, Field(max_length=64)] | None = Field(
        default=None, description="Only those made by the key of this name."
    )
    limit: Annotated[int, Field(ge=1, le=200)] = Field(
        default=50, description="Proposals per page, 1 to 200."
    )
    cursor: Whole | None = Field(
        default=None, description="Where the page starts; taken from `next` on the previous page."
    )


def proposal_row(connection: Connection, number: int) -> RowMapping:
    """A proposal as it is stored; NotFound if there is none."""
    found = connection.execute(select(proposal).where(proposal.c.number == number))
    row = found.mappings().one_or_none()
    if row is None:
        raise NotFound("There is no proposal with this number.")
    return row


def find_proposal(connection: Connection, number: int) -> Proposal:
    """A proposal with the differences that it would make or has made."""
    row = proposal_row(connection, number)
    before, after = _fields(row["before"]), _fields(row["after"])
    listed = list(differences("", before or {}, after or {}))
    stored = dict(row) | {"before": before, "after": after, "differences": listed}
    return Proposal.model_validate(stored)


class FoundProposals(NamedTuple):
    """A page of proposals, their number in all, and the cursor of the next page."""

    items: list[ProposalInList]
    total: int
    rest: int | None
    why: WhyEmpty | None


def list_proposals(reading: Reading, query: ProposalPage) -> FoundProposals:
    """A page of proposals; if none passes the filters, with the reason."""
    given = {name: [value] for name in FILTERS if (value := getattr(query, name)) is not None}
    earlier = () if query.cursor is None else (proposal.c.number < query.cursor,)
    found = reading.connection.execute(
        select(*(proposal.c[name] for name in ProposalInList.model_fields))
        .where(*_having(given), *earlier)
        .order_by(proposal.c.number.desc())
        .limit(query.limit + 1)
    ).mappings()
    every = [ProposalInList.model_validate(dict(row)) for row in found]

    def count(values: Values) -> int:
        counted = select(func.count()).select_from(proposal).where(*_having(values))
        return reading.connection.execute(counted).scalar_one()

    total = count(given)
    why = None if total else why_empty(given, count, NOTHING)
    shown = every[: query.limit]
    rest = shown[-1].number if len(every) > query.limit else None
    return FoundProposals(shown, total, rest, why)


def _having(values: Values) -> list[ColumnElement[bool]]:
    return [proposal.c[name].in_(given) for name, given in values.items()]


def differences(place: str, before: Fields, after: Fields) -> Iterator[Difference]:
    """The fields that differ, in the order of the row; lists are compared as a whole."""
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            yield from differences(f"{place}{name}.", old, new)
        elif old != new:
            yield Difference(field=place + name, before=old, after=new)


def _fields(text: str | None) -> Fields | None:
    found: Fields | None = None if text is None else json.loads(text)
    return found
