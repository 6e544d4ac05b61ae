"""From the curated entries to the rows of the tables."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlmodel import SQLModel

from app.schema.columns import Stamp
from app.schema.identifiers import spellings
from seed.content import Content
from seed.opposites import opposites

MOST_NAMED = 2

Record = Mapping[str, Any]
Row = tuple[str, dict[str, Any]]
"""A table and the values of one row in it."""

TABLES = {
    "references": "reference",
    "entities": "entity",
    "edges": "edge",
    "mechanisms": "mechanism",
    "subtypes": "subtype",
    "partners": "partner",
    "trials": "trial",
    "evidence": "evidence",
    "conflicts": "conflict",
}

# Where the lists of an entry go: key of the entry -> column of a table.
LISTS = {
    "entities": {
        "synonyms": "entity_synonym.text",
        "aliases": "entity_alias.text",
        "xrefs": "entity_xref.curie",
        "members": "entity_member.member_id",
        "components": "entity_component.component_id",
    },
    "edges": {
        "evidence": "edge_evidence.evidence_id",
        "figure1_terms": "edge_figure1_term.term",
    },
    "mechanisms": {
        "effector_cells": "mechanism_cell.entity_id",
        "steps": "mechanism_step.edge_id",
        "figure1_terms": "mechanism_figure1_term.term",
    },
    "subtypes": {
        "synonyms": "subtype_synonym.text",
        "aliases": "subtype_alias.text",
        "xrefs": "subtype_xref.curie",
    },
    "partners": {
        "components": "partner_component.entity_id",
        "members": "partner_member.entity_id",
        "xrefs": "partner_xref.curie",
    },
    "trials": {
        "subtypes": "trial_subtype.subtype_id",
        "regimen": "trial_regimen.entity_id",
        "references": "trial_reference.reference_id",
    },
    "evidence": {
        "subtypes": "evidence_subtype.subtype_id",
        "trials": "evidence_trial.trial_id",
        "contexts": "evidence_context.context",
    },
    "conflicts": {
        "subtypes": "conflict_subtype.subtype_id",
        "edges": "conflict_edge.edge_id",
    },
}


def records(content: Content, kind: str) -> list[Record]:
    """The entries of one file, once they are known to be without fault."""
    return [dict(entry.values) for entry in content.rows[kind]]


def all_rows(content: Mapping[str, list[Record]]) -> Iterator[Row]:
    """All rows of the content, with the conflicts that follow from it."""
    for kind in TABLES:
        yield from rows(kind, content[kind])
    yield from rows("conflicts", opposites(content))


def rows(kind: str, entries: Iterable[Record]) -> Iterator[Row]:
    """All rows that the entries of one file make, owners before what belongs to them."""
    name = TABLES[kind]
    for entry in entries:
        made = PARTS_OF[kind](entry) if kind in PARTS_OF else {}
        yield name, _own(name, {**entry, **made})
        for key, place in LISTS.get(kind, {}).items():
            yield from _listed(place, name, entry["id"], entry[key])
        if kind in NAMES:
            yield from _identifiers(kind, entry)
        if kind in BELOW:
            yield from BELOW[kind](entry)


def _own(name: str, entry: Record) -> dict[str, Any]:
    """The columns of a row from the keys of its entry; a link is stored under `<key>_id`."""
    columns = SQLModel.metadata.tables[name].columns.keys()
    keys = {key.replace("-", "_"): value for key, value in entry.items()}
    return {
        column: keys[column] if column in keys else keys[column.removesuffix("_id")]
        for column in columns
        if column not in Stamp.model_fields
    }


def _listed(place: str, owner: str, owner_id: str, values: Iterable[Any]) -> Iterator[Row]:
    table, column = place.split(".")
    for position, value in enumerate(values, 1):
        yield table, {f"{owner}_id": owner_id, "position": position, column: value}


def _citation(entry: Record) -> dict[str, Any]:
    """How a reader cites it in short: `Gribben et al. 2015`."""
    year = entry["year"] or "n.d."
    authors = [author.get("family") or author["literal"] for author in entry["authors"]]
    if not authors:
        return {"citation": f"{entry['container-title'] or entry['title']} {year}"}
    few = entry["authors_complete"] and len(authors) <= MOST_NAMED
    name = " and ".join(authors) if few else f"{authors[0]} et al."
    return {"citation": f"{name} {year}"}


def _ends(entry: Record) -> dict[str, Any]:
    return {end: entry[end]["text"] for end in ("subject", "object")}


def _authors(entry: Record) -> Iterator[Row]:
    for position, author in enumerate(entry["authors"], 1):
        names = {key: author.get(key) for key in ("family", "given", "literal")}
        yield "reference_author", {"reference_id": entry["id"], "position": position, **names}


# What a row is found by, beside its id: the keys of its entry.
NAMES = {
    "entities": ("name", "symbol", "label", "synonyms", "aliases", "xrefs"),
    "subtypes": ("name", "abbreviation", "synonyms", "aliases", "xrefs"),
    "partners": ("name", "xrefs"),
    "trials": ("name", "nct"),
    "references": ("nct",),
}
NUMBERS = ("doi", "pmid", "pmcid")


def _identifiers(kind: str, entry: Record) -> Iterator[Row]:
    """Every spelling of every name and identifier of a row, each once."""
    given = [entry["id"]]
    for key in NAMES[kind]:
        given += entry[key] if isinstance(entry[key], list) else [entry[key]]
    given += [f"{key}:{entry[key]}" for key in NUMBERS if entry.get(key)]
    found = dict.fromkeys(one for name in given if name for one in spellings(name))
    name = TABLES[kind]
    yield from _listed(f"{name}_identifier.spelling", name, entry["id"], found)


def _related(entry: Record) -> Iterator[Row]:
    for position, term in enumerate(entry["related"], 1):
        place = {"subtype_id": entry["id"]}
        own = {key: term[key] for key in ("name", "abbreviation", "relation", "note")}
        yield "subtype_related", {**place, "position": position, **own}
        for number, curie in enumerate(term["xrefs"], 1):
            xref = {"related": position, "position": number, "curie": curie}
            yield "subtype_related_xref", {**place, **xref}


def _outcomes(entry: Record) -> Iterator[Row]:
    for position, outcome in enumerate(entry["outcomes"], 1):
        outcome_id = f"{entry['id']}-outcome-{position:02d}"
        place = {"id": outcome_id, "trial": entry["id"], "position": position}
        yield "outcome", _own("outcome", {**outcome, **place})
        subtypes = [outcome["subtype"]] if outcome["subtype"] else entry["subtypes"]
        yield from _listed("outcome_subtype.subtype_id", "outcome", outcome_id, subtypes)


def _claim(entry: Record) -> Iterator[Row]:
    for end in ("subject", "object"):
        for position, found in enumerate(entry[end]["links"], 1):
            targets = dict.fromkeys(("entity_id", "subtype_id", "partner_id", "reference_id"))
            targets[f"{found['type']}_id"] = found["id"]
            place = {"evidence_id": entry["id"], "position": position}
            yield f"evidence_{end}_link", {**place, **targets}
    for position, partner in enumerate(entry["partners"], 1):
        yield (
            "evidence_partner",
            {
                "evidence_id": entry["id"],
                "position": position,
                "partner_id": partner["partner"],
                "interaction": partner["interaction"],
                "line": partner["line"],
                "via_id": partner["via"],
                "note": partner["note"],
            },
        )


def _sides(entry: Record) -> Iterator[Row]:
    for position, side in enumerate(entry["sides"], 1):
        place = {"conflict_id": entry["id"]}
        yield "conflict_side", {**place, "position": position, "answer": side["answer"]}
        for number, claim in enumerate(side["evidence"], 1):
            yield (
                "conflict_side_evidence",
                {**place, "side": position, "evidence_id": claim, "position": number},
            )


def _computed(entry: Record) -> dict[str, Any]:
    return {"computed": entry.get("computed", False)}


PARTS_OF = {"conflicts": _computed, "references": _citation, "evidence": _ends}
BELOW = {
    "references": _authors,
    "subtypes": _related,
    "trials": _outcomes,
    "evidence": _claim,
    "conflicts": _sides,
}
