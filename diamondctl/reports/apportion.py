"""What each gift of a period brought: the rounded credits of the period, split over their gifts. Pure.

A credit is rounded once, as the platform books it. What of it a gift, a gifter or an hour brought is its part by value, exact;
sums of such parts are rounded once more, all of them together, so that they add up to the reward of the period to the cent.
The part of a week is split over the gifts of the week.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from diamondctl.confidence import weakest
from diamondctl.money import MINOR_UNITS, Range, exact, round_together
from diamondctl.rating.credits import WEEKLY, Credit, part_at, reward_of
from diamondctl.rating.weekly import monday_of
from diamondctl.records import INFERRED, GiftUsage, Usage
from diamondctl.reports.values import Account

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Slice:
    """Some gifts of a period and what they brought: exact, not rounded. `row` None: completes what was sent before."""

    row: Usage | None
    stream: str  # blank: the source names none
    coins: int
    gifts: int
    diamonds: Decimal
    least: Fraction
    most: Fraction
    confidence: str

    def part(self, of: GiftUsage) -> Slice:
        """What a part of its gifts brought. Call inside `exact()`."""
        ratio = Fraction(of.coins, self.coins) if self.coins else Fraction(0)
        diamonds = self.diamonds * of.coins / self.coins if self.coins else Decimal(0)
        return Slice(
            self.row, self.stream, of.coins, of.gifts, diamonds, self.least * ratio, self.most * ratio, self.confidence
        )


@dataclass(frozen=True, slots=True)
class Brought:
    """What a group of gifts brought. `reward` None: nothing could be rated."""

    gifts: int
    coins: int
    diamonds: Decimal
    reward: Range | None


def slices(account: Account) -> list[Slice]:
    """The period's gifts of an account, by their usage; coins and gifts of all, money of those that could be rated."""
    made: list[Slice] = []
    weeks: dict[str, list[tuple[int, Fraction]]] = {}  # Monday -> places in `made`, and their value
    with exact():
        weekly = {credit.name: credit for credit in account.now if credit.unit == WEEKLY}
        for credit in account.now:
            if credit.unit != WEEKLY:
                _split(credit, made, weeks, account.zone.timezone)
        for item in account.unrated:
            row = item.row
            made.append(Slice(row, row.stream, row.coins, row.gifts, Decimal(0), Fraction(0), Fraction(0), ""))
        for monday, credit in weekly.items():
            mine = weeks.get(monday, [])
            whole = sum((value for _, value in mine), Fraction(0))
            least, most = Fraction(credit.reward.low), Fraction(credit.reward.high)
            word = credit.reward.confidence
            if not whole:
                made.append(Slice(None, "", 0, 0, Decimal(0), least, most, word))
            for place, value in mine if whole else ():
                one, ratio = made[place], value / whole
                made[place] = Slice(
                    one.row, one.stream, one.coins, one.gifts, one.diamonds, one.least + least * ratio,
                    one.most + most * ratio, weakest((one.confidence, word)),
                )  # fmt: skip
    return made


def _split(credit: Credit, made: list[Slice], weeks: dict[str, list[tuple[int, Fraction]]], timezone: str) -> None:
    """The slices of a credit that is no weekly part. Call inside `exact()`."""
    least, most = Fraction(credit.reward.low), Fraction(credit.reward.high)
    if not credit.rows:
        stream = credit.name if credit.unit == "stream" else ""
        if credit.reward != Range.of(0):
            made.append(Slice(None, stream, 0, 0, Decimal(0), least, most, credit.reward.confidence))
        return
    parts = [part_at(credit, row.quarter) for row in credit.rows]
    diamonds = [row.coins * reward_of(part.entry).diamonds_per_coin for row, part in zip(credit.rows, parts, strict=True)]
    values = [Fraction(number * reward_of(part.entry).cash_per_diamond) for number, part in zip(diamonds, parts, strict=True)]
    lows, highs = (
        _ratios([value * Fraction(getattr(part.share, end)) for value, part in zip(values, parts, strict=True)], values)
        for end in ("low", "high")
    )
    for row, part, number, value, low, high in zip(credit.rows, parts, diamonds, values, lows, highs, strict=True):
        if part.built is not None:
            weeks.setdefault(str(monday_of(row.quarter, timezone)), []).append((len(made), value))
        made.append(Slice(row, row.stream, row.coins, row.gifts, number, least * low, most * high, credit.reward.confidence))


def _ratios(weights: Sequence[Fraction], others: Sequence[Fraction]) -> list[Fraction]:
    """Parts of one in proportion to the weights, else to the others, else equal ones."""
    for some in (weights, others):
        if whole := sum(some, Fraction(0)):
            return [weight / whole for weight in some]
    return [Fraction(1, len(weights))] * len(weights)


def apart(items: Iterable[Slice], gifts: Iterable[GiftUsage]) -> list[tuple[GiftUsage | None, Slice]]:
    """Slices told apart by gift and gifter; None with what no single gift is known of, such as totals of a dashboard."""
    by_place: dict[tuple[str, str, int], list[GiftUsage]] = {}
    for gift in gifts:
        by_place.setdefault((gift.region, gift.stream, gift.quarter), []).append(gift)
    told: list[tuple[GiftUsage | None, Slice]] = []
    with exact():
        for item in items:
            row = item.row
            stream = "" if row is None or row.stream.startswith(INFERRED) else row.stream
            mine = [] if row is None else by_place.get((row.region, stream, row.quarter), [])
            if not mine or sum(gift.coins for gift in mine) != item.coins:
                told.append((None, item))
            else:
                told += [(gift, item.part(gift)) for gift in mine]
    return told


def brought(groups: Mapping[Key, Sequence[Slice]], account: Account, order: Callable[[Key], object]) -> dict[Key, Brought]:
    """What each group of slices brought, rounded together in the order of their keys."""
    keys = sorted(groups, key=order)  # type: ignore[arg-type]
    rewards: list[Range | None] = [None] * len(keys)
    if account.currency in MINOR_UNITS:
        ends = (
            round_together([sum((getattr(item, end) for item in groups[key]), Fraction(0)) for key in keys], account.currency)
            for end in ("least", "most")
        )
        rewards = [
            Range(low, high, weakest(item.confidence for item in groups[key]))
            for key, low, high in zip(keys, *ends, strict=True)
        ]
    with exact():
        return {
            key: Brought(
                sum(item.gifts for item in groups[key]),
                sum(item.coins for item in groups[key]),
                sum((item.diamonds for item in groups[key]), Decimal(0)),
                reward,
            )
            for key, reward in zip(keys, rewards, strict=True)
        }
