"""What reports say beside their figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from diamondctl.rating.missions import EVERYBODY, OPTION, Facts, Personal
from diamondctl.rating.rewards import Rating
from diamondctl.reports.scope import make_scope
from diamondctl.reports.values import Asked
from tests import build

# Live all day on Monday and Tuesday, 200.00 a day; all but the fans and the league is known.
FACTS = Facts(people={EVERYBODY: [Personal(None, None, None, Decimal(0), OPTION)]})


def warnings(limit: str) -> tuple[str, ...]:
    rules = build.MISSIONS._replace(week_amount=Decimal(limit) if limit else None, new_followers=build.bands())
    zones = {"US": build.zone(build.reward(0, share=rules), build.settlement(0))}
    first = build.quarter("2026-03-02T10:00")
    usage = [build.usage(first + 96 * day + at, 10_000, stream=f"s{day}") for day in (0, 1) for at in (0, 20)]
    return make_scope(Rating(usage, zones, facts=FACTS), (), Asked(as_of=date(2026, 3, 31), facts=FACTS)).warnings


def test_a_fact_narrows_a_weekly_part_by_no_more_than_its_limit_leaves_open() -> None:
    # 8 - 13 % of 400.00: the league alone is worth up to 12.00, the fans up to 8.00.
    assert "league (up to 12.00 USD)" in warnings("")[0]
    assert "league (up to 10.00 USD)" in warnings("42.00")[0]


def test_no_fact_would_narrow_a_weekly_part_that_its_limit_makes_exact() -> None:
    assert warnings("30.00") == ()
