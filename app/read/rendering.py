"""From a read shape to one SQL expression whose value is the JSON text of a row.

The documented schema and the bytes come from the same shape, so they cannot diverge.
"""

import json
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Text,
    case,
    func,
    literal,
    literal_column,
    select,
    true,
)

from app.db.expressions import joined, json_value
from app.read.joins import Join, follow, is_table, referred, table_of
from app.schema.columns import Stamp
from app.schema.markers import Best, Each, InColumn, Inline, Many, One, Tally, marks
from app.schema.stored_counts import evidence_count
from app.schema.values import Plain
from app.schema.vocabulary import words

Column = ColumnElement[Any]
Json = list[str | Column]
"""A JSON text in parts: constants, and the texts of values."""


def render(shape: type[BaseModel], row: FromClause) -> Column:
    """The JSON object of a row, with its fields in the order of the shape and stamps last."""
    return joined(_row(shape, row))


def _row(shape: type[BaseModel], row: FromClause, joins: list[Join] | None = None) -> Json:
    """The object of a row; given a list of `joins`, rows that always exist are joined.

    That is faster than a subquery for each.
    """
    fields = sorted(shape.model_fields.items(), key=lambda field: field[0] in Stamp.model_fields)
    return _object({name: _field(name, info, row, joins) for name, info in fields})


def _object(fields: dict[str, Json]) -> Json:
    parts: Json = []
    for name, value in fields.items():
        parts += [f"{',' if parts else '{'}{json.dumps(name)}:", *value]
    return [*parts, "}"]


def _field(name: str, info: FieldInfo, row: FromClause, joins: list[Join] | None) -> Json:
    for mark in info.metadata:
        match mark:
            case One(key):
                return _one(_shape(info.annotation), row, key, joins)
            case Inline():
                return _row(_shape(info.annotation), row, joins)
            case InColumn(column):
                return _value(info, row.c[column])
            case Many() | Each() | Best() | Tally():
                return _gathered(info, row, mark)
    return _value(info, row.c[name])


def _gathered(info: FieldInfo, row: FromClause, mark: Many | Each | Best | Tally) -> Json:
    """The value of a field that is made from other rows."""
    match mark:
        case Many():
            return _many(info, row, mark)
        case Each(path):
            return _each(info, row, path)
        case Best():
            return [_best(row, mark)]
    return _tally(_shape(info.annotation), row)


def _value(info: FieldInfo, column: Any) -> Json:
    """A value as JSON; one without anything to escape needs only its quotes."""
    if column.nullable or not any(marks(info, Plain)):
        return [json_value(column)]
    return ['"', column, '"']


def _one(shape: type[BaseModel], row: FromClause, key: str, joins: list[Join] | None) -> Json:
    step = referred(row, key)
    always = not row.c[key].nullable
    if always and joins is not None:
        joins.append(step)
        return _row(shape, step.table, joins)
    found = select(render(shape, step.table)).where(step.on).correlate(row).scalar_subquery()
    return [found if always else func.coalesce(found, _constant("null"))]


def _many(info: FieldInfo, row: FromClause, mark: Many) -> Json:
    (item,) = get_args(info.annotation)
    *tables, name = mark.path.split(".")
    steps = follow(row, [*tables, name] if is_table(name) else tables)
    last = steps[-1].table
    joins: list[Join] = []
    value = _row(item, last, joins) if is_table(name) else _value(info, last.c[name])
    rows = _through([*steps, *joins], row, joined(value).label("item")).order_by(
        steps[0].table.c[mark.order]
    )
    return ["[", _aggregated(rows), "]"]


def _each(info: FieldInfo, row: FromClause, path: str) -> Json:
    *tables, name = path.split(".")
    steps = follow(row, tables)
    value = steps[-1].table.c[name]
    rows = (
        _through(steps, row, joined(_value(info, value)).label("item"))
        .where(value.is_not(None))
        .group_by(value)
        .order_by(func.min(steps[0].table.c.position))
    )
    return ["[", _aggregated(rows), "]"]


def _best(row: FromClause, mark: Best) -> Column:
    *tables, name = mark.path.split(".")
    steps = follow(row, tables)
    word = steps[-1].table.c[name]
    ranks = {each: rank for rank, each in enumerate(words(mark.vocabulary))}
    found = _through(steps, row, joined(['"', word, '"'])).order_by(case(ranks, value=word))
    return func.coalesce(found.limit(1).scalar_subquery(), _constant(json.dumps(mark.without)))


def _aggregated(rows: Select[Any]) -> Column:
    items = rows.subquery()
    listed = select(func.aggregate_strings(items.c.item, ","))
    return func.coalesce(listed.scalar_subquery(), _constant(""))


def _tally(shape: type[BaseModel], row: FromClause) -> Json:
    """The stored counts of a row: a total, its own, and for each nested shape by its values."""
    kept = evidence_count.alias()
    parts: dict[str, Json] = {}
    for name, info in shape.model_fields.items():
        if _nested(info.annotation):
            values = _shape(info.annotation).model_fields
            by = {value: [_sum(kept, kept.c[name] == _constant(value))] for value in values}
            parts[name] = _object({value: list(part) for value, part in by.items()})
        else:
            parts[name] = [_sum(kept, kept.c.own == true() if name == "own" else true())]
    found = select(joined(_object(parts))).where(
        kept.c.type == _constant(table_of(row).name), kept.c.id == row.c.id
    )
    return [found.correlate(row).scalar_subquery()]


def _sum(kept: FromClause, some: Column) -> Column:
    return func.coalesce(func.sum(kept.c.rows).filter(some), literal_column("0"))


def _through(steps: list[Join], row: FromClause, *columns: ColumnElement[Any]) -> Select[Any]:
    """The columns at the end of a path that starts at the row."""
    joined: FromClause = steps[0].table
    for step in steps[1:]:
        joined = joined.join(step.table, step.on)
    return select(*columns).select_from(joined).where(steps[0].on).correlate(row)


def _constant(text: str) -> Column:
    return literal(text, Text(), literal_execute=True)


def _nested(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _shape(annotation: object) -> type[BaseModel]:
    """The shape that a field holds, whether or not it may be null."""
    parts = (annotation, *get_args(annotation))
    (found,) = [one for one in parts if isinstance(one, type) and issubclass(one, BaseModel)]
    return found
