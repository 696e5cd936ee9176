"""`diamondctl estimate`."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.api import outlook
from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.output import answer, target
from diamondctl.render.estimate import DOCUMENT


@options.expand
def estimate(
    coins: Annotated[str, typer.Argument(metavar="COINS", help="How many, such as 20265.")],
    output: options.Output,
    region: options.Region = "",
    share: options.Share = None,
    scheme: options.Scheme = "",
    creator: options.Creator = "",
    as_of: options.AsOf = "",
    config: options.Config = "",
    platform: options.Platform = "",
    rates: options.Rates = "",
) -> int:
    """Rate one gift of so many coins."""
    where = target(output, columns=DOCUMENT.columns)
    chosen = choose(
        options.Inputs(
            ["-"],
            region=region,
            share=share,
            scheme=scheme,
            creator=creator,
            as_of=as_of,
            config=config,
            platform=platform,
            rates=rates,
        )
    )
    return answer(where, outlook.estimate(coins, chosen))
