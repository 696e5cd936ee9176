"""The part of a share that the platform credits when a week is over, on the Monday after. Pure.

A week is that of the rate zone's time, from Monday on. Each gift belongs to the week in which it was sent, also in a LIVE
over Sunday midnight. The weekly part is on all gifts of the week, and rounded once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from diamondctl import periods
from diamondctl.money import Range, percent_of, quantise
from diamondctl.ratebook.entries import Missions, RateEntry
from diamondctl.rating.credits import WEEKLY, Credit, Part, Priced, rests_on, reward_of, rule_of
from diamondctl.rating.known import Facing, Span
from diamondctl.rating.missions import of_week

ENDS: Final = ("low", "high")


class Week(Priced):
    """The gifts of a week under a share that is built from missions."""

    __slots__ = ("monday", "settlement")

    def __init__(self, monday: date, settlement: RateEntry) -> None:
        super().__init__()
        self.monday, self.settlement = monday, settlement


def monday_of(quarter: int, timezone: str) -> date:
    """The first day of the week in which a quarter lies."""
    day = periods.local_day(quarter, timezone)
    return day - timedelta(days=day.weekday())


def credit_of(
    account: tuple[str, str, str], week: Week, count: int, facing: Facing, spans: Iterable[Span], timezone: str
) -> Credit:
    """The weekly part of the first `count` gifts of a week; `spans` are its LIVEs. Call inside `exact()`."""
    creator, region, currency = account
    parts = []
    for entry, _, _, coins in week.coins(count):
        reward = reward_of(entry)
        rules = reward.share.missions
        assert rules is not None
        value = coins * reward.diamonds_per_coin * reward.cash_per_diamond
        built = of_week(rules, facing.of_week(week.monday, spans, rules))
        money = Range(percent_of(value, built.share.low), percent_of(value, built.share.high), entry.confidence)
        parts.append(Part(entry, 0, Decimal(0), value, money, built.share, None, built))
    rounding = rule_of(week.settlement).rounding
    ends = [quantise(_whole(parts, end)[0], currency, rounding) for end in ENDS]
    if (most := limit_of(parts)) is not None:
        ends = [min(amount, quantise(most, currency, "down")) for amount in ends]
    return Credit(
        creator=creator,
        region=region,
        unit=WEEKLY,
        name=str(week.monday),
        currency=currency,
        settlement=week.settlement,
        parts=tuple(parts),
        rows=(),
        gift_value=Decimal(0),
        reward=Range(ends[0], ends[1], rests_on(parts)),
        diamonds=Decimal(0),
        first=week.rows[0].quarter,
        last=week.rows[count - 1].until,
        booked=periods.day_start(week.monday + timedelta(days=7), timezone),
    )


def paid_on(credit: Credit, part: Part, value: Decimal) -> Range:
    """What a weekly credit pays on some of the gift value of a part: exact; of a limited one its proportion. In `exact()`."""
    low, high = (_paid_on(credit.parts, part, value, end) for end in ENDS)
    return Range(low, high, part.confidence if limit_of(credit.parts) is None else credit.reward.confidence)


def _paid_on(parts: Sequence[Part], part: Part, value: Decimal, end: str) -> Decimal:
    """One end of it. A proportion is told to six decimals, for decimals cannot hold a quotient."""
    money, limit = percent_of(value, getattr(part.share, end)), limit_of(parts)
    whole, excess = _whole(parts, end)
    if not excess and (limit is None or whole <= limit):
        return money
    paid = Fraction(money)
    if excess and part.built is not None:
        of_league = Fraction(percent_of(value, getattr(part.built.league, end)))
        paid -= Fraction(excess) * of_league / Fraction(_of_league(parts, end))
    if limit is not None and whole > limit:
        paid *= Fraction(limit) / Fraction(whole)
    return Decimal(int(paid * 10**6)).scaleb(-6)


def limit_of(parts: Iterable[Part]) -> Decimal | None:
    """The most money of a weekly credit; None: no such limit is known."""
    return _least(rules.week_amount for rules in _rules(parts))


def is_limited(parts: Sequence[Part]) -> bool:
    """Whether money limits a weekly credit, or the league's part of it."""
    return any(rules.week_amount is not None or rules.league_amount is not None for rules in _rules(parts))


def before_limit(parts: Sequence[Part]) -> Range:
    """What a weekly credit comes to before its own limit, that of the league's part kept. Call inside `exact()`."""
    low, high = (_whole(parts, end)[0] for end in ENDS)
    return Range(low, high, rests_on(parts))


def _rules(parts: Iterable[Part]) -> list[Missions]:
    return [rules for part in parts if (rules := reward_of(part.entry).share.missions) is not None]


def _least(limits: Iterable[Decimal | None]) -> Decimal | None:
    return min((limit for limit in limits if limit is not None), default=None)


def _of_league(parts: Iterable[Part], end: str) -> Decimal:
    """The league's part of the money of a week, before it is limited."""
    return sum(
        (percent_of(part.gift_value, getattr(part.built.league, end)) for part in parts if part.built is not None), Decimal(0)
    )


def _whole(parts: Sequence[Part], end: str) -> tuple[Decimal, Decimal]:
    """One end of the money of a week, exact, and how much of the league's part is above its limit and left out."""
    money = sum((getattr(part.reward, end) for part in parts), Decimal(0))
    limit = _least(rules.league_amount for rules in _rules(parts))
    excess = Decimal(0) if limit is None else max(_of_league(parts, end) - limit, Decimal(0))
    return money - excess, excess
