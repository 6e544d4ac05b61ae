"""Callers who propose and decide, on a database of the test's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from httpx2 import Response
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.curating import Curator, new_key

WHY = {"reason": "It is so", "source": "doi:10.1200/JCO.2014.59.5363, page 2804"}
COMMENT = {"comment": "Read and compared."}
NAMES = {"propose": "Ada", "review": "Ben", "admin": "Cleo"}


@dataclass
class People:
    """A client with keys for proposing and deciding."""

    client: TestClient
    proposer: Curator
    reviewer: Curator
    admin: Curator

    def propose(self, method: str, address: str, body: Any = None, **headers: str) -> Response:
        """Ask for a change with the key that proposes."""
        return self.proposer.ask(method, f"{address}?{urlencode(WHY)}", body, **headers)

    def proposed(self, method: str, address: str, body: Any = None) -> str:
        """The address of a new proposal."""
        answer = self.propose(method, address, body)
        assert answer.status_code == 202, answer.text
        place: str = answer.headers["location"]
        return place

    def decide(self, place: str, what: str, who: Curator | None = None) -> Response:
        """Accept or reject."""
        return (who or self.reviewer).ask("POST", f"{place}/{what}", COMMENT)


@contextmanager
def proposing(settings: Settings) -> Iterator[People]:
    """A service, and a key of each scope."""
    keys = {scope: new_key(settings, name, scope) for scope, name in NAMES.items()}
    with TestClient(create_app(settings)) as client:
        yield People(client, *(Curator(client, key) for key in keys.values()))
