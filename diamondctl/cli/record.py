"""`diamondctl record`: payout, balance, credit, income, adjustment."""

from __future__ import annotations

import os
from datetime import datetime
from functools import partial
from typing import Annotated

import typer

from diamondctl.cli import completion, options
from diamondctl.cli.choose import choose
from diamondctl.cli.ledger import new_ledger, now, private_umask
from diamondctl.cli.output import Target, emit, target
from diamondctl.desk import parse, typed
from diamondctl.desk.moved import Allowed
from diamondctl.desk.recording import KINDS
from diamondctl.render.record import DOCUMENT, view

app = typer.Typer()

Words = Annotated[
    list[str], typer.Argument(metavar="AMOUNT [CURRENCY]", help="Such as 300 or 287.40; the currency of the wallet.")
]
Day = Annotated[str, typer.Option("--date", metavar="DATE", help="The day.")]


def _record(
    given: options.Recording,
    where: Target,
    day: str,
    words: list[str],
    make: typed.Make,
    *,
    own_currency: bool = False,
    of_two: bool = False,
) -> int:
    """Make the record and store it, show what the wallet holds now."""
    on, said = parse.day(day, "--date"), typed.checked(_said(given))
    words = typed.words_of(words, said.currency)
    inputs = options.Inputs(ledger=given.ledger, config=given.config, platform=given.platform, rates=given.rates)
    chosen = choose(inputs._replace(as_of=os.environ.get("DIAMONDCTL_AS_OF", ""), region=given.region))
    allowed = Allowed(parse.only_period(given.only_period, chosen.asked.today), given.correct, now())
    private_umask()
    place = options.Place(given.ledger, given.config)
    with new_ledger(place, create=not given.dry_run) as book, book.writing(keep=not given.dry_run):
        kept = typed.keep(
            book, chosen, said, words, make,
            day=on, allowed=allowed, moment=now(), own_currency=own_currency, of_two=of_two,
        )  # fmt: skip
    done = typed.told(chosen, kept, dry_run=given.dry_run)
    emit(where, view(done))
    return 3 if done.left else 0


def _said(given: options.Recording) -> typed.Said:
    return typed.Said(given.creator, given.region, given.currency, given.id, given.reason)


@app.command("payout")
@options.expand
def payout(
    amount: Words,
    *,
    date: Annotated[str, typer.Option("--date", metavar="DATE", help="The day on which it left the wallet.")] = "",
    by: Annotated[str, typer.Option("--by", metavar="METHOD", help="Such as paypal or bank: where it arrives.")] = "",
    arrived: Annotated[
        str, typer.Option("--arrived", metavar="AMOUNT [CURRENCY]", help="What arrived. Without it, it is on the way.")
    ] = "",
    arrived_on: Annotated[str, typer.Option("--arrived-on", metavar="DATE", help="The day on which it arrived.")] = "",
    tax: Annotated[str, typer.Option("--tax", metavar="AMOUNT", help="What a tax office held back of it.")] = "",
    fx: options.Fx = "",
    rate: Annotated[
        str,
        typer.Option("--exchange", metavar="RATE", help="Of the payout slip: what one unit of what left is in what arrived."),
    ] = "",
    given: options.Recording,
    output: options.Output,
) -> int:
    """Money that was withdrawn: what left the wallet, and what of it arrived.

    \b
    Examples:
      diamondctl record payout 300 --date 2026-10-12 --by paypal
      diamondctl record payout 300 --date 2026-10-12 --by paypal --arrived 287.40 --arrived-on 2026-10-15
      diamondctl record payout 300 --id p001 --arrived 287.40 --arrived-on 2026-10-15
    """

    where = target(output, columns=DOCUMENT.columns, stores=True)

    make = partial(
        typed.payout, date=date, by=by, arrived=arrived, arrived_on=arrived_on, tax=tax, fx=fx, rate=rate, said=_said(given)
    )
    return _record(given, where, date, amount, make, of_two=bool(arrived))


@app.command("balance")
@options.expand
def balance(
    amount: Words,
    *,
    date: Annotated[str, typer.Option("--date", metavar="DATE", help="The day. Default: now.")] = "",
    at: Annotated[str, typer.Option("--at", metavar="HH:MM", help="The time of the day. Default: its end.")] = "",
    after: Annotated[
        list[str] | None, typer.Option("--after", metavar="PAYOUT", help="A payout of that day that had left, such as p001.")
    ] = None,
    given: options.Recording,
    output: options.Output,
) -> int:
    """What the app shows as your balance. From then on only what is booked later is worked out.

    \b
    Examples:
      diamondctl record balance 318.75
      diamondctl record balance 318.75 --date 2026-10-12 --at 20:15
      diamondctl record balance 18.75 --date 2026-10-12 --after p001
    """

    where = target(output, columns=DOCUMENT.columns, stores=True)

    make = partial(typed.balance, date=date, at=at, after=after or (), clock=datetime.now)
    return _record(given, where, date, amount, make)


@app.command("credit")
@options.expand
def credit(
    amount: Words,
    *,
    what: Annotated[
        str, typer.Option("--for", metavar="LIVE|DAY|WEEK|MONTH", help="Such as 2026-10-31, 2026-W44, 2026-10, or a LIVE's id.")
    ],
    date: Annotated[str, typer.Option("--date", metavar="DATE", help="The day from which it counts. Default: its last.")] = "",
    given: options.Recording,
    output: options.Output,
) -> int:
    """What the platform credited for a LIVE, a day, a week or a month; the difference to what was computed counts.

    \b
    Examples:
      diamondctl record credit 12.40 --for 2026-10-31
      diamondctl record credit 98.20 --for 2026-10
      diamondctl record credit 4.10 --for 7390000000000000117
    """

    where = target(output, columns=DOCUMENT.columns, stores=True)

    return _record(given, where, date, amount, partial(typed.credit, what=what, date=date))


@app.command("income")
@options.expand
def income(
    amount: Words,
    *,
    source: Annotated[str, typer.Option("--from", metavar="NAME", help="Who pays: a brand, another platform, a shop.")],
    date: Annotated[str, typer.Option("--date", metavar="DATE", help="The day on which it was paid.")] = "",
    invoice: Annotated[str, typer.Option("--invoice", metavar="TEXT", help="The number of the invoice.")] = "",
    invoiced: Annotated[
        str, typer.Option("--invoiced", metavar="DATE", help="Its day. Without --date it is not paid yet.")
    ] = "",
    to: Annotated[str, typer.Option("--to", metavar="ACCOUNT", help="Where it arrived, such as bank or paypal.")] = "",
    given: options.Recording,
    output: options.Output,
) -> int:
    """Money from elsewhere: brand deals, tips, other platforms. Never part of a wallet, never rated.

    \b
    Examples:
      diamondctl record income 250 EUR --from "Acme brand deal" --date 2026-10-20 --to bank
      diamondctl record income 250 EUR --from "Acme brand deal" --invoice 2026-017 --invoiced 2026-10-05
    """

    where = target(output, columns=DOCUMENT.columns, stores=True)

    make = partial(typed.income, source=source, date=date, invoice=invoice, invoiced=invoiced, to=to)
    return _record(given, where, date, amount, make, own_currency=True)


@app.command("adjustment")
@options.expand
def adjustment(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND", help="opening, refund, reversal, bonus or exchange.", autocompletion=completion.words(*KINDS)
        ),
    ],
    amount: Words,
    *,
    date: Annotated[str, typer.Option("--date", metavar="DATE", help="The day from which it counts.")],
    given: options.Recording,
    output: options.Output,
) -> int:
    """What added to the wallet (opening, bonus) or took away from it (refund, reversal, exchange) beside gifts and payouts.

    \b
    Examples:
      diamondctl record adjustment opening 12.30 --date 2026-09-30
      diamondctl record adjustment bonus 25 --date 2026-10-31 --reason "campaign" --creator mara
      diamondctl record adjustment exchange 10 --date 2026-10-05 --reason "diamonds to coins"
    """

    where = target(output, columns=DOCUMENT.columns, stores=True)
    parse.one_of(kind, "KIND", tuple(KINDS))

    return _record(given, where, date, amount, partial(typed.adjustment, kind=kind, date=date, reason=given.reason))
