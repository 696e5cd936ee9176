"""What a report on habits says of itself: its question, how it answers, on how much, and what it cannot say. Values and counts.

Nothing here computes money. A figure of too few is not told: `FEW` decides it everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

FEW: Final = 3  # of fewer than this many LIVEs nothing is said
ENOUGH: Final = 10  # pairs of a correlation
_Z: Final = 1.959964  # of 95 %


@dataclass(frozen=True, slots=True)
class Method:
    """How an answer came about."""

    question: str
    method: str
    n: str
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Correlation:
    """Spearman's rank correlation of pairs, and what lies within its 95 % interval; None: too few pairs, or all alike."""

    n: int
    rho: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """How much more one group has than another, one against one: the middle difference (Hodges and Lehmann) and its 95 %
    interval by ranks; None: too few.
    """

    n: int
    others: int
    middle: Fraction | None
    low: int | None = None
    high: int | None = None


def middle(numbers: Sequence[int]) -> Fraction:
    """The median; of an even count the mean of the two in the middle."""
    ordered = sorted(numbers)
    half = len(ordered) // 2
    return Fraction(ordered[half]) if len(ordered) % 2 else Fraction(ordered[half - 1] + ordered[half], 2)


def under(numbers: Sequence[int]) -> int | None:
    """A number that at least half of the numbers stay under: half way from the middle one to the next; None: of too few."""
    ordered = sorted(numbers)
    if len(ordered) <= FEW:
        return None
    below = ordered[(len(ordered) - 1) // 2]
    above = next((number for number in ordered if number > below), None)
    return None if above is None else -(-(below + above) // 2)


def ranks(numbers: Sequence[int]) -> list[Fraction]:
    """The rank of each, from 1; equal ones share the mean of theirs."""
    order = sorted(range(len(numbers)), key=lambda index: numbers[index])
    found = [Fraction(0)] * len(numbers)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and numbers[order[end + 1]] == numbers[order[start]]:
            end += 1
        for place in order[start : end + 1]:
            found[place] = Fraction(start + end + 2, 2)
        start = end + 1
    return found


def correlation(ones: Sequence[int], others: Sequence[int]) -> Correlation:
    """Spearman's rho with the interval of Bonett and Wright (2000), each end to two decimals, outwards."""
    n = len(ones)
    if n < ENOUGH or len(set(ones)) < 2 or len(set(others)) < 2:
        return Correlation(n, None)
    first, second = ranks(ones), ranks(others)
    mean = Fraction(n + 1, 2)
    together = sum(((a - mean) * (b - mean) for a, b in zip(first, second, strict=True)), Fraction(0))
    spread = math.sqrt(sum(((a - mean) ** 2 for a in first), Fraction(0)) * sum(((b - mean) ** 2 for b in second), Fraction(0)))
    rho = max(-1.0, min(1.0, float(together) / spread))
    if abs(rho) > 0.999999:
        return Correlation(n, *(Decimal(f"{math.copysign(1, rho):.2f}"),) * 3)
    half = _Z * math.sqrt((1 + rho * rho / 2) / (n - 3))
    ends = (math.tanh(math.atanh(rho) + sign * half) for sign in (-1, 1))
    low, high = (Decimal(way(end * 100)).scaleb(-2) for way, end in zip((math.floor, math.ceil), ends, strict=True))
    return Correlation(n, Decimal(f"{rho:.2f}"), max(low, Decimal(-1)), min(high, Decimal(1)))


def shift(ones: Sequence[int], others: Sequence[int]) -> Shift:
    """How much more `ones` have than `others`. Needs five of each: with fewer no interval of 95 % is finite and honest."""
    n, m = len(ones), len(others)
    if min(n, m) < 5:
        return Shift(n, m, None)
    differences = sorted(one - other for one in ones for other in others)
    # The normal form of Wilcoxon's rank sum, rounded outwards.
    off = math.floor(n * m / 2 - _Z * math.sqrt(n * m * (n + m + 1) / 12))
    place = max(off, 0)
    return Shift(
        n, m, middle(differences), differences[place - 1 if place else 0], differences[len(differences) - max(place, 1)]
    )
