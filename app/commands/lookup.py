"""`python -m app lookup`."""

import argparse
from contextlib import closing
from importlib import import_module
from pathlib import Path

from app.commands import OK, REFUSED, content_loader, print_out, tell
from app.settings import Settings
from app.startup import CommandFailed
from seed import DATA


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Look up documents in public registers, and compare them with the curated references."""
    if not settings.contact:
        raise CommandFailed(
            "the registers require a contact; set MOA_CONTACT to your e-mail address"
        )
    if bool(arguments.identifiers) == arguments.missing:
        raise CommandFailed("give DOIs, PubMed or PMC numbers, or --missing")
    polite, lookup, registers = map(import_module, ("seed.polite", "seed.lookup", "seed.registers"))
    content = content_loader().checked(arguments.folder)
    failed = False
    with closing(polite.Polite(settings.contact)) as client:
        both = lookup.Registers(
            registers.EuropePmc(client, arguments.europe_pmc or registers.EUROPE_PMC),
            registers.Ncbi(client, arguments.ncbi or registers.NCBI),
        )
        curation = lookup.Curation(arguments.folder, content, both, arguments.write)
        if arguments.missing:
            looked_up = curation.look_up_missing()
        else:
            looked_up = map(curation.look_up, arguments.identifiers)
        for lines in looked_up:
            try:
                for line in lines:
                    print_out("what was found", line)
            except polite.LookupFailed as reason:
                tell(str(reason))
                failed = True
    return REFUSED if failed else OK


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("identifiers", nargs="*", metavar="DOI|PMID|PMCID", help="to look up")
    parser.add_argument(
        "--missing", action="store_true", help="look up all references without an identifier"
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help="add a new reference to the file, and fill what is empty in one that is there",
    )
    parser.add_argument("--folder", type=Path, default=DATA, help="folder of the YAML files")
    for name, whose in (("europe-pmc", "Europe PMC"), ("ncbi", "NCBI's E-utilities")):
        parser.add_argument(f"--{name}", metavar="ADDRESS", help=f"address of {whose}")
