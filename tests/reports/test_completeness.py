"""What a period lacks: pauses by the creator's own rhythm, cross-checks by runs of days."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from diamondctl.periods import parse_period
from diamondctl.rating.rewards import Rating
from diamondctl.records import Difference
from diamondctl.reports.completeness import Gaps, gaps, off_texts
from diamondctl.reports.values import Origin
from tests import build
from tests.support import EXAMPLES, run

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


def gap(days: list[date], period: str = "2026-10") -> Gaps:
    """The same, whole, with the period before."""
    rows = [build.usage(build.quarter(f"{day}T12:00"), 100) for day in days]
    people = [(p, "UTC") for p in Rating(rows, {"US": build.zone(build.reward(0), build.settlement(0))}).people.values()]
    span = parse_period(period, date(2026, 12, 1))
    return gaps(people, span, span.before(), span.last_day, Origin())


def test_no_change_is_told_against_a_month_that_files_hold_a_part_of() -> None:
    """Their first day is well inside it; a file that begins in its first days holds it whole."""
    since = [day for day in every(1) if day >= date(2026, 9, 16)]
    assert gap(since).partly == {"mara": date(2026, 9, 16)}
    assert "No change against September 2026 is told: mara is recorded from 2026-09-16 on only." in gap(since).before
    assert gap(since).no_change("mara") and not gap(since[8:], "2026-11").partly
    assert (gap(every(1)[4:]).partly, gap(every(1)[4:]).before) == ({}, "")
    assert gap([date(2026, 7, 1), *since]).partly == {}


def test_a_change_against_a_month_with_a_pause_may_be_of_a_missing_file() -> None:
    halves = [day for day in every(1) if not date(2026, 9, 11) <= day <= date(2026, 9, 28)]
    found = gap(halves)
    assert "may be of a missing file: no gift of mara from 2026-09-11 to 2026-09-28" in found.before
    assert not found.no_change("mara") and not found.remark
    assert gap(every(7)).before == ""


def test_where_nothing_is_the_nearest_day_is_told() -> None:
    """Before it; only where nothing is before it, after it."""
    assert gap(every(1), "2026-12").nearest == date(2026, 10, 31)
    assert gap(every(1), "2026-06").nearest == FIRST
    assert gap([*every(1), date(2026, 12, 1)], "2026-11").nearest == date(2026, 10, 31)
    assert gap(every(1)).nearest is None


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


def summary(*words: str) -> Any:
    """The JSON of a summary."""
    return json.loads(run("summary", *words, "--json", DIAMONDCTL_AS_OF="2027-01-31").out)


@pytest.mark.parametrize("months", ["ledger", "files"])
def test_a_period_of_which_nothing_is_recorded_is_no_fall(months: str, tmp_path: Path) -> None:
    """From files, and from a ledger that carries what is long over: both name the month that there is."""
    lines = (EXAMPLES / "2026-10.csv").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "gifts.csv").write_text("".join(line for line in lines if line[:10] < "2026-09-01" or line[:10] > "2026-09-15"))
    words: tuple[str, ...] = (str(tmp_path / "gifts.csv"), "--region", "US")
    if months == "ledger":
        ledger = ("--ledger", str(tmp_path / "ledger"), "--region", "US")
        assert run("import", words[0], *ledger, DIAMONDCTL_AS_OF="2027-01-31").code == 0
        words = ledger
    for period, begun in (("2026-11", ""), ("2027-01", ""), ("2027-03", " has not begun")):
        found = summary(*words, "-p", period)
        assert f"{begun}: nothing is recorded. The nearest month recorded is October 2026 (-p 2026-10)." in found["answer"]
        figures = found["data"]["accounts"][0]["figures"].values()
        assert all((line["change_percent"], line["moved_percent"]) == (None, None) for line in figures)
        screen = run("summary", *words, "-p", period, DIAMONDCTL_AS_OF="2027-01-31")
        assert screen.code == 3 and "down 1" not in screen.out and "Your reward" not in screen.out
    assert (
        "No change against September 2026 is told: mara is recorded from 2026-09-15 on only."
        in run("summary", *words, "-p", "2026-10").out
    )


@pytest.mark.parametrize("span", ["2026", "2026-Q4", "2026-09-01..2026-12-31"])
def test_a_period_is_as_incomplete_as_a_month_in_it(span: str) -> None:
    """Whole months without a gift are named, in the middle and at the end; those before the first gift are not."""
    gone = [day for day in every(7, until=date(2026, 11, 30)) if day.month != 10]
    missing, remark = lacks(gone, span)
    assert ("of mara in 2026-10, 2026-12." in missing[0], remark) == (True, "")
    for month in range(1, 13):
        alone = bool(lacks(gone, f"2026-{month:02}")[0])
        assert alone == (month < 9 or month in (10, 12))  # alone, one before the first gift has nothing at all
    assert lacks(every(7, until=date(2026, 12, 31)), span)[0] == ()
