"""`diamondctl streams`, `schedule`, `gifts`, `gifters`."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.api import habits
from diamondctl.cli import options
from diamondctl.cli.choose import choose, reads_twice
from diamondctl.cli.output import answer, target
from diamondctl.render import engagement as of_engagement
from diamondctl.render import gifts as of_gifts
from diamondctl.render import missions as of_missions
from diamondctl.render import partners as of_partners
from diamondctl.render import schedule as of_schedule
from diamondctl.render import streams as of_streams


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

    if (missions, engagement, partners).count(True) > 1:
        raise typer.BadParameter("--missions, --engagement and --partners are reports of their own: give one of them")
    files = inputs.file or ()
    if missions:
        return answer(target(output, files, of_missions.DOCUMENT.columns), habits.missions(choose(inputs)))
    if engagement:
        return answer(target(output, files, of_engagement.DOCUMENT.columns), habits.engagement(choose(inputs)))
    if partners:
        return answer(target(output, files, of_partners.DOCUMENT.columns), habits.partners(choose(inputs)))
    where = target(output, files, of_streams.DOCUMENT.columns)
    reads_twice(inputs, "streams")
    return answer(where, habits.streams(choose(inputs)))


@options.expand
def schedule(inputs: options.Inputs, output: options.Output) -> int:
    """Read, rate, a map of the week."""

    where = target(output, inputs.file or (), of_schedule.DOCUMENT.columns)
    return answer(where, habits.schedule(choose(inputs)))


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
    return answer(where, habits.gifts(choose(inputs), bounds=bounds))


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
    return answer(where, habits.gifters(choose(inputs), names=names, thanks=thanks))
