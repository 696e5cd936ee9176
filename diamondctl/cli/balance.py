"""`diamondctl balance`."""

from __future__ import annotations

from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.output import emit, target
from diamondctl.desk.frame import frame
from diamondctl.render.balance import DOCUMENT, view
from diamondctl.reports import balance as report


@options.expand
def balance(inputs: options.Inputs, output: options.Output, opening: options.Opening = "") -> int:
    """Read, rate, split by state."""

    where = target(output, inputs.file or (), DOCUMENT.columns)
    scope = frame(choose(inputs, opening), whole=False).scope
    emit(where, view(report.balance(scope)))
    return scope.exit_code
