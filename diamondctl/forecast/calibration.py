"""Ranges that hold as often as they say: the errors of past forecasts narrow, widen and shift the paths of the next one.

The score of a past window is the distance of what came from the middle, in units of the forecast's own spread on that side
and in fourth roots, so it has no scale. A score counts at most `CAP`: one enormous gift says that such things happen, not
how large the next one is. Younger windows count more, and windows that overlap no more than the separate ones that fit into
their time. A belief of some windows stands in where there are few: between the two lies a shrunken estimate.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from diamondctl.forecast.series import Floats, Whole, root, unroot

CAP: Final = 1.7
FADE: Final = 6.0  # weekly windows after which a score weighs half
SPREAD: Final = 1.12  # what a spread is believed to lack before any window was seen
BELIEF: Final = 9.0  # windows that this belief weighs
CALM: Final = (2.0, 6.0)  # windows that the belief in no shift weighs, down and up: a decline goes on more often than not
FALL: Final = 1.0  # where the middle moved down, the way further down is longer by this part of it
IDLE: Final = 0.02  # a shift of less is none
DOWN: Final = 1.4  # ends come without a sign before them, so that the way down is longer
# The mean of |score| where a spread is right: of a normal law whose 90 % quantile is 1.
_RIGHT: Final = 0.6226
# A spread is at least this part of what is usual, both in fourth roots: where all weeks are alike there is none.
_LEAST: Final = 0.004
_NOTHING: Final = 1e-9


class Spread(NamedTuple):
    """What draws say, in fourth roots: their median, and the way from it down to the 10 % and up to the 90 % quantile."""

    middle: Floats
    down: Floats
    up: Floats

    def score(self, roots: Floats) -> Floats:
        """How far away something is, in units of the spread on its side."""
        error = roots - self.middle
        return np.asarray(error / np.where(error > 0, self.up, self.down))

    def at(self, score: Floats) -> Floats:
        """The coins that lie so far away."""
        return unroot(self.middle + score * np.where(score > 0, self.up, self.down))


class Correction(NamedTuple):
    """By target, by how much of a spread the middle moves, and how many times it the spread is."""

    shift: Floats
    reach: Floats


def quantile(ranked: Floats, part: float) -> Floats:
    """The quantile of draws that are sorted along the last axis."""
    count = ranked.shape[-1]
    return np.asarray(ranked[..., min(max(round(count * part) - 1, 0), count - 1)])


def spread(ranked: Floats, usual: Floats) -> Spread:
    """Of sorted draws of coins (rows, draws), where `usual` is earned in such a time."""
    low, middle, high = (root(quantile(ranked, part)) for part in (0.1, 0.5, 0.9))
    least = np.maximum(_LEAST * root(usual), _NOTHING)
    return Spread(middle, np.maximum((middle - low) * DOWN, least), np.maximum(high - middle, least))


def correction(scores: Floats, end: Whole, known: Whole, separate: float) -> Correction:
    """For targets at whose origins so many days are known, from the scores of weekly windows that ended after `end` days.

    `separate` is how many separate windows one more of them makes: 1 where none overlap.
    """
    age = (known[:, None] - end[None, :]) / 7
    weight = np.where(age >= 0, 0.5 ** (np.maximum(age, 0) / FADE), 0.0)
    total = weight.sum(axis=1)
    windows = np.where(total > 0, np.maximum(1 + (total - 1) * separate, np.minimum(total, 1)), 0.0)
    total = np.maximum(total, 1e-9)
    capped = np.clip(scores, -CAP, CAP)
    mean = (weight * capped).sum(axis=1) / total
    mean = mean * windows / (windows + np.where(mean < 0, *CALM))
    shift = np.sign(mean) * np.maximum(np.abs(mean) - IDLE, 0.0)
    away = (weight * np.abs(capped[None, :] - shift[:, None])).sum(axis=1) / total
    reach = (windows * away / _RIGHT + BELIEF * SPREAD) / (windows + BELIEF)
    return Correction(shift, reach)


def corrected(coins: Floats, said: Spread, by: Correction) -> Floats:
    """Draws (rows, draws) as they are after a correction: those that were in order stay so."""
    column = Spread(*(of[:, None] for of in said))
    score, shift, reach = column.score(root(coins)), by.shift[:, None], by.reach[:, None]
    falls = np.where(score < 0, 1 + FALL * np.maximum(-shift, 0.0), 1.0)
    return column.at(shift + reach * falls * score)
