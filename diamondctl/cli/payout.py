"""`diamondctl payout`: check, guide."""

from __future__ import annotations

import typer

from diamondctl.api import payouts
from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.output import answer, target
from diamondctl.render.guide import DOCUMENT as GUIDE
from diamondctl.render.payout import DOCUMENT

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
    return answer(where, payouts.check(choose(inputs, opening), method=method, fx=fx))


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
    return answer(where, payouts.walk(choose(inputs, opening), method=method, fx=fx))
