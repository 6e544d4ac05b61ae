"""The keys by which rows are sorted as people sort their names."""

from functools import cache

from sqlalchemy import Connection, bindparam, select, update

from app.schema.columns import SORTS
from app.spelling import order_key
from app.write.rows import Values, tables


@cache
def _sorted(name: str) -> dict[str, str]:
    """The columns of a table that hold such keys, each with that of the names."""
    return {one.name: one.info[SORTS] for one in tables()[name].columns if SORTS in one.info}


def is_sorted(name: str) -> bool:
    """Whether the rows of a table have such keys."""
    return bool(_sorted(name))


def sort_keys(name: str, own: Values) -> Values:
    """The keys that follow from the names of a row, by column."""
    return {key: order_key(own[column]) for key, column in _sorted(name).items()}


def sort_all(connection: Connection) -> None:
    """Give every row its keys; what readers see of a row stays, and so does its version."""
    for name, table in tables().items():
        if not _sorted(name):
            continue
        rows = connection.execute(select(table)).mappings().all()
        wanted = [(row, sort_keys(name, dict(row))) for row in rows]
        changed = [
            {"one": row["id"], **keys}
            for row, keys in wanted
            if any(row[key] != value for key, value in keys.items())
        ]
        if changed:
            connection.execute(update(table).where(table.c.id == bindparam("one")), changed)
