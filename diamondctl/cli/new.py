"""`diamondctl rates new`."""

from __future__ import annotations

import contextlib
import re
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.cli.clock import today
from diamondctl.cli.main import closed_output
from diamondctl.cli.output import write_file
from diamondctl.desk import parse
from diamondctl.ratebook.skeleton import skeleton
from diamondctl.render.text import clean


@options.expand
def new(
    zone: Annotated[
        str, typer.Argument(metavar="ZONE", help="Name of the file without ending; two letters are the region too.")
    ],
    region: Annotated[
        list[str] | None,
        typer.Option("--region", metavar="CODE", help="A region it covers. Can be repeated. Default: ZONE, if two letters."),
    ] = None,
    currency: Annotated[str, typer.Option("--currency", metavar="CODE", help="Of the reward.")] = "USD",
    timezone: Annotated[str, typer.Option("--timezone", metavar="ZONE", help="In which the platform's days begin.")] = "UTC",
    since: Annotated[
        str, typer.Option("--since", metavar="DATE", help="The first day for which it is to hold. Default: today.")
    ] = "",
    share: Annotated[
        str | None, typer.Option("--share", metavar="PERCENT", help="Your own reward share in percent. Default: a placeholder.")
    ] = None,
    platform: options.Platform = "tiktok",
    output: Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="Write to FILE; - is the screen.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Let -o replace an existing file.")] = False,
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="Pretend it is this date. Default: today.")] = "",
) -> int:
    """Check every word, write the text."""

    slug = r"[a-z0-9]+([_-][a-z0-9]+)*"
    name = zone.lower() if re.fullmatch("[A-Z]{2}", zone) else zone
    for text, what in ((name, "ZONE"), (platform, "--platform")):
        if not re.fullmatch(slug, text):
            raise typer.BadParameter(f"{what}: '{text}' is not a name in small letters, digits, - and _")
    places = parse.decimals_of(currency, "--currency")
    regions = [parse.region(code) for code in region or ([name] if re.fullmatch("[a-z]{2}", name) else [])]
    if not regions:
        raise typer.BadParameter("--region CODE is missing: which regions does it cover?")
    place = parse.timezone(timezone, "--timezone") or "UTC"
    on = parse.day(as_of, "--as-of") or today()
    first = parse.day(since, "--since") or on
    own = parse.percent(share, "--share")
    text = skeleton(platform, list(dict.fromkeys(regions)), place, currency, on, places, first, own)
    if not output or output == "-":
        if sys.stdout is None:
            raise closed_output()
        sys.stdout.write(text)
        return 0
    with contextlib.suppress(OSError):  # `write_file` says why it cannot be written
        Path(output).parent.mkdir(parents=True, exist_ok=True)
    if write_file(output, text, force) and sys.stderr is not None:
        sys.stderr.write(f"Written. Replace what says REPLACE, then: diamondctl rates check {clean(shlex.quote(output))}\n")
    return 0
