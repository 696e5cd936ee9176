"""Wallets along paths, against a walk day by day in exact fractions that was written apart."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from diamondctl.forecast.values import Path
from diamondctl.rating.calendar import Terms
from diamondctl.reports.projected_paths import NEVER, Day, Paid, Price, Wallet, days_of, paid_out, quantile, reached, tails

UNTIL = date(2026, 11, 1)  # a Sunday
shares = st.fractions(min_value=0, max_value=1, max_denominator=200)
by_day = st.lists(st.integers(0, 5_000), min_size=40, max_size=40)


def path(coins: list[int]) -> Path:
    """One with so many coins on each day."""
    sums = [sum(coins[: place + 1]) for place in range(len(coins))]
    return Path(tuple(sums), sums[-1], 0, 0)


def wallet(inside: int, at_once: Fraction, weekly: Fraction) -> Wallet:
    """Credited by the stream; the weekly part on the Monday after."""
    price = Price.of(at_once / 100, weekly / 100, 2)
    return Wallet(days_of(UNTIL, 40, lambda day: (inside, inside), lambda day: day), price, price)


def walked(coins: list[int], inside: int, at_once: Fraction, weekly: Fraction) -> list[int]:
    """What is together at the end of each day: cents of a coin's cent."""
    found = []
    for ahead in range(41):
        day = UNTIL + timedelta(days=ahead)
        over = sum(
            coins[place]
            for place in range(ahead)
            if (gift := UNTIL + timedelta(days=place + 1)) <= day
            and gift - timedelta(days=gift.weekday()) + timedelta(days=7) <= day
        )
        found.append(inside + int(Fraction(sum(coins[:ahead])) * at_once + over * weekly))
    return found


@given(by_day, st.integers(0, 10_000), shares, shares)
def test_what_is_together_is_what_was_there_and_what_is_booked(
    coins: list[int], inside: int, at_once: Fraction, weekly: Fraction
) -> None:
    made = wallet(inside, at_once, weekly)
    assert [made.there(path(coins), ahead, "low") for ahead in range(41)] == walked(coins, inside, at_once, weekly)


@given(by_day, st.integers(0, 10_000), shares, st.integers(1, 100_000))
def test_an_amount_is_together_on_the_first_day_that_has_it(
    coins: list[int], inside: int, share: Fraction, amount: int
) -> None:
    found = walked(coins, inside, share, Fraction(0))
    first = next((ahead for ahead, there in enumerate(found) if there >= amount), NEVER)
    assert reached(wallet(inside, share, Fraction(0)), [path(coins)], amount, "high") == [first]


def test_where_something_is_taken_away_the_first_day_still_counts() -> None:
    days = tuple(Day(UNTIL + timedelta(days=ahead), inside, inside, 0, 0) for ahead, inside in enumerate((5, 9, 2, 9)))
    nothing = Price(0, 0, 1)
    assert reached(Wallet(days, nothing, nothing), [path([0] * 3)], 9, "low") == [1]


@given(
    by_day,
    st.integers(0, 100_000),
    shares,
    st.integers(0, 6),
    st.none() | st.integers(1, 5_000),
    st.none() | st.integers(100, 50_000),
    st.none() | st.integers(100, 50_000),
)
def test_payouts_take_what_the_day_before_held(
    coins: list[int], inside: int, share: Fraction, weekday: int, least: int | None, per_week: int | None, per_month: int | None
) -> None:
    """Day by day: on the weekday goes what was there the evening before, by the minimum and the limits."""
    cents = [None if amount is None else Decimal(amount).scaleb(-2) for amount in (least, per_week, per_month)]
    terms = Terms(least=cents[0], per_week=cents[1], per_month=cents[2], weekday=weekday)
    found = walked(coins, inside, share, Fraction(0))
    out, months = 0, dict.fromkeys(range(1, 13), 0)
    for ahead in range(1, 41):
        day = UNTIL + timedelta(days=ahead)
        if day.weekday() == weekday:
            room = [found[ahead - 1] - out]
            room += [] if per_week is None else [per_week]
            room += [] if per_month is None else [per_month - months[day.month]]
            if min(room) >= max(least or 0, 1):
                out += min(room)
                months[day.month] += min(room)
    assert paid_out(wallet(inside, share, Fraction(0)), [path(coins)], terms, 40, "low", 2) == [Paid(out, found[40] - out)]


def test_quantiles_and_tails_by_hand() -> None:
    assert tails(80) == (10, 50, 90)
    assert [quantile(range(1, 11), part) for part in (10, 50, 90, 100)] == [1, 5, 9, 10]
    assert quantile([7], 50) == 7
