"""What a forecast is asked and what it answers: coins and days, never money.

Days are numbers since 1970-01-01 in the reporting time zone; both ends of a stretch of days belong to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

LEVELS: Final = range(50, 96)  # percent
LEAST_WEEKS: Final = 4
LONGEST: Final = 1_100  # days from the end of the history to the end of the window
LEAST_LENGTHS: Final = 4  # streams of known length


class StreamDay(NamedTuple):
    """One stream: the day it belongs to, its coins, its length in quarters of an hour (0 = not known)."""

    day: int
    coins: int
    quarters: int = 0


class History(NamedTuple):
    """All streams from the day of the first one to the last day that is known completely; other days earned nothing."""

    first: int
    last: int
    streams: tuple[StreamDay, ...]


class Ask(NamedTuple):
    """The window to forecast, and how."""

    first: int  # after the history's last day; days may lie between them
    last: int
    level: int = 80  # percent of the windows that the range is to hold
    seed: int = 0
    streams: int | None = None  # what if there were exactly so many streams in the window
    quarters: int | None = None  # what if so many quarters of an hour were live in it
    windows: Sequence[tuple[int, int]] = ()  # past windows to test on, such as calendar months; () = rolled back
    reach: int = 0  # paths go on to this day; 0 = to the window's last


class Band(NamedTuple):
    """A range of coins: low <= middle <= high, none negative."""

    low: int
    middle: int
    high: int


class Past(NamedTuple):
    """One past window and what would have been said of it, from what was known before it alone."""

    first: int
    last: int
    actual: int
    band: Band
    inside: bool


class Path(NamedTuple):
    """One way the days to come may go. Of the window: quarters of an hour live, and days live for an hour or more."""

    coins: tuple[int, ...]  # from the day after the history to each following day
    window: int
    quarters: int
    days: int


class Forecast(NamedTuple):
    """A range of coins for the window, the paths it is made of, and how such ranges did in the past."""

    window: Band
    days: tuple[Band, ...]  # coins from the day after the history to each following day, up to the window's last
    paths: tuple[Path, ...]
    past: tuple[Past, ...]  # oldest first; windows that do not overlap
    level: int
    attainable: int  # the highest level, in percent, that the number of past windows can calibrate; 0 = none
    guess: bool  # too few past windows for the level: the range is a guess
    weeks: int  # full weeks of history
    streams_per_week: tuple[int, int]  # streams in the last full weeks, at most 13, and the number of these weeks
    memory: int  # weeks after which a past week counts half in the level, as this past had it
    shift: int  # percent by which past errors moved the middle
    reach: int  # percent of the width before calibration


class TooShortError(ValueError):
    """The history has fewer than `LEAST_WEEKS` full weeks."""


class LengthsUnknownError(ValueError):
    """The forecast for hours live needs lengths of streams, and hardly any is known."""


def weeks_of(history: History) -> int:
    """Full weeks of the history; below `LEAST_WEEKS` there is no forecast."""
    return max((history.last - history.first + 1) // 7, 0)
