"""Daily sums, and what is taken from enormous streams."""

from __future__ import annotations

import numpy as np

from diamondctl.forecast.series import root, series, unroot
from diamondctl.forecast.values import History, StreamDay


def tamed(*streams: tuple[int, int]) -> list[float]:
    """Coins that each stream (day, coins) counts, in the order of time."""
    found = tuple(StreamDay(day, coins) for day, coins in streams)
    past = series(History(0, 99, found))
    return [float(coins) * past.scale for coins in past.coins]


def test_sums_are_exact_and_by_day() -> None:
    past = series(History(10, 13, (StreamDay(12, 2**40 + 1), StreamDay(10, 3), StreamDay(12, 5))))
    assert [float(coins) * past.scale for coins in past.earned] == [0, 3, 3, 2**40 + 9, 2**40 + 9]


def test_a_stream_counts_twice_the_third_largest_of_the_others_known_by_then() -> None:
    assert tamed((0, 20), (5, 25), (9, 30), (20, 5_000)) == [20, 25, 30, 40]  # of the first weeks
    assert tamed((0, 20), (5, 25), (9, 30), (50, 5_000), (60, 5_000)) == [20, 25, 30, 40, 50]  # of those before


def test_what_three_other_streams_reach_is_never_tamed() -> None:
    assert tamed((0, 900), (7, 900), (14, 900), (21, 900), (28, 900)) == [900] * 5
    assert tamed((0, 1), (1, 900), (8, 900), (15, 900), (22, 900)) == [1, 900, 900, 900, 900]


def test_streams_without_coins_say_nothing_of_what_is_enormous() -> None:
    assert tamed((0, 900), (1, 0), (2, 0), (3, 0), (40, 700)) == [900, 0, 0, 0, 700]


def test_roots_are_undone() -> None:
    coins = np.array([0.0, 1.0, 16.0, 1e15])
    assert np.allclose(unroot(root(coins)), coins, rtol=1e-14)
    assert unroot(np.array([-3.0])) == [0]
