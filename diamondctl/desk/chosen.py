"""What the reports on gifts go by, beside the gifts themselves: from options and the config, as values."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from diamondctl.config.values import Config
from diamondctl.rating.credits import OwnShare
from diamondctl.rating.missions import PERSONAL, Personal
from diamondctl.reports.values import ConfigFile, Methods
from diamondctl.yamlfile.nodes import Place

if TYPE_CHECKING:
    from datetime import date

    from diamondctl.rating.fees import Agreement


class Chosen(NamedTuple):
    """What the reports on gifts go by. Mappings are by creator, from the config; empty where an option overrules them."""

    config_file: ConfigFile | None
    platform: str
    rates: Path | None
    creator: str  # where rows name none
    region: str  # where rows name none and their creator has none in `regions`
    regions: Mapping[str, str]
    given_region: str  # by option or environment
    region_places: Mapping[str, Place]  # of regions in the config
    timezone: str
    timezones: Mapping[str, str]
    input_timezone: str
    own_shares: Mapping[str, list[OwnShare]]
    methods: Methods
    agreements: Mapping[str, list[Agreement]]
    profiles: Path | None = None  # folder of mappings for files that are nothing else
    personal: Mapping[str, list[Personal]] = MappingProxyType({})  # for shares that are built from missions


def plain(*, platform: str, region: str, creator: str = "") -> Chosen:
    """What a command goes by that takes nothing from the config."""
    return Chosen(None, platform, None, creator, region, {}, region, {}, "", {}, "", {}, Methods({}), {})


def own_shares_of(config: Config) -> dict[str, list[OwnShare]]:
    """The dated own shares of each creator."""
    shares: dict[str, list[OwnShare]] = {}
    for name, setting in config.of_creators("share"):
        shares.setdefault(name, []).append(OwnShare(Decimal(setting.text), setting.start))
    return shares


def personal_of(config: Config) -> dict[str, list[Personal]]:
    """What each creator knows of herself, by the day from which it holds."""
    said: dict[str, dict[date | None, Personal]] = {}
    for key in PERSONAL:
        for name, setting in config.of_creators("missions", key):
            by_day = said.setdefault(name, {})
            known = by_day.get(setting.start, Personal(setting.start, source=f"{setting.place.file}:{setting.place.line}"))
            if key == "active_fans":
                known = known._replace(active_fans=int(setting.text))
            elif key == "penalty":
                known = known._replace(penalty=Decimal(setting.text))
            else:
                known = known._replace(league=setting.text)
            by_day[setting.start] = known
    return {name: list(by_day.values()) for name, by_day in said.items()}


def agreements_of(config: Config) -> dict[str, list[Agreement]]:
    """What each creator agreed with an agency, by the day from which it holds."""
    from diamondctl.rating.fees import Agreement

    bases = {(name, setting.start): setting.text for name, setting in config.of_creators("agency", "of")}
    agreements: dict[str, list[Agreement]] = {}
    for name, setting in config.of_creators("agency", "percent"):
        of_gifts = bases.get((name, setting.start)) == "gifts"
        agreement = Agreement(Decimal(setting.text), "gifts" if of_gifts else "reward", setting.start)
        agreements.setdefault(name, []).append(agreement)
    return agreements
