"""`diamondctl rates calibrate`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.output import emit, target, write_file
from diamondctl.desk.calibrating import calibrated, evidence_of
from diamondctl.render.calibration import DOCUMENT, view


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
    found = calibrated(choose(inputs), credit or (), evidence=bool(evidence))
    emit(where, view(found))
    if evidence and found.possible:
        _write(evidence_of(found), evidence, output.force)
    return 0 if found.finding.constant and found.possible else 3


def _write(text: str, file: str, force: bool) -> None:
    """The evidence."""
    if write_file(file, text, force) and sys.stderr is not None:
        sys.stderr.write("Written. It holds no name, id, amount or day, and nothing was sent. See: diamondctl help evidence\n")
