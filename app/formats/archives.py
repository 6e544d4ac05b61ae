"""Archives whose bytes depend on their content alone."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import BinaryIO

from app.formats.made import MadeFile

MOMENT = (1980, 1, 1, 0, 0, 0)


def archive_of(files: Mapping[str, bytes]) -> bytes:
    """A ZIP archive of these files, given by name."""
    found = io.BytesIO()
    _write(found, ((name, len(body), (body,)) for name, body in files.items()))
    return found.getvalue()


def write_archive(to: BinaryIO, files: Mapping[str, MadeFile], go_on: Callable[[], None]) -> None:
    """Write an archive with files by their names; `go_on` is called before each piece."""

    def pieces(file: MadeFile) -> Iterator[bytes]:
        for piece in file.pieces():
            go_on()
            yield piece

    _write(to, ((name, one.size, pieces(one)) for name, one in files.items()))


def _write(to: BinaryIO, files: Iterable[tuple[str, int, Iterable[bytes]]]) -> None:
    with zipfile.ZipFile(to, "w") as archive:
        for name, size, pieces in files:
            about = zipfile.ZipInfo(name, MOMENT)
            about.compress_type, about.file_size = zipfile.ZIP_DEFLATED, size
            with archive.open(about, "w") as file:
                for piece in pieces:
                    file.write(piece)
