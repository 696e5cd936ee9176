"""What was earned by creator and credit state, at a date, with adjustments. Payouts are not known, so none is taken off."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.money import Range, exact, total
from diamondctl.rating.thresholds import MinimumCheck
from diamondctl.reports import remarks
from diamondctl.reports import scope as frame
from diamondctl.reports.scope import Scope
from diamondctl.reports.summary import minimum_checks
from diamondctl.reports.values import Account, RateUse

MONEY: Final = ("credited", "adjusted", "balance", "pending", "earned")


class State(NamedTuple):
    """One account at the end of a day: `earned == credited + pending` and `balance == credited + adjusted`, end by end."""

    account: Account
    diamonds: Decimal
    credited: Range
    pending: Range
    pending_until: date | None  # when the last pending credit arrives
    earned: Range
    adjusted: Range  # the sum of the adjustments
    balance: Range
    minimums: tuple[MinimumCheck, ...]  # against the balance
    credited_diamonds: Decimal


class Balance(NamedTuple):
    """The whole report."""

    scope: Scope
    states: tuple[State, ...]
    totals: tuple[tuple[str, dict[str, Range]], ...]  # currency, sums by name of MONEY; for several accounts
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]


def balance(scope: Scope) -> Balance:
    """Make the report."""
    states = tuple(state_of(account, scope) for account in scope.accounts if account.currency)
    used = [(state.account.zone, entry) for state in states for entry in frame.entries_of(state.account.until)]
    used += [(state.account.zone, check.entry) for state in states for check in state.minimums]
    uses = scope.uses(used)
    totals = []
    if len(states) > 1:
        for currency in sorted({state.account.currency for state in states}):
            mine = [state for state in states if state.account.currency == currency]
            totals.append((currency, {name: total(getattr(state, name) for state in mine) for name in MONEY}))
    warnings = (*scope.warnings, *remarks.stale_warnings(uses, scope.as_of))
    return Balance(scope, states, tuple(totals), uses, warnings)


def state_of(account: Account, scope: Scope) -> State:
    """One account's credits by state at the end of the day asked for."""
    at = account.as_of_quarter + 1
    arrives = list(zip(account.until, account.arrivals, strict=True))
    credited = tuple(credit for credit, when in arrives if when <= at)
    pending = [(credit, when) for credit, when in arrives if when > at]
    last = max((when for _, when in pending), default=None)
    with exact():
        diamonds = sum((credit.diamonds for credit in account.until), Decimal(0))
        credited_diamonds = sum((credit.diamonds for credit in credited), Decimal(0))
    reward = total(credit.reward for credit in credited)
    adjusted = total(Range.of(item.amount) for item in account.adjustments)
    return State(
        account,
        diamonds,
        reward,
        total(credit.reward for credit, _ in pending),
        None if last is None else periods.local_day(last, account.timezone),
        total(credit.reward for credit in account.until),
        adjusted,
        total([reward, adjusted]),
        minimum_checks(account, credited, scope.asked.rates_as_of, adjusted),
        credited_diamonds,
    )
