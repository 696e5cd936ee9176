"""`diamondctl payout`: check, guide."""

from __future__ import annotations

import typer

from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.output import emit, target
from diamondctl.desk.choosing import exchange
from diamondctl.desk.frame import frame
from diamondctl.render.guide import DOCUMENT as GUIDE
from diamondctl.render.guide import view as guide_view
from diamondctl.render.payout import DOCUMENT, view
from diamondctl.reports.fees import Wanted
from diamondctl.reports.guide import payout_guide
from diamondctl.reports.payout import payout_check
from diamondctl.reports.verdict import exit_code

app = typer.Typer()


@app.command("check")
@options.expand
def check(
    inputs: options.Inputs,
    output: options.Output,
    method: options.Method = "",
    opening: options.Opening = "",
    fx: options.Fx = "",
) -> int:
    """Walk the redeem steps that rate files can answer: balance, minimum, limit, method, time.

    \b
    Examples:
      diamondctl payout check --region US --share 48
      diamondctl payout check gifts.csv --region US --share 48
      diamondctl payout check gifts.csv --region US --share 48 --opening 12.30
      diamondctl payout check gifts.csv --region GB --method paypal --as-of 2026-10-31 --json

    \b
    Exit codes:
      0 yes, by these rules   1 no   3 it depends, is not known (as where no wallet is), or is only probable
    """

    where = target(output, inputs.file or (), DOCUMENT.columns)
    chosen = choose(inputs, opening)
    taken = Wanted(True, method, None, {}, chosen.methods, chosen.agreements, exchange(fx), chosen.tax_forms)
    run = frame(chosen, whole=False)
    found = payout_check(run.scope, method, chosen.methods, taken)
    emit(where, view(found))
    return exit_code((item.verdict for item in found.checks), complete=found.complete)


@app.command("guide")
@options.expand
def guide(
    inputs: options.Inputs,
    output: options.Output,
    method: options.Method = "",
    opening: options.Opening = "",
    fx: options.Fx = "",
) -> int:
    """How a payout is asked for, step by step, with what is known of each step and who says so.

    \b
    Examples:
      diamondctl payout guide
      diamondctl payout guide --creator mara --method paypal
    """

    where = target(output, inputs.file or (), GUIDE.columns)
    chosen = choose(inputs, opening)
    taken = Wanted(True, method, None, {}, chosen.methods, chosen.agreements, exchange(fx), chosen.tax_forms)
    found = payout_guide(payout_check(frame(chosen, whole=False).scope, method, chosen.methods, taken))
    emit(where, guide_view(found))
    return found.scope.exit_code
