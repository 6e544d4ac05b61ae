"""Translates our words into those of the Biolink Model 4 (biolink.github.io/biolink-model).

A word is translated only where both mean the same; one that is wider than the nearest word of the
model becomes the word above that.
"""

from collections.abc import Sequence
from typing import NamedTuple

OWN = "lenalidomide-moa:"
SOURCE = "infores:lenalidomide-moa"
PROTEIN = "biolink:Protein"
PROCESS = "biolink:BiologicalProcessOrActivity"
PHENOTYPE = "biolink:PhenotypicFeature"
CATEGORIES = {
    "drug": "biolink:Drug",
    "protein": PROTEIN,
    "transcription_factor": PROTEIN,
    "cytokine": PROTEIN,
    "surface_receptor": PROTEIN,
    "complex": "biolink:MacromolecularComplex",
    "family": "biolink:ProteinFamily",
    "process": PROCESS,
    "phenotype": PHENOTYPE,
    "cell": "biolink:Cell",
}
# The narrower `biological entity` is abstract: nothing may have that category alone.
WIDER = "biolink:NamedThing"
# Categories that have an activity and an abundance.
MOLECULES = {PROTEIN, "biolink:Drug"}
PREFIXES = {
    "uniprot": "UniProtKB",
    "chembl.compound": "CHEMBL.COMPOUND",
    "drugbank": "DRUGBANK",
    "ensembl": "ENSEMBL",
    "mesh": "MESH",
}
"""The prefixes that the model spells differently."""
PREFERRED = {
    PROTEIN: ("UniProtKB",),
    "biolink:Drug": ("CHEBI", "DRUGBANK", "CHEMBL.COMPOUND", "MESH"),
    PROCESS: ("GO",),
    "biolink:Cell": ("CL",),
}
"""The registries whose identifiers name nodes of each category, the best first."""
DIRECTIONS = {"+": "increased", "-": "decreased"}


class BiolinkRelation(NamedTuple):
    """A relation as the model states it."""

    predicate: str = "biolink:affects"
    qualified: str = "biolink:causes"
    """The predicate that holds for the qualified object."""
    aspect: str = ""
    """What about a molecule changes."""
    directed: bool = True
    """Whether the sign says that the object is increased or decreased."""


STATEMENTS = {
    "activates": BiolinkRelation(aspect="activity"),
    "inhibits": BiolinkRelation(aspect="activity"),
    "increases": BiolinkRelation(aspect="activity_or_abundance"),
    "decreases": BiolinkRelation(aspect="activity_or_abundance"),
    "degrades": BiolinkRelation(aspect="abundance"),
    # Necessary, not sufficient.
    "required_for": BiolinkRelation(
        qualified="biolink:contributes_to", aspect="activity_or_abundance"
    ),
    "modulates": BiolinkRelation(qualified="", aspect="activity_or_abundance", directed=False),
    "binds": BiolinkRelation("biolink:directly_physically_interacts_with", "", directed=False),
    # Not causal: the two act more strongly together.
    "synergizes": BiolinkRelation("biolink:interacts_with", "", directed=False),
}
OTHER = BiolinkRelation("biolink:related_to", "", directed=False)


DRUG = "biolink:Drug"
PLAIN = "biolink:Association"
"""The class of any statement about two things; it has no qualifiers of the object."""
AFFECTING = {
    (DRUG, PROTEIN): "biolink:ChemicalAffectsGeneAssociation",
    (PROTEIN, PROTEIN): "biolink:GeneToGeneAssociation",
    (PROTEIN, DRUG): "biolink:GeneAffectsChemicalAssociation",
    (PROTEIN, PHENOTYPE): "biolink:GeneToPhenotypicFeatureAssociation",
}
BINDING = {
    (DRUG, PROTEIN): "biolink:ChemicalGeneInteractionAssociation",
    (PROTEIN, PROTEIN): "biolink:PairwiseGeneToGeneInteraction",
}
"""The narrower classes, by the categories of source and target."""
WITHOUT_CELL = {PLAIN, AFFECTING[PROTEIN, PROTEIN], BINDING[PROTEIN, PROTEIN]}
"""The classes that cannot say in which cell a statement holds."""


def association(relation: BiolinkRelation, source: str, target: str) -> str:
    """The class of a step between things of two categories.

    Where the model has none, as from one process to another, the step is a plain association with
    no more than its predicate.
    """
    if relation == STATEMENTS["binds"]:
        return BINDING.get((source, target), PLAIN)
    if relation.predicate != STATEMENTS["increases"].predicate:
        return PLAIN
    if (source, target) in AFFECTING:
        return AFFECTING[source, target]
    if target == PHENOTYPE:
        return "biolink:EntityToPhenotypicFeatureAssociation"
    # Everything with a category of its own, except drugs, is a biological entity.
    narrow = source == DRUG and target not in (DRUG, WIDER)
    return "biolink:ChemicalAffectsBiologicalEntityAssociation" if narrow else PLAIN


def curie(code: str) -> str:
    """An identifier with the prefix that the model uses."""
    prefix, _, rest = code.partition(":")
    return f"{PREFIXES.get(prefix, prefix)}:{rest}"


def category(kind: str, codes: Sequence[str]) -> str:
    """The category of one of our kinds, two of which are wider than those of the model.

    Our `protein` is the model's only if it is a single protein in its normal state, which then has
    a UniProt accession. Our `phenotype` may be a process in a cell, which then has a GO term.
    """
    found = CATEGORIES.get(kind, WIDER)
    prefixes = {code.partition(":")[0] for code in codes}
    if found == PROTEIN and "UniProtKB" not in prefixes:
        return WIDER
    return PROCESS if found == PHENOTYPE and "GO" in prefixes else found


def preferred(of: str, codes: Sequence[str]) -> str | None:
    """The identifier from the best registry of the category, if there is one."""
    ranked = (
        code for prefix in PREFERRED.get(of, ()) for code in codes if code.startswith(f"{prefix}:")
    )
    return next(ranked, None)
