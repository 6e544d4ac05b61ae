"""Bundles to import, made from the one that the service exports."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings

Row = dict[str, Any]


def bundle_of(client: TestClient) -> bytes:
    """The whole content, as the service gives it."""
    answer = client.get("/v1/downloads/content.ndjson")
    assert answer.status_code == 200
    return answer.content


def bundle_from(settings: Settings) -> bytes:
    """The whole content of a database of the test's own."""
    with TestClient(create_app(settings)) as client:
        return bundle_of(client)


def line_of(bundle: bytes, name: str, row_id: str) -> Row:
    """The row with this id, as in the bundle."""
    start = f'{{"type":"{name}","row":'.encode()
    rows = (json.loads(line)["row"] for line in bundle.splitlines() if line.startswith(start))
    found: Row = next(row for row in rows if row["id"] == row_id)
    return found


def lines(*rows: tuple[str, Row]) -> bytes:
    """A bundle of a few rows."""
    return written({"type": name, "row": row} for name, row in rows)


def written(found: Iterable[Row]) -> bytes:
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in found).encode()


def changed(bundle: bytes, name: str, row_id: str, change: Callable[[Row], object]) -> Row:
    """A row of a bundle after a change."""
    row = line_of(bundle, name, row_id)
    change(row)
    return row
