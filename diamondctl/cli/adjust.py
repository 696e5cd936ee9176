"""`diamondctl adjust`: add, list, undo."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated

import typer

from diamondctl.cli import completion, options, parse
from diamondctl.cli.ledger import now, open_ledger, private_umask
from diamondctl.cli.output import emit, target
from diamondctl.ledger import adjusting
from diamondctl.ledger.adjusting import KINDS as SIGNS
from diamondctl.money import MINOR_UNITS
from diamondctl.problems import Problem, Refusal
from diamondctl.records import Adjustment
from diamondctl.render.adjustments import ADD, LIST, UNDO, view
from diamondctl.reports.upkeep import Adjustments

app = typer.Typer()
KINDS = ("opening", "refund", "reversal", "bonus", "exchange")


@app.command("add")
@options.expand
def add(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND", help="opening, refund, reversal, bonus or exchange.", autocompletion=completion.words(*KINDS)
        ),
    ],
    output: options.Output,
    place: options.Place,
    amount: Annotated[str, typer.Option("--amount", metavar="MONEY", help="Signed: -4.20 takes away.")],
    currency: Annotated[str, typer.Option("--currency", metavar="CODE", help="Such as USD.")],
    date: Annotated[str, typer.Option("--date", metavar="DATE", help="The day on which it counts.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; shown in reports.")],
    creator: options.Creator = "",
    region: Annotated[
        str, typer.Option("--region", metavar="CODE", help="Where a creator has several accounts in one currency.")
    ] = "",
    dry_run: options.DryRun = False,
) -> int:
    """Add to a balance or take away from it, from a day on. Part of `balance`; undo: adjust undo.

    \b
    Examples:
      diamondctl adjust add bonus --amount 25 --currency USD --date 2026-10-31 --reason "campaign" --creator mara
      diamondctl adjust add exchange --amount -10.00 --currency USD --date 2026-10-05 --reason "diamonds to coins"
    """

    where = target(output, columns=ADD.columns)
    parse.one_of(kind, "KIND", KINDS)
    day = parse.day(date, "--date")
    if day is None:
        raise typer.BadParameter("--date: say on which day it counts")
    reason = parse.text(reason, "--reason").strip()
    if not reason or len(reason) > 1_000:
        raise typer.BadParameter("--reason: say why, in at most 1,000 characters")
    money = _money(amount, currency, kind)
    private_umask()
    with open_ledger(place, create=not dry_run) as book, book.writing(keep=not dry_run):
        name = _creator(parse.text(creator, "--creator"), adjusting.creators(book))
        item = Adjustment(0, name, parse.region(region), day, kind, money, currency, reason)
        item = item._replace(number=adjusting.add(book, item, now()))
    emit(where, view(Adjustments((item,), "add", dry_run)))
    return 0


def _creator(given: str, known: list[str]) -> str:
    """The creator meant; only one that the ledger knows can be left out."""
    if given:
        return given
    if len(known) == 1:
        return known[0]
    hint = "say whose balance it is: --creator NAME" + (f"; the ledger holds: {', '.join(known[:5])}" if known else "")
    raise Refusal(Problem("A017", "the adjustment names no creator", hint))


def _money(text: str, currency: str, kind: str) -> Decimal:
    """A signed amount in minor units of the currency, with the sign of its kind; refuses everything else (A017)."""

    if currency not in MINOR_UNITS:
        raise Refusal(Problem("A017", f"--currency: '{currency}' is not a currency", "three letters of ISO 4217, such as USD"))
    places = MINOR_UNITS[currency]
    pattern = r"[+-]?(0|[1-9][0-9]{0,11})" + (rf"(\.[0-9]{{1,{places}}})?" if places else "")
    if not re.fullmatch(pattern, text):
        example = f"-4.{'2'.ljust(places, '0')}" if places else "-420"
        hint = f"write it as {example}: digits, a point, at most {places} decimals of {currency}"
        raise Refusal(Problem("A017", f"--amount: '{text}' is not an amount of {currency}", hint))
    money = Decimal(text).quantize(Decimal(1).scaleb(-places))
    sign = SIGNS[kind]
    if not money or (sign and (money > 0) != (sign > 0)):
        what = "adds to a balance" if sign > 0 else "takes away from a balance" if sign else "cannot be nothing"
        hint = f"write it with a {'minus' if sign < 0 else 'plus or no'} sign" if sign else "give the amount"
        raise Refusal(Problem("A017", f"--amount: {text}, but '{kind}' {what}", hint))
    return money


@app.command("list")
@options.expand
def list_(output: options.Output, place: options.Place) -> int:
    """Every adjustment.

    \b
    Examples:
      diamondctl adjust list
      diamondctl adjust list --csv
    """

    where = target(output, columns=LIST.columns)
    with open_ledger(place) as book, book.reading():
        found = tuple(adjusting.adjustments(book))
    emit(where, view(Adjustments(found, "list", False)))
    return 0


@app.command("undo")
@options.expand
def undo(
    adjustment: Annotated[list[str], typer.Argument(metavar="ADJUSTMENT...", help="Such as a002.")],
    output: options.Output,
    place: options.Place,
    dry_run: options.DryRun = False,
) -> int:
    """Take adjustments back.

    \b
    Examples:
      diamondctl adjust undo a002
    """

    where = target(output, columns=UNDO.columns)
    private_umask()
    with open_ledger(place) as book, book.writing(keep=not dry_run):
        gone = tuple(adjusting.undo(book, adjustment))
    emit(where, view(Adjustments(gone, "undo", dry_run)))
    return 0
