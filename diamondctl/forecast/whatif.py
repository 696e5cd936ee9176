"""What if there were so many streams, or quarters of an hour live. Draws of single streams, younger ones more often.

A past window is told from the number of streams, or the time live, that it really had: what is tested is what a stream earns,
not how often there was one.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from diamondctl.forecast import habit
from diamondctl.forecast.methods import DRAWS, FAST, SLOW, UNIFORM, Told, Windows, uniform
from diamondctl.forecast.series import Floats, Series, Whole
from diamondctl.forecast.values import LEAST_LENGTHS, LengthsUnknownError

_MOST_STREAMS: Final = 200  # drawn; a sum of more is these, enlarged
_MOST: Final = 32.0  # times what is usual: no range goes beyond


class Streams(NamedTuple):
    """The streams that are drawn, in the order of time, and what is asked of them."""

    day: Whole
    coins: Floats
    quarters: Floats
    number: int | None  # streams in the window
    live: int | None  # quarters of an hour in it


class Effort(NamedTuple):
    """Streams and quarters of an hour by window; what is not given follows from the other."""

    streams: Floats
    quarters: Floats


def streams(past: Series, number: int | None, live: int | None) -> Streams:
    """What to draw. Raises LengthsUnknownError where the time live is given and lengths of fewer than 4 streams are known."""
    if live is None:
        return Streams(past.day, past.coins, past.quarters, number, live)
    known = np.flatnonzero(past.quarters > 0)
    if len(known) < LEAST_LENGTHS:
        raise LengthsUnknownError(f"the length of {len(known)} streams is known, at least {LEAST_LENGTHS} are needed")
    return Streams(past.day[known], past.coins[known], past.quarters[known], number, live)


def testable(past: Series, drawn: Streams, asked: Windows) -> Whole:
    """The windows to test on: something was live, all lengths are known where they matter, and a stream was known before."""
    begin, end = (np.searchsorted(past.day, asked.known + shift) for shift in (asked.skipped, asked.end))
    fine = (end > begin) & (np.searchsorted(drawn.day, asked.known) > 0)
    if drawn.live is not None:
        unknown = np.concatenate(([0], np.cumsum(past.quarters == 0)))
        fine &= unknown[end] == unknown[begin]
    return np.flatnonzero(fine)


def windows(drawn: Streams, asked: Windows, seed: int) -> Told:
    """What was to be told of each window at its origin, from what was live in it."""
    begin, end = (np.searchsorted(drawn.day, asked.known + shift) for shift in (asked.skipped, asked.end))
    lengths = np.concatenate(([0.0], np.cumsum(drawn.quarters)))
    effort = Effort((end - begin).astype(np.float64), lengths[end] - lengths[begin])
    before = _before(drawn, asked.known, asked.end - asked.skipped, effort)
    usual = _before(drawn, asked.known, asked.known, effort)
    slow, fast = (_drawn(drawn, asked.known, effort, seed, half_life).sum(axis=2) for half_life in (SLOW, FAST))
    return Told(slow, fast, before, usual, _MOST * usual)


def ahead(past: Series, drawn: Streams, skipped: int, end: int, seed: int) -> Told:
    """As `habit.ahead`: the days before the window go on as they were, the streams in it fall on any of its days."""
    length, known = end - skipped, np.array([past.days])
    effort = Effort(np.array([float(drawn.number or 0)]), np.array([float(drawn.live or 0)]))
    part = np.arange(1, length + 1) / length
    day = (uniform(seed + 1, DRAWS, _MOST_STREAMS) * length).astype(np.int64)
    rows: list[Floats] = []
    for half_life in (SLOW, FAST):
        coins = _drawn(drawn, known, effort, seed, half_life)[0]
        place = np.arange(DRAWS)[:, None] * length + day[:, : coins.shape[1]]
        by_day = np.bincount(place.ravel(), coins.ravel(), DRAWS * length).reshape(DRAWS, length)
        rows.append(np.asarray(np.cumsum(by_day, axis=1).T, dtype=np.float64))
    for days in (np.array([length]), known):
        rows.append(part * _before(drawn, known, days, effort))
    rows.append(np.full(length, _MOST * rows[-1][-1]))
    if not skipped:
        return Told(*(np.concatenate((row, row[-1:])) for row in rows))
    gaps = habit.ahead(past, 0, skipped, habit.Random.of(seed, skipped))
    return Told(*(np.concatenate((gap[:-1], gap[-1:] + row, row[-1:])) for gap, row in zip(gaps, rows, strict=True)))


def _before(drawn: Streams, known: Whole, days: Whole, effort: Effort) -> Floats:
    """The mean of the streams in the last `days` of what was known, or of all where there was none, times the effort."""
    end = np.searchsorted(drawn.day, known)
    begin = np.searchsorted(drawn.day, known - days)
    begin = np.where(begin < end, begin, 0)
    coins = np.concatenate(([0.0], np.cumsum(drawn.coins)))
    if drawn.live is None:
        return np.asarray((coins[end] - coins[begin]) / (end - begin) * effort.streams)
    lengths = np.concatenate(([0.0], np.cumsum(drawn.quarters)))
    return np.asarray((coins[end] - coins[begin]) / (lengths[end] - lengths[begin]) * effort.quarters)


def _drawn(drawn: Streams, known: Whole, effort: Effort, seed: int, half_life: float) -> Floats:
    """Coins of each stream drawn: (windows, draws, streams)."""
    there = np.searchsorted(drawn.day, known)
    # Weights of days rather than ages: what is known at an origin is a beginning of the sums.
    weight = np.concatenate(([0.0], np.cumsum(0.5 ** ((drawn.day[-1] - drawn.day) / (7 * half_life)))))
    count = effort.streams
    if drawn.number is None:
        lengths = np.concatenate(([0.0], np.cumsum(drawn.quarters)))
        count = np.where(effort.quarters > 0, np.maximum(np.rint(effort.quarters * there / lengths[there]), 1), 0)
    most = np.minimum(count, _MOST_STREAMS)
    random = uniform(seed, DRAWS, _MOST_STREAMS)[None, :, : int(most.max(initial=0))]
    last = there[:, None, None]
    young = np.searchsorted(weight, (random - UNIFORM) / (1 - UNIFORM) * weight[last], side="right") - 1
    alike = (random / UNIFORM * last).astype(np.int64)
    stream = np.minimum(np.where(random < UNIFORM, alike, young), last - 1)
    there_is = np.arange(random.shape[2]) < most[:, None, None]
    coins = np.where(there_is, drawn.coins[stream], 0.0)
    if drawn.live is None:
        enlarged = count / np.maximum(most, 1)
        return np.asarray(coins * enlarged[:, None, None])
    live = np.where(there_is, drawn.quarters[stream], 0.0).sum(axis=2)
    return np.asarray(coins * (effort.quarters[:, None] / np.maximum(live, 1))[:, :, None])
