"""The figures of a ledger by creator, month and basis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.desk.chosen import Chosen, Material
from diamondctl.desk.ledger_usage import read_book
from diamondctl.desk.rated import rated_of
from diamondctl.ledger import derive, recorded, stored_totals
from diamondctl.ledger.catalog import Ledger
from diamondctl.money import ZERO, Range, total
from diamondctl.periods import Period
from diamondctl.problems import Refusal
from diamondctl.rating.rewards import Person, Rating
from diamondctl.reports.moved import Figure, Taken
from diamondctl.reports.scope import first_day, make_scope
from diamondctl.reports.values import Asked, activity_of
from diamondctl.reports.wallets import Wallet, differences_in, paid_in, shown_in, wallets_of

_FIRST: Final = date(2016, 1, 1)  # no gift is earlier
_NOTHING: Final = ("F009", "A010")  # nothing is there of a creator: no figure


def everybody(book: Ledger, creator: str = "") -> dict[str, date]:
    """The reach of what may move every figure, of everybody or of one."""
    names = {*derive.creators(book), *stored_totals.creators(book), *recorded.creators(book)}
    return dict.fromkeys(sorted(name for name in names if creator in ("", name)), date.min)


def figures(book: Ledger, chosen: Chosen, since: Mapping[str, date]) -> Taken:
    """The figures of some creators, each from a day on, of a ledger that is open, inside `reading` or `writing`.

    Creators that cannot be priced are named with the reason; those of whom there is nothing have no figures.
    """
    if not since:
        return Taken()
    month = periods.month_of(max(min(since.values()), _FIRST))
    asked = chosen.asked._replace(period=month, as_of=None, today=date.max, basis="earned")
    try:
        whole = date.min in since.values()
        mine = chosen._replace(files=(), creator="", asked=asked)
        return _taken(rated(book, mine, sorted(since), whole=whole, daily=True), month)
    except Refusal as refusal:
        if len(since) == 1:
            (creator,) = since
            problem = refusal.problems[0]
            return Taken(untold={} if problem.code in _NOTHING else {creator: problem.message})
    parts = [figures(book, chosen, {creator: day}) for creator, day in since.items()]
    return Taken(
        {figure: amount for part in parts for figure, amount in part.figures.items()},
        {creator: reason for part in parts for creator, reason in part.untold.items()},
        {figure: amount for part in parts for figure, amount in part.shown.items()},
    )


class Rated(NamedTuple):
    """What a ledger holds, what that comes to, and what was asked for with all that is known beside it."""

    material: Material
    rating: Rating
    asked: Asked


def rated(
    book: Ledger, chosen: Chosen, creators: Sequence[str] | None = None, *, whole: bool = False, daily: bool = False
) -> Rated:
    """A ledger that is open, priced; unless `whole`, what is kept may stand for what is long over. `daily`: as `read_book`."""
    material = read_book(book, chosen, whole=whole, creators=creators, daily=daily)
    rating, asked = rated_of(chosen, material)
    if material.carried and ((day := first_day(rating, asked, material.origin.records)) is None or not rating.reaches(day)):
        material = read_book(book, chosen, whole=True, creators=creators, daily=daily)
        rating, asked = rated_of(chosen, material)
    return Rated(material, rating, asked)


def figures_of(found: Rated, month: Period) -> dict[Figure, Range]:
    """The figures of what was priced, from a month on."""
    return {**_taken(found, month).figures}


def _taken(found: Rated, month: Period) -> Taken:
    material, rating, asked = found
    figures: dict[Figure, Range] = {}
    shown: dict[Figure, Range] = {}
    for person in rating.people.values():
        timezone = asked.timezone_of(person.creator, person.zone)
        for one in _months(_days(person, timezone), month):
            quarters = one.quarters(timezone)
            for currency in person.currencies:
                figure = Figure(person.creator, one.label, currency, "earned")
                _add(figures, figure, total(credit.reward for credit in activity_of(person, currency, quarters, "earned")))
                booked = activity_of(person, currency, quarters, "credited")
                _add(figures, figure._replace(basis="credited"), total(credit.reward for credit in booked))
    for wallet in _wallets(material, rating, asked, month):
        _add_told(figures, shown, wallet, month)
    return Taken({figure: amount for figure, amount in figures.items() if amount != ZERO}, shown=shown)


def _wallets(material: Material, rating: Rating, asked: Asked, month: Period) -> Sequence[Wallet]:
    """The wallets of whoever has records, at the end of all that is known."""
    if not material.origin.records:
        return ()
    last = max(item.arrived_on or item.day for item in material.origin.records)
    last = max([last, month.start, *(day for person in rating.people.values() for day in _days(person, "UTC"))])
    asked = asked._replace(as_of=last, period=periods.month_of(last))
    scope = make_scope(rating, (), asked, (), material.origin, about_period=False)
    return wallets_of([account._replace(since=month.before().start) for account in scope.accounts], asked)


def _add(found: dict[Figure, Range], figure: Figure, amount: Range) -> None:
    found[figure] = total([found.get(figure, ZERO), amount])


def _days(person: Person, timezone: str) -> list[date]:
    """The days of the first and of the last gift."""
    return [periods.local_day(row.quarter, timezone) for row in (*person.rows[:1], *person.rows[-1:])]


def _months(days: Sequence[date], since: Period) -> Iterator[Period]:
    """Every month between some days, and the one in which a last week may be booked; none before `since`."""
    if not days:
        return
    month = periods.month_of(max(min(days), since.start))
    while month.start <= max(days) + timedelta(days=7):
        yield month
        month = periods.month_of(month.end)


def _add_told(found: dict[Figure, Range], shown: dict[Figure, Range], wallet: Wallet, since: Period) -> None:
    """What was recorded of a wallet: what arrived, and what the app (`shown`) or the platform said beside what was computed."""
    account = wallet.state.account
    days = [item.arrived_on or item.day for item in (*account.recorded, *account.of_wallet)]
    days += [item.day for item in (*account.recorded, *account.of_wallet)]
    for month in _months(days, since):
        quarters = month.quarters(account.timezone)
        figure = Figure(account.creator, month.label, account.currency, "paid")
        _add(found, figure, paid_in(wallet, quarters))
        _add(found, figure._replace(basis="credited"), differences_in(wallet, quarters))
        _add(shown, figure._replace(basis="credited"), shown_in(wallet, quarters))
