"""What errors of the past make of a range, on cases that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from diamondctl.forecast.conformal import Correction, Trials, correction, pinball, ranges, scores
from diamondctl.forecast.methods import Spread, uniform


def apart(number: int) -> Trials:
    """So many windows of ten days that follow one another, after 100 days."""
    origin = 100 + 10 * np.arange(number)
    return Trials(origin, origin + 10, 1.0)


def test_of_many_scores_the_level_is_what_lies_within_reach() -> None:
    errors = np.linspace(-1, 1, 2_001)
    trials = Trials(np.full(2_001, 100), np.full(2_001, 110), 1.0)
    by = correction(errors, trials, np.array([110]), 80)
    assert by.shift == pytest.approx(0, abs=0.01)
    assert by.reach == pytest.approx(0.8, abs=0.01)


def test_windows_that_had_not_ended_do_not_count() -> None:
    errors = np.array([0.0] * 10 + [50.0] * 90)
    by = correction(errors, apart(100), np.array([199, 200, 1_100]), 50)
    assert by.shift[0] == by.shift[1] == 0
    assert by.shift[2] == 50


def test_without_any_window_the_prior_speaks() -> None:
    by = correction(np.array([]), apart(0), np.array([100]), 80)
    assert by.shift == pytest.approx(0, abs=0.05)
    assert 1 < by.reach[0] < 2


def test_overlapping_windows_weigh_as_the_separate_ones_in_their_time() -> None:
    errors = np.zeros(40)
    origin = 100 + np.arange(40)
    alone = correction(errors[:4], apart(4), np.array([140]), 80)
    many = correction(errors, Trials(origin, origin + 1, 3 / 39), np.array([141]), 80)
    assert alone.reach == many.reach


def test_scores_and_ranges_are_inverse() -> None:
    said = Spread(np.array([2.0, 2.0]), np.array([0.5, 0.5]), np.array([1.0, 1.0]), np.array([1e9, 1e9]), np.zeros(2))
    came = np.array([1.0, 81.0])
    errors = scores(said, came)
    assert errors.tolist() == [-2, 1]
    by = correction(np.array([]), apart(0), np.array([100, 100]), 80)
    held = ranges(said, by._replace(shift=errors, reach=np.zeros(2)), 80)
    assert held[:, 1].tolist() == [1, 81]


def test_where_nothing_comes_often_enough_the_range_begins_with_nothing() -> None:
    two = np.array([2.0, 2.0])
    said = Spread(two, two / 8, two / 8, np.array([1e9, 1e9]), np.array([0.2, 0.05]))
    by = Correction(np.zeros(2), np.ones(2))
    assert [ranges(said, by, level)[:, 0].tolist() for level in (80, 95)] == [[0.0, 1.75**4], [0.0, 0.0]]


def test_pinball_by_hand() -> None:
    """Ten below the low end, inside, ten above the high end: (0.9 x 10 + 0.5 x 60 + 0.1 x 110) / 3 and so on."""
    bands = np.array([[100.0, 150.0, 200.0]] * 3)
    losses = pinball(bands, np.array([90.0, 150.0, 210.0]), 80)
    assert losses.tolist() == pytest.approx([(9 + 30 + 11) / 3, (5 + 0 + 5) / 3, (11 + 30 + 9) / 3])


def test_random_numbers_are_those_of_any_machine() -> None:
    """PCG64 by its reference, seeded with 0."""
    assert uniform(0, 3).tolist() == [0.6369616873214543, 0.2697867137638703, 0.04097352393619469]
