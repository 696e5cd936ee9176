"""The words of a command line as the values a report goes by: flag before environment before config before default.

Typer has put the environment where there was no flag; here the config fills what is still blank. Every option is checked
before a file is opened.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Final

import typer

from diamondctl import periods
from diamondctl.cli import parse
from diamondctl.cli.lock import read_lock
from diamondctl.cli.options import Inputs
from diamondctl.cli.settings import (
    folder_of,
    ledger_folder,
    parse_config,
    path_of,
    platform_and_rates,
    read_config_and_text,
)
from diamondctl.config.values import Config, Setting
from diamondctl.desk.chosen import Chosen, agreements_of, partners_of, personal_of, plans_of, regions_of, tax_forms_of
from diamondctl.desk.intake import Opening
from diamondctl.desk.roster import Member
from diamondctl.exchange import NO_EXCHANGE, Exchange
from diamondctl.problems import Problem, Refusal
from diamondctl.rating.credits import OwnShare
from diamondctl.rating.missions import EVERYBODY, FLAT, IN_SCHEME, OPTION, Facts, Personal
from diamondctl.readers.gift_rows import Payer, Settings
from diamondctl.readers.profile import Profile
from diamondctl.reports.values import Asked, ConfigFile, Methods

_FOLDERS: Final = (("rates",), ("profiles",), ("ledger",))


def choose(given: Inputs, opening: str = "") -> Chosen:
    """Every option of a report on gifts; `opening` is that of a report on wallets."""
    config, text = read_config_and_text(given.config)

    def with_settings(text: str, file: str) -> Chosen:
        then = parse_config(text.encode(), file) if file else Config()
        settings = tuple(item for item in then.settings if item.key not in _FOLDERS)  # they may be gone by now
        return _choose(given, opening, then._replace(settings=settings), None)

    otherwise = (given.share, given.scheme, given.league, given.penalty, given.rates, given.rates_as_of, given.timezone)
    what_if = given.active_fans is not None or any((*otherwise, given.region, given.platform))
    return _choose(given, opening, config, None if what_if else with_settings)._replace(settings_text=text)


def chosen_by(given: Inputs, config: Config) -> Chosen:
    """The same by settings that are at hand, and not by those of a file; a closed month is told as it is now."""
    return _choose(given, "", config, None)


def _choose(given: Inputs, opening: str, config: Config, with_settings: Callable[[str, str], Chosen] | None) -> Chosen:
    """The same by settings that were read."""
    as_of = parse.day(given.as_of, "--as-of")
    region = parse.region(given.region)
    timezone = parse.timezone(given.timezone, "--timezone")
    input_timezone = parse.timezone(given.input_timezone, "--input-timezone")
    platform, rates = platform_and_rates(given.platform, given.rates, config)
    creator = unicodedata.normalize("NFC", given.creator)
    regions = {} if region else regions_of(config, platform, rates)
    places = {setting.text: setting.place for _, setting in config.of_creators("region")}
    if default := config.get("region"):
        places.setdefault(default.text, default.place)
    folder_of_profiles = folder_of(config, "profiles")
    options = Chosen(
        files=tuple(given.file or ()),
        platform=platform,
        rates=rates,
        lock=read_lock(),
        creator=creator,
        fast=may_be_fast(),
        region=region or config.text("region"),
        regions=regions,
        named=frozenset(filter(None, (*config.creators, config.text("creator")))),
        usual=config.text("creator"),
        given_region=region,
        region_places=places,
        methods=Methods(
            {
                name: (setting.text, (setting.place.file, setting.place.line, setting.place.column))
                for name, setting in config.of_creators("method")
            }
        ),
        agreements=agreements_of(config),
        tax_forms=tax_forms_of(config),
        with_settings=with_settings,
        plans=plans_of(config),
        partners=partners_of(config),
        asked=Asked(
            period=periods.parse_period(given.period, as_of or date.today()) if given.period else None,
            as_of=as_of,
            today=date.today(),
            basis=parse.basis(given.basis),
            timezone=timezone or config.text("timezone"),
            timezones={} if timezone else {name: setting.text for name, setting in config.of_creators("timezone")},
            own_share=parse.percent(given.share, "--share"),
            own_shares=_own_shares(config),
            rates_as_of=parse.day(given.rates_as_of, "--rates-as-of"),
            config=ConfigFile(config.file, config.sha256) if config.file else None,
            facts=Facts(people=_people(given, config)),
            opening=parse.amount(opening, "--opening", zero=True),
            terms=_terms(config),
            homes={name: tuple(stay.home for stay in stays if stay.home) for name, stays in regions.items()},
        ),
    )
    if not given.file:
        _refuse_what_files_need(given)
        if opening:
            hint = "name some (a ledger keeps it: diamondctl record adjustment opening AMOUNT)"
            raise typer.BadParameter(f"--opening is of the wallet before files: {hint}")
        return options._replace(
            ledger=ledger_folder(given.ledger, given.config),
            rows=Settings(input_timezone=input_timezone or config.text("input_timezone")),
        )
    return options._replace(
        roster=tuple(_as_given(member, given) for member in roster(config)),
        rows=Settings(
            creator=creator or config.text("creator"),
            input_timezone=input_timezone or config.text("input_timezone"),
            salvage=given.salvage,
            profiles=profiles(given.profile),
            earning_unit=parse.earning_unit(given.earning_unit),
            saved=profiles(folder_of_profiles),
        ),
        opening=Opening(parse.encoding(given.encoding), given.salvage, stdin()),
        pause=parse.pause(given.infer_streams),
        pause_text=given.infer_streams,
    )


def _as_given(member: Member, given: Inputs) -> Member:
    """A creator of the roster whose files are read as the options say, where they do."""
    zone = "" if given.input_timezone else member.input_timezone
    return member._replace(input_timezone=zone, profiles=() if given.profile else member.profiles)


def reads_twice(given: Inputs, what: str) -> None:
    """Refuses (F001) standard input, which can be read only once."""
    if "-" in (given.file or ()):
        hint = "save it to a file, and name that"
        raise Refusal(Problem("F001", f"{what} reads the gifts twice, so not from standard input", hint, "stdin"))


def profiles(argument: str | Path | None) -> tuple[Profile, ...]:
    """The mappings that `--profile` names, or those of the folder that the config names."""
    if not argument:
        return ()
    from diamondctl.profiles import store

    return store.find(str(argument))


def roster(config: Config) -> tuple[Member, ...]:
    """The creators whose files the settings name."""
    patterns: dict[str, list[str]] = {}
    for name, setting in config.of_creators("files"):
        patterns.setdefault(name, []).append(setting.text)
    return tuple(
        Member(
            name,
            tuple(mine),
            config.text("creators", name, "input_timezone"),
            profiles(_profile(config.get("creators", name, "profile"))),
        )
        for name, mine in patterns.items()
    )


def _profile(setting: Setting | None) -> str:
    """The profile that a setting names: a file or a folder, which begins in the folder of the config, or a shipped one."""
    if setting is None:
        return ""
    path = path_of(setting)
    return str(path) if path.exists() else setting.text


def exchange(file: str) -> Exchange:
    """The exchange rates that `--fx` names. Refuses (D001, D002, D003) a file in another form than the ECB's."""
    if not file:
        return NO_EXCHANGE
    from diamondctl.readers.exchange_rates import read_exchange

    return read_exchange(file)


def stdin() -> BinaryIO | None:
    """Standard input as bytes; None when it is closed."""
    return sys.stdin.buffer if sys.stdin is not None else None


def may_be_fast() -> bool:
    """DIAMONDCTL_NO_FAST_PATH leaves everything to the strict reader: for tests and for doubts."""
    return not os.environ.get("DIAMONDCTL_NO_FAST_PATH")


def _own_shares(config: Config) -> dict[str, list[OwnShare]]:
    shares: dict[str, list[OwnShare]] = {}
    for name, setting in config.of_creators("share"):
        shares.setdefault(name, []).append(OwnShare(Decimal(setting.text), setting.start))
    return shares


def payers_of(config: Config) -> tuple[Payer, ...]:
    """Who pays the rewards, as statements name it, for everybody and for single creators."""
    general = tuple(Payer(setting.text) for setting in config.settings if setting.key == ("payer",))
    return (*general, *(Payer(setting.text, name) for name, setting in config.of_creators("payer")))


def shares_of(config: Config) -> tuple[tuple[str, Decimal], ...]:
    """Who gets how many percent of one deposit for several. Refuses (S006) shares that are not the whole of it."""
    shares = tuple((name, Decimal(setting.text)) for name, setting in config.of_creators("deposits"))
    if shares and sum(percent for _, percent in shares) != 100:
        place = next(setting.place for _, setting in config.of_creators("deposits"))
        whole = sum(percent for _, percent in shares)
        message, hint = (
            f"the shares of deposits add up to {whole:f}%",
            "change creators.NAME.deposits so that they add up to 100",
        )
        raise Refusal(Problem("S006", message, hint, place.file, place.line, place.column))
    return shares


def _terms(config: Config) -> dict[str, tuple[date, date]]:
    first, last = (
        {name: date.fromisoformat(item.text) for name, item in config.of_creators(key)} for key in ("since", "until")
    )
    return {name: (first.get(name, date.min), last.get(name, date.max)) for name in first.keys() | last.keys()}


def _people(given: Inputs, config: Config) -> dict[str, list[Personal]]:
    """What the config says of each creator's missions, and what options say of everybody."""
    people = personal_of(config)
    penalty = parse.points(given.penalty, "--penalty")
    if given.scheme:
        parse.one_of(given.scheme, "--scheme", (IN_SCHEME, FLAT))
    if given.active_fans is not None or given.league or penalty is not None or given.scheme:
        said = (given.active_fans, given.league or None, penalty, OPTION, given.scheme or None)
        people[EVERYBODY] = [Personal(None, *said)]
    return people


def _refuse_what_files_need(given: Inputs) -> None:
    """Options that would change nothing, because no file is named and the ledger holds what was imported."""
    for name, value in (
        ("--infer-streams", given.infer_streams),
        ("--earning-unit", given.earning_unit),
        ("--salvage", given.salvage),
    ):
        if value:
            raise typer.BadParameter(f"{name} is for files: name some (the ledger keeps gifts as they were imported)")
