"""What fans paid: coins times the price of a pack over its coins, rounded once, outwards."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.money import MINOR_UNITS, Range
from diamondctl.ratebook.entries import CoinPrice
from diamondctl.rating.fees import fan_prices, fans_paid
from tests import build

IN_APP = CoinPrice("in_app", "USD", ((65, Decimal("0.99")), (6_607, Decimal("99.99"))))
prices = st.integers(1, 10**8).map(lambda number: Decimal(number).scaleb(-3))
packs = st.lists(st.tuples(st.integers(1, 10**5), prices), min_size=1, max_size=5, unique_by=lambda pack: pack[0])
currencies = st.sampled_from(("USD", "JPY", "KWD"))


@pytest.mark.parametrize(
    ("coins", "low", "high"),
    [
        (65, "0.98", "0.99"),  # 0.983..., and a whole pack to the cent: never 0.989950 or 1.00
        (6_607, "99.99", "100.63"),  # 100.629...
        (6_607_000_000, "99990000.00", "100629692.31"),  # 99,990,000 whole: no rounded price per coin in between
        (0, "0.00", "0.00"),
    ],
)
def test_whole_packs_come_out_to_the_cent(coins: int, low: str, high: str) -> None:
    found = fans_paid(IN_APP, coins)
    assert (str(found.low), str(found.high)) == (low, high)


@given(packs, st.integers(0, 10**15), currencies)
def test_the_ends_are_the_exact_quotients_rounded_outwards_by_less_than_a_minor_unit(
    packs: list[tuple[int, Decimal]], coins: int, currency: str
) -> None:
    found = fans_paid(CoinPrice("web", currency, tuple(packs)), coins)
    exact = [Fraction(coins) * Fraction(price) / pack for pack, price in packs]
    unit = Fraction(1, 10 ** MINOR_UNITS[currency])
    assert 0 <= min(exact) - Fraction(found.low) < unit
    assert 0 <= Fraction(found.high) - max(exact) < unit


def test_a_price_per_coin_is_shown_to_six_decimals_outwards() -> None:
    ((_, shown),) = fan_prices(build.entry("coin_price", build.quarter("2026-01-01"), (IN_APP,)))
    assert shown == Range(Decimal("0.015133"), Decimal("0.015231"))
