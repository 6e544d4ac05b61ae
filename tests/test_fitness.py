"""Declarations that do not fit are refused when the process starts, each fault by name."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Literal

import pytest
from pydantic import create_model

from app.resources import ALL
from app.resources.evidence import EVIDENCE
from app.resources.partners import PARTNERS
from app.schema.fitness import Unfit, declared
from app.schema.markers import AtLeast, InColumn, Many, One, Reaches
from app.schema.resource import Example, Resource


def with_field(shape: str, name: str, kind: Any, *marks: object) -> Resource:
    """Partners with one more field in a shape."""
    declaration = Annotated[(kind, *marks)] if marks else kind
    base = getattr(PARTNERS, shape)
    more: Any = {name: (declaration, None)}
    return replace(PARTNERS, **{shape: create_model(base.__name__, __base__=base, **more)})


FAULTS: list[tuple[Resource, str]] = [
    (replace(PARTNERS, name="partners"), "partners: its table has another name"),
    (replace(PARTNERS, table=EVIDENCE.table), "partner: its table has another name"),
    (replace(PARTNERS, plural="mechanisms"), "partner: another type has its name or plural"),
    (
        replace(PARTNERS, example=Example("No Id", {})),
        "partner: the id of its example is not a valid id",
    ),
    (
        replace(PARTNERS, example=Example("rituximab", {"colour": "red"})),
        "partner: its example uses the filter `colour`, which does not exist",
    ),
    (
        replace(PARTNERS, found_by=("colour",)),
        "partner: it is found by `colour`, which is not in its write shape",
    ),
    (
        with_field("filters", "sort", Literal["id", "colour", "-colour"]),
        "partner: it cannot be sorted by `colour`, which is not a column",
    ),
    *(
        (
            with_field("filters", "colour", str, mark),
            f"partner: the filter `colour` finds nothing at `{path}`",
        )
        for mark, path in (
            (Reaches(("colour",)), "colour"),
            (Reaches(("kind", "colours.name")), "colours.name"),
            (Reaches(("evidence.level",)), "evidence.level"),
            (AtLeast("colour", "levels"), "colour"),
        )
    ),
    (
        with_field("filters", "colour", str, Reaches(("kind",), tree="partner")),
        "partner: the filter `colour` follows `partner`, which is not a tree",
    ),
    *(
        (
            with_field(shape, "colour", kind, *marks),
            f"partner: the field `colour` finds nothing at `{path}`",
        )
        for shape in ("read", "write")
        for kind, marks, path in (
            (str, (), "colour"),
            (str, (InColumn("shade"),), "shade"),
            (EVIDENCE.read, (One("colour_id"),), "colour_id"),
            (list[str], (Many("partner_colour.name"),), "partner_colour.name"),
            (list[str], (Many("partner_xref.name"),), "partner_xref.name"),
        )
    ),
    (
        replace(PARTNERS, label=("colour",)),
        "partner: its label has `colour`, which is not a column",
    ),
    (
        replace(PARTNERS, searched={"partner_xref.colour": 2}),
        "partner: it is searched at `partner_xref.colour`, where there is nothing",
    ),
    (
        with_field("read", "shade", EVIDENCE.read, One("entity_id")),
        "partner: the field `statement` finds nothing at `statement`",
    ),
]


def among(resources: tuple[Resource, ...], unfit: Resource) -> tuple[Resource, ...]:
    """The same types with one in the place of partners."""
    return tuple(unfit if one is PARTNERS else one for one in resources)


@pytest.mark.parametrize(("unfit", "fault"), FAULTS, ids=range(len(FAULTS)))
def test_a_fault_is_told(unfit: Resource, fault: str) -> None:
    with pytest.raises(Unfit) as caught:
        declared(*among(ALL, unfit))

    assert fault in str(caught.value).split("; ")


def test_a_type_without_a_filter_on_evidence_is_refused() -> None:
    fields = {
        name: (info.annotation, info)
        for name, info in EVIDENCE.filters.model_fields.items()
        if name != "partner"
    }
    filters: Callable[..., Any] = create_model
    less = replace(EVIDENCE, filters=filters("EvidenceFilters", **fields))

    with pytest.raises(Unfit, match=r"^partner: evidence has no filter `partner`$"):
        declared(*(less if one is EVIDENCE else one for one in ALL))


def test_all_faults_are_told_at_once() -> None:
    unfit = replace(PARTNERS, plural="mechanisms", found_by=("colour",))

    with pytest.raises(Unfit) as caught:
        declared(*among(ALL, unfit))

    assert len(str(caught.value).split("; ")) == 2


def test_what_fits_is_given_back() -> None:
    assert declared(*ALL) == ALL
