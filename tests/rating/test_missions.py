"""Shares that are built from missions: what is not known widens them, what is known narrows them, and the truth is inside."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl import periods
from diamondctl.money import Range, exact, quantise, total
from diamondctl.problems import ProblemLog
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import Band, Bands, Missions
from diamondctl.rating.credits import WEEKLY, Credit
from diamondctl.rating.known import Known, Spans
from diamondctl.rating.missions import (
    ANY,
    EVERYBODY,
    OPTION,
    DayFact,
    Facts,
    Interval,
    OfStream,
    OfWeek,
    Personal,
    StreamFact,
    of_stream,
    of_week,
)
from diamondctl.rating.rewards import ALWAYS, rate
from diamondctl.records import Usage
from tests import build, strategies
from tests.support import ROOT

LEAGUES = ("held", "personal_best")
points = st.integers(0, 40).map(lambda half: Decimal(half) / 2)


@st.composite
def tables(draw: st.DrawFn, mode: str = "rising") -> Bands:
    """Up to four bands over the numbers 0 to 12, some without a number."""
    starts = sorted(draw(st.sets(st.integers(0, 12), max_size=4)))
    values = draw(st.lists(points, min_size=len(starts), max_size=len(starts)))
    values = sorted(values) if mode == "rising" else values
    unknown = draw(st.lists(st.booleans(), min_size=len(starts), max_size=len(starts)))
    rows = zip(starts, values, unknown, strict=True)
    return Bands(tuple(Band(start, None if hidden else value) for start, value, hidden in rows), mode)


@st.composite
def missions(draw: st.DrawFn) -> Missions:
    """Any missions, with numbers small enough to try all of them."""
    league = tuple((word, draw(st.none() | points)) for word in LEAGUES[: draw(st.integers(0, 2))])
    stream_cap, week_cap = draw(points), draw(points)
    duration = draw(st.sampled_from(("rising", "step")).flatmap(tables))
    return Missions(
        stream_cap + week_cap, stream_cap, duration, draw(tables()), week_cap, None, 25, draw(tables()), draw(tables()), league,
        draw(points),
    )  # fmt: skip


def truth_of(bands: Bands, number: int, hidden: Decimal, cap: Decimal) -> Decimal:
    """What one number is worth when the unknown bands are worth `hidden` of what they may be (0 to 1)."""
    value = Decimal(0)
    for index, band in enumerate(bands.bands):
        if band.at_least > number:
            break
        if band.percent is not None:
            value = min(band.percent, cap)
        elif bands.mode == "step":
            value = cap * hidden
        else:
            before = [item.percent for item in bands.bands[:index] if item.percent is not None]
            after = [item.percent for item in bands.bands[index + 1 :] if item.percent is not None]
            low, high = (before[-1] if before else Decimal(0)), (min(after[0], cap) if after else cap)
            value = low + (high - low) * hidden if high > low else high
    return min(value, cap)


numbers = st.tuples(st.integers(0, 14), st.integers(0, 14)).map(lambda ends: Interval(min(ends), max(ends)))
open_ends = st.integers(0, 14).map(lambda low: Interval(low, None))
intervals = numbers | open_ends
hidden = st.sampled_from(("0", "0.25", "1")).map(Decimal)


def minutes(known: Interval) -> Interval:
    return Interval(known.low * 60, None if known.high is None else known.high * 60)


def all_of(known: Interval) -> range:
    return range(known.low, (14 if known.high is None else known.high) + 1)


@given(missions(), intervals, intervals, points, points, hidden)
def test_the_share_of_a_stream_contains_every_possible_truth(
    rules: Missions, live: Interval, followers: Interval, penalty: Decimal, other: Decimal, unknown: Decimal
) -> None:
    off = Range(min(penalty, other), max(penalty, other))
    share = of_stream(rules, OfStream(minutes(live), followers, off)).share
    for number, fans, breach in product(all_of(live), all_of(followers), (off.low, off.high)):
        earned = min(
            truth_of(rules.duration, number, unknown, rules.stream_cap)
            + truth_of(rules.new_followers, fans, unknown, rules.stream_cap),
            rules.stream_cap,
        )
        assert share.low <= max(earned - min(breach, rules.penalty), Decimal(0)) <= share.high
    assert 0 <= share.low <= share.high <= rules.stream_cap


@given(missions(), intervals, intervals, st.sampled_from((None, "none", *LEAGUES)), hidden)
def test_the_share_of_a_week_contains_every_possible_truth(
    rules: Missions, days: Interval, fans: Interval, league: str | None, unknown: Decimal
) -> None:
    share = of_week(rules, OfWeek(days, fans, league)).share
    known = {"none": Decimal(0)} | {
        word: rules.week_cap * unknown if value is None else min(value, rules.week_cap) for word, value in rules.league
    }
    words = [league] if league in known else list(known)
    for number, count, word in product(all_of(days), all_of(fans), words):
        earned = truth_of(rules.valid_days, number, unknown, rules.week_cap)
        earned += truth_of(rules.active_fans, count, unknown, rules.week_cap) + known[str(word)]
        assert share.low <= min(earned, rules.week_cap) <= share.high
    assert 0 <= share.low <= share.high <= rules.week_cap


@given(missions(), intervals, intervals, st.data())
def test_more_knowledge_never_widens_a_range(rules: Missions, live: Interval, followers: Interval, data: st.DataObject) -> None:
    def narrower(known: Interval) -> Interval:
        low = data.draw(st.integers(known.low, 20 if known.high is None else known.high))
        high = data.draw(st.integers(low, 20 if known.high is None else known.high))
        return Interval(low, high)

    penalty = Range(Decimal(0), rules.penalty)
    wide = of_stream(rules, OfStream(minutes(live), followers, penalty)).share
    narrow = of_stream(rules, OfStream(minutes(narrower(live)), narrower(followers), Range.of(data.draw(points)))).share
    assert wide.low <= narrow.low <= narrow.high <= wide.high
    week = of_week(rules, OfWeek(live, followers, None)).share
    inner = of_week(rules, OfWeek(narrower(live), narrower(followers), data.draw(st.sampled_from(("none", *LEAGUES))))).share
    assert week.low <= inner.low <= inner.high <= week.high


def test_the_worked_numbers_of_the_scheme() -> None:
    """rates.md E5: under 5 minutes 20 %, 38 % at 25 minutes, 5 new followers +2, and the weekly missions."""
    none = Range.of(0)

    def live(minutes: int, followers: int, off: Range = none) -> tuple[str, str]:
        seconds = Interval(minutes * 60, minutes * 60)
        share = of_stream(build.MISSIONS, OfStream(seconds, Interval(followers, followers), off)).share
        return str(share.low), str(share.high)

    assert live(4, 0) == ("20", "20")
    assert live(4, 5) == ("22", "22")
    assert live(5, 0) == live(24, 4) == ("20", "38")
    assert live(25, 4) == ("38", "38")
    assert live(90, 5) == ("40", "40")
    assert live(90, 5, Range.of(20)) == ("20", "20")
    assert live(4, 0, Range(Decimal(0), Decimal(20))) == ("0", "20")

    def week(days: int, fans: int, league: str) -> str:
        share = of_week(build.MISSIONS, OfWeek(Interval(days, days), Interval(fans, fans), league)).share
        assert share.is_exact
        return str(share.low)

    assert [week(*known) for known in ((0, 0, "none"), (1, 9, "none"), (2, 10, "held"), (7, 2_000, "personal_best"))] == [
        "0", "6", "10", "13",
    ]  # fmt: skip
    assert of_week(build.MISSIONS, OfWeek(ANY, ANY, None)).share == Range(Decimal(0), Decimal(13))


def test_the_shipped_file_says_the_same_from_the_day_on_which_it_is_known() -> None:
    zones = store.zones_for("tiktok", {"US"}, None)
    row = Usage("mara", "US", "s", build.quarter("2026-03-02T12:00"), 41_200, 1)
    shares = {}
    for known_by in (date(2026, 11, 22), date(2026, 11, 24)):
        rated = rate([row], zones, as_of=known_by)
        shares[known_by] = total(credit.reward for credit in rated.credits)
    assert shares[date(2026, 11, 22)] == Range(Decimal("0.00"), Decimal("218.36"))
    assert shares[date(2026, 11, 24)] == Range(Decimal("0.00"), Decimal("218.36"))
    corrected = rate([row], zones)
    assert total(credit.reward for credit in corrected.credits) == Range(Decimal("0.00"), Decimal("259.56"))
    built = [entry.value for entry in zones["US"].rates["reward"][-2:]]
    assert [getattr(value, "share").missions for value in built] == [build.MISSIONS, build.SELECT]  # noqa: B009


MONDAY = build.quarter("2026-03-02")
ZONE = build.zone(build.reward(0, share=build.MISSIONS), build.settlement(0))
DONE = Facts(people={EVERYBODY: [Personal(None, 120, "held", Decimal(0), OPTION)]})


def at(day: int, hour: int, minute: int = 0) -> int:
    return MONDAY + day * 96 + hour * 4 + minute // 15


def live(name: str, day: int, hour: int, quarters: int, coins: int = 1_000) -> list[Usage]:
    """Gifts in the first and the last quarter of a stream."""
    first = at(day, hour)
    return [build.usage(first, coins, stream=name), build.usage(first + quarters, coins, stream=name)]


def credits(rows: list[Usage], facts: Facts = DONE) -> tuple[list[Credit], list[Credit]]:
    """Credits of streams, and weekly parts."""
    found = rate(rows, {"US": ZONE}, facts=facts).credits
    return [item for item in found if item.unit != WEEKLY], [item for item in found if item.unit == WEEKLY]


def test_a_weekly_part_is_on_all_gifts_of_its_week_and_credited_on_the_monday_after() -> None:
    streams, (week,) = credits([*live("a", 0, 20, 6), *live("b", 3, 20, 6), *live("c", 6, 20, 6)])
    assert [(item.name, str(item.reward.low), str(item.reward.high)) for item in streams] == [
        ("a", "7.60", "8.00"), ("b", "7.60", "8.00"), ("c", "7.60", "8.00"),
    ]  # fmt: skip
    # 8 for two valid days and more, 1.5 for 120 fans, 1 for the league, of 60.00.
    assert (week.name, week.reward) == ("2026-03-02", Range.of(Decimal("6.30")))
    assert not week.gift_value and not week.rows
    assert week.booked == at(7, 0), "the first moment of the Monday after"
    assert week.last == streams[-1].last


def test_each_gift_belongs_to_the_week_in_which_it_was_sent_also_in_a_stream_over_midnight_on_sunday() -> None:
    _, weeks = credits([*live("a", 6, 23, 8), *live("b", 2, 20, 6)])
    assert [(week.name, week.parts[0].gift_value) for week in weeks] == [
        ("2026-03-02", Decimal("30.00")), ("2026-03-09", Decimal("10.00")),
    ]  # fmt: skip


rows = strategies.usages(most=14)


@given(rows, st.integers(0, 300))
def test_a_weeks_credits_are_those_of_its_streams_and_parts_add_up_to_the_share(usage: list[Usage], fans: int) -> None:
    facts = Facts(people={EVERYBODY: [Personal(None, fans, "none", Decimal(0), OPTION)]})
    streams, weeks = credits(usage, facts)
    values: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    with exact():
        for credit in streams:
            for row in credit.rows:
                day = date(1970, 1, 1) + timedelta(days=row.quarter // 96)
                values[credit.creator, str(day - timedelta(days=day.weekday()))] += Decimal(row.coins).scaleb(-2)
            (part,) = credit.parts
            assert part.share.low <= part.share.high <= build.MISSIONS.stream_cap
        assert {(week.creator, week.name) for week in weeks} == set(values)
        for week in weeks:
            (part,) = week.parts
            assert part.gift_value == values[week.creator, week.name]
            assert part.share.high <= build.MISSIONS.week_cap
            for end in ("low", "high"):
                whole = part.gift_value * getattr(part.share, end) / 100
                assert getattr(week.reward, end) == quantise(whole, "USD", "down")


@given(rows, st.permutations(range(14)), st.integers(0, 300))
def test_the_order_of_usage_never_matters(usage: list[Usage], order: list[int], fans: int) -> None:
    facts = Facts(people={EVERYBODY: [Personal(None, fans, None, None, OPTION)]})
    shuffled = [usage[index] for index in order if index < len(usage)]
    assert rate(usage, {"US": ZONE}, facts=facts) == rate(shuffled, {"US": ZONE}, facts=facts)


def test_what_is_credited_by_the_month_has_a_weekly_part_for_every_week_of_its_gifts() -> None:
    zone = build.zone(build.reward(0, share=build.MISSIONS), build.settlement(0, "month"))
    usage = [*live("a", 0, 20, 6), *live("b", 6, 23, 8, 500), *live("c", 15, 20, 6, 1_500)]
    found = rate(usage, {"US": zone}, facts=DONE).credits
    assert [(item.name, item.parts[0].gift_value, item.first, item.last) for item in found if item.unit == WEEKLY] == [
        ("2026-03-02", Decimal("25.00"), at(0, 20), at(6, 23)),
        ("2026-03-09", Decimal("5.00"), at(7, 1), at(7, 1)),
        ("2026-03-16", Decimal("30.00"), at(15, 20), at(15, 21, 30)),
    ]


def test_a_month_in_which_the_missions_change_gives_each_week_the_gifts_of_each_entry() -> None:
    later = build.MISSIONS._replace(week_cap=Decimal(5))
    zone = build.zone(
        build.reward(0, share=build.MISSIONS), build.reward(at(3, 0), share=later, per_coin="2"), build.settlement(0, "month")
    )
    usage = [*live("a", 1, 20, 6, 500), *live("b", 4, 20, 6, 500), *live("c", 8, 20, 6, 100)]
    weeks = [item for item in rate(usage, {"US": zone}, facts=DONE).credits if item.unit == WEEKLY]
    assert [[(part.entry.line, part.gift_value) for part in week.parts] for week in weeks] == [
        [(1, Decimal("10.00")), (2, Decimal("20.00"))], [(2, Decimal("4.00"))],
    ]  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What is known of a stream."""

    low: int
    high: int | None
    followers: tuple[int, int | None]


def gifts(stream: str, *times: str, coins: int = 100) -> list[Usage]:
    """Single gifts of a stream, to the second."""
    quarters: dict[int, Usage] = {}
    for time in times:
        second = periods.instant_of(datetime.fromisoformat(time)) // 1_000_000
        row = Usage("mara", "US", stream, second // 900, coins, 1, second, second)
        quarters[row.quarter] = row.plus(quarters[row.quarter]) if row.quarter in quarters else row
    return [quarters[quarter] for quarter in sorted(quarters)]


def known(facts: Facts, usage: list[Usage], stream: str = "a", cut: int = ALWAYS, timezone: str = "UTC") -> Told:
    mine = [row.quarter for row in usage if row.stream == stream and row.quarter < cut]
    facing = Known(facts, "mara", timezone, Spans(sorted(usage, key=lambda row: row.quarter))).at(cut)
    told = facing.of_stream(build.MISSIONS, stream, mine[0])
    return Told(told.seconds.low, told.seconds.high, (told.new_followers.low, told.new_followers.high))


def test_gifts_prove_to_the_second_how_long_a_stream_was_at_least() -> None:
    assert known(Facts(), gifts("a", "2026-03-02T20:00:00")) == Told(0, None, (0, None))
    apart = gifts("a", "2026-03-02T20:14:59", "2026-03-02T20:59:58")
    assert known(Facts(), apart) == Told(2_699, None, (0, None)), "44:59, and not the quarter in between"
    assert known(Facts(), apart, cut=build.quarter("2026-03-02T20:30")).low == 0, "later gifts prove nothing yet"
    assert known(Facts(), [*apart, *gifts("", "2026-03-02T22:00:00")], stream="").low == 0, "nameless ones may be several"
    assert known(Facts(), gifts("a", "2026-03-02T00:00:00", "2026-03-07T00:00:00")).low == 0, "five days are no stream"
    quarters = [row._replace(first=0, last=0) for row in apart]
    assert known(Facts(), quarters).low == 1_800, "where seconds are not known, only whole quarters are proved"


def test_a_source_that_knows_the_stream_says_it_exactly() -> None:
    facts = Facts({("mara", "a"): StreamFact(1_234, 7, "export")})
    assert known(facts, gifts("a", "2026-03-02T20:00:00")) == Told(1_234, 1_234, (7, 7))


def dashboard(first: str, *rows: tuple[int, int, int], timezone: str = "") -> Facts:
    """Days one after the other: seconds live, LIVEs, new followers."""
    start = date.fromisoformat(first)
    return Facts(
        days={("mara", start + timedelta(days=n)): DayFact(*row, "center", timezone) for n, row in enumerate(rows)}
    )  # fmt: skip


def test_days_bound_a_stream_and_fix_it_where_there_was_one_live_and_none_around_it() -> None:
    quiet = (0, 0, 0)
    alone = dashboard("2026-03-01", quiet, (3_000, 1, 4), quiet)
    noon = gifts("a", "2026-03-02T12:00:00")
    assert known(alone, noon) == Told(3_000, 3_000, (4, 4))
    assert known(alone, noon, cut=build.quarter("2026-03-03")) == Told(0, None, (0, None)), "the day after has not begun"
    unknown = dashboard("2026-03-02", (900, 1, 0))
    assert known(unknown, noon) == Told(0, None, (0, None)), "nothing is known of the days around"


def test_a_day_lends_nothing_to_a_live_where_another_one_can_have_touched_it() -> None:
    """A from 23:40 to 00:40, B for ten minutes at noon: B is not 50 to 70 minutes long."""
    a = gifts("a", "2026-03-02T23:40:00", "2026-03-03T00:40:00")
    b = gifts("b", "2026-03-03T12:00:00", "2026-03-03T12:09:00")
    split = dashboard("2026-03-01", (0, 0, 0), (1_200, 1, 0), (3_000, 1, 0), (0, 0, 0), timezone="UTC")
    assert known(split, [*a, *b], stream="b").low == 540, "what its gifts prove, and nothing of A"
    silent = gifts("a", "2026-03-02T23:45:00")
    assert known(split, [*silent, *b], stream="b").low == 540, "A may have gone on without gifts"
    early = gifts("a", "2026-03-02T12:00:00")
    assert known(split, [*early, *b], stream="b").low == 3_000, "twenty minutes from noon do not reach midnight"


def test_days_of_an_unknown_zone_hold_in_every_zone_that_gifts_leave_open() -> None:
    late = gifts("a", "2026-03-02T23:50:00", "2026-03-03T00:05:00")
    quiet = (0, 0, 0)
    facts = dashboard("2026-03-01", quiet, (3_000, 1, 4), quiet, quiet)
    # East of Greenwich both gifts would be of the third, on which nobody was live.
    assert known(facts, late) == Told(3_000, 3_000, (4, 4)), "gifts settle it: the day ends after 00:05"
    told = known(dashboard("2026-03-01", quiet, (3_000, 1, 4), (3_000, 1, 4), quiet), late)
    assert told.low < 3_000, "it may be of either day"
    nonsense = dashboard("2026-03-01", quiet, quiet, quiet, quiet)
    assert known(nonsense, late) == Told(900, None, (0, None)), "no zone fits: the days prove nothing"


def test_valid_days_are_proved_by_streams_and_excluded_by_days_without_one() -> None:
    def valid(usage: list[Usage], facts: Facts = Facts()) -> tuple[int, int | None]:  # noqa: B008 - it never changes
        spans = Spans(sorted(usage, key=lambda row: row.quarter))
        monday = date(2026, 3, 2)
        found = Known(facts, "mara", "UTC", spans).at(ALWAYS)
        week = found.of_week(monday, spans.of_week(monday, "UTC", ALWAYS), build.MISSIONS)
        return week.valid_days.low, week.valid_days.high

    short = gifts("b", "2026-03-06T20:00:00")
    long = [
        *gifts("a", "2026-03-02T20:00:00", "2026-03-02T20:30:00"),
        *short,
        *gifts("c", "2026-03-07T23:45:00", "2026-03-08T00:30:00"),
    ]
    assert valid(long) == (2, 7)  # Monday and Sunday; a quarter of an hour on Saturday is too short
    for timezone, most in (("UTC", 4), ("", 5)):  # three quiet days of another zone are two of ours, and parts of two more
        quiet = {("mara", date(2026, 3, 2) + timedelta(days=n)): DayFact(0, 0, 0, "center", timezone) for n in (1, 2, 3)}
        assert valid(long, Facts(days=quiet)) == (2, most)
    start = periods.instant_of(datetime(2026, 3, 6, 20))
    ends = {("mara", "b"): StreamFact(3_600, -1, "export", start, start + 3_600_000_000)}
    assert valid(long, Facts(streams=ends)) == (3, 7)
    assert valid(gifts("", "2026-03-02T20:00:00", "2026-03-02T23:00:00")) == (0, 7)


LOS_ANGELES = "America/Los_Angeles"


def week_known(facts: Facts, usage: list[Usage], timezone: str) -> Interval:
    """The valid days of the week from 2 March, in a rate zone's time."""
    spans, monday = Spans(sorted(usage, key=lambda row: row.quarter)), date(2026, 3, 2)
    week = (
        Known(facts, "mara", timezone, spans)
        .at(ALWAYS)
        .of_week(monday, spans.of_week(monday, timezone, ALWAYS), build.MISSIONS)
    )
    return week.valid_days


@pytest.mark.parametrize(
    ("live", "gift", "zone", "valid"),
    [
        # The gift is of Sunday the eighth in Los Angeles, where nobody was live: the days are of another zone, and an hour of
        # the ninth there may be one of the eighth here.
        ({9: 3_600}, "2026-03-09T00:45:00", "", (0, 1)),
        # Twenty minutes before midnight of UTC and twenty after it are forty of one day in Los Angeles.
        ({5: 1_200, 6: 1_200}, "2026-03-05T23:50:00", "", (0, 1)),
        # Half an hour of a day in UTC may lie on both sides of midnight in Los Angeles.
        ({5: 1_800}, "2026-03-05T07:59:00", "", (0, 1)),
        ({5: 1_800}, "2026-03-05T07:59:00", "UTC", (0, 1)),
        ({5: 1_800}, "2026-03-05T18:00:00", LOS_ANGELES, (1, 1)),
        # Of fifteen hours at most eight have room on the day before; of twenty, four have no other.
        ({5: 54_000}, "2026-03-05T18:00:00", "UTC", (1, 2)),
        ({5: 72_000}, "2026-03-05T18:00:00", "UTC", (2, 2)),
        # What was live on one day was not on another one: four days of half an hour are no more than four of ours.
        ({3: 1_800, 4: 1_800, 5: 1_800, 6: 1_800}, "2026-03-05T07:59:00", "UTC", (0, 4)),
    ],
)  # fmt: skip
def test_valid_days_hold_in_every_zone_that_the_days_of_a_dashboard_can_be_of(
    live: dict[int, int], gift: str, zone: str, valid: tuple[int, int]
) -> None:
    """A day of the rate zone's time has parts of two days of another zone."""
    rows = [(live.get(day, 0), int(day in live), 0) for day in range(1, 11)]
    found = week_known(dashboard("2026-03-01", *rows, timezone=zone), gifts("a", gift), LOS_ANGELES)
    assert (found.low, found.high) == valid


def test_what_a_creator_says_holds_from_a_day_on_and_an_option_wins() -> None:
    said = {
        "mara": [Personal(None, 10, None, None, "c:1"), Personal(date(2026, 3, 9), 120, "held", None, "c:2")],
        EVERYBODY: [Personal(None, None, None, Decimal(0), OPTION)],
    }
    assert Facts(people=said).of("mara", date(2026, 3, 8))[:3] == (10, None, Decimal(0))
    assert Facts(people=said).of("mara", date(2026, 3, 9))[:3] == (120, "held", Decimal(0))
    assert Facts(people=said).of("noor", date(2026, 3, 9))[:3] == (None, None, Decimal(0))
    assert Facts(people=said).of("mara", date(2026, 3, 9)).sources == {
        "active_fans": "c:2", "league": "c:2", "penalty": OPTION,
    }  # fmt: skip


def test_a_limit_in_money_holds_at_both_ends() -> None:
    rules = build.MISSIONS._replace(week_amount=Decimal("5.00"))
    zone = build.zone(build.reward(0, share=rules), build.settlement(0))
    rated = rate([*live("a", 0, 20, 6), *live("b", 3, 20, 6), *live("c", 5, 20, 6)], {"US": zone})
    (week,) = [item for item in rated.credits if item.unit == WEEKLY]
    assert week.reward == Range(Decimal("4.80"), Decimal("5.00"))


def test_a_missions_file_is_read_and_its_contradictions_are_named(tmp_path: Path) -> None:
    text = (ROOT / "rates" / "tiktok" / "us.yaml").read_text("utf-8")
    for old, new, message in (
        ("cap: 53", "cap: 50", "40 per stream and 13 a week are more than 50 together"),
        ("25: 38}", "25: 18}", "18 from 25 on is less than 20 before"),
        ("{1: 6, 2: 8}", "{1: 8, 2: 6}", "6 from 2 on is less than 8 before"),
    ):
        path = tmp_path / "us.yaml"
        path.write_text(text.replace(old, new, 1), "utf-8")
        log = ProblemLog()
        store.load(path, file="us.yaml", origin="user", log=log)
        assert [(problem.code, problem.message) for problem in log.problems] == [("R026", message)]
        assert all(problem.line for problem in log.problems)
