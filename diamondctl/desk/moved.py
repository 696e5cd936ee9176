"""The figures of a ledger by creator, month and basis: taken before a change and after it, they say what it moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.desk.chosen import Chosen, Material
from diamondctl.desk.frame import rated_of
from diamondctl.desk.ledger_usage import read_book
from diamondctl.ledger import derive, documents, recorded, stored_totals
from diamondctl.ledger.catalog import Ledger
from diamondctl.ledger.families import GIFTS
from diamondctl.money import ZERO, Range, total
from diamondctl.periods import Period
from diamondctl.problems import Refusal
from diamondctl.rating.rewards import Person, Rating
from diamondctl.records import Record
from diamondctl.reports.moved import Cause, Figure, Months, Moved, Taken, moved
from diamondctl.reports.scope import first_day, make_scope
from diamondctl.reports.values import BASES, Asked, activity_of
from diamondctl.reports.wallets import Wallet, differences_in, paid_in, wallets_of
from diamondctl.words import document_name

# A change is felt a week before its first gift at most: a dashboard tells of weeks, and zones of days.
_EARLIER: Final = timedelta(days=9)
_FIRST: Final = date(2016, 1, 1)  # no gift is earlier
# What a record moves: other income is in no wallet.
_BASES: Final = {"payout": ("credited", "paid"), "income": ()} | dict.fromkeys(
    ("balance", "credit", "adjustment"), ("credited",)
)
_NOTHING: Final = ("F009", "A010")  # nothing is there of a creator: no figure


class Reach(NamedTuple):
    """What a change may move: figures of these creators, each from a day on (`date.min`: all), and what causes it."""

    since: Mapping[str, date]
    causes: tuple[Cause, ...] = ()


Watched = Callable[[Sequence[Cause]], Moved]


def watch(book: Ledger, chosen: Chosen, since: Mapping[str, date], only: Months | None = None) -> Watched:
    """Take the figures of a ledger that is open, inside `reading` or `writing`, before a change.

    What comes back takes them again after it, tells what moved, and refuses (L016) what `only` does not allow.
    """
    before = figures(book, chosen, since)

    def after(causes: Sequence[Cause]) -> Moved:
        found = moved(before, figures(book, chosen, since), causes)
        if only is not None:
            only.refuse_others(found)
        return found

    return after


def everybody(book: Ledger, creator: str = "") -> dict[str, date]:
    """The reach of what may move every figure, of everybody or of one."""
    names = {*derive.creators(book), *stored_totals.creators(book), *recorded.creators(book)}
    return dict.fromkeys(sorted(name for name in names if creator in ("", name)), date.min)


def reach_of_spans(sort: str, spans: Sequence[tuple[str, int]]) -> dict[str, date]:
    """The reach of a document by its creators and the time of the first gift of each.

    What an event log brings may belong to a combo of another log, and totals to any day.
    """
    return {
        creator: periods.utc_day(first // periods.QUARTER) - _EARLIER if sort == GIFTS else date.min for creator, first in spans
    }


def reach_of_undo(book: Ledger, numbers: Sequence[int], records: Sequence[Record]) -> Reach:
    """The reach of taking documents and records out, before they are."""
    since: dict[str, date] = {}
    causes = [cause_of(item) for item in records]
    for item in records:
        _earliest(since, reach_of_record(item))
    preferring = {number for (number,) in book.sql.execute("SELECT document FROM preferences")}
    for stored in documents.stored(book):
        if stored.number in numbers or stored.part_of in numbers:
            spans = spans_of(book, stored.number)
            sort = "" if stored.number in preferring else stored.sort  # another source may count then, on all days
            _earliest(since, reach_of_spans(sort, [(creator, first) for creator, first, _ in spans]))
            causes.append(document_cause(stored.number, stored.name, spans))
    return Reach(since, tuple(causes))


def spans_of(book: Ledger, number: int) -> list[tuple[str, int, int]]:
    """The creators of a document, each with the times of the first and the last row."""
    return book.sql.execute(
        "SELECT creator, first_time, last_time FROM spans WHERE document = ? ORDER BY creator", (number,)
    ).fetchall()


def document_cause(number: int, name: str, spans: Sequence[tuple[str, int, int]]) -> Cause:
    """A document as what moved figures: what its gifts brought is booked a week later at most."""
    days = [periods.utc_day(time // periods.QUARTER) for span in spans for time in span[1:]]
    months = [periods.month_of(day).label for at in days for day in (at - timedelta(days=1), at + _EARLIER)]
    creators = frozenset(creator for creator, *_ in spans)
    return Cause(f"{document_name(number)} {name}", creators, min(months, default=""), max(months, default="9999"), BASES[:2])


def reach_of_record(item: Record) -> dict[str, date]:
    """The reach of one record: a credit may be of a month before its day."""
    return {item.creator: date.min if item.sort == "credit" else item.day - _EARLIER}


def cause_of(item: Record) -> Cause:
    """A record as what moved figures."""
    return Cause(item.id, frozenset({item.creator}), periods.month_of(item.day).label, bases=_BASES[item.sort])


def _earliest(since: dict[str, date], more: Mapping[str, date]) -> None:
    for creator, day in more.items():
        since[creator] = min(since.get(creator, day), day)


def earliest(reaches: Sequence[Mapping[str, date]]) -> dict[str, date]:
    """Several reaches as one."""
    since: dict[str, date] = {}
    for more in reaches:
        _earliest(since, more)
    return since


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
        return Taken(_figures(book, chosen._replace(files=(), creator="", asked=asked), sorted(since), month, whole=whole))
    except Refusal as refusal:
        if len(since) == 1:
            (creator,) = since
            problem = refusal.problems[0]
            return Taken(untold={} if problem.code in _NOTHING else {creator: problem.message})
    parts = [figures(book, chosen, {creator: day}) for creator, day in since.items()]
    return Taken(
        {figure: amount for part in parts for figure, amount in part.figures.items()},
        {creator: reason for part in parts for creator, reason in part.untold.items()},
    )


def _figures(book: Ledger, chosen: Chosen, creators: Sequence[str], month: Period, *, whole: bool) -> dict[Figure, Range]:
    """The same of creators who can all be priced, from a month on; unless `whole`, what is kept may stand for earlier ones."""
    material, rating, asked = _rated(book, chosen, creators, whole=whole)
    if material.carried and ((day := first_day(rating, asked, material.origin.records)) is None or not rating.reaches(day)):
        material, rating, asked = _rated(book, chosen, creators, whole=True)
    found: dict[Figure, Range] = {}
    for person in rating.people.values():
        timezone = asked.timezone_of(person.creator, person.zone)
        for one in _months(_days(person, timezone), month):
            quarters = one.quarters(timezone)
            for currency in person.currencies:
                figure = Figure(person.creator, one.label, currency, "earned")
                _add(found, figure, total(credit.reward for credit in activity_of(person, currency, quarters, "earned")))
                booked = activity_of(person, currency, quarters, "credited")
                _add(found, figure._replace(basis="credited"), total(credit.reward for credit in booked))
    for wallet in _wallets(material, rating, asked, month):
        _add_told(found, wallet, month)
    return {figure: amount for figure, amount in found.items() if amount != ZERO}


def _rated(book: Ledger, chosen: Chosen, creators: Sequence[str], *, whole: bool) -> tuple[Material, Rating, Asked]:
    material = read_book(book, chosen, whole=whole, creators=creators)
    return material, *rated_of(chosen, material)


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


def _add_told(found: dict[Figure, Range], wallet: Wallet, since: Period) -> None:
    """What was recorded of a wallet: what arrived, and what the app or the platform said beside what was computed."""
    account = wallet.state.account
    days = [item.arrived_on or item.day for item in (*account.recorded, *account.of_wallet)]
    days += [item.day for item in (*account.recorded, *account.of_wallet)]
    for month in _months(days, since):
        quarters = month.quarters(account.timezone)
        figure = Figure(account.creator, month.label, account.currency, "paid")
        _add(found, figure, paid_in(wallet, quarters))
        _add(found, figure._replace(basis="credited"), differences_in(wallet, quarters))
