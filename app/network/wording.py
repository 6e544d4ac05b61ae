"""A path as a plain English sentence."""

from app.network.digraph import Network
from app.network.parts import ANY_CELL, Edge
from app.network.paths import Path

# With one source, with several.
_VERBS = {
    "binds": ("binds", "bind"),
    "degrades": ("degrades", "degrade"),
    "activates": ("activates", "activate"),
    "inhibits": ("inhibits", "inhibit"),
    "increases": ("increases", "increase"),
    "decreases": ("decreases", "decrease"),
    "required_for": ("is required for", "are required for"),
    "modulates": ("modulates", "modulate"),
}
_EFFECTS = {"+": ("raises", "raise"), "-": ("lowers", "lower")}
_BINDINGS = {
    "+": ("promotes binding to", "promote binding to"),
    "-": ("hinders binding to", "hinder binding to"),
}


def sentence(network: Network, path: Path) -> str:
    """Tell the steps of a path in their order and, when there are several, what comes of them.

    The cell of a step is named where it changes. A step without proof is marked as textbook
    knowledge.
    """
    clauses: list[str] = []
    said = ""
    for step in path.steps:
        place = _place(network, step)
        clauses.append(_clause(network, step, "" if place == said else place, first=not clauses))
        said = place or said
    return f"{_capitalised(', which '.join(clauses))}{_outcome(network, path)}."


def _clause(network: Network, step: Edge, place: str, *, first: bool) -> str:
    source, target = network.nodes[step.source].label, network.nodes[step.target].label
    verb = _agreeing(_VERBS.get(step.relation) or (step.relation, step.relation), source)
    mark = " (textbook knowledge)" if step.basis == "textbook" else ""
    if first:
        return f"{place}, {source} {verb} {target}{mark}".removeprefix(", ")
    return f"{place} {verb} {target}{mark}".removeprefix(" ")


def _place(network: Network, step: Edge) -> str:
    """Return where a step takes place, nothing for any cell."""
    if step.cell == ANY_CELL:
        return ""
    place = f"in the {network.cells[step.cell].label}"
    if step.contact_with in (None, ANY_CELL):
        return place
    return f"{place} at contact with the {network.cells[step.contact_with].label}"


def _outcome(network: Network, path: Path) -> str:
    """Return what the steps together do; one step with a clear sign has said it already."""
    if path.sign == "?":
        return "; the overall direction is unclear"
    if len(path.steps) == 1:
        return ""
    last = path.steps[-1]
    words = _BINDINGS if last.relation == "binds" else _EFFECTS
    source, target = network.nodes[path.steps[0].source].label, network.nodes[last.target].label
    return f"; overall, {source} {_agreeing(words[path.sign], source)} {target}"


def _agreeing(verb: tuple[str, str], label: str) -> str:
    """Return the verb form that goes with a label; labels such as angiogenesis are singular."""
    several = label.endswith("s") and not label.endswith(("is", "ss", "us"))
    return verb[several or ", " in label]


def _capitalised(text: str) -> str:
    """Begin a sentence, but leave the name of a molecule such as p21 as it is written."""
    name = text.partition(" ")[0]
    return text if any(sign.isdigit() for sign in name) else text[0].upper() + text[1:]
