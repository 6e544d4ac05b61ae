"""What the document says beyond the types: sentences, names of controlled lists, and answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Texts:
    """Sentences by name; a description beside a type wins over them."""

    fields: Mapping[str, str]
    """By `Component.field`, or by the field where it is the same everywhere."""
    parameters: Mapping[str, str]
    """By `operation_id.name`, or by the name."""
    operations: Mapping[str, str]
    """By the id of the operation."""
    words: Mapping[tuple[str, ...], str]
    """The names of the lists that `/v1/vocabulary` defines, by their words."""
    choices: Mapping[tuple[str, ...], str]
    """The names of other lists."""
    examples: Mapping[str, Mapping[str, str]]
    """A query to try for each address that takes one."""
    answers: Mapping[str, Any]
    """An answer for each component that is one."""
