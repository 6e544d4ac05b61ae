"""What the dataset covers, how it was made and checked, and what each release changed."""

from datetime import date as Date  # noqa: N812 - a field has its name
from typing import Annotated

from pydantic import Field

from app.schema.shapes import Written
from app.schema.values import Text, Whole

TITLE = "Mechanisms of lenalidomide in B-cell non-Hodgkin lymphoma"
DISCLAIMER = "A knowledge base for research. It gives no advice on treatment."
REVIEW = "Gribben JG, Fowler N, Morschhauser F. J Clin Oncol 2015;33:2803-11."
REVIEW_DOI = "10.1200/JCO.2014.59.5363"

Texts = Annotated[list[Text], Field(min_length=1)]


class Recheck(Written):
    """A blind re-check against the sources: the numbers checked, and what was found."""

    id: Text
    claims: Whole
    outcomes: Whole
    confirmed: Whole
    confirmed_in_part: Whole
    contradicted: Whole
    misattributed: Whole
    not_checkable: Whole
    wrong_numbers: Whole


class Method(Written):
    """How the content was found, read, written and checked."""

    found: Text
    read: Text = Field(description="How much of the sources was read.")
    written: Text
    checked: Text
    rechecks: Annotated[list[Recheck], Field(min_length=1)]
    not_checked: Text
    machine_check: Text


class Coverage(Written):
    """What the dataset covers, what it does not, and how it was made."""

    scope: Texts
    out_of_scope: Texts
    searched_until: Date = Field(description="Later publications were not searched for.")
    method: Method


class Release(Written):
    """A release of the content, and what readers of the answers should know about it."""

    id: Text
    date: Date
    changes: Texts


class AboutDataset(Coverage):
    """The description of the dataset as a whole."""

    releases: Annotated[list[Release], Field(min_length=1)] = Field(
        description="The releases of the content, newest first."
    )
