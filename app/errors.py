"""What can go wrong, each with its status and its documented type."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a request: the parameter by name, what is wrong, and similar names.

    It never holds a value that was sent. In a bundle, `line` is at fault; 0 if no single line is.
    """

    parameter: str
    message: str
    nearest: tuple[str, ...] = ()
    line: int | None = None


@dataclass(frozen=True)
class Resting:
    """The rows that refer to another: the first of them, by type and id, and how many there are."""

    first: tuple[tuple[str, str], ...]
    total: int


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
        resting: Resting | None = None,
        faults_total: int = 0,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.resting = resting
        self.faults, self.faults_total = faults, faults_total
        self.nearest, self.headers = nearest, headers or {}


class BadRequest(Problem):
    """The request cannot be read."""

    status = 400
    slug = "bad-request"
    title = "The request cannot be read"
    meaning = (
        "The address is not valid percent-encoded UTF-8, or contains a NUL; or the request is not "
        "valid HTTP. `detail` says which."
    )


class Unauthorised(Problem):
    """No valid key was sent."""

    status = 401
    slug = "unauthorised"
    title = "A key is needed"
    meaning = (
        "Reading needs no key; changing a row does. Send one that is neither expired nor revoked "
        "as `Authorization: Bearer`, and nowhere else. Keys are issued by the operator."
    )


class Forbidden(Problem):
    """The key may not do this."""

    status = 403
    slug = "forbidden"
    title = "The key does not allow this"
    meaning = "The key is valid, but its scope does not allow this request."


class NotFound(Problem):
    """There is nothing at this address."""

    status = 404
    slug = "not-found"
    title = "Not found"
    meaning = "There is no such path, or no row with this id; `nearest` lists similar ids."


class Gone(NotFound):
    """There was a row with this id, but it has been removed."""

    status = 410
    slug = "gone"
    title = "The row has been removed"
    meaning = (
        "There was a row with this id. `successor` is the address of the row that replaced it, if "
        "any; `/history` below the address says when and why it was removed."
    )

    def __init__(self, detail: str, *, successor: tuple[str, str] | None) -> None:
        super().__init__(detail, nearest=successor[1:] if successor else ())
        self.successor = successor
        """The type (as in its address) and id of the row that replaced it, if any."""


ABSENT = (NotFound, Gone)
"""The problems of an address that leads to no row."""


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


class Clash(Problem):
    """Other rows make the change impossible."""

    status = 409
    slug = "conflict"
    title = "Conflict with other rows"
    meaning = (
        "A row with this id already exists, or other rows stand in the way of the change: "
        "`resting` lists the first of them, `resting_total` counts them all. Change these first."
    )


class PreconditionFailed(Problem):
    """The row has changed since the caller read it."""

    status = 412
    slug = "precondition-failed"
    title = "The row has changed"
    meaning = (
        "`If-Match` names an earlier version of the row. Read it again, apply your change to its "
        "current version, and send the new `ETag`."
    )


class PayloadTooLarge(Problem):
    """The body is larger than any valid request needs."""

    status = 413
    slug = "payload-too-large"
    title = "Payload too large"
    meaning = "The body is larger than this service takes: usually 64 kB, and 4 GB for a bundle."


class UriTooLong(Problem):
    """The path and query are longer than those of any valid request."""

    status = 414
    slug = "uri-too-long"
    title = "URI too long"
    meaning = "Path and query are limited to 8,192 bytes; send fewer or shorter values."


class RangeNotSatisfiable(Problem):
    """The file ends before the requested part."""

    status = 416
    slug = "range-not-satisfiable"
    title = "The file ends before this part"
    meaning = "`Content-Range` gives the size of the file; leave out `Range` to get all of it."


class UnsupportedMediaType(Problem):
    """The body is of a media type that the address does not take."""

    status = 415
    slug = "unsupported-media-type"
    title = "Unsupported media type"
    meaning = "Send the body as the media type that `detail` names, without a content coding."


class Invalid(Problem):
    """A parameter is unknown or has a value that it cannot take."""

    status = 422
    slug = "invalid-parameter"
    title = "Invalid parameter"
    meaning = "`faults` says what is wrong with each parameter, and lists similar valid names."


class InvalidRow(Invalid):
    """A row that was sent breaks the rules for its type."""

    slug = "invalid-row"
    title = "Invalid row"
    meaning = "`faults` names each field, and the line of a bundle, that breaks a rule."


class PreconditionRequired(Problem):
    """A change does not say which version of the row it was made from."""

    status = 428
    slug = "precondition-required"
    title = "`If-Match` is needed"
    meaning = "Send the `ETag` of your last `GET` as `If-Match`: it names the version you change."


class TooManyRequests(Problem):
    """A caller or key has exceeded its rate limit."""

    status = 429
    slug = "too-many-requests"
    title = "Too many requests"
    meaning = "`RateLimit-Policy` names the limit; try again after `Retry-After` seconds."


class HeadersTooLarge(Problem):
    """There are more header fields, or larger ones, than any valid request needs."""

    status = 431
    slug = "headers-too-large"
    title = "Request header fields too large"
    meaning = "Header fields are limited to 100 and to 16 kB in all; send fewer or shorter ones."


TRY_AGAIN = "Try again after `Retry-After` seconds."
TELL_OPERATOR = "If this lasts, tell the operator of this service."


class Unavailable(Problem):
    """The database, or something else that an answer needs, is not available right now."""

    status = 503
    slug = "unavailable"
    title = "Unavailable"
    meaning = (
        "The database, the search for paths or the program that lays out pictures cannot answer "
        "right now; `detail` says which, and what to do. `Retry-After` says how many seconds to "
        "wait."
    )

    def __init__(
        self,
        detail: str,
        *,
        cause: str = "",
        lasting: bool = False,
        away: bool = False,
        late: bool = False,
    ) -> None:
        action = TELL_OPERATOR if lasting else TRY_AGAIN
        super().__init__(f"{detail} {action}", headers={"Retry-After": "2"})
        self.cause = cause
        """The reason, for the operator's log; callers never see it."""
        self.lasting = lasting
        """Whether waiting is unlikely to help."""
        self.away = away
        """Whether nothing can be read at all, rather than only what one answer needs."""
        self.late = late
        """Whether a statement has taken too long."""


class InsufficientStorage(Unavailable):
    """There is no room left to write."""

    status = 507
    slug = "insufficient-storage"
    title = "Insufficient storage"
    meaning = (
        "The disk or the quota of the database is full, and nothing was written. Try again after "
        "`Retry-After` seconds; reading still works."
    )


def _with_kinds(problem: type[Problem]) -> Iterator[type[Problem]]:
    yield problem
    for kind in problem.__subclasses__():
        yield from _with_kinds(kind)


PROBLEMS = tuple(sorted(_with_kinds(Problem), key=lambda one: one.status))
"""Every kind of problem, by status."""
