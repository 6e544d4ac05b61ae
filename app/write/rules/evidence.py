"""Rules of evidence.yaml: each claim says where it stands, what it rests on and whom it names."""

import re
from collections.abc import Iterator

from app.write.fields import repeated
from app.write.known import Known
from app.write.record import ContentFault, Record, file_of, shown

REVIEW = "gribben-2015"
LYMPHOMA = frozenset({"b-cell-nhl", "cll-sll"})
BESIDE_NATIVE = frozenset({"animal"})
WITH_MECHANISM = ("mechanism", "resistance")
# Their trial is of phase 3, but these rows report a part of it that has a single arm.
SINGLE_ARM_PART = ("magnify-interim-2017", "magnify-fda")
LEVELS = {"review": "E", "in_vivo": "C", "in_vitro": "D", "ex_vivo": "D"}
SENTENCE = re.compile(r"abstract, sentence (10|[1-9])")
PLACE = re.compile(
    r"abstract, sentence (10|[1-9])|Figure 1 caption|Introduction, first sentence|citation line"
    r"|bibliography item [1-5]"
)
SENTENCES = 10


def one(row: Record, known: Known) -> Iterator[ContentFault]:
    """Check a claim with the partners, entities and trials that it names."""
    yield from _mechanism(row)
    yield from _partners(row, known)
    yield from _aliases(row, known)
    yield from _level(row, known)
    yield from _contexts(row)
    yield from _review(row)


def whole(known: Known) -> Iterator[ContentFault]:
    """Check that the claims cover the abstract of the review."""
    covered = {row.text("locator") for row in known.all("evidence") if row.flag("in_review")}
    for number in range(1, SENTENCES + 1):
        locator = f"abstract, sentence {number}"
        if locator not in covered:
            message = f"no row of the review has {shown(locator)}"
            yield ContentFault(file_of("evidence"), "", "locator", message)


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
        if row.text("kind") == "definition" or thing.records("links"):
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
