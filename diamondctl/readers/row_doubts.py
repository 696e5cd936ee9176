"""Doubts about rows that are read as gifts: they may be events of combos, totals, or no gifts at all. What a table shows only
as a whole is said when it ends, once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from diamondctl import periods
from diamondctl.problems import Problem, ProblemLog
from diamondctl.readers import combo_flags
from diamondctl.readers.cells import short
from diamondctl.records import Gift
from diamondctl.words import counted

# Taps of one combo follow each other within seconds.
_TAP: Final = 10 * periods.MICROSECONDS
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_STEPS: Final = 3  # so many counts of one sender and gift, each no less than the last, are a combo
_KINDS: Final = 50  # so many different texts in a column say what a row is; more are texts of another sort
_EVENTS: Final = "kind: events in a profile folds them (diamondctl profile sniff FILE)"
_WHOLE: Final = "if every row is a whole gift: kind: gifts with combos: folded"


class Flags:
    """Columns that are left out and look like the end flag of a combo, by their place in a row."""

    def __init__(self, columns: Mapping[str, int]) -> None:
        self._columns = columns
        self._seen: dict[str, Counter[bool | None]] = {name: Counter() for name in columns}
        self._blank: Counter[str] = Counter()

    def look(self, cells: list[str]) -> None:
        """One row."""
        for name, place in self._columns.items():
            if cells[place].strip():
                self._seen[name][combo_flags.is_over(name, cells[place])] += 1
            else:
                self._blank[name] += 1

    def problem(self, file: str, line: int) -> Problem | None:
        """E009 when a flag says that rows are events; where all of them close a combo, each is a gift."""
        for name, seen in self._seen.items():
            rows = seen.total() + self._blank[name]
            if seen and seen[True] < rows:
                open_ = (
                    f"{rows - seen[True]:,} of {counted(rows, 'row')} {'does' if rows - seen[True] == 1 else 'do'} not end one"
                )
                message = (
                    f"'{short(name)}' looks like the end flag of combos: these rows are events with the count so far, not gifts"
                )
                return Problem("E009", f"{message} ({open_})", f"{_EVENTS}; {_WHOLE}", file, line)
        return None


class Climbs:
    """Counts of one sender and gift that rise tap by tap."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str, str, str], tuple[int, int, int, int, int]] = {}  # time, count, first, rises, length
        self.example: tuple[Gift, int] | None = None  # the gift at the top of a climb, and its steps

    def look(self, gift: Gift) -> None:
        """One gift; rows stand in the order of time, either way. Where none names a sender only single steps count."""
        if self.example is not None:
            return
        key = (gift.creator, gift.gifter, gift.gift_id or gift.gift, gift.stream)
        time, count, first, rises, length = self._last.get(key, (0, 0, 0, 0, 0))
        near = length and abs(gift.time - time) <= _TAP
        step = gift.quantity - count if gift.time >= time else count - gift.quantity
        if near and step >= 0 and (gift.gifter or step == 1):
            rises, length = rises + (step > 0), length + 1
        else:
            first, rises, length = gift.quantity, 0, 1
        self._last[key] = gift.time, gift.quantity, first, rises, length
        # 1 2 3, or 1 7 7 as it ends: two rises, or one from 1 and the last count again.
        again = rises == 1 and step == 0 and min(first, gift.quantity) == 1 and max(first, gift.quantity) > 2
        if length >= _STEPS and (rises >= 2 or again):
            self.example = gift, length

    def problem(self, file: str) -> Problem | None:
        """E009 where a climb was seen."""
        if self.example is None:
            return None
        gift, steps = self.example
        message = f"the counts of one sender's '{short(gift.gift)}' climb step by step ({steps} rows within seconds)"
        return Problem(
            "E009", f"{message}: these look like events of a combo, not gifts", f"{_EVENTS}; {_WHOLE}", file, gift.line
        )


class DayTotals:
    """Rows without a gift's name, one a day and all at midnight: totals that would be counted as gifts."""

    def __init__(self, timezone: str) -> None:
        self._zone = periods.zone(timezone or "UTC")
        self._days: set[tuple[str, int]] = set()
        self._rows = 0
        self._only = True
        self._line = 0

    def look(self, gift: Gift) -> None:
        """One gift."""
        self._line = self._line or gift.line
        self._rows += 1
        if self._only:
            moment = (_EPOCH + timedelta(microseconds=gift.time)).astimezone(self._zone)
            self._days.add((gift.creator, gift.time))
            self._only = not (moment.hour or moment.minute or moment.second or gift.gifter or gift.event_id)

    def problem(self, file: str) -> Problem | None:
        """T009 when all rows are so."""
        if not self._only or not self._rows or len(self._days) < self._rows:
            return None
        message = f"{counted(self._rows, 'row')} with a day and coins, and no gift: these are totals of days, not gifts"
        hint = "kind: totals with diamonds instead of coins: diamondctl profile sniff FILE proposes it"
        return Problem("T009", message, hint, file, self._line)


class Giftless:
    """Rows among gifts that name no gift and no coins, and the column that tells them from gifts."""

    def __init__(self, names: Mapping[str, int]) -> None:
        self._names = names  # left-out columns, by their place
        self._gifts: dict[str, set[str]] = {name: set() for name in names}
        self._others: dict[str, Counter[str]] = {name: Counter() for name in names}
        self._waiting: list[list[str]] = []
        self.rows = 0
        self._line = 0

    def gift(self, cells: list[str]) -> None:
        """A row that is a gift."""
        for name, place in self._names.items():
            seen = self._gifts[name]
            if len(seen) <= _KINDS:
                seen.add(cells[place].strip().casefold())

    def other(self, cells: list[str], line: int) -> None:
        """A row that is none."""
        self.rows += 1
        self._line = self._line or line
        for name, place in self._names.items():
            if len(self._others[name]) <= _KINDS:
                self._others[name][cells[place].strip()] += 1

    def finish(self, file: str, log: ProblemLog) -> list[str]:
        """What is to be said of rows that a column tells apart; logs G006 where none does."""
        if not self.rows:
            return []
        for name, others in self._others.items():
            apart = {text.casefold() for text in others}.isdisjoint(self._gifts[name])
            if apart and "" not in others and max(len(others), len(self._gifts[name])) <= _KINDS:
                kinds = ", ".join(f"{short(text)} {count:,}" for text, count in others.most_common(6))
                return [f"{counted(self.rows, 'row')} without gift and coins left out, by '{short(name)}': {kinds}"]
        message = f"{counted(self.rows, 'row')} without gift and coins among gifts, and no column tells which rows are gifts"
        hint = "say it in the profile, where: {COLUMN: VALUE}, or remove them"
        log.add(Problem("G006", message, hint, file, self._line))
        return []
