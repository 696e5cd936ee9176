"""Reports on rate files: what is covered, what a zone says, and which entry decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from diamondctl.confidence import weakest
from diamondctl.ratebook.entries import NotKnown, RateEntry, Zone, look_up


class ZoneRow(NamedTuple):
    """One zone, and what its reward says at a moment."""

    zone: Zone
    reward: RateEntry | NotKnown
    entries: int
    confidence: str  # the weakest of all entries

    @property
    def known(self) -> RateEntry | None:
        """The entry of the reward, where there is one."""
        return None if isinstance(self.reward, NotKnown) else self.reward


class Which(NamedTuple):
    """The answer to: which entry decides `rate` on `day`?"""

    zone: Zone
    region: str
    rate: str
    day: date
    rates_as_of: date | None
    found: RateEntry | NotKnown
    superseded: tuple[RateEntry, ...]  # entries with the same effective date that an entry recorded later corrects

    @property
    def known(self) -> RateEntry | None:
        """The entry, where there is one."""
        return None if isinstance(self.found, NotKnown) else self.found


def zone_rows(zones: Sequence[Zone], quarter: int) -> list[ZoneRow]:
    """One row per zone, with the reward in force at `quarter`."""
    return [
        ZoneRow(
            zone,
            look_up(zone, "reward", quarter),
            sum(map(len, zone.rates.values())),
            weakest(entry.confidence for history in zone.rates.values() for entry in history),
        )
        for zone in zones
    ]


def which(zone: Zone, region: str, rate: str, day: date, quarter: int, rates_as_of: date | None) -> Which:
    """Look one rate up."""
    found = look_up(zone, rate, quarter, rates_as_of)
    superseded: list[RateEntry] = []
    if isinstance(found, RateEntry):
        superseded = [
            entry for entry in zone.rates[rate] if entry.effective == found.effective and entry.recorded < found.recorded
        ]
    return Which(zone, region, rate, day, rates_as_of, found, tuple(superseded))
