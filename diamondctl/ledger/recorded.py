"""What a person recorded, in the ledger: payouts, observed balances, credits, other income, adjustments."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any, Final

from diamondctl.ledger.catalog import Ledger
from diamondctl.records import Record

SORTS: Final = ("payout", "balance", "credit", "income", "adjustment")
_COLUMNS: Final = ", ".join(Record._fields)
_DAYS: Final = ("day", "arrived_on", "invoiced")
_AMOUNTS: Final = ("amount", "arrived", "tax")


def records(ledger: Ledger) -> list[Record]:
    """Every record, by day, in one order whatever was recorded first."""
    rows = ledger.sql.execute(f"SELECT {_COLUMNS} FROM records ORDER BY day, sort, number").fetchall()
    return [_record(dict(zip(Record._fields, row, strict=True))) for row in rows]


def _record(plain: dict[str, Any]) -> Record:
    plain |= {name: date.fromisoformat(plain[name]) if plain[name] else None for name in _DAYS}
    plain |= {name: Decimal(plain[name]) if plain[name] else None for name in _AMOUNTS}
    return Record(**(plain | {"paid": bool(plain["paid"])}))


def _plain(item: Record) -> list[str | int]:
    """The values of its columns."""
    values: list[str | int] = []
    for value in item:
        if isinstance(value, int):  # numbers and flags
            values.append(int(value))
        else:
            values.append("" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value))
    return values


def add(ledger: Ledger, item: Record, added: str) -> Record:
    """Store one inside `writing`; returns it with the number it has now. Numbers of what was undone are never given again."""
    numbered = item._replace(number=(ledger.meta(_counter(item.sort)) or 0) + 1)
    ledger.set_meta(_counter(item.sort), numbered.number)
    put(ledger, numbered, added)
    return numbered


def put(ledger: Ledger, item: Record, added: str) -> None:
    """Store one under the number it has, in place of what was there; inside `writing`."""
    ledger.sql.execute("DELETE FROM records WHERE sort = ? AND number = ?", (item.sort, item.number))
    marks = ", ".join("?" * (len(Record._fields) + 1))
    ledger.sql.execute(f"INSERT INTO records ({_COLUMNS}, added) VALUES ({marks})", [*_plain(item), added])


def remove(ledger: Ledger, names: Collection[str]) -> list[Record]:
    """Take records back by their ids, or what scripts call them, inside `writing`; returns those there were."""
    gone = [item for item in records(ledger) if item.id in names or (item.key and item.key in names)]
    ledger.sql.executemany("DELETE FROM records WHERE sort = ? AND number = ?", [(item.sort, item.number) for item in gone])
    return gone


def creators(ledger: Ledger) -> list[str]:
    """Everybody of whom something is recorded."""
    return [name for (name,) in ledger.sql.execute("SELECT DISTINCT creator FROM records ORDER BY 1").fetchall()]


def _counter(sort: str) -> str:
    return f"last {sort}"


def take_over(ledger: Ledger, *, shown: bool) -> None:
    """Make records of the adjustments of a ledger before version 5; `shown`: beside them, for one that cannot be written."""
    rows = ledger.sql.execute(
        "SELECT id, creator, region, date, kind, amount, currency, reason, added FROM main.adjustments ORDER BY id"
    ).fetchall()
    for number, creator, region, day, kind, amount, currency, reason, added in rows:
        item = Record(
            "adjustment", number, creator, region, date.fromisoformat(day), Decimal(amount), currency, kind, reason=reason
        )  # fmt: skip
        put(ledger, item, added)
    if not shown:
        last = ledger.sql.execute("SELECT seq FROM sqlite_sequence WHERE name = 'adjustments'").fetchone()
        if last:
            ledger.set_meta(_counter("adjustment"), last[0])
        ledger.sql.execute("DROP TABLE adjustments")
