"""Parameters of the API that pages refuse: a page shows every row, in an order of its own."""

from pydantic import BaseModel

from app.errors import Fault, Invalid

OF_ROWS = ("limit", "sort", "format", "bom", "fields", "q", "view")
OF_LISTS = (*OF_ROWS, "cursor")
OF_PICTURES = ("format", "layout", "theme", "width", "nodes", "view")


def refuse_parameters(query: BaseModel, *names: str) -> None:
    """Refuse the parameters with these names; a page would have to ignore them."""
    faults = tuple(
        Fault(name, "does not apply to a page, which shows everything that passes its filters")
        for name in dict.fromkeys(names)
        if name in query.model_fields_set
    )
    if faults:
        raise Invalid(
            "This page does not take the parameters listed in `faults`; leave them out, or send "
            "them to the same address under `/v1`.",
            faults=faults,
        )


def refuse_own(query: BaseModel, name: str, *others: str) -> None:
    """Refuse list parameters on a row's page, and the filter `name`, which the page itself sets."""
    refuse_parameters(query, *OF_ROWS, *others)
    if name in query.model_fields_set:
        raise Invalid(
            "This page shows the claims about one row; leave out the filter that names the row.",
            faults=(Fault(name, "is already set by the page"),),
        )
