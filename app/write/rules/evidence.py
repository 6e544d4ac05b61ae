"""Rules for evidence.yaml: statement, links, partners, level, contexts and place of each claim."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, product

from app.write.fields import repeated
from app.write.known import Comparison, Known
from app.write.record import ContentFault, Record, file_of, shown
from app.write.rules.edges import contradiction
from app.write.signs import RESISTANT, Effect, effects_of_claim

REVIEW = "gribben-2015"
LYMPHOMA = frozenset({"b-cell-nhl", "cll-sll"})
BESIDE_NATIVE = frozenset({"animal"})
WITH_MECHANISM = ("mechanism", "resistance")
# Their trial is a phase 3 trial, but these rows report a single-arm part of it.
SINGLE_ARM_PART = ("magnify-interim-2017", "magnify-fda")
LEVELS = {"review": "E", "in_vivo": "C", "in_vitro": "D", "ex_vivo": "D"}
SENTENCE = re.compile(r"abstract, sentence (10|[1-9])")
PLACE = re.compile(
    r"abstract, sentence (10|[1-9])|Figure 1 caption|Introduction, first sentence|citation line"
    r"|bibliography item [1-5]"
)
SENTENCES = 10
ANOTHER = re.compile(r"[.!?] +[A-Z]")
# Words that refer to something outside the statement.
OUTSIDE = re.compile(
    r"\b(these|those patients|this (trial|study|review|drug)"
    r"|that (trial|study|review|drug|milieu|class)"
    r"|the (drugs|two drugs|doublet|triplet|pair|combination|authors)"
    r"|the same (trial|study|review|notice|authors|group|table|disease)|another study"
    r"|by this review)\b",
    re.IGNORECASE,
)

COMPARISONS = (
    Comparison("entities", says="aliases", own="subject.text"),
    Comparison("entities", says="aliases", own="object.text"),
    Comparison("entities", says="id", own="object.links.id", ending=RESISTANT),
)


def one(row: Record, known: Known) -> Iterator[ContentFault]:
    """Check a claim against the partners, entities, trials and edges it names or supports."""
    yield from _mechanism(row)
    yield from _statement(row)
    yield from _links(row)
    for edge in known.having("edges", "evidence", row.id):
        yield from contradiction(edge, row, known)
    yield from _partners(row, known)
    yield from _aliases(row, known)
    yield from _level(row, known)
    yield from _contexts(row)
    yield from _review(row)


def whole(known: Known) -> Iterator[ContentFault]:
    """Check that claims cover the review's abstract, and that conflicts hold opposed claims."""
    yield from _opposed(known)
    covered = {row.text("locator") for row in known.all("evidence") if row.flag("in_review")}
    for number in range(1, SENTENCES + 1):
        locator = f"abstract, sentence {number}"
        if locator not in covered:
            message = f"no row of the review has {shown(locator)}"
            yield ContentFault(file_of("evidence"), "", "locator", message)


def _statement(row: Record) -> Iterator[ContentFault]:
    statement = row.text("statement")
    if statement and (not statement.endswith(".") or ANOTHER.search(statement)):
        yield row.fault("statement", "is not one sentence that ends with a full stop")
    outside = OUTSIDE.search(statement)
    if outside:
        message = f"does not stand alone: {shown(outside.group())} points to another text"
        yield row.fault("statement", message)


def _links(row: Record) -> Iterator[ContentFault]:
    for field in ("subject", "object"):
        thing = row.record(field)
        links = thing.records("links")
        if len(links) > 1:
            named = (f"{link.text('type')} {link.id}" for link in links)
            yield from repeated(thing, "links", named)
        for link in links:
            if link.text("state") and link.text("type") != "entity":
                message = f"is {shown(link.text('state'))}, but only an entity has a state"
                yield link.fault("state", message)


def _opposed(known: Known) -> Iterator[ContentFault]:
    """Find claims of opposite sign about the same two entities that no conflict contrasts."""
    facing: dict[Effect, list[Record]] = defaultdict(list)
    for row in known.all("evidence"):
        for effect in set(effects_of_claim(row, known)):
            facing[effect].append(row)
    apart = {
        frozenset((one, other))
        for conflict in known.all("conflicts")
        for side, against in combinations(conflict.records("sides"), 2)
        for one in side.texts("evidence")
        for other in against.texts("evidence")
    }
    for effect in [effect for effect in facing if effect.sign > 0]:
        opposite = facing.get(effect._replace(sign=-effect.sign), [])
        for one, other in product(facing[effect], opposite):
            if frozenset((one.id, other.id)) not in apart:
                ends = f"{effect.source} and {effect.target}"
                message = f"has the sign opposite to that of {other.id} on {ends}; "
                yield one.fault("relation", f"{message}name both in a conflict")


def _mechanism(row: Record) -> Iterator[ContentFault]:
    kind = row.text("kind")
    if kind in WITH_MECHANISM and row.values.get("mechanism") is None:
        yield row.fault("mechanism", f"is empty, but a row of kind {kind} names its mechanism")


def _partners(row: Record, known: Known) -> Iterator[ContentFault]:
    claims = row.records("partners")
    yield from repeated(row, "partners", (claim.text("partner") for claim in claims))
    for claim in claims:
        partner = known.get("partners", claim.text("partner"))
        via = claim.text("via")
        if partner and via and via not in partner.texts("members"):
            yield claim.fault("via", f"is {shown(via)}, which is no member of {partner.name}")
        if claim.text("interaction") == "approved" and row.text("kind") != "approval":
            message = f"is 'approved', but the kind of the row is {shown(row.text('kind'))}"
            yield claim.fault("interaction", f"{message}, expected 'approval'")


def _aliases(row: Record, known: Known) -> Iterator[ContentFault]:
    for field in ("subject", "object"):
        thing = row.record(field)
        if row.text("kind") == "definition" or thing.values.get("links"):
            continue
        text = thing.text("text")
        for entity in known.having("entities", "aliases", text)[:1]:
            message = f"is empty, but {shown(text)} is an alias of the entity {entity.name}"
            yield thing.fault("links", message)


def _level(row: Record, known: Known) -> Iterator[ContentFault]:
    due, reason = _due_level(row, known)
    given = row.text("level")
    if due and known.word("levels", given) and given != due:
        yield row.fault("level", f"is {given}, but the rule gives {due} for {reason}")


def _due_level(row: Record, known: Known) -> tuple[str, str]:
    setting = row.text("setting")
    if row.text("kind") == "approval":
        return "A", "kind approval"
    if setting != "clinical_trial":
        return LEVELS.get(setting, ""), f"setting {setting}"
    if row.id in SINGLE_ARM_PART:
        return "B", "the single-arm part of a phase 3 trial"
    trials = (known.get("trials", trial) for trial in row.texts("trials"))
    if any(trial and _randomised_phase_3(trial) for trial in trials):
        return "A", "a randomised phase 3 trial"
    return "B", "a clinical trial that is not a randomised one of phase 3"


def _randomised_phase_3(trial: Record) -> bool:
    return trial.text("phase").startswith("3") and trial.text("design") == "randomised"


def _contexts(row: Record) -> Iterator[ContentFault]:
    contexts = set(row.texts("contexts"))
    origin, setting = row.text("origin"), row.text("setting")
    if not contexts:
        yield row.fault("contexts", "is empty, expected at least one context")
    if (setting == "review") != (origin == "stated"):
        message = f"is {shown(origin)} with setting {shown(setting)}"
        yield row.fault("origin", f"{message}; 'stated' and 'review' go together")
    if origin == "borrowed" and row.texts("subtypes"):
        yield row.fault("subtypes", "is for what was measured in lymphoma, but the row is borrowed")
    needs = _misses(origin, contexts)
    if needs:
        given = ", ".join(row.texts("contexts"))
        yield row.fault("origin", f"is {shown(origin)} with contexts {given}; it needs {needs}")
    if setting == "in_vivo" and "animal" not in contexts:
        yield row.fault("contexts", "lacks 'animal', which setting in_vivo needs")


def _misses(origin: str, contexts: set[str]) -> str:
    near, away = contexts & LYMPHOMA, contexts - LYMPHOMA
    if origin == "native" and (not near or away - BESIDE_NATIVE):
        return "b-cell-nhl or cll-sll, and nothing else but animal"
    if origin == "borrowed" and near:
        return "contexts other than b-cell-nhl and cll-sll"
    if origin == "mixed" and not (near and away):
        return "b-cell-nhl or cll-sll, and another context"
    return ""


def _review(row: Record) -> Iterator[ContentFault]:
    flag, reference = row.flag("in_review"), row.text("reference")
    if flag is not None and flag != (reference == REVIEW):
        message = f"is {shown(flag)} with reference {shown(reference)}"
        yield row.fault("in_review", f"{message}; true is for {REVIEW} and only for it")
    if not flag:
        return
    locator = row.text("locator")
    if not PLACE.fullmatch(locator):
        message = "'abstract, sentence 1' to 10, 'Figure 1 caption', 'Introduction, first sentence'"
        message += ", 'citation line' or 'bibliography item 1' to 5"
        yield row.fault("locator", f"is {shown(locator)}, expected {message}")
    linked = row.text("mechanism") or row.records("partners") or row.texts("subtypes")
    if SENTENCE.fullmatch(locator) and not linked:
        message = f"is {shown(locator)}, but the row names no mechanism, partner or subtype"
        yield row.fault("locator", message)
