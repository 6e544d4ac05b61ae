"""What can go wrong, each with its status and its documented type."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a request: the parameter by name, what is wrong and what is near.

    It never holds a value that was sent.
    """

    parameter: str
    message: str
    nearest: tuple[str, ...] = ()


class Problem(Exception):
    """Something the caller can be told, as a problem document of RFC 9457."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Internal error"
    meaning: ClassVar[str] = "A fault of the service; the request id leads to its log line."

    def __init__(
        self,
        detail: str,
        *,
        faults: tuple[Fault, ...] = (),
        nearest: tuple[str, ...] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = faults
        self.nearest = nearest
        self.headers = headers or {}


class BadRequest(Problem):
    """The request cannot be read."""

    status = 400
    slug = "bad-request"
    title = "The request cannot be read"
    meaning = (
        "The target is not valid percent-encoded UTF-8, or holds a NUL; or a header is broken."
    )


class NotFound(Problem):
    """There is nothing under this address."""

    status = 404
    slug = "not-found"
    title = "Not found"
    meaning = "No such path, or no row with this id; `nearest` lists ids that look alike."


class MethodNotAllowed(Problem):
    """The address does not take this method."""

    status = 405
    slug = "method-not-allowed"
    title = "Method not allowed"
    meaning = "The address exists, but not for this method; `Allow` lists those it takes."


class NotAcceptable(Problem):
    """None of the media types that the caller accepts can be given."""

    status = 406
    slug = "not-acceptable"
    title = "Not acceptable"
    meaning = "`Accept` or `format` names no media type that this address has."


class PayloadTooLarge(Problem):
    """A body was sent that is larger than any request needs."""

    status = 413
    slug = "payload-too-large"
    title = "Payload too large"
    meaning = "Reads need no body; one over 64 kB is refused."


class UriTooLong(Problem):
    """The path and query are longer than any valid request."""

    status = 414
    slug = "uri-too-long"
    title = "URI too long"
    meaning = "Path and query together are limited to 8,192 bytes."


class Invalid(Problem):
    """A parameter is unknown or has a value that it cannot take."""

    status = 422
    slug = "invalid-parameter"
    title = "Invalid parameter"
    meaning = "`faults` says of each parameter what is wrong and what valid names are near."


class HeadersTooLarge(Problem):
    """The header fields are more or larger than any valid request."""

    status = 431
    slug = "headers-too-large"
    title = "Request header fields too large"
    meaning = "Header fields are limited to 100 and to 16 kB in all."


class Unavailable(Problem):
    """The database, or what an answer needs beside it, is not to be had now."""

    status = 503
    slug = "unavailable"
    title = "Unavailable"
    meaning = (
        "The database, or the program that draws, cannot answer now; `detail` says which. Try "
        "again after `Retry-After` seconds."
    )

    def __init__(self, detail: str, *, cause: str = "", lasting: bool = False) -> None:
        super().__init__(detail, headers={"Retry-After": "2"})
        self.cause = cause
        """What the operator is told as well; callers never see it."""
        self.lasting = lasting
        """Whether waiting is unlikely to help."""


class InsufficientStorage(Unavailable):
    """There is no room left to write."""

    status = 507
    slug = "insufficient-storage"
    title = "Insufficient storage"
    meaning = (
        "The disk or the quota of the database is full, and nothing was written. Try again after "
        "`Retry-After` seconds; reads go on."
    )


PROBLEMS: tuple[type[Problem], ...] = (
    BadRequest,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    PayloadTooLarge,
    UriTooLong,
    Invalid,
    HeadersTooLarge,
    Problem,
    Unavailable,
    InsufficientStorage,
)
