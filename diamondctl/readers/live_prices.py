"""Prices that a log says under names of its own: whether such a value is of one unit or of all, its combos show. Nothing is
guessed: what they do not show is asked.
"""

from __future__ import annotations

from typing import Any

from diamondctl.problems import Problem, ProblemLog
from diamondctl.readers.cells import MAX_COINS, short
from diamondctl.readers.live_fields import Path, value_at
from diamondctl.readers.live_frames import Frames
from diamondctl.records import Frame


class Prices:
    """Collects the values of one log that could be prices, for gifts that have none under a known name."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._used: dict[Path, bool] = {}  # of one unit, or of all
        self._open: dict[int, tuple[Frame, dict[Path, int]]] = {}  # by the place of the frame

    def note(self, place: int, frame: Frame, event: dict[str, Any], paths: tuple[Path, ...]) -> None:
        """What an event says under names that could be prices; 0 and what is no whole number says nothing."""
        values: dict[Path, int] = {}
        for path in paths:
            value = value_at(event, (path,))
            if type(value) is str and value.isascii() and value.isdecimal() and len(value) <= 15:
                value = int(value)
            if type(value) is int and 0 < value <= MAX_COINS:
                values[path] = value
        if values:
            self._open[place] = frame, values

    def settle(self, frames: Frames, log: ProblemLog) -> None:
        """Give frames the coins that are shown to be theirs; logs E010 where a name could be a price and nothing shows it."""
        noted = list(self._open.values())
        units = {path: _of_one(path, noted) for path in {path for _, values in noted for path in values}}
        for place, (frame, values) in self._open.items():
            each = {values[path] // (1 if units[path] else frame.repeat_count) for path in values if units[path] is not None}
            if len(each) == 1:
                frames.price(place, each.pop())
                self._used |= {path: units[path] is True for path in values if units[path] is not None}
                continue
            names = " and ".join(f"'{short(path[-1])}'" for path in values)
            message = f"{names} may be what this gift cost: of one, or of all {frame.repeat_count:,}?"
            hint = "say it in a profile with kind: events: diamondctl profile sniff FILE proposes one"
            log.add(Problem("E010", message, hint, self._file, frame.line))
            return

    def notices(self) -> list[str]:
        """What was taken for a price, though no known name says so."""
        said = [f"'{short(path[-1])}' (of {'one gift' if of_one else 'all'})" for path, of_one in sorted(self._used.items())]
        return [f"coins read from {' and '.join(said)}"] if said else []


def _of_one(path: Path, noted: list[tuple[Frame, dict[Path, int]]]) -> bool | None:
    """Whether a name holds the price of one unit (False: of all), as gifts that were sent in several numbers show."""
    seen: dict[str, dict[int, set[int]]] = {}  # gift -> count -> values
    single = True
    for frame, values in noted:
        if path in values:
            seen.setdefault(frame.gift_id or frame.gift, {}).setdefault(frame.repeat_count, set()).add(values[path])
            single = single and frame.repeat_count == 1
    if single:
        return True
    constant = all(len(set().union(*counts.values())) == 1 for counts in seen.values())
    divides = all(value % count == 0 for counts in seen.values() for count, values in counts.items() for value in values)
    growing = divides and all(
        len({value // count for count, values in counts.items() for value in values}) == 1 for counts in seen.values()
    )
    several = any(len(counts) > 1 for counts in seen.values())
    if several and constant != growing:
        return constant
    # A value that its count does not divide is not that of all.
    return None if divides else True if constant else None
