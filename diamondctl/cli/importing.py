"""`diamondctl import`."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.api.imports import ImportOptions, bring, finish
from diamondctl.cli import options
from diamondctl.cli.ask import ask, can_ask, say
from diamondctl.cli.choose import around, choose
from diamondctl.cli.ledger import now, open_ledger, private_umask
from diamondctl.cli.main import changed
from diamondctl.cli.output import answer, target
from diamondctl.cli.progress import progress
from diamondctl.cli.saving import put, rename_creator
from diamondctl.desk import parse
from diamondctl.desk.settings import read_config
from diamondctl.desk.start import alike, nameless
from diamondctl.problems import Problem, Refusal
from diamondctl.regions import REGIONS, meant
from diamondctl.render.documents import IMPORT


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
    given = ImportOptions(
        ledger=place.ledger,
        config=place.config,
        creator=creator,
        region=region,
        input_timezone=input_timezone,
        encoding=encoding,
        date_format=date_format,
        profile=profile,
        earning_unit=earning_unit,
        platform=platform,
        rates=rates,
        salvage=salvage,
        keep_good=keep_good,
        prefer=prefer,
        only_period=only_period,
        correct=correct,
        dry_run=dry_run,
    )
    private_umask()
    with progress(not no_progress and not output.quiet) as shown:
        brought = bring(file, given, around(), clock=now, changed=changed, tell=shown.tell)
    if not dry_run:
        if "-" not in file and not output.quiet and can_ask():
            _ask_for_settings(place)
        with progress(not no_progress and not output.quiet) as shown:
            shown.tell("Keeping the states of months that are over")
            brought = finish(brought, around())
    return answer(where, brought.report())


def _ask_for_settings(place: options.Place) -> None:
    """Ask on a terminal which creators are one with those of the settings, and where those are paid of whom nothing says it.

    What was imported is stored by now: where the ledger cannot be read just then, nothing is asked.
    """
    try:
        with open_ledger(place) as book, book.reading():
            pairs = alike(book, read_config(place.config).creators)
        for name, old in pairs:
            if _one_person(name, old):
                try:
                    rename_creator(place.config, old, name)
                except Refusal as refusal:  # the gifts are stored all the same
                    say(str(refusal.problems[0]), warning=True)
        with open_ledger(place) as book, book.reading():
            missing = nameless(book, choose(options.Inputs(ledger=place.ledger, config=place.config)))
    except Refusal:
        return
    for name in missing:
        question = f"Where is {name} paid? Two letters such as US, GB or DE; Enter: later. "
        code = ask(question, lambda text: existing(parse.region(text)), open_="later")
        if not code:
            break
        put(place.config, ("creators", name, "region"), code)


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
