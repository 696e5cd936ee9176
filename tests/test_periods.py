"""Laws of periods, days and quarters of an hour."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from diamondctl import periods
from diamondctl.periods import Period, day_start, local_day, parse_day, parse_period
from diamondctl.problems import Refusal
from tests import build

TODAY = date(2026, 11, 22)
ZONES = (
    "UTC",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",  # skipped midnights until 2018
    "America/Havana",  # repeats the hour after midnight
    "America/St_Johns",  # -03:30
    "Africa/Cairo",  # clock changes at midnight
    "Asia/Beirut",  # skips midnight
    "Asia/Kathmandu",  # +05:45
    "Asia/Tokyo",
    "Australia/Lord_Howe",  # summer time of half an hour
    "Pacific/Chatham",  # +12:45
    "Pacific/Kiritimati",  # +14:00
    "Pacific/Pago_Pago",  # -11:00
)
zones = st.sampled_from(ZONES)
# The days a gift can have.
days = st.dates(date(2016, 1, 1), date(2099, 12, 31))
# The days a calendar has, and those at the edges of what a person can ask for.
edges = st.sampled_from((date(1, 1, 1), date(1999, 12, 31), date(2000, 1, 1), date(2099, 12, 31), date(9999, 12, 31)))
every_day = edges | st.dates(date(2000, 1, 1), date(2099, 12, 31)) | st.dates()


def days_of(period: Period) -> list[date]:
    return [period.start + timedelta(days=number) for number in range((period.end - period.start).days)]


# Written forms


@pytest.mark.parametrize(
    ("text", "first", "last", "title"),
    [
        ("2026", "2026-01-01", "2026-12-31", "2026"),
        ("2026-Q1", "2026-01-01", "2026-03-31", "2026-Q1 (2026-01-01 to 2026-03-31)"),
        ("2026-Q4", "2026-10-01", "2026-12-31", "2026-Q4 (2026-10-01 to 2026-12-31)"),
        ("2026-10", "2026-10-01", "2026-10-31", "October 2026"),
        ("2024-02", "2024-02-01", "2024-02-29", "February 2024"),
        ("2026-W01", "2025-12-29", "2026-01-04", "2026-W01 (2025-12-29 to 2026-01-04)"),
        ("2026-W44", "2026-10-26", "2026-11-01", "2026-W44 (2026-10-26 to 2026-11-01)"),
        ("2026-W53", "2026-12-28", "2027-01-03", "2026-W53 (2026-12-28 to 2027-01-03)"),
        ("2026-10-03..2026-10-09", "2026-10-03", "2026-10-09", "2026-10-03 to 2026-10-09"),
        ("2026-10-03..2026-10-03", "2026-10-03", "2026-10-03", "2026-10-03"),
    ],
)
def test_each_written_form_names_its_days_and_prints_as_it_was_written(text: str, first: str, last: str, title: str) -> None:
    period = parse_period(text, TODAY)
    assert (str(period.start), str(period.last_day), period.title) == (first, last, title)
    assert period.label == text


@pytest.mark.parametrize(
    ("today", "expected"), [("2026-11-22", "2026-10"), ("2026-01-01", "2025-12"), ("2024-03-31", "2024-02")]
)
def test_last_month_is_the_calendar_month_before_today(today: str, expected: str) -> None:
    assert parse_period("last-month", date.fromisoformat(today)).label == expected


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("2026", "2025"),
        ("2026-Q1", "2025-Q4"),
        ("2026-Q3", "2026-Q2"),
        ("2026-01", "2025-12"),
        ("2024-03", "2024-02"),
        ("2026-W01", "2025-W52"),
        ("2027-W01", "2026-W53"),
        ("2026-10-03..2026-10-09", "2026-09-26..2026-10-02"),
        ("2026-03-01..2026-03-31", "2026-01-29..2026-02-28"),
    ],
)
def test_before_is_the_period_of_the_same_kind_just_before(text: str, before: str) -> None:
    assert parse_period(text, TODAY).before().label == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 2026",
        "2026 ",
        "2026\n",
        "26",
        "0999",
        "1999",
        "2100",
        "1999-12-31..2000-01-01",
        "2026-13",
        "2026-00",
        "2026-1",
        "2026-Q0",
        "2026-Q5",
        "2026-q1",
        "2026Q1",
        "2026-W00",
        "2026-W54",
        "2025-W53",  # that year has 52
        "2026-W1",
        "2026-10-3",
        "2026-10-09..2026-10-03",
        "2026-02-29..2026-03-01",
        "2026-10-03...2026-10-09",
        "2026-10-03..",
        "2026-10..2026-11",
        "２０２６",
        "2026-٠١",
    ],
)
def test_other_forms_are_refused_as_a001(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_period(text, TODAY)
    assert [problem.code for problem in refused.value.problems] == ["A001"]
    assert refused.value.exit_code == 2


written_days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
written = st.one_of(
    st.integers(2000, 2099).map(str),
    st.builds("{}-Q{}".format, st.integers(2000, 2099), st.integers(1, 4)),
    st.builds("{}-{:02d}".format, st.integers(2000, 2099), st.integers(1, 12)),
    st.builds("{}-W{:02d}".format, st.integers(2000, 2099), st.integers(1, 52)),
    st.tuples(written_days, written_days).map(lambda pair: f"{min(pair)}..{max(pair)}"),
)


@given(written)
@example("2000")
@example("2000-W01")
@example("2099-12")
@example("2000-01-01..2099-12-31")
def test_a_period_prints_as_it_was_written_and_the_one_before_ends_where_it_begins(text: str) -> None:
    period = parse_period(text, TODAY)
    assert period.label == text
    assert period.start < period.end == period.last_day + timedelta(days=1)
    before = period.before()
    assert before.end == period.start
    assert before.start < before.end


@given(written, every_day, every_day)
def test_the_clock_decides_only_last_month(text: str, today: date, another_day: date) -> None:
    assert parse_period(text, today) == parse_period(text, another_day)


@given(st.text(max_size=30) | st.text("0123456789-QW.", max_size=22) | written)
def test_any_text_is_a_period_or_refused(text: str) -> None:
    try:
        period = parse_period(text, TODAY)
    except Refusal as refused:
        assert [problem.code for problem in refused.problems] == ["A001"]
    else:
        assert text in (period.label, "last-month")


def in_the_calendar(text: str) -> date | None:
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        return None
    year, month, day = map(int, text.split("-"))
    return date(year, month, day) if year and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1] else None


@given(st.text(max_size=12) | st.text("0123456789-", min_size=8, max_size=10) | every_day.map(str))
@example("2026-02-29")
@example("2024-02-29")
@example("20261031")
@example("2026-W44-1")
@example("0000-01-01")
@example("２０２６-10-31")
def test_a_day_is_written_year_month_day_and_everything_else_is_refused_as_a002(text: str) -> None:
    expected = in_the_calendar(text)
    try:
        assert parse_day(text, "--date") == expected
    except Refusal as refused:
        assert [problem.code for problem in refused.problems] == ["A002"]
        assert expected is None or not 2000 <= expected.year <= 2099


@given(
    st.text(max_size=20)
    | st.text("abUTC./_-+~\\0 ", max_size=12)
    | st.sampled_from(("", "/", ".", "..", "../UTC", "/etc/passwd", "UTC\0", "America", "zone.tab", "__init__.py", "a" * 5000))
)
def test_any_text_is_a_time_zone_or_refused_as_a003(name: str) -> None:
    try:
        assert isinstance(periods.zone(name), ZoneInfo)
    except Refusal as refused:
        assert [problem.code for problem in refused.problems] == ["A003"]


# Days, quarters and clock changes


@given(st.integers(2000, 2099))
def test_months_quarters_and_weeks_tile_a_year(number: int) -> None:
    whole = days_of(parse_period(str(number), TODAY))
    months = [parse_period(f"{number}-{month:02d}", TODAY) for month in range(1, 13)]
    thirds = [parse_period(f"{number}-Q{quarter}", TODAY) for quarter in range(1, 5)]
    assert [day for period in months for day in days_of(period)] == whole
    assert [day for period in thirds for day in days_of(period)] == whole
    assert all(periods.week_of(day).start <= day < periods.week_of(day).end for day in whole)
    weeks = sorted({periods.week_of(day) for day in whole})
    assert all(one.end == other.start for one, other in pairwise(weeks))


@given(days, st.integers(1, 60), st.integers(1, 60), zones)
def test_periods_are_half_open_so_that_neighbours_share_no_quarter_and_leave_none_out(
    first: date, one: int, two: int, timezone: str
) -> None:
    middle, end = first + timedelta(days=one), first + timedelta(days=one + two)
    left, right, whole = periods.days(first, middle), periods.days(middle, end), periods.days(first, end)
    assert left.quarters(timezone)[1] == right.quarters(timezone)[0]
    assert (left.quarters(timezone)[0], right.quarters(timezone)[1]) == whole.quarters(timezone)


@pytest.mark.parametrize(
    ("day", "timezone", "quarters"),
    [
        ("2026-03-08", "America/New_York", 92),
        ("2026-11-01", "America/New_York", 100),
        ("2026-10-31", "America/New_York", 96),
        ("2026-04-05", "Australia/Lord_Howe", 98),
        ("2026-10-04", "Australia/Lord_Howe", 94),
        ("2018-11-04", "America/Sao_Paulo", 92),
        ("2018-02-17", "America/Sao_Paulo", 100),
        ("2026-03-29", "Asia/Beirut", 92),
        ("2026-11-01", "America/Havana", 100),
        ("2026-03-08", "Asia/Kathmandu", 96),
    ],
)
def test_a_day_on_which_clocks_change_has_fewer_or_more_quarters(day: str, timezone: str, quarters: int) -> None:
    start = date.fromisoformat(day)
    first, after = periods.days(start, start + timedelta(days=1)).quarters(timezone)
    assert after - first == quarters


def test_a_day_whose_midnight_is_skipped_begins_when_the_clock_has_moved() -> None:
    # 2018-11-04 in Sao Paulo: 23:59 is followed by 01:00, which is 03:00 UTC.
    start = day_start(date(2018, 11, 4), "America/Sao_Paulo")
    assert start == build.quarter("2018-11-04T03:00")
    assert build.moment(start, "America/Sao_Paulo").strftime("%Y-%m-%d %H:%M") == "2018-11-04 01:00"
    assert build.moment(start - 1, "America/Sao_Paulo").strftime("%Y-%m-%d %H:%M") == "2018-11-03 23:45"


@given(days, zones)
@example(date(2018, 11, 4), "America/Sao_Paulo")
@example(date(2026, 11, 1), "America/Havana")
def test_the_start_of_a_day_is_its_first_quarter(day: date, timezone: str) -> None:
    start = day_start(day, timezone)
    assert local_day(start, timezone) == day
    assert local_day(start - 1, timezone) == day - timedelta(days=1)


@given(
    st.integers(build.quarter("2016-01-01"), build.quarter("2099-12-31T23:45")),
    zones,
)
def test_every_quarter_lies_between_the_start_of_its_day_and_of_the_next(quarter: int, timezone: str) -> None:
    day = local_day(quarter, timezone)
    assert day == build.moment(quarter, timezone).date()
    assert day_start(day, timezone) <= quarter < day_start(day + timedelta(days=1), timezone)


@pytest.mark.parametrize("timezone", ["Asia/Kathmandu", "Australia/Lord_Howe", "America/Sao_Paulo", "America/New_York"])
def test_local_day_and_day_start_are_inverse_on_every_day_of_three_years(timezone: str) -> None:
    first = date(2017, 1, 1)
    for number in range(3 * 365):
        day = first + timedelta(days=number)
        start, end = day_start(day, timezone), day_start(day + timedelta(days=1), timezone)
        assert {local_day(quarter, timezone) for quarter in range(start, end)} == {day}


@given(every_day, zones)
@example(date(1, 1, 1), "Asia/Tokyo")
@example(date(9999, 12, 31), "Pacific/Pago_Pago")
def test_every_day_that_is_not_refused_begins_in_every_zone(day: date, timezone: str) -> None:
    try:
        parsed = parse_day(str(day), "--as-of")
    except Refusal:
        assert not 2000 <= day.year <= 2099
        return
    assert isinstance(day_start(parsed, timezone), int)


@given(st.datetimes(datetime(2016, 1, 1), datetime(2099, 12, 31)), zones)
def test_an_instant_counts_microseconds_since_1970(moment: datetime, timezone: str) -> None:
    aware = moment.replace(tzinfo=UTC)
    expected = (aware - build.EPOCH) // timedelta(microseconds=1)
    assert periods.instant_of(aware) == periods.instant_of(moment) == expected
    assert periods.instant_of(aware.astimezone(ZoneInfo(timezone))) == expected


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("today", "2026-10-15..2026-10-15"),
        ("yesterday", "2026-10-14..2026-10-14"),
        ("this-week", "2026-W42"),
        ("last-week", "2026-W41"),
        ("this-month", "2026-10"),
        ("last-month", "2026-09"),
        ("last month", "2026-09"),
        ("This Month", "2026-10"),
        ("this-year", "2026"),
        ("last-year", "2025"),
        ("october", "2026-10"),
        ("Oct", "2026-10"),
        ("sept", "2026-09"),
        ("november", "2025-11"),  # the last one that has begun
        ("oct 2024", "2024-10"),
        ("2024 october", "2024-10"),
        ("october-2024", "2024-10"),
        ("10/2024", "2024-10"),
        ("3/2024", "2024-03"),
    ],
)
def test_periods_as_people_type_them(text: str, label: str) -> None:
    assert parse_period(text, date(2026, 10, 15)).label == label


@pytest.mark.parametrize(
    "text", ["10/11", "10/11/2026", "13/2024", "0/2024", "ma", "mar apr", "oct 26", "2024 2025", "oct 1999", "tomorrow"]
)
def test_what_is_not_one_period_for_everybody_is_refused(text: str) -> None:
    """Of two numbers nobody can tell the month."""
    with pytest.raises(Refusal):
        parse_period(text, date(2026, 10, 15))


def test_a_part_of_a_year_or_a_quarter_is_not_called_the_whole_of_it() -> None:
    """Beside the year that it is compared with."""
    today = date(2026, 11, 15)
    whole, quarter = periods.parse_period("2025", today), periods.parse_period("2026-Q3", today)
    beside = periods.parse_period("2026", today)
    assert (whole.short(beside), quarter.short(beside)) == ("2025", "2026-Q3")
    assert whole._replace(end=date(2025, 11, 16)).short(beside) == "1 Jan - 15 Nov 2025"
    assert quarter._replace(end=date(2026, 8, 13)).short(beside) == "1 Jul - 12 Aug"
