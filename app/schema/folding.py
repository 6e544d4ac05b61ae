"""Texts as people write them, brought to one form so that they can be compared."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

DASHES = re.compile(r"[\s\u2010-\u2015\u2212-]+")
BRITISH = (("ae", "e"), ("oe", "e"), ("our", "or"))
"""Spellings in which British and American English differ within words of medicine."""


def folded(text: str) -> str:
    """Fold case, accents, dashes, blanks, and British into American spelling."""
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
"""A text of a query, compared with texts that were folded when they were stored."""
