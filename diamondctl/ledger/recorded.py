"""What a person recorded, in the ledger: payouts, observed balances, credits, other income, adjustments; and the same
together with what statements tell.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Final

from diamondctl import legs
from diamondctl.ledger import stored_money
from diamondctl.ledger.catalog import Ledger
from diamondctl.records import Record

SORTS: Final = ("payout", "balance", "credit", "income", "adjustment")
_FIELDS: Final = Record._fields[: Record._fields.index("account")]  # the rest only statements say
_COLUMNS: Final = ", ".join(_FIELDS)


def records(ledger: Ledger) -> list[Record]:
    """Every record, of persons and of statements, by day, in one order whatever came first."""
    return legs.settled(typed(ledger), stored_money.movements(ledger))


def typed(ledger: Ledger) -> list[Record]:
    """What a person recorded, by day."""
    rows = ledger.sql.execute(f"SELECT {_COLUMNS} FROM records ORDER BY day, sort, number").fetchall()
    return [Record(**stored_money.valued(dict(zip(_FIELDS, row, strict=True)))) for row in rows]


def add(ledger: Ledger, item: Record, added: str) -> Record:
    """Store one inside `writing`; returns it with the number it has now. Numbers of what was undone are never given again."""
    numbered = item._replace(number=(ledger.meta(_counter(item.sort)) or 0) + 1)
    ledger.set_meta(_counter(item.sort), numbered.number)
    put(ledger, numbered, added)
    return numbered


def put(ledger: Ledger, item: Record, added: str) -> None:
    """Store one under the number it has, in place of what was there; inside `writing`."""
    ledger.sql.execute("DELETE FROM records WHERE sort = ? AND number = ?", (item.sort, item.number))
    marks = ", ".join("?" * (len(_FIELDS) + 1))
    values = [stored_money.plain(getattr(item, name)) for name in _FIELDS]
    ledger.sql.execute(f"INSERT INTO records ({_COLUMNS}, added) VALUES ({marks})", [*values, added])


def remove(ledger: Ledger, names: Collection[str]) -> list[Record]:
    """Take records back by their ids, or what scripts call them, inside `writing`; returns those there were."""
    gone = [item for item in typed(ledger) if item.id in names or (item.key and item.key in names)]
    ledger.sql.executemany("DELETE FROM records WHERE sort = ? AND number = ?", [(item.sort, item.number) for item in gone])
    return gone


def creators(ledger: Ledger) -> list[str]:
    """Everybody of whom something is recorded, or told by a statement."""
    query = "SELECT creator FROM records UNION SELECT creator FROM movements ORDER BY 1"
    return [name for (name,) in ledger.sql.execute(query).fetchall()]


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
