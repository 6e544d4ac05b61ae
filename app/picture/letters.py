"""How wide a text is in a picture, whatever font of the Arial kind shows it."""

import textwrap
from functools import lru_cache

from app.formats.xml import clean

SIZE = 12.0
MOST = 16
# Widths of Helvetica and of the fonts that are as wide as it, in thousandths of their size.
NARROW = dict.fromkeys("ijl.,:;'|!", 250) | dict.fromkeys("frtI()[]/- ", 320)
BROAD = dict.fromkeys("mwMW@%", 880) | dict.fromkeys("ABCDEFGHKNOPQRSUVXYZ&", 710)
WIDTHS = NARROW | BROAD
USUAL = 556


def wide(text: str, size: float = SIZE) -> float:
    """The width of a text in Arial."""
    return sum(WIDTHS.get(letter, USUAL) for letter in text) * size / 1000


@lru_cache(maxsize=2048)
def wrapped_narrow(label: str) -> tuple[str, ...]:
    """A label in lines for a column of lanes; only words that are longer than a line stick out."""
    lines = textwrap.wrap(clean(label), MOST, break_long_words=False)
    return tuple(lines) or (label,)
