"""Where sources of a rate file cannot all be right: both stay, each with what it would come to. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from diamondctl.ratebook.entries import Source, Zone
from diamondctl.reports.values import RateUse


class Contradiction(NamedTuple):
    """Two sources of one file, not both of which can be right."""

    name: str
    source: Source
    other_name: str
    other: Source
    file: str


def contradictions_in(zone: Zone, among: Collection[str] | None = None) -> list[Contradiction]:
    """Those of a zone; `among` keeps the ones in which one of these sources stands."""
    found = [
        Contradiction(name, source, other, zone.sources[other], zone.file)
        for name, source in zone.sources.items()
        for other in source.contradicts
    ]
    return [item for item in found if among is None or {item.name, item.other_name} & set(among)]


def contradictions_of(uses: Iterable[RateUse]) -> list[Contradiction]:
    """Those of the sources on which rates in use rest, once a file."""
    sources: dict[str, tuple[Zone, set[str]]] = {}
    for use in uses:
        sources.setdefault(use.zone.file, (use.zone, set()))[1].update(use.entry.sources)
    return [item for zone, among in sources.values() for item in contradictions_in(zone, among)]
