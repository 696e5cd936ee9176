"""The past goes on as it was: draws of whole weeks, and the same length of time before.

The draws are a stationary bootstrap (Politis & Romano 1994, after the blocks of Künsch 1989) of weeks, younger ones more
likely. A week ends on the weekday of the origin, so that weekdays stay what they are.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from diamondctl.forecast.methods import DRAWS, FAST, SLOW, UNIFORM, Told, Windows, uniform
from diamondctl.forecast.series import Floats, Series, Whole

_MOST_WEEKS: Final = 104
_MOST: Final = 4.0  # times the best so far: errors in units of a tiny spread would reach beyond all measure
_GO_ON: Final = 0.5  # how often the next week drawn is the one that followed: blocks of two weeks on average


class Random(NamedTuple):
    """Numbers in [0, 1) that all origins share, by draw and week ahead: which week, and whether it is the following one."""

    week: Floats
    on: Floats

    @staticmethod
    def of(seed: int, end: int) -> Random:
        """For stretches that end at most so many days ahead."""
        return Random(*uniform(seed, 2, DRAWS, -(-end // 7)))


def windows(past: Series, asked: Windows, random: Random) -> Told:
    """What was to be told of each window at its origin."""
    length = asked.end - asked.skipped
    have = np.minimum(length, asked.known)
    start = asked.known - have
    # A window longer than all that is known repeats it from its beginning.
    times, rest = length // have, length % have
    before = times * (past.tamed[asked.known] - past.tamed[start]) + past.tamed[start + rest] - past.tamed[start]
    usual = past.tamed[asked.known] / asked.known * length
    slow, fast = (_sums(past, asked, _ages(asked.known, random, half_life)) for half_life in (SLOW, FAST))
    return Told(slow, fast, before, usual, _most(past, asked.known, length))


def ahead(past: Series, skipped: int, end: int, random: Random) -> Told:
    """What is to be told now of the next 1, 2, ... `end` days, and in a last row of the window after `skipped` days."""
    known = np.array([past.days])
    slow, fast = (_days(past, _ages(known, random, half_life)[0], end) for half_life in (SLOW, FAST))
    # The window repeats the days just before the origin; so do the days before it, each a whole number of lengths earlier.
    have = min(end - skipped, past.days)
    repeated = past.days - have + (np.arange(end) - skipped) % have
    before = np.cumsum(past.tamed[repeated + 1] - past.tamed[repeated])
    usual = past.tamed[-1] / past.days * np.arange(1, end + 1)
    days = (slow, fast, before, usual)
    slow, fast, before, usual = (
        np.concatenate((row, row[-1:] - row[skipped - 1 : skipped] if skipped else row[-1:])) for row in days
    )
    lengths = np.append(np.arange(1, end + 1), end - skipped)
    return Told(slow, fast, before, usual, _most(past, np.full(end + 1, past.days), lengths))


def _most(past: Series, known: Whole, length: Whole) -> Floats:
    """Some times the best stretch of the same length so far, enormous streams included."""
    most = past.earned[known] * np.maximum(length / known, 1)
    for days in np.unique(length):
        best = np.maximum.accumulate(past.earned[days:] - past.earned[: max(past.days + 1 - days, 0)])
        rows = np.flatnonzero((length == days) & (known >= days))
        most[rows] = best[known[rows] - days]
    return _MOST * most


def _ages(known: Whole, random: Random, half_life: float) -> Whole:
    """The age (0 = the last week) of each week drawn: (origins, draws, weeks ahead)."""
    weeks = np.minimum(known // 7, _MOST_WEEKS)[:, None, None]
    weight = np.concatenate(([0.0], np.cumsum((0.5 ** (1 / half_life)) ** np.arange(_MOST_WEEKS))))
    young = np.searchsorted(weight, (random.week[None] - UNIFORM) / (1 - UNIFORM) * weight[weeks], side="right") - 1
    alike = (random.week[None] / UNIFORM * weeks).astype(np.int64)
    ages = np.minimum(np.where(random.week[None] < UNIFORM, alike, young), weeks - 1)
    for week in range(1, ages.shape[2]):
        before = ages[:, :, week - 1]
        goes_on = (random.on[None, :, week] < _GO_ON) & (before > 0)
        ages[:, :, week] = np.where(goes_on, before - 1, ages[:, :, week])
    return np.asarray(ages)


def _sums(past: Series, asked: Windows, ages: Whole) -> Floats:
    """Coins of each window in each draw: (windows, draws)."""
    start = asked.known[:, None, None] - 7 * (ages + 1)
    first = 7 * np.arange(ages.shape[2])
    begin = np.clip(asked.skipped[:, None] - first, 0, 7)[:, None, :]
    end = np.clip(asked.end[:, None] - first, 0, 7)[:, None, :]
    return np.asarray((past.tamed[start + end] - past.tamed[start + begin]).sum(axis=2))


def _days(past: Series, ages: Whole, end: int) -> Floats:
    """Coins of the next 1, 2, ... `end` days in each draw: (days, draws)."""
    day = (past.days - 7 * (ages + 1))[:, :, None] + np.arange(7)
    coins = (past.tamed[day + 1] - past.tamed[day]).reshape(len(ages), -1)
    return np.cumsum(coins[:, :end], axis=1).T
