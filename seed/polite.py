"""A polite client for public registers: it identifies itself, waits between requests, and gives up.

It sends one request at a time, at most three a second, and retries with growing pauses while the
register is busy. The size and the shape of answers are checked.
"""

import time
from collections.abc import Mapping
from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from app import __version__

PAUSE_SECONDS = 0.35
"""NCBI allows three requests a second without one of its keys."""
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 1.0, 30.0
TRIES = 4
ANSWER_SECONDS = 30.0
MOST_BYTES = 5_000_000
BUSY = {0, 429, 500, 502, 503, 504}

S = TypeVar("S", bound=BaseModel)


class LookupFailed(Exception):
    """A register cannot be asked, or its answer cannot be read."""


class Polite:
    """Sends requests with the name of the service and the contact of its operator."""

    def __init__(self, contact: str) -> None:
        self.contact = contact
        self._client = httpx.Client(
            headers={
                "User-Agent": f"lenalidomide-moa/{__version__} ({contact})",
                "Accept": "application/json",
            },
            timeout=httpx.Timeout(ANSWER_SECONDS / 3, connect=5.0),
            follow_redirects=True,
        )
        self._next = 0.0

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def ask(self, name: str, address: str, query: Mapping[str, str], shape: type[S]) -> S:
        """Ask a register and read its answer as this shape; raises LookupFailed."""
        pause = FIRST_WAIT_SECONDS
        for _ in range(TRIES):
            time.sleep(max(0.0, self._next - time.monotonic()))
            status, body, retry_after = self._once(name, address, query)
            self._next = time.monotonic() + PAUSE_SECONDS
            if status == httpx.codes.OK:
                return read_as(name, body, shape)
            if status not in BUSY:
                break
            self._next += min(max(pause, retry_after), LONGEST_WAIT_SECONDS)
            pause *= 2
        why = f"answers with status {status}" if status else "does not answer in time"
        raise LookupFailed(f"{name} {why}")

    def _once(self, name: str, address: str, query: Mapping[str, str]) -> tuple[int, bytes, float]:
        """Status, body and `Retry-After` in seconds of one answer; status 0 if there is none."""
        until, body = time.monotonic() + ANSWER_SECONDS, b""
        try:
            with self._client.stream("GET", address, params=dict(query)) as answer:
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise LookupFailed(f"{name} answers with more than {MOST_BYTES:,} bytes")
                    if time.monotonic() > until:
                        return 0, b"", 0.0
                retry_after = answer.headers.get("retry-after", "")
        except httpx.HTTPError:
            return 0, b"", 0.0
        return answer.status_code, body, float(retry_after) if retry_after.isdecimal() else 0.0


def read_as(name: str, body: bytes, shape: type[S]) -> S:
    """Read a body as this shape; raises LookupFailed if it does not fit."""
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        raise LookupFailed(f"{name} answers with what cannot be read") from error
