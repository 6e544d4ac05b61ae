"""Why a list is empty: nothing is known, or which filter removes the last row."""

from collections.abc import Callable

from app.read.unknown import Values
from app.schema.pages import Lifted, WhyEmpty

NOTHING = "Nothing of this type is known yet."
TOGETHER = "No single filter removes the last row: only together they leave none."
SEARCHED = "The search finds no row of this list."
NOWHERE = "The search finds no row of any type."
NO_NAME = "No row has this as a name or identifier; `/v1/search` looks for its words."
NO_START = "No name or identifier begins like this; `/v1/search` looks for its words."


def why_empty(values: Values, count: Callable[[Values], int], nothing: str = NOTHING) -> WhyEmpty:
    """Which filters, each left out alone, would let rows through, and how many."""
    lifted = [
        Lifted(filter=name, total=total)
        for name in values
        if (total := count({other: given for other, given in values.items() if other != name}))
    ]
    if lifted:
        named = " or ".join(f"without `{one.filter}` there are {one.total:,}" for one in lifted)
        which = "all filters" if len(values) > 1 else "this filter"
        return WhyEmpty(reason=f"No row passes {which}; {named}.", by=lifted)
    known = len(values) > 1 and count({})
    return WhyEmpty(reason=TOGETHER if known else nothing, by=[])


def not_found(reason: str = SEARCHED) -> WhyEmpty:
    """The reason when a search finds nothing, whatever the filters."""
    return WhyEmpty(reason=reason, by=[])
