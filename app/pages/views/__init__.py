"""The pages, one module for each kind."""

from app.pages.views import (
    about,
    conflicts,
    entities,
    files,
    home,
    mechanisms,
    network,
    partners,
    questions,
    references,
    search,
    subtypes,
    trials,
)

VIEWS = (
    *(home, mechanisms, subtypes, partners, trials, network, conflicts, references, entities),
    *(questions, about, search, files),
)
