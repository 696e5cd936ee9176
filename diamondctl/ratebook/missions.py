"""A reward share that is built from missions, as values (rates.md E4, E5): what a rate file says of it. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

# How a band without a number is read. rising: it lies between its neighbours; step: nothing is known of it.
MODES: Final = ("rising", "step")


class Band(NamedTuple):
    """From `at_least` on, so many percent points; None: the number is not known."""

    at_least: int
    percent: Decimal | None


class Bands(NamedTuple):
    """Bands in rising order, each up to the next one. Below the first there is nothing."""

    bands: tuple[Band, ...]
    mode: str = "rising"


class Missions(NamedTuple):
    """The share as points: of each stream, credited with it, and of a week, credited when it is over."""

    cap: Decimal  # percent, of both parts together
    stream_cap: Decimal
    duration: Bands  # by minutes live
    new_followers: Bands  # by new followers in the stream
    week_cap: Decimal
    week_amount: Decimal | None  # the most money of a weekly part; None: no such limit is known
    valid_minutes: int  # live on a day that counts as valid
    valid_days: Bands  # by valid days of the week
    active_fans: Bands
    league: tuple[tuple[str, Decimal | None], ...]  # word -> points
    penalty: Decimal  # breaches of the rules take at most so many points off a stream's part


NO_BANDS: Final = Bands(())
