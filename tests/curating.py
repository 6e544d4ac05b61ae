"""A service on a database of the test's own, with keys to change its rows."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from app.db import Database
from app.main import create_app
from app.schema.curation import row_history
from app.settings import Settings
from app.write.keys import create_key

Headers = dict[str, str]


def new_key(settings: Settings, name: str = "curator", scope: str = "admin") -> str:
    """A key as issued by the command."""
    with closing(Database(settings)) as db, db.change() as connection:
        found = create_key(connection, name, scope, None)
    assert found
    return found


def bearer(key: str) -> Headers:
    return {"Authorization": f"Bearer {key}"}


class Curator:
    """Changes rows over HTTP with a key."""

    def __init__(self, client: TestClient, key: str) -> None:
        self.client = client
        self.key = bearer(key)

    def tag(self, address: str) -> str:
        return self.client.get(address).headers["etag"]

    def ask(self, method: str, address: str, body: Any = None, **headers: str) -> Response:
        """Ask with the key and, for a row, its tag, unless other headers are given."""
        given = self.key | {name.replace("_", "-"): value for name, value in headers.items()}
        if method != "POST" and "If-Match" not in given:
            given["If-Match"] = self.tag(address.partition("?")[0])
        sent = {} if body is None else {"json": body}
        answer: Response = self.client.request(method, address, headers=given, **sent)
        return answer


@contextmanager
def curating(settings: Settings, scope: str = "admin") -> Iterator[Curator]:
    """A curator of a database that the test may change."""
    key = new_key(settings, scope=scope)
    with TestClient(create_app(settings)) as client:
        yield Curator(client, key)


def history(settings: Settings) -> list[dict[str, Any]]:
    """All entries of the history, in order."""
    with closing(Database(settings)) as db, db.read() as reading:
        found = reading.connection.execute(row_history.select().order_by(row_history.c.number))
        return [dict(row) for row in found.mappings()]
