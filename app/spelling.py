"""Splits texts as people write them into words that can be compared.

Case, accents, Greek letters, dashes, plurals, and British or American spelling make no difference.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

SIGN = r"(?:[^\W_]|[\u0300-\u036f])"
CHUNK = re.compile(rf"{SIGN}+(?:[-\u2010-\u2015\u2212'\u2019./:_]{SIGN}+)*")
ASCII_CHUNK = re.compile("[A-Za-z0-9]+(?:[-'./:_][A-Za-z0-9]+)*")
"""The same for a text of ASCII alone, as most are: found in a third of the time."""
BETWEEN = re.compile(r"[-\u2010-\u2015\u2212'\u2019./:_]+")
PIECE = re.compile(r"\d+|[^\W\d_]+")
MOST_DIGITS = 9
LONGEST_CHUNK = 100
"""Characters of a chunk that are compared; no word of any language is longer."""
LONGEST_KEY = 500
"""Characters of a key; with an id they fit into an index entry of PostgreSQL (2,704 bytes)."""
KEPT_CHUNKS = 20_000

LETTERS = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lamda mu nu xi omicron pi rho sigma tau
upsilon phi chi psi omega
"""
GREEK = {
    ord(unicodedata.lookup(f"GREEK SMALL LETTER {name.upper()}")): name.replace("lamda", "lambda")
    for name in LETTERS.split()
}
ENDINGS = (
    (re.compile("ies$"), "y"),
    (re.compile("(?<=ss)es$"), ""),
    (re.compile("(?<![sui])s$"), ""),
    (re.compile("our"), "or"),
    (re.compile("ae(?=[mk])|oe(?=[dst]|a$)"), "e"),
    (re.compile("is(?=e[dr]?$|ing$|ation$)"), "iz"),
    (re.compile("ll(?=ing$|ed$)"), "l"),
    (re.compile("tre$"), "ter"),
)
"""Differences between singular and plural, and between British and American English."""
SHORTEST_WITH_ENDING = 4
TELL_NOTHING = """
a an and are as at be by can do doe does for from had has have how in into is it its of on or than
that the their then there these they this to was were what when where which while who why will with
"""
STOP = frozenset(TELL_NOTHING.split())
"""Words that say nothing about a row."""


class Chunk(NamedTuple):
    """A piece of a text without blanks: where it is, and the words in it."""

    start: int
    end: int
    parts: tuple[str, ...]

    @property
    def joined(self) -> str:
        """The parts as one word, because `IL-2` is also written `IL2`."""
        return "".join(self.parts)


def order_key(text: str) -> str:
    """A key that sorts names by code points as people would: `miR-9` before `miR-21`.

    Case, accents and signs make no difference, Greek letters go by their names, and a number goes
    by its value: its digits follow their count.
    """
    folded = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(GREEK)
    found = PIECE.findall("".join(one for one in folded if not unicodedata.combining(one)))
    return (" ".join(map(_ranked, found)) or folded)[:LONGEST_KEY]


def _ranked(piece: str) -> str:
    """A word as it is; a number after a sign for the count of its digits."""
    if not piece.isdecimal():
        return piece
    digits = "".join(str(int(one)) for one in piece).lstrip("0")
    return f"{chr(ord('0') + min(len(digits), MOST_DIGITS))}{digits}"


def chunks(text: str) -> Iterator[Chunk]:
    """The chunks of a text, in order; their places are counted in code points."""
    for found in matches(text):
        parts = parts_of(found[0])
        if parts:
            yield Chunk(found.start(), found.end(), parts)


def matches(text: str) -> Iterator[re.Match[str]]:
    """The pieces of a text without blanks, for callers that need not know all their words."""
    return CHUNK.finditer(text)


def pieces_of(text: str) -> list[str]:
    """The pieces of a text without blanks, for callers that need no places."""
    found: list[str] = (ASCII_CHUNK if text.isascii() else CHUNK).findall(text)
    return found


def parts_of(piece: str) -> tuple[str, ...]:
    """The words of a piece of a text."""
    return _parts(piece[:LONGEST_CHUNK])


def divided(text: str, chunk: Chunk) -> list[Chunk]:
    """The pieces of a chunk between its signs, each as a chunk with its place in the text."""
    signs = [found.span() for found in BETWEEN.finditer(text, chunk.start, chunk.end)]
    starts = [chunk.start, *(end for _, end in signs)]
    ends = [*(start for start, _ in signs), chunk.end]
    return [
        Chunk(start, end, parts)
        for start, end in zip(starts, ends, strict=True)
        if (parts := parts_of(text[start:end]))
    ]


def key(text: str) -> str:
    """The form that all spellings of a name share: its words without blanks."""
    return "".join(map("".join, word_groups(text)))


def word_groups(text: str) -> list[tuple[str, ...]]:
    """The words of each chunk of a text, for callers that need no places."""
    found = [parts_of(piece) for piece in pieces_of(text)]
    return [parts for parts in found if parts]


@lru_cache(KEPT_CHUNKS)
def _parts(chunk: str) -> tuple[str, ...]:
    if chunk.isascii():
        parts = BETWEEN.split(chunk.lower())
    else:
        folded = unicodedata.normalize("NFKD", chunk.casefold())
        bare = "".join(sign for sign in folded if not unicodedata.combining(sign)).casefold()
        parts = [part.translate(GREEK) for part in BETWEEN.split(bare)]
    if len(parts) > 1 and parts[-1] == "s":
        parts.pop()
    return tuple(filter(None, map(_plain, parts)))


@lru_cache(KEPT_CHUNKS)
def _plain(part: str) -> str:
    """A word without plural ending or British spelling; one with digits is left as it is."""
    word = "".join(sign for sign in part if sign.isalnum())
    if len(word) < SHORTEST_WITH_ENDING or not word.isalpha():
        return word
    for ending, instead in ENDINGS:
        word = ending.sub(instead, word)
    return word
