"""`diamondctl rates coverage`."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl import periods
from diamondctl.cli import completion, options
from diamondctl.cli.clock import today
from diamondctl.cli.output import emit, target
from diamondctl.desk import parse
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import RATES, Zone
from diamondctl.render.coverage import view
from diamondctl.reports.coverage import coverage as make
from diamondctl.reports.coverage import coverage_to
from diamondctl.yamlfile.schema import did_you_mean


@options.expand
def coverage(
    output: options.Output,
    rate: Annotated[
        str, typer.Argument(metavar="[RATE]", help="reward, minimum_payout, ...", autocompletion=completion.words(*RATES))
    ] = "reward",
    platform: options.Platform = "tiktok",
    rates: options.Rates = "",
    period: Annotated[
        str, typer.Option("-p", "--period", metavar="P", help="2026, 2026-Q3, 2026-10 or 2026-01-01..2026-10-31.")
    ] = "",
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="Pretend it is this date. Default: today.")] = "",
) -> int:
    """Load every zone of the platform, look every month up."""

    where = target(output)
    if rate not in RATES:
        raise Refusal(Problem("A013", f"there is no rate '{rate}'", did_you_mean(rate, list(RATES))))
    on = parse.day(as_of, "--as-of") or today()
    asked = periods.parse_period(period, on) if period else None
    regions: dict[str, Zone] = {}
    for zone in store.load_all(parse.folder(rates, "--rates"), platform):
        for region in zone.regions:
            regions.setdefault(region, zone)  # the user's files come first
    if asked:
        found = make(regions, rate, periods.month_of(asked.start), periods.month_of(asked.last_day))
    else:
        found = coverage_to(regions, rate, on)
    emit(where, view(found))
    return 0
