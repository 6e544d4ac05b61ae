"""Faults of a row in words for its sender, without repeating anything that was sent."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

from app.errors import Fault, InvalidRow
from app.schema.vocabulary import vocabulary
from app.write.lines import LineFault
from app.write.record import LONGEST_SHOWN, ContentFault
from app.write.rows import KINDS

MOST = 100
PART = "([A-Za-z_0-9]{1,40}|container-title)"
PLACE = re.compile(rf"{PART}(\.{PART}){{0,8}}")
NUMBER = re.compile(r" ([0-9]+)\b")
QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
"""A text as Python writes it, in quotes."""
NEAREST = re.compile(rf"; nearest: ((?:{QUOTED.pattern})(?:, (?:{QUOTED.pattern}))*)\Z")
LABEL = re.compile(r" \([^()]*\)")
SHORTEST = 3
"""Shorter texts are not masked: they may be part of any sentence."""
FIGURE = re.compile(r"^is -?[0-9][0-9.e+-]*(?=[,;]|\Z)")
INSTEAD = (
    (re.compile(r"^is what was sent, (above|below) the value\Z"), r"must not be \1 the value"),
    (re.compile(r"^is what was sent, which (.+) does not mention\Z"), r"is not mentioned by \1"),
    (re.compile(r"^is \w+ with reference what was sent; true is"), "true is"),
)
"""Sentences that would puzzle without their value, each with its replacement."""

ELSEWHERE = (
    (re.compile(r"\ban id of (\w+) in vocabulary\.yaml"), r"a word of `\1` in `/v1/vocabulary`"),
    (re.compile(r"\ban id in (\w+)\.yaml"), r"the id of a row in `/v1/\1`"),
)
"""What messages say about files, with the address where callers find the same."""
BY_PARTS = ", made of its parts"
MADE_OF = f"source-relation-target-in-cell{BY_PARTS}"
"""Replaces an id that has a part which was sent, because nobody else may know that part."""

KnownIds = Callable[[Collection[str]], Collection[str]]
"""Finds those of some texts that are ids of rows: repeating one gives nothing away."""


def refusal(found: Iterable[ContentFault], sent: object, known: KnownIds) -> InvalidRow:
    """The problem that says what is wrong with a row."""
    every = list(found)
    texts = sorted(set(_texts(sent)), key=len, reverse=True)
    telling = telling_texts([one.message for one in every[:MOST]], sent, known)
    faults = tuple(_fault(one, _name(one.field, texts), telling) for one in every[:MOST])
    more = f", the first {MOST} of {len(every)}" if len(every) > MOST else ""
    return InvalidRow(f"Correct the fields listed in `faults`{more}.", faults=faults)


def fault_sentence(fault: ContentFault, sent: object, known: KnownIds) -> str:
    """A fault in a row other than the one sent, as one sentence."""
    telling = telling_texts([fault.message], sent, known)
    found = _fault(fault, _name(fault.field, []), telling)
    return f"{found.parameter} {found.message}"


def refusal_of_bundle(found: Iterable[LineFault], total: int) -> InvalidRow:
    """The problem that says what is wrong with a bundle, and in which lines."""
    words = _words()
    faults = tuple(_fault_of_line(one, words) for one in found)
    more = f", the first {len(faults):,} of {total:,}" if total > len(faults) else ""
    detail = f"Nothing was imported. Correct the lines listed in `faults`{more}."
    return InvalidRow(detail, faults=faults, faults_total=total)


def _fault_of_line(one: LineFault, words: set[str]) -> Fault:
    """A fault of a line, without the values in it, which the sender can look up there."""
    if one.sent is not None:
        place = _name(LABEL.sub("", one.fault.field), [])
        return replace(_fault(one.fault, place, [*one.sent]), line=one.line)
    given, near = one.fault.message, NEAREST.search(one.fault.message)
    message = given[: near.start()] if near else given
    quoted = [each for each in QUOTED.findall(message) if each[1:-1] not in words]
    for each in quoted:
        message = message.replace(each, "what was sent")
    whole = message + (near.group() if near else "")
    plain = replace(one.fault, wrong=whole)
    return replace(_fault(plain, _name(LABEL.sub("", plain.field), []), []), line=one.line)


def telling_texts(messages: Collection[str], sent: object, known: KnownIds) -> list[str]:
    """The texts of what was sent that messages repeat, the longest first, but for public ones."""
    joined = "\0".join(messages)
    texts = set(_texts(sent)) - _words()
    repeated = sorted((one for one in texts if _repeats(joined, one)), key=len, reverse=True)
    public = known(repeated)
    return [text for text in repeated if text not in public]


def _repeats(messages: str, text: str) -> bool:
    """Whether messages hold a text, plain or as they quote it."""
    if text in messages:
        return True
    as_it_is = len(text) <= LONGEST_SHOWN and text.isprintable() and not {*text} & {*"\\'"}
    return not as_it_is and any(one in messages for one in _shown(text))


def _words() -> set[str]:
    """Every word of the vocabulary and name of a list; repeating one gives nothing away."""
    lists = {"vocabulary", *vocabulary(), *KINDS}
    return lists | {one["id"] for name in vocabulary() for one in vocabulary()[name]}


def _texts(sent: object) -> Iterator[str]:
    if isinstance(sent, dict):
        for value in sent.values():
            yield from _texts(value)
    elif isinstance(sent, list):
        for one in sent:
            yield from _texts(one)
    elif isinstance(sent, str):
        yield sent


def _fault(fault: ContentFault, name: str, texts: list[str]) -> Fault:
    message, near = fault.message, NEAREST.search(fault.message)
    named = QUOTED.findall(near[1]) if near else ()
    given = {one for text in texts for one in _shown(text)}
    nearest = tuple(one[1:-1] for one in named if one not in given)
    if near:
        message = message[: near.start()]
    start, expected, rest = message.rpartition(", expected ")
    if expected and start.startswith("is "):
        message = f"must be {MADE_OF if _is_made_of(rest, texts) else rest}"
    return Fault(name, _plain(message, texts), nearest)


def _is_made_of(due: str, texts: Collection[str]) -> bool:
    """Whether one of these texts is a part of the expected id."""
    parts = rf"-{due.removesuffix(BY_PARTS)}-"
    return due.endswith(BY_PARTS) and any(f"-{text}-" in parts for text in texts)


def _shown(text: str) -> tuple[str, str]:
    """A text as a message quotes it, whole or cut short."""
    return repr(text), repr(f"{text[:LONGEST_SHOWN]}...")


def _name(field: str, texts: list[str]) -> str:
    """The place of a fault, such as `subject.links.1.id`."""
    for text in texts:
        field = field.replace(f" ({text})", "")
    place = ".".join(NUMBER.sub(r".\1", part.strip("'")) for part in field.split(": "))
    return place if PLACE.fullmatch(place) else "a field" if place else "the row"


def _plain(message: str, texts: list[str]) -> str:
    """A message without what was sent and without the names of files callers cannot see."""
    for pattern, sentence in ELSEWHERE:
        message = pattern.sub(sentence, message)
    for text in texts:
        for shown in _shown(text):
            message = message.replace(shown, "what was sent")
        if len(text) >= SHORTEST:
            message = re.sub(rf"(?<![\w-]){re.escape(text)}(?![\w-])", "what was sent", message)
    message = FIGURE.sub("is what was sent", message)
    for pattern, sentence in INSTEAD:
        message = pattern.sub(sentence, message)
    return message
