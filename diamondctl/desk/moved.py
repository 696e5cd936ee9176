"""The figures of a whole ledger by creator, month and basis: taken before a change and after it, they say what it moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from diamondctl import periods
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import rated_of
from diamondctl.desk.ledger_usage import read_book
from diamondctl.ledger.catalog import Ledger
from diamondctl.money import ZERO, Range, total
from diamondctl.periods import Period
from diamondctl.problems import Refusal
from diamondctl.rating.rewards import Person
from diamondctl.reports.moved import Figure, Figures
from diamondctl.reports.scope import make_scope
from diamondctl.reports.values import activity_of
from diamondctl.reports.wallets import Wallet, differences_in, paid_in, wallets_of


def figures(book: Ledger, chosen: Chosen) -> Figures:
    """All figures of a ledger that is open, inside `reading` or `writing`; none where it cannot be priced, or is empty."""
    try:
        material = read_book(book, chosen)
        rating, asked = rated_of(chosen, material)
    except Refusal:
        return {}
    found: dict[Figure, Range] = {}
    for person in rating.people.values():
        timezone = asked.timezone_of(person.creator, person.zone)
        for month in _months(_days(person, timezone)):
            quarters = month.quarters(timezone)
            for currency in person.currencies:
                figure = Figure(person.creator, month.label, currency, "earned")
                _add(found, figure, total(credit.reward for credit in activity_of(person, currency, quarters, "earned")))
                booked = activity_of(person, currency, quarters, "credited")
                _add(found, figure._replace(basis="credited"), total(credit.reward for credit in booked))
    last = max((item.arrived_on or item.day for item in material.origin.records), default=date.min)
    last = max([last, *(day for person in rating.people.values() for day in _days(person, "UTC"))])
    if material.origin.records:
        scope = make_scope(rating, (), asked._replace(as_of=last, period=None), (), material.origin, about_period=False)
        accounts = [account._replace(since=date.min) for account in scope.accounts]
        for wallet in wallets_of(accounts, asked):
            _add_told(found, wallet)
    return {figure: amount for figure, amount in found.items() if amount != ZERO}


def _add(found: dict[Figure, Range], figure: Figure, amount: Range) -> None:
    found[figure] = total([found.get(figure, ZERO), amount])


def _days(person: Person, timezone: str) -> list[date]:
    """The days of the first and of the last gift."""
    return [periods.local_day(row.quarter, timezone) for row in (*person.rows[:1], *person.rows[-1:])]


def _months(days: list[date]) -> Iterator[Period]:
    """Every month between some days, and the one in which a last week may be booked."""
    if not days:
        return
    month = periods.month_of(min(days))
    while month.start <= max(days) + timedelta(days=7):
        yield month
        month = periods.month_of(month.end)


def _add_told(found: dict[Figure, Range], wallet: Wallet) -> None:
    """What was recorded of a wallet: what arrived, and what the app or the platform said beside what was computed."""
    account = wallet.state.account
    days = [item.arrived_on or item.day for item in (*account.recorded, *account.of_wallet)]
    days += [item.day for item in (*account.recorded, *account.of_wallet)]
    for month in _months(days):
        quarters = month.quarters(account.timezone)
        figure = Figure(account.creator, month.label, account.currency, "paid")
        _add(found, figure, paid_in(wallet, quarters))
        _add(found, figure._replace(basis="credited"), differences_in(wallet, quarters))
