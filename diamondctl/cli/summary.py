"""`diamondctl summary`."""

from __future__ import annotations

from diamondctl.api import earnings
from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.output import answer, target
from diamondctl.render.summary import DOCUMENT


@options.expand
def summary(inputs: options.Inputs, output: options.Output) -> int:
    """Read, rate, report."""

    where = target(output, inputs.file or (), DOCUMENT.columns)
    return answer(where, earnings.summary(choose(inputs)))
