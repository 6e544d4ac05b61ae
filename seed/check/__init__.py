"""Whether the curated content is whole and true to its own rules, said so that a curator can act.

`shapes` looks at every field alone; the module named for a file holds the rules between its fields
and with other files.
"""

from collections.abc import Callable, Iterator

from seed.check import (
    conflicts,
    doubles,
    edges,
    entities,
    evidence,
    mechanisms,
    partners,
    references,
    shapes,
    subtypes,
    trials,
    vocabulary,
)
from seed.check.known import Known, known
from seed.content import Content, ContentFault

__all__ = ["ContentFault", "all_faults"]

# The lists that each room compares: it waits until all of them can be read, else one file that
# cannot be read would make a fault of every line that refers to it.
ROOMS: tuple[tuple[Callable[[Known], Iterator[ContentFault]], tuple[str, ...]], ...] = (
    (evidence.faults, ("evidence", "entities", "trials", "partners")),
    (references.faults, ("references",)),
    (entities.faults, ("entities", "edges", "evidence")),
    (edges.faults, ("edges", "partners", "mechanisms", "conflicts", "relations")),
    (mechanisms.faults, ("mechanisms", "evidence", "edges")),
    (subtypes.faults, ("subtypes", "evidence")),
    (partners.faults, ("partners", "entities", "evidence")),
    (trials.faults, ("trials", "evidence")),
    (conflicts.faults, ("conflicts",)),
    (vocabulary.faults, ()),
)


def all_faults(content: Content) -> list[ContentFault]:
    """List all faults at once, those of reading first; none means that it can be loaded."""
    sources = known(content)
    found = [*content.faults, *shapes.faults(sources), *doubles.faults(sources)]
    for room, lists in ROOMS:
        if sources.unread.isdisjoint(lists):
            found += room(sources)
    return list(dict.fromkeys(found))
