"""`diamondctl streams`, `schedule`, `gifts`, `gifters`."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.cli.choose import choose, reads_twice
from diamondctl.cli.output import emit, target
from diamondctl.desk import insight
from diamondctl.desk.chosen import Chosen
from diamondctl.problems import Problem, Refusal
from diamondctl.render import engagement as of_engagement
from diamondctl.render import gifts as of_gifts
from diamondctl.render import missions as of_missions
from diamondctl.render import partners as of_partners
from diamondctl.render import schedule as of_schedule
from diamondctl.render import streams as of_streams
from diamondctl.reports.gifts import BOUNDS
from diamondctl.reports.scope import Scope
from diamondctl.words import few


def _chosen(inputs: options.Inputs) -> Chosen:
    """What every one of these reports goes by: the time of the gifts."""
    if inputs.basis != "earned":
        raise typer.BadParameter("--basis: LIVEs and gifts go by the time at which gifts are sent: earned")
    return choose(inputs)


def _one_creator(scope: Scope) -> None:
    """Refuses (A017) a report on the habits of several."""
    creators = sorted({account.creator for account in scope.accounts})
    if len(creators) > 1:
        message = f"habits are those of one creator, and here are {few(creators)}"
        raise Refusal(Problem("A017", message, "say whose: --creator NAME"))


@options.expand
def streams(
    inputs: options.Inputs,
    output: options.Output,
    missions: Annotated[
        bool, options.option("--missions", help="What missions cost that were not reached, and what the next one is worth.")
    ] = False,
    engagement: Annotated[
        bool, options.option("--engagement", help="What dashboards say beside gifts: viewers, likes, comments, followers.")
    ] = False,
    partners: Annotated[
        bool, options.option("--partners", help="LIVEs with a partner (setting creators.NAME.partners) and alone; the split.")
    ] = False,
) -> int:
    """Read, rate, one row per LIVE."""

    if missions + engagement + partners > 1:
        raise typer.BadParameter("--missions, --engagement and --partners are reports of their own: give one of them")
    if partners:
        where = target(output, inputs.file or (), of_partners.DOCUMENT.columns)
        split = insight.partners(_chosen(inputs))
        _one_creator(split.scope)
        emit(where, of_partners.view(split))
        return 0 if split.scope.complete else 3
    if engagement:
        where = target(output, inputs.file or (), of_engagement.DOCUMENT.columns)
        found = insight.engagement(_chosen(inputs))
        _one_creator(found.scope)
        emit(where, of_engagement.view(found))
        return 0 if found.scope.complete else 3
    if missions:
        where = target(output, inputs.file or (), of_missions.DOCUMENT.columns)
        told = insight.missions(_chosen(inputs))
        emit(where, of_missions.view(told))
        return 0 if told.scope.complete else 3
    where = target(output, inputs.file or (), of_streams.DOCUMENT.columns)
    reads_twice(inputs, "streams")
    report = insight.streams(_chosen(inputs))
    emit(where, of_streams.view(report))
    return 0 if report.scope.complete else 3


@options.expand
def schedule(inputs: options.Inputs, output: options.Output) -> int:
    """Read, rate, a map of the week."""

    where = target(output, inputs.file or (), of_schedule.DOCUMENT.columns)
    report = insight.schedule(_chosen(inputs))
    _one_creator(report.scope)
    emit(where, of_schedule.view(report))
    return 0 if report.scope.complete else 3


@options.expand
def gifts(
    inputs: options.Inputs,
    output: options.Output,
    bounds: Annotated[
        str,
        options.option(
            "--bounds", metavar="M,L", help="Coins of one unit from which a gift is middle, and large. Default: 100,1000."
        ),
    ] = "",
) -> int:
    """Read, rate, one row per gift."""

    where = target(output, inputs.file or (), of_gifts.GIFTS.columns)
    reads_twice(inputs, "gifts")
    report = insight.gifts(_chosen(inputs), _bounds(bounds))
    emit(where, of_gifts.gifts_view(report))
    return 0 if report.scope.complete else 3


def _bounds(text: str) -> tuple[int, int]:
    """Two whole numbers, the smaller first."""
    if not text:
        return BOUNDS
    parts = text.replace(" ", "").split(",")
    if len(parts) != 2 or not all(part.isascii() and part.isdecimal() and len(part) <= 15 for part in parts):
        raise typer.BadParameter(f"--bounds: '{text}' is not two numbers of coins, such as 100,1000")
    middle, large = map(int, parts)
    if not 0 < middle < large:
        raise typer.BadParameter(f"--bounds: '{text}': the first is more than 0 and less than the second")
    return middle, large


@options.expand
def gifters(
    inputs: options.Inputs,
    output: options.Output,
    names: Annotated[bool, options.option("--names", help="Show them by name: for you alone.")] = False,
    thanks: Annotated[
        bool, options.option("--thanks", help="A list for a thank-you: by name only who agreed to it (privacy consent).")
    ] = False,
) -> int:
    """Read, rate, one row per gifter."""

    where = target(output, inputs.file or (), of_gifts.GIFTERS.columns)
    reads_twice(inputs, "gifters")
    if names and thanks:
        raise typer.BadParameter("--thanks is made to be shown: it names only who agreed to it; leave out --names")
    report = insight.gifters(_chosen(inputs), names=names, thanks=thanks)
    emit(where, of_gifts.gifters_view(report, thanks=thanks))
    return 0 if report.scope.complete else 3
