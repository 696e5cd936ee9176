"""The part of a share that the platform credits when a week is over, on the Monday after. Pure.

A week is that of the rate zone's time, from Monday on. A stream belongs to the week of its last gift, as it belongs to the
period of it; of what is credited by day, week or month, each gift belongs to its own week. The weekly part is on all gifts
of the week, and rounded once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from diamondctl import periods
from diamondctl.money import Range, exact, percent_of, quantise
from diamondctl.ratebook.entries import RateEntry, Zone
from diamondctl.rating.credits import WEEKLY, Credit, Part, part_at, reward_of, rule_of
from diamondctl.rating.known import Span, week_facts
from diamondctl.rating.missions import Built, Facts, of_week


class Week(NamedTuple):
    """One wallet's week."""

    creator: str
    region: str
    currency: str
    monday: date


class Slice(NamedTuple):
    """The gifts of a week under one entry: exact gift value, and the quarters of the first and the last."""

    entry: RateEntry
    gift_value: Decimal
    settlement: RateEntry
    first: int
    last: int


def monday_of(quarter: int, timezone: str) -> date:
    """The first day of the week in which a quarter lies."""
    day = periods.local_day(quarter, timezone)
    return day - timedelta(days=day.weekday())


def credits_of(credits: Iterable[Credit], zones: Mapping[str, Zone], facts: Facts) -> list[Credit]:
    """One credit for every week with gifts under a share that is built from missions, by time."""
    credits = list(credits)
    spans: dict[tuple[str, str], list[Span]] = {}
    for credit in credits:
        # Under a creator's own share nothing is built, but her streams still make valid days.
        spans.setdefault(credit[:2], []).extend(_spans(credit))
    with exact():
        slices: dict[Week, list[Slice]] = {}
        for credit in credits:
            for week, item in slices_of(credit, zones[credit.region].timezone):
                slices.setdefault(week, []).append(item)
        found = [credit_of(week, mine, spans[week[:2]], zones, facts) for week, mine in slices.items()]
    return sorted(found, key=lambda credit: (credit.first, credit.creator, credit.region, credit.name))


def slices_of(credit: Credit, timezone: str) -> Iterator[tuple[Week, Slice]]:
    """The weeks of a credit's gifts under shares that are built from missions. Call inside `exact()`."""
    built = [part for part in credit.parts if part.own is None and reward_of(part.entry).share.missions is not None]
    if credit.unit == "stream":
        for part in built:
            week = Week(credit.creator, credit.region, credit.currency, monday_of(credit.last, timezone))
            yield week, Slice(part.entry, part.gift_value, credit.settlement, credit.first, credit.last)
        return
    rows = credit.rows if built else ()
    for monday, group in groupby(rows, lambda row: monday_of(row.quarter, timezone)):
        week = Week(credit.creator, credit.region, credit.currency, monday)
        mine = list(group)
        for part in built:
            reward = reward_of(part.entry)
            coins = [row.coins for row in mine if part_at(credit, row.quarter) is part]
            if coins:
                value = sum(coins) * reward.diamonds_per_coin * reward.cash_per_diamond
                yield week, Slice(part.entry, value, credit.settlement, mine[0].quarter, mine[-1].quarter)


def value_of(slices: Iterable[Slice], part: Part) -> Decimal:
    """The gift value among slices that a part of a weekly credit is on. Call inside `exact()`."""
    return sum((item.gift_value for item in slices if item.entry.where == part.entry.where), Decimal(0))


def paid_on(credit: Credit, part: Part, value: Decimal) -> Range:
    """What a weekly credit pays on some of the gift value of a part: exact; of a limited one its proportion. In `exact()`."""
    low, high = (percent_of(value, share) for share in (part.share.low, part.share.high))
    limit = limit_of(credit.parts)
    if limit is None:
        return Range(low, high)
    return Range(*(_limited(limit, sum(whole), money) for whole, money in zip(_money(credit.parts), (low, high), strict=True)))


def _limited(limit: Decimal, whole: Decimal | int, money: Decimal) -> Decimal:
    """The proportion of `money` in a whole that is limited; to six decimals, for decimals cannot hold a quotient."""
    if whole <= limit:
        return money
    return Decimal(int(Fraction(limit) * Fraction(money) / Fraction(whole) * 10**6)).scaleb(-6)


def limit_of(parts: Iterable[Part]) -> Decimal | None:
    """The most money of a weekly credit; None: no such limit is known."""
    found = [rules.week_amount for part in parts if (rules := reward_of(part.entry).share.missions) is not None]
    return min((limit for limit in found if limit is not None), default=None)


def _spans(credit: Credit) -> Iterable[Span]:
    ends: dict[str, list[int]] = {}
    for row in credit.rows:
        if row.stream:
            span = ends.setdefault(row.stream, [row.quarter, row.quarter])
            span[0], span[1] = min(span[0], row.quarter), max(span[1], row.quarter)
    return (Span(stream, first, last) for stream, (first, last) in ends.items())


def credit_of(week: Week, slices: Sequence[Slice], spans: Iterable[Span], zones: Mapping[str, Zone], facts: Facts) -> Credit:
    """The weekly part of one week; `spans` may be those of all weeks. Call inside `exact()`."""
    timezone = zones[week.region].timezone
    start = periods.day_start(week.monday, timezone)
    end = periods.day_start(week.monday + timedelta(days=7), timezone)
    near = [span for span in spans if span.last >= start and span.first < end]
    values: dict[str, tuple[RateEntry, Decimal]] = {}
    for item in slices:
        _, so_far = values.get(item.entry.where, (item.entry, Decimal(0)))
        values[item.entry.where] = (item.entry, so_far + item.gift_value)
    parts = []
    for entry, value in values.values():
        built = built_of(entry, week, near, timezone, facts)
        reward = Range(percent_of(value, built.share.low), percent_of(value, built.share.high))
        parts.append(Part(entry, 0, Decimal(0), value, reward, built.share, None, built))
    first = min(slices, key=lambda item: item.first)
    rounding = rule_of(first.settlement).rounding
    ends = [quantise(sum(money, Decimal(0)), week.currency, rounding) for money in _money(parts)]
    if (most := limit_of(parts)) is not None:
        ends = [min(amount, quantise(most, week.currency, "down")) for amount in ends]
    return Credit(
        week.creator, week.region, WEEKLY, str(week.monday), week.currency, first.settlement, tuple(parts), (), Decimal(0),
        Range(ends[0], ends[1]), Decimal(0), first.first, max(item.last for item in slices),
    )  # fmt: skip


def built_of(entry: RateEntry, week: Week, spans: Sequence[Span], timezone: str, facts: Facts) -> Built:
    """The points of a week under one entry."""
    rules = reward_of(entry).share.missions
    if rules is None:
        raise TypeError(f"{entry.where} has no missions")
    return of_week(rules, week_facts(facts, week.creator, week.monday, spans, timezone, rules))


def _money(parts: Iterable[Part]) -> tuple[list[Decimal], list[Decimal]]:
    parts = list(parts)
    return [part.reward.low for part in parts], [part.reward.high for part in parts]
