"""Why there is no path, as a plain English sentence that says what to do."""

from app.network import Why

PLAIN = {
    "source-not-in-network": "No curated step starts or ends at {source}.",
    "target-not-in-network": "No curated step starts or ends at {target}.",
    "same-node": "Source and target are the same.",
    "not-connected": "No chain of causal steps leads from {source} to {target}.",
    "search-stopped": "The search was stopped before it found a path; narrow the question.",
}


def reason(why: Why, source: str, target: str) -> str:
    """One or two sentences for a reason, with the ends by their labels."""
    if why.kind in PLAIN:
        return PLAIN[why.kind].format(source=source, target=target)
    removed = _removed(why)
    if not why.after:
        return removed
    return f"With {_listed(why.after)} in force: {removed[0].lower()}{removed[1:]}"


def _removed(why: Why) -> str:
    """What removed the last path."""
    if why.kind == "cell-rule":
        return "Each path jumps between cells inside a molecule; `cells=any` shows it."
    if why.kind == "max-steps" and why.path:
        return f"The shortest path has {len(why.path.steps)} steps; raise `max_steps`."
    if why.by == ("basis",):
        return "Each path has a textbook step that no claim supports; `basis=textbook` shows it."
    if len(why.by) == 1:
        return f"The filter {_listed(why.by)} removes the last path."
    return f"Lifting any one of the filters {_listed(why.by)} gives a path."


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
