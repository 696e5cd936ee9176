"""Totals in the ledger: those of a document as Parquet, and all that are live, for reports. They never become usage there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from diamondctl import columns, periods
from diamondctl.ledger import derive, staging
from diamondctl.ledger.catalog import Ledger
from diamondctl.ledger.families import TOTALS
from diamondctl.ledger.merge import MEMORY, Span
from diamondctl.ledger.staging import Staged
from diamondctl.records import Total

TYPES: Final = {
    "line": "BIGINT",
    "creator": "VARCHAR",
    "span": "VARCHAR",  # stream | day | month
    "first_day": "VARCHAR",
    "last_day": "VARCHAR",
    "started": "BIGINT",  # microseconds since 1970 UTC; 0: not said
    "ended": "BIGINT",
    "stream": "VARCHAR",
    "diamonds": "BIGINT",  # -1: not said
    "approximate": "BOOLEAN",
    "raw": "VARCHAR",
    "seconds": "BIGINT",
    "streams": "BIGINT",
    "new_followers": "BIGINT",
    "source": "VARCHAR",
    "viewers": "BIGINT",
    "likes": "BIGINT",
    "comments": "BIGINT",
}
# Columns that documents of before lack, and what they hold then.
LATER: Final = {"viewers": -1, "likes": -1, "comments": -1}
_DAY: Final = "try_cast({column} AS DATE) BETWEEN DATE '2000-01-01' AND DATE '2100-12-31' AND length({column}) = 10"
_INSTANT: Final = f"{{column}} = 0 OR {columns.INSTANT}"
_NUMBER: Final = "{column} BETWEEN -1 AND 999999999999999999"
LIMITS: Final = {
    "line": "{column} >= 0",
    "creator": columns.LIMITS["creator"],
    "span": "{column} IN ('stream', 'day', 'month')",
    "first_day": _DAY,
    "last_day": _DAY,
    "started": _INSTANT,
    "ended": _INSTANT,
    **dict.fromkeys(("diamonds", "seconds", "streams", "new_followers", *LATER), _NUMBER),
}
_FIELDS: Final = {"started": "start", "ended": "end"}  # of `records.Total`, where a column has another name
_READ: Final = f"{columns.rows_sql(TYPES, LATER)} ORDER BY line, creator, first_day, started"


class StoredTotals(NamedTuple):
    """Totals of live documents, and the region that was given with them, by creator."""

    totals: tuple[Total, ...] = ()
    regions: Mapping[str, str] = MappingProxyType({})


def stage(totals: Sequence[Total], target: Path) -> Staged:
    """Write the totals of one document to the Parquet file `target`."""
    of_total = attrgetter(*(_FIELDS.get(name, name) for name in TYPES))
    staging.write_rows(target, TYPES, map(of_total, totals))
    spans = []
    for creator in sorted({total.creator for total in totals}):
        mine = [total for total in totals if total.creator == creator]
        first, last = min(total.first_day for total in mine), max(total.last_day for total in mine)
        spans.append(Span(creator, len(mine), _midnight(first), _midnight(last), "", "", (), TOTALS))
    return staging.sealed(target, tuple(spans), {})


def _midnight(day: date) -> int:
    return periods.instant_of(datetime(day.year, day.month, day.day))


def read(path: Path, label: str, timezone: str, version: int) -> list[Total]:
    """The stored totals of one document; `label` is what they name as their file, `timezone` that of its days."""
    totals = []
    for row in columns.query(path, _READ, memory=MEMORY, types=TYPES, limits=LIMITS, later=LATER):
        fields: dict[str, Any] = {_FIELDS.get(name, name): value for name, value in zip(TYPES, row, strict=True)}
        fields |= {name: date.fromisoformat(fields[name]) for name in ("first_day", "last_day")}
        totals.append(Total(file=label, timezone=timezone, version=version, **fields))
    return totals


def of_document(ledger: Ledger, number: int) -> list[Total]:
    """The totals of one document, verified (L005); none where its rows are no totals."""
    return _totals(ledger, derive.live(ledger, "d.sort = 'totals' AND d.id = ?", [number]))


def _totals(ledger: Ledger, items: Sequence[derive.Live]) -> list[Total]:
    timezones = dict(ledger.sql.execute("SELECT id, input_timezone FROM documents"))
    return [
        total
        for item, rows in zip(items, derive.verified(ledger, items), strict=True)
        for total in read(rows.path, item.label, timezones[rows.document], rows.document)
    ]


def creators(ledger: Ledger) -> set[str]:
    """Everybody the ledger holds totals of."""
    return {name for (name,) in ledger.sql.execute("SELECT creator FROM spans WHERE family = 'totals'")}


def stored(ledger: Ledger, of: Collection[str]) -> StoredTotals:
    """All totals of some creators, verified (L005). All documents of a creator have one region, or none."""
    if ledger.sql.execute("SELECT 1 FROM documents WHERE sort = 'totals'").fetchone() is None:
        return StoredTotals()
    items = [item for item in derive.live(ledger, "d.sort = 'totals'") if not item.rows.families.keys().isdisjoint(of)]
    totals = [total for total in _totals(ledger, items) if total.creator in of]
    regions: dict[str, str] = {}
    for rows in (item.rows for item in items):
        if rows.region:
            regions |= dict.fromkeys(rows.families, rows.region)
    return StoredTotals(tuple(totals), regions)
