"""`diamondctl record`: payout, balance, credit, income, adjustment."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final, NamedTuple

import typer

from diamondctl import periods
from diamondctl.cli import completion, options
from diamondctl.cli.choose import choose
from diamondctl.cli.ledger import new_ledger, now, private_umask
from diamondctl.cli.output import Target, emit, target
from diamondctl.desk import parse, recording
from diamondctl.desk.choosing import exchange
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import frame
from diamondctl.desk.moved import Allowed, cause_of, reach_of_record, watch
from diamondctl.desk.recording import KINDS, amount_in
from diamondctl.exchange import NoRate, Rate, slip_rate
from diamondctl.ledger.catalog import Ledger
from diamondctl.problems import Problem, Refusal
from diamondctl.rating.places import NOT_ACCOUNTS
from diamondctl.records import Record
from diamondctl.render.record import DOCUMENT, view
from diamondctl.reports.balance import balance as balance_of
from diamondctl.reports.recorded import Done

app = typer.Typer()

Words = Annotated[
    list[str], typer.Argument(metavar="AMOUNT [CURRENCY]", help="Such as 300 or 287.40; the currency of the wallet.")
]
Day = Annotated[str, typer.Option("--date", metavar="DATE", help="The day.")]
_LONGEST: Final = 1_000


class _Wallet(NamedTuple):
    """Whose wallet is meant, in a ledger that is open."""

    book: Ledger
    chosen: Chosen
    creator: str
    region: str
    currency: str
    today: date


def _record(
    given: options.Recording,
    where: Target,
    day: date | None,
    words: list[str],
    make: Callable[[_Wallet, list[str]], Record],
    *,
    own_currency: bool = False,
    of_two: bool = False,
) -> int:
    """Find the wallet, make the record and store it, show what the wallet holds now.

    `own_currency`: of money that is in no wallet, so any currency will do. `of_two`: a currency among the words may be of
    another amount.
    """
    key, reason = (parse.text(text, option).strip() for text, option in ((given.id, "--id"), (given.reason, "--reason")))
    for text, option in ((key, "--id"), (reason, "--reason")):
        if len(text) > _LONGEST:
            raise typer.BadParameter(f"{option}: at most {_LONGEST:,} characters")
    if given.currency and words[1:2] not in ([], [given.currency]):
        raise typer.BadParameter(f"--currency: {given.currency}, and the amount is in {words[1]}")
    words = [words[0], given.currency, *words[2:]] if given.currency else words
    inputs = options.Inputs(ledger=given.ledger, config=given.config, platform=given.platform, rates=given.rates)
    inputs = inputs._replace(as_of=os.environ.get("DIAMONDCTL_AS_OF", ""), region=given.region)
    chosen = choose(inputs)
    today = chosen.asked.as_of or date.today()
    allowed = Allowed(parse.only_period(given.only_period, date.today()), given.correct, now())
    private_umask()
    place = options.Place(given.ledger, given.config)
    with new_ledger(place, create=not given.dry_run) as book, book.writing(keep=not given.dry_run):
        creator = recording.owner(
            parse.name(parse.text(given.creator, "--creator")), recording.everybody(book, chosen), chosen.usual
        )  # fmt: skip
        region = parse.region(given.region)
        if own_currency and len(words) > 1:
            currency = words[1]
        else:
            said = given.currency or (words[1] if len(words) == (3 if of_two else 2) else "")
            currency = recording.wallet_currency(book, chosen, creator, region, day or today, said)
        item = make(_Wallet(book, chosen, creator, region, currency, today), words)
        watched = watch(book, chosen, reach_of_record(item), allowed)
        done = recording.store_record(book, item._replace(key=key, reason=reason), now())
        moved = watched([cause_of(done.item)], [done.item] if done.done == "recorded" else [])
        done = done._replace(item=recording.as_it_is(book, done.item))
    later = max(item.day, item.arrived_on or item.day, today)
    more = (done.item,) if given.dry_run and done.done != "known" else ()
    mine = chosen._replace(creator=creator, asked=chosen.asked._replace(as_of=later))
    try:
        now_there = balance_of(frame(mine, whole=False, more=more).scope)
        of_wallet = any(wallet.state.account.currency == item.currency for wallet in now_there.wallets)
        covered = all(account.zone.covered for account in now_there.scope.accounts)
        known = item.sort == "income" or of_wallet or covered
        left: tuple[str, ...] = () if known else now_there.scope.warnings
    except Refusal as refusal:  # it is stored, and what the wallet holds cannot be told
        now_there, left = None, tuple(str(problem) for problem in refusal.problems)
    emit(where, view(Done(done.item, done.done, given.dry_run, now_there, left, moved)))
    return 3 if left else 0


def _one_currency(words: list[str], wallet: _Wallet, *, option: str = "AMOUNT") -> None:
    """Refuse (A017) a currency that is not that of the wallet, and more words than an amount and a currency."""
    if len(words) > 2:
        raise typer.BadParameter(f"an amount and its currency, not also '{words[2]}'")
    if words[1:] and words[1] != wallet.currency:
        hint = f"the wallet of {wallet.creator} is in {wallet.currency}; another one: --region CODE"
        raise Refusal(Problem("A017", f"{option}: {words[1]} is not the currency of the wallet", hint))


def _day(text: str, option: str, today: date) -> date | None:
    """A day that has been; blank: None. Refuses (A017) one to come: what has not happened is not recorded."""
    day = parse.day(text, option)
    if day is not None and day > today:
        raise Refusal(Problem("A017", f"{option}: {day} is to come", f"today is {today}; record it when it has happened"))
    return day


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

    def make(wallet: _Wallet, amount: list[str]) -> Record:
        amounts, into = amount[:1], amount[1:]
        known = recording.payout_named(wallet.book, given.id, wallet.creator)
        day = _day(date, "--date", wallet.today) or (known.day if known else None)
        method = _word(by, "--by") or (known.method if known else "")
        if day is None or not method or (arrived and not arrived_on):
            raise _lacking(given, amount, day, method, arrived, arrived_on)
        if len(into) > 2 or (into and into[0] != wallet.currency and (len(into) > 1 or not arrived)):
            _one_currency([*amounts, *into], wallet)
            raise typer.BadParameter("an amount, and after --arrived another with its currency")
        left = amount_in(amounts[0], wallet.currency, "AMOUNT")
        item = Record("payout", 0, wallet.creator, wallet.region, day, left, wallet.currency, method=method)
        if not arrived:
            for option, value in (("--arrived-on", arrived_on), ("--tax", tax), ("--fx", fx), ("--exchange", rate)):
                if value:
                    raise typer.BadParameter(f"{option}: say also what arrived: --arrived AMOUNT")
            return item
        if tax:
            item = item._replace(tax=amount_in(tax, wallet.currency, "--tax"))
        currency = into[-1] if into else wallet.currency
        there = amount_in(arrived, currency, "--arrived", zero=True)
        on = _day(arrived_on, "--arrived-on", wallet.today)
        assert on is not None
        if on < day:
            raise Refusal(Problem("A017", f"--arrived-on: {on} is before {day}, on which it left", "check both days"))
        if currency == wallet.currency and there + (item.tax or 0) > left:
            hint = "the first amount is what left the wallet, --arrived what came of it"
            raise Refusal(Problem("A017", f"--arrived: {there} is more than the {left} {currency} that left", hint))
        item = item._replace(arrived=there, arrived_currency=currency, arrived_on=on)
        if currency == wallet.currency:
            if rate:
                raise typer.BadParameter(f"--exchange: what left and what arrived are both in {currency}")
            return item
        return _exchanged(item, fx, rate)

    return _record(given, where, parse.day(date, "--date"), amount, make, of_two=bool(arrived))


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

    def make(wallet: _Wallet, amount: list[str]) -> Record:
        _one_currency(amount, wallet)
        day, time = _day(date, "--date", wallet.today), _time(at)
        if day is None:
            day = wallet.today
            if not at and wallet.chosen.asked.as_of is None:
                zone = recording.timezone_of(wallet.book, wallet.chosen, wallet.creator, wallet.region)
                moment = datetime.now(periods.zone(zone))
                day, time = moment.date(), f"{moment:%H:%M}"
        elif time and wallet.chosen.asked.as_of is None:
            zone = recording.timezone_of(wallet.book, wallet.chosen, wallet.creator, wallet.region)
            now_there = datetime.now(periods.zone(zone))
            if (day, time) > (now_there.date(), f"{now_there:%H:%M}"):
                hint = f"it is {now_there:%H:%M} there; record it when it has happened"
                raise Refusal(Problem("A017", f"--at: {day} {time} is to come", hint))
        left = recording.payouts_after(wallet.book, after or (), wallet.creator, day)
        shown = amount_in(amount[0], wallet.currency, "AMOUNT", zero=True)
        return Record(
            "balance", 0, wallet.creator, wallet.region, day, shown, wallet.currency, at=time, after=left
        )  # fmt: skip

    return _record(given, where, parse.day(date, "--date"), amount, make)


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

    def make(wallet: _Wallet, amount: list[str]) -> Record:
        _one_currency(amount, wallet)
        zone = recording.timezone_of(wallet.book, wallet.chosen, wallet.creator, wallet.region)
        kind, name, last = recording.what_for(wallet.book, wallet.creator, parse.text(what, "--for"), zone)
        day = _day(date, "--date", wallet.today) or last
        if day < last or last > wallet.today:
            hint = f"it counts from {last} on, when all of it was credited"
            raise Refusal(Problem("A017", f"the {kind} {name} is not over by {min(day, wallet.today)}", hint))
        paid = amount_in(amount[0], wallet.currency, "AMOUNT", zero=True)
        return Record("credit", 0, wallet.creator, wallet.region, day, paid, wallet.currency, kind, name)

    return _record(given, where, parse.day(date, "--date"), amount, make)


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

    def make(wallet: _Wallet, amount: list[str]) -> Record:
        if len(amount) > 2:
            raise typer.BadParameter(f"an amount and its currency, not also '{amount[2]}'")
        name = parse.text(source, "--from").strip()
        if not name:
            raise typer.BadParameter("--from: say who pays")
        paid, asked = _day(date, "--date", wallet.today), _day(invoiced, "--invoiced", wallet.today)
        if paid is None and asked is None:
            raise typer.BadParameter("--date: say when it was paid, or --invoiced when it was asked for")
        day = paid or asked
        assert day is not None
        money = amount_in(amount[0], wallet.currency, "AMOUNT")
        return Record(
            "income", 0, wallet.creator, "", day, money, wallet.currency, name=name, method=_word(to, "--to"),
            invoice=parse.text(invoice, "--invoice").strip(), invoiced=asked, paid=paid is not None,
        )  # fmt: skip

    return _record(given, where, parse.day(date, "--date"), amount, make, own_currency=True)


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

    def make(wallet: _Wallet, amount: list[str]) -> Record:
        _one_currency(amount, wallet)
        day = parse.day(date, "--date")
        if day is None:
            raise typer.BadParameter("--date: say from which day on it counts")
        if kind != "opening" and not given.reason.strip():
            raise typer.BadParameter("--reason: say why")
        money = amount_in(amount[0], wallet.currency, "AMOUNT", zero=kind == "opening") * KINDS[kind]
        return Record("adjustment", 0, wallet.creator, wallet.region, day, money, wallet.currency, kind)

    return _record(given, where, parse.day(date, "--date"), amount, make)


def _lacking(
    given: options.Recording, words: list[str], day: date | None, method: str, arrived: str, arrived_on: str
) -> typer.BadParameter:
    """What a payout lacks to be recorded, all of it at once, with the command that says it."""
    lacks = {
        "--date": "" if day else "on which day it left the wallet",
        "--by": "" if method else "how it was paid out, such as paypal or bank",
        "--arrived-on": "" if arrived_on or not arrived else "on which day it arrived",
    }
    command = ["diamondctl", "record", "payout", *words, "--date", str(day or "DAY"), "--by", method or "paypal"]
    if arrived:
        command += ["--arrived", arrived, "--arrived-on", arrived_on or "DAY"]
    for option, value in (("--creator", given.creator), ("--region", given.region), ("--id", given.id)):
        command += [option, value] if value else []
    names = [option for option, lack in lacks.items() if lack]
    said = ", and ".join(filter(None, lacks.values()))
    return typer.BadParameter(f"{' and '.join(names)}: say {said}: {shlex.join(command)}")


def _exchanged(item: Record, fx: str, rate: str) -> Record:
    """A payout that arrived in another currency with the rate of a slip, or of a file on the day it arrived, where one is
    given. Refuses (A017) a file without that rate.
    """
    assert item.arrived_on is not None
    if rate:
        if not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,10})?", rate) or not Decimal(rate):
            raise Refusal(Problem("A017", f"--exchange: '{rate}' is no rate", "such as 0.8731, digits and a point"))
        found: Rate | NoRate = slip_rate(item.currency, item.arrived_currency, Decimal(rate), item.arrived_on)
    elif fx:
        found = exchange(fx).rate(item.currency, item.arrived_currency, item.arrived_on)
    else:
        return item
    if isinstance(found, NoRate):
        raise Refusal(Problem("A017", f"--fx: {found.why}", "give another file, or --exchange RATE of the payout slip"))
    return item._replace(exchange=str(found.value), exchange_source=found.text)


def _word(text: str, option: str) -> str:
    """The name of a payout method or an account: letters, digits, blanks, dots, dashes."""
    name = parse.text(text, option).strip().lower()
    if name in NOT_ACCOUNTS:
        raise typer.BadParameter(f"{option}: '{name}' is a place of its own; name an account, such as paypal or bank")
    if name and not re.fullmatch(r"[\w][\w .-]{0,39}", name):
        raise typer.BadParameter(f"{option}: '{name}' is no name of a method, such as paypal or bank")
    return name


def _time(text: str) -> str:
    """A time of the day as HH:MM, or blank."""
    if text and not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise typer.BadParameter(f"--at: '{text}' is not a time of the day, such as 20:15")
    return text
