"""Figures on the answers since the start: counted by the guard, read on request."""

from bisect import bisect_left

# Upper bounds of the classes of time, in seconds; one more class holds all that is slower.
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Traffic:
    """Answers of one route with one status."""

    __slots__ = ("classes", "sent", "took")

    def __init__(self) -> None:
        self.classes = [0] * (len(BOUNDS) + 1)
        """How many answers fell into each class of time."""
        self.sent = 0
        """The bytes of their bodies."""
        self.took = 0.0
        """The seconds that they took in all."""


class Counters:
    """Counts answers by route and status; prometheus_client would take ten times as long."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int], Traffic] = {}

    def count(self, route: str, status: int, sent: int, took: float) -> None:
        """Count one answer."""
        key = route, status
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = Traffic()
        found.classes[bisect_left(BOUNDS, took)] += 1
        found.sent += sent
        found.took += took

    def items(self) -> list[tuple[tuple[str, int], Traffic]]:
        """All counts, sorted by route and status."""
        return sorted(self._found.items(), key=lambda one: one[0])
