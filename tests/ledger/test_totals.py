"""Totals beside gifts: never added, the latest state of a month, one source for a creator without gifts."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from diamondctl.ledger.totals import keep, use
from diamondctl.periods import local_day
from diamondctl.records import Total, Usage
from tests.build import quarter
from tests.support import run

DAY = date(2026, 9, 21)


def total(
    diamonds: int,
    day: date = DAY,
    *,
    creator: str = "mara",
    span: str = "day",
    last: date | None = None,
    source: str = "LIVE Center",
    approximate: bool = False,
) -> Total:
    """One total."""
    return Total(creator, span, day, last or day, 0, 0, "", diamonds, approximate, "", -1, -1, -1, source, "f", 1)


def month(diamonds: int, last_day: int, creator: str = "mara") -> Total:
    """A month to date."""
    return total(
        diamonds, date(2026, 9, 1), creator=creator, span="month", last=date(2026, 9, last_day), source="LIVE Backstage"
    )


def usage(coins: int, creator: str = "mara", at: str = "2026-09-21T20:00") -> Usage:
    return Usage(creator, "US", "", quarter(at), coins, 1)


@given(st.permutations([month(10, 6), month(30, 20), month(30, 20), month(20, 13)]))
def test_the_latest_state_of_a_month_counts_in_any_order(states: list[Total]) -> None:
    kept = keep(states)
    assert [item.diamonds for item in kept.totals] == [30]
    assert kept.problems == ()


def test_two_totals_of_one_day_that_differ_contradict() -> None:
    assert [problem.code for problem in keep([total(5), total(6)]).problems] == ["T003"]
    assert keep([total(5), total(5), total(-1)._replace(seconds=60)]).totals == (total(5)._replace(seconds=60),)


@given(st.permutations([2_984_321, 2_980_000, 2_980_000]))
def test_an_exact_total_wins_over_the_same_one_rounded(said: list[int]) -> None:
    states = [month(diamonds, 30)._replace(approximate=diamonds == 2_980_000, line=line) for line, diamonds in enumerate(said)]
    kept = keep(states)
    assert kept.problems == ()
    assert [(item.diamonds, item.approximate) for item in kept.totals] == [(2_984_321, False)]
    far = [month(3_100_000, 30), month(2_980_000, 30)._replace(approximate=True)]
    assert [problem.code for problem in keep(far).problems] == ["T003"]


def test_totals_are_never_added_to_gifts() -> None:
    used = use([total(7), total(9, date(2026, 9, 22))], [usage(7)], account=lambda _: ("US", "UTC"))
    assert (used.usage, used.warnings) == ((), ())
    assert used.notices == (
        "cross-check: 1 total agrees with the gifts",
        "cross-check: LIVE Center says 9 diamonds of mara for 2026-09-22, the gifts have 0 coins, 9 fewer",
    )


def test_a_rounded_total_agrees_within_a_hundredth() -> None:
    used = use([total(2_980_000, approximate=True)], [usage(2_983_456)], account=lambda _: ("US", "UTC"))
    assert used.notices == ("cross-check: 1 total agrees with the gifts",)


def test_a_creator_without_gifts_is_worked_out_from_one_source() -> None:
    used = use([month(100, 30), total(40), month(5, 30, "noor")], [usage(1, "lee")], account=lambda _: ("US", "Asia/Tokyo"))
    assert sorted((row.creator, row.coins, row.gifts) for row in used.usage) == [("mara", 40, 0), ("noor", 5, 0)]
    assert {local_day(row.quarter, "Asia/Tokyo") for row in used.usage} == {DAY, date(2026, 9, 30)}
    assert used.warnings[0].startswith("Worked out from totals of LIVE Backstage and LIVE Center (1 day, 1 month)")
    assert any("the totals that count have 40 coins, 60 fewer" in notice for notice in used.notices)


def test_reports_work_from_totals_and_say_so() -> None:
    result = run(
        "summary", "tests/samples/totals/live-center-revenue.csv", "--creator", "mara", "--region", "US", "--share", "50"
    )
    assert (result.code, result.err) == (0, "")
    assert "Worked out from totals of LIVE Center (3 days), not from gifts" in " ".join(result.out.split())
    both = run(
        "summary", "tests/samples/live/connector-2.jsonl", "tests/samples/totals/export-3.zip", "--creator", "mara",
        "--region", "US", "--earning-unit", "diamonds", "--csv", "--columns", "gifts,coins",
    )  # fmt: skip
    assert both.out == "gifts,coins\n12,2188\n"


def test_rates_impact_prices_totals_by_the_files_it_compares_and_says_what_it_rests_on() -> None:
    """The zones are those of the two sides before the shipped ones: in those of T008 a coin is not one diamond."""
    totals = ("--gifts", "tests/samples/totals/live-center-revenue.csv", "--creator", "mara")
    same = run("rates", "impact", "rates", "rates", *totals, "--region", "US")
    assert (same.code, "- Worked out from totals of LIVE Center (3 days), not from gifts" in same.out) == (0, True)
    other = run("rates", "impact", "tests/errors/T008/my-rates", "tests/errors/T008/my-rates", *totals, "--region", "GB")
    assert (other.code, "T008 tests/errors/T008/my-rates/gb.yaml" in other.err) == (2, True)
    uncovered = run("rates", "impact", "tests/errors/T008/my-rates", "tests/errors/T008/my-rates", *totals, "--region", "CA")
    assert (uncovered.code, "A005 no rate file covers region CA" in uncovered.err) == (2, True)
