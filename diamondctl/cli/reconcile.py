"""`diamondctl reconcile`."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.api import payouts
from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.output import answer, target
from diamondctl.render.reconcile import DOCUMENT


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
    return answer(where, payouts.reconcile(choose(inputs), tolerance=tolerance, fx=fx))
