"""Adjustments of balances: signed, dated, with a reason; added, listed and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from diamondctl.ledger.catalog import Ledger
from diamondctl.problems import Problem, Refusal
from diamondctl.records import Adjustment

# Kind -> sign: +1 adds, -1 takes away, 0 either.
KINDS: Final = {"opening": 0, "refund": -1, "reversal": -1, "bonus": 1, "exchange": -1}


def adjustments(ledger: Ledger) -> list[Adjustment]:
    """Every adjustment, by number."""
    rows = ledger.sql.execute(
        "SELECT id, creator, region, date, kind, amount, currency, reason FROM adjustments ORDER BY id"
    ).fetchall()
    return [Adjustment._make((*row[:3], date.fromisoformat(row[3]), row[4], Decimal(row[5]), *row[6:])) for row in rows]


def add(ledger: Ledger, item: Adjustment, added: str) -> int:
    """Store one (its number is given now), inside `writing`; returns the number."""
    cursor = ledger.sql.execute(
        "INSERT INTO adjustments VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
        (item.creator, item.region, str(item.day), item.kind, f"{item.amount:f}", item.currency, item.reason, added),
    )
    return int(cursor.lastrowid or 0)


def undo(ledger: Ledger, names: Sequence[str]) -> list[Adjustment]:
    """Take adjustments back, inside `writing`; refuses what is none (L009)."""
    by_name = {item.name: item for item in adjustments(ledger)}
    gone = []
    for name in dict.fromkeys(names):
        if name not in by_name:
            raise Refusal(Problem("L009", f"no adjustment '{name}' in the ledger", "see: diamondctl adjust list"))
        gone.append(by_name[name])
    ledger.sql.executemany("DELETE FROM adjustments WHERE id = ?", [(item.number,) for item in gone])
    return gone


def creators(ledger: Ledger) -> list[str]:
    """Everybody the ledger holds gifts or adjustments of."""
    rows = ledger.sql.execute("SELECT creator FROM seals UNION SELECT creator FROM adjustments ORDER BY 1").fetchall()
    return [name for (name,) in rows]
