"""What each LIVE of a period brought: time, length, gifts, gifters, diamonds, money, and the same for an hour. Pure.

A LIVE counts in the period in which it began; its coins and money are those sent in the period. It begins and ends with its
first and last gift, unless a source knows better, so that it was at least as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from diamondctl import periods
from diamondctl.money import Range, quantise
from diamondctl.ratebook.entries import RateEntry, Zone
from diamondctl.rating.known import Span
from diamondctl.records import GiftUsage
from diamondctl.reports import remarks
from diamondctl.reports import scope as frame
from diamondctl.reports.apportion import Brought, Slice, apart, brought, slices
from diamondctl.reports.method import FEW, Method, middle, under
from diamondctl.reports.remark import SHARE, Remark
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import Account, RateUse
from diamondctl.words import counted

SHORTEST: Final = 900  # seconds: of less, an hour's worth is not told


@dataclass(frozen=True, slots=True)
class Live:
    """One LIVE, or a day's gifts that name none, in one account."""

    account: Account
    name: str  # blank: gifts of a day that name no LIVE
    begun: bool  # in the period; False: before it
    first: int  # second since 1970 UTC
    last: int
    seconds: int  # how long, at least; 0: not known
    known: bool  # whether a source says how long
    got: Brought  # in the period
    gifters: int | None  # None: not every gift says whose it is
    largest: GiftUsage | None  # of the largest single gift; None: no single gift is known
    percent: Decimal  # of the coins of the period, of all accounts

    @property
    def day(self) -> date:
        """The day on which it began where the creator lives."""
        return self.start.date()

    @property
    def start(self) -> datetime:
        """When it began, where the creator lives."""
        return datetime.fromtimestamp(self.first, periods.zone(self.account.timezone))

    @property
    def end(self) -> datetime:
        """When its last gift came, or it ended."""
        return datetime.fromtimestamp(self.last, periods.zone(self.account.timezone))

    @property
    def hourly(self) -> int | None:
        """Coins an hour, rounded; where it was longer than its gifts show, at most. None: it is too short, or not all of it."""
        goes_on = self.known and self.last > self.account.span[1] * 900
        if not self.name or not self.begun or goes_on or self.seconds < SHORTEST:
            return None
        return (self.got.coins * 7_200 + self.seconds) // (2 * self.seconds)

    @property
    def hourly_reward(self) -> Range | None:
        """The reward of an hour."""
        reward, currency = self.got.reward, self.account.currency
        if reward is None or self.hourly is None:
            return None
        ends = (Fraction(end) * 3_600 / self.seconds for end in (reward.low, reward.high))
        return reward.but(*(quantise(Decimal(int(end * 10**6)).scaleb(-6), currency, "half_even") for end in ends))


@dataclass(frozen=True, slots=True)
class StartHour:
    """LIVEs that began in one hour of the day, where the creator lives."""

    hour: int
    lives: int
    coins: int
    middle: Fraction | None  # coins of the LIVE in the middle; None: of too few


@dataclass(frozen=True, slots=True)
class Streams:
    """The report. `lives` by time."""

    scope: Scope
    lives: tuple[Live, ...]
    hours: tuple[StartHour, ...]
    method: Method
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]

    @property
    def named(self) -> tuple[Live, ...]:
        """LIVEs that began in the period."""
        return tuple(live for live in self.lives if live.name and live.begun)

    @property
    def counted(self) -> tuple[Live, ...]:
        """What is compared: LIVEs that began in the period, or, where no gift names one, days."""
        return self.named or tuple(live for live in self.lives if live.begun)

    @property
    def coins(self) -> int:
        """Of the period."""
        return sum(live.got.coins for live in self.lives)

    @property
    def seconds(self) -> int:
        """Of all LIVEs that began in the period, at least."""
        return sum(live.seconds for live in self.named)

    @property
    def best(self) -> tuple[Live, ...]:
        """What is compared, from most coins to least."""
        return tuple(sorted(self.counted, key=lambda live: (-live.got.coins, live.first, live.name)))

    @property
    def half_under(self) -> int | None:
        """Coins that at least half of them stayed under; None: too few, or too many alike."""
        return under([live.got.coins for live in self.counted])


def streams(scope: Scope, gifts: Sequence[GiftUsage]) -> Streams:
    """Every LIVE of the period; `gifts` are those of the same source, perhaps of other days too."""
    lives: list[Live] = []
    used: list[tuple[Zone, RateEntry]] = []
    of_creator: dict[str, list[GiftUsage]] = {}
    for gift in gifts:
        of_creator.setdefault(gift.creator, []).append(gift)
    every = [(account, slices(account)) for account in scope.accounts]
    coins = sum(item.coins for _, items in every for item in items)
    for account, items in every:
        lives += _lives(account, items, of_creator.get(account.creator, []), scope, coins)
        used += [(account.zone, entry) for entry in frame.entries_of(account.now)]
    uses = scope.uses(used)
    lives.sort(key=lambda live: (live.first, live.account.key, live.name))
    made = Streams(scope, tuple(lives), (), _NO_METHOD, uses, ())
    return Streams(scope, made.lives, start_hours(made.named), _method(made), uses, beside(scope, uses))


def start_hours(lives: Sequence[Live]) -> tuple[StartHour, ...]:
    """The hours of the day in which LIVEs began."""
    by_hour: dict[int, list[int]] = {}
    for live in lives:
        by_hour.setdefault(live.start.hour, []).append(live.got.coins)
    return tuple(
        StartHour(hour, len(coins), sum(coins), middle(coins) if len(coins) >= FEW else None)
        for hour, coins in sorted(by_hour.items())
    )


def _lives(account: Account, items: Sequence[Slice], gifts: Sequence[GiftUsage], scope: Scope, coins: int) -> list[Live]:
    groups: dict[tuple[str, date], list[Slice]] = {}
    given: dict[tuple[str, date], list[GiftUsage | None]] = {}

    def key_of(item: Slice) -> tuple[str, date]:
        if item.stream or item.row is None:
            return item.stream, date.min
        return "", periods.local_day(item.row.quarter, account.timezone)

    for item in items:
        groups.setdefault(key_of(item), []).append(item)
    for gift, item in apart(items, gifts):
        given.setdefault(key_of(item), []).append(gift)
    starts = account.began(account.span)
    made = []
    for (name, day), got in brought(groups, account, lambda key: key).items():
        rows = [item.row for item in groups[name, day] if item.row is not None]
        if name:
            span = account.person.spans.at(name, account.span[1])
            stated = scope.asked.facts.streams.get((account.creator, name))
        else:
            firsts = [row.first or row.quarter * 900 for row in rows] or [account.span[0] * 900]
            span = Span("", min(firsts), max([row.last or row.quarter * 900 for row in rows] or firsts))
            stated = None
        (first, last), seconds, known = span.ends, span.last - span.first if name and span.proves else 0, False
        if stated is not None and 0 < stated.start <= stated.end:
            first, last = (at // periods.MICROSECONDS for at in (stated.start, stated.end))
            seconds, known = last - first, True
        if stated is not None and stated.seconds >= 0:
            seconds, known = stated.seconds, True
        single = [gift for gift in given.get((name, day), []) if gift is not None]
        people = {gift.gifter for gift in single}
        whole = len(single) == len(given.get((name, day), [])) and "" not in people
        made.append(
            Live(
                account=account,
                name=name,
                begun=name in starts if name else bool(rows),
                first=first,
                last=last,
                seconds=seconds,
                known=known,
                got=got,
                gifters=len(people) if whole and single else None,
                largest=max(single, key=lambda gift: (gift.largest, gift.gift), default=None),
                percent=percent(got.coins, coins),
            )
        )
    return made


def beside(scope: Scope, uses: Sequence[RateUse] = ()) -> tuple[str, ...]:
    """The warnings of a report that shows little money or none: what is not known of a share is evidence alone there."""
    warnings = (*scope.warnings, *remarks.stale_warnings(uses, scope.as_of))
    return tuple(
        str(text) if isinstance(text, Remark) and text.cause and text.cause.rank == SHARE else text for text in warnings
    )


def percent(part: int, whole: int) -> Decimal:
    """A part in percent of a whole, to one decimal, half up; 0 of nothing."""
    return Decimal((part * 2_000 + whole) // (2 * whole)).scaleb(-1) if whole else Decimal(0)


_NO_METHOD: Final = Method("", "", "")


def _method(report: Streams) -> Method:
    lives = report.named
    untold = sum(not live.known for live in lives)
    limits = [
        f"{counted(untold, 'LIVE')} of {len(lives):,} began and ended with their first and last gift as far as is known: they "
        "were at least as long, and an hour brought at most what is told."
    ] if untold else []  # fmt: skip
    if any(live.got.reward is not None for live in report.lives):
        limits.append(
            "Money is the reward of the period, split by value over its gifts, the part of a week over the gifts of the week."
        )
    limits.append(f"Of fewer than {FEW} LIVEs, and of less than {SHORTEST // 60} minutes, nothing is said for an hour.")
    return Method(
        "Which LIVEs brought what?",
        "Coins of every gift by its LIVE; a LIVE counts in the period in which it began.",
        f"{counted(len(lives), 'LIVE')}, {counted(sum(live.got.gifts for live in report.lives), 'gift')}",
        tuple(limits),
    )
