"""Options as the values that a report goes by: what was given before the config before the default.

On the command line Typer has put the environment where there was no flag. Every option is checked before a file is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO, Final, NamedTuple, TypedDict

from diamondctl import periods
from diamondctl.config.values import Config, Setting
from diamondctl.desk import parse
from diamondctl.desk.chosen import Chosen, agreements_of, partners_of, personal_of, plans_of, regions_of, tax_forms_of
from diamondctl.desk.intake import Opening
from diamondctl.desk.roster import Member
from diamondctl.desk.settings import (
    folder_of,
    ledger_folder,
    parse_config,
    path_of,
    platform_and_rates,
    read_config_and_text,
)
from diamondctl.exchange import NO_EXCHANGE, Exchange
from diamondctl.problems import Misuse, Problem, Refusal
from diamondctl.ratebook.lock import Lock
from diamondctl.rating.credits import OwnShare
from diamondctl.rating.missions import EVERYBODY, FLAT, IN_SCHEME, OPTION, Facts, Personal
from diamondctl.readers.engines import DUCKDB, ENGINES, SPARK
from diamondctl.readers.gift_rows import Payer, Settings
from diamondctl.readers.profile import Profile
from diamondctl.reports.fees import Wanted
from diamondctl.reports.values import Asked, ConfigFile, Methods

_FOLDERS: Final = (("rates",), ("profiles",), ("ledger",))


class Options(TypedDict, total=False):
    """The options of every report on gifts, by the names that they have on the command line; values may be their text."""

    file: Sequence[str | Path]  # files, folders, or - for standard input; none: the ledger
    ledger: str | Path
    creator: str
    region: str
    platform: str
    period: str
    as_of: str | date
    basis: str
    share: str | int | Decimal | None
    active_fans: int | None
    league: str
    scheme: str
    penalty: str | int | Decimal | None
    rates: str | Path
    rates_as_of: str | date
    timezone: str
    input_timezone: str
    encoding: str
    config: str | Path
    profile: str | Path
    infer_streams: str
    earning_unit: str
    salvage: bool
    engine: str
    master: str


class Around(NamedTuple):
    """What a run finds around it, and no option says."""

    today: date
    lock: Lock | None = None
    fast: bool = True
    stdin: BinaryIO | None = None


# What stands for an option that was not given, where that is no blank text.
_BLANK: Final = {"file": (), "share": None, "active_fans": None, "penalty": None, "salvage": False, "basis": "earned"}


def _texts(options: Options) -> Any:
    """Every option by its name: a text, a list of them, a number of fans, or yes and no."""
    blank = {**dict.fromkeys(Options.__annotations__, ""), **_BLANK}
    told = {
        name: value if value is None or name in ("active_fans", "salvage") else str(value) for name, value in options.items()
    }
    if unknown := sorted(told.keys() - blank.keys()):
        raise TypeError(f"no such option: {', '.join(unknown)}")
    return SimpleNamespace(**{**blank, **told, "file": tuple(map(str, options.get("file") or ()))})


def choose(options: Options, around: Around, opening: str = "") -> Chosen:
    """Every option of a report on gifts; `opening` is that of a report on wallets."""
    given = _texts(options)
    config, text = read_config_and_text(given.config)

    def with_settings(text: str, file: str) -> Chosen:
        then = parse_config(text.encode(), file) if file else Config()
        settings = tuple(item for item in then.settings if item.key not in _FOLDERS)  # they may be gone by now
        return _choose(given, around, opening, then._replace(settings=settings), None)

    what_if = bool(given.rates) or _is_what_if(given)
    return _choose(given, around, opening, config, None if what_if else with_settings)._replace(settings_text=text)


def _is_what_if(given: Any) -> bool:
    """Whether an option says what settings would say."""
    otherwise = (given.share, given.scheme, given.league, given.penalty, given.rates_as_of, given.timezone)
    return given.active_fans is not None or any((*otherwise, given.region, given.platform))


def chosen_by(options: Options, around: Around, config: Config, *, closed: bool = False) -> Chosen:
    """The same by settings that are at hand, of a closed month too; one that was told as `closed` is so by any rates."""
    given = _texts(options)

    def with_settings(_text: str, _file: str) -> Chosen:
        return _choose(given, around, "", config, None)

    what_if = _is_what_if(given) or (bool(given.rates) and not closed)
    return _choose(given, around, "", config, None if what_if else with_settings)


def _choose(
    given: Any, around: Around, opening: str, config: Config, with_settings: Callable[[str, str], Chosen] | None
) -> Chosen:
    """The same by settings that were read."""
    as_of = parse.day(given.as_of, "--as-of")
    region = parse.region(given.region)
    timezone = parse.timezone(given.timezone, "--timezone")
    input_timezone = parse.timezone(given.input_timezone, "--input-timezone")
    engine = _engine(given)
    platform, rates = platform_and_rates(given.platform, given.rates, config)
    creator = parse.name(given.creator)
    regions = {} if region else regions_of(config, platform, rates)
    places = {setting.text: setting.place for _, setting in config.of_creators("region")}
    if default := config.get("region"):
        places.setdefault(default.text, default.place)
    folder_of_profiles = folder_of(config, "profiles")
    options = Chosen(
        files=tuple(given.file or ()),
        platform=platform,
        rates=rates,
        lock=around.lock,
        creator=creator,
        fast=around.fast,
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
        config=config,
        plans=plans_of(config),
        partners=partners_of(config),
        asked=Asked(
            period=periods.parse_period(given.period, as_of or around.today) if given.period else None,
            as_of=as_of,
            today=around.today,
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
            raise Misuse(f"--opening is of the wallet before files: {hint}")
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
        opening=Opening(parse.encoding(given.encoding), given.salvage, around.stdin),
        engine=engine,
        master=given.master,
        pause=parse.pause(given.infer_streams),
        pause_text=given.infer_streams,
    )


def _engine(given: Any) -> str:
    """What reads the files."""
    engine = given.engine or DUCKDB
    parse.one_of(engine, "--engine", ENGINES)
    if given.master and engine == DUCKDB:
        raise Misuse(f"--master is of --engine {SPARK}")
    return engine


def _as_given(member: Member, given: Any) -> Member:
    """A creator of the roster whose files are read as the options say, where they do."""
    zone = "" if given.input_timezone else member.input_timezone
    return member._replace(input_timezone=zone, profiles=() if given.profile else member.profiles)


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


def taken(chosen: Chosen, method: str = "", fx: str = "") -> Wanted:
    """What is taken on the way to the bank, by the settings; a payout method and exchange rates as they were given."""
    return Wanted(True, method, None, {}, chosen.methods, chosen.agreements, exchange(fx), chosen.tax_forms)


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


def _people(given: Any, config: Config) -> dict[str, list[Personal]]:
    """What the config says of each creator's missions, and what options say of everybody."""
    people = personal_of(config)
    penalty = parse.points(given.penalty, "--penalty")
    if given.scheme:
        parse.one_of(given.scheme, "--scheme", (IN_SCHEME, FLAT))
    if given.active_fans is not None or given.league or penalty is not None or given.scheme:
        said = (given.active_fans, given.league or None, penalty, OPTION, given.scheme or None)
        people[EVERYBODY] = [Personal(None, *said)]
    return people


def _refuse_what_files_need(given: Any) -> None:
    """Options that would change nothing, because no file is named and the ledger holds what was imported."""
    for name, value in (
        ("--infer-streams", given.infer_streams),
        ("--earning-unit", given.earning_unit),
        ("--salvage", given.salvage),
        ("--engine", given.engine),
    ):
        if value:
            raise Misuse(f"{name} is for files: name some (the ledger keeps gifts as they were imported)")
