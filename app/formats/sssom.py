"""SSSOM, the simple standard for mappings: which identifiers lead to which of our rows.

The header is YAML in lines that begin with `#`, the rest a table (mapping-commons.github.io/sssom).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from app.formats.biolink import DRUG, category, curie
from app.formats.packages import LICENCE
from app.formats.tsv import Content, tab_table
from app.schema.about import TITLE
from app.schema.pages import digest

FORM = "sssom"
COLUMNS = (
    *("subject_id", "subject_label", "subject_category", "predicate_id", "object_id"),
    "mapping_justification",
)
OWN = "lenalidomide-moa"
ENTITY, SUBTYPE = "entity", "subtype"
PLURALS = {ENTITY: "entities", SUBTYPE: "subtypes", "partner": "partners"}
DRUGS = ("antibody", "bispecific antibody", "ADC")
"""The kinds of partners, besides `drug`, that are drugs to the Biolink Model."""
DISEASE = "biolink:Disease"
URIS = {
    "oboInOwl": "http://www.geneontology.org/formats/oboInOwl#",
    "biolink": "https://w3id.org/biolink/vocab/",
    "ATC": "http://identifiers.org/atc/",
    "HGNC": "http://identifiers.org/hgnc/",
    "NCBIGene": "http://identifiers.org/ncbigene/",
    "chembl.compound": "http://identifiers.org/chembl.compound/",
    "drugbank": "http://identifiers.org/drugbank/",
    "ensembl": "http://identifiers.org/ensembl/",
    "icdo": "https://bioregistry.io/icdo:",
    "mesh": "http://id.nlm.nih.gov/mesh/",
    "orphanet": "http://www.orpha.net/ORDO/Orphanet_",
    "uniprot": "http://purl.uniprot.org/uniprot/",
    **{
        prefix: f"http://purl.obolibrary.org/obo/{prefix}_"
        for prefix in ("CHEBI", "CL", "DOID", "GO", "MONDO", "NCIT")
    },
}
"""What prefixes stand for, except our own and those that the standard defines."""
# One number for one protein or drug. A gene is not its protein, and an ontology's class of cells or
# processes may be wider than ours: these are only said to be linked.
EXACT = {"uniprot", "CHEBI", "drugbank", "chembl.compound", "mesh", "NCIT"}
SAME, LINKED = "skos:exactMatch", "oboInOwl:hasDbXref"
# No row says how its identifiers were found.
UNSPECIFIED = "semapv:UnspecifiedMatching"


class MappingSet(NamedTuple):
    """The state of the data behind a set of mappings, and the choice of rows."""

    release: str
    revision: str
    chosen: list[tuple[str, str]]
    """The parameters that chose them; none for all."""
    type: str
    """The type of the rows, by its name."""

    @property
    def version(self) -> str:
        """The state of the data, such as `2026.12-r1`."""
        return f"{self.release}-r{self.revision}"

    @property
    def id(self) -> str:
        """A name that no other set has."""
        of = "" if self.type == ENTITY else f"-{self.type}"
        which = f"-{digest(self.chosen)}" if self.chosen else ""
        return f"urn:{OWN}:mappings:{self.version}{of}{which}"

    @property
    def prefix(self) -> str:
        """The prefix of the ids of the rows."""
        return OWN if self.type == ENTITY else f"{OWN}.{self.type}"


def mapping_texts(pages: Iterable[list[str]], of_set: MappingSet) -> Iterator[str]:
    """The header, then the mappings of each page of rows, which are JSON texts."""
    about: dict[str, object] = {
        "mapping_set_id": of_set.id,
        "mapping_set_title": f"Identifiers of {PLURALS[of_set.type]}. {TITLE}",
        "mapping_set_version": of_set.version,
        "license": LICENCE["path"],
        "curie_map": {of_set.prefix: f"urn:{OWN}:{of_set.type}:"} | URIS,
    }
    # JSON is YAML.
    header = "".join(f"#{name}: {json.dumps(value)}\n" for name, value in about.items())
    yield header + tab_table((COLUMNS,))
    for items in pages:
        yield tab_table(row for item in items for row in _rows(item, of_set))


def _rows(item: str, of_set: MappingSet) -> Iterator[list[Content]]:
    row = json.loads(item)
    subject = [f"{of_set.prefix}:{row['id']}", row.get("label", row["name"]), _category(row)]
    for code in row["xrefs"]:
        # The identifiers of a subtype are those of the very same disease; others are in `related`.
        same = of_set.type == SUBTYPE or code.partition(":")[0] in EXACT
        yield [*subject, SAME if same else LINKED, code, UNSPECIFIED]


def _category(row: Mapping[str, Any]) -> str:
    """The class of a row in the Biolink Model."""
    if "kind" not in row:
        return DISEASE
    codes = [curie(code) for code in row["xrefs"]]
    return DRUG if row["kind"] in DRUGS else category(row["kind"], codes)
