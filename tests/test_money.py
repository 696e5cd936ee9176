"""Laws of exact money, held against `fractions.Fraction`, which shares nothing with `decimal`."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from diamondctl.money import (
    MINOR_UNITS,
    ROUNDINGS,
    ZERO,
    Range,
    allocate,
    exact,
    percent_change,
    percent_of,
    quantise,
    round_together,
    total,
)
from tests.fractions_oracle import rounded

# One currency with 0, one with 2 and one with 3 digits after the point.
CURRENCIES = ("JPY", "USD", "KWD")
ONE = Decimal(1)
currencies = st.sampled_from(CURRENCIES)
amounts = st.decimals(min_value=-(10**20), max_value=10**20, allow_nan=False, allow_infinity=False, places=9)
# Amounts that lie on a tie, or a hair beside it, are rare at random and the ones that matter.
near_ties = st.builds(
    lambda units, tie, hair: (Decimal(units) + Decimal(tie)).scaleb(-3) + Decimal(hair).scaleb(-12),
    st.integers(-(10**9), 10**9),
    st.sampled_from(("0", "0.5", "5", "50", "500")),
    st.integers(-1, 1),
)


@given(amounts | near_ties, currencies, st.sampled_from(sorted(ROUNDINGS)))
@example(Decimal("344.01825"), "USD", "down")
@example(Decimal("0.125"), "USD", "half_even")
@example(Decimal("0.125"), "USD", "half_up")
@example(Decimal("-0.125"), "USD", "up")
def test_quantise_equals_the_fraction_oracle(amount: Decimal, currency: str, rounding: str) -> None:
    result = quantise(amount, currency, rounding)
    assert Fraction(result) == rounded(Fraction(amount), MINOR_UNITS[currency], rounding)
    assert result.as_tuple().exponent == -MINOR_UNITS[currency]


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        ("down", {"1.005": "1.00", "1.015": "1.01", "1.0199": "1.01", "-1.009": "-1.00"}),
        ("half_even", {"1.005": "1.00", "1.015": "1.02", "1.0151": "1.02", "-1.005": "-1.00"}),
        ("half_up", {"1.005": "1.01", "1.015": "1.02", "1.0149": "1.01", "-1.005": "-1.01"}),
        ("up", {"1.001": "1.01", "1.010": "1.01", "1.0101": "1.02", "-1.001": "-1.01"}),
    ],
)
def test_the_four_roundings_in_dollars(rounding: str, expected: dict[str, str]) -> None:
    assert {text: str(quantise(Decimal(text), "USD", rounding)) for text in expected} == expected


@given(amounts, currencies, st.sampled_from(sorted(ROUNDINGS)))
def test_rounding_twice_is_rounding_once(amount: Decimal, currency: str, rounding: str) -> None:
    once = quantise(amount, currency, rounding)
    assert quantise(once, currency, rounding) == once


def test_every_currency_has_0_2_or_3_minor_digits_and_three_capitals() -> None:
    assert set(MINOR_UNITS.values()) == {0, 2, 3}
    assert all(len(code) == 3 and code.isupper() for code in MINOR_UNITS)
    assert {code: MINOR_UNITS[code] for code in ("JPY", "VND", "USD", "EUR", "IDR", "KWD", "TND")} == {
        "JPY": 0,
        "VND": 0,
        "USD": 2,
        "EUR": 2,
        "IDR": 2,
        "KWD": 3,
        "TND": 3,
    }


@given(st.integers(-(10**18), 10**18), st.lists(st.decimals(0, 10**9, places=6), min_size=1, max_size=12), currencies)
@example(100, [Decimal(1), Decimal(1), Decimal(1)], "USD")
@example(-100, [Decimal(1), Decimal(1), Decimal(1)], "USD")
@example(1, [Decimal(0), Decimal(0)], "JPY")
@example(5, [Decimal("1e-31"), Decimal("1e-31")], "JPY")
@example(6, [Decimal(1), Decimal("1e-31")], "JPY")
def test_allocated_parts_sum_to_the_whole_and_lie_within_one_minor_unit(
    units: int, weights: list[Decimal], currency: str
) -> None:
    unit = Decimal(1).scaleb(-MINOR_UNITS[currency])
    whole = units * unit
    parts = allocate(whole, weights, unit)
    assert len(parts) == len(weights)
    assert sum(map(Fraction, parts)) == Fraction(whole)
    assert all(part.as_tuple().exponent == -MINOR_UNITS[currency] for part in parts)
    weight_sum = sum(map(Fraction, weights))
    if weight_sum:
        for part, weight in zip(parts, weights, strict=True):
            assert abs(Fraction(part) - Fraction(whole) * Fraction(weight) / weight_sum) < Fraction(unit)
    else:
        assert parts[0] == whole


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 50), min_size=1, max_size=8))
def test_allocation_equals_largest_remainder_with_ties_to_the_earlier_part(units: int, weights: list[int]) -> None:
    weight_sum = sum(weights)
    if not weight_sum:
        expected = [units] + [0] * (len(weights) - 1)
    else:
        shares = [Fraction(abs(units) * weight, weight_sum) for weight in weights]
        expected = [int(share) for share in shares]
        order = sorted(range(len(weights)), key=lambda index: (expected[index] - shares[index], index))
        for index in order[: abs(units) - sum(expected)]:
            expected[index] += 1
        expected = [count if units >= 0 else -count for count in expected]
    assert allocate(Decimal(units), [Decimal(weight) for weight in weights], ONE) == expected


def test_ties_go_to_the_earlier_part() -> None:
    cent = Decimal("0.01")
    assert allocate(Decimal("0.05"), [ONE, ONE, ONE], cent) == [Decimal("0.02"), Decimal("0.02"), Decimal("0.01")]
    assert allocate(Decimal("-0.05"), [ONE, ONE, ONE], cent) == [Decimal("-0.02"), Decimal("-0.02"), Decimal("-0.01")]
    assert allocate(Decimal("0.01"), [ONE, ONE], cent) == [Decimal("0.01"), Decimal("0.00")]


@given(st.integers(0, 10**6), st.lists(st.integers(0, 9), min_size=1, max_size=6), st.integers(1, 10**6))
def test_scaling_all_weights_moves_nothing(units: int, weights: list[int], factor: int) -> None:
    plain = allocate(Decimal(units), [Decimal(weight) for weight in weights], ONE)
    assert allocate(Decimal(units), [Decimal(weight * factor) for weight in weights], ONE) == plain


def test_nothing_to_allocate_to_is_a_bug_of_the_caller() -> None:
    with pytest.raises(ValueError, match="nothing to allocate to"):
        allocate(ONE, [], ONE)


@given(st.floats(allow_nan=False, allow_infinity=False), amounts)
def test_no_float_enters_inside_exact(number: float, amount: Decimal) -> None:
    with exact():
        with pytest.raises(decimal.FloatOperation):
            Decimal(number)
        with pytest.raises(decimal.FloatOperation):
            _ = amount < number
        with pytest.raises(TypeError):
            _ = amount * number  # type: ignore[operator]


def test_inexact_arithmetic_raises_inside_exact() -> None:
    with exact(), pytest.raises(decimal.Inexact):
        Decimal(1) / Decimal(3)
    with exact(), pytest.raises(decimal.DivisionByZero):
        Decimal(1) / Decimal(0)


@given(amounts)
def test_exact_leaves_the_context_outside_as_it_was(amount: Decimal) -> None:
    before = decimal.getcontext().copy()
    with exact():
        _ = amount * 3
    after = decimal.getcontext()
    assert (after.prec, after.traps, after.rounding) == (before.prec, before.traps, before.rounding)


@given(
    st.integers(0, 10**21),
    st.decimals(0, 10**11, places=12),
    st.decimals(0, 10**11, places=12),
    st.decimals(0, 100, places=12),
)
def test_coins_times_every_rate_a_file_can_hold_is_exact(coins: int, first: Decimal, second: Decimal, percent: Decimal) -> None:
    with exact():
        result = percent_of(coins * first * second, percent)
    assert Fraction(result) == coins * Fraction(first) * Fraction(second) * Fraction(percent) / 100


@given(amounts | st.integers(-9, 9).map(Decimal), amounts | st.integers(-9, 9).map(Decimal))
@example(Decimal("1.0005"), Decimal(1))  # 0.05 %, a tie: half even
@example(Decimal("1.0015"), Decimal(1))
def test_percent_change_equals_the_fraction_oracle(now: Decimal, before: Decimal) -> None:
    found = percent_change(now, before)
    if not before:
        assert found is None
        return
    assert found is not None
    change = (Fraction(now) - Fraction(before)) / Fraction(before) * 100
    assert Fraction(found) == rounded(change, 1, "half_even")
    assert found.as_tuple().exponent == -1


ends = st.integers(-(10**12), 10**12).map(lambda cents: Decimal(cents).scaleb(-2))
ranges = st.builds(lambda a, b: Range(min(a, b), max(a, b)), ends, ends)


@given(ranges, ranges)
def test_ranges_add_end_by_end(one: Range, other: Range) -> None:
    result = one + other
    assert (Fraction(result.low), Fraction(result.high)) == (
        Fraction(one.low) + Fraction(other.low),
        Fraction(one.high) + Fraction(other.high),
    )


@given(st.lists(ranges))
def test_a_total_of_ranges_is_the_sum_of_their_ends_in_any_order(items: list[Range]) -> None:
    result = total(items)
    assert Fraction(result.low) == sum(Fraction(item.low) for item in items)
    assert Fraction(result.high) == sum(Fraction(item.high) for item in items)
    assert total(reversed(items)) == result


@given(ends)
def test_an_exact_amount_is_a_range_whose_ends_meet(amount: Decimal) -> None:
    assert Range.of(amount).is_exact
    assert Range.of(amount) + ZERO == Range.of(amount)
    assert not Range(amount, amount + 1).is_exact


@given(
    st.lists(st.fractions(min_value=-1_000, max_value=1_000, max_denominator=997), min_size=1, max_size=12),
    st.sampled_from(("USD", "JPY")),
)
def test_parts_rounded_together_add_up_and_stay_near(parts: list[Fraction], currency: str) -> None:
    """Each within one minor unit, the sum exact, whatever signs they have; equal to the part where that is whole already."""
    unit = Fraction(1, 10 ** MINOR_UNITS[currency])
    parts.append(-(sum(parts, Fraction(0)) % unit))
    amounts_of = round_together(parts, currency)
    assert sum(map(Fraction, amounts_of), Fraction(0)) == sum(parts, Fraction(0))
    for part, amount in zip(parts, amounts_of, strict=True):
        assert abs(Fraction(amount) - part) < unit
        assert part % unit or Fraction(amount) == part


def test_parts_of_no_whole_number_of_minor_units_are_a_bug() -> None:
    with pytest.raises(AssertionError):
        round_together([Fraction(1, 3), Fraction(1, 3)], "USD")
