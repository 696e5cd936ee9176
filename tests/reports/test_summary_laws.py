"""Laws of the summary: periods add up, nothing depends on a clock, and what is missing is said."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl import periods
from diamondctl.money import Range
from diamondctl.periods import Period, parse_period
from diamondctl.problems import Refusal
from diamondctl.ratebook.entries import RateEntry, Zone
from diamondctl.rating.credits import OwnShare
from diamondctl.rating.rewards import Rating, rate
from diamondctl.records import Usage
from diamondctl.reports.scope import make_scope
from diamondctl.reports.summary import Summary, summarise
from diamondctl.reports.values import Asked
from tests import build, strategies

Key = tuple[str, str, str]
TODAY = date(2026, 11, 22)
MONEY = ("gift_value", "reward", "diamonds")
COUNTS = ("gifts", "coins")
timezones = st.sampled_from(("", *strategies.TIMEZONES))
days = st.dates(date(2026, 2, 15), date(2026, 4, 15))
currencies = ("USD", "JPY", "KWD")
# Entries that cover only a part of the time, in several currencies: some usage is unrated.
patchy = strategies.zones(
    strategies.histories(strategies.reward_entries(currencies=currencies)),
    strategies.histories(strategies.settlement_entries(states=st.just("known")), most=2),
)
patchy_gb = strategies.zones(
    strategies.histories(strategies.reward_entries(currencies=currencies)),
    strategies.histories(strategies.settlement_entries(states=st.just("known")), most=2),
    region="GB",
)
usages = strategies.usages(regions=("US", "GB"))


def report(rating: Rating, period: Period, asked: Asked | None = None) -> Summary:
    """The summary."""
    return summarise(make_scope(rating, (), (asked or Asked())._replace(period=period)))


def figures(summary: Summary | None, names: tuple[str, ...]) -> dict[tuple[Key, str], Range]:
    """Every figure of every account; nothing where the summary was refused. Zeros are left out."""
    found: dict[tuple[Key, str], Range] = {}
    for roll in summary.rolls if summary else ():
        account = roll.account
        for line in roll.lines:
            if line.key in names and line.now != Range.of(0):
                found[(account.creator, account.region, account.currency), line.key] = line.now
    return found


def added(parts: list[dict[tuple[Key, str], Range]]) -> dict[tuple[Key, str], Range]:
    result: dict[tuple[Key, str], Range] = {}
    for part in parts:
        for key, value in part.items():
            result[key] = result.get(key, Range.of(0)) + value
    return result


# Periods add up


@given(usages, patchy, patchy_gb, timezones)
def test_a_year_is_the_sum_of_its_months_its_quarters_and_its_weeks(
    usage: list[Usage], us: Zone, gb: Zone, timezone: str
) -> None:
    zones = {"US": us, "GB": gb}
    rating, asked = Rating(usage, zones), Asked(timezone=timezone)
    year = report(rating, parse_period("2026", TODAY), asked)
    months = [report(rating, parse_period(f"2026-{month:02d}", TODAY), asked) for month in range(1, 13)]
    quarters = [report(rating, parse_period(f"2026-Q{number}", TODAY), asked) for number in range(1, 5)]
    # All usage lies in these.
    weeks = [report(rating, parse_period(f"2026-W{week:02d}", TODAY), asked) for week in range(7, 17)]
    for parts in (months, quarters, weeks):
        assert added([figures(part, MONEY) for part in parts]) == figures(year, MONEY)
        if None not in parts and year is not None:
            assert added([figures(part, COUNTS) for part in parts]) == figures(year, COUNTS)


@given(usages, patchy, patchy_gb, st.tuples(days, days, days).map(sorted), timezones)
def test_a_period_is_the_sum_of_any_two_that_tile_it(
    usage: list[Usage], us: Zone, gb: Zone, cuts: list[date], timezone: str
) -> None:
    first, middle, end = cuts[0], cuts[1] + timedelta(days=1), cuts[2] + timedelta(days=2)
    zones = {"US": us, "GB": gb}
    rating, asked = Rating(usage, zones), Asked(timezone=timezone)
    whole, early, late = (report(rating, periods.days(*ends), asked) for ends in ((first, end), (first, middle), (middle, end)))
    assert added([figures(early, MONEY), figures(late, MONEY)]) == figures(whole, MONEY)


@given(usages, patchy, patchy_gb, timezones, timezones.filter(bool), strategies.dated_shares())
def test_a_creators_own_time_zone_is_as_if_everybody_had_it_and_changes_no_other_account(
    usage: list[Usage], us: Zone, gb: Zone, timezone: str, own: str, dated: dict[str, list[OwnShare]]
) -> None:
    zones = {"US": us, "GB": gb}
    rating, march = Rating(usage, zones, own_shares=dated), parse_period("2026-03", TODAY)
    mixed, everybody, nobody = (
        figures(report(rating, march, asked), MONEY)
        for asked in (Asked(timezone=timezone, timezones={"mara": own}), Asked(timezone=own), Asked(timezone=timezone))
    )
    assert {item: value for item, value in mixed.items() if item[0][0] == "mara"} == {
        item: value for item, value in everybody.items() if item[0][0] == "mara"
    }
    assert {item: value for item, value in mixed.items() if item[0][0] != "mara"} == {
        item: value for item, value in nobody.items() if item[0][0] != "mara"
    }


@given(usages, patchy, patchy_gb, timezones, st.sampled_from(("2026-03", "2026-04", "2026-Q2", "2026-W13")))
def test_what_stands_under_before_is_what_the_period_before_says(
    usage: list[Usage], us: Zone, gb: Zone, timezone: str, text: str
) -> None:
    zones = {"US": us, "GB": gb}
    rating, asked = Rating(usage, zones), Asked(timezone=timezone)
    period = parse_period(text, TODAY)
    this, before = report(rating, period, asked), report(rating, period.before(), asked)
    earlier = figures(before, MONEY)
    for roll in this.rolls:
        key = (roll.account.creator, roll.account.region, roll.account.currency)
        for line in roll.lines:
            if line.key in MONEY:
                assert (line.before or Range.of(0)) == earlier.get((key, line.key), Range.of(0))


# Nothing depends on order, and no default on a clock (tests/test_layers.py: only `cli` reads one)


@given(usages, patchy, patchy_gb, st.randoms(use_true_random=False))
def test_the_order_of_usage_never_matters(usage: list[Usage], us: Zone, gb: Zone, random: object) -> None:
    zones = {"US": us, "GB": gb}
    shuffled = list(usage)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    period = parse_period("2026-03", TODAY)
    reports = [report(Rating(rows, zones), period) for rows in (usage, shuffled)]
    assert [item and [roll.lines for roll in item.rolls] for item in reports[:1]] == [
        item and [roll.lines for roll in item.rolls] for item in reports[1:]
    ]


@given(usages.filter(bool), patchy, patchy_gb, timezones)
def test_the_default_period_is_the_last_month_in_which_a_live_began_whatever_ran_past_midnight(
    usage: list[Usage], us: Zone, gb: Zone, timezone: str
) -> None:
    zones = {"US": us, "GB": gb}
    begins: dict[object, int] = {}
    for row in usage:
        key = (row.creator, row.region, row.stream) if row.stream else row
        begins[key] = min(row.quarter, begins.get(key, row.quarter))
    places = {key: getattr(key, "region", None) or key[1] for key in begins}  # type: ignore[index]
    last = max(build.moment(quarter, timezone or zones[places[key]].timezone).date() for key, quarter in begins.items())
    try:
        found = make_scope(Rating(usage, zones), (), Asked(timezone=timezone))
    except Refusal as refused:
        assert f"{last:%Y-%m}" in refused.problems[0].message
    else:
        assert found.period == periods.month_of(last)


# What the lines say about each other


@given(usages, patchy, patchy_gb, st.none() | st.sampled_from(("0", "48", "100")).map(Decimal))
def test_diamonds_gift_value_and_reward_are_those_of_the_credits(
    usage: list[Usage], us: Zone, gb: Zone, own_share: Decimal | None
) -> None:
    zones = {"US": us, "GB": gb}
    rating = Rating(usage, zones, own_share=own_share)
    summary = report(rating, parse_period("2026", TODAY), Asked(own_share=own_share))
    for roll in summary.rolls if summary else ():
        if not roll.account.currency:
            assert {line.key for line in roll.lines} <= {"streams", "days", *COUNTS}
            continue
        value, reward, diamonds = (roll.line(name) for name in MONEY)
        assert value is not None and reward is not None and diamonds is not None
        assert value.unit == reward.unit == roll.account.currency
        assert value.now.is_exact and diamonds.now.is_exact
        assert diamonds.now.low == sum(credit.diamonds for credit in roll.account.now)
        assert 0 <= reward.now.low <= reward.now.high <= value.now.low
        if own_share is not None:
            assert reward.now.is_exact
        if own_share == 100:
            assert reward.now == value.now
        if own_share == 0:
            assert reward.now == Range.of(0)


@given(usages, patchy, patchy_gb)
def test_totals_are_the_sums_of_the_accounts_in_each_currency(usage: list[Usage], us: Zone, gb: Zone) -> None:
    zones = {"US": us, "GB": gb}
    summary = report(Rating(usage, zones), parse_period("2026", TODAY))
    if summary is None or len(summary.rolls) < 2:
        return
    sums: dict[str, tuple[Range, Range]] = {}
    for roll in summary.rolls:
        value, reward = roll.line("gift_value"), roll.line("reward")
        if value is not None and reward is not None:
            before = sums.get(value.unit, (Range.of(0), Range.of(0)))
            sums[value.unit] = (before[0] + value.now, before[1] + reward.now)
    assert summary.totals == tuple((currency, *sums[currency]) for currency in sorted(sums))


@given(usages, patchy, patchy_gb, days, timezones)
def test_earned_is_what_the_gifts_up_to_as_of_come_to_by_themselves(
    usage: list[Usage], us: Zone, gb: Zone, as_of: date, timezone: str
) -> None:
    zones = {"US": us, "GB": gb}
    rating = Rating(usage, zones)
    summary = report(rating, parse_period("2026", TODAY), Asked(as_of=as_of, timezone=timezone))
    for roll in summary.rolls if summary else ():
        account = roll.account
        expected = Range.of(0)
        early = [row for row in usage if build.moment(row.quarter, timezone or zones[row.region].timezone).date() <= as_of]
        for credit in rate(early, zones).credits:
            mine = (credit.creator, credit.region, credit.currency) == (account.creator, account.region, account.currency)
            expected = expected + credit.reward if mine else expected
        assert (roll.earned.as_of, roll.earned.reward) == (as_of, expected)


# What is missing is said


@given(usages, patchy, patchy_gb, st.sampled_from(("2026-02", "2026-03", "2026-04", "2026", "2025")), days, timezones)
def test_complete_says_whether_all_gifts_of_the_period_and_of_what_was_earned_are_rated(
    usage: list[Usage], us: Zone, gb: Zone, text: str, as_of: date, timezone: str
) -> None:
    zones = {"US": us, "GB": gb}
    rating = Rating(usage, zones)
    period = parse_period(text, TODAY)
    summary = report(rating, period, Asked(as_of=as_of, timezone=timezone))
    dated = [
        (build.moment(u.row.quarter, timezone or zones[u.row.region].timezone).date(), u.row)
        for u in rate(usage, zones).unrated
    ]
    inside = [row for day, row in dated if period.start <= day < period.end and day <= as_of]
    over = min(as_of, period.last_day)  # a period that is over speaks of its own end
    earlier = [row for day, row in dated if day <= over and not period.start <= day < period.end]
    scope = summary.scope
    assert scope.complete == (not inside and not earlier)
    assert sorted(item.row for account in scope.accounts for item in account.unrated) == sorted(inside)
    assert sorted(item.row for account in scope.accounts for item in account.unrated_earlier) == sorted(earlier)
    assert bool([warning for warning in summary.warnings if warning.startswith("Incomplete")]) != scope.complete
    gifts = sum(line.now.low for roll in summary.rolls for line in roll.lines if line.key == "gifts")
    rated_gifts = sum(row.gifts for account in scope.accounts for credit in account.now for row in credit.rows)
    assert gifts == rated_gifts + sum(row.gifts for row in inside)


def test_a_period_in_which_nothing_can_be_rated_counts_gifts_and_coins_and_names_the_first_date() -> None:
    zone = build.zone(build.reward(build.quarter("2026-03-15")), build.settlement(build.quarter("2026-01-01")))
    rating = Rating([build.usage(build.quarter("2026-02-20"), 100, gifts=3)], {"US": zone})
    summary = report(rating, periods.parse_period("2026-02", date.min))
    incomplete, way = summary.warnings
    assert incomplete.startswith(
        "Incomplete: 3 gifts (100 coins) are left out of the money: reward begins on 2026-03-15T00:00Z"
    )
    assert "tiktok/us.yaml:1" in incomplete
    assert way == "To have a rate: add an entry that holds from 2026-02-20 on to tiktok/us.yaml."
    (roll,) = summary.rolls
    assert [(line.key, line.now.low) for line in roll.lines] == [
        ("days", Decimal(1)),
        ("gifts", Decimal(3)),
        ("coins", Decimal(100)),
    ]
    assert not summary.scope.complete


# One account in words


def october(*rewards: RateEntry, own_share: str = "") -> Summary:
    """Two streams in October and one in September, in Los Angeles."""
    start = build.quarter("2026-01-01")
    zone = build.zone(
        *(rewards or (build.reward(start, share=("0", "53")),)),
        build.settlement(start, "stream", "down"),
        build.minimum(start, "100.00"),
        timezone="America/Los_Angeles",
    )
    rows = [
        build.usage(build.quarter("2026-09-10T20:00"), 10_000, stream="s1", gifts=10),
        # 2026-10-01 06:59 UTC is still September in Los Angeles: what was sent then counts there, and so does the LIVE.
        build.usage(build.quarter("2026-10-01T06:45"), 1_001, stream="s2", gifts=2),
        build.usage(build.quarter("2026-10-01T07:15"), 1_000, stream="s2", gifts=1),
        build.usage(build.quarter("2026-10-31T20:00"), 18_000, stream="s3", gifts=7),
    ]
    share = Decimal(own_share) if own_share else None
    rating = Rating(rows, {"US": zone}, own_share=share)
    return summarise(make_scope(rating, (), Asked(own_share=share)))


def test_the_lines_of_october() -> None:
    summary = october()
    (roll,) = summary.rolls
    lines = {line.key: (line.now.low, line.now.high, line.before and line.before.low, line.change) for line in roll.lines}
    assert {key: tuple(map(str, values)) for key, values in lines.items()} == {
        "streams": ("1", "1", "2", "-50.0"),
        "gifts": ("8", "8", "12", "-33.3"),
        "coins": ("19000", "19000", "11001", "72.7"),
        "diamonds": ("19000", "19000", "11001", "72.7"),
        "gift_value": ("190.00", "190.00", "110.01", "72.7"),
        "reward": ("0.00", "100.70", "0.00", "None"),  # 95.40, and 10.6053 rounded down less 5.3053 rounded down
    }
    assert [check.answer for check in roll.earned.minimums] == ["depends"]
    assert str(roll.earned.reward.high) == "159.00"
    assert summary.scope.complete
    assert "mara: of it 0.00 - 5.30 USD completes a LIVE begun before 2026-10-01." in summary.scope.notes


def test_an_own_share_makes_one_number_of_the_range() -> None:
    (roll,) = october(own_share="48").rolls
    reward = roll.line("reward")
    assert reward is not None
    assert (str(reward.now.low), reward.now.is_exact, reward.note) == ("91.20", True, "share 48% (config)")
    assert [check.answer for check in roll.earned.minimums] == ["above"]


@pytest.mark.parametrize("credit", strategies.CREDITS)
def test_days_with_gifts_are_days_whatever_is_credited_at_once_rated_or_not(credit: str) -> None:
    zone = build.zone(
        build.reward(build.quarter("2026-10-10")),
        build.settlement(build.quarter("2026-01-01"), credit, "down"),
        timezone="America/Los_Angeles",
    )
    # In Los Angeles: 5 October (not rated), 12, 12 and 13 October; and one day in September.
    times = ("2026-09-07T20:00", "2026-10-05T20:00", "2026-10-12T20:00", "2026-10-13T06:45", "2026-10-13T07:00")
    rows = [build.usage(build.quarter(time), 1_000) for time in times]
    (roll,) = summarise(make_scope(Rating(rows, {"US": zone}), (), Asked())).rolls
    days = roll.line("days")
    assert days is not None
    assert (days.label, days.now, days.before) == ("Days with gifts", Range.of(3), Range.of(1))
