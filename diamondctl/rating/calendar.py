"""The payout calendar: in which payouts an amount leaves a wallet, and on which days. Pure; the only one there is.

Conventions, stated once. A limit per day, week or month is one of calendar days, weeks from Monday and calendar months, and of
several all hold. As much goes out as early as they let it. What is automatic goes out on its weekday, after the day at whose
end the money is in the wallet; what is on demand can be asked for on that day itself. A rest below the minimum stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple, TypeVar

from diamondctl import periods
from diamondctl.money import exact, quantise
from diamondctl.ratebook.entries import Maximum, Minimum, RateEntry, Timing

NEVER: Final = 36_524  # days ahead that are looked at: what takes longer than a century is not said to come


class Terms(NamedTuple):
    """By which rules one method pays out in one currency. None: no such rule is known.

    `within` are the days after a payout left by which it is there at the latest.
    """

    per_day: Decimal | None = None
    per_week: Decimal | None = None
    per_month: Decimal | None = None
    least: Decimal | None = None
    weekday: int | None = None  # 0 is Monday; None: any day, on demand
    within: int | None = None
    net: int | None = None  # paid once a month, so many days after its end; None: not by the month

    @property
    def most(self) -> Decimal | None:
        """The most that one payout can hold."""
        return min((limit for limit in self.limits if limit is not None), default=None)

    @property
    def limits(self) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        """Those of a day, a week and a month."""
        return self.per_day, self.per_week, self.per_month

    def start(self, after: date) -> date:
        """The first day on which money that is in the wallet at the end of a day can leave it."""
        if self.net is not None:
            return _net_of(after, self.net)
        if self.weekday is None:
            return after
        return after + timedelta(days=(self.weekday - after.weekday() - 1) % 7 + 1)

    def after(self, day: date) -> date:
        """The next day on which money can leave, after one such day."""
        if self.net is not None:
            return _net_of(_later(day, 1 - self.net), self.net)
        return _later(day, 1 if self.weekday is None else 7)


def _net_of(day: date, days: int) -> date:
    """So many days after the last day of a day's month."""
    return date.max if day.year == date.max.year else _later(periods.month_of(day).last_day, days)


Gone = tuple[date, Decimal]  # a payout that has left


@dataclass(frozen=True, slots=True)
class Payouts:
    """So many payouts of one amount, the first on a day, each so many days after the one before."""

    day: date
    every: int
    count: int
    amount: Decimal

    @property
    def last(self) -> date | None:
        """The day of the last one; None where no calendar reaches so far."""
        days = self.every * (self.count - 1)
        return self.day + timedelta(days=days) if self.day < date.max and days <= (date.max - self.day).days else None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The payouts of an amount, by time, and what of it stays: below the minimum, or later than in a century."""

    runs: tuple[Payouts, ...]
    left: Decimal
    within: int | None

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(run.count for run in self.runs)

    @property
    def paid(self) -> Decimal:
        """What leaves the wallet in all of them."""
        with exact():
            return sum((run.amount * run.count for run in self.runs), self.left * 0)

    @property
    def first(self) -> date | None:
        """The day of the first one; None where there is none."""
        return self.runs[0].day if self.runs else None

    @property
    def last(self) -> date | None:
        """The day of the last one; None where there is none, or no calendar reaches so far."""
        return self.runs[-1].last if self.runs else None

    @property
    def arrived(self) -> date | None:
        """The day by which all of it is there at the latest; None where that is not known."""
        last = self.last
        if last is None or self.within is None or (date.max - last).days < self.within:
            return None
        return last + timedelta(days=self.within)

    def dated(self) -> Iterator[tuple[date, Decimal]]:
        """Every payout with its day, for as long as calendars reach."""
        for run in self.runs:
            for number in range(run.count):
                if run.every * number > (date.max - run.day).days:
                    return
                yield run.day + timedelta(days=run.every * number), run.amount


_Item = TypeVar("_Item", Minimum, Maximum, Timing)


def items_of(entry: RateEntry | None, kind: type[_Item], method: str = "") -> list[_Item]:
    """The items of an entry; with a method those that hold for it: its own, or else those of any."""
    values = entry.value if entry is not None and isinstance(entry.value, tuple) else ()
    every = [item for item in values if isinstance(item, kind)]
    mine = [item for item in every if item.method in ("any", method)] if method else every
    return [item for item in mine if item.method == method] or mine


def terms_of(
    method: str,
    currency: str,
    *,
    maximum: RateEntry | None = None,
    timing: RateEntry | None = None,
    minimum: RateEntry | None = None,
) -> Terms:
    """The rules that entries set for a method in a currency, in its minor units; amounts in others say nothing here.

    A limit of the method does not lift one of any method, for that is the platform's.
    """
    limits: dict[str, Decimal] = {}
    for limit in items_of(maximum, Maximum):
        if limit.method in ("any", method) and limit.currency == currency:
            amount = quantise(limit.amount, currency, "down")
            limits[limit.per] = min(limits.get(limit.per, amount), amount)
    least = [item.amount for item in items_of(minimum, Minimum, method) if item.currency == currency]
    when = next(iter(items_of(timing, Timing, method)), None)
    known = when is not None and not when.hold_open and (when.review_days is not None or when.hold_days is not None)
    spread = 0 if when is None else (when.net_days_most or 0) - (when.net_days or 0)
    return Terms(
        per_day=limits.get("day"),
        per_week=limits.get("week"),
        per_month=limits.get("month"),
        least=quantise(max(least), currency, "up") if least else None,
        weekday=periods.WEEKDAYS.index(when.weekday) if when is not None and when.weekday else None,
        within=spread + (when.review_days or 0) + (when.hold_days or 0) if when is not None and known else None,
        net=when.net_days if when is not None else None,
    )


def calendar(amount: Decimal, after: date, terms: Terms, gone: Sequence[Gone] = ()) -> Calendar:
    """In which payouts an amount leaves that is in the wallet at the end of a day; `gone` have left already, and count towards
    the limits of their day, week and month.
    """
    nothing = amount * 0
    least, most = terms.least or nothing, terms.most
    if amount <= 0 or amount < least or (most is not None and most < max(least, nothing + Decimal("1e-9"))):
        return Calendar((), max(amount, nothing), terms.within)
    day = terms.start(after)
    if most is None:
        return Calendar((Payouts(day, 0, 1, amount),), nothing, terms.within)
    with exact():
        gone = [item for item in gone if _month(item[0]) == _month(day) or _week(item[0]) == _week(day)]
        runs = (not gone and _of_one_limit(amount, day, terms)) or _day_by_day(amount, day, terms, gone)
        runs = tuple(run for run in runs if run.count and run.amount >= max(least, nothing) and run.amount > 0)
        left = amount - sum((run.amount * run.count for run in runs), nothing)
    return Calendar(runs, left, terms.within)


def _of_one_limit(amount: Decimal, day: date, terms: Terms) -> tuple[Payouts, ...]:
    """Where only one limit binds, and that not by the month: full payouts, and the rest. Nothing where it is otherwise."""
    per_day, per_week, per_month = terms.limits
    if terms.net is not None:
        return ()
    if terms.weekday is not None and per_month is None:
        limit, every = min(each for each in (per_day, per_week) if each is not None), 7
        full, rest = _divided(amount, limit)
        return Payouts(day, every, full, limit), Payouts(_later(day, every * full), 0, 1, rest)
    if per_month is not None:
        return ()
    if per_day is not None and (per_week is None or per_week >= 7 * per_day):
        full, rest = _divided(amount, per_day)
        return Payouts(day, 1, full, per_day), Payouts(_later(day, full), 0, 1, rest)
    if per_week is not None and (per_day is None or per_day >= per_week):
        first = min(amount, per_week)
        full, rest = _divided(amount - first, per_week)
        monday = day + timedelta(days=7 - day.weekday())
        return (
            Payouts(day, 0, 1, first),
            Payouts(monday, 7, full, per_week),
            Payouts(_later(monday, 7 * full), 0, 1, rest),
        )
    return ()


def _divided(amount: Decimal, limit: Decimal) -> tuple[int, Decimal]:
    """How often a limit is in an amount, and the rest."""
    places = min(int(amount.as_tuple().exponent), int(limit.as_tuple().exponent))
    # Whole numbers: decimals would round a quotient.
    full, _ = divmod(int(amount.scaleb(-places)), int(limit.scaleb(-places)))
    return full, amount - limit * full


def _later(day: date, days: int) -> date:
    """So many days later; the last day of all where no calendar reaches so far."""
    return day + timedelta(days=min(days, (date.max - day).days))


def _day_by_day(amount: Decimal, day: date, terms: Terms, gone: Sequence[Gone]) -> tuple[Payouts, ...]:
    """Where several limits bind, or one of the month: on each day what all of them leave."""
    windows = [(limit, key) for limit, key in zip(terms.limits, (_same_day, _week, _month), strict=True) if limit is not None]
    used: dict[tuple[int, object], Decimal] = {}
    for left, paid in gone:
        for index, (_, key) in enumerate(windows):
            used[index, key(left)] = used.get((index, key(left)), amount * 0) + paid
    runs: list[Payouts] = []
    last = _later(day, NEVER)
    rest, least = amount, terms.least or amount * 0
    while rest > 0 and rest >= least and day <= last:
        room = min(limit - used.get((index, key(day)), amount * 0) for index, (limit, key) in enumerate(windows))
        paid = min(rest, room)
        if paid > 0 and paid >= least:
            runs.append(Payouts(day, 0, 1, paid))
            rest -= paid
            for index, (_, key) in enumerate(windows):
                used[index, key(day)] = used.get((index, key(day)), amount * 0) + paid
        if day >= (following := terms.after(day)):
            break
        day = following
    return tuple(runs)


def _same_day(day: date) -> object:
    return day


def _week(day: date) -> object:
    return day.isocalendar()[:2]


def _month(day: date) -> object:
    return day.year, day.month
