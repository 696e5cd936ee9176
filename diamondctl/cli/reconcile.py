"""`diamondctl reconcile`."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.output import emit, target
from diamondctl.desk import parse
from diamondctl.desk.choosing import exchange
from diamondctl.desk.frame import frame
from diamondctl.render.reconcile import DOCUMENT, view
from diamondctl.reports import reconcile as report
from diamondctl.reports.fees import Wanted


@options.expand
def reconcile(
    inputs: options.Inputs,
    output: options.Output,
    tolerance: Annotated[
        str, typer.Option("--tolerance", metavar="AMOUNT", help="How much may be unexplained in all: exit code 0 up to there.")
    ] = "0",
    fx: options.Fx = "",
) -> int:
    """Read, rate, put each payout beside what paid for it."""

    where = target(output, inputs.file or (), DOCUMENT.columns)
    at_most = parse.amount(tolerance, "--tolerance", zero=True) or Decimal(0)
    chosen = choose(inputs)
    wanted = Wanted(True, "", None, {}, chosen.methods, chosen.agreements, exchange(fx), chosen.tax_forms)
    scope = frame(chosen, about_period=False).scope
    found = report.reconcile(scope, wanted, at_most, of_period=chosen.asked.period is not None)
    emit(where, view(found))
    if not found.is_whole:
        return 1
    return scope.exit_code or (0 if found.complete else 3)
