"""`diamondctl rates explain`."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.cli.output import emit, target
from diamondctl.ratebook.rules import RULES
from diamondctl.render.rules import view
from diamondctl.yamlfile.schema import did_you_mean


def _codes(incomplete: str) -> list[str]:
    return [code for code in RULES if code.startswith(incomplete.upper())]


@options.expand
def explain(
    output: options.Output,
    code: Annotated[
        str, typer.Argument(metavar="[CODE]", help="Such as R021. Default: a list of all.", autocompletion=_codes)
    ] = "",
) -> int:
    """One page, or all in short."""

    where = target(output)
    if code and code.upper() not in RULES:
        raise typer.BadParameter(f"'{code}' is not a code of rate files: {did_you_mean(code.upper(), list(RULES))}")
    emit(where, view([RULES[code.upper()]] if code else list(RULES.values())))
    return 0
