"""Files made once and sent often: they lie on the disk without a name, and so need no memory."""

import hashlib
import os
import tempfile
import weakref
from collections.abc import Callable, Iterator
from typing import BinaryIO

PIECE = 256 * 1024


class MadeFile:
    """A file as it was when it was made; it is gone when nobody reads it any more."""

    def __init__(self, make: Callable[[BinaryIO], object]) -> None:
        with tempfile.TemporaryFile() as file:
            make(file)
            file.seek(0)
            self.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            self.size = file.seek(0, os.SEEK_END)
            self._file = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._file)

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes from a place to another; several may read at once."""
        at, end = start, self.size if stop is None else stop
        while at < end:
            piece = os.pread(self._file, min(PIECE, end - at), at)
            at += len(piece)
            yield piece
