"""The body of a request put aside on the disk, however long it is: a bundle of rows."""

import errno
from asyncio import CancelledError, get_running_loop
from collections.abc import Callable, Coroutine, Mapping
from hashlib import sha256
from tempfile import TemporaryFile
from threading import Event
from typing import IO, Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from app.errors import BadRequest, InsufficientStorage, PayloadTooLarge, Unavailable
from app.http.bodies import refuse_kind
from app.http.entrance import KeyRoute
from app.http.guard import BUNDLE_LIMIT, MAX_BUNDLE

NDJSON = "application/x-ndjson"
PIECE = 1_000_000
STOPPED = "The service is being stopped."
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class SentBundle:
    """A bundle that was sent, and whether its sender is still served."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self._given_up = Event()

    def give_up(self) -> None:
        """Note that nobody will be answered, as when the service is stopped."""
        self._given_up.set()

    def go_on(self) -> None:
        """Refuse to go on once nobody will be answered."""
        if self._given_up.is_set():
            raise Unavailable(STOPPED)


class BundleRoute(KeyRoute):
    """A route whose body is a bundle; its file has no name, and is gone with the request."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of a request."""
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            with TemporaryFile() as file:
                bundle = request.state.bundle = SentBundle(file)
                try:
                    return await answer(request)
                except CancelledError as error:
                    raise Unavailable(STOPPED) from error
                finally:
                    bundle.give_up()

        return handle

    async def read(self, request: Request) -> Mapping[str, Any]:
        """Put the body aside, and give its digest in its place."""
        refuse_kind(request, (NDJSON,))
        return {"sha256": await _put_aside(request, bundle_of(request).file)}


def bundle_of(request: Request) -> SentBundle:
    """The bundle that a request has sent."""
    found: SentBundle = request.state.bundle
    return found


async def _put_aside(request: Request, file: IO[bytes]) -> str:
    """The digest of the body, which is then in the file."""
    digest, waiting, size = sha256(), bytearray(), 0
    try:
        async for piece in request.stream():
            size += len(piece)
            if size > MAX_BUNDLE:
                raise PayloadTooLarge(BUNDLE_LIMIT)
            digest.update(piece)
            waiting += piece
            if len(waiting) > PIECE:
                await get_running_loop().run_in_executor(None, _keep, file, bytes(waiting))
                waiting.clear()
    except ClientDisconnect as error:
        raise BadRequest("The body ended early.") from error
    await get_running_loop().run_in_executor(None, _keep, file, bytes(waiting))
    return digest.hexdigest()


def _keep(file: IO[bytes], piece: bytes) -> None:
    """Add to the file; the next to read it begins at its start."""
    try:
        file.write(piece)
        file.flush()
    except OSError as error:
        if error.errno in FULL:
            raise InsufficientStorage("The disk is full; nothing was written.") from error
        cause = f"a bundle cannot be kept: {error.strerror}"
        raise Unavailable("The bundle cannot be kept.", cause=cause, lasting=True) from error
