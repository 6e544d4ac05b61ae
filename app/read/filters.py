"""From a filter's mark to one SQL condition on a row, with roll-up over a tree."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    and_,
    bindparam,
    exists,
    false,
    literal,
    literal_column,
    not_,
    or_,
    select,
)

from app.read.joins import follow, table
from app.schema.markers import (
    ANY,
    NONE,
    AnyFilled,
    AtLeast,
    Filled,
    Filter,
    From,
    Includes,
    Is,
    Lacks,
    Only,
    Reaches,
    UpTo,
)

Condition = ColumnElement[bool]
Values = list[BindParameter[Any]]
OnItsOwn = Includes | Lacks | Reaches | Only | AtLeast | Is | AnyFilled | Filled
Test = Callable[[ColumnElement[Any]], Condition]
Given = tuple[Filter, Values]
"""A filter with the values that it was given."""
KEPT_NAMES = 128
"""Most lists of parameters whose names are cached."""


def conditions_of(
    row: FromClause, given: Iterable[Given], *, roll_up: bool, mixed: bool
) -> Iterator[Condition]:
    """The conditions of filters on a row."""
    limits: dict[tuple[str, ...], list[Test]] = {}
    for mark, values in given:
        if isinstance(mark, From | UpTo):
            limits.setdefault(mark.paths, []).append(_compares(mark, values[0]))
        else:
            yield condition(mark, row, values, roll_up=roll_up, mixed=mixed)
    for paths, tests in limits.items():
        yield or_(*(_reach(row, path, _all(tests)) for path in paths))


def condition(
    mark: OnItsOwn, row: FromClause, values: Values, *, roll_up: bool, mixed: bool = False
) -> Condition:
    """The condition of one filter on a row; any one of the values meets it."""
    match mark:
        case Reaches(paths, tree):
            test = _below(tree, values) if tree and roll_up else _among(values)
            return or_(*(_reach(row, path, test) for path in paths))
        case Only(path, tree):
            tests = (_below(tree, [one]) if roll_up else _among([one]) for one in values)
            return or_(*(_only(row, path, test, mixed=mixed) for test in tests))
        case AtLeast(path):
            return _reach(row, path, _among(values))
        case Is(path, word):
            return _reach(row, path, lambda column: (column == word) == values[0])
        case AnyFilled(columns):
            filled: dict[str, Condition] = {name: row.c[name].is_not(None) for name in columns}
            filled |= {ANY: or_(*filled.values()), NONE: not_(or_(*filled.values()))}
            return or_(*(and_(literal(name).in_(values), one) for name, one in filled.items()))
    return _flagged(mark, row.c[mark.column], values[0])


def _flagged(
    mark: Includes | Lacks | Filled, column: ColumnElement[Any], flag: BindParameter[Any]
) -> Condition:
    match mark:
        case Includes():
            return or_(column == false(), flag)
        case Lacks():
            return or_(column.is_(None), flag == false())
    return column.is_not(None) == flag


def _compares(mark: From | UpTo, value: BindParameter[Any]) -> Test:
    if isinstance(mark, From):
        return lambda column: column >= value
    return lambda column: column <= value


def _all(tests: Collection[Test]) -> Test:
    return lambda column: and_(*(test(column) for test in tests))


@lru_cache(KEPT_NAMES)
def bind_names(name: str, count: int) -> Sequence[str]:
    """The names of the parameters of a filter in a statement.

    They cannot clash with those that SQLAlchemy makes itself, such as `column_1`.
    """
    return tuple(f"given_{name}_{number}" for number in range(count))


def binds(name: str, count: int) -> Values:
    """The parameters of a filter in a statement."""
    return [bindparam(place, None) for place in bind_names(name, count)]


def _among(values: Values) -> Test:
    if len(values) == 1:
        return lambda column: column == values[0]
    return lambda column: column.in_(values)


def _below(tree: str, values: Values) -> Test:
    """Whether a column names one of the values or anything below them in the tree."""
    top = table(tree)
    branch = select(top.c.id).where(_among(values)(top.c.id)).cte(recursive=True)
    child = table(tree)
    branch = branch.union(select(child.c.id).where(child.c.parent_id == branch.c.id))
    return lambda column: column.in_(select(branch.c.id))


def _only(row: FromClause, path: str, test: Test, *, mixed: bool) -> Condition:
    """Whether a row at the end of the path passes the test and, unless `mixed`, all of them do."""
    some = _reach(row, path, test)
    return some if mixed else and_(some, not_(_reach(row, path, lambda end: not_(test(end)))))


def _reach(row: FromClause, path: str, test: Test) -> Condition:
    """Whether any row at the end of the path passes the test."""
    *tables, column = path.split(".")
    steps = follow(row, tables)
    condition = test((steps[-1].table if steps else row).c[column])
    before = [row, *(step.table for step in steps)]
    for step, left in zip(reversed(steps), reversed(before[:-1]), strict=True):
        # Without columns, or SQLite may prefer an index that holds them to one that bounds rows.
        found = exists(literal_column("1")).select_from(step.table)
        condition = found.where(step.on, condition).correlate(left)
    return condition
