"""Exact money: decimals, currencies and their minor units, ranges, rounding, allocation. No float ever enters.

Convention, stated once: an amount that is known only as an interval is a `Range`, computed at both ends; a single number
is a range whose ends meet. It knows what it rests on, and says "about" where that is only assumed.
"""

from __future__ import annotations

import decimal
import math
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from diamondctl.confidence import is_firm, weakest

# Digits of ISO 4217's minor unit where it is not 2; every other active currency has 2.
_NO_MINOR = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_MINOR = "BHD IQD JOD KWD LYD OMR TND"
_TWO_MINOR = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP"
    " CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES"
    " KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK"
    " NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB"
    " TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG"
)
MINOR_UNITS: Final[dict[str, int]] = {
    **dict.fromkeys(_TWO_MINOR.split(), 2),
    **dict.fromkeys(_NO_MINOR.split(), 0),
    **dict.fromkeys(_THREE_MINOR.split(), 3),
}

_UNITS: Final = {currency: Decimal(1).scaleb(-places) for currency, places in MINOR_UNITS.items()}

ROUNDINGS: Final[dict[str, str]] = {
    "down": decimal.ROUND_DOWN,
    "half_even": decimal.ROUND_HALF_EVEN,
    "half_up": decimal.ROUND_HALF_UP,
    "up": decimal.ROUND_UP,
}

# Wide enough for coins x three rates of 24 digits each; anything inexact outside `quantise` is a bug and raises.
_EXACT = decimal.Context(
    prec=160,
    Emin=-400,
    Emax=400,
    traps=[
        decimal.Inexact,
        decimal.FloatOperation,
        decimal.InvalidOperation,
        decimal.DivisionByZero,
        decimal.Overflow,
        decimal.Underflow,
    ],
)
_ROUNDING = decimal.Context(
    prec=160, Emin=-400, Emax=400, traps=[decimal.FloatOperation, decimal.InvalidOperation, decimal.Overflow]
)


def exact() -> AbstractContextManager[object]:
    """Arithmetic inside is exact or raises `decimal.Inexact`; mixing in a float raises `decimal.FloatOperation`."""
    return decimal.localcontext(_EXACT)


def quantise(amount: Decimal, currency: str, rounding: str) -> Decimal:
    """Round `amount` to the minor unit of `currency` by one of `ROUNDINGS`. The only place where money is rounded."""
    return amount.quantize(_UNITS[currency], rounding=ROUNDINGS[rounding], context=_ROUNDING)


def percent_of(amount: Decimal, percent: Decimal) -> Decimal:
    """`percent` percent of `amount`, exactly. Call inside `exact()`."""
    return (amount * percent).scaleb(-2)


def percent_change(now: Decimal, before: Decimal) -> Decimal | None:
    """Change from `before` to `now` in percent, one decimal, half even; None when there was nothing before."""
    if not before:
        return None
    ratio = _ROUNDING.divide(_ROUNDING.multiply(_ROUNDING.subtract(now, before), Decimal(100)), before)
    return ratio.quantize(Decimal("0.1"), rounding=decimal.ROUND_HALF_EVEN, context=_ROUNDING)


class Change(NamedTuple):
    """How far one amount lies above another, in percent with one decimal; None is without bound."""

    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Range:
    """Both ends of what is known about an amount; `low == high` when it is known exactly.

    `confidence` is the weakest word that it rests on, blank where that is no rate; amounts are equal whatever it is.
    """

    low: Decimal
    high: Decimal
    confidence: str = field(default="", compare=False)

    @classmethod
    def of(cls, amount: Decimal | int) -> Range:
        """An exactly known amount."""
        value = Decimal(amount)
        return cls(value, value)

    @property
    def is_exact(self) -> bool:
        """True when both ends meet."""
        return self.low == self.high

    @property
    def ordered(self) -> Range:
        """From the smaller to the greater end: of what lies between two states, the least story may bring more."""
        return self if self.low <= self.high else self.but(self.high, self.low)

    @property
    def about(self) -> str:
        """What stands before it in words: `about ` where it rests on what is only assumed."""
        return "" if is_firm(self.confidence) else "about "

    def but(self, low: Decimal, high: Decimal) -> Range:
        """Other ends that rest on the same."""
        return Range(low, high, self.confidence)

    def at(self, end: Literal["low", "high"]) -> Range:
        """One of its ends, which rests on the same."""
        amount: Decimal = getattr(self, end)
        return self.but(amount, amount)

    def on(self, *words: str) -> Range:
        """The same, which rests on these words too."""
        return Range(self.low, self.high, weakest((self.confidence, *words)))

    def __add__(self, other: Range) -> Range:
        word = self.confidence if self.confidence == other.confidence else weakest((self.confidence, other.confidence))
        return Range(self.low + other.low, self.high + other.high, word)


ZERO: Final = Range.of(0)


def amount_text(amount: Range, currency: str) -> str:
    """`1,008.80`, `0.00 - 1,099.21` where only the ends are known, `about 91.50` where it rests on what is assumed.

    The amount is in minor units already: money is rounded in rating, not when it is shown.
    """
    places, ends = MINOR_UNITS[currency], (amount.ordered.low, amount.ordered.high)
    if any(end != quantise(end, currency, "down") for end in ends):
        raise AssertionError("money is rounded in rating, not when it is shown")
    return amount.about + " - ".join(dict.fromkeys(f"{end:,.{places}f}" for end in ends))


def change_of(now: Range, before: Range) -> Change:
    """Between two amounts that know nothing of each other: by interval arithmetic."""
    now, before = now.ordered, before.ordered
    return Change(percent_change(now.low, before.high), percent_change(now.high, before.low))


def total(ranges: Iterable[Range]) -> Range:
    """Sum of ranges of one currency, end by end."""
    items = list(ranges)  # often thousands
    with exact():
        low, high = sum([item.low for item in items], Decimal(0)), sum([item.high for item in items], Decimal(0))
    return Range(low, high, weakest({item.confidence for item in items}))


def hull(ranges: Iterable[Range]) -> Range:
    """What holds all of some ranges, and rests on all that they do."""
    ranges = [item.ordered for item in ranges]
    ends = min(item.low for item in ranges), max(item.high for item in ranges)
    return Range(*ends, weakest(item.confidence for item in ranges))


def round_together(parts: Sequence[Fraction], currency: str) -> list[Decimal]:
    """Exact parts of an amount in minor units, each in minor units, so that they add up to it: by largest remainder.

    Each is within one minor unit of its part; equal remainders go to the earlier one. Refuses (AssertionError) parts that
    are none of such an amount.
    """
    places = MINOR_UNITS[currency]
    units = [part * 10**places for part in parts]
    floors = [math.floor(unit) for unit in units]
    left = sum(units, Fraction(0)) - sum(floors)
    if left.denominator != 1:
        raise AssertionError("the parts add up to no whole number of minor units")
    order = sorted(range(len(units)), key=lambda index: (floors[index] - units[index], index))
    for index in order[: int(left)]:
        floors[index] += 1
    return [Decimal(number).scaleb(-places) for number in floors]


def allocate(whole: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """Split `whole`, a multiple of `unit`, in proportion to `weights` so that the parts add up to it exactly.

    Largest remainder (Hamilton's method): each part is a multiple of `unit` and within one of its exact share; equal
    remainders go to the earlier part. Weights are not negative; all zero gives everything to the first.
    """
    if not weights:
        raise ValueError("nothing to allocate to")
    with exact():
        ratios = [weight.as_integer_ratio() for weight in weights]
        common = math.lcm(*(denominator for _, denominator in ratios))
        shares = [numerator * (common // denominator) for numerator, denominator in ratios]
        share_sum = sum(shares)
        units = int(whole.scaleb(40) / unit.scaleb(40))
        if not share_sum:
            return [whole, *(unit * 0 for _ in weights[1:])]
        sign, units = (-1, -units) if units < 0 else (1, units)
        # Integers only: remainders are compared exactly, never as rounded quotients.
        floors = [units * share // share_sum for share in shares]
        remainders = [units * share % share_sum for share in shares]
        left = units - sum(floors)
        for index in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:left]:
            floors[index] += 1
        return [sign * count * unit for count in floors]
