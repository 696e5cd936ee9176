"""`diamondctl summary`."""

from __future__ import annotations

from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.output import emit, target
from diamondctl.desk.summing import summed
from diamondctl.render.summary import DOCUMENT, view


@options.expand
def summary(inputs: options.Inputs, output: options.Output) -> int:
    """Read, rate, report."""

    where = target(output, inputs.file or (), DOCUMENT.columns)
    report = summed(choose(inputs))
    emit(where, view(report))
    return report.scope.exit_code
