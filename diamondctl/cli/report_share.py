"""`diamondctl report share`."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.cli.choose import choose, reads_twice
from diamondctl.cli.output import emit, target
from diamondctl.desk.monthly import shared
from diamondctl.render.share import DOCUMENT, SVG, view
from diamondctl.reports.month import creators
from diamondctl.words import few


@options.with_formats(SVG)
@options.expand
def share(
    inputs: options.Inputs,
    output: options.Output,
    money: Annotated[bool, typer.Option("--money", help="Tell the reward too, as a range where it is one.")] = False,
) -> int:
    """Read, count, and rate only for --money."""
    where = target(output, inputs.file or (), DOCUMENT.columns, (SVG,))
    reads_twice(inputs, "report share")
    report = shared(choose(inputs), money=money)
    if len(names := creators(report.scope)) > 1:
        raise typer.BadParameter(f"it is of one creator: say --creator NAME ({few(names)})")
    emit(where, view(report))
    return report.scope.exit_code
