"""Answers in few words (`view=brief`), for readers that pay for each word.

A claim is reduced to its statement, where it was measured, the kind of study and its source; a row
within another to its id; counts to a total and where the claims were measured. Stamps and empty
values are left out.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from app.schema.columns import Citing, Stamp

Values = dict[str, Any]

MOST = 12_000
"""Most characters of an answer with many lists, such as a rationale; about 3,000 tokens."""
AT_MOST = range(100, -1, -1)
"""How many items of each list are tried, until all fit."""
COUNTS = "evidence_counts"
LEFT_OUT = {*Stamp.model_fields, *Citing.model_fields}
OF_A_CLAIM = {"id", "statement", "origin", "level", "reference", "sign"}
EMPTY: tuple[object, ...] = (None, "", [], {})


class Rest(NamedTuple):
    """What a brief answer leaves out: what it is, how many, and the address that has it."""

    what: str
    left_out: int
    address: str


def brief_rows(items: Iterable[str]) -> tuple[list[str], int]:
    """The brief forms of rows, all as JSON texts, and how many fields they leave out."""
    rows = [json.loads(item) for item in items]
    return [text(row(values)) for values in rows], sum(map(_left_out, rows))


def brief_item(item: str, whole: str) -> str:
    """The brief form of a single row, which also says how many fields it leaves out."""
    values = json.loads(item)
    return text(row(values) | rest([Rest("fields", _left_out(values), whole)]))


def row(values: Mapping[str, Any]) -> Values:
    """The brief form of a row of any type."""
    if "statement" in values:
        return _claim(values)
    found: Values = {}
    for name, value in values.items():
        if name in LEFT_OUT:
            continue
        if name == COUNTS:
            found["claims"] = counts_in_brief(value)
        elif isinstance(value, dict) and "citation" in value:
            found |= _source(value)
        else:
            found[name] = _flat(value)
    return not_empty(found)


def counts_in_brief(values: Mapping[str, Any]) -> Values:
    """The number of claims in all, and of each origin that occurs."""
    return {"total": values["total"], **{k: n for k, n in values["origin"].items() if n}}


def not_empty(values: Mapping[str, Any]) -> Values:
    """The values without those that are empty."""
    return {name: value for name, value in values.items() if value not in EMPTY}


def rest(left_out: Iterable[Rest]) -> Values:
    """What is left out, in the words of an answer; nothing if all is there."""
    return not_empty({"more": [one._asdict() for one in left_out if one.left_out > 0]})


def text(values: Mapping[str, Any]) -> str:
    """An answer as JSON text, without blanks."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def fitted(make: Callable[[int], Values]) -> str:
    """An answer with as many items of each list as fit; `make` takes how many to show."""
    found = ""
    for most in AT_MOST:
        found = text(make(most))
        if len(found) <= MOST:
            break
    return found


def _left_out(values: Mapping[str, Any]) -> int:
    """How many fields of a row its brief form leaves out."""
    return sum(not _is_shown(name, values) for name in not_empty(values))


def _is_shown(field: str, values: Mapping[str, Any]) -> bool:
    return field in OF_A_CLAIM if "statement" in values else field not in LEFT_OUT


def _flat(value: Any) -> Any:
    if isinstance(value, list):
        return [_flat(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "statement" in value:
        return _claim(value)
    if "citation" in value:
        return _source(value)
    return value["id"] if "id" in value else row(value)


def _claim(values: Mapping[str, Any]) -> Values:
    """A claim, whether it is a row of its own or part of another."""
    ends = (values.get("subject"), values.get("object"))
    links = [link for end in ends if end for link in end["links"]]
    found = {
        "id": values["id"],
        "claim": values["statement"],
        "measured": values["origin"],
        "level": values["level"],
        **_source(values["reference"]),
        "sign": values.get("sign"),
        "states": {link["id"]: link["state"] for link in links if link["state"]},
    }
    return not_empty(found)


def _source(reference: Mapping[str, Any]) -> Values:
    """A reference in short, with the identifier that leads to it."""
    doi = None if reference["pmid"] else reference["doi"]
    return not_empty({"source": reference["citation"], "pmid": reference["pmid"], "doi": doi})
