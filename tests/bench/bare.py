"""The ceiling: an ASGI app that only sends recorded answers, on the same uvicorn."""

import json
import os
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

from starlette.types import Message, Receive, Scope, Send

from tests.bench.servers import Answer

BY_UVICORN = {"date", "server", "connection", "keep-alive", "transfer-encoding"}


@dataclass(frozen=True)
class Recorded:
    """One answer as the two messages that send it."""

    start: Message
    body: Message


def record(answers: dict[str, Answer], path: Path) -> None:
    """Keep answers, by their target, for a bare server to send."""
    kept = {
        target: {
            "status": answer.status,
            "headers": [pair for pair in answer.headers if pair[0] not in BY_UVICORN],
            "body": b64encode(answer.body).decode(),
        }
        for target, answer in answers.items()
    }
    path.write_text(json.dumps(kept))


def load(path: Path) -> dict[tuple[str, bytes], Recorded]:
    """The recorded answers by path and query, as the server gives them."""
    kept = json.loads(path.read_text())
    return {_place(target): _recorded(**answer) for target, answer in kept.items()}


def _place(target: str) -> tuple[str, bytes]:
    path, _, query = target.partition("?")
    return path, query.encode()


def _recorded(status: int, headers: list[tuple[str, str]], body: str) -> Recorded:
    raw = [(name.encode(), value.encode()) for name, value in headers]
    return Recorded(
        {"type": "http.response.start", "status": status, "headers": raw},
        {"type": "http.response.body", "body": b64decode(body)},
    )


PATH = os.environ.get("BENCH_ANSWERS")
ANSWERS = load(Path(PATH)) if PATH else {}


async def app(scope: Scope, _receive: Receive, send: Send) -> None:
    answer = ANSWERS[scope["path"], scope["query_string"]]
    await send(answer.start)
    await send(answer.body)
