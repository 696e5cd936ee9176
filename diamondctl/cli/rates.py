"""`diamondctl rates`: list, show, which."""

from __future__ import annotations

import os
import re
import shlex
from typing import Annotated

import typer

from diamondctl import periods
from diamondctl.api import rate_files
from diamondctl.cli import completion, options
from diamondctl.cli.clock import today
from diamondctl.cli.main import say
from diamondctl.cli.output import answer, emit, target
from diamondctl.desk import parse
from diamondctl.desk.settings import platform_and_rates, read_config, region_or_default
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import RATES, RateEntry
from diamondctl.render import formats
from diamondctl.render import rates as render
from diamondctl.reports import rates as report
from diamondctl.yamlfile.schema import did_you_mean

Date = Annotated[str, typer.Option("--date", metavar="DATE", help="The day to look at. Default: today.")]


@options.with_formats(*formats.LIST)
@options.expand
def list_(
    output: options.Output,
    platform: options.Platform = "",
    rates: options.Rates = "",
    config: options.Config = "",
    day: Date = "",
) -> int:
    """Load every zone, look its reward up."""

    where = target(output, columns=render.LIST.columns, more=formats.LIST)
    on = parse.day(day, "--date") or today()
    given = {"--platform": platform, "--rates": rates}
    options_given = " ".join(f"{name} {shlex.quote(said)}" for name, said in given.items() if said)
    platform, folder = platform_and_rates(platform, rates, read_config(config))
    code = answer(where, rate_files.listed(platform, folder, on, options_given))
    if where.format.name == "lock" and not output.quiet:
        beside = folder is None and os.path.isdir("rates")
        say(f"Pinned: {rate_files.pinned(platform, folder)}.{' ./rates is not among them: --rates rates.' if beside else ''}")
    return code


@options.expand
def show(
    zone: Annotated[
        str,
        typer.Argument(
            metavar="ZONE|REGION", help="A zone (euro) or a region it covers (DE).", autocompletion=completion.zones
        ),
    ],
    output: options.Output,
    platform: options.Platform = "",
    rates: options.Rates = "",
    config: options.Config = "",
) -> int:
    """Load one zone."""

    where = target(output, columns=render.SHOW.columns)
    on = today()
    platform, folder = platform_and_rates(platform, rates, read_config(config))
    zones = [item for item in store.load_all(folder, platform) if zone in (item.name, f"{item.platform}/{item.name}")]
    if not zones and not re.fullmatch("[A-Za-z]{2}", zone):
        names = ", ".join(item.name for item in store.load_all(folder, platform))
        raise Refusal(Problem("A005", f"no zone is called '{zone}'", f"zones: {names}; or a region of two letters"))
    chosen = zones[0] if zones else store.zones_for(platform, [zone.upper()], folder, known_only=True)[zone.upper()]
    now = [report.which(chosen, "", name, on, periods.day_start(on, chosen.timezone), None) for name in chosen.rates]
    emit(where, render.show_view(chosen, now))
    return 0


@options.expand
def which(
    output: options.Output,
    rate: Annotated[
        str,
        typer.Argument(
            metavar="[RATE]", help="reward, minimum_payout, ... Default: all.", autocompletion=completion.words(*RATES)
        ),
    ] = "",
    region: options.Region = "",
    day: Date = "",
    platform: options.Platform = "",
    rates: options.Rates = "",
    config: options.Config = "",
    rates_as_of: options.RatesAsOf = "",
) -> int:
    """Look every rate up."""

    where = target(output, columns=render.WHICH.columns)
    parse.region(region)
    settings = read_config(config)
    on, said = parse.day(day, "--date") or today(), parse.day(rates_as_of, "--rates-as-of")
    code = region_or_default(region, settings, on)
    if not code:
        raise typer.BadParameter("--region CODE is missing; the covered ones: diamondctl rates list")
    if rate and rate not in RATES:
        raise Refusal(Problem("A013", f"there is no rate '{rate}'", did_you_mean(rate, list(RATES))))
    platform, folder = platform_and_rates(platform, rates, settings)
    zone = store.zones_for(platform, [code], folder, known_only=True)[code]
    quarter = periods.day_start(on, zone.timezone)
    names = [rate] if rate else [name for name in RATES if name in zone.rates]
    answers = [report.which(zone, code, name, on, quarter, said) for name in names]
    emit(where, render.which_view(answers))
    return 0 if all(isinstance(answer.found, RateEntry) for answer in answers) else 3
