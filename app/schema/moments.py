"""Points in time as callers write them: a date, or a date and time with an optional zone.

A date stands for its end (UTC), so that the row as of a day has the changes of that day.
"""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from app.schema.pages import ItemQuery, Viewed

WRITTEN = re.compile(
    r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+ -]\d\d:\d\d)?)?",
    re.ASCII,
)

DAY, TO_THE_MINUTE = len("2026-12-01"), len("2026-12-01T12:00")
ITS_END = "T23:59:59.999999"


def _moment(value: object) -> object:
    """Read a moment; UTC if it has no zone. A query string decodes `+` to a space."""
    text = value.upper() if isinstance(value, str) and WRITTEN.fullmatch(value) else ""
    text += ITS_END if len(text) == DAY else ""
    start, rest = text[:TO_THE_MINUTE], text[TO_THE_MINUTE:]
    try:
        found = datetime.fromisoformat(start + rest.replace(" ", "+"))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise PydanticCustomError("moment", "a date or a time") from error


Moment = Annotated[datetime, BeforeValidator(_moment)]


class RowQuery(ItemQuery, Viewed):
    """The parameters of the address of one row."""

    as_of: Moment | None = Field(
        default=None,
        description="The row as it was at the end of a day (UTC), or at a time such as "
        "`2026-12-01T12:00:00Z`. "
        "What it shows of other rows is as they were at its last change before that.",
    )
