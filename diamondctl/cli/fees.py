"""`diamondctl fees`."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.output import emit, target
from diamondctl.desk import parse
from diamondctl.desk.choosing import exchange
from diamondctl.desk.frame import frame
from diamondctl.rating.fees import Agreement
from diamondctl.render.fees import DOCUMENT, view
from diamondctl.reports import fees as report


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
    parse.one_of(to, "--to", ("bank", "reward"))
    parse.one_of(agency_of, "--agency-of", ("reward", "gifts"))
    percent = parse.percent(agency, "--agency")
    agreement = None if percent is None else Agreement(percent, "gifts" if agency_of == "gifts" else "reward")
    answers = parse.conditions(condition or [])
    chosen = choose(inputs)
    wanted = report.Wanted(
        to == "bank", method, agreement, answers, chosen.methods, chosen.agreements, exchange(fx), chosen.tax_forms
    )
    run = frame(chosen, whole=False, of_earnings=True)
    found = report.fees(run.scope, wanted)
    emit(where, view(found))
    return 1 if run.scope.not_corrected else 0 if found.complete else 3
