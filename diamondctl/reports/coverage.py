"""How sure a rate is, by region and month. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from diamondctl.confidence import CONFIDENCES
from diamondctl.periods import Period, local_day, month_of
from diamondctl.ratebook.entries import NotKnown, Zone, look_up

NONE: Final = "none"
WORDS: Final = (*CONFIDENCES, NONE)


class Region(NamedTuple):
    """One region: a word for each month."""

    region: str
    zone: Zone
    words: tuple[str, ...]


class Coverage(NamedTuple):
    """The whole matrix."""

    rate: str
    months: tuple[Period, ...]
    regions: tuple[Region, ...]

    def count(self, word: str) -> int:
        """How many region-months have this word."""
        return sum(region.words.count(word) for region in self.regions)

    @property
    def total(self) -> int:
        """All region-months."""
        return len(self.regions) * len(self.months)

    @property
    def better(self) -> int:
        """How many are better than assumed."""
        return sum(self.count(word) for word in CONFIDENCES if word != "assumed")


def coverage(regions: Mapping[str, Zone], rate: str, first: Period, last: Period) -> Coverage:
    """The word of every region and month from `first` to `last`, months in each file's own time zone."""
    months = [first]
    while months[-1].start < last.start:
        months.append(month_of(months[-1].end))
    rows = tuple(
        Region(region, zone, tuple(word(zone, rate, month) for month in months)) for region, zone in sorted(regions.items())
    )
    return Coverage(rate, tuple(months), rows)


def coverage_to(regions: Mapping[str, Zone], rate: str, day: date) -> Coverage:
    """From the first month in which any file has the rate to the month of a day."""
    last = month_of(day)
    begins = [local_day(history[0].effective, zone.timezone) for zone in regions.values() if (history := zone.rates.get(rate))]
    return coverage(regions, rate, min([last, *map(month_of, begins)]), last)


def word(zone: Zone, rate: str, month: Period) -> str:
    """The weakest confidence of a month; `none` where the rate is not known for a part of it."""
    start, end = month.quarters(zone.timezone)
    changes = [entry.effective for entry in zone.rates.get(rate, ()) if start < entry.effective < end]
    words = []
    for quarter in (start, *changes):
        rule = look_up(zone, rate, quarter)
        words.append(NONE if isinstance(rule, NotKnown) else rule.confidence)
    return max(words, key=WORDS.index)
