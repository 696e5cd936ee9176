"""`diamondctl import`."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.cli.ask import ask, can_ask, say
from diamondctl.cli.choose import choose, may_be_fast, stdin
from diamondctl.cli.ledger import folder, keep_states, now, open_ledger, private_umask
from diamondctl.cli.main import changed
from diamondctl.cli.output import emit, target
from diamondctl.cli.progress import progress
from diamondctl.cli.saving import put, rename_creator
from diamondctl.combos import Price
from diamondctl.desk import parse
from diamondctl.desk.choosing import payers_of, profiles, roster, shares_of
from diamondctl.desk.importer import bring
from diamondctl.desk.intake import Opening
from diamondctl.desk.moved import Allowed
from diamondctl.desk.platforms import units_of
from diamondctl.desk.settings import folder_of, platform_and_rates, read_config
from diamondctl.desk.staged import Importing
from diamondctl.desk.start import alike, nameless, region_step
from diamondctl.ledger.staging import Reading
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook import store
from diamondctl.readers.date_formats import UnknownForm, converter
from diamondctl.readers.gift_rows import MoneyRows
from diamondctl.regions import REGIONS, meant
from diamondctl.render.documents import IMPORT, import_view


def _price(platform: str, rates: Path | None) -> Price:
    """The coins of one unit by the gift catalogue, which is read when the first event of a log asks."""
    catalogue = cache(lambda: store.catalogue(platform, rates))
    return lambda gift_id, gift, time: catalogue().price(gift_id, gift, time)


def _form(text: str) -> str:
    """How days are written, such as DD/MM/YYYY, or blank."""
    try:
        if text:
            converter(text)
    except UnknownForm:
        raise typer.BadParameter(f"--date-format: '{text}' is no form of dates, such as DD/MM/YYYY or MM/DD/YYYY") from None
    return text


@options.expand
def import_(
    output: options.Output,
    place: options.Place,
    file: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files, folders, or - for standard input.")],
    creator: Annotated[
        str, options.option("--creator", metavar="NAME", env="CREATOR", help="The creator, where rows name none.")
    ] = "",
    region: options.Region = "",
    input_timezone: options.InputTimezone = "",
    encoding: options.Encoding = "",
    date_format: Annotated[
        str, typer.Option("--date-format", metavar="FORM", help="How a statement writes days, such as DD/MM/YYYY.")
    ] = "",
    profile: options.Profile = "",
    earning_unit: options.EarningUnit = "",
    platform: options.Platform = "",
    rates: options.Rates = "",
    salvage: options.Salvage = False,
    keep_good: Annotated[
        bool, typer.Option("--keep-good", help="Store the good rows, and keep the others for repair.")
    ] = False,
    prefer: Annotated[
        str,
        typer.Option(
            "--prefer", metavar="SOURCE", help="Which rows count where two sources cover the same days; later: a newer export."
        ),
    ] = "",
    only_period: options.OnlyPeriod = "",
    correct: options.Correct = False,
    dry_run: options.DryRun = False,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="Show no progress on the terminal.")] = False,
) -> int:
    """Read, compare, store."""
    where = target(output, file, IMPORT.columns, stores=True)
    config = read_config(place.config)
    reading = Reading(
        creator=parse.name(parse.text(creator, "--creator")),
        input_timezone=parse.timezone(input_timezone, "--input-timezone"),
        encoding=parse.encoding(encoding),
        region=parse.region(region),
        earning_unit=parse.earning_unit(earning_unit),
    )
    importing = Importing(
        reading=reading,
        roster=roster(config),
        usual=Reading(creator=config.text("creator"), input_timezone=config.text("input_timezone")),
        opening=Opening(reading.encoding, salvage, stdin()),
        keep_good=keep_good,
        prefer=prefer,
        dry_run=dry_run,
        fast=may_be_fast(),
        profiles=profiles(profile),
        saved=profiles(folder_of(config, "profiles")),
        price=_price(*platform_and_rates(platform, rates, config)),
        allowed=Allowed(parse.only_period(only_period, date.today()), correct),
        money=MoneyRows(payers_of(config), shares_of(config), _form(date_format)),
        named=frozenset(filter(None, (*config.creators, config.text("creator")))),
    )
    chosen = choose(options.Inputs(ledger=place.ledger, config=place.config, platform=platform, rates=rates))
    private_umask()
    with progress(not no_progress and not output.quiet) as shown:
        report = bring(folder(place), file, importing, chosen=chosen, clock=now, changed=changed, tell=shown.tell)
    if not dry_run:
        report = report._replace(set_region=_regions(place, asks="-" not in file and not output.quiet and can_ask()))
        with progress(not no_progress and not output.quiet) as shown:
            shown.tell("Keeping the states of months that are over")
            keep_states(place)
    emit(where, import_view(report, units_of(chosen.platform, chosen.rates)))
    return 3 if report.rejected else 0


def _regions(place: options.Place, *, asks: bool) -> str:
    """The command that says where a creator is paid of whom nothing says it; on a terminal it is asked, and stored.

    What was imported is stored by now: where the ledger cannot be read just then, nothing is asked.
    """
    try:
        with open_ledger(place) as book, book.reading():
            pairs = alike(book, read_config(place.config).creators)
        for name, old in pairs if asks else ():
            if _one_person(name, old):
                try:
                    rename_creator(place.config, old, name)
                except Refusal as refusal:  # the gifts are stored all the same
                    say(str(refusal.problems[0]), warning=True)
        with open_ledger(place) as book, book.reading():
            missing = nameless(book, choose(options.Inputs(ledger=place.ledger, config=place.config)))
    except Refusal:
        return ""
    for name in missing if asks else ():
        question = f"Where is {name} paid? Two letters such as US, GB or DE; Enter: later. "
        code = ask(question, lambda text: existing(parse.region(text)), open_="later")
        if not code:
            break
        put(place.config, ("creators", name, "region"), code)
        missing = tuple(other for other in missing if other != name)
    return region_step(missing).command if missing else ""


def _one_person(name: str, old: str) -> bool:
    """Whether the creator of a file is one of the settings with another spelling."""

    def yes_or_no(text: str) -> str:
        if text.lower() not in ("", "y", "yes", "n", "no"):
            raise typer.BadParameter("please answer y or n")
        return text.lower()[:1]

    question = f"The files say {name}, your settings {old}. Are they one, and is it {name} in the settings too? [y/N] "
    return ask(question, yes_or_no, open_="they stay two") == "y"


def existing(region: str) -> str:
    """A region that exists, or blank (A005)."""
    if region and region not in REGIONS:
        raise Refusal(Problem("A005", f"no country is called {region}", meant(region) or "two letters such as US"))
    return region
