"""Can it be withdrawn: every minimum has to hold, under the limit of one payout, and what is not known is not a no."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.money import Range
from diamondctl.ratebook.entries import Maximum, Minimum, Timing
from diamondctl.rating.rewards import Rating
from diamondctl.render.page import Manner
from diamondctl.render.payout import answer, detail, view
from diamondctl.reports.payout import Check, PayoutCheck, payout_check
from diamondctl.reports.scope import make_scope
from diamondctl.reports.values import Asked, Origin
from tests import build
from tests.support import run

START = build.quarter("2026-01-01")


def minimum(amount: str, unit: str = "USD", method: str = "any") -> Minimum:
    return Minimum(method, Decimal(amount), "" if unit == "diamonds" else unit)


def walk(
    *minimums: Minimum,
    incomplete: str = "",
    coins: int = 20_000,
    most: str = "",
    share: str | tuple[str, str] = "50",
    unrated: int = 0,
    method: str = "",
) -> PayoutCheck:
    """A creator with so many coins, half a cent each, and so many gifts before the first rate."""
    entries = [
        build.reward(START, share=share),
        build.settlement(START, "day"),
        build.entry("minimum_payout", START, minimums),
        build.entry("payout_timing", START, (Timing("paypal", "automatic", "wednesday", None, None),)),
    ]
    if most:
        entries.append(build.entry("maximum_payout", START, (Maximum("any", "day", Decimal(most), "USD"),)))
    zone = build.zone(*entries)
    rows = [build.usage(build.quarter("2026-10-30"), coins)]
    rows += [build.usage(build.quarter("2025-10-30"), 100, gifts=unrated)] if unrated else []
    asked, origin = Asked(as_of=date(2026, 10, 31), opening=Decimal(0)), Origin(ledger=bool(incomplete), incomplete=incomplete)
    return payout_check(make_scope(Rating(rows, {"US": zone}), (), asked, (), origin), method)


def only(report: PayoutCheck) -> Check:
    (check,) = report.checks
    return check


def steps(check: Check) -> dict[str, str]:
    return {step.key: step.status for step in check.steps}


@pytest.mark.parametrize("turned", [False, True])
def test_a_minimum_in_money_and_one_in_diamonds_both_have_to_hold(turned: bool) -> None:
    both = [minimum("100.00"), minimum("25000", "diamonds")]
    check = only(walk(*(reversed(both) if turned else both)))
    assert (check.answer, steps(check)["minimum"], check.available) == ("no", "no", Range.of(0))
    assert answer(check) == "No: 5,000 diamonds missing to the minimum."
    assert "at least 100.00 USD and at least 25,000 diamonds, 5,000 diamonds missing" in detail(check, check.steps[1])
    both = [minimum("150.00"), minimum("20000", "diamonds")]
    check = only(walk(*(reversed(both) if turned else both)))
    assert answer(check) == "No: 50.00 USD missing to the minimum."
    both = [minimum("100.00"), minimum("20000", "diamonds")]
    assert only(walk(*(reversed(both) if turned else both))).answer == "yes"
    both = [minimum("150.00"), minimum("25000", "diamonds")]
    assert answer(only(walk(*both))) == "No: 50.00 USD and 5,000 diamonds missing to the minimum."


def test_a_minimum_of_the_method_replaces_that_of_any_and_another_currency_counts_only_alone() -> None:
    assert only(walk(minimum("150.00"), minimum("50.00", method="paypal"))).answer == "yes"
    assert only(walk(minimum("50.00"), minimum("150.00", method="paypal"))).answer == "no"
    assert only(walk(minimum("50.00"), minimum("70.00", "EUR"))).answer == "yes"
    assert only(walk(minimum("70.00", "EUR"))).answer == "unknown"
    assert only(walk(minimum("70.00", "EUR"), minimum("25000", "diamonds"))).answer == "no", "the diamonds are not there"


@given(st.lists(st.tuples(st.integers(0, 200), st.booleans()), min_size=1, max_size=4))
def test_yes_is_said_when_every_minimum_is_reached(drawn: list[tuple[int, bool]]) -> None:
    minimums = [minimum(str(n * 200), "diamonds") if in_diamonds else minimum(str(n)) for n, in_diamonds in drawn]
    # 20,000 diamonds and 100.00 USD: both reach a hundred steps.
    assert (only(walk(*minimums)).answer == "yes") == all(number <= 100 for number, _ in drawn)


def test_a_minimum_above_what_one_payout_can_hold_is_never_reached() -> None:
    check = only(walk(minimum("1000.01"), coins=1_000_000, most="1000.00"))
    assert (check.answer, steps(check)["minimum"], check.available) == ("no", "no", Range.of(0))
    assert answer(check) == "No: the minimum of 1,000.01 USD is above the limit of 1,000.00 USD per day."
    check = only(walk(minimum("1000.00"), coins=1_000_000, most="1000.00"))
    assert (check.answer, check.available) == ("yes", Range.of(1_000))


def test_what_is_missing_cannot_be_told_while_gifts_are_missing_from_the_balance() -> None:
    report = walk(minimum("150.00"), unrated=3)
    check = only(report)
    assert (check.answer, steps(check)["minimum"], report.complete) == ("unknown", "?", False)
    assert "50.00 USD missing, without the gifts that are missing from the balance" in detail(check, check.steps[1])
    assert answer(check) == "Not known: gifts are missing from the balance."
    assert only(walk(minimum("100.00"), unrated=3)).answer == "yes", "more gifts could only add to it"
    assert only(walk(minimum("0"), coins=0, unrated=3)).answer == "unknown"
    assert only(walk(minimum("2000.00"), most="1000.00", unrated=3)).answer == "no"


def test_rows_that_an_import_left_out_may_be_what_is_missing() -> None:
    check = only(walk(minimum("150.00"), incomplete="3 rows were left out"))
    assert (check.answer, steps(check)["minimum"]) == ("unknown", "?")


def test_a_yes_names_the_earliest_day() -> None:
    said = "Yes: on Wed 4 Nov 100.00 USD can leave TikTok."
    assert answer(only(walk(minimum("100.00")))) == said


def test_nothing_at_all_is_said_to_be_nothing() -> None:
    assert answer(only(walk(minimum("0"), coins=0))) == "No: nothing to withdraw."


def test_many_payouts_have_thousands_marks() -> None:
    check = only(walk(minimum("0.01"), coins=10**15, most="0.01"))
    assert "500,000,000,000,000 payouts" in detail(check, check.steps[2])


def test_every_step_carries_the_dates_and_sources_of_its_entry_at_every_width() -> None:
    report = walk(minimum("100.00"), most="1000.00")
    documented = view(report).document()["data"]["accounts"][0]["steps"]
    assert [step["sources"] for step in documented] == [[], ["s"], ["s"], [], ["s"], []]
    assert documented[1]["effective"] == "2026-01-01T00:00Z"
    assert documented[1]["verified"] == "2026-11-22"
    for width in (None, 160, 100, 80, 60, 40):
        text = " ".join(view(report).page().lay(width, "-", str, Manner(verbose=True)).text().partition("Rate used")[0].split())
        assert "Not shown" not in text
        if width in (None, 160):
            assert "from 2026-01-01T00:00Z, last seen to hold 2026-11-22, sources: s" in text
        assert text.count("2026-11-22") >= 3


def test_the_command_says_it_in_json_and_in_its_exit_code() -> None:
    done = run("payout", "check", "examples/2026-10.csv", "--region", "US", "--share", "48", "--json")
    (account,) = json.loads(done.out)["data"]["accounts"]
    assert (done.code, account["answer"], account["certain"], account["short_of_diamonds"]) == (3, "yes", False, "0")
    assert account["steps"][1]["minimums"][0]["amount"] == "1.00", "money has the decimals of its currency"
