"""Ranks, correlations and shifts by their definitions, and cases worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from diamondctl.reports.method import correlation, middle, ranks, shift, under

NUMBERS = st.lists(st.integers(0, 50), min_size=1, max_size=40)


@given(NUMBERS)
def test_ranks_add_up_and_keep_the_order(numbers: list[int]) -> None:
    """Equal numbers have one rank; the sum is that of 1 to n."""
    found = ranks(numbers)
    assert sum(found) == Fraction(len(numbers) * (len(numbers) + 1), 2)
    for one, rank in zip(numbers, found, strict=True):
        below, equal = sum(other < one for other in numbers), numbers.count(one)
        assert rank == below + Fraction(equal + 1, 2)


@given(NUMBERS)
def test_half_of_them_are_under_it(numbers: list[int]) -> None:
    """And it is the least such statement that is half way to the next number."""
    number = under(numbers)
    if number is None:
        assert len(numbers) <= 3 or sum(other == max(numbers) for other in numbers) * 2 > len(numbers)
    else:
        assert 2 * sum(other < number for other in numbers) >= len(numbers)


def test_the_example_of_the_screens() -> None:
    """476 and 509 in the middle: half of them brought under 493."""
    assert under([82, 476, 509, 7_676]) == 493
    assert (middle([82, 476, 509, 7_676]), middle([1, 5, 9])) == (Fraction(985, 2), Fraction(5))


def test_a_correlation_is_spearmans() -> None:
    """By the formula without ties: 1 - 6 sum d^2 / (n (n^2 - 1)); d^2 is worked out here, the interval by Bonett and Wright."""
    ones = list(range(1, 11))
    others = [2, 1, 4, 3, 6, 5, 8, 7, 10, 9]
    found = correlation(ones, others)
    assert found.rho == Decimal("0.94")  # 1 - 60 / 990
    assert (found.low, found.high) == (Decimal("0.68"), Decimal("0.99"))  # tanh(1.7334 -+ 1.96 * 0.4537), outwards
    assert correlation(ones, others[::-1]).rho == Decimal("-0.94")
    assert correlation(ones, ones).rho == 1
    assert correlation(ones, [1] * 10).rho is correlation(ones[:9], ones[:9]).rho is None


def test_a_correlation_of_chance_holds_nothing_in_nineteen_of_twenty() -> None:
    """Unrelated numbers: the interval holds 0 in about 95 % of 400 trials, whatever their distribution."""
    random = Random(7)
    held = 0
    for _ in range(400):
        pairs = [(random.randrange(1_000), int(random.paretovariate(1) * 100)) for _ in range(20)]
        found = correlation(*zip(*pairs, strict=True))
        assert found.low is not None and found.high is not None
        held += found.low <= 0 <= found.high
    assert 370 <= held <= 396


def test_a_shift_holds_the_truth_in_nineteen_of_twenty() -> None:
    """Two groups alike but for 500 more: the interval holds 500 in at least 95 % of 400 trials, or nearly."""
    random = Random(11)
    held = 0
    for _ in range(400):
        ones = [int(random.paretovariate(1) * 100) + 500 for _ in range(8)]
        others = [int(random.paretovariate(1) * 100) for _ in range(12)]
        found = shift(ones, others)
        assert found.low is not None and found.high is not None
        held += found.low <= 500 <= found.high
    assert held >= 370


def test_few_are_not_compared() -> None:
    """Four of a kind carry no interval."""
    assert shift([1, 2, 3, 4], [1, 2, 3, 4, 5]) == shift([9, 9, 9, 9], [1, 2, 3, 4, 5])
    assert shift([1, 2, 3, 4], [1, 2, 3, 4, 5]).middle is None
