"""Ranges that hold as often as they say: the errors of past forecasts widen, narrow and shift the next one.

Split conformal prediction (Vovk, Gammerman & Shafer 2005) with scores from quantiles (Romano, Patterson & Candès 2019): a
score is the distance of what came from the middle, in units of the forecast's own spread on that side and after a fourth
root, so it has no scale. Only windows that had ended count. Those that overlap are not exchangeable, so many of them weigh
no more than the separate ones that fit into their time, and a small prior stands in where there are few.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from diamondctl.forecast.methods import Spread
from diamondctl.forecast.series import WARM_UP, Floats, Whole, root, unroot

# Where a method is right, its scores are as those of a normal distribution whose 90 % quantile is 1. The prior is a
# little wider: what only repeats the past knows nothing of what is new.
_PRIOR_WEIGHT: Final = 2.0  # windows
_PRIOR_SPREAD: Final = 1.1 / 1.2815515655446004
# Quantiles of the half-normal distribution at 1/40, 3/40, ... 39/40.
_HALF_NORMAL: Final = (
    0.0313, 0.0941, 0.1573, 0.2211, 0.2858, 0.3518, 0.4193, 0.4888, 0.5607, 0.6357,
    0.7144, 0.7979, 0.8871, 0.9839, 1.0904, 1.2101, 1.3489, 1.5183, 1.7481, 2.2414,
)  # fmt: skip


class Trials(NamedTuple):
    """The past windows that count: days known at their origin and at their end, and separate windows per window."""

    origin: Whole
    end: Whole
    separate: float  # 1 where none overlap

    def seen(self, known: Whole) -> NDArray[np.bool_]:
        """Which had ended when so many days were known: (targets, windows). The first third only taught the methods."""
        young = np.maximum(WARM_UP, known // 3)
        return np.asarray((self.end[None, :] <= known[:, None]) & (self.origin[None, :] >= young[:, None]))


class Correction(NamedTuple):
    """By target, where the middle goes and how far from there the ends are, in units of the spread."""

    shift: Floats
    reach: Floats


def scores(said: Spread, came: Floats) -> Floats:
    """The signed score of what came, in the scale of the series."""
    error = root(came) - said.middle
    return np.asarray(error / np.where(error > 0, said.up, said.down))


def correction(errors: Floats, trials: Trials, known: Whole, level: int) -> Correction:
    """For targets at whose origins so many days are known, from the scores of tested windows. Shapes: (targets,).

    A higher level never reaches less far, and the shift is the same for all levels.
    """
    seen = trials.seen(known)
    count = seen.sum(axis=1)
    windows = np.where(count > 0, 1 + (count - 1) * trials.separate, 0)
    weight = np.where(seen, (windows / np.maximum(count, 1))[:, None], 0.0)
    prior = np.array(_HALF_NORMAL) * _PRIOR_SPREAD
    prior_weight = np.full((len(known), len(prior)), _PRIOR_WEIGHT / len(prior))
    total = windows + _PRIOR_WEIGHT
    signed = np.broadcast_to(np.concatenate((errors, prior, -prior)), (len(known), len(errors) + 2 * len(prior)))
    shift = _quantile(signed, np.hstack((weight, prior_weight / 2, prior_weight / 2)), total / 2)
    away = np.hstack((np.abs(errors[None, :] - shift[:, None]), np.broadcast_to(prior, prior_weight.shape)))
    # The window to come is one more: of n scores, the (n + 1) x level-th.
    return Correction(shift, _quantile(away, np.hstack((weight, prior_weight)), (total + 1) * level / 100))


def _quantile(values: Floats, weights: Floats, target: Floats) -> Floats:
    """By row, the smallest value at which the weights reach the target; the largest that has weight where they never do."""
    order = np.argsort(values, axis=1, kind="stable")
    values, weights = (np.take_along_axis(of, order, axis=1) for of in (values, weights))
    last = weights.shape[1] - 1 - np.argmax(weights[:, ::-1] > 0, axis=1)
    place = np.minimum((np.cumsum(weights, axis=1) < target[:, None] - 1e-9).sum(axis=1), last)
    return np.take_along_axis(values, place[:, None], axis=1)[:, 0]


def ranges(said: Spread, by: Correction, level: int) -> Floats:
    """Low, middle and high of each row: (rows, 3), in the scale of the series.

    Where nothing at all comes about as often as the range may miss below, it begins with nothing.
    """

    def at(score: Floats) -> Floats:
        return np.minimum(unroot(said.middle + score * np.where(score > 0, said.up, said.down)), said.most)

    low = np.where(said.nothing >= (1 - level / 100) / 2, 0.0, at(by.shift - by.reach))
    return np.stack((low, at(by.shift), at(by.shift + by.reach)), axis=1)


def pinball(bands: Floats, came: Floats, level: int) -> Floats:
    """The mean pinball loss (Koenker & Bassett 1978) of low, middle and high as quantiles: (rows,), in the unit of `came`."""
    tail = (1 - level / 100) / 2
    probability = np.array([tail, 0.5, 1 - tail])
    error = came[:, None] - bands
    return np.asarray(np.maximum(probability * error, (probability - 1) * error).mean(axis=1))
