"""Payouts, fees and exchange computed a second time, in fractions and day by day. Shares no code with the product.

It is slow on purpose: every payout is one item of a list, a calendar asks each day what it lets out, a fee is taken of each
payout by itself. Money comes in two stories: in the least every unknown has its worst value, in the most its best.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from tests.fractions_oracle import rounded

DAYS = 36_525  # a century


class Taken(NamedTuple):
    """A fee as a rate file has it: its ends, its limits, in its own currency."""

    kind: str  # flat | percent
    low: Fraction
    high: Fraction
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    rounding: str = "half_up"


def payouts(
    amount: Fraction,
    after: date,
    limits: Mapping[str, Fraction],
    minimum: Fraction = Fraction(0),
    weekday: int | None = None,
    days: int = DAYS,
) -> list[tuple[date, Fraction]]:
    """What goes out on each day: as much as every limit of its day, week and month still lets, never less than the minimum.

    What is on demand can go out on the day `after` itself, what is automatic on its weekday from the day after on.
    """
    out: list[tuple[date, Fraction]] = []
    if amount < minimum:
        return out
    for ahead in range(days + 1):
        day = after + timedelta(days=ahead)
        if weekday is not None and (day.weekday() != weekday or not ahead):
            continue
        rest = amount - sum(paid for _, paid in out)
        most = rest
        for per, limit in limits.items():
            within = sum(paid for when, paid in out if window(per, when) == window(per, day))
            most = min(most, limit - within)
        if rest <= 0 or rest < minimum:
            break
        if most > 0 and most >= minimum:
            out.append((day, most))
    return out


def window(per: str, day: date) -> object:
    """What a day is one of: itself, its week from Monday, its calendar month."""
    return {"day": day, "week": day - timedelta(days=day.weekday()), "month": (day.year, day.month)}[per]


def net(
    paid: Sequence[Fraction],
    places: int,
    *,
    least: bool,
    parts: Sequence[tuple[Fraction, Fraction]] = (),
    fees: Sequence[Taken] = (),
) -> Fraction:
    """What is left of payouts in one story.

    First each of `parts`, a base and a percentage of it, is rounded once, never more than there is, and taken of the payouts by
    their size; then every fee of every payout, in its order.
    """
    left = list(paid)
    for base, percent in parts:
        whole = sum(left, Fraction(0))
        taken = min(rounded(base * percent / 100, places, "half_up"), whole)
        left = [amount - part for amount, part in zip(left, shared(taken, left, places), strict=True)]
    for fee in fees:
        left = [amount - one(fee, amount, places, least=least) for amount in left]
    return sum(left, Fraction(0))


def one(fee: Taken, amount: Fraction, places: int, *, least: bool) -> Fraction:
    """One fee on one payout."""
    level = fee.high if least else fee.low
    taken = level if fee.kind == "flat" else amount * level / 100
    if fee.minimum is not None and taken < fee.minimum:
        taken = fee.minimum
    if fee.maximum is not None and taken > fee.maximum:
        taken = fee.maximum
    return min(rounded(taken, places, fee.rounding), amount)


def shared(whole: Fraction, sizes: Sequence[Fraction], places: int) -> list[Fraction]:
    """An amount over several by their size, in minor units: what is missing to the whole goes to the largest remainders."""
    everything, unit = sum(sizes, Fraction(0)), Fraction(1, 10**places)
    if not everything:
        return [Fraction(0) for _ in sizes]
    exactly = [whole * size / everything for size in sizes]
    shares = [amount // unit * unit for amount in exactly]
    missing = int((whole - sum(shares, Fraction(0))) / unit)
    order = sorted(range(len(sizes)), key=lambda index: (shares[index] - exactly[index], index))
    for index in order[:missing]:
        shares[index] += unit
    return shares


def exchanged(amount: Fraction, base: Fraction, quote: Fraction, places: int, rounding: str = "half_up") -> Fraction:
    """An amount of which `base` units are a euro, in what `quote` units are one of."""
    return rounded(amount / base * quote, places, rounding)
