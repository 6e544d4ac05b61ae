"""Parameters of lists that a page does not take, because it shows every row in its own order."""

from pydantic import BaseModel

from app.errors import Fault, Invalid

OF_LISTS = ("limit", "cursor", "sort", "format", "bom", "fields", "q", "view")
OF_PICTURES = ("format", "layout", "theme", "width", "nodes", "view")


def refuse_untaken(query: BaseModel, *names: str) -> None:
    """Refuse the parameters with these names, which a page would have to ignore."""
    faults = tuple(
        Fault(name, "is not for a page, which shows all that passes its filters")
        for name in dict.fromkeys(names)
        if name in query.model_fields_set
    )
    if faults:
        raise Invalid(
            "A page does not take the parameters listed in `faults`; leave them out, or ask the "
            "same address under `/v1`.",
            faults=faults,
        )


def refuse_own(query: BaseModel, name: str) -> None:
    """Refuse what no page of claims takes, and the filter that says whose page it is."""
    refuse_untaken(query, *OF_LISTS)
    if name in query.model_fields_set:
        raise Invalid(
            "The page is of one row, whose claims it shows; leave its own filter out.",
            faults=(Fault(name, "is the row of the page already"),),
        )
