"""A history as daily coins, ready for arithmetic: added up, in a scale of its own, and with enormous streams tamed."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from diamondctl.forecast.values import LEAST_WEEKS, History, StreamDay

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

WARM_UP: Final = 7 * LEAST_WEEKS  # days before the first origin of a back-test
# A stream counts at most so many times the third largest of the others known by then, those without coins left out. What
# happens in every one of four weeks is never tamed, so identical weeks stay exactly what they are.
TAME: Final = 2
RANK: Final = 3
VALID: Final = 4  # quarters of an hour of a valid day


class Series(NamedTuple):
    """Coins divided by `scale`; item i of a sum is what the first i days earned."""

    scale: float  # a power of two: dividing by it and multiplying again loses nothing
    days: int
    earned: Floats  # what was earned
    tamed: Floats  # without what single enormous streams had beyond their cap: what levels are made of
    day: Whole  # of each stream, from 0 on, rising
    coins: Floats  # of each stream, tamed
    quarters: Floats  # of each stream
    live: Floats  # quarters of an hour, by day
    valid: Floats  # by day, 1 where it was live for `VALID` quarters of an hour


def series(history: History) -> Series:
    """The history in the order of time. Coins at most 2**53 in all are added up exactly, in whatever order."""
    streams = sorted(stream for stream in history.streams if history.first <= stream.day <= history.last)
    days = history.last - history.first + 1
    capped = _tamed(streams, history.first)
    # By what is tamed, so that an enormous gift does not move what is left of the others' last bits.
    scale = 2.0 ** max(int(max(capped, default=0)).bit_length() - 1, 0)
    day = np.array([stream.day - history.first for stream in streams], dtype=np.int64)
    coins = np.array([float(stream.coins) for stream in streams]) / scale
    tamed = np.array(capped) / scale
    quarters = np.array([float(stream.quarters) for stream in streams])
    live = np.bincount(day, quarters, days).astype(np.float64)
    valid = (live >= VALID).astype(np.float64)
    return Series(scale, days, _summed(day, coins, days), _summed(day, tamed, days), day, tamed, quarters, live, valid)


def _summed(day: Whole, coins: Floats, days: int) -> Floats:
    return np.concatenate(([0.0], np.cumsum(np.bincount(day, coins, days))))


def _tamed(streams: Sequence[StreamDay], first: int) -> list[float]:
    """Coins per stream, each capped by what was known when it ended: streams before it, or the first weeks' others."""
    early = sorted((stream.coins for stream in streams if stream.day - first < WARM_UP and stream.coins), reverse=True)
    top = sorted(early[: RANK + 1])
    tamed = []
    for stream in streams:
        if not stream.coins:
            cap = None
        elif stream.day - first < WARM_UP:
            # Without itself, the largest streams move up by one.
            place = RANK if stream.coins >= early[min(RANK, len(early)) - 1] else RANK - 1
            cap = early[place] if place < len(early) else None
        else:
            cap = top[-RANK] if len(top) >= RANK else None
            insort(top, stream.coins)
            del top[: -RANK - 1]
        tamed.append(float(stream.coins if cap is None else min(stream.coins, TAME * cap)))
    return tamed


def root(coins: Floats) -> Floats:
    """Fourth root: nearly as fair to factors as a logarithm, and defined at zero. Square roots are exact on any machine."""
    return np.sqrt(np.sqrt(coins))


def unroot(roots: Floats) -> Floats:
    """The inverse of `root`; what is below zero is zero."""
    square = np.square(np.maximum(roots, 0.0))
    return np.square(square)
