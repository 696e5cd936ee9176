"""What a period lacks: pauses by the creator's own rhythm, cross-checks by runs of days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from diamondctl.periods import parse_period
from diamondctl.rating.rewards import Rating
from diamondctl.records import Difference
from diamondctl.reports.completeness import gaps, off_texts
from diamondctl.reports.values import Origin
from tests import build

OCTOBER = parse_period("2026-10", date(2026, 11, 1))
FIRST = date(2026, 9, 1)


def lacks(days: list[date], period: str = "2026-10") -> tuple[tuple[str, ...], str]:
    """What a report of a period says of a creator with a gift on some days."""
    rows = [build.usage(build.quarter(f"{day}T12:00"), 100) for day in days]
    rating = Rating(rows, {"US": build.zone(build.reward(0), build.settlement(0))})
    span = parse_period(period, date(2026, 12, 1))
    people = [(person, "UTC") for person in rating.people.values()]
    found = gaps(people, span, span.before(), span.last_day, Origin())
    return found.missing, found.remark


def every(step: int, *, until: date = date(2026, 10, 31)) -> list[date]:
    """A day in so many, from the first of September on."""
    return [FIRST + timedelta(days=step * number) for number in range((until - FIRST).days // step + 1)]


@pytest.mark.parametrize("step", [1, 2, 3, 7])
def test_half_a_month_of_a_creator_who_streams_every_week_is_a_remark(step: int) -> None:
    """At its end and at its beginning, and nothing where the rhythm goes on."""
    assert lacks(every(step)) == ((), "")
    missing, remark = lacks(every(step, until=date(2026, 10, 14)))
    assert (missing, remark.startswith("Perhaps missing: no gift of mara from 2026-10-")) == ((), True)
    missing, remark = lacks([day for day in every(step) if not date(2026, 10, 1) <= day <= date(2026, 10, 17)])
    assert (missing, "no gift of mara from 2026-10-01 to 2026-10-" in remark) == ((), True)


def test_without_a_rhythm_a_pause_says_nothing() -> None:
    """Somebody who streams twice a month, and a first file of a few days."""
    assert lacks(every(14)) == ((), "")
    assert lacks([date(2026, 10, 3), date(2026, 10, 5)]) == ((), "")


def test_a_period_without_a_gift_is_incomplete_and_later_files_change_no_earlier_report() -> None:
    """Before the first gift, after the last one, and not for a creator who begins later."""
    november = lacks(every(7), "2026-11")
    assert "no gift and no total of mara in 2026-11" in november[0][0]
    assert "2026-11-01 to 2026-11-30" in november[0][0]
    august = lacks(every(7), "2026-08")
    assert "no gift and no total in 2026-08" in august[0][0]
    assert lacks([*every(7), date(2026, 12, 24)], "2026-11") == november
    assert lacks([*every(3, until=date(2026, 10, 12)), date(2026, 11, 2)]) == lacks(every(3, until=date(2026, 10, 12)))


def test_a_cross_check_is_off_by_more_than_a_hundredth_of_a_run_of_days() -> None:
    """What one day has too much and the next too little is a LIVE over midnight."""

    def check(day: int, says: int, counts: int) -> Difference:
        return Difference("mara", "LIVE Center", "gifts", date(2026, 10, day), date(2026, 10, day), says, counts)

    def texts(*checks: Difference) -> list[str]:
        return off_texts(checks, OCTOBER, OCTOBER.last_day)

    assert not texts(check(1, 1000, 1000), check(2, 1000, 990), check(4, 1000, 500), check(5, 500, 1000))
    assert "LIVE Center says 1,000 diamonds of mara on 2026-10-02, the gifts have 989 coins" in texts(check(2, 1000, 989))[0]
    assert texts(check(2, 0, 1)) and texts(check(2, 1, 0))
    assert not off_texts([check(2, 1000, 0)], OCTOBER.before(), date(2026, 9, 30))


def test_a_creator_lacks_nothing_outside_her_time_with_the_agency() -> None:
    """Neither a gift nor a document before her first day or after her last; in a month in which she left, no pause is one."""
    rows = [build.usage(build.quarter(f"{day}T12:00"), 100) for day in every(2, until=date(2026, 10, 8))]
    people = [(p, "UTC") for p in Rating(rows, {"US": build.zone(build.reward(0), build.settlement(0))}).people.values()]
    named = Origin(undocumented=("zoe",))

    def found(period: str, **terms: tuple[date, date]) -> tuple[bool, str]:
        span = parse_period(period, date(2026, 12, 1))
        lack = gaps(people, span, span.before(), span.last_day, named, terms)
        return bool(lack.missing), lack.remark

    left = (date(2026, 9, 1), date(2026, 10, 10))
    zoe = "no document of zoe, whom the settings name"
    assert found("2026-11") == (True, f"Perhaps missing: {zoe}.")
    assert found("2026-11", mara=left) == (False, f"Perhaps missing: {zoe}.")
    assert found("2026-11", mara=left, zoe=(date(2026, 12, 1), date.max)) == (False, "")
    assert found("2026-10")[1].startswith("Perhaps missing: no gift of mara from 2026-10-08 to 2026-10-31")
    assert found("2026-10", mara=left, zoe=left) == (False, f"Perhaps missing: {zoe}.")
