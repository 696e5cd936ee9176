"""The share that fits what was credited: the truth is inside, more amounts never widen it, only what lies between counts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.money import Range, exact, percent_of, quantise
from diamondctl.rating.calibration import BALANCES, CREDITS, Balance, Booked, Moved, Observation, between, calibrate

ROUNDINGS = ("down", "half_even", "half_up", "up")
values = st.integers(1, 50_000_00).map(lambda cents: Decimal(cents) / 100)
shares = st.integers(1, 100_00).map(lambda hundredths: Decimal(hundredths) / 100)


def credited(value: Decimal, share: Decimal, rounding: str) -> Decimal:
    """What the platform books."""
    with exact():
        return quantise(percent_of(value, share), "USD", rounding)


def of_credit(value: Decimal, share: Decimal, rounding: str = "down") -> Observation:
    return Observation(credited(value, share, rounding), value, 1, "USD", rounding, CREDITS)


@given(st.lists(values, min_size=1, max_size=8), shares, st.sampled_from(ROUNDINGS))
def test_the_true_share_is_inside(worth: list[Decimal], share: Decimal, rounding: str) -> None:
    found = calibrate(of_credit(value, share, rounding) for value in worth)
    assert found is not None and found.constant
    assert found.share.low <= share <= found.share.high
    assert (found.n, found.method) == (len(worth), CREDITS)


@given(st.lists(values, min_size=2, max_size=8), shares)
def test_more_amounts_never_widen_it(worth: list[Decimal], share: Decimal) -> None:
    fewer, more = (calibrate(of_credit(value, share) for value in some) for some in (worth[:-1], worth))
    assert fewer is not None and more is not None
    assert fewer.share.low <= more.share.low <= more.share.high <= fewer.share.high


@given(st.lists(values, min_size=1, max_size=6), shares, st.sampled_from(ROUNDINGS), st.integers(0, 10_000), st.data())
def test_balances_hold_the_true_share_whatever_was_paid_out(
    worth: list[Decimal], share: Decimal, rounding: str, opening: int, data: st.DataObject
) -> None:
    """Credits before the first and after the last observation do not count, and payouts between are made good."""
    amounts = [credited(value, share, rounding) for value in worth]
    paid = Decimal(data.draw(st.integers(0, int(sum(amounts) * 100)))) / 100
    start = Decimal(opening)
    balances = [Balance(10, start), Balance(100, start + sum(amounts) - paid)]
    outside = [Booked(10, Decimal(77)), Booked(101, Decimal(99))]
    inside = [Booked(11 + number, value) for number, value in enumerate(worth)]
    (item,) = between(
        balances, [*outside, *inside], [Moved(50, -paid), Moved(5, Decimal(-9)), Moved(101, Decimal(-9))], "USD", rounding
    )
    found = calibrate([item])
    assert found is not None
    assert found.share.low <= share <= found.share.high
    assert (found.n, found.credits, found.method) == (1, len(worth), BALANCES)


def test_the_width_is_that_of_a_cent() -> None:
    """12.29 USD of gifts and 5.89 shown, rounded down: from 5.89 to 5.90 of 12.29."""
    found = calibrate([Observation(Decimal("5.89"), Decimal("12.29"), 1, "USD", "down", CREDITS)])
    assert found is not None
    assert found.share == Range(Decimal("47.9251"), Decimal("48.0066"))
    assert Fraction(found.share.low) <= Fraction(589, 1229) * 100


def test_amounts_that_no_one_share_explains_are_told_as_such() -> None:
    found = calibrate([of_credit(Decimal(100), Decimal(38)), of_credit(Decimal(100), Decimal(46))])
    assert found is not None and not found.constant
    assert found.share == Range(Decimal(38), Decimal("46.01"))


@pytest.mark.parametrize("observations", [[], [Observation(Decimal(0), Decimal(0), 1, "USD", "down", CREDITS)]])
def test_nothing_observed_is_no_finding(observations: list[Observation]) -> None:
    assert calibrate(observations) is None


def test_a_weekly_part_is_one_more_rounding_and_no_gifts_of_its_own() -> None:
    """100.00 USD of gifts: 38.00 with the LIVE and 6.49 on Monday. Each may hide up to a cent."""
    balances = [Balance(1, Decimal("5.00")), Balance(9, Decimal("49.49"))]
    (item,) = between(balances, [Booked(3, Decimal(100)), Booked(7, Decimal(0))], [], "USD", "down")
    assert item == Observation(Decimal("44.49"), Decimal(100), 2, "USD", "down", BALANCES)
    found = calibrate([item])
    assert found is not None and found.share == Range(Decimal("44.49"), Decimal("44.51"))


def test_a_stretch_without_a_credit_says_nothing() -> None:
    assert between([Balance(1, Decimal(5)), Balance(9, Decimal(7))], [], [], "USD", "down") == []
    assert between([Balance(1, Decimal(5))], [Booked(3, Decimal(9))], [], "USD", "down") == []
