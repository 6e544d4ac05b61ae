"""Paths, meetings and reasons for no path as plain English sentences."""

from app.graph.load import NetworkData
from app.network import Meeting, Why
from app.network.digraph import Network
from app.network.parts import ANY_CELL, Step
from app.network.paths import Path

# The verb for a singular source, and for a plural one.
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
CELL_RULE = {
    "per-entity": (
        "A path changes cell only at an entity with crosses_cells: between two of these, the cells "
        "of its steps are one cell and wider kinds of it, and any-cell fits all; the nodes here do "
        "not ensure this (those of nodes=per-cell do)."
    ),
    "per-cell": (
        "A path changes cell only at an entity with crosses_cells, which the nodes here ensure: "
        "start at the node that has the id of its entity, end at any node of the target entity, "
        "and leave out paths that visit an entity twice."
    ),
}
PLAIN = {
    "source-not-in-network": "No curated step starts or ends at {source}.",
    "target-not-in-network": "No curated step starts or ends at {target}.",
    "same-node": "Source and target are the same.",
    "not-connected": "No chain of causal steps leads from {source} to {target}.",
    "search-stopped": "The search stopped before finding a path; add filters or lower `max_steps`.",
}


def path_sentence(network: Network, path: Path) -> str:
    """Describe the steps of a path in order and, if there are several, their overall effect.

    The cell is named at each step where it changes. Textbook steps are marked as such.
    """
    clauses: list[str] = []
    said = ""
    for step in path.steps:
        place = _place(network, step)
        clauses.append(_clause(network, step, "" if place == said else place, first=not clauses))
        said = place or said
    return f"{_capitalised(', which '.join(clauses))}{_outcome(network, path)}."


def _clause(network: Network, step: Step, place: str, *, first: bool) -> str:
    source, target = network.nodes[step.source].label, network.nodes[step.target].label
    verb = _agreeing(_VERBS.get(step.relation) or (step.relation, step.relation), source)
    mark = " (textbook knowledge)" if step.basis == "textbook" else ""
    if first:
        return f"{place}, {source} {verb} {target}{mark}".removeprefix(", ")
    return f"{place} {verb} {target}{mark}".removeprefix(" ")


def _place(network: Network, step: Step) -> str:
    """Where a step takes place; empty for any cell."""
    if step.cell == ANY_CELL:
        return ""
    place = f"in the {network.cells[step.cell].label}"
    if step.contact_with in (None, ANY_CELL):
        return place
    return f"{place} at contact with the {network.cells[step.contact_with].label}"


def _outcome(network: Network, path: Path) -> str:
    """The overall effect; empty for a single step with a clear sign, which states it itself."""
    if path.sign == "?":
        return "; the overall direction is unclear"
    if len(path.steps) == 1:
        return ""
    last = path.steps[-1]
    words = _BINDINGS if last.relation == "binds" else _EFFECTS
    source, target = network.nodes[path.steps[0].source].label, network.nodes[last.target].label
    return f"; overall, {source} {_agreeing(words[path.sign], source)} {target}"


def _agreeing(verb: tuple[str, str], label: str) -> str:
    """The verb form that agrees with a label; labels such as angiogenesis are singular."""
    several = label.endswith("s") and not label.endswith(("is", "ss", "us"))
    return verb[several or ", " in label]


def _capitalised(text: str) -> str:
    """Capitalise a sentence, but leave a name with a digit, such as p21, as it is."""
    name = text.partition(" ")[0]
    return text if any(sign.isdigit() for sign in name) else text[0].upper() + text[1:]


def reason_sentence(why: Why, source: str, target: str) -> str:
    """Why there is no path, as a sentence that names the ends by their labels."""
    if why.kind in PLAIN:
        return PLAIN[why.kind].format(source=source, target=target)
    removed = _removed(why)
    if not why.after:
        return removed
    return f"With {_listed(why.after)} in force: {removed[0].lower()}{removed[1:]}"


def linking_sentence(total: int, given: int) -> str:
    """Say how many claims name both ends."""
    if not total:
        return "No claim names both ends."
    if total == 1:
        return "One claim names both ends."
    return f"{total} claims name both ends" + (f"; {given} are given." if given < total else ".")


def _removed(why: Why) -> str:
    """What removed the last path."""
    if why.kind == "cell-rule":
        return "Every path changes cell inside a molecule; `cells=any` allows that."
    if why.kind == "max-steps" and why.path:
        return f"The shortest path has {len(why.path.steps)} steps; raise `max_steps`."
    if why.by == ("basis",):
        return (
            "Every path has a textbook step that no claim supports; `basis=textbook` allows that."
        )
    if len(why.by) == 1:
        return f"The filter {_listed(why.by)} removes the last path."
    return f"Lifting any one of the filters {_listed(why.by)} gives a path."


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def meeting_sentence(data: NetworkData, found: Meeting) -> str:
    """Say where two drugs meet, and whether they act in the same direction there."""

    def label(node: str) -> str:
        return data.network.nodes[node].label

    drug, partner = label(found.drug_path.nodes[0]), label(found.partner_path.nodes[0])
    node = label(found.node)
    raises = {"+": "raises", "-": "lowers"}
    if found.agreement == "unclear":
        text = f"{drug} and {partner} both act on {node}; the direction is unclear"
    elif found.agreement == "oppose":
        first, second = raises[found.drug_path.sign], raises[found.partner_path.sign]
        text = f"{drug} {first} but {partner} {second} {node}"
    else:
        text = f"{drug} and {partner} both {raises[found.drug_path.sign][:-1]} {node}"
    textbook = any(
        step.basis == "textbook" for step in (*found.drug_path.steps, *found.partner_path.steps)
    )
    mark = " (in part textbook knowledge)" if textbook else ""
    return f"{text[0].upper()}{text[1:]}{mark}."
