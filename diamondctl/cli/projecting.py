"""`diamondctl project`."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.api import outlook
from diamondctl.cli import options
from diamondctl.cli.choose import choose, reads_twice
from diamondctl.cli.output import answer, target
from diamondctl.forecast.values import LEVELS
from diamondctl.render.project import DOCUMENT


@options.expand
def project(
    context: typer.Context,
    inputs: options.Inputs,
    output: options.Output,
    until: Annotated[
        str, options.option("--until", metavar="AMOUNT", help="When is this amount together, in the wallet or paid out?")
    ] = "",
    threshold: Annotated[
        bool, options.option("--threshold", rank=1, help="When is the minimum of a payout in the balance?")
    ] = False,
    goal: Annotated[
        list[str] | None,
        options.option(
            "--goal", metavar="GOAL", help="A tier of an agency: 'diamonds 100000, hours 40, days 15'. May be repeated."
        ),
    ] = None,
    streams: Annotated[
        int | None, options.option("--streams", min=0, metavar="N", help="Suppose exactly so many LIVEs in the period.")
    ] = None,
    without_top: Annotated[
        int, options.option("--without-top", min=0, metavar="N", help="Suppose that the N largest gifters had sent nothing.")
    ] = 0,
    hours: Annotated[
        str,
        options.option(
            "--hours", later=True, metavar="H", help="Suppose so many hours live in the period, such as 24 or 12.5."
        ),
    ] = "",
    method: options.Method = "",
    opening: options.Opening = "",
    level: Annotated[
        int,
        options.option(
            "--level", later=True, min=min(LEVELS), max=max(LEVELS), metavar="PERCENT", help="How often it is to hold."
        ),
    ] = 80,
    seed: Annotated[int, options.option("--seed", later=True, min=0, metavar="N", help="Of the draws.")] = 0,
    fx: options.Fx = "",
) -> int:
    """Read, rate, forecast, price."""
    where = target(output, inputs.file or (), DOCUMENT.columns)
    period = "" if (until or threshold) and _of_environment(context, "period") else inputs.period
    if without_top:
        reads_twice(inputs, "--without-top")
    made = outlook.project(
        choose(inputs._replace(period=""), opening),
        period,
        until=until,
        threshold=threshold,
        goals=goal or (),
        streams=streams,
        hours=hours,
        without_top=without_top,
        method=method,
        level=level,
        seed=seed,
        fx=fx,
    )
    return answer(where, made)


def _of_environment(context: typer.Context, name: str) -> bool:
    """Whether the value of an option comes from its environment variable."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "ENVIRONMENT"
