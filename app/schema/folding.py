"""Reduce texts as people write them to one form, so that they can be compared."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

DASHES = re.compile(r"[\s\u2010-\u2015\u2212-]+")
BRITISH = (("ae", "e"), ("oe", "e"), ("our", "or"))
"""British spellings and their American equivalents within medical words."""


def folded(text: str) -> str:
    """Fold case, accents, dashes and spaces, and British spelling into American."""
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)
    )
    plain = DASHES.sub(" ", bare).strip().casefold()
    for british, american in BRITISH:
        plain = plain.replace(british, american)
    return plain


Folded = Annotated[
    str,
    Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$"),
    AfterValidator(folded),
]
"""A folded query text, for comparison with texts that were folded when stored."""
