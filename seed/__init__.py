"""The curated content and how it gets into the database."""

from pathlib import Path

from app import RELEASE
from app.wording import counted

__all__ = ["DATA", "MOST_SHOWN", "RELEASE", "Faulty"]

DATA = Path(__file__).resolve().parent / "data"
# More faults than anyone reads; a wrong column in a large file could fill the disk with log lines.
MOST_SHOWN = 200


class Faulty(Exception):
    """The content breaks its rules; nothing was loaded."""

    def __init__(self, found: list[str], message: str = "") -> None:
        super().__init__(message or f"{counted(len(found), 'fault')} in the content")
        self.found = found

    def lines(self) -> list[str]:
        """The first MOST_SHOWN faults, one per line, and how many more there are."""
        more = len(self.found) - MOST_SHOWN
        rest = [f"and {counted(more, 'fault')} more; correct these first"] if more > 0 else []
        return [*self.found[:MOST_SHOWN], *rest]
