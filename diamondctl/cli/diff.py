"""`diamondctl rates diff`."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from diamondctl.cli import options, parse
from diamondctl.cli.check import append_summary
from diamondctl.cli.output import emit, target
from diamondctl.ratebook.books import read_both
from diamondctl.ratebook.compare import compare
from diamondctl.render import diff as render
from diamondctl.render import formats

HELP = """What changed between two sets of rate files, entry by entry, and whether history was kept.

\b
Examples:
  diamondctl rates diff HEAD
  diamondctl rates diff origin/main rates/
  diamondctl rates diff v1.0 v1.1 --json
  diamondctl rates diff v1.0:rates/tiktok my-rates/tiktok
  diamondctl rates diff old/us.yaml new/us.yaml --as-of 2026-10-31

BASE and HEAD are a file, a folder, a git revision, or REVISION:PATH. A revision without a path is looked at where the
other side is, else in rates/. Nothing is checked out. Without HEAD it is rates/ as it is on disk.

History is append-only: entries are added or corrected by later ones, and only verified may be edited. Whatever else
happened to an entry or a source is an error. What begins after --as-of is future, all else is past.

\b
Exit codes:
  0 history was kept   1 it was not   2 wrong usage, or files that `rates check` refuses
"""

Base = Annotated[str, typer.Argument(metavar="BASE", help="A file, a folder, a git revision, or REVISION:PATH.")]
Head = Annotated[str, typer.Argument(metavar="[HEAD]", help="The same. Default: rates/ as it is on disk.")]


@options.with_formats(*formats.GITHUB)
@options.expand
def diff(
    base: Base,
    output: options.Output,
    head: Head = "",
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The last day of the past. Default: today.")] = "",
) -> int:
    """Read both sides, compare, report."""

    where = target(output, more=formats.GITHUB)
    on = parse.day(as_of, "--as-of") or date.today()
    first, second = read_both(base, head)
    found = compare(first.zones, second.zones, on, names=(first.name, second.name))
    emit(where, render.view(found))
    if where.format.name == "github":
        append_summary(render.job_summary(found))
    return 1 if found.problems else 0
