"""`diamondctl payout`: check."""

from __future__ import annotations

import typer

from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.output import emit, target
from diamondctl.desk.frame import frame
from diamondctl.render.payout import DOCUMENT, view
from diamondctl.reports.payout import payout_check

app = typer.Typer()


@app.command("check")
@options.expand
def check(inputs: options.Inputs, output: options.Output, method: options.Method = "") -> int:
    """Walk the redeem steps that rate files can answer: balance, minimum, limit, method, time.

    \b
    Examples:
      diamondctl payout check --region US --share 48
      diamondctl payout check gifts.csv --region US --share 48
      diamondctl payout check gifts.csv --region GB --method paypal --as-of 2026-10-31 --json

    \b
    Exit codes:
      0 yes, by these rules   1 no   3 it depends on your share, or is not known
    """

    where = target(output, inputs.file or (), DOCUMENT.columns)
    chosen = choose(inputs)
    run = frame(chosen)
    found = payout_check(run.scope, method, chosen.methods)
    emit(where, view(found))
    answers = {item.answer for item in found.checks}
    if "no" in answers:
        return 1
    return 0 if found.complete else 3
