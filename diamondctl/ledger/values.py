"""Values of the catalog, checked where they are read: a row that no command of ours wrote is a damage, never a bug.

The schema says the type of every column; `KINDS` says in one line a table what else its values are. What a date, an amount
or a JSON text must be stands here once.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from diamondctl import periods
from diamondctl.ledger.families import EVENTS, EVENTS_WITHOUT_IDS, GIFTS, MONEY, TELLING, TOTALS, WITH_IDS, WITHOUT_IDS
from diamondctl.money import MINOR_UNITS
from diamondctl.problems import Refusal

Check = Callable[[Any], bool]
_MOST: Final = 2**63 - 1
# Years in which no calendar or time zone gives out; readers are stricter.
FIRST_INSTANT, LAST_INSTANT = (periods.instant_of(datetime(year, 1, 1)) for year in (1971, 2201))


def _like(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


@dataclass(frozen=True, slots=True)
class _Between:
    """Whole numbers from one to another: where the least and the greatest lie there, all do."""

    first: int
    last: int

    def __call__(self, value: Any) -> bool:
        return bool(self.first <= value <= self.last)


def _reads(read: Callable[[Any], object]) -> Check:
    """What a function of ours takes."""

    def check(value: Any) -> bool:
        try:
            return read(value) is not False
        except (ValueError, ArithmeticError, Refusal, RecursionError):
            return False

    return check


def _json(check: Check) -> Check:
    return _reads(lambda value: check(json.loads(value)))


def _counts(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(of, dict) and all(type(count) is int and 0 <= count <= _MOST for count in of.values())
        for of in value.values()
    )


def _amount(value: str) -> bool:
    return len(value) <= 40 and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value) is not None and Decimal(value).is_finite()


_TEXTS: Final[Check] = _json(lambda value: isinstance(value, list) and all(isinstance(text, str) for text in value))
_PAIRS: Final[Check] = _json(
    lambda value: isinstance(value, list) and all(isinstance(pair, list) and [*map(type, pair)] == [str, str] for pair in value)
)
_PROFILE: Final[Check] = _json(lambda value: isinstance(value, dict) and isinstance(value.get("name"), str))
NUMBER: Final = _Between(0, _MOST)
INSTANT: Final = _Between(FIRST_INSTANT, LAST_INSTANT)
QUARTER: Final = _Between(FIRST_INSTANT // periods.QUARTER, LAST_INSTANT // periods.QUARTER)
MONTH: Final = _Between(0, 231 * 12)  # 0: of all months, in earlier versions
ALIAS: Final = _like("[0-9a-f]{32}")
SHA256: Final = _like("[0-9a-f]{64}")
DIGEST: Final = _like("[0-9a-f]{32}")
REGION: Final = _like("([A-Z]{2})?")
DAY: Final = _reads(lambda value: re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value) is not None and date.fromisoformat(value))
MOMENT: Final = _reads(lambda value: len(value) == 19 and value[10] == " " and datetime.fromisoformat(value))
ZONE: Final = _reads(lambda value: not value or periods.zone(value))
LABEL: Final = _like("20[0-9]{2}-(0[1-9]|1[0-2])")
_SEALED: Final[Check] = _json(
    lambda value: isinstance(value, dict) and all(LABEL(month) and SHA256(text) for month, text in value.items())
)
WHOLE: Final = _like("0|[1-9][0-9]{0,30}")
AMOUNT: Final[Check] = _amount
CURRENCY: Final[Check] = lambda value: value in MINOR_UNITS  # noqa: E731
FAMILY: Final = _like(
    "|".join((EVENTS, EVENTS_WITHOUT_IDS, TOTALS, MONEY, WITH_IDS, rf"{WITHOUT_IDS}(\+({'|'.join(TELLING)}))*"))
)
BLANK: Final[Check] = lambda value: value == ""  # noqa: E731


def _or_blank(check: Check) -> Check:
    return lambda value: value == "" or check(value)


# Table -> column -> what its values are, beyond their type. A column without a line is free text or any whole number.
KINDS: Final[Mapping[str, Mapping[str, Check]]] = {
    "documents": {
        "sha256": SHA256, "bytes": NUMBER, "input_timezone": ZONE, "region": REGION, "imported": MOMENT,
        **dict.fromkeys(("rows", "new", "known", "aside", "elsewhere", "folded"), NUMBER), "coins": WHOLE, "notices": _TEXTS,
        "file": _like(r"[0-9a-f]{16}\.parquet"), "file_sha256": SHA256, "rejects_sha256": _or_blank(SHA256),
        "sort": _like("|".join((GIFTS, EVENTS, TOTALS, MONEY))), "uncertain": _json(_counts),
        "profile": lambda value: not value.startswith("{") or _PROFILE(value),
    },
    "spans": {"family": FAMILY, "rows": NUMBER, "first_time": INSTANT, "last_time": INSTANT},
    "usage": {"month": MONTH},  # `packs` looks at the rest
    "cross_checks": {"family": FAMILY, "quarter": QUARTER, "coins": NUMBER, "gifts": NUMBER},
    "seals": {"month": MONTH, "digest": DIGEST},
    "preferences": {"family": FAMILY},
    "gifters": {"alias": ALIAS},
    "consents": {"alias": ALIAS, "since": DAY, "added": MOMENT},
    "rejected": {"line": NUMBER, "code": _like("[A-Z][0-9]{3}")},
    "adjustments": {"region": REGION, "date": DAY, "amount": AMOUNT, "currency": CURRENCY, "added": MOMENT},
    "records": {
        "number": NUMBER, "region": REGION, "day": DAY, "amount": AMOUNT, "currency": CURRENCY,
        "at": _or_blank(_like("([01][0-9]|2[0-3]):[0-5][0-9]")), "after": _like("(p[0-9]{3,}( p[0-9]{3,})*)?"),
        "kind": _like("|".join(("", "opening", "refund", "reversal", "bonus", "exchange", "live", "day", "week", "month"))),
        **dict.fromkeys(("arrived", "tax"), _or_blank(AMOUNT)), **dict.fromkeys(("arrived_on", "invoiced"), _or_blank(DAY)),
        "arrived_currency": _or_blank(CURRENCY), "exchange": _like("([0-9]{1,40}(/[1-9][0-9]{0,39})?)?"),
        "paid": _Between(0, 1), "added": MOMENT,
    },
    "movements": {
        "line": NUMBER, "number": NUMBER, "identity": DIGEST, "day": DAY, "amount": AMOUNT, "currency": CURRENCY,
        **dict.fromkeys(("arrived", "tax", "fee"), _or_blank(AMOUNT)),
        **dict.fromkeys(("arrived_on", "invoiced", "ended"), _or_blank(DAY)), "arrived_currency": _or_blank(CURRENCY),
        "paid": _Between(0, 1), "leg": _like("(in|out)?"), "status": _like("(requested|on the way|failed|reversed)?"),
    },
    "states": {"month": MONTH, "digest": DIGEST},
    "closes": {
        "first": LABEL, "last": LABEL, "accepted": _PAIRS, "sealed": _SEALED, "closed": MOMENT, "reopened": _or_blank(MOMENT),
    },
    "sealed_months": {"month": LABEL},
    "corrections": {
        "close": NUMBER, "month": LABEL, "currency": CURRENCY, "booked": LABEL, "added": MOMENT,
        **dict.fromkeys(("before_low", "before_high", "after_low", "after_high"), AMOUNT),
    },
    "sqlite_sequence": {"name": _like("[a-z]+"), "seq": NUMBER},
}  # fmt: skip


def _record(row: Mapping[str, Any]) -> bool:
    """Whether the values of a record go together; each by itself is what its column holds."""
    places = MINOR_UNITS[row["currency"]]
    into = MINOR_UNITS.get(row["arrived_currency"], places)
    in_minor_units = all(
        len(text.partition(".")[2]) <= most
        for text, most in ((row["amount"], places), (row["tax"], places), (row["arrived"], into))
    )
    arrival = {bool(row[name]) for name in ("arrived", "arrived_on", "arrived_currency")}
    if not in_minor_units or len(arrival) > 1 or (row["amount"].startswith("-") and row["sort"] != "adjustment"):
        return False
    if row["sort"] == "income":
        return bool(row["paid"] or row["invoiced"])
    if row["sort"] != "credit":
        return True
    try:
        return bool(row["kind"]) and bool(periods.span_of(row["kind"], row["name"], date.fromisoformat(row["day"])))
    except Refusal:
        return False


# Table -> what its values must be together.
ROWS: Final[Mapping[str, Callable[[Mapping[str, Any]], bool]]] = {"records": _record, "movements": _record}
_TYPES: Final = {"INTEGER": int, "TEXT": str, "BLOB": bytes}


def rows_of(connection: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    """All rows of a table of the catalog, in their order."""
    return connection.execute(f"SELECT * FROM main.{table} ORDER BY 1, 2").fetchall()


def wrong(connection: sqlite3.Connection, table: str, rows: Sequence[Sequence[Any]]) -> str:
    """The column of the first value in whole rows of a table that no command of ours wrote; blank when there is none."""
    described = connection.execute(f"PRAGMA table_info({table})").fetchall()
    if rows and len(rows[0]) != len(described):  # of an earlier version, before which a table of this version stands
        described = connection.execute(f"PRAGMA main.table_info({table})").fetchall()
    kinds = KINDS.get(table, {})
    columns = [(name, _TYPES.get(kind), needed or key, kinds.get(name)) for _, name, kind, needed, _, key in described]
    if (
        rows
        and table not in ROWS
        and all(len(row) == len(columns) for row in rows)
        and all(_all_hold(of, *how) for (_, *how), of in zip(columns, zip(*rows, strict=True), strict=True))
    ):
        return ""
    for row in rows:
        for (name, type_, needed, check), value in zip(columns, row, strict=True):
            if needed if value is None else not _holds(value, type_, check):
                return f"{table}.{name}"
        if table in ROWS and not ROWS[table](dict(zip((name for name, *_ in columns), row, strict=True))):
            return table
    return ""


def _all_hold(values: Sequence[Any], type_: type | None, _needed: bool, check: Check | None) -> bool:
    """Whether it is plain that all values of a column hold: what many rows share is looked at once."""
    if type_ is None or set(map(type, values)) != {type_}:
        return False
    if isinstance(check, _Between):
        return check(min(values)) and check(max(values))
    return check is None or all(_holds(value, type_, check) for value in set(values))


def _holds(value: Any, type_: type | None, check: Check | None) -> bool:
    if type_ is not None and type(value) is not type_:
        return False
    try:
        return check is None or check(value)
    except TypeError:
        return False
