"""`diamondctl rates diff`, and what it shares with `rates impact`: which two sides, and where problems are shown."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.cli.check import append_summary
from diamondctl.cli.clock import latest, today
from diamondctl.cli.output import emit, target
from diamondctl.cli.places import in_repository
from diamondctl.desk import parse
from diamondctl.ratebook import accepted
from diamondctl.ratebook.books import Book, Sides, read_both
from diamondctl.ratebook.compare import Comparison, compare
from diamondctl.ratebook.decided import FAIL_ON, decide
from diamondctl.ratebook.rules import severity
from diamondctl.render import diff as render
from diamondctl.render import formats

FUTURE, PAST = 5, 6  # exit codes that tell what changed


@options.with_formats(*formats.DIFF)
@options.expand
def diff(
    between: options.Between,
    output: options.Output,
    fail_on: Annotated[
        str, typer.Option("--fail-on", metavar="WHEN", help="past or any: such a change is an error until it is accepted.")
    ] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Warnings make the exit code 1 too.")] = False,
    detailed_exit_code: Annotated[
        bool, typer.Option("--detailed-exit-code", help="0 nothing changed, 5 only the future did, 6 the past did.")
    ] = False,
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The last day of the past. Default: today.")] = "",
) -> int:
    """Read both sides, compare, report."""

    where = target(output, more=formats.DIFF)
    if fail_on:
        parse.one_of(fail_on, "--fail-on", FAIL_ON)
    on = parse.day(as_of, "--as-of")
    found = decided(*both(between), on or today(), last=on or latest(), fail_on=fail_on)
    emit(where, render.view(found, in_repository(found.problems)))
    if where.format.name == "github":
        append_summary(render.job_summary(found))
    failed = [problem for problem in found.problems if strict or severity(problem.code) == "error"]
    return 1 if failed else _detailed(found) if detailed_exit_code else 0


def both(between: options.Between) -> tuple[Book, Book]:
    """Both sides, as they are named; beside --base-rev or --merge-base the first name is that of the head."""
    base, head = between.base, between.head
    if between.base_rev or between.merge_base:
        if head or (between.base_rev and between.merge_base):
            raise typer.BadParameter("one base: BASE, --base-rev or --merge-base; then HEAD alone")
        base, head = "", base
    return read_both(Sides(base, head, between.base_rev, between.merge_base))


def decided(base: Book, head: Book, on: date, *, last: date, fail_on: str = "") -> Comparison:
    """The difference with everything that has to be decided about it, but what the files accept."""
    compared = compare(base.zones, head.zones, on, names=(base.name, head.name), latest=last, broken=base.broken)
    everything = [*compared.problems, *decide(compared, fail_on)]
    left = accepted.sift(everything, tuple(head.zones.values()), last, unused=False)
    let_stand = accepted.listed(head.zones.values())
    return compared._replace(problems=left.problems, notices=base.problems, let_stand=let_stand)


def _detailed(found: Comparison) -> int:
    """What changed, as an exit code: what changes no money is nothing."""
    times = {change.when for change in found.changes}
    return PAST if "past" in times else FUTURE if "future" in times else 0
