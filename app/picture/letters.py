"""Estimate the width of a text in Arial and fonts with the same metrics."""

import textwrap
from functools import lru_cache

from app.formats.xml import clean

SIZE = 12.0
MOST = 16
# Widths in Helvetica and fonts with the same metrics, in thousandths of the font size.
NARROW = dict.fromkeys("ijl.,:;'|!", 250) | dict.fromkeys("frtI()[]/- ", 320)
BROAD = dict.fromkeys("mwMW@%", 880) | dict.fromkeys("ABCDEFGHKNOPQRSUVXYZ&", 710)
WIDTHS = NARROW | BROAD
USUAL = 556


def wide(text: str, size: float = SIZE) -> float:
    """The estimated width of a text in Arial at a font size."""
    return sum(WIDTHS.get(letter, USUAL) for letter in text) * size / 1000


@lru_cache(maxsize=2048)
def wrapped_narrow(label: str) -> tuple[str, ...]:
    """A label wrapped to at most MOST characters per line; longer words are not broken."""
    lines = textwrap.wrap(clean(label), MOST, break_long_words=False)
    return tuple(lines) or (label,)
