"""Everything that a creator looks at once a month, put together: summary, wallet, way to the bank, months, what may come.

Each part is the report of its own command, so a figure here is the figure there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.money import Range, total
from diamondctl.records import GiftUsage
from diamondctl.reports import remarks
from diamondctl.reports.balance import Balance, balance
from diamondctl.reports.fees import Fees, Wanted, fees
from diamondctl.reports.gifts import Gifts
from diamondctl.reports.projection import ProjectionReport
from diamondctl.reports.schedule import Schedule
from diamondctl.reports.scope import Scope
from diamondctl.reports.streams import Streams
from diamondctl.reports.summary import Summary, summarise
from diamondctl.reports.values import Account, RateUse, activity_of
from diamondctl.reports.wallets import Wallet, paid_in

SHOWN: Final = 12


class MonthRow(NamedTuple):
    """One calendar month of an account, up to the end of the period."""

    account: Account
    label: str
    streams: int
    gifts: int
    coins: int
    reward: Range | None  # None: no rate is known

    @property
    def currency(self) -> str:
        """That of the reward."""
        return self.account.currency


class Habits(NamedTuple):
    """LIVEs and gifts of the period, and the week of the quarter of a year up to its end."""

    streams: Streams
    gifts: Gifts
    schedule: Schedule


class Report(NamedTuple):
    """The whole report. `unseen`: why nothing is said of what may come; blank: something is, or nothing is rated."""

    scope: Scope
    summary: Summary
    balance: Balance
    fees: Fees
    months: tuple[MonthRow, ...]
    habits: Habits | None  # None: money is not counted by the time of the gifts
    projection: ProjectionReport | None
    unseen: str
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]


def report(
    scope: Scope,
    wanted: Wanted,
    gifts: Sequence[GiftUsage],
    habits: Habits | None,
    projection: ProjectionReport | None,
    unseen: str = "",
) -> Report:
    """Put the parts together."""
    summary, wallets, taken = summarise(scope, gifts), balance(scope), fees(scope, wanted)
    parts: list[Summary | Balance | Fees | ProjectionReport] = [summary, wallets, taken]
    parts += [projection] if projection is not None else []
    stale = {text for part in parts for text in remarks.stale_warnings(part.rates, part.scope.as_of)}
    rates = {use.entry.where: use for part in reversed(parts) for use in part.rates}
    uses = tuple(rates[where] for where in sorted(rates))
    # Those of what may come are of another stretch of time.
    told = dict.fromkeys(text for part in (summary, wallets, taken) for text in part.warnings if text not in stale)
    warnings = (*told, *remarks.stale_warnings(uses, scope.as_of))
    rows = tuple(row for account in scope.accounts for row in months_of(account, scope, wallets.wallets))
    return Report(scope, summary, wallets, taken, rows, habits, projection, unseen, uses, warnings)


def months_of(account: Account, scope: Scope, wallets: Sequence[Wallet]) -> list[MonthRow]:
    """The last calendar months up to the end of the period, from the first in which a gift came."""
    after = account.as_of_quarter + 1
    quarters = [row.quarter for row in account.person.rows if row.quarter < after]
    if not quarters:
        return []
    first = periods.local_day(min(quarters), account.timezone)
    day, rows = scope.end, list[MonthRow]()
    while day >= first.replace(day=1) and len(rows) < SHOWN:
        month = periods.month_of(day)
        start, end = month.quarters(account.timezone)
        rows.append(_month(account, month.label, (start, max(start, min(end, after, account.span[1]))), wallets))
        day = month.before().last_day
    return rows[::-1]


def _month(account: Account, label: str, quarters: tuple[int, int], wallets: Sequence[Wallet]) -> MonthRow:
    start, end = quarters
    credits = activity_of(account.person, account.currency, quarters, "earned")
    usage = [row for credit in credits for row in credit.rows]
    if account.currency in ("", *account.person.currencies[:1]):  # what no rate covers stands with the first account
        usage += [item.row for item in account.person.unrated if start <= item.row.quarter < end]
    wallet = next((item for item in wallets if item.states[0].account.key == account.key), None)
    reward = None
    if account.currency:
        reward = total(credit.reward for credit in account.money(quarters)).ordered
    if account.basis == "paid" and wallet is not None:
        reward = paid_in(wallet, quarters)
    streams, gifts, coins = len(account.began(quarters)), sum(row.gifts for row in usage), sum(row.coins for row in usage)
    return MonthRow(account, label, streams, gifts, coins, reward)


def creators(scope: Scope) -> list[str]:
    """Those that the report would be of."""
    return sorted({account.creator for account in scope.accounts})
