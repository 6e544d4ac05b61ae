"""Trees stay trees: no row is its own ancestor."""

from collections.abc import Iterator, Mapping

from seed.content import ContentEntry, ContentFault


def faults(rows: Mapping[str, ContentEntry], field: str) -> Iterator[ContentFault]:
    """Find the rows from which a field leads back to the row itself."""
    for name, row in rows.items():
        way = _way(rows, name, field)
        if way[-1] == name:
            yield row.fault(field, f"leads back to this entry: {' > '.join((name, *way))}")


def _way(rows: Mapping[str, ContentEntry], start: str, field: str) -> list[str]:
    way: list[str] = []
    at = rows[start].text(field)
    while at in rows and at not in way and start not in way:
        way.append(at)
        at = rows[at].text(field)
    return way or [""]
