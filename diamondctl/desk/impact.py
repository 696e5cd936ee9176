"""What a change of rate files does to gifts: those of files, of the ledger, or of the sample that comes with diamondctl."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

from diamondctl.config.values import Config
from diamondctl.desk.chosen import Chosen, Material, personal_of, regions_of
from diamondctl.desk.facts import facts_of
from diamondctl.desk.file_usage import read_files
from diamondctl.desk.frame import material_of
from diamondctl.desk.intake import Opening
from diamondctl.money import MINOR_UNITS
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook.accepted import listed
from diamondctl.ratebook.books import Book
from diamondctl.ratebook.entries import Zone
from diamondctl.rating.missions import NO_FACTS, Facts
from diamondctl.readers.gift_rows import Settings
from diamondctl.records import Document, Usage
from diamondctl.reports import impact as report
from diamondctl.reports import reference
from diamondctl.reports.impact import WEEK, Limit
from diamondctl.reports.reference import Compared
from diamondctl.reports.values import Asked, ConfigFile

SAMPLE: Final = Path(__file__).parent.parent / "sample_gifts.csv"


class Books(NamedTuple):
    """Both sides whole, whatever the gifts need of them, and the day until which a change has held."""

    base: Book
    head: Book
    on: date


class Gifts(NamedTuple):
    """Usage to price, and where it is from."""

    usage: tuple[Usage, ...]
    documents: tuple[Document, ...]
    notices: tuple[str, ...]
    facts: Facts = NO_FACTS
    incomplete: str = ""
    sampled: bool = False


def impact(
    chosen: Chosen | None,
    before: Mapping[str, Zone],
    after: Mapping[str, Zone],
    *,
    asked: Asked,
    names: tuple[str, str],
    limit: tuple[Limit, ...] | None = None,
    books: Books | None = None,
) -> Compared:
    """Price the gifts of a run (None: the sample) by the zones of both sides, by region, and the reference week by everything
    that differs between the `books`.

    `names` are those of the sides; `limit` are the changes that are still allowed. The zones of `chosen` are those of both
    sides, and what it says of missions is used on both.
    """
    entries = reference.priced(books.base.zones, books.head.zones, _week(books), asked.own_share) if books else ()
    priced = sample(before, after) if chosen is None else _given(chosen, before, after)
    own_share = asked.own_share
    effects = report.impact(priced.usage, before, after, timezone=asked.timezone, own_share=own_share, facts=priced.facts)
    regions = sorted({row.region for row in priced.usage})
    zones = [tuple({side[code].file: side[code] for code in regions if code in side}.values()) for side in (before, after)]
    return Compared(
        impact=effects,
        base=names[0],
        head=names[1],
        zones=(zones[0], zones[1]),
        documents=priced.documents,
        own_share=own_share,
        limits=limit or (),
        entries=entries,
        touched=reference.touched(entries, () if priced.sampled else priced.usage),
        on=books.on if books else date.min,
        let_stand=listed(books.head.zones.values()) if books else (),
        problems=books.base.problems if books else (),
        notes=priced.notices,
        incomplete=priced.incomplete,
        sampled=priced.sampled,
    )


def _given(chosen: Chosen, before: Mapping[str, Zone], after: Mapping[str, Zone]) -> Gifts:
    material = material_of(chosen)
    creators = {row.creator for row in material.usage}
    people = {name: person for name, person in chosen.asked.facts.people.items() if name in creators}
    zones = {f"{side} {code}": zone for side, zones in enumerate((before, after)) for code, zone in zones.items()}
    first = material.origin.rest_on if chosen.files else ()
    config = chosen.asked.config
    of_config = (f"What {config.file} says of missions is used on both sides.",) if people and config else ()
    notices = (*first, *material.notices, *of_config)
    facts = facts_of(material.totals, people, zones)
    return Gifts(material.usage, material.documents, notices, facts, material.origin.incomplete)


def _week(books: Books) -> tuple[Usage, ...]:
    """The last week of the gifts that come with diamondctl; nothing where there is no zone to read them in."""
    zones = (*books.head.zones.values(), *books.base.zones.values())
    by_region = {region: zone for zone in zones for region in zone.regions}
    if not by_region:
        return ()
    material = _sample(by_region)
    last = max(row.quarter for row in material.usage)
    return tuple(row for row in material.usage if row.quarter > last - WEEK)


def sample(before: Mapping[str, Zone], after: Mapping[str, Zone]) -> Gifts:
    """The gifts that come with diamondctl, once for the first region of every zone, as far as a side has rates for them."""
    material = _sample({**before, **after})
    usage = report.sample_usage(material.usage, before, after)
    documents = tuple(document._replace(name="the shipped sample") for document in material.documents)
    notices = () if usage else ("The sample has no gift that either side has a reward for.",)
    return Gifts(tuple(usage), documents, notices, sampled=True)


def _sample(zones: Mapping[str, Zone]) -> Material:
    region = min(zone.regions[0] for zone in zones.values())
    return read_files(Chosen(files=(str(SAMPLE),), platform="", region=region, given_region=region, zones=zones))


def gifts_of(
    config: Config,
    asked: Asked,
    platform: str,
    sides: tuple[Mapping[str, Zone], Mapping[str, Zone]],
    *,
    files: tuple[str, ...],
    ledger: Path | None,
    rows: Settings,
    opening: Opening,
    fast: bool,
    region: str,
) -> Chosen:
    """Where gifts of one's own come from, files or a ledger, with the settings that they are priced by."""
    return Chosen(
        files=files,
        ledger=ledger or Path(),
        asked=asked._replace(config=ConfigFile(config.file, config.sha256), facts=Facts(people=personal_of(config))),
        platform=platform,
        zones={**sides[0], **sides[1]},
        creator=rows.creator,
        rows=rows if files else Settings(),
        opening=opening,
        fast=fast,
        region=region or config.text("region"),
        regions={} if region else regions_of(config, platform, None),
        given_region=region,
    )


def limit_of(text: str) -> Limit:
    """`10`, `-5%`, `+20 USD`: a percentage of change, which may be above 100 and below 1, or an amount of money (A004)."""
    found = re.fullmatch(r"([+-]?)([0-9]{1,9}(?:\.[0-9]{1,6})?) ?(%|[A-Z]{3})?", text)
    if found is None or (found[3] or "%") not in {"%", *MINOR_UNITS}:
        hint = "write it as 0, 0.5, 10%, -5% or +20USD"
        raise Refusal(Problem("A004", f"--max-change: '{text}' is not a percentage or an amount of money", hint))
    return Limit(found[1], Decimal(found[2]), (found[3] or "").removeprefix("%"))
