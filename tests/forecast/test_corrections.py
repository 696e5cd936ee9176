"""What errors of the past make of a range, on cases that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from diamondctl.forecast.calibration import BELIEF, CAP, SPREAD, Correction, Spread, corrected, correction, quantile, spread
from diamondctl.forecast.series import root
from diamondctl.forecast.weeks import uniform

SAID = Spread(np.array([2.0]), np.array([0.5]), np.array([1.0]))


def windows(number: int) -> np.ndarray:
    """So many windows that ended a week apart, the last of them now."""
    return 100 + 7 * np.arange(number)


def by(scores: list[float], known: int | None = None) -> Correction:
    """For one target now."""
    end = windows(len(scores))
    return correction(np.array(scores), end, np.array([known if known is not None else int(end[-1])]), 1.0)


def test_without_any_window_the_belief_speaks() -> None:
    nothing = correction(np.array([]), windows(0), np.array([100]), 1.0)
    assert (float(nothing.shift[0]), float(nothing.reach[0])) == (0, SPREAD)


def test_errors_on_one_side_move_the_middle_there_and_not_as_far() -> None:
    assert 0 < by([1.0] * 20).shift[0] < 1
    assert -1 < by([-1.0] * 20).shift[0] < -by([1.0] * 20).shift[0], "a decline goes on more often than not"
    assert by([0.02] * 20).shift[0] == 0


def test_small_errors_narrow_and_large_ones_widen() -> None:
    assert by([0.0] * 20).reach[0] < SPREAD < by([1.9, -1.9] * 10).reach[0]


def test_a_score_counts_at_most_the_cap() -> None:
    enormous, capped = by([0.2, 1e9, -0.3]), by([0.2, CAP, -0.3])
    assert enormous == capped


def test_windows_that_had_not_ended_do_not_count() -> None:
    assert by([0.0, 0.0, 1.0], known=107) == by([0.0, 0.0])


def test_younger_windows_count_more() -> None:
    assert by([0.0] * 10 + [1.0] * 10).shift[0] > by([1.0] * 10 + [0.0] * 10).shift[0]


def test_windows_that_overlap_weigh_less() -> None:
    end, scores = windows(20), np.ones(20)
    alone, overlapping = (correction(scores, end, end[-1:], separate) for separate in (1.0, 0.25))
    assert overlapping.shift[0] < alone.shift[0]
    assert abs(overlapping.reach[0] - SPREAD) < abs(alone.reach[0] - SPREAD)
    assert BELIEF > 0


def test_no_correction_leaves_draws_as_they_are_and_none_changes_their_order() -> None:
    draws = np.sort(uniform(1, 2, 50) * 90, axis=1)
    said = spread(draws, np.array([10.0, 10.0]))
    same = Correction(np.zeros(2), np.ones(2))
    assert np.allclose(corrected(draws, said, same), draws)
    other = corrected(draws, said, Correction(np.array([-0.4, 0.3]), np.array([0.5, 2.0])))
    assert (np.diff(other, axis=1) >= 0).all() and (other >= 0).all()


def test_a_shift_is_in_units_of_the_spread_on_its_side() -> None:
    middle = np.array([[16.0]])
    up, down = (float(corrected(middle, SAID, Correction(np.array([s]), np.ones(1)))[0, 0]) for s in (1.0, -1.0))
    assert up == pytest.approx(3.0**4)
    assert down == pytest.approx(1.5**4)
    assert root(np.array([16.0]))[0] == 2


def test_quantiles_are_values_that_are_there() -> None:
    ranked = np.arange(1.0, 401.0)
    assert [float(quantile(ranked, part)) for part in (0.0, 0.1, 0.5, 0.9, 1.0)] == [1, 40, 200, 360, 400]
