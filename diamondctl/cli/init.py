"""`diamondctl init`: the first config, from answers or flags."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from diamondctl import periods
from diamondctl.cli import completion, options, parse, settings
from diamondctl.cli.clock import today
from diamondctl.cli.main import STATE
from diamondctl.cli.output import emit, target
from diamondctl.cli.saving import moved_by, save
from diamondctl.config.edit import new_text
from diamondctl.config.values import PLATFORM, Config, Key
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import Fee, Maximum, Minimum, RateEntry, Reward, Timing, look_up
from diamondctl.render.config import moved_view
from diamondctl.render.entries import value_text
from diamondctl.render.text import clean
from diamondctl.reports.remarks import way_to_rates

if TYPE_CHECKING:
    from diamondctl.ratebook.entries import Zone

_HEAD = "# Settings of diamondctl; `diamondctl config show` checks them. Format: README, section Settings.\n"


class Highest(NamedTuple):
    """The highest reward share that a rate file knows, in percent, and where it stands."""

    share: Decimal
    where: str


class Answers(NamedTuple):
    """What the settings will be, as text; blank is not set."""

    region: str
    timezone: str
    creator: str
    share: str
    method: str
    covered: bool = True  # whether a rate is known for the region


@options.expand
def init(
    region: Annotated[
        str,
        typer.Option("--region", metavar="CODE", help="Payout region: US, GB, DE, ...", autocompletion=completion.regions),
    ] = "",
    timezone: Annotated[
        str, typer.Option("--timezone", metavar="ZONE", help="Reporting time zone. Default: the rate file's.")
    ] = "",
    creator: Annotated[str, typer.Option("--creator", metavar="NAME", help="The creator's name, as files have it.")] = "",
    share: Annotated[
        str | None, typer.Option("--share", metavar="PERCENT", help="The creator's own reward share. Default: the rate file's.")
    ] = None,
    method: Annotated[
        str, typer.Option("--method", metavar="NAME", help="The creator's payout method. Default: the rate file's.")
    ] = "",
    platform: options.Platform = "",
    rates: options.Rates = "",
    config: options.Config = "",
    ledger: options.Ledger = "",
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a config that exists.")] = False,
) -> int:
    """Check or ask, explain, write."""

    parse.percent(share, "--share")  # a blank is refused here; an answer may be blank
    path = settings.config_path(config)
    if os.path.lexists(path) and not force:
        hint = "change one setting: diamondctl config set; or start anew with --force"
        raise Refusal(Problem("A009", "the config exists already and was kept", hint, str(path)), exit_code=STATE)
    before = settings.read_bytes(path, must_exist=False) if force else None
    platform, folder = settings.platform_and_rates(platform, rates, Config())
    asks = not yes and sys.stdin is not None and sys.stdin.isatty()
    given = Answers(region, timezone, creator, share or "", method)
    if not asks and not region:
        raise typer.BadParameter("--region CODE is missing (on a terminal it is asked); see: diamondctl rates list")
    if asks:  # what no answer could mend is told before anything is asked
        store.zones_for(platform, (), folder)
    answers = _answers(given, asks, platform, folder)

    head: Key = ("creators", answers.creator) if answers.creator else ()
    wanted: list[tuple[Key, str]] = [
        (("platform",), platform if platform != PLATFORM else ""),
        (("rates",), os.path.abspath(folder) if folder else ""),  # noqa: PTH100 - as `config set` does
        (("creator",), answers.creator),
        ((*head, "region"), answers.region),
        ((*head, "timezone"), answers.timezone),
        ((*head, "share"), answers.share),
        ((*head, "method"), answers.method),
    ]
    text = new_text(_HEAD, [(key, value) for key, value in wanted if value])
    _say(f"\n{path}\n" + "".join(f"  {line}\n" for line in text.splitlines()[1:]))
    if asks and _ask("Write it? [Y/n] ", _yes_or_no) == "no":
        _say("Nothing was written.")
        return 0
    moved = moved_by(options.Place(ledger, config), "init", "", partial(save, path, before, text))
    if moved is not None:
        emit(target(options.Output()), moved_view(moved))
    _say("Written.\nNext: diamondctl import FILE, or at once: diamondctl summary FILE")
    return 0 if answers.covered else 3


def _answers(given: Answers, asks: bool, platform: str, folder: Path | None) -> Answers:
    """The settings, each checked; where nothing was given and somebody can answer, asked."""
    zones: dict[str, Zone] = {}

    def existing(text: str) -> str:
        code = parse.region(text)
        zones[code] = store.zones_for(platform, [code], folder)[code]
        return code

    def one(value: str, question: str, check: Callable[[str], str]) -> str:
        return _ask(question, check) if asks and not value else check(value)

    region = one(given.region, "Payout region, two letters such as US: ", existing)
    zone = zones[region]
    highest = _explain(region, zone, given.share)
    whose = ", the rate file's" if zone.covered else ""
    own = f"Time zone of your months and days [{zone.timezone}{whose}]: "
    timezone = one(given.timezone, own, lambda text: parse.timezone(text, "--timezone"))
    needed = bool(given.share or given.method)
    creator = one(given.creator, "Creator's name, as your files have it [none]: ", lambda text: _creator(text, needed))
    if not creator:
        return Answers(region, timezone, "", "", "", zone.covered)
    share = one(given.share, "Your own reward share in percent [the rate file's]: ", lambda text: _percent(text, highest))
    if not zone.covered:  # then no method is known that could be misspelt
        return Answers(region, timezone, creator, share, given.method, zone.covered)
    known = _methods(zone)
    asked = f"Payout method: {', '.join(known)} [the rate file's]: "
    method = one(given.method, asked, lambda text: _method(text, known, zone.file))
    return Answers(region, timezone, creator, share, method)


def _explain(region: str, zone: Zone, own_share: str) -> Highest | None:
    """Say which rate file covers a region and what its reward is today; returns the highest share known."""
    if not zone.covered:
        _say(f"{region}: no rate is known. Gifts and coins are counted there, and no money; days are in {zone.timezone}.")
        _say(way_to_rates(region, None, zone))
        return None
    yours = " (yours)" if zone.origin == "user" else ""
    _say(f"{region}: rate file {zone.file}{yours}, days in {zone.timezone}")
    found = look_up(zone, "reward", periods.day_start(today(), zone.timezone))
    if not isinstance(found, RateEntry) or not isinstance(found.value, Reward):
        _say(f"! No reward is known today: {getattr(found, 'detail', '')}", warning=True)
        return None
    since = "first seen " if found.since == "first_seen" else "since "
    _say(f"Reward: {value_text(found)}; {found.confidence}, {since}{found.effective_text}, {found.where}")
    share = found.value.share.percent
    if not share.is_exact and not own_share:
        _say("The share is known only as a range, and so will your reward be, until you give your own.")
    return Highest(share.high, found.where)


def _creator(text: str, needed: bool) -> str:
    if needed and not text:
        raise typer.BadParameter("--share and --method are a creator's: add --creator NAME")
    return unicodedata.normalize("NFC", text)


def _percent(text: str, highest: Highest | None) -> str:
    found = parse.percent(text or None, "--share")
    if found is not None and highest is not None and found > highest.share:
        known = f"{highest.share.normalize():f}% ({highest.where})"
        _say(f"! A share of {found:f}% is above the highest known: {known}.", warning=True)
    return "" if found is None else f"{found:f}"


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


def _yes_or_no(text: str) -> str:
    if text.lower() not in ("", "y", "yes", "n", "no"):
        raise typer.BadParameter("please answer y or n")
    return "no" if text.lower() in ("n", "no") else "yes"


def _ask(question: str, check: Callable[[str], str]) -> str:
    """Ask on the terminal until the answer is right. The end of input, or Ctrl-C, ends the command."""
    while True:
        sys.stderr.write(question)
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            sys.stderr.write("\n")
            raise typer.Abort
        try:
            return check(line.strip())
        except Refusal as refusal:
            _say("\n".join(map(str, refusal.problems)), warning=True)
        except typer.BadParameter as error:
            _say(str(error), warning=True)


def _say(text: str, *, warning: bool = False) -> None:
    stream = sys.stderr if warning else sys.stdout
    stream.write("\n".join(clean(line, stream.encoding) for line in text.split("\n")) + "\n")
    stream.flush()
