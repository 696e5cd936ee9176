"""What a report gives to be printed: a page, a JSON document, and flat records for everything with rows and columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from diamondctl.money import MINOR_UNITS, Range
from diamondctl.problems import Problem, Refusal
from diamondctl.render.page import Page

CLOSING = "Not a promise of payment."


class Records(NamedTuple):
    """Flat rows, all of them text: `.` decimals, ISO dates, one unit per column, blank where nothing is known.

    An amount that can be a range always has the columns `_low`, `_high` and `_confidence`, so that no shape changes with the
    data.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[str]  # columns that hold numbers


class View(NamedTuple):
    """A report in all its forms; each is made only when it is asked for. `texts` are those that only this report has."""

    page: Callable[[], Page]
    document: Callable[[], dict[str, Any]]
    records: Callable[[], Records]
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    texts: Mapping[str, Callable[[], str | bytes]] = MappingProxyType({})


def records(rows: Sequence[Mapping[str, object]], columns: Sequence[str], numbers: Sequence[str] = ()) -> Records:
    """Records from mappings; None becomes blank, and a key that no column names is a bug."""
    for row in rows:
        if extra := set(row) - set(columns):
            raise AssertionError(f"no column for {extra}")
    texts = tuple(tuple(_text(row.get(column)) for column in columns) for row in rows)
    return Records(tuple(columns), texts, frozenset(numbers))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def ends(name: str, amount: Range | None, currency: str) -> dict[str, str | None]:
    """The columns of a money figure: both ends in minor units, and what it rests on."""
    if amount is None or currency not in MINOR_UNITS:
        return dict.fromkeys((f"{name}_low", f"{name}_high", f"{name}_confidence"))
    places, amount = MINOR_UNITS[currency], amount.ordered
    low, high = (f"{end:.{places}f}" for end in (amount.low, amount.high))
    return {f"{name}_low": low, f"{name}_high": high, f"{name}_confidence": amount.confidence or None}


def check_columns(known: Sequence[str], columns: str, sort: str) -> None:
    """Refuse names in --columns and --sort that are no columns (A014)."""
    for name in [*_listed(columns), *([sort.removeprefix("-")] if sort else [])]:
        if name not in known:
            raise Refusal(Problem("A014", f"there is no column '{name}'", "columns: " + ", ".join(known)))


def _listed(columns: str) -> list[str]:
    return [name.strip() for name in columns.split(",")] if columns else []


def select(given: Records, columns: str, sort: str, limit: int) -> Records:
    """The columns asked for, in that order, sorted and cut; refuses names that are no columns (A014)."""
    check_columns(given.columns, columns, sort)
    order = tuple(_listed(columns)) or given.columns
    rows = list(given.rows)
    if sort:
        name = sort.removeprefix("-")
        index = given.columns.index(name)
        filled = [row for row in rows if row[index]]
        key = (lambda row: Decimal(row[index])) if name in given.numbers else (lambda row: row[index])
        # Rows without the value come last either way.
        rows = sorted(filled, key=key, reverse=sort.startswith("-")) + [row for row in rows if not row[index]]
    if limit:
        rows = rows[:limit]
    at = [given.columns.index(name) for name in order]
    return Records(order, tuple(tuple(row[i] for i in at) for row in rows), given.numbers)
