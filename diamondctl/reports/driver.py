"""What moved a period: the one gift, LIVE or gifter that made more than a fifth of it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, Literal, NamedTuple

from diamondctl import periods
from diamondctl.records import GiftUsage, Usage
from diamondctl.reports.values import Account

_PART: Final = 5  # one so many of the coins, or more, is worth a line


class Driver(NamedTuple):
    """What made so much of a period. Gifters are never named here."""

    kind: Literal["gift", "live", "gifter"]
    name: str  # of the gift; blank: of a LIVE and of people
    day: date | None  # where its gift or LIVE began, in the reporting zone
    coins: int
    whole: int  # coins of the period
    before: int  # of the period before; 0: nothing is there


def driver_of(account: Account, gifts: Iterable[GiftUsage] = ()) -> Driver | None:
    """The gift, else the LIVE, else the gifter that made more than a fifth of a period's coins; None: nothing did.

    Without `gifts`, those of the period told apart, only LIVEs are looked at.
    """
    rows, earlier = (_rows(account, span) for span in (account.span, account.span_before))
    whole, before = sum(row.coins for row in rows), sum(row.coins for row in earlier)
    start, end = account.span
    mine = [
        item
        for item in gifts
        if (item.creator, item.region) == (account.creator, account.region) and start <= item.quarter < end
    ]
    if mine and sum(item.coins for item in mine) != whole:
        return None  # a closed month, and gifts came since: nobody can tell which were there
    lives: Counter[str] = Counter()
    begun: dict[str, int] = {}
    for row in rows:
        if row.stream:
            lives[row.stream] += row.coins
            begun[row.stream] = min(begun.get(row.stream, row.quarter), row.quarter)
    people: Counter[str] = Counter()
    for item in mine:
        if item.gifter:
            people[item.gifter] += item.coins
    largest = max(mine, key=lambda item: (item.largest, -item.quarter, item.gift), default=None)
    if largest is not None and largest.largest * _PART > whole:
        return Driver("gift", largest.gift, _day(largest.quarter, account), largest.largest, whole, before)
    if lives and len(lives) > 1:
        name, coins = min(lives.items(), key=lambda item: (-item[1], item[0]))
        if coins * _PART > whole:
            return Driver("live", "", _day(begun[name], account), coins, whole, before)
    if len(people) > 1:
        coins = max(people.values())
        if coins * _PART > whole:
            return Driver("gifter", "", None, coins, whole, before)
    return None


def _rows(account: Account, span: tuple[int, int]) -> Sequence[Usage]:
    return [row for row in account.person.rows if span[0] <= row.quarter < span[1]]


def _day(quarter: int, account: Account) -> date:
    return periods.local_day(quarter, account.timezone)
