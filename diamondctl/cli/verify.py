"""`diamondctl verify`."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.api import statements
from diamondctl.cli import options
from diamondctl.cli.choose import around
from diamondctl.cli.output import answer, target
from diamondctl.render.verified import DOCUMENT


@options.expand
def verify(
    statement: Annotated[str, typer.Argument(metavar="STATEMENT", help="A statement as JSON: report statement -o NAME.json.")],
    output: options.Output,
    file: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE]...", help="The files it was made from. Default: the ledger."),
    ] = None,
    ledger: options.Ledger = "",
    rates: options.Rates = "",
    profile: options.Profile = "",
) -> int:
    """Compute it again, compare."""

    where = target(output, (statement, *(file or ())), DOCUMENT.columns)
    return answer(where, statements.verify(statement, file or [], around(), ledger=ledger, rates=rates, profile=profile))
