"""`diamondctl fees`."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.api import payouts
from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.output import answer, target
from diamondctl.render.fees import DOCUMENT


@options.expand
def fees(
    inputs: options.Inputs,
    output: options.Output,
    to: Annotated[str, typer.Option("--to", metavar="END", help="bank, or stop at the reward.")] = "bank",
    method: options.Method = "",
    agency: Annotated[str | None, typer.Option("--agency", metavar="PERCENT", help="What an agency takes.")] = None,
    agency_of: Annotated[str, typer.Option("--agency-of", metavar="BASE", help="reward or gifts.")] = "reward",
    condition: Annotated[
        list[str] | None,
        typer.Option(
            "--condition", metavar="NAME=yes|no", help="Whether a condition of tax withholding holds. Can be repeated."
        ),
    ] = None,
    fx: options.Fx = "",
) -> int:
    """Read, rate, take every step."""

    where = target(output, inputs.file or (), DOCUMENT.columns)
    made = payouts.fees(
        choose(inputs), to=to, method=method, agency=agency, agency_of=agency_of, conditions=condition or (), fx=fx
    )
    return answer(where, made)
