"""The payout calendar, held against one that asks every day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import islice

from hypothesis import given, settings
from hypothesis import strategies as st

from diamondctl.ratebook.entries import Maximum, Minimum, Timing
from diamondctl.rating.calendar import Calendar, Terms, calendar, terms_of
from tests import build, payout_oracle

SATURDAY = date(2026, 10, 31)
WEDNESDAY = 2


def cents(units: int) -> Decimal:
    return Decimal(units).scaleb(-2)


def of(amount: str, after: date = SATURDAY, **terms: object) -> Calendar:
    values = {name: Decimal(value) if isinstance(value, str) else value for name, value in terms.items()}
    return calendar(Decimal(amount), after, Terms(**values))  # type: ignore[arg-type]


def listed(found: Calendar) -> list[str]:
    return [f"{day} {amount}" for day, amount in found.dated()]


def test_sixteen_automatic_wednesdays_end_on_the_sixteenth_wednesday() -> None:
    found = of("16000.00", per_day="1000.00", weekday=WEDNESDAY, within=3)
    assert (found.count, found.first, found.last) == (16, date(2026, 11, 4), date(2026, 11, 4) + timedelta(weeks=15))
    assert found.arrived == date(2027, 2, 20)
    assert all(day.weekday() == WEDNESDAY for day, _ in found.dated())


def test_what_is_there_at_the_end_of_a_wednesday_goes_out_on_the_next_one() -> None:
    assert of("5.00", date(2026, 11, 4), weekday=WEDNESDAY).first == date(2026, 11, 11)
    assert of("5.00", date(2026, 11, 3), weekday=WEDNESDAY).first == date(2026, 11, 4)


def test_limits_of_a_day_a_week_and_a_month_all_hold() -> None:
    assert listed(of("1700.00", per_day="500.00")) == [
        "2026-10-31 500.00", "2026-11-01 500.00", "2026-11-02 500.00", "2026-11-03 200.00",
    ]  # fmt: skip
    assert listed(of("1700.00", per_week="500.00")) == [
        "2026-10-31 500.00", "2026-11-02 500.00", "2026-11-09 500.00", "2026-11-16 200.00",
    ]  # fmt: skip
    assert listed(of("1200.00", per_month="500.00")) == ["2026-10-31 500.00", "2026-11-01 500.00", "2026-12-01 200.00"]
    assert listed(of("1300.00", per_day="500.00", per_week="700.00")) == [
        "2026-10-31 500.00", "2026-11-01 200.00", "2026-11-02 500.00", "2026-11-03 100.00",
    ]  # fmt: skip


def test_a_rest_below_the_minimum_stays() -> None:
    found = of("1050.00", per_day="500.00", least="100.00")
    assert listed(found) == ["2026-10-31 500.00", "2026-11-01 500.00"]
    assert (found.left, found.paid) == (Decimal(50), Decimal(1000))
    assert of("99.99", least="100.00").left == Decimal("99.99")
    assert of("5000.00", per_day="50.00", least="100.00").count == 0, "no payout can hold its minimum"


def test_what_no_calendar_reaches_has_no_day_and_costs_no_time() -> None:
    found = of("5000000000000.00", per_day="0.01")
    assert (found.count, found.left) == (500_000_000_000_000, Decimal(0))
    assert found.last is found.arrived is None
    found = of("5000000000.00", per_month="1.00")
    assert found.count == 1_201 and found.left == 5_000_000_000 - 1_201, "a century, and no longer"


limits = st.none() | st.integers(1, 900).map(cents)


@settings(max_examples=200)
@given(
    st.integers(-50, 2_500).map(cents), st.dates(date(2026, 1, 1), date(2026, 12, 31)), limits, limits, limits,
    st.none() | st.integers(0, 300).map(cents), st.none() | st.integers(0, 6),
)  # fmt: skip
def test_a_calendar_is_what_asking_every_day_gives(
    amount: Decimal, after: date, day: Decimal | None, week: Decimal | None, month: Decimal | None,
    least: Decimal | None, weekday: int | None,
) -> None:  # fmt: skip
    found = calendar(amount, after, Terms(day, week, month, least, weekday))
    named = {name: Fraction(limit) for name, limit in (("day", day), ("week", week), ("month", month)) if limit is not None}
    held = max(Fraction(amount), Fraction(0))
    assert found.paid + found.left == held
    ahead = [(when, Fraction(paid)) for when, paid in islice(found.dated(), 122) if when <= after + timedelta(days=120)]
    assert ahead == payout_oracle.payouts(held, after, named, Fraction(least or 0), weekday, days=120)
    if found.last is not None and found.last < after + timedelta(days=120):
        assert Fraction(found.left) == held - sum(paid for _, paid in ahead)


def test_terms_are_those_of_the_method_in_the_currency() -> None:
    maximum = build.entry(
        "maximum_payout", 0, (
            Maximum("any", "day", Decimal("1000"), "USD"), Maximum("bank", "day", Decimal("700"), "USD"),
            Maximum("bank", "week", Decimal("900"), "USD"), Maximum("bank", "day", Decimal("5"), "EUR"),
        ),
    )  # fmt: skip
    minimum = build.entry(
        "minimum_payout", 0, (Minimum("any", Decimal("100"), "USD"), Minimum("bank", Decimal("50.001"), "USD"))
    )
    timing = build.entry(
        "payout_timing", 0, (Timing("any", "manual", "", 15, 21), Timing("bank", "automatic", "wednesday", None, None))
    )
    rules = {"maximum": maximum, "minimum": minimum, "timing": timing}
    found = terms_of("bank", "USD", **rules)
    assert found == Terms(Decimal(700), Decimal(900), None, Decimal("50.01"), WEDNESDAY, None)
    assert terms_of("paypal", "USD", **rules) == Terms(Decimal(1000), None, None, Decimal(100), None, 36)
    assert terms_of("paypal", "JPY", **rules) == Terms(within=36)
