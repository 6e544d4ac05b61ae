"""References as other programs and printed lists need them: pure functions of their fields."""

from collections.abc import Callable, Iterable, Mapping

from app.citations.bibtex import bibtex_entries
from app.citations.csl import csl_items
from app.citations.document import CitedDocument
from app.citations.ris import ris_records
from app.citations.vancouver import vancouver_line

__all__ = ["CITATIONS", "CitedDocument", "vancouver_line"]


def _lines(documents: Iterable[CitedDocument]) -> str:
    return "".join(f"{vancouver_line(one)}\n" for one in documents)


CITATIONS: Mapping[str, Callable[[Iterable[CitedDocument]], str]] = {
    "bibtex": bibtex_entries,
    "ris": ris_records,
    "csl-json": csl_items,
    "vancouver": _lines,
}
"""The function that makes a file of references, by the name of its form in `app.schema.forms`."""
