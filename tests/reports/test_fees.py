"""The waterfall where the weekly part of a share and its gifts are not in the same period."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, reject
from hypothesis import strategies as st

from diamondctl.money import Range, exact
from diamondctl.periods import days
from diamondctl.problems import Refusal
from diamondctl.rating.fees import Step
from diamondctl.rating.missions import EVERYBODY, OPTION, Facts, Personal
from diamondctl.rating.rewards import rate
from diamondctl.records import Usage
from diamondctl.reports.fees import Wanted, fees
from diamondctl.reports.scope import make_scope
from diamondctl.reports.values import Asked
from tests import build, strategies

DONE = Facts(people={EVERYBODY: [Personal(None, 120, "held", Decimal(0), OPTION)]})
MONDAY = build.quarter("2026-03-02")


def steps(usage: list[Usage], first: date, last: date, credit: str = "stream", limit: str = "") -> dict[str, Step]:
    rules = build.MISSIONS._replace(week_amount=Decimal(limit) if limit else None)
    zones = {"US": build.zone(build.reward(0, share=rules), build.settlement(0, credit))}
    scope = make_scope(rate(usage, zones, facts=DONE), zones, (), Asked(period=days(first, last), facts=DONE))
    (account,) = fees(scope, Wanted(False, "", None, {})).accounts
    (waterfall,) = account.waterfalls
    return {step.key: step for step in waterfall.steps}


def live(name: str, day: int, coins: int) -> list[Usage]:
    start = MONDAY + day * 96 + 80
    return [build.usage(start, coins, stream=name), build.usage(start + 6, coins, stream=name)]


# 20.00 on Wednesday, 40.00 on Saturday: 38 - 40 % each, and 10.5 % for the week, which is that of Saturday's period.
TWO = [*live("a", 2, 1_000), *live("b", 5, 2_000)]


def test_a_week_within_the_period_is_part_of_its_share() -> None:
    found = steps(TWO, date(2026, 3, 1), date(2026, 3, 31))
    assert list(found) == ["gift_value", "platform", "reward"]
    assert found["reward"].amount == Range(Decimal("29.10"), Decimal("30.30"))
    assert (found["platform"].rate, found["platform"].note) == ("49.5 - 51.5%", "")
    assert found["platform"].percent == Range(Decimal("-51.5"), Decimal("-49.5"))


def test_the_weekly_part_of_gifts_of_another_period_is_a_step_of_its_own() -> None:
    found = steps(TWO, date(2026, 3, 6), date(2026, 3, 8))
    assert list(found) == ["gift_value", "platform", "weekly", "reward"]
    assert found["weekly"].amount == Range.of(Decimal("2.10"))
    assert found["platform"].amount == Range(Decimal("-20.60"), Decimal("-19.80"))
    assert found["platform"].rate == "49.5 - 51.5%"
    assert all(step.percent is None for step in found.values())


def test_a_weekly_part_that_comes_in_another_period_is_said_beside_what_is_kept() -> None:
    found = steps(TWO, date(2026, 3, 2), date(2026, 3, 5))
    assert list(found) == ["gift_value", "platform", "reward"]
    assert found["platform"].rate == "60 - 62%"
    assert found["platform"].note == "the weekly part of 20.00 USD of the gifts comes in another period"
    assert found["platform"].percent == Range(Decimal("-62.0"), Decimal("-60.0"))


def test_what_is_kept_of_a_period_with_some_of_its_weekly_parts_lies_between() -> None:
    usage = [*TWO, *live("c", 9, 1_000), *live("d", 12, 1_000)]
    found = steps(usage, date(2026, 3, 2), date(2026, 3, 12))
    assert found["platform"].rate == "49.5 - 62%"
    kept = found["platform"].percent
    assert kept is not None
    assert Decimal("-62") <= kept.low <= kept.high <= Decimal("-49.5")


def test_a_limited_weekly_part_is_split_in_proportion() -> None:
    found = steps(TWO, date(2026, 3, 6), date(2026, 3, 8), limit="3.00")
    assert found["weekly"].amount == Range.of(Decimal("1.00"))


@given(strategies.usages(most=14), st.integers(0, 40), st.integers(1, 20), st.sampled_from(("stream", "month")))
def test_the_steps_add_up_and_the_platform_never_keeps_less_than_nothing(
    usage: list[Usage], first: int, length: int, credit: str
) -> None:
    mine = [row._replace(creator="mara") for row in usage]
    start = date.fromordinal(date(2026, 2, 25).toordinal() + first)
    try:
        found = steps(mine, start, date.fromordinal(start.toordinal() + length - 1), credit)
    except (Refusal, ValueError):
        reject()  # nothing in the period
    apart = found["weekly"].amount if "weekly" in found else Range.of(0)
    with exact():
        for end in ("low", "high"):
            value, kept, reward = (getattr(found[key].amount, end) for key in ("gift_value", "platform", "reward"))
            assert value + kept + getattr(apart, end) == reward
            assert -value <= kept <= 0 <= getattr(apart, end)
