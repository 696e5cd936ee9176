"""What a report on gifts goes by, and what it is made from: plain values, whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from diamondctl.config.values import PLATFORM, Config
from diamondctl.desk.intake import Opening
from diamondctl.ratebook.entries import Zone
from diamondctl.rating.credits import Credit
from diamondctl.rating.fees import Agreement
from diamondctl.rating.missions import PERSONAL, Personal
from diamondctl.readers.gift_rows import Settings
from diamondctl.records import Document, Total, Usage
from diamondctl.reports.values import NO_METHODS, Asked, Methods, Origin
from diamondctl.yamlfile.nodes import Place


class Chosen(NamedTuple):
    """The options of a run. Mappings are by creator, from the config; empty where an option overrules them."""

    files: tuple[str, ...] = ()  # files, folders, or - for standard input; none: the ledger
    ledger: Path = Path()  # its folder
    asked: Asked = Asked()
    platform: str = PLATFORM
    rates: Path | None = None  # folder of own rate files
    zones: Mapping[str, Zone] | None = None  # by region, instead of those of `rates` and the shipped ones
    creator: str = ""  # show only this one
    rows: Settings = Settings()  # how rows of files are read
    opening: Opening = Opening()
    fast: bool = True  # large plain files by the fast reader
    pause: int = 0  # quarters of an hour after which gifts that name no stream begin a new one; 0: they name none
    pause_text: str = ""  # the same as it was given
    region: str = ""  # where rows name none and their creator has none in `regions`
    regions: Mapping[str, str] = MappingProxyType({})
    given_region: str = ""  # the part of `region` that no config says
    region_places: Mapping[str, Place] = MappingProxyType({})  # of regions in the config
    methods: Methods = NO_METHODS
    agreements: Mapping[str, list[Agreement]] = MappingProxyType({})

    def region_of(self, creator: str) -> str:
        """The region of a creator's gifts that name none; blank where it is not known."""
        return self.regions.get(creator) or self.region


class Basis(NamedTuple):
    """What a report is made from: gifts, each once, as usage, and everything worth saying about them."""

    usage: tuple[Usage, ...]
    documents: tuple[Document, ...]
    notices: tuple[str, ...]
    zones: Mapping[str, Zone]  # by region
    origin: Origin
    totals: tuple[Total, ...] = ()  # what is said of streams, days and months
    past: tuple[Credit, ...] = ()  # of streams of a ledger whose rows are not in `usage`


def personal_of(config: Config) -> dict[str, list[Personal]]:
    """What each creator knows of herself, by the day from which it holds."""
    people: dict[str, dict[date | None, Personal]] = {}
    for key in PERSONAL:
        for name, setting in config.of_creators("missions", key):
            by_day = people.setdefault(name, {})
            person = by_day.get(setting.start, Personal(setting.start, source=f"{setting.place.file}:{setting.place.line}"))
            if key == "active_fans":
                person = person._replace(active_fans=int(setting.text))
            elif key == "penalty":
                person = person._replace(penalty=Decimal(setting.text))
            else:
                person = person._replace(league=setting.text)
            by_day[setting.start] = person
    return {name: list(by_day.values()) for name, by_day in people.items()}


def agreements_of(config: Config) -> dict[str, list[Agreement]]:
    """What each creator agreed with an agency, by the day from which it holds."""
    bases = {(name, setting.start): setting.text for name, setting in config.of_creators("agency", "of")}
    agreements: dict[str, list[Agreement]] = {}
    for name, setting in config.of_creators("agency", "percent"):
        of_gifts = bases.get((name, setting.start)) == "gifts"
        agreement = Agreement(Decimal(setting.text), "gifts" if of_gifts else "reward", setting.start)
        agreements.setdefault(name, []).append(agreement)
    return agreements
