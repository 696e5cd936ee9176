"""Rounding with whole numbers only: what `decimal` must agree with. Shares no code with the product."""

from __future__ import annotations

from fractions import Fraction


def rounded(amount: Fraction, digits: int, rounding: str) -> Fraction:
    """`amount` with `digits` after the point, by one of the roundings that a rate file can name."""
    scaled = abs(amount) * 10**digits
    whole = scaled.numerator // scaled.denominator
    rest = scaled - whole
    half = Fraction(1, 2)
    if rounding == "up":
        more = rest > 0
    elif rounding == "half_up":
        more = rest >= half
    elif rounding == "half_even":
        more = rest > half or (rest == half and whole % 2 == 1)
    elif rounding == "down":
        more = False
    else:
        raise ValueError(rounding)
    result = Fraction(whole + more, 10**digits)
    return result if amount >= 0 else -result
