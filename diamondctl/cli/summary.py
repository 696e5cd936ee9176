"""`diamondctl summary`."""

from __future__ import annotations

from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.output import emit, target
from diamondctl.desk.frame import frame
from diamondctl.render.summary import DOCUMENT, view
from diamondctl.reports.summary import summarise


@options.expand
def summary(inputs: options.Inputs, output: options.Output) -> int:
    """Read, rate, report."""

    where = target(output, inputs.file or (), DOCUMENT.columns)
    scope = frame(choose(inputs), whole=False, of_earnings=True).scope
    emit(where, view(summarise(scope)))
    return scope.exit_code
