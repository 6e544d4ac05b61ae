"""Files made once and sent often: kept on the disk, without a name, rather than in memory."""

import errno
import hashlib
import os
import tempfile
import weakref
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from app.db import Reading

PIECE = 256 * 1024
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class NotMade(Exception):
    """Why a file cannot be made, in a line for the operator."""

    def __init__(self, error: OSError) -> None:
        folder = tempfile.tempdir or "no folder"
        super().__init__(f"a file cannot be made in TMPDIR ({folder}): {error.strerror}")
        self.full = error.errno in NO_ROOM


class MadeFile:
    """A finished file; the disk frees it once the last reader has closed it."""

    def __init__(self, make: Callable[[BinaryIO], object]) -> None:
        try:
            with tempfile.TemporaryFile() as file:
                make(file)
                file.seek(0)
                self.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                self.size = file.seek(0, os.SEEK_END)
                self._file = os.dup(file.fileno())
        except OSError as error:
            raise NotMade(error) from error
        weakref.finalize(self, os.close, self._file)

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes from one place to another; several threads may read at once."""
        at, end = start, self.size if stop is None else stop
        while at < end:
            piece = os.pread(self._file, min(PIECE, end - at), at)
            at += len(piece)
            yield piece


class Making(NamedTuple):
    """What a file is made from."""

    reading: Reading
    find: Callable[[str], MadeFile]
    """Another file of the same state of the data, by its name."""
    go_on: Callable[[], None]
    """Refuses to go on once the service is being stopped; called for each page and piece."""
