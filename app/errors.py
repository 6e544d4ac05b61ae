"""What can go wrong, each with its status and its documented type."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a request: the parameter by name, what is wrong, and similar names.

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
    meaning: ClassVar[str] = (
        "An error on our side; report it with its `request_id`, which leads to its log line."
    )

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
        "The address is not valid percent-encoded UTF-8, or contains a NUL; or the request is not "
        "valid HTTP. `detail` says which."
    )


class NotFound(Problem):
    """There is nothing at this address."""

    status = 404
    slug = "not-found"
    title = "Not found"
    meaning = "There is no such path, or no row with this id; `nearest` lists similar ids."


class MethodNotAllowed(Problem):
    """The address does not take this method."""

    status = 405
    slug = "method-not-allowed"
    title = "Method not allowed"
    meaning = "The address exists, but not for this method; `Allow` lists those it takes."


class NotAcceptable(Problem):
    """The caller accepts no media type that the address offers."""

    status = 406
    slug = "not-acceptable"
    title = "Not acceptable"
    meaning = (
        "`Accept` or `format` names no form that this address offers, or the answer is too large "
        "for the form; `detail` says which forms there are, or how to get a smaller answer."
    )


class PayloadTooLarge(Problem):
    """A body was sent that is larger than any request needs."""

    status = 413
    slug = "payload-too-large"
    title = "Payload too large"
    meaning = "No request needs a body, and one over 64 kB is refused; leave it out."


class UriTooLong(Problem):
    """The path and query are longer than those of any valid request."""

    status = 414
    slug = "uri-too-long"
    title = "URI too long"
    meaning = "Path and query are limited to 8,192 bytes; send fewer or shorter values."


class Invalid(Problem):
    """A parameter is unknown or has a value that it cannot take."""

    status = 422
    slug = "invalid-parameter"
    title = "Invalid parameter"
    meaning = "`faults` says what is wrong with each parameter, and lists similar valid names."


class HeadersTooLarge(Problem):
    """The header fields are more or larger than those of any valid request."""

    status = 431
    slug = "headers-too-large"
    title = "Request header fields too large"
    meaning = "Header fields are limited to 100 and to 16 kB in all; send fewer or shorter ones."


TRY_AGAIN = "Try again after `Retry-After` seconds."
TELL_OPERATOR = "If this lasts, tell the operator of this service."


class Unavailable(Problem):
    """The database, or what an answer needs beside it, is not available right now."""

    status = 503
    slug = "unavailable"
    title = "Unavailable"
    meaning = (
        "The database, the search for paths or the program that lays out pictures cannot answer "
        "right now; `detail` says which, and what to do. `Retry-After` says how many seconds to "
        "wait."
    )

    def __init__(
        self, detail: str, *, cause: str = "", lasting: bool = False, away: bool = False
    ) -> None:
        action = TELL_OPERATOR if lasting else TRY_AGAIN
        super().__init__(f"{detail} {action}", headers={"Retry-After": "2"})
        self.cause = cause
        """What the operator is told instead; callers never see it."""
        self.lasting = lasting
        """Whether waiting is unlikely to help."""
        self.away = away
        """Whether nothing at all can be read, rather than what one answer needs."""


class InsufficientStorage(Unavailable):
    """There is no room left to write."""

    status = 507
    slug = "insufficient-storage"
    title = "Insufficient storage"
    meaning = (
        "The disk or the quota of the database is full, and nothing was written. Try again after "
        "`Retry-After` seconds; reading still works."
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
