"""Weeks of the past to weeks to come: paths from exponential smoothing, its own errors and pauses.

One method. The level of the weeks that had a stream is smoothed at several speeds, one of them with a damped trend (Holt 1957,
Gardner & McKenzie 1985), in fourth roots. What a week was of the level before it is a ratio; paths draw such ratios, and move
the level by what they drew, as exponential smoothing would (a bootstrap with multiplicative errors: Hyndman, Koehler, Ord &
Snyder 2008; Barone-Adesi, Giannopoulos & Vosper 1999). Each path has one speed, drawn by how well it did on this past, so that
a new level is followed where levels changed, and not where they only seemed to. Weeks without a stream are a chain of their
own: the longer a pause has lasted, the less likely is its end. Where little is known, wider noise stands in.

A week ends on the weekday of its origin, so that weekdays stay what they are.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np

from diamondctl.forecast.series import Floats, Series, Whole, root

DRAWS: Final = 400
# After so many active weeks a week weighs half in the level; the last is the mean of all.
SPEEDS: Final = (1.0, 3.0, 9.0, 50.0)
FAST, SLOWER = 0, 1  # of which the trend is made
TREND: Final = 1.0  # how far it is followed: the power of fast / slower
TREND_LIMITS: Final = (0.5, 1.5)
BELIEF: Final = (0.15, 0.3, 0.3, 0.25, 0.15)  # in each speed and the trend, before any error was seen
AHEAD: Final = 4  # weeks: a speed is judged by the mean of so many active ones after its level
FADE: Final = 26.0  # weeks after which an error, or a drawn week, weighs half
PAUSE_FADE: Final = 52.0
# Before anything was seen: of how many weeks one is without a stream, and how likely a pause goes on.
PAUSES: Final = (0.3, 9.0)
GOES_ON: Final = (1.5, 1.5)
# So many weeks of something else are among those drawn: with a logarithm of this deviation (in fourth roots).
STRANGE: Final = 4.0
STRANGE_SPREAD: Final = 0.22
MOST: Final = 2.5  # fourth roots: a week of forty times its level is drawn as just that
STEP: Final = 2.0  # one drawn week moves the level by at most that ratio
_NORMAL: Final = np.array([NormalDist().inv_cdf((place + 0.5) / 1024) for place in range(1024)])
_TINY: Final = 1e-300


class Drawn(NamedTuple):
    """Weeks to come by (origin, draw, week ahead): coins, and the past week each resembles."""

    coins: Floats
    week: Whole


def uniform(seed: int, *shape: int) -> Floats:
    """Numbers in [0, 1) from the raw output of PCG64, which numpy promises to keep; its distributions may change."""
    raw = np.random.PCG64(seed).random_raw(int(np.prod(shape)))
    return np.asarray((raw >> np.uint64(11)).astype(np.float64).reshape(shape) * 2.0**-53)


def _normal(chance: Floats) -> Floats:
    """Normal numbers of uniform ones."""
    return np.asarray(_NORMAL[np.minimum(chance * 1024, 1023).astype(np.int64)])


def _summed(values: Floats, fade: float = 0.0) -> Floats:
    """Item i is what the first i values sum to, each fading by half in `fade` steps; 0: never."""
    if not fade:
        return np.concatenate((np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)))
    keep, sums = 0.5 ** (1 / fade), np.zeros((len(values) + 1, *values.shape[1:]))
    for place, value in enumerate(values):
        sums[place + 1] = keep * sums[place] + value
    return sums


class Levels(NamedTuple):
    """By number of weeks known and speed: the level, what one week more weighs in it, and how many weeks it rests on."""

    level: Floats
    gain: Floats
    rests_on: Floats


class Weeks:
    """The weeks that end on one weekday. Item i of what is kept is known after i weeks."""

    def __init__(self, past: Series, first: int) -> None:
        """Whole weeks from the day `first` on."""
        self.first, self.count, self._past = first, (past.days - first) // 7, past
        self._edges = first + 7 * np.arange(self.count + 1)
        self._coins = np.diff(past.tamed[self._edges])
        self._roots = root(np.maximum(self._coins, 0.0))
        self._active = self._roots > 0
        self._levels = _levels(self._roots)
        before = self._levels.level[:-1]
        drawable = self._active & (before[:, 0] > 0)
        ratio = np.minimum(self._roots[:, None] / np.where(before > 0, before, 1.0), MOST)
        self._ratio = np.where(drawable[:, None], ratio, 0.0)
        # Younger weeks are drawn more often; sums of weights that grow stay right for every beginning of the history.
        weight = np.where(drawable, 2.0 ** ((np.arange(self.count) - self.count) / FADE), 0.0)
        self._weight = _summed(weight)
        self._ratios = _summed(weight[:, None] * self._ratio)
        self._drawable = _summed(drawable.astype(np.float64))
        self._last = np.maximum.accumulate(np.concatenate(([0], np.where(self._active, np.arange(self.count), 0))))
        self._chain = self._pauses()
        self._errors, self._judged = self._judge()

    def _pauses(self) -> Floats:
        """Weeks known after an active one, those of them without a stream, and the same after a week without."""
        pause = ~self._active
        before, follows = np.concatenate(([False], pause[:-1])), np.arange(self.count) > 0
        counts = (follows & ~before, follows & ~before & pause, follows & before, follows & before & pause)
        return _summed(np.stack(counts, axis=1).astype(np.float64), PAUSE_FADE)

    def _judge(self) -> tuple[Floats, Floats]:
        """By weeks known: fading sums of the error that each speed made, and of the number of errors."""
        roots, active = _summed(self._roots), _summed(self._active.astype(np.float64))
        origin = np.arange(self.count + 1) - AHEAD
        there = np.maximum(origin, 0)
        number = active - active[there]
        fine = (origin >= 1) & (self._levels.level[there, 0] > 0) & (number > 0)
        mean = (roots - roots[there]) / np.maximum(number, 1)
        error = np.where(fine[:, None], np.abs(mean[:, None] - self._levels.level[there]), 0.0)
        return _summed(error, FADE)[1:], _summed(fine.astype(np.float64), FADE)[1:]

    def belief(self, known: Whole) -> Floats:
        """How likely each speed is the right one at origins: (origins, speeds). The error of a Laplace law of unknown width."""
        number = self._judged[known]
        separate = np.where(number > 0, 1 + (number - 1) / AHEAD, 0.0)
        error = self._errors[known] / np.maximum(number, 1e-9)[:, None] + 1e-9
        weight = np.log(BELIEF) - separate[:, None] * np.log(error / error.min(axis=1, keepdims=True))
        weight = np.exp(weight - weight.max(axis=1, keepdims=True))
        return np.asarray(weight / weight.sum(axis=1, keepdims=True))

    def draw(self, known: Whole, ahead: int, seed: int) -> Drawn:
        """Paths of so many weeks from origins at which so many weeks are known. All origins share their random numbers."""
        # The first are of what all weeks share; those of a week do not depend on how many follow.
        chance = np.moveaxis(uniform(seed, ahead + 1, 5, DRAWS), 0, 2)
        speed = (chance[0, :, 0][None, :, None] > np.cumsum(self.belief(known), axis=1)[:, None, :]).sum(axis=2)
        speed = np.minimum(speed, len(BELIEF) - 1)
        row = known[:, None]
        levels = Levels(*(of[row, speed] for of in self._levels))
        weight = self._weight[known][:, None]
        usual = np.where(weight > 0, self._ratios[row, speed] / np.maximum(weight, _TINY), 1.0)
        strange = (STRANGE / (STRANGE + self._drawable[known]))[:, None]

        def ratio(which: Floats, odd: Floats) -> tuple[Floats, Whole]:
            """What a week is of its level, and the week it resembles."""
            week = np.searchsorted(self._weight, which[None] * weight, side="right") - 1
            week = np.where(weight > 0, np.minimum(week, row - 1), self._last[known][:, None])
            noise = np.where(odd[None] < strange, np.exp(STRANGE_SPREAD * _normal(odd[None] / strange)), 1.0)
            return np.where(weight > 0, self._ratio[week, speed], 1.0) * noise, week

        # A level of few weeks may be wrong for all weeks to come alike: by as much as a mean of so many weeks is.
        level = levels.level * ratio(chance[1, :, 0], chance[4, :, 0])[0] ** (1 / np.sqrt(levels.rests_on))
        active = np.repeat(self._active[np.maximum(known - 1, 0)][:, None], DRAWS, axis=1)
        paused = np.zeros((len(known), DRAWS))
        chain = self._chain[known][:, :, None]
        stops = (PAUSES[0] + chain[:, 1]) / (sum(PAUSES) + chain[:, 0])
        coins = np.zeros((len(known), DRAWS, ahead))
        weeks = np.zeros((len(known), DRAWS, ahead), dtype=np.int64)
        for place in range(ahead):
            goes_on = (GOES_ON[0] + chain[:, 3] + paused) / (sum(GOES_ON) + chain[:, 2] + paused)
            pause = chance[2, :, place + 1][None] < np.where(active, stops, goes_on)
            drawn, weeks[:, :, place] = ratio(chance[3, :, place + 1], chance[4, :, place + 1])
            coins[:, :, place] = np.where(pause, 0.0, np.square(np.square(level * drawn)))
            moved = level * (1 + levels.gain * (np.clip(drawn / usual, 1 / STEP, STEP) - 1))
            level = np.where(pause, level, moved)
            paused = np.where(pause & ~active, paused + 1, 0.0)
            active = ~pause
        return Drawn(coins, weeks)

    def sums(self, known: Whole, skipped: int, end: Whole, seed: int) -> Floats:
        """Coins drawn of the windows from `skipped` to `end` days after origins: (origins, draws)."""
        drawn = self.draw(known, -(-int(end.max()) // 7), seed)
        first = 7 * np.arange(drawn.coins.shape[2])
        begin = np.clip(skipped - first, 0, 7)[None, None, :]
        until = np.clip(end[:, None] - first, 0, 7)[:, None, :]
        return np.asarray((drawn.coins * self._part(drawn.week, begin, until)).sum(axis=2))

    def _part(self, week: Whole, begin: Whole, until: Whole) -> Floats:
        """Of a week's coins, those of its days from `begin` to `until`."""
        start, tamed = self._edges[week], self._past.tamed
        return np.asarray((tamed[start + until] - tamed[start + begin]) / np.maximum(self._coins[week], _TINY))

    def days(self, end: int, seed: int) -> tuple[Floats, Floats, Floats]:
        """Of the paths from all that is known: coins, quarters of an hour live, and valid days, each by (draw, day)."""
        drawn = self.draw(np.array([self.count]), -(-end // 7), seed)
        day = np.arange(7)
        week = drawn.week[0][:, :, None]
        coins = drawn.coins[0][:, :, None] * self._part(week, day, day + 1)
        there = (drawn.coins[0] > 0)[:, :, None]
        live = [np.where(there, of[self._edges[week] + day], 0.0) for of in (self._past.live, self._past.valid)]
        flat = (np.reshape(of, (DRAWS, -1))[:, :end] for of in (coins, *live))
        first, second, third = flat
        return first, second, third


def _levels(roots: Floats) -> Levels:
    """The level after each number of weeks, by speed; weeks without a stream do not move it."""
    keep = 0.5 ** (1 / np.array(SPEEDS))
    total, weight, square = (np.zeros(len(SPEEDS)) for _ in range(3))
    level, gain, rests_on = (np.full((len(roots) + 1, len(SPEEDS)), of) for of in (0.0, 1.0, 1.0))
    for place, value in enumerate(roots):
        if value > 0:
            total, weight, square = keep * total + value, keep * weight + 1, keep * keep * square + 1
        if weight[0] > 0:
            level[place + 1], gain[place + 1], rests_on[place + 1] = total / weight, 1 / weight, weight * weight / square
    fast, slower = level[:, FAST], level[:, SLOWER]
    trend = fast * np.clip(fast / np.where(slower > 0, slower, 1.0), *TREND_LIMITS) ** TREND
    return Levels(
        np.column_stack((level, trend)),
        np.column_stack((gain, gain[:, FAST])),
        np.column_stack((rests_on, rests_on[:, FAST])),
    )
