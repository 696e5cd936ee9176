"""`diamondctl compare`."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.clock import today
from diamondctl.cli.output import emit, target
from diamondctl.desk import parse
from diamondctl.desk.frame import frame
from diamondctl.desk.platforms import facts
from diamondctl.render.platforms import DOCUMENT, view
from diamondctl.reports import platforms as report


@options.expand
def compare(
    inputs: options.Inputs,
    output: options.Output,
    mine: Annotated[bool, options.option("--mine", help="What your own fans spent, as the others would have paid it.")] = False,
) -> int:
    """Read the facts, and with --mine the gifts too."""

    where = target(output, inputs.file or (), DOCUMENT.columns)
    if not mine and (inputs.file or inputs.period):
        raise typer.BadParameter("files and --period go with --mine")
    chosen = choose(inputs)
    on = parse.day(inputs.as_of, "--as-of") or today()
    found = report.compare(facts(chosen.rates), on, chosen.given_region)
    if mine:
        found = report.with_mine(found, frame(chosen, whole=False, of_earnings=True).scope)
    emit(where, view(found))
    return 0 if found.complete else 3
