"""`diamondctl period`: check, close, list, reopen."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from diamondctl import periods
from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.ledger import now, open_ledger, private_umask
from diamondctl.cli.output import emit, target
from diamondctl.desk import closing, parse
from diamondctl.desk.chosen import Chosen
from diamondctl.periods import Period
from diamondctl.render import period as render
from diamondctl.render.formats import JUNIT
from diamondctl.reports.closing import KINDS

app = typer.Typer()

Of = Annotated[str, typer.Argument(metavar="PERIOD", help="Whole months that are over: 2026-10, 2026-Q4, 2026, last-month.")]


def _chosen(place: options.Place, period: str, as_of: str) -> tuple[Chosen, Period, date]:
    """The options, the period and the day that is now."""
    chosen = choose(options.Inputs(ledger=place.ledger, config=place.config, as_of=as_of))
    today = chosen.asked.as_of or chosen.asked.today
    return chosen, periods.parse_period(period, today), today


AsOf = Annotated[str, options.option("--as-of", metavar="DATE", env="AS_OF", help="The day that is now. Default: today.")]


@app.command("check")
@options.with_formats(*JUNIT)
@options.expand
def check(period: Of, output: options.Output, place: options.Place, as_of: AsOf = "") -> int:
    """What stands in the way of closing a period. Exit code 1 while something does.

    \b
    Examples:
      diamondctl period check 2026-10
      diamondctl period check last-month -f junit -o check.xml
    """

    where = target(output, columns=render.CHECK.columns, more=JUNIT)
    chosen, of, today = _chosen(place, period, as_of)
    with open_ledger(place) as book, book.reading():
        found = closing.check(book, chosen, of, today)
    emit(where, render.check_view(found))
    return 1 if found.open and not found.closed else 0


@app.command("close")
@options.expand
def close(
    period: Of,
    output: options.Output,
    place: options.Place,
    accept: Annotated[
        list[str] | None,
        typer.Option("--accept", metavar="FINDING", help="A finding that may stay, such as ranges or ranges:mara."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept with the close.")] = "",
    correct: Annotated[
        bool, typer.Option("--correct", help="Book what moved in closed months since as corrections of the first open one.")
    ] = False,
    dry_run: options.DryRun = False,
    as_of: AsOf = "",
) -> int:
    """Close a period: its figures stay as they are now, whatever comes later. Exit code 1 while its check finds something.

    What is closed already stays, and nothing is done. Imports and records that would move it are refused, or booked as
    corrections of the first open month with --correct.

    \b
    Examples:
      diamondctl period close 2026-10
      diamondctl period close 2026-10 --accept ranges --reason "TikTok publishes no share"
      diamondctl period close last-month --dry-run
    """

    where = target(output, columns=render.CLOSE.columns, stores=True)
    why = parse.text(reason, "--reason").strip()
    for name in accept or ():
        parse.one_of(name.partition(":")[0], "--accept", tuple(KINDS))
    if accept and not why:
        raise typer.BadParameter("--reason: say why it may stay")
    if why and not accept:
        raise typer.BadParameter("--reason goes with --accept")
    chosen, of, today = _chosen(place, period, as_of)
    reasons = {parse.text(name, "--accept"): why for name in accept or ()}
    private_umask()
    wanted = closing.Wanted(today, now(), reasons, correct)
    with open_ledger(place) as book:
        with book.reading():
            known = closing.is_closed(book, of)
        if known:
            with book.reading():
                done = closing.close(book, chosen, of, wanted)
        else:
            with book.writing(keep=not dry_run):
                done = closing.close(book, chosen, of, wanted)
    if dry_run and done.done == "closed":
        done = done._replace(done="dry-run")
    emit(where, render.close_view(done))
    return 1 if done.done == "refused" else 0


@app.command("list")
@options.expand
def list_(output: options.Output, place: options.Place) -> int:
    """Every close, what was accepted for it, and what was corrected since.

    \b
    Examples:
      diamondctl period list
      diamondctl period list --json
    """

    where = target(output, columns=render.LIST.columns)
    with open_ledger(place) as book, book.reading():
        found = closing.listed(book)
    emit(where, render.list_view(found))
    return 0


@app.command("reopen")
@options.expand
def reopen(
    period: Of,
    output: options.Output,
    place: options.Place,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept with the close.")] = "",
) -> int:
    """Open the period that was closed last again. The close is kept, with the reason.

    \b
    Examples:
      diamondctl period reopen 2026-10 --reason "the export of 31 October was missing"
    """

    where = target(output, columns=render.REOPEN.columns, stores=True)
    why = parse.text(reason, "--reason").strip()
    if not why:
        raise typer.BadParameter("--reason: say why it is opened again")
    _, of, _ = _chosen(place, period, "")
    private_umask()
    with open_ledger(place) as book, book.writing():
        done = closing.reopen(book, of, now(), why)
    emit(where, render.reopen_view(done))
    return 0
