"""What if there were so many streams, or quarters of an hour live. Draws of single streams, younger ones more often.

A past window is told from the number of streams, or the time live, that it really had: what is tested is what a stream earns,
not how often there was one.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from diamondctl.forecast.series import Floats, Series, Whole
from diamondctl.forecast.values import LEAST_LENGTHS, LengthsUnknownError
from diamondctl.forecast.weeks import DRAWS, uniform

_MOST_STREAMS: Final = 200  # drawn; a sum of more is these, enlarged
_FADE: Final = 8.0  # weeks after which a stream is drawn half as often
_ALIKE: Final = 0.1  # of the draws come from all the past alike


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


def testable(past: Series, drawn: Streams, known: Whole, skipped: int, end: Whole) -> Whole:
    """The windows to test on: something was live, all lengths are known where they matter, and a stream was known before."""
    begin, until = (np.searchsorted(past.day, known + shift) for shift in (skipped, end))
    fine = (until > begin) & (np.searchsorted(drawn.day, known) > 0)
    if drawn.live is not None:
        unknown = np.concatenate(([0], np.cumsum(past.quarters == 0)))
        fine &= unknown[until] == unknown[begin]
    return np.flatnonzero(fine)


def sums(drawn: Streams, known: Whole, skipped: int, end: Whole, seed: int) -> Floats:
    """Coins drawn of past windows, from what was live in each: (windows, draws)."""
    begin, until = (np.searchsorted(drawn.day, known + shift) for shift in (skipped, end))
    lengths = np.concatenate(([0.0], np.cumsum(drawn.quarters)))
    effort = Effort((until - begin).astype(np.float64), lengths[until] - lengths[begin])
    return np.asarray(_drawn(drawn, known, effort, seed).sum(axis=2))


def days(past: Series, drawn: Streams, length: int, seed: int) -> Floats:
    """Coins of each day of the window to come, of which the streams fall on any day: (draws, days)."""
    effort = Effort(np.array([float(drawn.number or 0)]), np.array([float(drawn.live or 0)]))
    day = (uniform(seed + 1, DRAWS, _MOST_STREAMS) * length).astype(np.int64)
    coins = _drawn(drawn, np.array([past.days]), effort, seed)[0]
    place = np.arange(DRAWS)[:, None] * length + day[:, : coins.shape[1]]
    return np.asarray(np.bincount(place.ravel(), coins.ravel(), DRAWS * length).reshape(DRAWS, length), dtype=np.float64)


def _drawn(drawn: Streams, known: Whole, effort: Effort, seed: int) -> Floats:
    """Coins of each stream drawn: (windows, draws, streams)."""
    there = np.searchsorted(drawn.day, known)
    # Weights of days rather than ages: what is known at an origin is a beginning of the sums.
    weight = np.concatenate(([0.0], np.cumsum(0.5 ** ((drawn.day[-1] - drawn.day) / (7 * _FADE)))))
    count = effort.streams
    if drawn.number is None:
        lengths = np.concatenate(([0.0], np.cumsum(drawn.quarters)))
        count = np.where(effort.quarters > 0, np.maximum(np.rint(effort.quarters * there / lengths[there]), 1), 0)
    most = np.minimum(count, _MOST_STREAMS)
    random = uniform(seed, DRAWS, _MOST_STREAMS)[None, :, : int(most.max(initial=0))]
    last = there[:, None, None]
    young = np.searchsorted(weight, (random - _ALIKE) / (1 - _ALIKE) * weight[last], side="right") - 1
    alike = (random / _ALIKE * last).astype(np.int64)
    stream = np.minimum(np.where(random < _ALIKE, alike, young), last - 1)
    there_is = np.arange(random.shape[2]) < most[:, None, None]
    coins = np.where(there_is, drawn.coins[stream], 0.0)
    if drawn.live is None:
        enlarged = count / np.maximum(most, 1)
        return np.asarray(coins * enlarged[:, None, None])
    live = np.where(there_is, drawn.quarters[stream], 0.0).sum(axis=2)
    return np.asarray(coins * (effort.quarters[:, None] / np.maximum(live, 1))[:, :, None])
