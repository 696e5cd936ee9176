"""`diamondctl init`: the settings, from answers or flags. It begins with what decides most, and goes on where it was left."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import typer

from diamondctl import periods
from diamondctl.cli import completion, options
from diamondctl.cli.ask import ask, can_ask, say
from diamondctl.cli.clock import today
from diamondctl.cli.main import STATE
from diamondctl.cli.output import emit, target
from diamondctl.cli.saving import creators_of, moved_by, save
from diamondctl.config.edit import change, new_text
from diamondctl.config.values import PLATFORM, Config, Key
from diamondctl.desk import parse, settings
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import Fee, Maximum, Minimum, Missions, RateEntry, Reward, Timing, look_up
from diamondctl.rating.missions import FLAT, IN_SCHEME
from diamondctl.render.config import moved_view
from diamondctl.render.entries import value_text
from diamondctl.reports.remarks import way_to_rates
from diamondctl.words import key_text

if TYPE_CHECKING:
    from diamondctl.ratebook.entries import Zone

_HEAD: Final = "# Settings of diamondctl; `diamondctl config show` checks them. Format: diamondctl help settings.\n"


class Given(NamedTuple):
    """What flags say, as text; blank is not said."""

    region: str
    timezone: str
    creator: str
    share: str
    method: str
    scheme: str
    active_fans: str
    league: str
    penalty: str


@options.expand
def init(
    region: Annotated[
        str,
        typer.Option("--region", metavar="CODE", help="Payout region: US, GB, DE, ...", autocompletion=completion.regions),
    ] = "",
    creator: Annotated[str, typer.Option("--creator", metavar="NAME", help="The creator's name, as files have it.")] = "",
    share: Annotated[
        str | None, typer.Option("--share", metavar="PERCENT", help="The creator's own reward share. Default: the rate file's.")
    ] = None,
    scheme: Annotated[
        str, typer.Option("--scheme", metavar="WORD", help="missions if LIVE Center shows the creator some, else flat.")
    ] = "",
    active_fans: Annotated[str, typer.Option("--active-fans", metavar="N", help="Of a usual week.")] = "",
    league: Annotated[str, typer.Option("--league", metavar="WORD", help="Of a usual week, as the rate file calls it.")] = "",
    penalty: Annotated[str, typer.Option("--penalty", metavar="POINTS", help="For breaches of the rules; 0 if none.")] = "",
    method: Annotated[
        str, typer.Option("--method", metavar="NAME", help="The creator's payout method. Default: the rate file's.")
    ] = "",
    timezone: Annotated[
        str, typer.Option("--timezone", metavar="ZONE", help="Reporting time zone. Default: the rate file's.")
    ] = "",
    platform: options.Platform = "",
    rates: options.Rates = "",
    config: options.Config = "",
    ledger: options.Ledger = "",
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
    force: Annotated[bool, options.option("--force", later=True, help="Replace a config that exists.")] = False,
) -> int:
    """Check or ask, explain, write."""

    parse.percent(share, "--share")  # a blank is refused here; an answer may be blank
    path = settings.config_path(config)
    asks = not yes and can_ask()
    there = os.path.lexists(path)
    if there and not force and not asks:
        hint = "change one setting: diamondctl config set; or start anew with --force"
        raise Refusal(Problem("A009", "the config exists already and was kept", hint, str(path)), exit_code=STATE)
    before = settings.read_bytes(path, must_exist=False) if there else None
    old = settings.read_config(str(path)) if there and not force else Config()
    platform, folder = settings.platform_and_rates(platform, rates, old)
    given = Given(region, timezone, creator, share or "", method, scheme, active_fans, league, penalty)
    if not asks and not region:
        raise typer.BadParameter("--region CODE is missing (on a terminal it is asked); see: diamondctl rates list")
    if asks:  # what no answer could mend is told before anything is asked
        store.zones_for(platform, (), folder)
    known = creators_of(options.Place(ledger, config if there else os.devnull)) if asks else []
    interview = _Interview(given, asks, platform, folder, old, known)
    wanted = [*interview.general(rates), *interview.of_creator()]
    text = settings.text_of(before, str(path)) if old.file else _HEAD
    fresh = [(key, value) for key, value in wanted if value and old.get(*key) is None]
    if old.file and not fresh:
        say("Everything that decides is set. Look: diamondctl config show; change one: diamondctl config set")
        return 0
    for key, value in fresh if old.file else ():
        text = change(text, key, value, None, file=str(path))
    if not old.file:
        text = new_text(_HEAD, fresh)
    say(f"\n{path}\n" + "".join(f"  {line}\n" for line in text.splitlines()[0 if old.file else 1 :]))
    if asks and ask("Write it? [Y/n] ", _yes_or_no, open_="nothing is written") not in ("", "yes"):
        say("Nothing was written.")
        return 0
    moved = moved_by(options.Place(ledger, config), "init", "", partial(save, path, before, text))
    if moved is not None:
        emit(target(options.Output()), moved_view(moved))
    say("Written.\nNext: diamondctl import FILE, or at once: diamondctl summary FILE")
    return 0 if interview.covered else 3


class _Interview:
    """The settings, each checked; where nothing was given or set and somebody can answer, asked."""

    def __init__(self, given: Given, asks: bool, platform: str, folder: Path | None, old: Config, creators: list[str]) -> None:
        self.given, self.asks, self.platform, self.folder, self.old = given, asks, platform, folder, old
        self.creators = creators
        self.zones: dict[str, Zone] = {}
        name = old.text("creator") or (old.creators[0] if old.creators else "")
        self.told = False
        self.region = self._region(name)
        zone = self.zones.get(self.region)
        self.covered = zone is None or zone.covered
        reward = None if zone is None else _explain(self.region, zone, given.share)
        self.reward = None if reward is None else reward.value
        self.where = "" if reward is None else reward.where
        needed = bool(given.share or given.method or given.scheme or given.active_fans or given.league or given.penalty)
        usual = name or (creators[0] if len(creators) == 1 else "")
        asked = f"Creator's name, as your files have it [{usual or 'none'}]: "
        self.creator = name or self._one(given.creator, asked, lambda text: _creator(text, usual, needed))

    def general(self, rates: str) -> list[tuple[Key, str]]:
        """Settings of no creator."""
        folder = os.path.abspath(self.folder) if self.folder and rates else ""  # noqa: PTH100 - as `config set` does
        mine = self.platform if self.platform != PLATFORM else ""
        return [(("platform",), mine), (("rates",), folder), (("creator",), self.creator)]

    def of_creator(self) -> list[tuple[Key, str]]:
        """Those of the creator, or of everybody: what widens the money most comes first."""
        head: Key = ("creators", self.creator) if self.creator else ()
        found: list[tuple[Key, str]] = [((*head, "region"), self.region)]
        if self.creator:
            share = self._ask(head, "share", "Your own reward share in percent [not known]: ", self._percent)
            found.append(((*head, "share"), share))
            missions = self.reward.share.missions if isinstance(self.reward, Reward) else None
            if missions is not None and not share and not self.old.get(*head, "share"):
                found.extend(self._missions(head, missions))
            zone = self.zones.get(self.region)
            if zone is not None:
                known = _methods(zone)
                # Where no rate is known no method is known that could be misspelt, and nothing is asked.
                check = (lambda text: _method(text, known, zone.file)) if zone.covered else str
                asked = f"Payout method: {', '.join(known)} [the rate file's]: "
                found.append(((*head, "method"), self._ask(head, "method", asked if zone.covered else "", check)))
        if not self.asks or self.given.timezone:
            found.insert(1, ((*head, "timezone"), parse.timezone(self.given.timezone, "--timezone")))
        return found

    def _missions(self, head: Key, missions: Missions) -> list[tuple[Key, str]]:
        """What a creator knows of the missions that her share is built from."""
        found: list[tuple[Key, str]] = []
        if missions.others is not None:
            asked = "Does LIVE Center show you missions? missions, or flat if it shows none [not known]: "
            scheme = self._ask(head, "scheme", asked, lambda text: _word(text, (IN_SCHEME, FLAT)))
            found.append(((*head, "scheme"), scheme))
            if FLAT in (scheme, self.old.text(*head, "scheme")):
                return found
        words = tuple(dict.fromkeys((*(word for word, _ in missions.league), "none")))
        most = f"{missions.penalty.normalize():f}"
        asked = f"Points taken off for breaches, 0 if none, at most {most} [not known]: "
        found.append(((*head, "missions", "penalty"), self._ask(head, "missions.penalty", asked, partial(_points, missions))))
        asked = "Active fans in a usual week, a number [not known]: "
        fans = self._ask(head, "missions.active_fans", asked, _number)
        found.append(((*head, "missions", "active_fans"), fans))
        asked = f"League mission in a usual week: {', '.join(words)} [not known]: "
        league = self._ask(head, "missions.league", asked, lambda text: _word(text, words))
        found.append(((*head, "missions", "league"), league))
        return found

    def _region(self, name: str) -> str:
        there = self.old.text("creators", name, "region") if name else ""
        there = there or self.old.text("region")

        def existing(text: str) -> str:
            code = parse.region(text)
            if code:
                self.zones[code] = store.zones_for(self.platform, [code], self.folder)[code]
            return code

        return existing(there) if there else self._one(self.given.region, "Payout region, two letters such as US: ", existing)

    def _ask(self, head: Key, name: str, question: str, check: Callable[[str], str]) -> str:
        """One setting, unless it is set already."""
        if any(item.key == (*head, *name.split(".")) for item in self.old.settings):
            return ""
        given: str = getattr(self.given, name.rpartition(".")[2])
        setting = key_text((*head, *name.split(".")))
        return self._one(given, question, check, f"later: diamondctl config set {setting} VALUE")

    def _one(self, value: str, question: str, check: Callable[[str], str], open_: str = "left open") -> str:
        if self.asks and not value and question and not self.told:
            self.told = True
            say("Every answer can be left open with Enter; diamondctl init goes on later.")
        return ask(question, check, open_=open_) if self.asks and not value and question else check(value)

    def _percent(self, text: str) -> str:
        found = parse.percent(text or None, "--share")
        if found is not None and isinstance(self.reward, Reward) and found > self.reward.share.percent.high:
            known = f"{self.reward.share.percent.high.normalize():f}% ({self.where})"
            say(f"! A share of {found:f}% is above the highest known: {known}.", warning=True)
        return "" if found is None else f"{found:f}"


def _explain(region: str, zone: Zone, own_share: str) -> RateEntry | None:
    """Say which rate file covers a region and what its reward is today; returns that entry."""
    if not zone.covered:
        say(f"{region}: no rate is known. Gifts and coins are counted there, and no money; days are in {zone.timezone}.")
        say(way_to_rates(region, None, zone))
        return None
    yours = " (yours)" if zone.origin == "user" else ""
    say(f"{region}: rate file {zone.file}{yours}, days in {zone.timezone}")
    found = look_up(zone, "reward", periods.day_start(today(), zone.timezone))
    if not isinstance(found, RateEntry) or not isinstance(found.value, Reward):
        say(f"! No reward is known today: {getattr(found, 'detail', '')}", warning=True)
        return None
    since = "first seen " if found.since == "first_seen" else "since "
    say(f"Reward: {value_text(found)}; {found.confidence}, {since}{found.effective_text}, {found.where}")
    if not found.value.share.percent.is_exact and not own_share:
        say("The share is known only as a range, and so will your reward be, until you give your own.")
    return found


def _creator(text: str, usual: str, needed: bool) -> str:
    if needed and not (text or usual):
        raise typer.BadParameter("--share and --method are a creator's: add --creator NAME")
    return unicodedata.normalize("NFC", text or usual)


def _methods(zone: Zone) -> list[str]:
    """Payout methods that a rate file names anywhere."""
    values = [entry.value for history in zone.rates.values() for entry in history if isinstance(entry.value, tuple)]
    named = {item.method for value in values for item in value if isinstance(item, Minimum | Maximum | Fee | Timing)}
    return sorted(named - {"any"})


def _method(text: str, known: list[str], file: str) -> str:
    if text and text not in known:
        hint = "known: " + ", ".join(known) if known else "it names no method at all"
        raise Refusal(Problem("A015", f"{file} knows no method '{text}'", hint))
    return text


def _word(text: str, words: tuple[str, ...]) -> str:
    if text and text not in words:
        raise typer.BadParameter(f"'{text}' is not one of: {', '.join(words)}")
    return text


def _number(text: str) -> str:
    if text and not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise typer.BadParameter(f"'{text}' is no number, such as 120")
    return text


def _points(missions: Missions, text: str) -> str:
    parse.points(text or None, "--penalty", missions.penalty)
    return text


def _yes_or_no(text: str) -> str:
    if text.lower() not in ("", "y", "yes", "n", "no"):
        raise typer.BadParameter("please answer y or n")
    return "no" if text.lower() in ("n", "no") else "yes"
