"""What each method says of a stretch of days before it is calibrated: a middle, and its 10 % and 90 % quantile.

`weeks` draws the past (a bootstrap, see `habit` and `whatif`), younger weeks more often; `naive` repeats the same length of
time before, the seasonal-naive baseline; `blend` is the mean of these two and of draws from the last weeks above all
(combining forecasts: Bates & Granger 1969). The order decides between methods that did equally well.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from diamondctl.forecast.series import Floats, Whole, root

DRAWS: Final = 400
SLOW: Final = 13.0  # weeks after which a past week is drawn half as often
FAST: Final = 4.0
UNIFORM: Final = 0.1  # of the draws come from all the past alike, so that a pause is not taken to last for ever

_NAIVE_SPREAD: Final = 0.15  # of the middle; calibration makes what it should be of it
# A spread is at least this part of what is usual, both in fourth roots: where all weeks are alike there is none.
_LEAST_SPREAD: Final = 0.005
_NOTHING: Final = 1e-9


class Windows(NamedTuple):
    """Stretches of days by their origin: days known at it, days skipped after it, days from it to the end."""

    known: Whole
    skipped: Whole
    end: Whole

    def at(self, rows: Whole) -> Windows:
        """Some of them."""
        return Windows(self.known[rows], self.skipped[rows], self.end[rows])


class Told(NamedTuple):
    """What the past tells of stretches of days; coins in the scale of the series, rows are stretches."""

    slow: Floats  # draws: (rows, draws)
    fast: Floats  # draws from the last weeks above all
    before: Floats  # what the same length of time before earned: (rows,)
    usual: Floats  # what is earned on average of all that was known
    most: Floats  # what no range goes beyond


class Spread(NamedTuple):
    """What a method says, in fourth roots: a middle, and the way from it down to the 10 % and up to the 90 % quantile."""

    middle: Floats
    down: Floats
    up: Floats
    most: Floats  # in coins: no range goes beyond
    nothing: Floats  # how often the draws earn nothing at all

    def at(self, rows: Whole) -> Spread:
        """Some of the rows."""
        return Spread(*(of[rows] for of in self))


def uniform(seed: int, *shape: int) -> Floats:
    """Numbers in [0, 1) from the raw output of PCG64, which numpy promises to keep; its distributions may change."""
    raw = np.random.PCG64(seed).random_raw(int(np.prod(shape)))
    return np.asarray((raw >> np.uint64(11)).astype(np.float64).reshape(shape) * 2.0**-53)


def spreads(told: Told, known: Whole, length: Whole) -> dict[str, Spread]:
    """What every method says, by its name; from how many days known, of how many days. Spreads have no level yet."""
    least = np.maximum(_LEAST_SPREAD * root(told.usual), _NOTHING)
    weeks, recent = _of_draws(told.slow, least, told.most), _of_draws(told.fast, least, told.most)
    middle = root(told.before)
    width = np.maximum(_NAIVE_SPREAD * middle, least)
    naive = Spread(middle, width, width, told.most, weeks.nothing)
    blend = Spread(*((one + two + three) / 3 for one, two, three in zip(weeks, recent, naive, strict=True)))
    # A mean of few weeks is itself uncertain, and so is how much they differ: as in a prediction interval for a normal sample.
    weeks_known = known / 7
    wider = np.sqrt(1 + length / known) * (weeks_known + 1) / (weeks_known - 1)
    said = {"weeks": weeks, "blend": blend, "naive": naive}
    return {method: spread._replace(down=spread.down * wider, up=spread.up * wider) for method, spread in said.items()}


def _of_draws(coins: Floats, least: Floats, most: Floats) -> Spread:
    ranked = np.sort(coins, axis=1)
    low, middle, high = (root(ranked[:, round(coins.shape[1] * part) - 1]) for part in (0.1, 0.5, 0.9))
    nothing = np.asarray((ranked == 0).mean(axis=1))
    return Spread(middle, np.maximum(middle - low, least), np.maximum(high - middle, least), most, nothing)
