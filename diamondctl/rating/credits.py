"""What rating yields, as values: credits, when they reach the balance, their parts, what could not be rated. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.money import Range
from diamondctl.ratebook.entries import NotKnown, RateEntry, Reward, Settlement
from diamondctl.rating.missions import Built
from diamondctl.records import Usage

GATHERED: Final = "streams"
WEEKLY: Final = "weekly"


class OwnShare(NamedTuple):
    """A creator's own reward share, from the beginning of a day in the rate zone's time on until the next one begins."""

    percent: Decimal
    start: date | None = None  # None: always


class Part(NamedTuple):
    """What one reward entry contributes to a credit under one share; exact, not rounded."""

    entry: RateEntry
    coins: int
    diamonds: Decimal
    gift_value: Decimal  # nominal value of the diamonds
    reward: Range
    share: Range  # in percent: the creator's own where there is one, else the entry's
    own: OwnShare | None
    built: Built | None = None  # of a share that is built from missions
    first: int = 0  # quarter of its first gift; of parts that stand for no rows, 0


class Credit(NamedTuple):
    """One booking by the platform, in one currency. Money here is rounded; nothing above rounds again.

    With unit `streams` it stands for many that are long over (`past`): without rows, its money the sum of theirs. With unit
    `weekly` it is the part of a share that is credited when a week is over: without rows, coins and gift value.
    """

    creator: str
    region: str
    unit: str  # stream | day | week | month | streams | weekly
    name: str  # stream id, or first day of the unit in the rate zone's time
    currency: str
    settlement: RateEntry
    parts: tuple[Part, ...]
    rows: tuple[Usage, ...]
    gift_value: Decimal
    reward: Range
    diamonds: Decimal  # exact, of all parts
    first: int  # quarter of the first gift
    last: int  # of the last gift: it decides the period


class Unrated(NamedTuple):
    """Usage that no rate covers, left out of money, and why."""

    row: Usage
    why: NotKnown


class Rated(NamedTuple):
    """All credits, sorted by time, and what could not be rated."""

    credits: tuple[Credit, ...]
    unrated: tuple[Unrated, ...]


def by_time(credit: Credit) -> tuple[int, str, str, str, str]:
    """The order of credits."""
    return credit.first, credit.creator, credit.region, credit.unit, credit.name


def credited_from(credit: Credit, last: int, timezone: str) -> int:
    """First quarter at which a credit is in the balance, days in the rate zone's `timezone`.

    A stream is credited when it is over, which is taken as the quarter after its last gift, `last`: later than that of a
    credit-so-far. A day, week or month is credited when it has ended; the weekly part of a share on the Monday after.
    """
    if credit.unit in ("stream", GATHERED):
        return last + 1
    first = date.fromisoformat(credit.name)
    if credit.unit == WEEKLY:
        return periods.day_start(first + timedelta(days=7), timezone) + 1  # on that Monday, not at the end of the Sunday
    if credit.unit == "day":
        after = first + timedelta(days=1)
    elif credit.unit == "week":
        after = first + timedelta(days=7)
    else:
        after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return periods.day_start(after, timezone)


def part_at(credit: Credit, quarter: int) -> Part:
    """The part that a row of a credit went into: parts follow each other in time, as entries and shares do."""
    return max((part for part in credit.parts if part.first <= quarter), key=lambda part: part.first)


def reward_of(entry: RateEntry) -> Reward:
    """The value of a reward entry."""
    if not isinstance(entry.value, Reward):
        raise TypeError(f"{entry.where} is not a reward entry")
    return entry.value


def rule_of(entry: RateEntry) -> Settlement:
    """The value of a settlement entry."""
    if not isinstance(entry.value, Settlement):
        raise TypeError(f"{entry.where} is not a settlement entry")
    return entry.value
