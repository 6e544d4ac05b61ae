"""The network kept in memory, one for each state of the data."""

from threading import Lock

from app.atlas.load import Atlas, read
from app.db import Database
from app.db.revision import State


class Keeper:
    """Gives the network of the current data; it is built once for each state of them."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._kept: tuple[State | None, Atlas] | None = None
        self._building = Lock()

    def current(self) -> Atlas:
        """The network as it stands now; while one thread builds it, the others wait."""
        state = self._db.state()
        with self._building:
            if self._kept is None or state is None or self._kept[0] != state:
                with self._db.read() as connection:
                    self._kept = (state, read(connection))
            return self._kept[1]
