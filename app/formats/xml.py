"""Text that XML can hold."""

import re

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """The text, with U+FFFD in place of each character that XML forbids."""
    return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
