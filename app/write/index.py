"""The search index: kept up to date by the writer, in the same transaction as the rows."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update

from app.schema.index import INDEX, search_name, search_row, search_term, search_word
from app.search.index import Document, Documents, types
from app.write.rows import Tables

MOST = 200
"""Up to this many changed rows, words are recounted one by one; beyond it, all at once."""

Row = tuple[Any, ...]
Entries = dict[Table, list[Row]]

KEPT = (search_row, search_name, search_word)


def keep(
    connection: Connection, changed: Mapping[str, Collection[str]], wanted: Tables, have: Tables
) -> None:
    """Update the index from `have` to `wanted` for the changed rows, touching only differences."""
    old, new = entries_of(have, changed), entries_of(wanted, changed)
    for table in KEPT:
        before, after = set(old[table]), set(new[table])
        _delete(connection, table, before - after)
        _insert(connection, table, after - before)
    if sum(map(len, changed.values())) > MOST:
        count_words(connection)
    else:
        _recount(connection, _words(new), _words(old))


def reindex(connection: Connection, rows: Tables) -> None:
    """Rebuild the whole index."""
    for table in KEPT:
        connection.execute(delete(table))
    for table, entries in _all_entries(rows).items():
        _insert(connection, table, entries)
    count_words(connection)


def stale(connection: Connection, rows: Tables) -> list[str]:
    """The tables of the index that do not match the rows."""
    entries = _all_entries(rows)
    due = {table: set(found) for table, found in entries.items()}
    due[search_term] = set(_words(entries).items())
    return [
        table.name
        for table in INDEX
        if {tuple(row) for row in connection.execute(select(table))} != due[table]
    ]


def _all_entries(rows: Tables) -> Entries:
    return entries_of(rows, {one.name: [key[0] for key in rows[one.name]] for one in types()})


def entries_of(rows: Tables, ids: Mapping[str, Collection[str]]) -> Entries:
    """The entries of the index for some rows."""
    found: Entries = {table: [] for table in KEPT}
    documents = Documents(rows)
    for one in types():
        for document in documents.of(one, ids.get(one.name, ())):
            number = document.number
            found[search_row].append((number, document.type, document.id, document.label))
            found[search_name] += _names(document)
            found[search_word] += [
                (word, number, impact) for word, impact in document.words.items()
            ]
    return found


def _names(document: Document) -> Iterator[Row]:
    for name, (field, words) in document.names.items():
        yield name, document.number, field, words


def _words(entries: Entries) -> Counter[str]:
    return Counter(word for word, _, _ in entries[search_word])


def _delete(connection: Connection, table: Table, entries: Collection[Row]) -> None:
    if entries:
        keys = [column.name for column in table.primary_key]
        places = [table.columns.keys().index(key) for key in keys]
        gone = delete(table).where(*(table.c[key] == bindparam(f"gone_{key}") for key in keys))
        connection.execute(
            gone,
            [
                {f"gone_{key}": row[at] for key, at in zip(keys, places, strict=True)}
                for row in sorted(entries)
            ],
        )


def _insert(connection: Connection, table: Table, entries: Iterable[Row]) -> None:
    names = table.columns.keys()
    rows = [dict(zip(names, row, strict=True)) for row in sorted(entries)]
    if rows:
        connection.execute(insert(table), rows)


def count_words(connection: Connection) -> None:
    """Recount the rows that contain each word."""
    connection.execute(delete(search_term))
    word = search_word.c.word
    counted = select(word, func.count()).group_by(word)
    connection.execute(insert(search_term).from_select(["word", "rows"], counted))


def _recount(connection: Connection, new: Counter[str], old: Counter[str]) -> None:
    """Adjust the number of rows for each word that some rows gained or lost."""
    for word in sorted(new.keys() | old.keys()):
        more = new[word] - old[word]
        if more:
            raised = update(search_term).where(search_term.c.word == word)
            raised = raised.values(rows=search_term.c.rows + more)
            if not connection.execute(raised).rowcount:
                connection.execute(insert(search_term).values(word=word, rows=more))
    connection.execute(delete(search_term).where(search_term.c.rows == 0))
