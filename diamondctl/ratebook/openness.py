"""Whether anyone can see what a rate file rests on: R130 to R134. Pure.

A source has an address, or names the document and who keeps it; it has words of our own for what it says, and the day on
which somebody looked. That is asked of every shipped file, and in other files of what was written or looked at again since
`SINCE`: what is older stays as it is. What rests only on what nobody can open is `assumed`, whoever said it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from diamondctl.problems import Problem
from diamondctl.ratebook.entries import RateEntry, Reward, Source, Zone
from diamondctl.ratebook.evidence_format import Evidence
from diamondctl.ratebook.gifts import GiftFile

SINCE: Final = date(2026, 11, 29)
SHIPPED: Final = "shipped"
ENOUGH: Final = 3  # calibrations by different people make a share measured


class Resting(NamedTuple):
    """An entry or a price, as far as it rests on sources."""

    what: str
    sources: tuple[str, ...]
    confidence: str
    line: int
    new: bool  # written or seen to hold since the rule was made
    standing: bool  # no later entry corrects it


def check_openness(zones: Sequence[Zone], catalogues: Sequence[GiftFile], evidence: Sequence[Evidence] = ()) -> list[Problem]:
    """What cannot be opened and should be, file by file; and shares that are called measured without enough calibrations."""
    problems: list[Problem] = []
    for zone in zones:
        problems += _file(zone, _entries(zone))
        problems += _measured(zone, evidence)
    for catalogue in catalogues:
        problems += _file(catalogue, _prices(catalogue))
        problems += _disagreements(catalogue)
    return problems


def _measured(zone: Zone, evidence: Sequence[Evidence]) -> Iterator[Problem]:
    """Reward entries that are called measured, and that too few calibrations of their regions and time fit."""
    history = zone.rates.get("reward", ())
    last = {entry.effective: entry for entry in history}
    for entry in history:
        new = zone.origin == SHIPPED or max(entry.recorded, entry.verified) >= SINCE
        if entry.confidence != "measured" or not new or last[entry.effective] is not entry or entry.value is None:
            continue
        fitting = {item._replace(file="") for item in evidence if _fits(zone, entry, item)}
        if len(fitting) < ENOUGH:
            message = f"reward from {entry.effective_text} is measured, and {len(fitting)} calibrations fit it"
            hint = f"it takes {ENOUGH}, of people who do not know each other: diamondctl rates calibrate --evidence FILE"
            yield Problem("R134", message, hint, entry.file, entry.line)


def _fits(zone: Zone, entry: RateEntry, item: Evidence) -> bool:
    """Whether a calibration is of a zone and of the time of an entry, and leaves its share open."""
    if item.platform != zone.platform or item.region not in zone.regions or not isinstance(entry.value, Reward):
        return False
    later = [other.effective_text[:7] for other in zone.rates["reward"] if other.effective > entry.effective]
    if item.month < entry.effective_text[:7] or any(month < item.month for month in later):
        return False
    share = entry.value.share.percent
    return item.low <= share.high and item.high >= share.low


def _disagreements(catalogue: GiftFile) -> Iterator[Problem]:
    """Gifts on whose price lists disagree, each once."""
    for gift in catalogue.gifts:
        price = next((price for price in gift.prices if price.contradicted_by), None)
        if price is not None:
            others = " and ".join(f"{other.coins:,} by {' '.join(other.sources)}" for other in price.contradicted_by)
            message = f"gift {gift.gift_id}: {price.coins:,} coins by {' '.join(price.sources)}, {others}"
            yield Problem("R133", message, "a log that carries its coins settles it", catalogue.file, price.line)


def _entries(zone: Zone) -> Iterator[Resting]:
    for rate, history in zone.rates.items():
        last = {entry.effective: entry for entry in history}
        for entry in history:
            new = max(entry.recorded, entry.verified) >= SINCE
            what = f"{rate} from {entry.effective_text}"
            yield Resting(what, entry.sources, entry.confidence, entry.line, new, last[entry.effective] is entry)


def _prices(catalogue: GiftFile) -> Iterator[Resting]:
    for gift in catalogue.gifts:
        last = {price.effective: price for price in gift.prices}
        for price in gift.prices:
            new = max(price.recorded, price.verified) >= SINCE
            what = f"the price of gift {gift.gift_id}"
            yield Resting(what, price.sources, price.confidence, price.line, new, last[price.effective] is price)


def _file(file: Zone | GiftFile, resting: Iterable[Resting]) -> Iterator[Problem]:
    shipped = file.origin == SHIPPED
    mine = [item for item in resting if shipped or item.new]
    asked = set(file.sources) if shipped else {slug for item in mine for slug in item.sources}
    for slug, source in file.sources.items():
        if slug in asked and (lacks := lacking(source)):
            hint = "add url (or document: what it is and who keeps it), says and checked"
            yield Problem("R130", f"source '{slug}' has no {', no '.join(lacks)}", hint, file.file, source.line)
    for item in mine:
        if item.standing and item.confidence != "assumed" and not any(file.sources[slug].url for slug in item.sources):
            message = f"{item.what} is {item.confidence}, and rests only on what nobody can open"
            yield Problem("R131", message, "it is assumed, or name a source with a url", file.file, item.line)
    for slug, source in file.sources.items():
        if source.contradicts and slug in asked:
            for name in (slug, *source.contradicts):
                if not file.sources[name].gives:
                    message = f"'{slug}' contradicts {' and '.join(source.contradicts)}, and what '{name}' gives is not said"
                    yield Problem("R132", message, "add gives: what it would come to", file.file, source.line)


def lacking(source: Source) -> list[str]:
    """What a source does not say of itself."""
    said = {"url or document": source.url or source.document, "says": source.says, "checked": source.checked}
    return [key for key, value in said.items() if not value]
