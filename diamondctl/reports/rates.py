"""Reports on rate files: what is covered, what a zone says, which entry decides, and whether files are right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from diamondctl.problems import Problem
from diamondctl.ratebook.entries import NotKnown, RateEntry, Zone, look_up, weakest
from diamondctl.rating.examples import run_example


class ZoneRow(NamedTuple):
    """One zone, and what its reward says at a moment."""

    zone: Zone
    reward: RateEntry | NotKnown
    entries: int
    confidence: str  # the weakest of all entries


class Which(NamedTuple):
    """The answer to: which entry decides `rate` on `day`?"""

    zone: Zone
    region: str
    rate: str
    day: date
    rates_as_of: date | None
    found: RateEntry | NotKnown
    superseded: tuple[RateEntry, ...]  # entries with the same effective date that an entry recorded later corrects


class Checked(NamedTuple):
    """What a check of rate files found."""

    problems: tuple[Problem, ...]
    total: int  # of all problems; a hopeless file's are not all kept
    files: int
    entries: int
    examples: int
    passing: int


def zone_rows(zones: Sequence[Zone], quarter: int) -> list[ZoneRow]:
    """One row per zone, with the reward in force at `quarter`."""
    return [
        ZoneRow(
            zone,
            look_up(zone, "reward", quarter),
            sum(map(len, zone.rates.values())),
            weakest([entry.confidence for history in zone.rates.values() for entry in history]),
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


def check(
    zones: Sequence[tuple[str, Zone]], problems: Sequence[Problem], files: int, total: int = 0, prices: int = 0
) -> Checked:
    """Everything that is wrong with rate files: the problems of reading them, claims, examples.

    `zones` are the files that could be read, each with the folder that was named; in one folder a region is claimed once,
    while a folder of one's own may replace a zone of another. `problems` are those met on the way, `prices` the entries of
    gift catalogues.
    """
    found = list(problems)
    claims: dict[tuple[str, str, str], Zone] = {}
    for folder, zone in zones:
        for region in zone.regions:
            first = claims.setdefault((folder, zone.platform, region), zone)
            if first is not zone:
                message = f"region {region} is claimed by {first.file} too"
                found.append(Problem("R016", message, "take it out of one of them", zone.file, zone.line))
    examples = passing = 0
    for _, zone in zones:
        for example in zone.examples:
            failures = run_example(zone, example)
            found += failures
            examples += 1
            passing += not failures
    found.sort(key=lambda problem: (problem.file, problem.line, problem.column))
    entries = sum(len(history) for _, zone in zones for history in zone.rates.values()) + prices
    return Checked(tuple(found), len(found) + max(total - len(problems), 0), files, entries, examples, passing)
