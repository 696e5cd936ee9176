"""Exchange rates as values: what one currency is in another on a day, from a file or a slip that was given. Pure.

Amounts of two currencies meet only through a `Rate`, which carries its day and its source. There is no rate of today, no mean
and no guess: the last one that was published on or before a day counts, as long as it is a few days old at most.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final, NamedTuple

from diamondctl.money import MINOR_UNITS, exact, percent_change, quantise

# Of Thursday on the Tuesday after Easter, before that day's is out: the longest that rates are ever not published.
OLDEST: Final = 5
EURO: Final = "EUR"


class Rate(NamedTuple):
    """What one unit of `base` is in `quote`, exactly; `said` are the figures that its source has for it."""

    base: str
    quote: str
    value: Fraction
    day: date
    source: str
    said: str

    @property
    def text(self) -> str:
        """`1 EUR = 1.0823 USD on 2026-10-15, eurofxref-hist.csv`; of one currency in itself, nothing."""
        return f"{self.said} on {self.day}, {self.source}" if self.said else ""

    def convert(self, amount: Decimal, rounding: str = "half_up") -> Decimal:
        """An amount of `base` in `quote`, rounded once to its minor unit."""
        places = MINOR_UNITS[self.quote]
        units = abs(Fraction(amount)) * self.value * 10**places
        whole, rest = units.numerator // units.denominator, units % 1
        # A quotient may have no end; on which side of the half it lies is all that rounding asks.
        tail = Decimal("0.5") if rest == Fraction(1, 2) else Decimal("0.75" if rest > Fraction(1, 2) else "0.25" if rest else 0)
        with exact():
            size = (Decimal(whole) + tail).scaleb(-places)
            return quantise(-size if amount < 0 else size, self.quote, rounding)


class NoRate(NamedTuple):
    """Why there is no rate."""

    why: str


class Exchange(NamedTuple):
    """Units of each currency for one euro, by the day on which they were published; `source` names their file."""

    source: str = ""
    sha256: str = ""
    per_euro: Mapping[str, Mapping[date, Decimal]] = MappingProxyType({})
    last: date | None = None  # of days after it nothing is known yet: what is projected supposes that its rate stays

    def rate(self, base: str, quote: str, day: date) -> Rate | NoRate:
        """What one unit of `base` is in `quote`: of the last day up to `day` that has both, at most `OLDEST` days before."""
        if base == quote:
            return Rate(base, quote, Fraction(1), day, self.source, "")
        if not self.source:
            return NoRate("no exchange rate is known")
        for currency in (base, quote):
            if currency != EURO and currency not in self.per_euro:
                return NoRate(f"{self.source} has no rate of {currency}")
        day = day if self.last is None else min(day, self.last)
        for back in range(OLDEST + 1):
            at = day - timedelta(days=back)
            units = [Decimal(1) if currency == EURO else self.per_euro[currency].get(at) for currency in (base, quote)]
            if units[0] is not None and units[1] is not None:
                said = [f"{unit:f} {currency}" for unit, currency in zip(units, (base, quote), strict=True) if currency != EURO]
                value = Fraction(units[1]) / Fraction(units[0])
                return Rate(base, quote, value, at, self.source, " = ".join([f"1 {EURO}", *said]))
        return NoRate(f"{self.source} has no rate from {base} to {quote} of {day} or the {OLDEST} days before")


NO_EXCHANGE: Final = Exchange()


def slip_rate(base: str, quote: str, value: Decimal, day: date, source: str = "payout slip") -> Rate:
    """A rate as a payout slip states it: so many units of `quote` for one of `base`. It is more than nothing."""
    return Rate(base, quote, Fraction(value), day, source, f"1 {base} = {value:f} {quote}")


class Difference(NamedTuple):
    """What became of money that left in one currency and arrived in another, beside what a rate would have given."""

    out: Decimal  # in `rate.base`
    arrived: Decimal  # in `rate.quote`
    rate: Rate
    due: Decimal  # what the rate makes of `out`, in `rate.quote`
    less: Decimal  # due - arrived; negative where more arrived

    @property
    def line(self) -> str:
        """All of it in a sentence, with the day and the source of the rate."""
        quote = self.rate.quote
        due, arrived, size = (_money(amount, quote) for amount in (self.due, self.arrived, abs(self.less)))
        percent = percent_change(self.arrived, self.due)
        of = f" ({abs(percent)}%)" if percent else ""
        lost = f"{size} {'less' if self.less > 0 else 'more'}{of}" if self.less else "exactly that"
        at = f" ({self.rate.text})" if self.rate.text else ""
        return f"{_money(self.out, self.rate.base)} would be {due}{at}; {arrived} arrived: {lost}."


def difference(out: Decimal, arrived: Decimal, rate: Rate) -> Difference:
    """What the exchange took of a payout, fees included: `out` left in `rate.base`, `arrived` came in `rate.quote`."""
    due = rate.convert(out)
    with exact():
        return Difference(out, arrived, rate, due, due - arrived)


def _money(amount: Decimal, currency: str) -> str:
    return f"{amount:,.{MINOR_UNITS[currency]}f} {currency}"
