"""The part of a share that the platform credits when a week is over, on the Monday after (rates.md E5). Pure.

A week is that of the rate zone's time, from Monday on. A credit belongs to the week of its last gift, as it belongs to the
period of it; the weekly part is on all gifts of the week's credits, and rounded once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from diamondctl import periods
from diamondctl.money import Range, exact, percent_of, quantise
from diamondctl.ratebook.entries import RateEntry, Zone
from diamondctl.rating.credits import WEEKLY, Credit, Part, reward_of, rule_of
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
    slices: dict[Week, list[Slice]] = {}
    spans: dict[tuple[str, str], list[Span]] = {}
    for credit in credits:
        # Under a creator's own share nothing is built, but her streams still make valid days.
        spans.setdefault(credit[:2], []).extend(_spans(credit))
        for part in credit.parts:
            if part.own is None and reward_of(part.entry).share.missions is not None:
                week = Week(
                    credit.creator, credit.region, credit.currency, monday_of(credit.last, zones[credit.region].timezone)
                )
                slices.setdefault(week, []).append(
                    Slice(part.entry, part.gift_value, credit.settlement, credit.first, credit.last)
                )
    with exact():
        found = [credit_of(week, mine, spans[week[:2]], zones, facts) for week, mine in slices.items()]
    return sorted(found, key=lambda credit: (credit.first, credit.creator, credit.region, credit.name))


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
    limits = [rules.week_amount for entry, _ in values.values() if (rules := reward_of(entry).share.missions) is not None]
    if (most := min((limit for limit in limits if limit is not None), default=None)) is not None:
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
