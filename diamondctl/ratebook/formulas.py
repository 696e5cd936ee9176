"""Public formulas from coins to money, as other people state them: beside ours, never used by any report."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple


class Formula(NamedTuple):
    """One formula, whose it is and where anyone can read it; `usd_per_coin` is what it comes to for one coin."""

    site: str
    address: str
    published: str  # as far as it is known: a day, a month, a year; blank: undated
    checked: str  # the day somebody looked at it
    formula: str
    usd_per_coin: Decimal
    note: str

    def of(self, coins: int) -> Decimal:
        """What so many coins come to, in USD, exact."""
        return coins * self.usd_per_coin


def load_formulas(folder: Path) -> tuple[Formula, ...]:
    """Those of a rates folder, in the order of its file."""
    with (folder / "formulas.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return tuple(
        Formula(
            row["site"], row["address"], row["published"], row["checked"], row["formula"], Decimal(row["usd_per_coin"]),
            row["note"],
        )
        for row in rows
    )  # fmt: skip
