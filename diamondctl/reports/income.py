"""Other income beside gifts: by month and source, how much hangs on the largest, and how far the rest would reach. Pure.

Conventions. Income counts on the day on which it was paid; what is only invoiced is not counted. Gifts are the reward of a
month by the basis that was asked for. Nothing is added across currencies, so each currency of a creator is a table of its
own. What share a source has is told of the smallest and the greatest that the others may come to. `reach`: if gifts stopped,
the rest of the period would pay for so many of its months, each as the average of all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.money import ZERO, Range, exact, total
from diamondctl.periods import Period
from diamondctl.records import Record
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import Account

GIFTS: Final = "gifts"  # the source that is no other income


class Amount(NamedTuple):
    """What one source brought in a month."""

    month: Period
    source: str
    amount: Range


class Source(NamedTuple):
    """What one source brought in the whole period, and its part of everything, in percent with one decimal."""

    source: str
    amount: Range
    percent: Range | None  # None: nothing came in


class Income(NamedTuple):
    """What one creator got in one currency: months by time, sources by size."""

    creator: str
    currency: str
    amounts: tuple[Amount, ...]
    sources: tuple[Source, ...]
    whole: Range
    months: int
    reach: Range | None  # months, one decimal; None: nothing came in

    @property
    def largest(self) -> Source | None:
        """The source on which most hangs."""
        return self.sources[0] if self.sources else None

    @property
    def other(self) -> Range:
        """Everything but gifts."""
        return total(item.amount for item in self.sources if item.source != GIFTS)


def income(scope: Scope) -> tuple[Income, ...]:
    """Of every creator who got anything but gifts in the period, up to `as_of`; nothing where nobody did."""
    months = tuple(_months(scope))
    paid = [item for item in scope.origin.records if _counts(item, scope)]
    keys = dict.fromkeys((item.creator, item.currency) for item in paid)
    creators = {creator for creator, _ in keys}
    keys |= dict.fromkeys(
        (item.creator, item.currency) for item in scope.accounts if item.creator in creators and item.currency
    )
    return tuple(_of(scope, creator, currency, months, paid) for creator, currency in sorted(keys))


def _counts(item: Record, scope: Scope) -> bool:
    return item.sort == "income" and item.paid and scope.period.start <= item.day <= min(scope.end, scope.as_of)


def _months(scope: Scope) -> Iterator[Period]:
    """The calendar months of the period, as far as it has begun; the first and the last may be a part."""
    day = scope.period.start
    while day < scope.period.end and day <= scope.as_of:
        month = periods.month_of(day)
        yield month
        day = month.end


def _of(scope: Scope, creator: str, currency: str, months: Sequence[Period], paid: Sequence[Record]) -> Income:
    accounts = [item for item in scope.accounts if (item.creator, item.currency) == (creator, currency)]
    mine = [item for item in paid if (item.creator, item.currency) == (creator, currency)]
    amounts: list[Amount] = []
    for month in months:
        gifts = total(_reward(account, scope, month) for account in accounts)
        if gifts != ZERO:
            amounts.append(Amount(month, GIFTS, gifts))
        inside = [item for item in mine if month.start <= item.day < month.end]
        for source in sorted({item.name for item in inside}):
            amounts.append(Amount(month, source, total(Range.of(item.amount) for item in inside if item.name == source)))
    names = dict.fromkeys(item.source for item in amounts)
    sums = {name: total(item.amount for item in amounts if item.source == name) for name in names}
    whole = total(sums.values())
    sources = [Source(name, amount, _part(amount, whole)) for name, amount in sums.items()]
    sources.sort(key=lambda item: (-item.amount.high, -item.amount.low, item.source))
    found = Income(creator, currency, tuple(amounts), tuple(sources), whole, len(months), None)
    return found._replace(reach=_reach(found.other, whole, len(months)))


def _reward(account: Account, scope: Scope, month: Period) -> Range:
    """What gifts of a month brought, of the part of it that lies in the period."""
    start, end = (max(month.start, scope.period.start), min(month.end, scope.period.end))
    quarters = periods.days(start, end).quarters(account.timezone)
    return total(credit.reward for credit in account.money((quarters[0], min(quarters[1], account.as_of_quarter + 1)))).ordered


def _part(amount: Range, whole: Range) -> Range | None:
    """A part of everything: the least of it beside the most of the others, and the other way round."""
    if whole.low < 0 or amount.low < 0 or not whole.high:
        return None
    with exact():
        others = Range(whole.low - amount.low, whole.high - amount.high)
    low = _quotient(amount.low, amount.low + others.high)
    high = _quotient(amount.high, amount.high + others.low)
    return None if low is None or high is None else Range(_tenths(low * 100), _tenths(high * 100))


def _reach(rest: Range, whole: Range, months: int) -> Range | None:
    """How many months of the average the rest pays for. The rest is one number: only gifts are a range."""
    if rest.low < 0 or not months:
        return None
    low, high = _quotient(rest.low * months, whole.high), _quotient(rest.high * months, whole.low)
    return None if low is None or high is None else Range(_tenths(low), _tenths(high))


def _quotient(part: Decimal, whole: Decimal) -> Fraction | None:
    return Fraction(part) / Fraction(whole) if whole > 0 else None


def _tenths(number: Fraction) -> Decimal:
    """To one decimal, half up."""
    return Decimal(int(number * 10 + Fraction(1, 2))).scaleb(-1)
