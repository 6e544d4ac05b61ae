"""The body of a request put aside on the disk, however long it is: a bundle of rows."""

import errno
import logging
from asyncio import CancelledError, get_running_loop
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from hashlib import sha256
from io import BytesIO
from tempfile import TemporaryFile
from threading import Event
from typing import IO, Any

from starlette.requests import Request
from starlette.responses import Response

from app.errors import InsufficientStorage, PayloadTooLarge, Unavailable
from app.http.bodies import body_pieces, refuse_kind
from app.http.entrance import Entrance, KeyRoute
from app.http.guard import BUNDLE_LIMIT, MAX_BUNDLE
from app.http.problems import problem_answer

log = logging.getLogger("moa")

NDJSON = "application/x-ndjson"
# Programs that do not know NDJSON, such as some generators of clients, send it as plain bytes.
BUNDLE_KINDS = (NDJSON, "application/octet-stream")
PIECE = 1_000_000
STOPPED = "The service is being stopped."
PERHAPS_DONE = (
    f"{STOPPED} The bundle may have been imported: send it again with the same `Idempotency-Key`."
)
NO_FOLDER = "The service has no temporary folder it can write to, so no bundle can be taken."
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# Python looks for a folder in which it can write, and finds none on a full disk either.
FOLDERLESS = (errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.EPERM, errno.EROFS)


class SentBundle:
    """A bundle that was sent, and whether its sender can still be answered."""

    def __init__(self) -> None:
        self.file: IO[bytes] = BytesIO()
        self._given_up = Event()

    def open(self) -> None:
        """Make the file for it, which has no name."""
        with _kept():
            self.file = TemporaryFile()  # noqa: SIM115  # `close` closes it

    def give_up(self) -> None:
        """Note that there will be no answer, as when the service is stopped."""
        self._given_up.set()

    def close(self) -> None:
        """Give up the bundle with its file."""
        self.give_up()
        # Closing the file tries once more to write what a full disk did not take.
        with suppress(OSError):
            self.file.close()

    def go_on(self) -> None:
        """Refuse to go on once there will be no answer."""
        if self._given_up.is_set():
            raise Unavailable(STOPPED)


class BundleRoute(KeyRoute):
    """A route whose body is a bundle, put aside only if the key allows sending one."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of a request."""
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            bundle = request.state.bundle = SentBundle()
            try:
                return await answer(request)
            except CancelledError:
                # Not raised: it would be answered in a thread, for which no time is left.
                return problem_answer(request, Unavailable(PERHAPS_DONE))
            finally:
                bundle.close()

        return handle

    def turn(self, entrance: Entrance) -> AbstractAsyncContextManager[None]:
        """The turn that the request waits for."""
        return entrance.turn_for_many()

    async def read(self, request: Request) -> Mapping[str, Any]:
        """Put the body aside, and give its digest in its place."""
        refuse_kind(request, BUNDLE_KINDS)
        bundle = bundle_of(request)
        bundle.open()
        return {"sha256": await _put_aside(request, bundle.file)}


def bundle_of(request: Request) -> SentBundle:
    """The bundle that a request has sent."""
    found: SentBundle = request.state.bundle
    return found


async def _put_aside(request: Request, file: IO[bytes]) -> str:
    """The digest of the body, which is then in the file."""
    digest, waiting, size = sha256(), bytearray(), 0
    async for piece in body_pieces(request):
        size += len(piece)
        if size > MAX_BUNDLE:
            raise PayloadTooLarge(BUNDLE_LIMIT)
        digest.update(piece)
        waiting += piece
        if len(waiting) > PIECE:
            await get_running_loop().run_in_executor(None, _keep, file, bytes(waiting))
            waiting.clear()
    await get_running_loop().run_in_executor(None, _keep, file, bytes(waiting))
    return digest.hexdigest()


def _keep(file: IO[bytes], piece: bytes) -> None:
    """Append to the file, for another to read."""
    with _kept():
        file.write(piece)
        file.flush()


@contextmanager
def _kept() -> Iterator[None]:
    """Turn what prevents a bundle from being kept into a problem for its sender."""
    try:
        yield
    except OSError as error:
        log.warning("a bundle cannot be kept; see TMPDIR: %s", error.strerror)
        if error.errno in FULL:
            raise InsufficientStorage("The disk is full; nothing was written.") from error
        if error.errno in FOLDERLESS:
            raise InsufficientStorage(NO_FOLDER, lasting=True) from error
        raise Unavailable("The bundle cannot be kept.", lasting=True) from error
