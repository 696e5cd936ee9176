"""What a report on gifts goes by, and what it is made from: plain values, whoever asks."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from diamondctl import periods
from diamondctl.config.values import PLATFORM, Config
from diamondctl.desk.intake import Opening
from diamondctl.desk.roster import Member
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import Zone
from diamondctl.ratebook.lock import Lock
from diamondctl.rating.fees import Agreement
from diamondctl.rating.missions import PERSONAL, Personal
from diamondctl.rating.rewards import Carried
from diamondctl.readers.engines import DUCKDB
from diamondctl.readers.gift_rows import Settings
from diamondctl.records import Document, Total, Usage
from diamondctl.reports.fees import TaxForm
from diamondctl.reports.slots import WEEKDAYS, Partnered, Partners, Plans, Slot
from diamondctl.reports.values import NO_METHODS, Asked, Home, Methods, Origin
from diamondctl.words import key_text
from diamondctl.yamlfile.nodes import Place


class Stay(NamedTuple):
    """Where a creator lives from a quarter on; `home` where the config says from which day, and a rate file covers it."""

    begin: int
    region: str
    start: date | None = None
    home: Home | None = None


class Chosen(NamedTuple):
    """The options of a run. Mappings are by creator, from the config; empty where an option overrules them."""

    files: tuple[str, ...] = ()  # files, folders, or - for standard input; none: the ledger
    ledger: Path = Path()  # its folder
    asked: Asked = Asked()
    platform: str = PLATFORM
    rates: Path | None = None  # folder of own rate files
    lock: Lock | None = None  # what the rates should be
    zones: Mapping[str, Zone] | None = None  # by region, instead of those of `rates` and the shipped ones
    creator: str = ""  # show only this one
    rows: Settings = Settings()  # how rows of files are read
    roster: tuple[Member, ...] = ()  # whose files are whose by their names, and how those are read
    opening: Opening = Opening()
    fast: bool = True  # large plain files by the fast reader
    engine: str = DUCKDB  # what reads many files at once
    master: str = ""  # where it is; blank: on this machine
    pause: int = 0  # quarters of an hour after which gifts that name no stream begin a new one; 0: they name none
    pause_text: str = ""  # the same as it was given
    region: str = ""  # where rows name none and their creator has none in `regions`
    regions: Mapping[str, tuple[Stay, ...]] = MappingProxyType({})  # by time
    named: frozenset[str] = frozenset()  # creators that the config names
    usual: str = ""  # the creator of the config, where none is named
    given_region: str = ""  # the part of `region` that no config says
    region_places: Mapping[str, Place] = MappingProxyType({})  # of regions in the config
    methods: Methods = NO_METHODS
    agreements: Mapping[str, list[Agreement]] = MappingProxyType({})
    tax_forms: Mapping[str, list[TaxForm]] = MappingProxyType({})
    plans: Plans = MappingProxyType({})  # times of the week
    partners: Partners = MappingProxyType({})
    config: Config = Config()  # the settings
    settings_text: str = ""  # of the config
    # The same options with other settings: their text and their file. None: an option says what settings would say.
    with_settings: Callable[[str, str], Chosen] | None = None

    def region_of(self, creator: str, quarter: int) -> str:
        """The region of a creator's gifts at a quarter that name none; blank where it is not known."""
        for stay in reversed(self.regions.get(creator, ())):
            if stay.begin <= quarter:
                return stay.region
        return self.region


class Material(NamedTuple):
    """What a report is made from: gifts, each once, as usage, and everything worth saying about them."""

    usage: tuple[Usage, ...]
    documents: tuple[Document, ...]
    notices: tuple[str, ...]
    zones: Mapping[str, Zone]  # by region
    origin: Origin
    totals: tuple[Total, ...] = ()  # what is said of streams, days and months
    carried: Mapping[tuple[str, str], Carried] = MappingProxyType({})  # by creator and region: for gifts not in `usage`


def regions_of(config: Config, platform: str, rates: Path | None) -> dict[str, tuple[Stay, ...]]:
    """Where each creator lives; a day begins in the rate zone's time of the region that begins."""
    stays: dict[str, list[Stay]] = {}
    for name, setting in config.of_creators("region"):
        stay = Stay(0, setting.text)
        if setting.start is not None:
            covered = setting.text in store.covered(platform, rates)
            zone = store.zones_for(platform, [setting.text], rates)[setting.text] if covered else None
            home = None if zone is None else Home(setting.start, setting.text, zone)
            begin = periods.day_start(setting.start, "UTC" if zone is None else zone.timezone)
            stay = Stay(begin, setting.text, setting.start, home)
        stays.setdefault(name, []).append(stay)
    return {name: tuple(sorted(mine, key=lambda stay: stay.start or date.min)) for name, mine in stays.items()}


def personal_of(config: Config) -> dict[str, list[Personal]]:
    """What each creator knows of herself, by the day from which it holds."""
    people: dict[str, dict[date | None, Personal]] = {}
    for key in PERSONAL:
        for name, setting in config.of_creators(*(("missions", key) if key != "scheme" else (key,))):
            by_day = people.setdefault(name, {})
            person = by_day.get(setting.start, Personal(setting.start, source=f"{setting.place.file}:{setting.place.line}"))
            if key == "active_fans":
                person = person._replace(active_fans=int(setting.text))
            elif key == "penalty":
                person = person._replace(penalty=Decimal(setting.text))
            elif key == "league":
                person = person._replace(league=setting.text)
            else:
                person = person._replace(scheme=setting.text)
            by_day[setting.start] = person
    return {name: list(by_day.values()) for name, by_day in people.items()}


def tax_forms_of(config: Config) -> dict[str, list[TaxForm]]:
    """Whether each creator has given identity and tax form to the platform, by the day from which it holds."""
    forms: dict[str, list[TaxForm]] = {}
    for name, setting in config.of_creators("tax_form"):
        forms.setdefault(name, []).append(TaxForm(setting.text == "yes", setting.start))
    return forms


def plans_of(config: Config) -> dict[str, list[Slot]]:
    """When each creator means to be live."""
    plans: dict[str, list[Slot]] = {}
    for name, setting in config.of_creators("schedule"):
        for text in setting.text.split(","):
            day, _, time = text.strip().partition(" ")
            hour, _, minute = time.partition(":")
            plans.setdefault(name, []).append(Slot(WEEKDAYS.index(day.capitalize()), int(hour) * 60 + int(minute)))
    return plans


def partners_of(config: Config) -> dict[str, list[Partnered]]:
    """With whom each creator's LIVEs were."""
    partners: dict[str, list[Partnered]] = {}
    for name, setting in config.of_creators("partners"):
        for text in setting.text.split(","):
            live, partner, *percent = text.split()
            share = Decimal(percent[0].removesuffix("%")) if percent else None
            partners.setdefault(name, []).append(Partnered(live, partner, share))
    return partners


def agreements_of(config: Config) -> dict[str, list[Agreement]]:
    """What each creator agreed with an agency, by the day from which it holds."""
    bases = {(name, setting.start): setting.text for name, setting in config.of_creators("agency", "of")}
    agreements: dict[str, list[Agreement]] = {}
    for name, setting in config.of_creators("agency", "percent"):
        of_gifts = bases.get((name, setting.start)) == "gifts"
        agreement = Agreement(Decimal(setting.text), "gifts" if of_gifts else "reward", setting.start)
        agreements.setdefault(name, []).append(agreement)
    return agreements


def give_region(creators: Collection[str]) -> str:
    """What to do about gifts of some creators that name no payout region."""
    name = next(iter(creators)) if len(creators) == 1 else "NAME"
    setting = shlex.quote(key_text(("creators", name, "region")))
    return f"give --region CODE, or set it for the creator: diamondctl config set {setting} CODE"
