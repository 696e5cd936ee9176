"""Laws of a forecast: what the range does when the history, the question or the order of things changes."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.forecast.project import forecast
from diamondctl.forecast.values import (
    Ask,
    Band,
    Forecast,
    History,
    LengthsUnknownError,
    StreamDay,
    TooShortError,
    weeks_of,
)
from tests.support import ROOT, environment

START = 20_000

streams = st.builds(StreamDay, st.integers(START, START + 180), st.integers(0, 10**6) | st.integers(0, 100), st.integers(1, 20))


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Four weeks to half a year, with streams anywhere; the last days may be without one."""
    found = [StreamDay(START, draw(st.integers(1, 1_000)), 4), *draw(st.lists(streams, max_size=60))]
    last = max(START + 27, *(stream.day for stream in found)) + draw(st.integers(0, 20))
    return History(START, last, tuple(found))


@st.composite
def asks(draw: st.DrawFn, history: History) -> Ask:
    """A window of a day to two months, some days after the history."""
    first = history.last + 1 + draw(st.integers(0, 12))
    ask = Ask(first, first + draw(st.integers(0, 61)), draw(st.sampled_from((50, 80, 95))), draw(st.integers(0, 3)))
    what = draw(st.sampled_from(("habit", "habit", "streams", "quarters")))
    if what == "streams":
        ask = ask._replace(streams=draw(st.integers(0, 400)))
    elif what == "quarters" and len(history.streams) >= 4:
        ask = ask._replace(quarters=draw(st.integers(0, 2_000)))
    return ask


questions = histories().flatmap(lambda history: st.tuples(st.just(history), asks(history)))


def bands(answer: Forecast) -> list[Band]:
    """Every range of a forecast."""
    return [answer.window, *answer.days, *(past.band for past in answer.past)]


def times(history: History, factor: int) -> History:
    """The same streams with more coins."""
    return history._replace(streams=tuple(stream._replace(coins=stream.coins * factor) for stream in history.streams))


def weekly(weeks: int, *week: tuple[int, int], skip: range = range(0)) -> History:
    """The same streams (weekday, coins) every week, but for the weeks skipped."""
    found = (StreamDay(START + 7 * n + day, coins, 8) for n in range(weeks) if n not in skip for day, coins in week)
    return History(START, START + 7 * weeks - 1, tuple(found))


def following(history: History, days: int) -> Ask:
    """The days right after the history."""
    return Ask(history.last + 1, history.last + days)


def test_an_answer_by_its_figures() -> None:
    """Sixteen weeks of 1,000 coins, of which two were a pause, asked for the next four."""
    answer = forecast(weekly(16, (1, 400), (4, 600), skip=range(9, 11)), following(weekly(16), 28))
    assert answer.window.low <= 4_000 <= answer.window.high
    assert [(past.first - START, past.last - START, past.actual) for past in answer.past] == [
        (28, 55, 4_000),
        (56, 83, 2_000),
        (84, 111, 4_000),
    ]
    assert answer.attainable == 75
    assert answer.guess
    assert answer.weeks == 16
    assert answer.streams_per_week == (22, 13)
    assert len(answer.paths) == 400


@given(questions)
def test_a_range_has_its_ends_in_order_and_is_never_negative(question: tuple[History, Ask]) -> None:
    for band in bands(forecast(*question)):
        assert 0 <= band.low <= band.middle <= band.high


@given(questions)
def test_what_is_reached_by_a_day_is_reached_by_every_later_one_and_the_last_day_is_the_window(
    question: tuple[History, Ask],
) -> None:
    history, ask = question
    answer = forecast(history, ask)
    assert len(answer.days) == ask.last - history.last
    for before, after in pairwise(answer.days):
        assert all(one <= other for one, other in zip(before, after, strict=True))
    if ask.first == history.last + 1:
        assert answer.days[-1] == answer.window


@given(questions)
def test_twice_the_coins_give_twice_the_range(question: tuple[History, Ask]) -> None:
    history, ask = question
    once, twice = forecast(history, ask), forecast(times(history, 2), ask)
    for band, double in zip(bands(once), bands(twice), strict=True):
        assert all(abs(2 * one - two) <= 1 for one, two in zip(band, double, strict=True))
    assert [past.actual * 2 for past in once.past] == [past.actual for past in twice.past]


@given(questions, st.randoms(use_true_random=False))
def test_the_order_of_streams_changes_nothing(question: tuple[History, Ask], shuffler: random.Random) -> None:
    history, ask = question
    shuffled = list(history.streams)
    shuffler.shuffle(shuffled)
    assert forecast(history._replace(streams=tuple(shuffled)), ask) == forecast(history, ask)


@given(questions)
def test_a_higher_level_never_narrows(question: tuple[History, Ask]) -> None:
    history, ask = question
    answers = [forecast(history, ask._replace(level=level)) for level in (50, 65, 80, 90, 95)]
    for less, more in pairwise(answers):
        for inner, outer in zip(bands(less), bands(more), strict=True):
            assert outer.low <= inner.low <= inner.high <= outer.high


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 10**9)), min_size=1, max_size=6),
    st.integers(4, 60),
    st.sampled_from((50, 80, 95)),
)
def test_identical_weeks_stay_in_the_range(week: list[tuple[int, int]], weeks: int, level: int) -> None:
    """The first day has a stream, as in every history; from half a year on the middle is that week but for 1 %."""
    first = min(day for day, _ in week)
    history = weekly(weeks, *((day - first, coins) for day, coins in week))
    coins = sum(coins for _, coins in week)
    for ahead in (1, 4):
        answer = forecast(history, following(history, 7 * ahead)._replace(level=level))
        assert answer.window.low <= ahead * coins <= answer.window.high
        assert all(past.inside for past in answer.past)
        if weeks >= 26:
            assert abs(answer.window.middle - ahead * coins) <= ahead * coins / 100 + 1


def test_identical_weeks_have_months_like_any_others() -> None:
    history = weekly(52, (0, 700), (3, 1_100), (5, 90))
    answer = forecast(history, following(history, 31))
    assert abs(answer.window.middle - 8_260) <= 20  # four weeks, and the first three days of one
    assert 6_600 <= answer.window.low <= answer.window.high <= 10_400


@given(questions, st.integers(1, 4))
def test_the_past_is_told_from_what_was_known_before_it(question: tuple[History, Ask], most: int) -> None:
    """Cut off the history at the origin of a past window, and the forecast is the one that is shown for it.

    Whole weeks lie between, because the windows that calibrate lie whole weeks before the end of a history.
    """
    history, ask = question
    ask = ask._replace(first=history.last + 1, streams=None, quarters=None)
    ask = ask._replace(last=ask.first + (ask.last - ask.first) // 7 * 7 + 6)
    lead = ask.first - history.last
    for past in forecast(history, ask).past[-most:]:
        origin = past.first - lead
        known = History(history.first, origin, tuple(item for item in history.streams if item.day <= origin))
        # The scale is a power of two, so that even the rounding is the same.
        assert forecast(known, ask._replace(first=past.first, last=past.last)).window == past.band
        assert past.actual == sum(item.coins for item in history.streams if past.first <= item.day <= past.last)
        assert past.inside == (past.band.low <= past.actual <= past.band.high)


def test_months_given_are_the_windows_shown() -> None:
    history = weekly(20, (0, 700), (3, 1_100))
    months = ((START + 3, START + 33), (START + 34, START + 61), (START + 62, START + 92), (START + 93, START + 123))
    answer = forecast(history, following(history, 30)._replace(windows=(*months, (START + 124, START + 154))))
    assert [(past.first, past.last) for past in answer.past] == list(months[1:])  # four weeks before the first; all over


ordinary = st.lists(st.integers(100, 5_000), min_size=70, max_size=110)


@given(ordinary, st.integers(0, 30), st.integers(4, 12), st.sampled_from((7, 31, 90)))
def test_a_giant_gift_does_not_carry_the_range_away(coins: list[int], weeks_ago: int, size: int, ahead: int) -> None:
    """However large: twice as large changes nothing, the high end is at most four times what it was without it, and half a
    year later at most twice.

    Histories of two streams a week, none more than fifty times another.
    """
    streams = tuple(StreamDay(START + 7 * (place // 2) + 3 * (place % 2), item, 4) for place, item in enumerate(coins))
    history = History(START, START + 7 * ((len(coins) + 1) // 2) - 1, streams)
    day = history.last - 7 * weeks_ago
    giants = [StreamDay(day, 10**size * 10**3, 4), StreamDay(day, 2 * 10**size * 10**3, 4)]
    before = forecast(history, following(history, ahead)).window
    after, larger = (
        forecast(history._replace(streams=(*streams, giant)), following(history, ahead)).window for giant in giants
    )
    assert after == larger
    assert after.high <= (2 if weeks_ago >= 26 else 4) * before.high
    assert before.middle / 2.5 <= after.middle <= 2.5 * before.middle


@given(questions)
def test_paths_never_fall_and_the_range_is_made_of_them(question: tuple[History, Ask]) -> None:
    history, ask = question
    answer = forecast(history, ask._replace(reach=ask.last + 40))
    for path in answer.paths:
        assert all(one <= other for one, other in pairwise(path.coins))
        assert len(path.coins) == ask.last + 40 - history.last
        assert 0 <= path.days <= ask.last - ask.first + 1
    ranked = sorted(path.window for path in answer.paths)
    assert abs(ranked[199] - answer.window.middle) <= 1
    inside = sum(answer.window.low <= coins <= answer.window.high for coins in ranked)
    assert inside >= 4 * ask.level - 1
    assert answer.window == forecast(history, ask).window, "how far the paths go changes nothing before"


def test_a_pause_lowers_the_range_and_its_end_stays_possible() -> None:
    going, paused = weekly(40, (0, 700), (3, 1_100)), weekly(40, (0, 700), (3, 1_100), skip=range(34, 40))
    usual, after = (forecast(history, following(history, 28)).window for history in (going, paused))
    assert after.low == 0
    assert after.middle < usual.middle
    assert after.high >= usual.middle / 2


def test_nothing_for_months_is_answered() -> None:
    history = weekly(60, (0, 700), skip=range(8, 60))
    assert forecast(history, following(history, 31)).window.low == 0


def test_nothing_ever_is_nothing() -> None:
    history = weekly(30, (0, 0))
    assert forecast(history, following(history, 31)).window == Band(0, 0, 0)


@pytest.mark.parametrize("weeks", range(4, 9))
def test_a_young_account_gets_a_guess(weeks: int) -> None:
    history = weekly(weeks, (0, 700), (2, 1_500), (5, 100))
    answer = forecast(history, following(history, 31))
    assert answer.guess
    assert answer.window.low < answer.window.middle < answer.window.high


def test_no_stream_is_no_history() -> None:
    with pytest.raises(ValueError, match="the history has no stream"):
        forecast(History(START, START + 60, ()), Ask(START + 61, START + 67))


def test_below_four_weeks_is_refused() -> None:
    history = weekly(4, (0, 700))._replace(last=START + 26)
    assert weeks_of(history) == 3
    with pytest.raises(TooShortError, match="3 full weeks of history, at least 4 are needed"):
        forecast(history, following(history, 7))


@pytest.mark.parametrize("ahead", [7, 31])
def test_no_streams_are_no_coins(ahead: int) -> None:
    history = weekly(20, (0, 700), (3, 1_100))
    for nothing in (following(history, ahead)._replace(streams=0), following(history, ahead)._replace(quarters=0)):
        assert forecast(history, nothing).window == Band(0, 0, 0)


def test_streams_and_hours_that_are_known_fix_the_range() -> None:
    """Every stream has 1,000 coins in two hours."""
    history = weekly(40, (0, 1_000), (3, 1_000), (5, 1_000))
    month = following(history, 30)
    for asked, coins in (
        (month._replace(streams=20), 20_000),
        (month._replace(quarters=80), 10_000),
        (month._replace(streams=3, quarters=80), 10_000),
        (month._replace(streams=900), 900_000),
    ):
        window = forecast(history, asked).window
        assert window.low <= coins <= window.high
        assert window.high - window.low <= 0.04 * coins


def test_days_before_a_what_if_go_on_as_they_were() -> None:
    history = weekly(40, (0, 1_000), (3, 1_000), (5, 1_000))
    answer = forecast(history, Ask(history.last + 8, history.last + 14, streams=0))
    assert answer.window == Band(0, 0, 0)
    assert answer.days[6] == answer.days[13]
    assert answer.days[6].low <= 3_000 <= answer.days[6].high


def test_hours_need_lengths() -> None:
    history = weekly(8, (0, 700))
    unknown = history._replace(streams=tuple(stream._replace(quarters=0) for stream in history.streams[3:]))
    with pytest.raises(LengthsUnknownError, match="the length of 0 streams is known, at least 4 are needed"):
        forecast(unknown, following(history, 7)._replace(quarters=8))


@pytest.mark.parametrize(
    "wrong",
    [
        {"first": START},
        {"last": START},
        {"last": START + 5_000},
        {"level": 49},
        {"level": 96},
        {"reach": START + 5_000},
        {"streams": -1},
        {"quarters": -1},
        {"seed": -1},
    ],
)
def test_what_cannot_be_asked_is_refused(wrong: dict[str, int]) -> None:
    history = weekly(8, (0, 700))
    with pytest.raises(ValueError, match=r"^the window|^the level|^seed"):
        forecast(history, following(history, 7)._replace(**wrong))  # type: ignore[arg-type]


def test_seeds_repeat_and_differ() -> None:
    rng = random.Random(5)
    found = tuple(StreamDay(START + day, rng.randint(1, 50_000), 4) for day in range(0, 300, 2))
    history = History(START, START + 300, found)
    first, again, other = (forecast(history, following(history, 31)._replace(seed=seed)).window for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert abs(first.middle - other.middle) < first.middle / 20


def test_every_process_gives_the_same_bytes() -> None:
    """Hash seeds and the number of threads do not matter."""
    code = (
        "from diamondctl.forecast.project import forecast\n"
        "from diamondctl.forecast.values import *\n"
        "found = {StreamDay(20000 + 7 * n + n % 5, 100 + n * n % 977, 1 + n % 9) for n in range(60)}\n"
        "print(forecast(History(20000, 20419, tuple(found)), Ask(20420, 20450)))\n"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            cwd=ROOT,
            env=environment(PYTHONHASHSEED=seed, OMP_NUM_THREADS=threads),
        ).stdout
        for seed, threads in (("0", "1"), ("1", "4"), ("77", "1"))
    }
    assert len(printed) == 1
