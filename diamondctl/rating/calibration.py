"""Which share fits what was really credited: an interval, exact, from observations that each stand for some credits. Pure.

A credit of gift value v under a share of s percent is shown as v x s / 100, rounded once. So an amount a that is rounded down
leaves s between a / v and (a + one minor unit) / v, in percent; of several credits that are known only by their sum each may
hide up to a unit. Observations that one share can explain have a common interval; where there is none, the share changed, and
what is told goes from the least to the most of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple

from diamondctl.money import MINOR_UNITS, Range

# How an observation came about: an amount of one credit, or the growth of the balance between two days on which it was seen.
CREDITS: Final = "credits"
BALANCES: Final = "balances"
METHODS: Final = (CREDITS, BALANCES)
DIGITS: Final = 4  # of a percentage, rounded outwards


class Observation(NamedTuple):
    """An amount that was really added to the balance, and the gift value of the credits that it stands for."""

    amount: Decimal  # in minor units of `currency`
    value: Decimal  # exact, of all credits together
    credits: int  # how many; each was rounded by itself
    currency: str
    rounding: str  # down | half_even | half_up | up
    method: str


class Balance(NamedTuple):
    """The balance that the app showed at a quarter of an hour."""

    quarter: int
    amount: Decimal


class Booked(NamedTuple):
    """A credit as it was rated: when it was booked, and its exact gift value; of a weekly part 0, for its gifts have theirs."""

    quarter: int
    value: Decimal


class Moved(NamedTuple):
    """What left the balance (a payout, negative) or came into it otherwise (an adjustment), and when."""

    quarter: int
    amount: Decimal


class Finding(NamedTuple):
    """The share in percent. It changes nothing until the creator sets it."""

    share: Range
    n: int  # observations
    credits: int
    method: str  # of METHODS; both: joined by +
    constant: bool  # one share explains every observation


def between(
    balances: Sequence[Balance], booked: Iterable[Booked], moved: Iterable[Moved], currency: str, rounding: str
) -> list[Observation]:
    """What the balance grew by between each two observations that follow each other, with only the credits booked between them.

    A stretch without any gift value says nothing of the share and is left out. Where weeks end in it, the share is that of
    LIVEs and weeks together, as far as what the weeks stand for is like what was booked.
    """
    credits, others = sorted(booked), sorted(moved)
    found = []
    ordered = sorted(balances)
    for before, after in pairwise(ordered):
        mine = [item.value for item in credits if before.quarter < item.quarter <= after.quarter]
        if any(mine):
            other = sum((item.amount for item in others if before.quarter < item.quarter <= after.quarter), Decimal(0))
            amount = after.amount - before.amount - other
            found.append(Observation(amount, sum(mine, Decimal(0)), len(mine), currency, rounding, BALANCES))
    return found


def calibrate(observations: Iterable[Observation]) -> Finding | None:
    """The share that fits; None where nothing was observed. An observation without gift value says nothing."""
    found = [item for item in observations if item.value > 0]
    if not found:
        return None
    ends = [_interval(item) for item in found]
    low, high = max(low for low, _ in ends), min(high for _, high in ends)
    constant = low <= high
    if not constant:
        low, high = min(low for low, _ in ends), max(high for _, high in ends)
    methods = "+".join(method for method in METHODS if any(item.method == method for item in found))
    share = Range(_outwards(low, down=True), _outwards(high, down=False))
    return Finding(share, len(found), sum(item.credits for item in found), methods, constant)


def _interval(item: Observation) -> tuple[Fraction, Fraction]:
    """The shares in percent that an observation leaves open; both ends belong to it, though one may be the next amount."""
    unit = Fraction(1, 10 ** MINOR_UNITS[item.currency]) * item.credits
    below, above = {"down": (0, 1), "up": (1, 0)}.get(item.rounding, (Fraction(1, 2), Fraction(1, 2)))
    amount, value = Fraction(item.amount), Fraction(item.value)
    low, high = (amount - unit * below) / value * 100, (amount + unit * above) / value * 100
    return max(low, Fraction(0)), max(high, Fraction(0))


def _outwards(number: Fraction, *, down: bool) -> Decimal:
    scaled = number * 10**DIGITS
    whole = scaled.numerator // scaled.denominator
    return Decimal(whole if down or whole == scaled else whole + 1).scaleb(-DIGITS)
