"""`diamondctl balance`."""

from __future__ import annotations

from diamondctl.api import earnings
from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.output import answer, target
from diamondctl.render.balance import DOCUMENT


@options.expand
def balance(inputs: options.Inputs, output: options.Output, opening: options.Opening = "") -> int:
    """Read, rate, split by state."""

    where = target(output, inputs.file or (), DOCUMENT.columns)
    return answer(where, earnings.balance(choose(inputs, opening)))
