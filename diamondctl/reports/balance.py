"""Where the money is at a date: in each wallet, on the way, in the creator's accounts, and what came from elsewhere."""

from __future__ import annotations

from typing import NamedTuple

from diamondctl.money import Range, total
from diamondctl.rating import places
from diamondctl.rating.places import Entry, entries_of, income_entries, is_on_the_way
from diamondctl.records import Record
from diamondctl.reports import remarks
from diamondctl.reports import scope as frame
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import RateUse
from diamondctl.reports.wallets import MONEY, State, Wallet, states_in, wallet_warnings, wallets_of


class Place(NamedTuple):
    """What came into one of a creator's accounts by the day, from wallets and from elsewhere, in one currency."""

    creator: str
    place: str
    currency: str
    from_wallets: Range
    from_elsewhere: Range


class Balance(NamedTuple):
    """The whole report."""

    scope: Scope
    states: tuple[State, ...]
    wallets: tuple[Wallet, ...]
    totals: tuple[tuple[str, dict[str, Range]], ...]  # currency, sums by name of MONEY; for several accounts
    places: tuple[Place, ...]
    income: tuple[Record, ...]  # told of by the day
    entries: tuple[tuple[str, Entry], ...]  # of whom
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]

    def on_the_way(self, wallet: Wallet) -> tuple[Record, ...]:
        """Payouts of a wallet that had left it by the day and not arrived."""
        return tuple(item for item in wallet.held.payouts if is_on_the_way(item, self.scope.as_of))


def balance(scope: Scope) -> Balance:
    """Make the report."""
    wallets = wallets_of(scope.accounts, scope.asked)
    states = states_in(wallets)
    used = [(state.account.zone, entry) for state in states for entry in frame.entries_of(state.account.until)]
    used += [(wallet.state.account.zone, check.entry) for wallet in wallets for check in wallet.state.minimums]
    uses = scope.uses(used)
    totals = []
    if len(states) > 1:
        for currency in sorted({state.account.currency for state in states}):
            mine = [wallet.state for wallet in wallets if wallet.state.account.currency == currency]
            totals.append((currency, {name: total(getattr(state, name) for state in mine) for name in MONEY}))
    income = tuple(item for item in scope.origin.records if item.sort == "income" and item.day <= scope.as_of)
    entries = _entries(wallets, income, scope)
    warnings = (
        *remarks.where_exact(scope.warnings, (wallet.unpaid for wallet in wallets)),
        *wallet_warnings(wallets, differences=True),
        *remarks.stale_warnings(uses, scope.as_of),
    )
    return Balance(
        scope, tuple(states), wallets, tuple(totals), tuple(_places(entries)), income, tuple(entries), uses, warnings
    )  # fmt: skip


def _entries(wallets: tuple[Wallet, ...], income: tuple[Record, ...], scope: Scope) -> list[tuple[str, Entry]]:
    made = []
    for wallet in wallets:
        state, account = wallet.state, wallet.state.account
        made += [
            (account.creator, entry)
            for entry in entries_of(wallet.held, state.credited, state.pending, account.currency, scope.as_of)
        ]
    return made + [(item.creator, entry) for item in income for entry in income_entries([item], scope.as_of)]


def _places(entries: list[tuple[str, Entry]]) -> list[Place]:
    """What came into accounts of the creators, by whose and which."""
    sums: dict[tuple[str, str, str], Place] = {}
    for creator, entry in entries:
        if entry.what != "arrived" and entry.postings[0].place != "elsewhere":
            continue
        into = entry.postings[-1]
        key = (creator, into.place, into.currency)
        now = sums.get(key, Place(*key, Range.of(0), Range.of(0)))
        wallets = entry.what == "arrived" and entry.postings[0].place == places.ON_THE_WAY
        if wallets:
            sums[key] = now._replace(from_wallets=total([now.from_wallets, into.amount]))
        else:
            sums[key] = now._replace(from_elsewhere=total([now.from_elsewhere, into.amount]))
    return [sums[key] for key in sorted(sums)]
