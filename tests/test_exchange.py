"""Exchange rates: dated, sourced, exact; and nothing where none was published."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.exchange import NO_EXCHANGE, OLDEST, Exchange, NoRate, Rate, difference, slip_rate
from diamondctl.money import MINOR_UNITS, ROUNDINGS
from tests import payout_oracle

FRIDAY = date(2026, 10, 30)
EXCHANGE = Exchange(
    "eurofxref-hist.csv",
    "0" * 64,
    {
        "USD": {FRIDAY: Decimal("1.0823"), FRIDAY - timedelta(days=1): Decimal("1.0801")},
        "JPY": {FRIDAY - timedelta(days=1): Decimal("162.51")},
        "KWD": {FRIDAY: Decimal("0.33210")},
    },
)


def rate(base: str, quote: str, day: date = FRIDAY) -> Rate:
    found = EXCHANGE.rate(base, quote, day)
    assert isinstance(found, Rate)
    return found


def test_the_last_rate_on_or_before_a_day_counts_for_a_few_days() -> None:
    monday = FRIDAY + timedelta(days=3)
    assert rate("EUR", "USD", monday).text == "1 EUR = 1.0823 USD on 2026-10-30, eurofxref-hist.csv"
    assert rate("EUR", "USD", FRIDAY - timedelta(days=1)).value == Fraction("1.0801")
    assert rate("EUR", "USD", FRIDAY + timedelta(days=OLDEST)).day == FRIDAY
    late = FRIDAY + timedelta(days=OLDEST + 1)
    said = f"eurofxref-hist.csv has no rate from EUR to USD of {late} or the {OLDEST} days before"
    assert EXCHANGE.rate("EUR", "USD", late) == NoRate(said)
    assert isinstance(EXCHANGE.rate("EUR", "USD", FRIDAY - timedelta(days=2)), NoRate), "never one of a later day"


def test_two_currencies_meet_on_a_day_that_has_both() -> None:
    found = rate("USD", "JPY")
    assert (found.day, found.value) == (FRIDAY - timedelta(days=1), Fraction("162.51") / Fraction("1.0801"))
    assert found.text == "1 EUR = 1.0801 USD = 162.51 JPY on 2026-10-29, eurofxref-hist.csv"


def test_without_a_file_or_a_currency_nothing_is_known() -> None:
    assert NO_EXCHANGE.rate("EUR", "USD", FRIDAY) == NoRate("no exchange rate is known")
    assert EXCHANGE.rate("CHF", "USD", FRIDAY) == NoRate("eurofxref-hist.csv has no rate of CHF")
    assert EXCHANGE._replace(last=FRIDAY).rate("EUR", "USD", date(2027, 3, 1)) == rate("EUR", "USD")


def test_currencies_with_no_and_with_three_decimals_are_exact() -> None:
    assert rate("USD", "JPY").convert(Decimal("300.00")) == Decimal(45137)
    assert rate("EUR", "KWD").convert(Decimal("100.00")) == Decimal("33.210")
    assert rate("KWD", "USD").convert(Decimal("1.001"), "down") == Decimal("3.26")
    assert rate("USD", "USD").convert(Decimal("1.01")) == Decimal("1.01")


@given(
    st.integers(-(10**12), 10**12), st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from(("USD", "JPY", "KWD")),
    st.sampled_from(sorted(ROUNDINGS)),
)  # fmt: skip
def test_what_is_exchanged_is_rounded_once(units: int, base: int, quote: int, currency: str, rounding: str) -> None:
    amount, per_base, per_quote = (Decimal(number).scaleb(-4) for number in (units, base, quote))
    exchange = Exchange("f", "", {"CHF": {FRIDAY: per_base}, currency: {FRIDAY: per_quote}})
    found = exchange.rate("CHF", currency, FRIDAY)
    assert isinstance(found, Rate)
    places = MINOR_UNITS[currency]
    told = payout_oracle.exchanged(Fraction(amount), Fraction(per_base), Fraction(per_quote), places, rounding)
    assert Fraction(found.convert(amount, rounding)) == told


def test_what_arrived_stands_beside_what_the_rate_would_have_given() -> None:
    found = difference(Decimal("300.00"), Decimal("255.10"), rate("USD", "EUR"))
    assert (found.due, found.less) == (Decimal("277.19"), Decimal("22.09"))
    assert found.line == (
        "300.00 USD would be 277.19 EUR (1 EUR = 1.0823 USD on 2026-10-30, eurofxref-hist.csv); 255.10 EUR arrived: "
        "22.09 EUR less (8.0%)."
    )


@pytest.mark.parametrize(
    ("arrived", "said"),
    [("276.00", "276.00 EUR arrived: exactly that."), ("276.01", "276.01 EUR arrived: 0.01 EUR more.")],
)
def test_a_rate_of_a_payout_slip_does_the_same(arrived: str, said: str) -> None:
    found = difference(Decimal("300.00"), Decimal(arrived), slip_rate("USD", "EUR", Decimal("0.92"), FRIDAY))
    assert found.line == f"300.00 USD would be 276.00 EUR (1 USD = 0.92 EUR on 2026-10-30, payout slip); {said}"


def test_one_currency_needs_no_rate() -> None:
    found = difference(Decimal("300.00"), Decimal("287.40"), rate("USD", "USD"))
    assert found.line == "300.00 USD would be 300.00 USD; 287.40 USD arrived: 12.60 USD less (4.2%)."
