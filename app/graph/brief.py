"""Paths in brief: their sentences, weakest origin and level, and the ids of their claims."""

from collections.abc import Iterable

from app.graph.shapes import CausalPath, Paths, WhyNoPath
from app.read.brief import Rest, Values, fitted, not_empty, rest


def brief_paths(found: Paths, whole: str) -> str:
    """The brief answer to a query for paths; `whole` is the address of the full answer."""
    steps = {step.id for path in found.items for step in path.steps}
    claims = {one for path in found.items for one in claims_along(path)}

    def made(most: int) -> Values:
        shown = [brief_path(path, most) for path in found.items[:most]]
        return not_empty(
            {
                "source": found.source.id,
                "target": found.target.id,
                "items": shown,
                "total": found.total,
                "truncated": found.truncated,
                "why": found.why and _why(found.why, most),
                **rest(
                    [
                        Rest("paths", found.total - len(shown), whole),
                        Rest("steps", len(steps), whole),
                        Rest("claims", len(claims - shown_claims(shown)), whole),
                    ]
                ),
            }
        )

    return fitted(made)


def brief_path(path: CausalPath, most: int) -> Values:
    """One path, with the ids of its first claims."""
    return not_empty(
        {
            "sentence": path.sentence,
            "sign": path.sign,
            "measured": path.origin,
            "level": path.level,
            "claims": claims_along(path)[:most],
        }
    )


def claims_along(path: CausalPath) -> list[str]:
    """The ids of the claims along a path, without duplicates."""
    return list(dict.fromkeys(one.id for step in path.steps for one in step.evidence))


def shown_claims(parts: Iterable[Values]) -> set[str]:
    """The ids of the claims in these parts of a brief answer."""
    return {one for part in parts for one in part.get("claims", ())}


def _why(why: WhyNoPath, most: int) -> Values:
    return not_empty(
        {
            "sentence": why.sentence,
            "by": why.by,
            "after": why.after,
            "path": why.path and brief_path(why.path, most),
            "claims": [one.id for one in why.claims][:most],
        }
    )
