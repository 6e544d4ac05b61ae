"""The curated content and how it gets into the database."""

from pathlib import Path

from app import RELEASE
from app.wording import counted

__all__ = ["DATA", "RELEASE", "Faulty"]

DATA = Path(__file__).resolve().parent / "data"


class Faulty(Exception):
    """The content breaks its rules; nothing was loaded."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(f"{counted(len(found), 'fault')} in the content")
        self.found = found
