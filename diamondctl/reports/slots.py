"""What a creator says of LIVEs herself: the times of the week at which she means to be live, and with whom she was. Values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Slot(NamedTuple):
    """A time of the week, where the creator lives."""

    weekday: int  # Monday is 0
    minute: int  # of the day

    @property
    def text(self) -> str:
        """`Mon 19:00`."""
        return f"{WEEKDAYS[self.weekday]} {clock(self.minute)}"


Plans = Mapping[str, Sequence[Slot]]  # by creator


class Partnered(NamedTuple):
    """A LIVE, or all of a day, with somebody else."""

    live: str  # its id, or the day on which it began
    partner: str
    percent: Decimal | None  # of the reward, for the partner; None: nothing was agreed


Partners = Mapping[str, Sequence[Partnered]]  # by creator


def clock(minute: int) -> str:
    """`19:05`."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"
