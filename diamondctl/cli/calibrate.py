"""`diamondctl rates calibrate`."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.output import emit, target, write_file
from diamondctl.desk import parse
from diamondctl.desk.frame import frame
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook.evidence_format import text_of
from diamondctl.render.calibration import DOCUMENT, view
from diamondctl.reports.calibration import Calibrated, calibration


@options.expand
def calibrate(
    inputs: options.Inputs,
    output: options.Output,
    credit: Annotated[
        list[str] | None,
        typer.Option(
            "--credit", metavar="ID=AMOUNT", help="What the app showed for a LIVE, or for a day's credit. Can be repeated."
        ),
    ] = None,
    evidence: Annotated[
        str,
        typer.Option("--evidence", metavar="FILE", help="Also write region, month, method, interval and n, and nothing else."),
    ] = "",
) -> int:
    """Rate the gifts, compare, say what is left open."""

    where = target(output, inputs.file or (), DOCUMENT.columns)
    amounts = _amounts(credit or [])
    scope = frame(choose(inputs)).scope
    found = calibration(scope, amounts)
    if evidence and not found.month:
        message = f"evidence is of a month, and this is {found.scope.period.label}"
        raise Refusal(Problem("A024", message, "give it: -p 2026-10"))
    emit(where, view(found))
    if evidence and found.possible:
        _write(found, evidence, output.force)
    return 0 if found.finding.constant and found.possible else 3


def _amounts(texts: list[str]) -> dict[str, Decimal]:
    """Amounts by credit; refuses (A024) what is no pair, and a credit twice."""
    amounts: dict[str, Decimal] = {}
    for text in texts:
        name, equals, amount = text.rpartition("=")
        value = parse.amount(amount, "--credit", zero=True) if equals and name else None
        if value is None or name in amounts:
            what = "a credit twice" if value is not None else "not ID=AMOUNT"
            raise Refusal(Problem("A024", f"--credit: '{text}' is {what}", "write it as 7390000000000000117=12.50"))
        amounts[name] = value
    return amounts


def _write(found: Calibrated, file: str, force: bool) -> None:
    """The evidence."""
    first = found.finding
    account = found.account
    high = min(first.share.high, Decimal(100))  # what is rounded down may fit a share above it too
    text = text_of(account.zone.platform, account.region, found.month, first.method, first.share.low, high, first.n)
    if write_file(file, text, force) and sys.stderr is not None:
        sys.stderr.write("Written. It holds no name, id, amount or day, and nothing was sent. See: diamondctl help evidence\n")
