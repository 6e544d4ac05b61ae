"""The outermost layer: request ids, limits on requests, HEAD, other origins, and a catch-all."""

import itertools
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.addresses import ORIGIN, Addresses
from app.errors import (
    BadRequest,
    HeadersTooLarge,
    PayloadTooLarge,
    Problem,
    UriTooLong,
)
from app.http.counters import Counters
from app.http.problems import PAGE, ErrorPage, presented, unexpected
from app.http.representation import Header, route_of
from app.http.tracking import untracked
from app.settings import Settings

log = logging.getLogger("moa")

MAX_TARGET = 8_192
MAX_HEADERS = 100
MAX_HEADER_BYTES = 16_384
TARGET_LIMIT = f"Path and query are limited to {MAX_TARGET:,} bytes; send fewer or shorter values."
MAX_BUNDLE = 4_000_000_000
BUNDLE_LIMIT = "A bundle is limited to 4 GB; send it in parts."
IMPORT = "/v1/import"
HEADERS_LIMIT = "Header fields are limited to 100 and to 16 kB in all; send fewer or shorter ones."
# The key of the scope under which the connection says why a request could not be read.
PROBLEM = "moa.problem"
# Our own ids combine the process and a running number; random ones would cost more.
NUMBERS = itertools.count(1)
LENGTH = re.compile(rb"[0-9]{1,19}")
# Numbers, because bytes find a number much faster than other bytes.
PERCENT, NUL = b"%\0"
REQUEST_ID = re.compile(rb"[A-Za-z0-9-]{8,64}")
# W3C Trace Context, section 3.2.
TRACEPARENT = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
EXPOSED = (
    *(b"ETag", b"Link", b"X-Request-Id", b"X-Dataset-Version", b"X-Dataset-Revision"),
    *(b"Retry-After", b"Allow", b"Content-Disposition", b"Location"),
    *(b"RateLimit", b"RateLimit-Policy", b"Accept-Ranges", b"Content-Range"),
)
# Sent with every answer, even a refusal: otherwise, a page of another origin cannot read it.
ON_ALL = (
    (b"x-content-type-options", b"nosniff"),
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b", ".join(EXPOSED),
    ),
)
NO_CONTENT = 204
READS = ("GET", "HEAD", "OPTIONS")
# The same for every address: a refusal can be read only after a successful preflight.
PREFLIGHT = (
    (b"access-control-allow-methods", ", ".join(READS).encode()),
    # The Fetch standard leaves Authorization out of `*`.
    (b"access-control-allow-headers", b"*, Authorization"),
    (b"access-control-max-age", b"86400"),
)


class Guard:
    """Rejects requests that cannot be valid, and answers whatever goes wrong behind it."""

    def __init__(
        self,
        app: ASGIApp,
        addresses: Addresses,
        page: ErrorPage | None = None,
        *,
        settings: Settings,
        counters: Counters | None = None,
        methods: Callable[[Scope], frozenset[str]],
    ) -> None:
        self._app = app
        self._methods = methods
        self._most_body = most_body(settings)
        self._addresses = addresses
        self._page = page
        self._access_log = settings.access_log
        self._counters = counters
        # Made here, not on import: workers are forks of a process that has loaded this module.
        self._process = secrets.token_hex(8)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever goes wrong."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # As ASGI requires, the path begins with the prefix, even if a proxy has stripped it.
        path = self._addresses.whole(scope["path"])
        scope["root_path"], scope["path"] = self._addresses.prefix, path
        scope[ORIGIN], scope[PAGE] = self._addresses.origin, self._page
        exchange = _Exchange(scope, send, self._process)
        try:
            _refuse_message(scope, self._most_body)
            if scope["method"] == "OPTIONS":
                await exchange.answer(NO_CONTENT, self._options(scope))
            else:
                self._read_target(exchange.scope)
                await self._app(exchange.scope, receive, exchange.send)
        except Problem as problem:
            await exchange.fail(problem)
        except Exception as error:
            given = {"request_id": exchange.request_id}
            if isinstance(error.__cause__, Problem):
                # The answer had already begun, so it can only be broken off.
                log.warning("answer broken off: %s", error.__cause__.detail, extra=given)
            else:
                log.exception("unexpected error", extra=given)
            await exchange.fail(unexpected())
        self._note(exchange)

    def _read_target(self, scope: Scope) -> None:
        """Refuse an address that cannot be valid; drop tracking parameters from that of a page."""
        _refuse_target(scope)
        if scope["query_string"] and self._addresses.is_page(scope["path"]):
            scope["query_string"] = untracked(scope["query_string"])

    def _options(self, scope: Scope) -> Sequence[Header]:
        """The methods of an address; one that leads nowhere is described as readable."""
        allow = ", ".join(sorted(self._methods(scope) | {"OPTIONS"}))
        return ((b"allow", allow.encode()), *PREFLIGHT)

    def _note(self, exchange: "_Exchange") -> None:
        """Count and log an answer, if the operator wants that."""
        if self._counters:
            exchange.count(self._counters)
        if self._access_log:
            exchange.log()


def _as_get(scope: Scope) -> Scope:
    """A copy of the scope of HEAD as that of GET: the server relies on the method in its own.

    `Range` is left out, because it applies to GET only (RFC 9110, section 14.2).
    """
    whole = [one for one in scope["headers"] if one[0] != b"range"]
    return {**scope, "method": "GET", "headers": whole}


class _Exchange:
    """One request and its answer: the id, the time taken and the bytes sent."""

    __slots__ = ("_head", "_send", "_sent", "_since", "_status", "request_id", "scope")

    def __init__(self, scope: Scope, send: Send, process: str) -> None:
        self.request_id = scope["moa.request_id"] = _request_id(scope, process)
        self._head = scope["method"] == "HEAD"
        self.scope = _as_get(scope) if self._head else scope
        self._send = send
        self._status = self._sent = 0
        self._since = time.perf_counter()

    def send(self, message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            message["headers"] = [
                *message.get("headers", []),
                (b"x-request-id", self.request_id.encode()),
                *ON_ALL,
            ]
        elif self._head:
            message = {**message, "body": b""}
        else:
            self._sent += len(message["body"])
        # Not a coroutine, because each answer passes here twice.
        return self._send(message)

    async def fail(self, problem: Problem) -> None:
        """Answer with a problem; once an answer has begun, it can only be broken off."""
        if self._status:
            return
        content, headers = presented(problem, self.scope)
        headers |= {"content-length": str(len(content)), "cache-control": "no-store"}
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await self.answer(problem.status, raw, content)

    async def answer(self, status: int, headers: Sequence[Header], content: bytes = b"") -> None:
        """Send a whole answer."""
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": content})

    def count(self, counters: Counters) -> None:
        """Count the answer."""
        took = time.perf_counter() - self._since
        counters.count(route_of(self.scope), self._status, self._sent, took)

    def log(self) -> None:
        """Log one line for the request, without the values that were sent."""
        given = {
            "request_id": self.request_id,
            "method": "HEAD" if self._head else self.scope["method"],
            "route": route_of(self.scope),
            "status": self._status,
            "ms": round((time.perf_counter() - self._since) * 1000, 2),
            "bytes": self._sent,
        }
        traces = [value for name, value in self.scope["headers"] if name == b"traceparent"]
        if len(traces) == 1 and TRACEPARENT.fullmatch(traces[0]):
            given["traceparent"] = traces[0].decode()
        log.info("request", extra=given)


def _request_id(scope: Scope, process: str) -> str:
    """The id that the caller gave the request, if it is well-formed; otherwise, a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(value):
            return bytes(value).decode()
    return f"{process}{next(NUMBERS):016x}"


def _refuse_message(scope: Scope, most: int) -> None:
    if PROBLEM in scope:
        raise scope[PROBLEM]
    headers = scope["headers"]
    size = hosts = length = 0
    for name, value in headers:
        size += len(name) + len(value)
        if name == b"host":
            hosts += 1
        elif name == b"content-length":
            length = _length(value)
    if len(headers) > MAX_HEADERS or size > MAX_HEADER_BYTES:
        raise HeadersTooLarge(HEADERS_LIMIT)
    # HTTP/1.0 has no such field.
    if hosts != 1 and (hosts or scope["http_version"] != "1.0"):
        raise BadRequest("A request needs exactly one Host header.")
    most = body_limit(scope, most)
    if length > most:
        raise PayloadTooLarge(body_limit_message(most))


def most_body(settings: Settings) -> int:
    """The largest body of a change, in bytes."""
    return settings.body_kilobytes * 1024


def body_limit(scope: Mapping[str, Any], most: int) -> int:
    """How many bytes the body of a request may have: all but bundles may have `most`."""
    takes_bundle = scope["method"] == "POST" and scope["path"].endswith(IMPORT)
    return MAX_BUNDLE if takes_bundle else most


def body_limit_message(most: int) -> str:
    """The message about a body of more bytes than this."""
    return (
        BUNDLE_LIMIT
        if most == MAX_BUNDLE
        else f"A body is limited to {most // 1024} kB; send less."
    )


def _length(value: bytes) -> int:
    if not LENGTH.fullmatch(value):
        raise BadRequest("Content-Length must be a number of bytes.")
    return int(value)


def _refuse_target(scope: Scope) -> None:
    """Refuse an address that is too long, is not UTF-8 or has a NUL, which cannot be stored."""
    target = scope["raw_path"] + b"?" + scope["query_string"]
    if len(target) > MAX_TARGET + 1:
        raise UriTooLong(TARGET_LIMIT)
    plain = unquote_to_bytes(target) if PERCENT in target else target
    if NUL in plain:
        raise BadRequest("The address contains a NUL character; leave it out.")
    try:
        plain.decode()
    except UnicodeDecodeError as error:
        raise BadRequest("The address is not valid UTF-8; percent-encode it as UTF-8.") from error
