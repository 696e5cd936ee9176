"""A projection as values: figures in three futures, each a range where the rules are known only as one.

Two things are not known and are never mixed: what the future brings, which is low, middle and high; and what the rules are
(a share or a fee that is known as a range), which is the range inside each of these figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from diamondctl.forecast.values import Forecast
from diamondctl.money import Range
from diamondctl.periods import Period
from diamondctl.ratebook.entries import RateEntry
from diamondctl.reports.fees import Wanted
from diamondctl.reports.projected_goals import Goal, Tier
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import Account, RateUse
from diamondctl.reports.verdict import Verdict
from diamondctl.reports.without_top import Sent

EPOCH: Final = date(1970, 1, 1)
Question = Literal["period", "until", "threshold"]


class Cell(NamedTuple):
    """One figure in three futures; each is a range where the rules are known only as one."""

    low: Range
    middle: Range
    high: Range


class Line(NamedTuple):
    """One figure of the projection."""

    key: str  # coins | diamonds | gift_value | reward | so_far | balance | between | later | balance_end | paid_out | left
    label: str
    unit: str  # count | diamonds | a currency
    cell: Cell
    provenance: str  # projected | rated
    note: str = ""


class Bank(NamedTuple):
    """What one payout method leaves of the balance at the end, and when it arrives."""

    method: str
    currency: str
    net: Cell
    payouts: tuple[int, int]
    earliest: date | None
    latest: date | None  # None: how long it takes is not known
    short: str  # why nothing can be withdrawn, or not surely; blank: it can
    taken: tuple[str, ...]  # agency and tax, in words
    unknown: tuple[str, ...]


class Reach(NamedTuple):
    """When an amount is together, in the wallet or paid out on the way: never before today. None: not within the days that
    were looked at.
    """

    amount: Decimal
    currency: str
    earliest: date | None
    middle: tuple[date | None, date | None]
    latest: date | None
    verdict: Verdict  # whether it is reached in the days that were looked at
    within: int  # days that were looked at
    tested: int  # past periods that the paths could be tested on
    guess: bool  # too few of them for the level
    there: bool  # already, by what is known
    chance: tuple[int, int]  # of 100 paths, those that get there in the period: at both ends of what the rules leave open


class Month(NamedTuple):
    """One bar: a month that is over, or the one that is projected."""

    label: str
    currency: str
    cell: Cell
    projected: bool


class Largest(NamedTuple):
    """The stream that brought more than a fifth of the last weeks, and how many percent it brought."""

    day: date
    percent: int
    weeks: int


class Projection(NamedTuple):
    """One account."""

    account: Account
    first: date  # of the days to come that are asked about
    last: date
    begun: date  # of the history
    until: date
    today: date
    guessed: bool  # whether nothing is known of some days up to today
    forecast: Forecast
    share: Range
    share_text: str
    lines: tuple[Line, ...]
    banks: tuple[Bank, ...]
    reach: Reach | None
    goals: tuple[Goal, ...]
    months: tuple[Month, ...]
    assumptions: tuple[str, ...]
    largest: Largest | None
    entries: tuple[RateEntry, ...]


class Given(NamedTuple):
    """What was asked, and what is supposed. None: nothing."""

    question: Question
    period: Period | None
    amount: Decimal | None  # of `until`
    level: int
    seed: int
    streams: int | None
    quarters: int | None
    payout_method: str
    wanted: Wanted
    sent: Mapping[str, Sent] = MappingProxyType({})  # by creator; where `top` asks for it
    tiers: tuple[Tier, ...] = ()
    top: int = 0  # so many of the largest gifters had sent nothing


class ProjectionReport(NamedTuple):
    """The whole report. `skipped`: accounts that cannot be projected, and why."""

    scope: Scope
    given: Given
    items: tuple[Projection, ...]
    skipped: tuple[str, ...]
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]


def number(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


def day_of(days: int) -> date:
    """The day so many days after 1970-01-01."""
    return EPOCH + timedelta(days=days)
