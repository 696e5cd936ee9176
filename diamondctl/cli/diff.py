"""`diamondctl rates diff`."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.cli import options, parse
from diamondctl.cli.check import append_summary
from diamondctl.cli.clock import today
from diamondctl.cli.output import emit, target
from diamondctl.ratebook.books import read_both
from diamondctl.ratebook.compare import compare
from diamondctl.render import diff as render
from diamondctl.render import formats

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
    on = parse.day(as_of, "--as-of") or today()
    first, second = read_both(base, head)
    found = compare(first.zones, second.zones, on, names=(first.name, second.name))
    emit(where, render.view(found))
    if where.format.name == "github":
        append_summary(render.job_summary(found))
    return 1 if found.problems else 0
