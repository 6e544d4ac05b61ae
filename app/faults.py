"""What problems say beside their sentence."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a request: the parameter by name, what is wrong, and similar names.

    It never holds a value that was sent.
    """

    parameter: str
    message: str
    nearest: tuple[str, ...] = ()
    line: int | None = None
    """The line of a bundle; None for anything else, 0 where no single line is at fault."""


@dataclass(frozen=True)
class Resting:
    """The rows that refer to another: the first of them, by type and id, and how many there are."""

    first: tuple[tuple[str, str], ...]
    total: int
