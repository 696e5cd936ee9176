"""`diamondctl estimate`."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.clock import today
from diamondctl.cli.output import emit, target
from diamondctl.desk.estimating import estimate_of
from diamondctl.problems import Problem, Refusal
from diamondctl.render.estimate import DOCUMENT, view

MOST = 999_999_999_999_999


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
    number = _coins(coins)
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
    who = creator or chosen.usual or (min(chosen.named) if len(chosen.named) == 1 else "you")
    day = chosen.asked.as_of or today()
    if not chosen.region_of(who, 0) and not any(stay.region for stay in chosen.regions.get(who, ())):
        hint = "say where you are paid: --region CODE, such as US, GB or DE; for good: diamondctl init"
        raise Refusal(Problem("G051", "coins alone name no payout region", hint))
    report = estimate_of(number, chosen, day, who)
    emit(where, view(report))
    return 0 if report.reward is not None else 3


def _coins(text: str) -> int:
    """A number of coins (G020, G021); thousands may be set apart by commas."""
    plain = text.replace(",", "") if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+", text) else text
    if not re.fullmatch(r"[0-9]{1,18}", plain) or not int(plain):
        raise Refusal(Problem("G020", f"COINS: '{text}' is no number of coins", "write it in digits, such as 20265"))
    if int(plain) > MOST:
        raise Refusal(Problem("G021", f"COINS: {text} is more than {MOST:,}", "is this what your fans sent?"))
    return int(plain)
