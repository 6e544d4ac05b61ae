"""Turn rows as callers send them, in the written form or as `GET` gave them, into the written form.

Only the id of an embedded row is used; counts, stamps and other computed fields are dropped.
Whatever fits neither form stays as it is, for the rules to report.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel

from app.schema.markers import marks, nested
from app.schema.values import Names

OUTCOME = re.compile(r"[a-z0-9-]+-outcome-0*([1-9][0-9]{0,5})")


def converted(
    write: type[BaseModel], read: type[BaseModel] | None, given: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields of a row in the written form, under the names used in the files."""
    taken = _taken(write, read)
    shown = read.model_fields if read else {}
    found: dict[str, Any] = {}
    for key, value in given.items():
        field = taken.get(key)
        if field:
            if value is None and not field.required:
                continue  # left out, as in the files
            found[field.name] = value if field.is_plain else _value(field, value)
        elif key not in shown:
            found[key] = value
    return found


class _Field(NamedTuple):
    """A field of the written form: its name in the files, and the forms its value may have."""

    name: str
    required: bool
    inner: type[BaseModel] | None
    shown: type[BaseModel] | None
    """The shape of the mapping in this field: as written (`inner`) and as read (`shown`)."""
    is_id: bool
    is_shown_as_id: bool
    is_plain: bool
    """Whether its value has one form only."""


@cache
def _taken(write: type[BaseModel], read: type[BaseModel] | None) -> Mapping[str, _Field]:
    """The fields of a shape, by every name under which they may be sent."""
    shown = read.model_fields if read else {}
    found: dict[str, _Field] = {}
    for name, info in write.model_fields.items():
        there = shown.get(name)
        inner, is_id = nested(info), any(marks(info, Names))
        shown_as_id = bool(there and any(marks(there, Names)))
        found[name] = found[info.alias or name] = _Field(
            info.alias or name,
            info.is_required(),
            inner,
            nested(there) if there else None,
            is_id,
            shown_as_id,
            not (inner or is_id or shown_as_id),
        )
    return found


def merged(target: Any, patch: Any) -> Any:
    """A value after a merge patch (RFC 7396): null removes a member, a list replaces a list."""
    if not isinstance(patch, dict):
        return patch
    found = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            found.pop(key, None)
        else:
            found[key] = merged(found.get(key), value)
    return found


def with_nulls(write: type[BaseModel], values: dict[str, Any]) -> dict[str, Any]:
    """Give each field that a patch has removed the value null, so that the rules see it."""
    for name, info in write.model_fields.items():
        key, inner = info.alias or name, nested(info)
        values.setdefault(key, None)
        if inner and isinstance(values.get(key), dict):
            values[key] = with_nulls(inner, values[key])
    return values


def _value(field: _Field, value: Any) -> Any:
    if isinstance(value, list):
        return [_value(field, one) for one in value]
    if field.inner and isinstance(value, dict):
        return converted(field.inner, field.shown, value)
    if field.is_id:
        return value["id"] if isinstance(value, dict) and "id" in value else value
    return _position(value) if field.is_shown_as_id else value


def _position(value: Any) -> Any:
    """The position of an outcome in its trial if this is its id, otherwise the value itself."""
    found = OUTCOME.fullmatch(value) if isinstance(value, str) else None
    return int(found[1]) if found else value
