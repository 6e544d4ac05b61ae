"""What callers send, brought to what a curator writes: as written, or as `GET` gave it.

Of an embedded row only the id is read; counts, stamps and whatever else is computed are ignored.
What is neither is left as it is, for the rules to find.
"""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.schema.markers import marks, nested
from app.schema.values import Names

OUTCOME = re.compile(r"[a-z0-9-]+-outcome-0*([1-9][0-9]{0,5})")


def accepted(
    write: type[BaseModel], read: type[BaseModel] | None, given: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields of a row by the names that a curator gives them."""
    names = {info.alias or name: name for name, info in write.model_fields.items()}
    names |= {name: name for name in write.model_fields}
    shown = read.model_fields if read else {}
    found: dict[str, Any] = {}
    for key, value in given.items():
        if key in names:
            info = write.model_fields[names[key]]
            if value is None and not info.is_required():
                continue  # left out, as in the files
            found[info.alias or names[key]] = _value(info, shown.get(names[key]), value)
        elif key not in shown:
            found[key] = value
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
    """The fields of a patched row: a member that a patch removes is a field without a value."""
    for name, info in write.model_fields.items():
        key, inner = info.alias or name, nested(info)
        values.setdefault(key, None)
        if inner and isinstance(values.get(key), dict):
            values[key] = with_nulls(inner, values[key])
    return values


def _value(info: FieldInfo, shown: FieldInfo | None, value: Any) -> Any:
    if isinstance(value, list):
        return [_value(info, shown, one) for one in value]
    inner = nested(info)
    if inner and isinstance(value, dict):
        return accepted(inner, nested(shown) if shown else None, value)
    if next(marks(info, Names), None):
        return value["id"] if isinstance(value, dict) and "id" in value else value
    return _position(value) if shown and next(marks(shown, Names), None) else value


def _position(value: Any) -> Any:
    """The place of an outcome in its trial, by which another outcome names it."""
    found = OUTCOME.fullmatch(value) if isinstance(value, str) else None
    return int(found[1]) if found else value
