"""`diamondctl rates gifts`: learn."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.cli.choose import stdin
from diamondctl.cli.clock import today
from diamondctl.cli.output import emit, target
from diamondctl.desk import parse
from diamondctl.desk.choosing import profiles
from diamondctl.desk.gifts_learned import learn as read_prices
from diamondctl.desk.intake import Opening
from diamondctl.desk.settings import platform_and_rates, read_config
from diamondctl.ratebook.store import catalogue
from diamondctl.readers.gift_rows import Settings
from diamondctl.render.gifts_learned import DOCUMENT, YAML, view


@options.with_formats(YAML)
@options.expand
def learn(
    logs: Annotated[list[str], typer.Argument(metavar="LOG...", help="Logs of LIVE events, or gift files with ids.")],
    output: options.Output,
    platform: options.Platform = "",
    rates: options.Rates = "",
    config: options.Config = "",
    profile: options.Profile = "",
    input_timezone: options.InputTimezone = "",
    salvage: options.Salvage = False,
) -> int:
    """Read the prices, compare them with the catalogue."""

    where = target(output, logs, DOCUMENT.columns, (YAML,))
    platform, folder = platform_and_rates(platform, rates, read_config(config))
    zone = parse.timezone(input_timezone, "--input-timezone")
    rows = Settings(creator="-", input_timezone=zone, profiles=profiles(profile), salvage=salvage)
    listed = catalogue(platform, folder)
    found = read_prices(logs, rows, Opening(salvage=salvage, stdin=stdin()), listed.price)
    emit(where, view(found, platform, today()))
    return 1 if found.number("differs") or found.number("conflict") else 0
