"""`diamondctl compare`."""

from __future__ import annotations

from typing import Annotated

from diamondctl.api import platforms
from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.output import answer, target
from diamondctl.render.platforms import DOCUMENT


@options.expand
def compare(
    inputs: options.Inputs,
    output: options.Output,
    mine: Annotated[bool, options.option("--mine", help="What your own fans spent, as the others would have paid it.")] = False,
) -> int:
    """Read the facts, and with --mine the gifts too."""

    where = target(output, inputs.file or (), DOCUMENT.columns)
    return answer(where, platforms.compare(choose(inputs), mine=mine))
