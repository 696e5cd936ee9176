"""`diamondctl import`."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.cli import options

HELP = """Add gift files to the ledger: once, in any order, as often as you like.

\b
Examples:
  diamondctl import gifts-2026-10.csv
  diamondctl import exports/ --creator mara --region US --dry-run
  cat gifts.json | diamondctl import -

All files or none: one bad row anywhere and nothing is stored, unless --keep-good leaves the bad rows out.
A gift that is in the ledger already is recognised and counts once. Undo: diamondctl documents undo DOCUMENT.

\b
Exit codes:
  0 done   2 refused, with every problem on stderr   3 stored, but rows were left out
  4 two sources over the same days, or the ledger cannot be used
"""


@options.expand
def import_(
    output: options.Output,
    place: options.Place,
    file: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files, folders, or - for standard input.")],
    creator: Annotated[
        str, options.option("--creator", metavar="NAME", env="CREATOR", help="The creator, where rows name none.")
    ] = "",
    region: options.Region = "",
    input_timezone: options.InputTimezone = "",
    encoding: options.Encoding = "",
    keep_good: Annotated[
        bool, typer.Option("--keep-good", help="Store the good rows, and keep the others for repair.")
    ] = False,
    prefer: Annotated[
        str, typer.Option("--prefer", metavar="SOURCE", help="Which rows count where two sources cover the same days.")
    ] = "",
    dry_run: options.DryRun = False,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="Show no progress on the terminal.")] = False,
) -> int:
    """Read, compare, store."""
    from diamondctl.cli.importer import Wanted, bring
    from diamondctl.cli.output import emit, target
    from diamondctl.cli.progress import progress
    from diamondctl.cli.settings import read_config
    from diamondctl.ledger.incoming import Reading
    from diamondctl.render.documents import IMPORT_COLUMNS, import_view

    where = target(output, file, IMPORT_COLUMNS)
    config = read_config(place.config)
    reading = Reading(
        options.text(creator, "--creator") or config.text("creator"),
        options.timezone(input_timezone, "--input-timezone") or config.text("input_timezone"),
        options.encoding(encoding),
        options.region(region),
    )
    with progress(not no_progress and not output.quiet) as told:
        report = bring(place, file, Wanted(reading, keep_good, prefer, dry_run), told)
    emit(where, import_view(report))
    return 3 if report.rejected else 0
