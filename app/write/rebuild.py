"""Check everything derived from the content, and rebuild it.

Derived are: identifiers, signs of claims, ids of outcomes, citations, years of claims, keys of
names, computed conflicts, stored counts and the search index.
"""

from sqlalchemy import Connection

from app.db.revision import revise
from app.schema.columns import Key
from app.write import counts, index, orders, years
from app.write.derived import complete
from app.write.opposites import opposites
from app.write.rows import SHAPES, Tables, gathered, gathered_entries, tables
from app.write.store import replace
from app.write.stored import stored, stored_conflicts


def differing(connection: Connection) -> list[str]:
    """The tables whose rows differ from what the content implies."""
    have = stored(connection, dict.fromkeys(SHAPES))
    wanted = gathered(row for record in _records(have) for row in complete(record))
    computed = stored(connection, {"conflict": stored_conflicts(connection, computed=True)})
    follow = gathered(opposites(connection))
    found = [
        name for name in tables() if wanted[name] != have[name] or follow[name] != computed[name]
    ]
    found += [*years.misdated(connection), *counts.wrong(connection)]
    return list(dict.fromkeys([*found, *index.stale(connection, wanted)]))


def rebuild(connection: Connection) -> list[str]:
    """Rebuild everything derived from the content; returns the tables that differed."""
    found = differing(connection)
    if found:
        counts.recount(connection)
        years.date_all(connection)
        orders.sort_all(connection)
        records = _records(stored(connection, dict.fromkeys(SHAPES)))
        if not any(replace(connection, records).values()):
            revise(connection)
        index.reindex(connection, stored(connection, dict.fromkeys(SHAPES)))
    return found


def _records(have: Tables) -> list[Key]:
    """The records that curators wrote, reconstructed from the rows."""
    return [
        shape.model_validate(entry)
        for name, shape in SHAPES.items()
        for entry in gathered_entries(name, have)
    ]
