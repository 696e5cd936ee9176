"""A scheme for some creators only, the league's own limit, leagues that count, and a valid day's total."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from diamondctl.money import Range, total
from diamondctl.ratebook.entries import Missions, Zone
from diamondctl.rating.credits import WEEKLY, Credit
from diamondctl.rating.missions import (
    EVERYBODY,
    FLAT,
    IN_SCHEME,
    OPTION,
    Facts,
    Interval,
    OfStream,
    OfWeek,
    Personal,
    of_stream,
    of_week,
)
from diamondctl.rating.rewards import rate
from diamondctl.records import Usage
from tests import build
from tests.rating.test_missions import intervals, minutes, missions

QUARTER = 1_930_000  # in 2025
NO_PENALTY = Range.of(0)
ANYTHING = Range(Decimal(0), Decimal(20))


def zone(rules: Missions) -> Zone:
    """A zone with this share from 1970 on."""
    return build.zone(build.reward(0, share=rules), build.settlement(0))


def credits(rules: Missions, facts: Facts, coins: int = 10_000) -> dict[str, Credit]:
    """The credit of one LIVE of an hour, and that of its week."""
    first = QUARTER * 900
    rows = [
        Usage("mara", "US", "live", QUARTER, coins, 1, first, first),
        Usage("mara", "US", "live", QUARTER + 4, 0, 1, first + 3_600, first + 3_600),
    ]
    return {credit.unit: credit for credit in rate(rows, {"US": zone(rules)}, facts=facts).credits}


def said(**facts: Any) -> Facts:
    return Facts(people={EVERYBODY: [Personal(source=OPTION, **facts)]})


@given(missions(), intervals, intervals, intervals)
def test_undecided_is_the_lower_and_the_higher_of_both(
    rules: Missions, live: Interval, followers: Interval, fans: Interval
) -> None:
    """Credit by credit; of the week the flat share has nothing."""
    rules = rules._replace(others=Decimal(17))
    stream = OfStream(minutes(live), followers, ANYTHING)
    week = OfWeek(followers, fans, None)
    both: Any = ((of_stream, stream, Decimal(17)), (of_week, week, Decimal(0)))
    for make, facts, flat in both:
        mine = {word: make(rules, facts._replace(scheme=word)).share for word in (IN_SCHEME, FLAT, None)}
        assert mine[FLAT] == Range.of(flat)
        assert mine[IN_SCHEME] == make(rules._replace(others=None), facts).share
        assert mine[None] == Range(min(mine[IN_SCHEME].low, flat), max(mine[IN_SCHEME].high, flat))


def test_a_creator_answers() -> None:
    """100.00 USD of gifts: 38 to 40 and 6 to 13 by missions, 50 flat, and both where nobody says."""
    in_it = credits(build.SELECT, said(scheme=IN_SCHEME, penalty=Decimal(0)))
    assert in_it["stream"].reward == Range(Decimal("38.00"), Decimal("40.00"))
    assert in_it[WEEKLY].reward == Range(Decimal("6.00"), Decimal("13.00"))
    out = credits(build.SELECT, said(scheme=FLAT, penalty=Decimal(20)))
    assert total(credit.reward for credit in out.values()) == Range.of(Decimal("50.00"))
    open_ = credits(build.SELECT, said(penalty=Decimal(0)))
    assert open_["stream"].reward == Range(Decimal("38.00"), Decimal("50.00"))
    assert open_[WEEKLY].reward == Range(Decimal("0.00"), Decimal("13.00"))


def test_an_answer_holds_from_its_day_on() -> None:
    people = {"mara": [Personal(date(1999, 1, 1), source="c:1", scheme=FLAT), Personal(date(2099, 1, 1), scheme=IN_SCHEME)]}
    assert credits(build.SELECT, Facts(people=people))["stream"].reward == Range.of(Decimal("50.00"))


def test_a_file_that_asks_nothing_is_not_answered() -> None:
    assert credits(build.MISSIONS, said(scheme=FLAT)) == credits(build.MISSIONS, Facts())


@pytest.mark.parametrize(
    ("word", "low", "high"),
    [
        ("none", 0, 0),
        ("held", 1, 1),
        ("held-a2", 1, 1),
        ("held-b1", 0, 0),
        ("personal_best-a1", 3, 3),
        ("personal_best-d3", 0, 0),
        (None, 0, 3),
    ],
)
def test_only_some_leagues_count(word: str | None, low: int, high: int) -> None:
    nothing = OfWeek(intervals_of(0), intervals_of(0), word, scheme=IN_SCHEME)
    assert of_week(build.SELECT, nothing).share == Range(Decimal(low), Decimal(high))


def intervals_of(number: int) -> Interval:
    return Interval(number, number)


@pytest.mark.parametrize(("coins", "league", "money"), [(3_333_300, "999.99", "3333.30"), (3_333_400, "1000.00", "3333.40")])
def test_the_league_brings_at_most_its_limit(coins: int, league: str, money: str) -> None:
    """3 points of 33,333 USD are 999.99; above that its part stands still, and the rest of the week goes on."""
    facts = said(scheme=IN_SCHEME, league="personal_best", active_fans=0, penalty=Decimal(0))
    weekly = credits(build.SELECT, facts, coins)[WEEKLY]
    value = Decimal(coins) / 100
    least = value * 6 / 100 + Decimal(league)
    assert weekly.reward.low == least.quantize(Decimal("0.01"))
    without = credits(build.SELECT._replace(league_amount=None), facts, coins)[WEEKLY]
    assert weekly.reward.low == min(without.reward.low, least)
    assert Decimal(money) == value / 10


def test_fewer_than_five_followers_may_bring_a_part() -> None:
    for followers, points in ((0, (0, 0)), (1, (0, 2)), (4, (0, 2)), (5, (2, 2))):
        share = of_stream(
            build.SELECT, OfStream(minutes(intervals_of(60)), intervals_of(followers), NO_PENALTY, scheme=IN_SCHEME)
        ).share
        assert share == Range(Decimal(38 + points[0]), Decimal(38 + points[1]))


def test_short_lives_of_a_day_make_it_valid_in_total_and_two_at_once_count_once() -> None:
    """Three LIVEs of ten minutes; then three at the same time."""

    def valid(rules: Missions, gap: int) -> Range:
        rows = []
        for number in range(3):
            first = QUARTER * 900 + number * gap
            quarter = first // 900
            rows += [
                Usage("mara", "US", f"s{number}", quarter, 1_000, 1, first, first + 600),
            ]
        facts = said(scheme=IN_SCHEME, league="none", active_fans=0, penalty=Decimal(0))
        found = rate(rows, {"US": zone(rules)}, facts=facts).credits
        (weekly,) = [credit for credit in found if credit.unit == WEEKLY]
        return weekly.reward

    assert valid(build.SELECT, 3_600) == Range(Decimal("1.80"), Decimal("2.40"))
    assert valid(build.SELECT, 0) == Range(Decimal("0.00"), Decimal("2.40"))
    assert valid(build.SELECT._replace(valid_in_total=False), 3_600) == Range(Decimal("0.00"), Decimal("2.40"))
