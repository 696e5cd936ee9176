"""What was earned by creator and credit state, at a date, with adjustments. Payouts are not known, so none is taken off."""

from __future__ import annotations

from typing import NamedTuple

from diamondctl.money import Range, total
from diamondctl.reports import remarks
from diamondctl.reports import scope as frame
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import RateUse
from diamondctl.reports.wallets import MONEY, State, Wallet, states_in, wallets_of


class Balance(NamedTuple):
    """The whole report."""

    scope: Scope
    states: tuple[State, ...]
    wallets: tuple[Wallet, ...]
    totals: tuple[tuple[str, dict[str, Range]], ...]  # currency, sums by name of MONEY; for several accounts
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]


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
            mine = [state for state in states if state.account.currency == currency]
            totals.append((currency, {name: total(getattr(state, name) for state in mine) for name in MONEY}))
    warnings = (*scope.warnings, *remarks.stale_warnings(uses, scope.as_of))
    return Balance(scope, tuple(states), wallets, tuple(totals), uses, warnings)
