"""What recording and undoing did, and what a ledger holds beside its documents: values for the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from diamondctl.rating.places import Entry, income_entries, payout_entries
from diamondctl.records import Record
from diamondctl.reports.balance import Balance
from diamondctl.reports.moved import Moved
from diamondctl.reports.wallets import Wallet, wallet_warnings


class Done(NamedTuple):
    """A record, what became of it, and where the money of its creator is now."""

    item: Record
    done: str  # recorded | completed | known
    dry_run: bool
    balance: Balance | None  # None: not known, and `left` says why
    left: tuple[str, ...] = ()
    moved: Moved = Moved()

    @property
    def wallets(self) -> tuple[Wallet, ...]:
        """Those of its creator."""
        return self.balance.wallets if self.balance else ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What has to be said of them."""
        return (*self.left, *wallet_warnings(self.wallets, differences=self.item.sort == "balance"))


class Detail(NamedTuple):
    """One record, and how it moves money; a balance or a credit moves what it differs by, which `balance` tells."""

    item: Record

    @property
    def entries(self) -> list[Entry]:
        """Of a payout its legs, of an income that was paid its entry."""
        if self.item.sort == "payout":
            return list(payout_entries(self.item, max(self.item.day, self.item.arrived_on or self.item.day)))
        return income_entries([self.item], self.item.day)


class All(NamedTuple):
    """Documents (`ledger.documents.StoredDocument`) and records of a ledger."""

    documents: Sequence[Any]
    preferred: tuple[tuple[str, str], ...]  # creator, family of sources that counts
    records: Sequence[Record]


class Undone(NamedTuple):
    """What was taken out. `dry_run`: nothing was."""

    documents: Sequence[Any]  # `ledger.documents.StoredDocument`
    records: Sequence[Record]
    gifts: int
    coins: int
    names: int
    kept: str  # why names had to stay; blank: none had to
    dry_run: bool
    moved: Moved
