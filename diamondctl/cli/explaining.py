"""`diamondctl explain`: reward, stream, and a payout by its ID."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.cli.choose import choose, exchange, reads_twice
from diamondctl.cli.output import emit, target
from diamondctl.desk import explaining
from diamondctl.desk.frame import frame
from diamondctl.render.explain import REWARD, STREAM, reward_view, stream_view
from diamondctl.render.reconcile import EXPLAIN, explained_view, letter_view
from diamondctl.reports import explain
from diamondctl.reports.fees import Wanted

app = typer.Typer()


@app.command("reward")
@options.expand
def reward(inputs: options.Inputs, output: options.Output) -> int:
    """Every credit of the period: when it is credited, its share, and the missions the share is built from.

    \b
    Examples:
      diamondctl explain reward -p 2026-10
      diamondctl explain reward gifts.csv --region US --penalty 0 --active-fans 120 --league held --csv
    """

    where = target(output, inputs.file or (), REWARD.columns)
    scope = frame(choose(inputs), of_earnings=True).scope
    emit(where, reward_view(explain.reward(scope)))
    return scope.exit_code


@app.command("stream")
@options.expand
def stream(
    wanted: Annotated[
        str, typer.Argument(metavar="ID|TIME", help="A stream by its id, or by a time at which one of its gifts was sent.")
    ],
    inputs: options.Inputs,
    output: options.Output,
    rows: Annotated[int, typer.Option("--rows", min=0, metavar="N", help="How many of its gifts to show; 0 is all.")] = 10,
) -> int:
    """One stream: which missions counted, what the next band would have paid, the credits it went into, and its gifts.

    A time without a zone is in the reporting time zone.

    \b
    Examples:
      diamondctl explain stream 7390000000000000117
      diamondctl explain stream 2026-10-31T20:15 gifts.csv --region US --penalty 0
    """

    where = target(output, inputs.file or (), STREAM.columns)
    reads_twice(inputs, "explain stream")
    scope, report = explaining.stream(choose(inputs), wanted, rows)
    emit(where, stream_view(report))
    return scope.exit_code


@app.command("ID")
@options.expand
def payout(
    wanted: Annotated[str, typer.Argument(metavar="ID", help="A payout, such as p007.")],
    inputs: options.Inputs,
    output: options.Output,
    letter: Annotated[bool, typer.Option("--letter", help="One page for a support desk.")] = False,
    fx: options.Fx = "",
) -> int:
    """Which LIVEs paid for a payout, down to files and lines, and what was taken on the way: `explain p007`.

    \b
    Examples:
      diamondctl explain p007
      diamondctl explain p007 -v
      diamondctl explain p007 --letter -o letter.txt
    """

    where = target(output, inputs.file or (), EXPLAIN.columns)
    if inputs.file:
        raise typer.BadParameter("a payout is of the ledger: name no files")
    chosen = choose(inputs)
    taken = Wanted(True, "", None, {}, chosen.methods, chosen.agreements, exchange(fx), chosen.tax_forms)
    report = explaining.payout(chosen, wanted, taken)
    emit(where, letter_view(report) if letter else explained_view(report))
    return report.scope.exit_code or (0 if report.complete else 3)
