"""SSSOM, the simple standard for mappings: which identifiers lead to which entity.

The header is YAML in lines that begin with `#`, the rest a table (mapping-commons.github.io/sssom).
"""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.formats.biolink import category, curie
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
URIS = {
    OWN: "urn:lenalidomide-moa:entity:",
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
"""What prefixes stand for, except those that the standard defines."""
# One number for one protein or drug. A gene is not its protein, and an ontology's class of cells or
# processes may be wider than ours: these are only said to be linked.
EXACT = {"uniprot", "CHEBI", "drugbank", "chembl.compound", "mesh", "NCIT"}
SAME, LINKED = "skos:exactMatch", "oboInOwl:hasDbXref"
# No entity says how its identifiers were found.
UNSPECIFIED = "semapv:UnspecifiedMatching"


class MappingSet(NamedTuple):
    """The state of the data behind a set of mappings, and the choice of entities."""

    release: str
    revision: str
    chosen: list[tuple[str, str]]
    """The parameters that chose them; none for all."""

    @property
    def version(self) -> str:
        """The state of the data, such as `2026.12-r1`."""
        return f"{self.release}-r{self.revision}"

    @property
    def id(self) -> str:
        """A name that no other set has."""
        which = f"-{digest(self.chosen)}" if self.chosen else ""
        return f"urn:{OWN}:mappings:{self.version}{which}"


def mapping_texts(pages: Iterable[list[str]], of_set: MappingSet) -> Iterator[str]:
    """The header, then the rows of each page of entities, which are JSON texts."""
    about: dict[str, object] = {
        "mapping_set_id": of_set.id,
        "mapping_set_title": f"Identifiers of entities. {TITLE}",
        "mapping_set_version": of_set.version,
        "license": LICENCE["path"],
        "curie_map": URIS,
    }
    # JSON is YAML.
    header = "".join(f"#{name}: {json.dumps(value)}\n" for name, value in about.items())
    yield header + tab_table((COLUMNS,))
    for items in pages:
        yield tab_table(row for item in items for row in _rows(item))


def _rows(item: str) -> Iterator[list[Content]]:
    entity = json.loads(item)
    kind = category(entity["kind"], [curie(code) for code in entity["xrefs"]])
    for code in entity["xrefs"]:
        predicate = SAME if code.partition(":")[0] in EXACT else LINKED
        subject = [f"{OWN}:{entity['id']}", entity["label"], kind]
        yield [*subject, predicate, code, UNSPECIFIED]
