"""What follows from a single record: its identifiers, its citation, the ids of its outcomes."""

from collections.abc import Iterator

from app.resources.conflicts import ConflictWrite
from app.resources.references import ReferenceWrite
from app.resources.trials import TrialWrite
from app.schema.columns import Key
from app.schema.identifiers import spellings
from app.schema.markers import marks
from app.schema.values import Form
from app.write.rows import NAMES, RESOURCES, Row, Values, rows

MOST_NAMED = 2


def complete(record: Key) -> Iterator[Row]:
    """All rows that a record makes, with what follows from it."""
    for name, own in rows(record):
        match record:
            case ReferenceWrite() if name == "reference":
                yield name, own | {"citation": citation(record)}
            case ConflictWrite() if name == "conflict":
                yield name, own | {"computed": False}
            case TrialWrite() if name == "outcome":
                yield from _outcome(record, own)
            case _:
                yield name, own
    yield from _identifiers(record)


def citation(reference: ReferenceWrite) -> str:
    """How a reader cites it in short: `Gribben et al. 2015`."""
    year = reference.year or "n.d."
    authors = [author.family or author.literal for author in reference.authors]
    if not authors:
        return f"{reference.container_title or reference.title} {year}"
    few = reference.authors_complete and len(authors) <= MOST_NAMED
    return f"{' and '.join(map(str, authors)) if few else f'{authors[0]} et al.'} {year}"


def _outcome(trial: TrialWrite, own: Values) -> Iterator[Row]:
    """An outcome, and the patients of whom it speaks: its own subtype or those of its trial."""
    own["id"] = f"{trial.id}-outcome-{own['position']:02d}"
    yield "outcome", own
    subtypes = [own["subtype_id"]] if own["subtype_id"] else trial.subtypes
    for position, subtype in enumerate(subtypes, 1):
        place = {"outcome_id": own["id"], "position": position}
        yield "outcome_subtype", place | {"subtype_id": subtype}


def _identifiers(record: Key) -> Iterator[Row]:
    """Every spelling of every name and identifier of a record, each once."""
    name, shape = NAMES[type(record)], type(record)
    fields = RESOURCES[name].found_by
    given = [record.id] if fields else []
    for field in fields:
        value = getattr(record, field)
        form = next(marks(shape.model_fields[field], Form), None)
        start = f"{form.prefix}:" if form and form.prefix else ""
        given += [start + one for one in (value if isinstance(value, list) else [value]) if one]
    for position, one in enumerate(dict.fromkeys(s for text in given for s in spellings(text)), 1):
        place = {f"{name}_id": record.id, "position": position}
        yield f"{name}_identifier", place | {"spelling": one}
