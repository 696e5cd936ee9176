"""`diamondctl report share`."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.api import month as api
from diamondctl.cli import options
from diamondctl.cli.choose import choose, reads_twice
from diamondctl.cli.output import answer, target
from diamondctl.render.share import DOCUMENT, SVG


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
    return answer(where, api.share(choose(inputs), money=money))
