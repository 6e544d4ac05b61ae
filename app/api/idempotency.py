"""Changes that are made once, however often they are sent."""

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi import Request
from sqlalchemy import Connection

from app.db import Database
from app.errors import BadRequest
from app.http import negotiation
from app.http.entrance import owner_of_key, sent, wrong_key
from app.read.keys import is_valid

if TYPE_CHECKING:
    from app.write.edits import Edited
    from app.write.idempotency import Attempt

REPEATABLE = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A text of your own, new for each change: the change is made once, however "
    "often it is sent within 48 hours. The same text with another change is refused.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}
IDEMPOTENCY_KEY = re.compile(rb"[!-~]{1,255}")


def make_once(
    request: Request, db: Database, work: Callable[[Connection], "Edited"], *, many: bool = False
) -> "Edited":
    """Make a change in a transaction of its own, or return its result if it was made before.

    The key is checked again: it may have been revoked since the request began.
    """
    # Loaded with the first change: reading needs none of the code that writes.
    from app.write import idempotency  # noqa: PLC0415
    from app.write.keys import note_use  # noqa: PLC0415

    attempt, owner = _attempt(request), owner_of_key(request).name
    with db.change_many() if many else db.change() as connection:
        if not is_valid(connection, owner):
            raise wrong_key()
        earlier = idempotency.answered(connection, attempt) if attempt else None
        if earlier:
            return earlier
        done = work(connection)
        note_use(connection, owner)
        if attempt:
            idempotency.keep_answer(connection, attempt, done)
    return done


def _attempt(request: Request) -> "Attempt | None":
    """The change that a request marks with an `Idempotency-Key`; None without one."""
    from app.write.idempotency import Attempt, request_digest  # noqa: PLC0415

    (key,) = negotiation.read_fields(request.scope, b"idempotency-key")
    if not key:
        return None
    if not IDEMPOTENCY_KEY.fullmatch(key):
        raise BadRequest("`Idempotency-Key` must be 1 to 255 visible characters of ASCII.")
    scope = request.scope
    body = json.dumps(sent(request), sort_keys=True).encode()
    asked = request_digest(
        scope["method"].encode(), scope["path"].encode(), scope["query_string"], body
    )
    return Attempt(owner_of_key(request).name, request_digest(key), asked)
