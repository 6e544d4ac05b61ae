"""The spellings under which an identifier is found."""

# The registries whose bare numbers or accessions people also write without a prefix.
BARE = ("chembl.compound", "drugbank", "ATC", "uniprot", "ensembl", "mesh")


def spellings(identifier: str) -> list[str]:
    """The identifier in lower case and, where a registry's own accession says enough, bare."""
    prefix, colon, rest = identifier.partition(":")
    lower = identifier.lower()
    return [lower, rest.lower()] if colon and prefix in BARE else [lower]
