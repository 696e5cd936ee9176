"""Paths of coins for coming days, made and tested on the creator's own past; a range is what most of them do."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from diamondctl.forecast import whatif
from diamondctl.forecast.calibration import Correction, Spread, corrected, correction, quantile, spread
from diamondctl.forecast.series import WARM_UP, Floats, Series, Whole, root, series
from diamondctl.forecast.values import (
    LEAST_WEEKS,
    LEVELS,
    LONGEST,
    Ask,
    Band,
    Forecast,
    History,
    Past,
    Path,
    TooShortError,
    weeks_of,
)
from diamondctl.forecast.weeks import DRAWS, SPEEDS, Weeks

_MOST_WEEKS: Final = 156  # of windows that are tested on
_LEAST_PAST: Final = 4
_HABIT_WEEKS: Final = 13


class _Windows(NamedTuple):
    """Past windows by days known at their origin and days from it to the end, and what was drawn of them, in order."""

    known: Whole
    end: Whole
    ranked: Floats  # (windows, draws)
    said: Spread


def forecast(history: History, ask: Ask) -> Forecast:
    """A range of coins for the window `ask.first` to `ask.last`, calibrated on windows of the same length in the past.

    Past windows start as many days after their origin as the asked one, and are told from what was known at it alone. One a
    week, overlapping, calibrates; separate ones, rolled back or `ask.windows`, are in `Forecast.past`. With a number of
    streams or the time live given, that of each past window is taken as known, and windows without a stream are no test.

    Raises TooShortError below four full weeks, LengthsUnknownError where `ask.quarters` needs lengths that are not known,
    and ValueError for what cannot be asked.
    """
    _check(history, ask)
    past = series(history)
    skipped, end = ask.first - history.last - 1, ask.last - history.last
    grids: dict[int, Weeks] = {}
    what_if = ask.streams is not None or ask.quarters is not None
    drawn = whatif.streams(past, ask.streams, ask.quarters) if what_if else None
    weekly, shown = (
        _told(past, grids, drawn, skipped, *asked, ask.seed) for asked in (_weekly(past.days, end), _shown(history, ask))
    )
    scores = weekly.said.score(root(_came(past, weekly, skipped)))
    separate = min(7 / (end - skipped), 1.0)
    # The last target is the window to come.
    by = correction(scores, weekly.known + weekly.end, np.append(shown.known, past.days), separate)
    before, now = Correction(*(of[:-1] for of in by)), Correction(*(of[-1:] for of in by))
    tested = _past(history, ask, past, shown, before, skipped)
    paths = _paths(past, grids, drawn, ask, history.last, now)
    bands = _bands(np.sort(paths.coins.T, axis=1)[:end], ask.level, past.scale)
    (window,) = _bands(np.sort(paths.window)[None, :], ask.level, past.scale)
    attainable = 100 * len(tested) // (len(tested) + 1)
    habit_weeks = min(weeks_of(history), _HABIT_WEEKS)
    return Forecast(
        window=window,
        days=bands,
        paths=_whole(paths, past.scale),
        past=tested,
        level=ask.level,
        attainable=attainable,
        guess=len(tested) < _LEAST_PAST or attainable < ask.level,
        weeks=weeks_of(history),
        streams_per_week=(int((past.day >= past.days - 7 * habit_weeks).sum()), habit_weeks),
        memory=_memory(_grid(grids, past, past.days)),
        shift=round(100 * (paths.middle[1] / paths.middle[0] - 1)) if paths.middle[0] > 0 else 0,
        reach=round(100 * float(now.reach[0])),
    )


def _check(history: History, ask: Ask) -> None:
    if weeks_of(history) < LEAST_WEEKS:
        raise TooShortError(f"{weeks_of(history)} full weeks of history, at least {LEAST_WEEKS} are needed")
    if not any(history.first <= stream.day <= history.last for stream in history.streams):
        raise ValueError("the history has no stream")
    if not history.last < ask.first <= ask.last <= max(ask.last, ask.reach) <= history.last + LONGEST:
        raise ValueError(f"the window starts after the history and ends within {LONGEST} days of it")
    if ask.level not in LEVELS:
        raise ValueError(f"the level is {LEVELS[0]} to {LEVELS[-1]} percent")
    if min(ask.seed, ask.streams or 0, ask.quarters or 0) < 0:
        raise ValueError("seed, streams and quarters are not negative")
    if any(min(stream.coins, stream.quarters) < 0 for stream in history.streams):
        raise ValueError("coins and quarters of streams are not negative")


def _grid(grids: dict[int, Weeks], past: Series, known: int) -> Weeks:
    """The weeks that end after so many days."""
    return grids.setdefault(known % 7, Weeks(past, known % 7)) if known % 7 not in grids else grids[known % 7]


def _told(
    past: Series, grids: dict[int, Weeks], drawn: whatif.Streams | None, skipped: int, known: Whole, end: Whole, seed: int
) -> _Windows:
    """What was to be said of past windows; of nothing, nothing can be told."""
    fine = past.tamed[known] > 0
    if drawn is not None:
        there = np.zeros(len(known), dtype=np.bool_)
        there[whatif.testable(past, drawn, known, skipped, end)] = True
        fine &= there
    known, end = known[fine], end[fine]
    coins = np.zeros((len(known), DRAWS))
    if drawn is not None and len(known):
        coins = whatif.sums(drawn, known, skipped, end, seed)
    elif len(known):
        for weekday in np.unique(known % 7):
            rows = np.flatnonzero(known % 7 == weekday)
            weeks = _grid(grids, past, int(weekday))
            coins[rows] = weeks.sums(known[rows] // 7, skipped, end[rows], seed)
    ranked = np.sort(coins, axis=1)
    return _Windows(known, end, ranked, spread(ranked, past.tamed[known] / np.maximum(known, 1) * (end - skipped)))


def _came(past: Series, windows: _Windows, skipped: int) -> Floats:
    return np.asarray(past.earned[windows.known + windows.end] - past.earned[windows.known + skipped])


def _weekly(days: int, end: int) -> tuple[Whole, Whole]:
    """Windows like the asked one whose origins lie whole weeks before the end of the history, oldest first."""
    known = np.arange(days - 7 * -(-end // 7), WARM_UP - 1, -7)[:_MOST_WEEKS][::-1]
    return known, np.full(len(known), end)


def _shown(history: History, ask: Ask) -> tuple[Whole, Whole]:
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
        (first - skipped - history.first, skipped + last - first + 1)
        for first, last in given
        if first - skipped - history.first >= WARM_UP and first <= last <= history.last
    ]
    known, end = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    return known, end


def _past(history: History, ask: Ask, past: Series, shown: _Windows, by: Correction, skipped: int) -> tuple[Past, ...]:
    """The windows that are shown, with the range that was to be said at their origin."""
    bands = _bands(corrected(shown.ranked, shown.said, by), ask.level, past.scale)
    tested = []
    for known, end, band in zip(shown.known, shown.end, bands, strict=True):
        first, last = history.first + int(known) + skipped, history.first + int(known + end) - 1
        actual = sum(stream.coins for stream in history.streams if first <= stream.day <= last)
        tested.append(Past(first, last, actual, band, band.low <= actual <= band.high))
    return tuple(tested)


class _Paths(NamedTuple):
    """Paths in the scale of the series, by draw: coins up to each day, and of the window."""

    coins: Floats  # (draws, days)
    window: Floats
    quarters: Floats
    days: Floats
    middle: tuple[float, float]  # of the window, before and after the correction


def _paths(past: Series, grids: dict[int, Weeks], drawn: whatif.Streams | None, ask: Ask, last: int, by: Correction) -> _Paths:
    skipped, end = ask.first - last - 1, ask.last - last
    reach = max(ask.reach - last, end)
    coins, quarters, valid = _grid(grids, past, past.days).days(reach, ask.seed)
    if drawn is not None:
        coins[:, skipped:end] = whatif.days(past, drawn, end - skipped, ask.seed)
    sums = np.cumsum(coins, axis=1)
    usual = past.tamed[-1] / past.days
    days = _corrected(sums.T, usual * np.arange(1, reach + 1), by).T
    # What is reached by a day is reached by every later one; of the window's last day nothing is taken for that.
    days[:, :end] = np.minimum.accumulate(days[:, :end][:, ::-1], axis=1)[:, ::-1]
    days[:, end - 1 :] = np.maximum.accumulate(days[:, end - 1 :], axis=1)
    window = coins[:, skipped:end].sum(axis=1) if skipped else sums[:, end - 1]
    after = _corrected(window[None, :], np.array([usual * (end - skipped)]), by)[0]
    middle = tuple(float(quantile(np.sort(of), 0.5)) for of in (window, after))
    live, there = (of[:, skipped:end].sum(axis=1) for of in (quarters, valid))
    return _Paths(days, after, live, there, (middle[0], middle[1]))


def _corrected(coins: Floats, usual: Floats, by: Correction) -> Floats:
    said = spread(np.sort(coins, axis=1), usual)
    return corrected(coins, said, Correction(*(np.full(len(coins), of[0]) for of in by)))


def _whole(paths: _Paths, scale: float) -> tuple[Path, ...]:
    """In whole coins."""
    days = np.rint(paths.coins * scale).astype(np.int64).tolist()
    rows = zip(
        days, *(np.rint(of).astype(np.int64).tolist() for of in (paths.window * scale, paths.quarters, paths.days)), strict=True
    )
    return tuple(Path(tuple(coins), window, quarters, there) for coins, window, quarters, there in rows)


def _memory(weeks: Weeks) -> int:
    """After how many weeks a past one counts half, on the mean of the speeds."""
    belief = weeks.belief(np.array([weeks.count]))[0]
    return max(round(float(np.exp((belief * np.log((*SPEEDS, SPEEDS[0]))).sum()))), 1)


def _bands(ranked: Floats, level: int, scale: float) -> tuple[Band, ...]:
    """The range of each row of sorted draws, in whole coins: the ends outwards, but not for what the last bits of a float make
    of a whole number.
    """
    tail = (1 - level / 100) / 2
    low, middle, high = (quantile(ranked, part) * scale for part in (tail, 0.5, 1 - tail))
    found = []
    for end, outward in ((low, np.floor), (middle, np.rint), (high, np.ceil)):
        slack = end * 2.0**-40 + 1e-9
        whole = np.rint(end)
        near = np.abs(end - whole) < np.minimum(slack, 0.25)
        found.append(np.where(near, whole, outward(end - slack if outward is np.floor else end + slack)))
    found[1] = np.rint(middle)
    return tuple(Band(*map(int, row)) for row in zip(*found, strict=True))
