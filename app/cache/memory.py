"""Representations in memory, within a limit in bytes; the least recently used go first."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

from app.db.revision import State
from app.http.representation import Representation

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

# In bytes, roughly, besides the request itself.
COST_OF_AN_ALIAS = 600
# Aliases get an eighth of the memory.
PART_FOR_ALIASES = 8

RawRequest = tuple[bytes, bytes, bytes, bytes]
"""The bytes of a request, as far as its answer depends on them: path, query, accept, encoding."""


class Bounded(Generic[K, V]):
    """Values within a limit in bytes; the least recently used go first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.used = 0
        self._held: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The value, if it is held."""
        held = self._held.get(key)
        if held is None:
            return None
        self._held.move_to_end(key)
        return held[0]

    def put(self, key: K, value: V, cost: int) -> None:
        """Hold a value, unless it is too large on its own."""
        if cost > self._limit or key in self._held:
            return
        self._held[key] = value, cost
        self.used += cost
        while self.used > self._limit:
            _, (_, freed) = self._held.popitem(last=False)
            self.used -= freed

    def clear(self) -> None:
        """Forget everything."""
        self._held.clear()
        self.used = 0


class Memory:
    """The representations of one state of the data.

    Each is held under what was asked for; every way of writing that request is an alias of it.
    """

    def __init__(self, limit: int) -> None:
        self.state = State((0, 0), "")
        self._aliases: Bounded[RawRequest, Hashable] = Bounded(limit // PART_FOR_ALIASES)
        self._found: Bounded[Hashable, Representation] = Bounded(limit - limit // PART_FOR_ALIASES)

    @property
    def used(self) -> int:
        """The bytes of all that is held, roughly."""
        return self._aliases.used + self._found.used

    def reach(self, state: State) -> None:
        """Forget all if the data have changed."""
        if state > self.state:
            self.state = state
            self._aliases.clear()
            self._found.clear()

    def find(self, request: RawRequest) -> Representation | None:
        """The answer to a request that has come in exactly these bytes before."""
        key = self._aliases.get(request)
        return None if key is None else self._found.get(key)

    def answer(self, key: Hashable, request: RawRequest) -> Representation | None:
        """The answer under this key, to which the bytes of the request become an alias."""
        found = self._found.get(key)
        if found:
            self._aliases.put(request, key, COST_OF_AN_ALIAS + sum(map(len, request)))
        return found

    def put(self, key: Hashable, found: Representation, more: int, state: State) -> None:
        """Keep an answer made from data of this state or later; `more` is the cost of its key."""
        if state == self.state:
            self._found.put(key, found, found.cost + more)
