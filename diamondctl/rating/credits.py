"""What rating yields, as values: credits, their parts, what could not be rated. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Final, NamedTuple

from diamondctl.confidence import OWN, weakest
from diamondctl.money import ZERO, Range
from diamondctl.ratebook.entries import NotKnown, RateEntry, Reward, Settlement
from diamondctl.rating.missions import Built
from diamondctl.records import Usage

WEEKLY: Final = "weekly"
KEPT: Final = "kept"
_COINS: Final = attrgetter("coins")


class OwnShare(NamedTuple):
    """A creator's own reward share, from the beginning of a day in the rate zone's time on until the next one begins."""

    percent: Decimal
    start: date | None = None  # None: always


class Priced:
    """Gifts by time, and under which entry and own share they come: told where one begins, for there are few."""

    __slots__ = ("_begins", "rows")

    def __init__(self) -> None:
        self.rows: list[Usage] = []
        self._begins: list[tuple[int, RateEntry, OwnShare | None]] = []

    def add(self, row: Usage, entry: RateEntry, own: OwnShare | None) -> None:
        """One more, later than the others."""
        begins = self._begins
        if not begins or begins[-1][1] is not entry or begins[-1][2] is not own:
            begins.append((len(self.rows), entry, own))
        self.rows.append(row)

    def coins(self, count: int) -> list[tuple[RateEntry, OwnShare | None, int, int]]:
        """Of the first `count` gifts each entry and own share, the quarter of the first gift under it, and their coins."""
        if len(self._begins) == 1:
            (_, entry, own), rows = self._begins[0], self.rows
            return [(entry, own, rows[0].quarter, sum(map(_COINS, rows if count == len(rows) else rows[:count])))]
        found: dict[tuple[int, date, OwnShare | None], tuple[RateEntry, OwnShare | None, int, int]] = {}
        ends = [begin for begin, _, _ in self._begins[1:]]
        for (begin, entry, own), end in zip(self._begins, [*ends, count], strict=True):
            if begin < count:
                coins = sum(map(_COINS, self.rows[begin : min(end, count)]))
                of = (entry.effective, entry.recorded, own)
                _, _, first, before = found.get(of, (entry, own, self.rows[begin].quarter, 0))
                found[of] = (entry, own, first, before + coins)
        return list(found.values())


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

    @property
    def confidence(self) -> str:
        """What its reward rests on: the user's own word where the share is hers, else the entry."""
        return confidence_of(self.entry, self.own)

    @property
    def plain(self) -> Part:
        """The same without its addends, for sums."""
        return self._replace(built=None, first=0)

    def plus(self, other: Part, sign: int = 1) -> Part:
        """Both, under one entry and own share; `sign` -1 takes the other away. Call inside `exact()`."""
        return self._replace(
            coins=self.coins + sign * other.coins,
            diamonds=self.diamonds + sign * other.diamonds,
            gift_value=self.gift_value + sign * other.gift_value,
            reward=_plus(self.reward, other.reward, sign),
        )


class Credit(NamedTuple):
    """One booking by the platform, in one currency. Money here is rounded; nothing above rounds again.

    `reward` holds two stories: `low` the one in which every unknown has its worst value, `high` that of the best. With unit
    `weekly` it is the part of a share that is credited when a week is over: without rows, coins and gift value. With unit
    `kept` it stands for many that are long over, its money the sum of theirs.

    Of a credit that crosses the beginning of a period, an activity has only what came in it: the difference, story by story,
    to `begun`, the credit as it stood before. There `low` may be the larger end.
    """

    creator: str
    region: str
    unit: str  # stream | day | week | month | weekly | kept
    name: str  # stream id, or first day of the unit in the rate zone's time
    currency: str
    settlement: RateEntry
    parts: tuple[Part, ...]
    rows: tuple[Usage, ...]
    gift_value: Decimal
    reward: Range
    diamonds: Decimal  # exact, of all parts
    first: int  # quarter of the first gift
    last: int  # of the last gift
    booked: int  # the quarter in which it is in the wallet
    begun: Credit | None = None  # what there was of it before the period; None: it is whole

    def plus(self, other: Credit, sign: int = 1) -> Credit:
        """Both as one, part by part; `sign` -1 takes the other away. Call inside `exact()`."""
        parts = {(part.entry.where, part.own): part for part in self.parts}
        for part in other.parts:
            key = (part.entry.where, part.own)
            parts[key] = parts[key].plus(part, sign) if key in parts else part
        return self._replace(
            parts=tuple(parts.values()),
            gift_value=self.gift_value + sign * other.gift_value,
            reward=_plus(self.reward, other.reward, sign),
            diamonds=self.diamonds + sign * other.diamonds,
            first=min(self.first, other.first),
            last=max(self.last, other.last),
            booked=max(self.booked, other.booked),
        )

    def less(self, other: Credit) -> Credit:
        """Without what another holds of it. Call inside `exact()`."""
        return self.plus(other, -1)

    @property
    def nominal(self) -> Range:
        """The gift value, which rests on the entries alone: an own share says nothing of it."""
        worth = (part.entry.confidence for part in self.parts if part.gift_value)
        return Range(self.gift_value, self.gift_value, weakest(worth))

    @property
    def whole(self) -> Range:
        """The reward of all of the credit, where it is one of which only a part came in a period."""
        if self.begun is None:
            return self.reward
        return self.reward + self.begun.reward


def summed(credits: Sequence[Credit]) -> Credit:
    """Credits as one, part by part: what `Credit.plus` makes of them one after the other. Call inside `exact()`."""
    parts: dict[tuple[str, OwnShare | None], list[Part]] = {}
    for credit in credits:
        for part in credit.parts:
            parts.setdefault((part.entry.where, part.own), []).append(part)
    first, *rest = credits
    return first._replace(
        parts=tuple(_summed_parts(mine) for mine in parts.values()),
        gift_value=sum((credit.gift_value for credit in rest), first.gift_value),
        reward=_summed_rewards([credit.reward for credit in credits]),
        diamonds=sum((credit.diamonds for credit in rest), first.diamonds),
        first=min(credit.first for credit in credits),
        last=max(credit.last for credit in credits),
        booked=max(credit.booked for credit in credits),
    )


def _summed_parts(parts: Sequence[Part]) -> Part:
    first, *rest = parts
    return first._replace(
        coins=sum(part.coins for part in parts),
        diamonds=sum((part.diamonds for part in rest), first.diamonds),
        gift_value=sum((part.gift_value for part in rest), first.gift_value),
        reward=_summed_rewards([part.reward for part in parts]),
    )


def _summed_rewards(rewards: Sequence[Range]) -> Range:
    first, *rest = rewards
    low, high = sum((item.low for item in rest), first.low), sum((item.high for item in rest), first.high)
    return Range(low, high, weakest({item.confidence for item in rewards}))


def confidence_of(entry: RateEntry, own: OwnShare | None) -> str:
    """What a reward rests on that an entry, or the creator's own share, decides."""
    return entry.confidence if own is None else OWN


def _plus(one: Range, other: Range, sign: int) -> Range:
    return one.but(one.low + sign * other.low, one.high + sign * other.high).on(other.confidence)


def rests_on(parts: Iterable[Part]) -> str:
    """What the reward of some parts rests on; those that bring nothing are no matter."""
    return weakest(part.confidence for part in parts if part.gift_value or part.reward != ZERO)


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
