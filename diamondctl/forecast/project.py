"""A range of coins for a coming window of days, made and tested on the creator's own past."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from diamondctl.forecast import habit, whatif
from diamondctl.forecast.conformal import Correction, Trials, correction, pinball, ranges, scores
from diamondctl.forecast.methods import Spread, Told, Windows, spreads
from diamondctl.forecast.series import WARM_UP, Floats, Series, Whole, series
from diamondctl.forecast.values import (
    LEAST_WEEKS,
    LEVELS,
    LONGEST,
    METHODS,
    Ask,
    Band,
    Forecast,
    History,
    Past,
    TooShortError,
    weeks_of,
)

# Methods are compared by the loss of the same ranges whatever the level asked for, so that a higher level never narrows.
_CHOICE_LEVEL: Final = 80
# A mean of forecasts seldom is the best and hardly ever bad; on ten windows, another one is a little better by chance.
_PREFERRED: Final = "blend"
_MARGIN: Final = 0.1
_MOST_WEEKS: Final = 156  # of windows that are tested on
_LEAST_PAST: Final = 4
_HABIT_WEEKS: Final = 13


class _Test(NamedTuple):
    """Every method on the past: the windows that calibrate come first, then those that are shown."""

    windows: Windows
    weekly: int  # how many calibrate
    came: Floats
    said: dict[str, Spread]


def forecast(history: History, ask: Ask) -> Forecast:
    """A range of coins for the window `ask.first` to `ask.last`, calibrated on windows of the same length in the past.

    Past windows start as many days after their origin as the asked one, and are told from what was known at it alone, the
    choice of the method included. One a week, overlapping, calibrates and chooses: the method with the least mean pinball
    loss of its calibrated 80 % ranges, `blend` unless another one is 10 % better. Separate ones, rolled back or
    `ask.windows`, are in `Forecast.past`. With a number of streams or the time live given, that of each past window is
    taken as known, and windows without a stream are no test.

    Raises TooShortError below four full weeks, LengthsUnknownError where `ask.quarters` needs lengths that are not known,
    and ValueError for what cannot be asked.
    """
    _check(history, ask)
    past = series(history)
    skipped, end = ask.first - history.last - 1, ask.last - history.last
    test, told = _told(past, history, ask)
    separate = min(7 / (end - skipped), 1.0)
    weekly = np.arange(test.weekly)
    trials = Trials(test.windows.known[weekly], (test.windows.known + test.windows.end)[weekly], separate)
    errors = {method: scores(test.said[method].at(weekly), test.came[weekly]) for method in METHODS}
    # The last target is the window to come.
    known = np.append(test.windows.known, past.days)
    losses = {}
    for method in METHODS:
        by = correction(errors[method], trials, known[weekly], _CHOICE_LEVEL)
        losses[method] = pinball(ranges(test.said[method].at(weekly), by, _CHOICE_LEVEL), test.came[weekly], _CHOICE_LEVEL)
    seen = trials.seen(known)
    mean = np.array([(seen * losses[method]).sum(axis=1) / np.maximum(seen.sum(axis=1), 1) for method in METHODS])
    handicap = np.array([1 if method == _PREFERRED else 1 + _MARGIN for method in METHODS])
    best = np.argmin(mean * handicap[:, None], axis=0)
    chosen = np.full(len(known), METHODS.index(ask.method)) if ask.method else best
    corrections = {method: correction(errors[method], trials, known, ask.level) for method in METHODS}
    shown = _past(history, ask, past, test, chosen, corrections)

    method = METHODS[chosen[-1]]
    by = Correction(*(np.full(end + 1, of[-1]) for of in corrections[method]))
    length = np.append(np.arange(1, end + 1), end - skipped)
    now = ranges(spreads(told, np.full(end + 1, past.days), length)[method], by, ask.level)
    # What is reached by a day is reached by every later one.
    now[:end] = np.minimum.accumulate(now[:end][::-1], axis=0)[::-1]
    bands = _bands(now * past.scale)
    attainable = 100 * len(shown) // (len(shown) + 1)
    habit_weeks = min(weeks_of(history), _HABIT_WEEKS)
    return Forecast(
        method=method,
        window=bands[-1],
        days=bands[:end],
        past=shown,
        losses=tuple(zip(METHODS, (float(loss) * past.scale for loss in mean[:, -1]), strict=True)) if seen[-1].any() else (),
        level=ask.level,
        attainable=attainable,
        guess=len(shown) < _LEAST_PAST or attainable < ask.level,
        weeks=weeks_of(history),
        streams_per_week=(int((past.day >= past.days - 7 * habit_weeks).sum()), habit_weeks),
    )


def _check(history: History, ask: Ask) -> None:
    if weeks_of(history) < LEAST_WEEKS:
        raise TooShortError(f"{weeks_of(history)} full weeks of history, at least {LEAST_WEEKS} are needed")
    if not any(history.first <= stream.day <= history.last for stream in history.streams):
        raise ValueError("the history has no stream")
    if not history.last < ask.first <= ask.last <= history.last + LONGEST:
        raise ValueError(f"the window starts after the history and ends within {LONGEST} days of it")
    if ask.level not in LEVELS:
        raise ValueError(f"the level is {LEVELS[0]} to {LEVELS[-1]} percent")
    if ask.method not in ("", *METHODS):
        raise ValueError(f"the method is one of {', '.join(METHODS)}")
    if min(ask.seed, ask.streams or 0, ask.quarters or 0) < 0:
        raise ValueError("seed, streams and quarters are not negative")
    if any(min(stream.coins, stream.quarters) < 0 for stream in history.streams):
        raise ValueError("coins and quarters of streams are not negative")


def _told(past: Series, history: History, ask: Ask) -> tuple[_Test, Told]:
    """What the past tells of its own windows, and of the days to come."""
    skipped, end = ask.first - history.last - 1, ask.last - history.last
    weekly, shown = _weekly(past.days, skipped, end), _shown(history, ask)
    both = Windows(*(np.concatenate(parts) for parts in zip(weekly, shown, strict=True)))
    fine = past.tamed[both.known] > 0  # of nothing, nothing can be told
    what_if = ask.streams is not None or ask.quarters is not None
    drawn = whatif.streams(past, ask.streams, ask.quarters) if what_if else None
    if drawn is not None:
        there = np.zeros(len(fine), dtype=np.bool_)
        there[whatif.testable(past, drawn, both)] = True
        fine &= there
    windows = both.at(np.flatnonzero(fine))
    came = past.earned[windows.known + windows.end] - past.earned[windows.known + windows.skipped]
    if drawn is not None:
        told, to_come = whatif.windows(drawn, windows, ask.seed), whatif.ahead(past, drawn, skipped, end, ask.seed)
    else:
        random = habit.Random.of(ask.seed, max(end, int(windows.end.max(initial=0))))
        told, to_come = habit.windows(past, windows, random), habit.ahead(past, skipped, end, random)
    return _Test(
        windows, int(fine[: len(weekly.known)].sum()), came, spreads(told, windows.known, windows.end - windows.skipped)
    ), to_come


def _weekly(days: int, skipped: int, end: int) -> Windows:
    """Windows like the asked one whose origins lie whole weeks before the end of the history, oldest first."""
    known = np.arange(days - 7 * -(-end // 7), WARM_UP - 1, -7)[:_MOST_WEEKS][::-1]
    return Windows(known, np.full(len(known), skipped), np.full(len(known), end))


def _shown(history: History, ask: Ask) -> Windows:
    """The separate windows that are shown, oldest first."""
    skipped, length = ask.first - history.last - 1, ask.last - ask.first + 1
    given = ask.windows
    if not given:
        # Windows shorter than a week stay on their weekdays.
        step = length if length >= 7 else 7
        shift = length if length >= 7 else -(-(skipped + length) // 7) * 7 - skipped
        most = 7 * _MOST_WEEKS // step
        starts = range(history.last - shift + 1, history.first, -step)[:most]
        given = [(start, start + length - 1) for start in reversed(starts)]
    rows = [
        (first - skipped - history.first, skipped, skipped + last - first + 1)
        for first, last in given
        if first - skipped - history.first >= WARM_UP and first <= last <= history.last
    ]
    return Windows(*np.array(rows, dtype=np.int64).reshape(-1, 3).T)


def _past(
    history: History, ask: Ask, past: Series, test: _Test, chosen: Whole, corrections: dict[str, Correction]
) -> tuple[Past, ...]:
    """The windows that are shown, with the range of the method that was chosen at their origin."""
    rows = np.arange(test.weekly, len(test.came))
    bands = {
        method: _bands(ranges(test.said[method].at(rows), Correction(*(of[rows] for of in by)), ask.level) * past.scale)
        for method, by in corrections.items()
    }
    shown = []
    for index, row in enumerate(rows):
        first = history.first + int(test.windows.known[row] + test.windows.skipped[row])
        last = history.first + int(test.windows.known[row] + test.windows.end[row]) - 1
        actual = sum(stream.coins for stream in history.streams if first <= stream.day <= last)
        band, baseline = bands[METHODS[chosen[row]]][index], bands["naive"][index]
        shown.append(Past(first, last, actual, band, _holds(band, actual), baseline, _holds(baseline, actual)))
    return tuple(shown)


def _holds(band: Band, coins: int) -> bool:
    return band.low <= coins <= band.high


def _bands(coins: Floats) -> tuple[Band, ...]:
    """Whole coins: the ends outwards, but not for what the last bits of a float make of a whole number."""
    slack = coins * 2.0**-46 + 1e-9
    whole = np.rint(coins)
    near = np.abs(coins - whole) < np.minimum(slack, 0.25)
    low = np.maximum(np.where(near, whole, np.floor(coins - slack)), 0)
    high = np.where(near, whole, np.ceil(coins + slack))
    return tuple(
        Band(int(low_), int(middle), int(high_)) for low_, middle, high_ in zip(low[:, 0], whole[:, 1], high[:, 2], strict=True)
    )
