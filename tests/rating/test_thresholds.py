"""What was earned against the minimum of a payout."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.money import Range
from diamondctl.rating.thresholds import check_minimums
from tests import build

START = build.quarter("2026-01-01")
cents = st.integers(0, 300).map(lambda number: Decimal(number).scaleb(-2))


def answer(minimum: str, low: str, high: str, *, currency: str = "USD", unit: str = "USD", diamonds: int = 0) -> str:
    entry = build.minimum(START, minimum, unit)
    (check,) = check_minimums(entry, Range(Decimal(low), Decimal(high)), currency, Decimal(diamonds))
    assert check.entry is entry
    return check.answer


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("100.00", "100.00", "above"),  # reaching it is enough
        ("99.99", "99.99", "below"),
        ("99.99", "100.00", "depends"),
        ("0.00", "99.99", "below"),
        ("100.00", "250.00", "above"),
        ("0.00", "250.00", "depends"),
    ],
)
def test_a_minimum_of_100_dollars(low: str, high: str, expected: str) -> None:
    assert answer("100.00", low, high) == expected


def test_amounts_of_another_currency_are_not_compared() -> None:
    assert answer("1", "100.00", "100.00", unit="EUR") == "other currency"


@pytest.mark.parametrize(("diamonds", "expected"), [(6_699, "below"), (6_700, "above"), (6_701, "above")])
def test_a_minimum_in_diamonds_looks_at_diamonds_only(diamonds: int, expected: str) -> None:
    assert answer("6700", "0.00", "0.00", unit="", diamonds=diamonds) == expected


@given(cents, cents, cents, st.integers(0, 4))
def test_the_answer_holds_at_every_amount_between_the_ends(minimum: Decimal, one: Decimal, other: Decimal, step: int) -> None:
    low, high = min(one, other), max(one, other)
    between = low + (high - low) * step / 4
    found = answer(str(minimum), str(low), str(high))
    inside = answer(str(minimum), str(between), str(between))
    assert found in ("depends", inside)
    if found == "depends":
        assert (answer(str(minimum), str(low), str(low)), answer(str(minimum), str(high), str(high))) == ("below", "above")
