"""Coded words, numbers and names of arms as people read them."""

import re
from collections.abc import Callable, Collection, Mapping

from markupsafe import Markup, escape

from app.addresses import doi_address
from app.schema.shapes import OriginCounts

# Words for which replacing underscores by spaces is not enough.
SPELT = {
    "relapsed_refractory": "relapsed or refractory",
    "first_line_and_relapsed": "first line and relapsed",
    "direct_antitumour": "direct action on tumour cells",
    "microenvironment": "tumour microenvironment",
    "immunomodulatory": "immune cells",
    "adverse_effect": "adverse effects",
    "ORR": "overall response rate",
    "CR": "complete response rate",
    "PR": "partial response rate",
    "PFS_median": "progression-free survival, median",
    "PFS_rate": "progression-free survival, rate",
    "OS_median": "overall survival, median",
    "OS_rate": "overall survival, rate",
    "DOR_median": "duration of response, median",
    "HR_PFS": "hazard ratio for progression or death",
    "HR_OS": "hazard ratio for death",
    "HR_PFS2": "hazard ratio for PFS2",
    "HR_TTNT": "hazard ratio for time to next treatment",
    "odds_ratio_ORR": "odds ratio for response",
    "AE_rate": "adverse events",
}
UNITS = {"percent": "%", "months": " months", "weeks": " weeks", "ratio": ""}
MEASURED = {
    "native": "measured in lymphoma",
    "mixed": "lymphoma and elsewhere",
    "borrowed": "measured elsewhere",
    "stated": "stated only",
    "none": "textbook, no claim here",
}
KINDS = {
    "evidence": "claim",
    "entity": "molecule or cell",
    "conflict": "open question",
    "edge": "step",
}
# Arms that are not named after drugs, as people would say them.
CALLED = {
    "investigators-choice": "investigator\N{RIGHT SINGLE QUOTATION MARK}s choice",
    "r-gemox": "R-GemOx",
}
# Parts of an arm's id that are given beside the drugs, but are not drugs in the data.
GIVEN = ("placebo", "chemotherapy")
# The most letters of a word that is not to be broken at its hyphens.
SHORT = 14
CODE = re.compile(r"`([^`]+)`")


def plain(word: str) -> str:
    """A word from a controlled list, as people would say it."""
    return SPELT.get(word) or word.replace("_", " ")


def spoken_type(word: str) -> str:
    """A type of rows, as people would say it."""
    return KINDS.get(word, word)


def first_upper(text: str) -> str:
    """A text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def number(value: float) -> str:
    """A figure, with at most 12 significant digits and no trailing zeros."""
    return f"{value:.12g}"


def interval(low: float | None, high: float | None) -> str:
    """A confidence interval; empty unless both ends are known."""
    return "" if low is None or high is None else f"{number(low)}\N{EN DASH}{number(high)}"


def unit(word: str) -> str:
    """A unit as it follows a number."""
    return UNITS.get(word, f" {word}")


def by_origin(counts: OriginCounts) -> str:
    """The number of claims of each origin, as in `3 native, 1 stated`."""
    named = (
        (getattr(counts, origin), origin) for origin in ("native", "mixed", "borrowed", "stated")
    )
    return ", ".join(f"{count} {origin}" for count, origin in named if count) or "none"


def amount(count: int, noun: str, several: str = "") -> str:
    """A number with its noun, in the singular or plural."""
    return f"{count:,} {noun if count == 1 else several or noun + 's'}"


def with_code(text: str) -> Markup:
    """Escape a text for HTML and show what is between backticks as code."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704  # escaped before


def unbroken(text: str) -> Markup:
    """A text whose short words with a hyphen, such as R-CHOP, stay on one line."""
    if "-" not in text:
        return escape(text)
    words = (
        f'<span class="nowrap">{escape(word)}</span>'
        if "-" in word and len(word) <= SHORT
        else str(escape(word))
        for word in text.split(" ")
    )
    return Markup(" ".join(words))  # noqa: S704  # escaped before


def arm_name(arm: str, names: Mapping[str, str]) -> str:
    """The name of an arm, with the drugs in its id given by name and joined by plus signs."""
    words = arm.split("-")
    parts: list[str] = []
    at = 0
    while at < len(words):
        size = _longest(words[at:], names)
        text = "-".join(words[at : at + size])
        known = text in names or text in GIVEN
        joint = " + " if known else " "
        parts.append(f"{joint if parts else ''}{names.get(text, text)}")
        at += size
    return "".join(parts)


def _longest(words: list[str], names: Collection[str]) -> int:
    """How many of the first words form one name; 1 if none do."""
    sizes = range(len(words), 1, -1)
    return next((size for size in sizes if "-".join(words[:size]) in names), 1)


FILTERS: dict[str, Callable[..., object]] = {
    "plain": plain,
    "spoken_type": spoken_type,
    "first_upper": first_upper,
    "number": number,
    "unit": unit,
    "by_origin": by_origin,
    "amount": amount,
    "unbroken": unbroken,
    "with_code": with_code,
    "doi_address": doi_address,
    "measured": MEASURED.__getitem__,
}
