"""Texts as XML and pictures can hold them."""

import re
import textwrap

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LINE = 20


def clean(text: str) -> str:
    """The text, with a mark in place of each sign that XML forbids."""
    return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def wrapped(label: str) -> list[str]:
    """A label in lines short enough for a picture."""
    return textwrap.wrap(clean(label), LINE, break_long_words=False) or [label]
