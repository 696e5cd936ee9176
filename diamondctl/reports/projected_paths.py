"""What paths of coins make of a wallet: when an amount is together, and what payouts on fixed days take on the way.

Whole minor units throughout: an amount is a number of cents, a price a fraction of whole numbers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Final, Literal, NamedTuple

from diamondctl.forecast.values import Path
from diamondctl.rating.calendar import Terms

End = Literal["low", "high"]  # of what the rules leave open
NEVER: Final = 1 << 30  # days ahead


class Day(NamedTuple):
    """The end of a day to come: what is there without the gifts to come, and up to which days ahead these are booked."""

    day: date
    low: int  # minor units, at both ends of what the rules leave open
    high: int
    booked: int  # 0: none of the days to come
    week: int  # the same of what is booked when its week is over


class Price(NamedTuple):
    """What coins bring in minor units: at once, and when their week is over, over one denominator."""

    at_once: int
    weekly: int
    over: int

    @classmethod
    def of(cls, at_once: Fraction, weekly: Fraction, places: int) -> Price:
        """Of what a coin brings in a currency of so many decimals."""
        at_once, weekly = at_once * 10**places, weekly * 10**places
        over = lcm(at_once.denominator, weekly.denominator)
        return cls(int(at_once * over), int(weekly * over), over)


class Wallet(NamedTuple):
    """A wallet with what comes into it."""

    days: tuple[Day, ...]  # item 0 is the last day that is known
    low: Price
    high: Price
    since: int = 0  # days ahead of which what is inside holds all that was booked by then
    paid: int = 0  # days ahead of which all that left is told

    def there(self, path: Path, ahead: int, end: End) -> int:
        """What is together so many days ahead, if nothing is paid out; never before `since`."""
        day, price = self.days[max(ahead, self.since)], getattr(self, end)
        first = self.days[self.since]
        booked = path.coins[day.booked - 1] if day.booked > 0 else 0
        week = path.coins[day.week - 1] if day.week > 0 else 0
        booked -= path.coins[first.booked - 1] if first.booked > 0 and self.since else 0
        week -= path.coins[first.week - 1] if first.week > 0 and self.since else 0
        inside: int = getattr(day, end)
        coming: int = (price.at_once * booked + price.weekly * week) // price.over
        return inside + coming


def reached(wallet: Wallet, paths: Sequence[Path], amount: int, end: End) -> list[int]:
    """In how many days each path has an amount together, the soonest first; `NEVER` where not in the days there are."""
    days = range(len(wallet.days))
    fixed = [getattr(day, end) for day in wallet.days]
    rises = all(one <= other for one, other in pairwise(fixed))
    found = []
    for path in paths:
        if rises:
            ahead = bisect_left(days, amount, key=lambda day, path=path: wallet.there(path, day, end))  # type: ignore[misc]
        else:
            ahead = next((day for day in days if wallet.there(path, day, end) >= amount), len(days))
        found.append(ahead if ahead < len(days) else NEVER)
    return sorted(found)


class Paid(NamedTuple):
    """What payouts on fixed days took in one path, and what the wallet holds then."""

    out: int
    left: int


def paid_out(wallet: Wallet, paths: Sequence[Path], terms: Terms, last: int, end: End, places: int) -> list[Paid]:
    """Of each path up to the end of day `last` ahead. A payout takes what the wallet held at the end of the day before it, if
    that is the minimum, and no more than the limits of its day, week and month.
    """
    least = _minor(terms.least, places) or 1
    found = []
    for path in paths:
        out, months = 0, dict[tuple[int, int], int]()
        for ahead in range(wallet.paid + 1, last + 1):
            day = wallet.days[ahead].day
            if day.weekday() != terms.weekday:
                continue
            month = (day.year, day.month)
            limits = (_minor(terms.per_day, places), _minor(terms.per_week, places), _minor(terms.per_month, places))
            left = [limits[0], limits[1], None if limits[2] is None else limits[2] - months.get(month, 0)]
            leaves = min([wallet.there(path, ahead - 1, end) - out, *(limit for limit in left if limit is not None)])
            if leaves >= least:
                out += leaves
                months[month] = months.get(month, 0) + leaves
        found.append(Paid(out, wallet.there(path, last, end) - out))
    return found


def _minor(amount: Decimal | None, places: int) -> int | None:
    return None if amount is None else int(amount.scaleb(places))


def quantile(ranked: Sequence[int], percent: int) -> int:
    """Of sorted numbers, the one that so many percent of them do not exceed."""
    return ranked[min(max(-(-len(ranked) * percent // 100) - 1, 0), len(ranked) - 1)]


def tails(level: int) -> tuple[int, int, int]:
    """Low, middle and high of a range that holds so many percent, in percent."""
    return (100 - level) // 2, 50, 100 - (100 - level) // 2


def week_over(day: date) -> date:
    """The last day of the last week that is over when a day begins."""
    return day - timedelta(days=day.weekday() + 1)


def days_of(
    until: date, count: int, inside: Callable[[date], tuple[int, int]], booked: Callable[[date], date]
) -> tuple[Day, ...]:
    """The last day that is known, and so many after it. `booked` is the last day whose gifts are booked by the end of a day."""
    found = []
    for ahead in range(count + 1):
        day = until + timedelta(days=ahead)
        low, high = inside(day)
        found.append(Day(day, low, high, max((booked(day) - until).days, 0), max((week_over(day) - until).days, 0)))
    return tuple(found)
