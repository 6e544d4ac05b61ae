"""What is derived from one record: identifiers, sign, citation, and columns of outcomes."""

from collections.abc import Iterable, Iterator

from app.citations import vancouver_line
from app.resources.conflicts import ConflictWrite
from app.resources.evidence import EvidenceWrite
from app.resources.outcomes import OutcomeWrite
from app.resources.references import ReferenceWrite
from app.resources.trials import TrialWrite
from app.schema.columns import Key
from app.schema.folding import folded
from app.schema.identifiers import spellings
from app.schema.markers import marks
from app.schema.values import Form
from app.write.orders import is_sorted, sort_keys
from app.write.rows import NAMES, RESOURCES, Row, Values, rows, tables
from app.write.signs import sign_of

ANY_GRADE = 1
Arms = tuple[str, str | None, tuple[str, ...]]
"""An arm, the arm it is compared with, and the drugs given in only one of the two."""


def complete(record: Key) -> Iterator[Row]:
    """All the rows that a record makes, with everything derived from it."""
    for table, own in _completed(record):
        yield table, own | sort_keys(table, own) if is_sorted(table) else own


def _completed(record: Key) -> Iterator[Row]:
    match record:
        case TrialWrite():
            yield from _trial(record)
        case EvidenceWrite():
            yield from _with(record, "evidence", {"sign": sign_of(record)})
        case ReferenceWrite():
            yield from _with(record, "reference", {"cite": vancouver_line(record)})
        case ConflictWrite():
            yield from _with(record, "conflict", {"computed": False})
        case _:
            yield from rows(record)
    yield from _identifiers(record)


def outcome_id(trial: str, position: int) -> str:
    """The id of an outcome, from its place in its trial."""
    return f"{trial}-outcome-{position:02d}"


def least_grade(grade: str | None) -> int | None:
    """The lowest grade that a figure counts: 3 for `3-4`, `>=3` and `3`; 1 for `any`."""
    if grade is None:
        return None
    return ANY_GRADE if grade == "any" else int(grade.removeprefix(">=")[0])


def _with(record: Key, name: str, more: Values) -> Iterator[Row]:
    for table, own in rows(record):
        yield table, own | more if table == name else own


def _trial(trial: TrialWrite) -> Iterator[Row]:
    """The rows of a trial, of its outcomes, and of the arms that these compare."""
    place: Values = {}
    for name, own in rows(trial):
        if name == "outcome":
            outcome = trial.outcomes[own["position"] - 1]
            place = {"outcome_id": outcome_id(trial.id, own["position"])}
            yield name, own | _outcome(trial, outcome, place["outcome_id"])
            patients = [outcome.subtype] if outcome.subtype else trial.subtypes
            yield from _links("subtype", patients, place, "outcome_subtype")
            yield from _links("entity", _drugs(trial, outcome), place, "outcome_drug")
        else:
            yield name, own | place if name == "outcome_test" else own
    yield from _comparisons(trial)


def _outcome(trial: TrialWrite, outcome: OutcomeWrite, own_id: str) -> Values:
    return {
        "id": own_id,
        "repeats_id": outcome_id(trial.id, outcome.repeats) if outcome.repeats else None,
        "event_folded": folded(outcome.event) if outcome.event else None,
        "least_grade": least_grade(outcome.grade),
    }


def _drugs(trial: TrialWrite, outcome: OutcomeWrite) -> list[str]:
    """The drugs that a contrast tests or, for a single arm, those of the regimen in its name."""
    if outcome.comparator:
        return outcome.tests
    return [drug for drug in trial.regimen if f"-{drug}-" in f"-{outcome.arm}-"]


def _comparisons(trial: TrialWrite) -> Iterator[Row]:
    """The arms that the outcomes of a trial compare, each with its outcomes, in order."""
    found: dict[Arms, list[str]] = {}
    for position, one in enumerate(trial.outcomes, 1):
        arms = (one.arm, one.comparator, tuple(one.tests))
        found.setdefault(arms, []).append(outcome_id(trial.id, position))
    for position, ((arm, comparator, tests), outcomes) in enumerate(found.items(), 1):
        own = {"trial_id": trial.id, "position": position}
        yield "trial_comparison", own | {"arm": arm, "comparator": comparator}
        place = {"trial_id": trial.id, "comparison": position}
        yield from _links("entity", tests, place, "trial_comparison_test")
        yield from _links("outcome", outcomes, place, "trial_comparison_outcome")


def _links(target: str, ids: Iterable[str], place: Values, table: str) -> Iterator[Row]:
    """The rows of a list of links."""
    for position, one in enumerate(ids, 1):
        yield table, place | {f"{target}_id": one, "position": position}


def _identifiers(record: Key) -> Iterator[Row]:
    """Every spelling of every name and identifier of a record, without duplicates."""
    name, shape = NAMES[type(record)], type(record)
    fields = RESOURCES[name].found_by if f"{name}_identifier" in tables() else ()
    given = [record.id] if fields else []
    for field in fields:
        value = getattr(record, field)
        form = next(marks(shape.model_fields[field], Form), None)
        start = f"{form.prefix}:" if form and form.prefix else ""
        given += [start + one for one in (value if isinstance(value, list) else [value]) if one]
    for position, one in enumerate(dict.fromkeys(s for text in given for s in spellings(text)), 1):
        place = {f"{name}_id": record.id, "position": position}
        yield f"{name}_identifier", place | {"spelling": one}
