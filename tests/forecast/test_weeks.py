"""Weeks to come: what is drawn, what a level follows, and how pauses go on."""

from __future__ import annotations

import numpy as np
import pytest

from diamondctl.forecast.series import series
from diamondctl.forecast.values import History, StreamDay
from diamondctl.forecast.weeks import BELIEF, DRAWS, MOST, SPEEDS, Weeks


def weeks(*coins: int) -> Weeks:
    """Weeks of two streams each, on the first and the fourth day; 0 is a week without a stream."""
    streams = tuple(StreamDay(7 * week + day, item // 2, 4) for week, item in enumerate(coins) if item for day in (0, 3))
    return Weeks(series(History(0, 7 * len(coins) - 1, streams)), 0)


def medians(made: Weeks, ahead: int) -> list[float]:
    """The middle of each week to come, as a part of the last one."""
    drawn = made.draw(np.array([made.count]), ahead, 0)
    last = made._coins[made._coins > 0][-1]
    return [float(np.median(drawn.coins[0, :, week])) / last for week in range(ahead)]


def test_weeks_that_are_all_alike_go_on_as_they_were() -> None:
    assert medians(weeks(*[1_000] * 40), 6) == pytest.approx([1.0] * 6, rel=0.01)


def test_a_new_level_is_followed_where_it_has_held_for_a_while() -> None:
    after = weeks(*[1_000] * 30, *[300] * 8)
    assert 0.9 < medians(after, 1)[0] < 1.5
    back = weeks(*[1_000] * 30, 300)
    assert medians(back, 1)[0] > 2, "one week is no new level"


def test_speeds_are_believed_by_how_they_did() -> None:
    stable = weeks(*([1_000, 1_400] * 20))
    moving = weeks(*(round(1_000 * 1.4**step) for step in range(12) for _ in range(3)))
    assert stable.belief(np.array([40]))[0].sum() == pytest.approx(1)
    slow = len(SPEEDS) - 1
    assert stable.belief(np.array([40]))[0, slow] > moving.belief(np.array([36]))[0, slow]
    assert moving.belief(np.array([0]))[0] == pytest.approx(np.array(BELIEF) / sum(BELIEF)), "nothing is known yet"


def test_the_longer_a_pause_has_lasted_the_less_likely_is_its_end() -> None:
    ends = []
    for pause in (1, 4, 12):
        made = weeks(*[1_000] * 20, *[0] * pause)
        ends.append(float((made.draw(np.array([made.count]), 1, 0).coins > 0).mean()))
    assert ends == sorted(ends, reverse=True) and ends[0] > 0.3 > ends[2] > 0


def test_who_always_comes_back_soon_comes_back() -> None:
    often = weeks(*([1_000] * 4 + [0]) * 8)
    never = weeks(*[1_000] * 39, 0)
    back = [float((made.draw(np.array([made.count]), 1, 0).coins > 0).mean()) for made in (often, never)]
    assert back[0] > 0.8 and back[1] < 0.6


def test_what_is_drawn_are_days_as_they_were_and_a_window_is_their_sum() -> None:
    made = weeks(*[1_000, 1_200, 900, 1_500] * 8)
    coins, live, valid = made.days(17, 3)
    assert coins.shape == live.shape == valid.shape == (DRAWS, 17)
    assert (coins[:, [1, 2, 4, 5, 6, 8]] == 0).all() and ((live > 0) == (coins > 0)).all()
    assert ((valid == 1) == (live >= 4)).all()
    sums = made.sums(np.array([made.count]), 4, np.array([17]), 3)
    assert np.allclose(sums[0], coins[:, 4:].sum(axis=1))


def test_an_origin_is_told_from_what_was_known_at_it() -> None:
    coins = [1_000, 1_400, 0, 700, 1_900, 1_000, 0, 0, 800, 1_200, 90_000, 10]
    whole, cut = weeks(*coins), weeks(*coins[:9])
    one, other = (made.draw(np.array([9]), 5, 1) for made in (whole, cut))
    scale = whole._past.scale / cut._past.scale
    assert np.allclose(one.coins * scale, other.coins) and (one.week == other.week).all()


def test_more_weeks_ahead_change_nothing_before() -> None:
    made = weeks(*[1_000, 1_400, 600] * 9)
    near, far = (made.draw(np.array([27]), ahead, 0).coins for ahead in (3, 50))
    assert (far[:, :, :3] == near).all()


def test_no_week_is_drawn_far_above_its_level() -> None:
    made = weeks(*[2] * 10, 2_000_000, *[2] * 3)
    assert made._ratio.max() <= MOST
