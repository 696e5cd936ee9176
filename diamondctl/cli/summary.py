"""`diamondctl summary`."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Annotated

import typer

from diamondctl.cli import options

HELP = """One screen: what the gifts in these files earned in a period, and what the payout minimum says.

\b
Examples:
  diamondctl summary gifts.csv --region US --share 48
  diamondctl summary october.csv november.jsonl --region GB
  diamondctl summary exports/ --region DE -p 2026-10 -o october.json
  cat gifts.json | diamondctl summary - --region US --json

Reads the plain gift format as CSV, JSON list or JSON Lines. A gift that two files hold counts once.
Exit codes: 0 done; 2 refused, with every problem on stderr; 3 gifts of the period are missing from the money; 4 the
output file exists or cannot be written.
"""


def summary(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Files, folders, or - for standard input.")],
    creator: options.Creator = "",
    region: options.Region = "",
    platform: options.Platform = "tiktok",
    period: options.PeriodText = "",
    as_of: options.AsOf = "",
    share: options.Share = "",
    rates: options.Rates = "",
    rates_as_of: options.RatesAsOf = "",
    timezone: options.TimeZone = "",
    input_timezone: options.InputTimeZone = "",
    encoding: options.Encoding = "",
    format: options.Format = "",
    as_json: options.Json = False,
    output: options.Output = "",
    force: options.Force = False,
    color: options.Colour = "auto",
) -> int:
    """Read, rate, report."""
    from diamondctl import periods
    from diamondctl.cli import inputs
    from diamondctl.cli.output import emit, target
    from diamondctl.rating.rewards import rate
    from diamondctl.readers.gift_rows import Settings
    from diamondctl.render import summary as render
    from diamondctl.reports.summary import Asked, summarise

    where = target(format, as_json, output, force, color)
    asked_as_of = options.day(as_of, "--as-of")
    today = asked_as_of or date.today()
    asked = Asked(
        period=periods.parse_period(period, today) if period else None,
        as_of=asked_as_of,
        timezone=options.timezone(timezone),
        own_share=options.share(share),
        rates_as_of=options.day(rates_as_of, "--rates-as-of"),
    )
    name = unicodedata.normalize("NFC", creator)
    found = inputs.read_files(
        files,
        settings=Settings(creator=name, input_timezone=options.timezone(input_timezone)),
        only_creator=name,
        region=options.region(region),
        encoding=options.encoding(encoding),
        platform=platform,
        rates=options.folder(rates, "--rates"),
    )
    rated = rate(found.usage, found.zones, own_share=asked.own_share, as_of=asked.rates_as_of)
    report = summarise(rated, found.zones, found.documents, asked, notices=found.notices)
    emit(where, render.document(report), lambda width, rule, clean: render.screen(report, width, rule, clean))
    return 0 if report.complete else 3
