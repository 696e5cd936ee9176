"""`diamondctl explain`: where a number comes from, whatever it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Final

import typer

from diamondctl.api import earnings, outlook, payouts
from diamondctl.api import explained as api
from diamondctl.cli import completion, options
from diamondctl.cli.choose import choose, reads_twice
from diamondctl.cli.output import Target, answer, emit, target
from diamondctl.cli.records import show_record
from diamondctl.desk.chosen import Chosen
from diamondctl.render import balance as balances
from diamondctl.render import payout
from diamondctl.render import project as projections
from diamondctl.render.explain import REWARD, STREAM
from diamondctl.render.page import Part
from diamondctl.render.reconcile import EXPLAIN
from diamondctl.render.sources import entries_part, explained

WORDS: Final = ("reward", "balance", "payout", "project")
_COLUMNS: Final = {
    "reward": REWARD.columns,
    "balance": balances.DOCUMENT.columns,
    "payout": payout.DOCUMENT.columns,
    "project": projections.DOCUMENT.columns,
}


@options.expand
def explain(
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="reward, balance, payout, project, or the ID of a record, a file or a LIVE (or a time in it).",
            autocompletion=completion.words(*WORDS),
        ),
    ],
    inputs: options.Inputs,
    output: options.Output,
    rows: Annotated[
        int, typer.Option("--rows", min=0, metavar="N", help="How many gifts of a LIVE or rows of a file; 0 is all.")
    ] = 10,
    letter: Annotated[bool, typer.Option("--letter", help="Of a payout: one page for a support desk.")] = False,
    method: options.Method = "",
    opening: options.Opening = "",
    fx: options.Fx = "",
) -> int:
    """Find what is meant, and show it with all it rests on."""
    if what == "stream":  # a LIVE may have any name, also one of the words
        if not inputs.file:
            raise typer.BadParameter("name a LIVE: explain stream ID")
        what, inputs = inputs.file[0], inputs._replace(file=inputs.file[1:])
    elif what in WORDS:
        where = target(output, inputs.file or (), _COLUMNS[what])
        chosen = choose(inputs, opening if what != "reward" else "")
        return _explain(what, where, chosen, inputs.period, method, fx)
    elif re.fullmatch("p[0-9]{3,}", what) and not inputs.file:
        return _payout(what, inputs, output, letter, fx)
    elif re.fullmatch("[dbcia][0-9]{3,}", what) and not inputs.file:
        return show_record(what, output, options.Place(inputs.ledger, inputs.config), rows)
    where = target(output, inputs.file or (), STREAM.columns)
    reads_twice(inputs, "explain stream")
    live = api.stream(choose(inputs), what, rows)
    emit(where, explained(live.view, live.value.rates))
    return live.exit_code


def _payout(name: str, inputs: options.Inputs, output: options.Output, letter: bool, fx: str) -> int:
    """Which LIVEs paid for a payout, down to files and lines, and what was taken on the way."""
    where = target(output, (), EXPLAIN.columns)
    return answer(where, api.payout(choose(inputs), name, fx=fx, letter=letter))


def _explain(what: str, where: Target, chosen: Chosen, period: str, method: str, fx: str) -> int:
    """A report with its evidence; what it answers is no exit code here."""
    whole = where.given.verbose  # else the page is what is explained alone
    if what == "project":
        projected = outlook.project(chosen, period, method=method, fx=fx)
        tested = None if whole else lambda: projections.tested(projected.value)
        emit(where, explained(projected.view, projected.value.rates, brief=tested))
        return 0 if projected.value.scope.complete and not projected.value.skipped else 3
    if what == "reward":
        rewards = api.reward(chosen)
        emit(where, explained(rewards.view, rewards.value.rates))
        return rewards.exit_code
    if what == "balance":
        held = earnings.balance(chosen)

        def entries() -> Sequence[Part]:
            return [entries_part(held.value.entries)]

        emit(where, explained(held.view, held.value.rates, entries, None if whole else entries))
        return held.exit_code
    checked = payouts.check(chosen, method=method, fx=fx)
    page = None if whole else lambda: checked.view.page().parts
    emit(where, explained(checked.view, checked.value.rates, brief=page))
    return checked.value.scope.exit_code
