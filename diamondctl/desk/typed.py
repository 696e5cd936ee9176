"""Records of money from the words that somebody typed: payout, balance, credit, income, adjustment; and keeping them.

Amounts are exact in the currency of their wallet. What contradicts itself is refused (A017), what is missing is asked for.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.desk import parse, recording
from diamondctl.desk.choosing import exchange
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import frame
from diamondctl.desk.moved import Allowed, cause_of, reach_of_record, watch
from diamondctl.desk.recording import KINDS, amount_in
from diamondctl.exchange import NoRate, Rate, slip_rate
from diamondctl.ledger.catalog import Ledger
from diamondctl.problems import Misuse, Problem, Refusal
from diamondctl.rating.places import NOT_ACCOUNTS
from diamondctl.records import Record
from diamondctl.reports.balance import balance as balance_of
from diamondctl.reports.moved import Moved
from diamondctl.reports.recorded import Done

_LONGEST: Final = 1_000


class Said(NamedTuple):
    """What every record says beside its amount: whose, in which wallet, under which name, why."""

    creator: str = ""
    region: str = ""
    currency: str = ""
    id: str = ""
    reason: str = ""


class Wallet(NamedTuple):
    """Whose wallet is meant, in a ledger that is open."""

    book: Ledger
    chosen: Chosen
    creator: str
    region: str
    currency: str
    today: date


Make = Callable[[Wallet, list[str]], Record]  # of the words of an amount


class Kept(NamedTuple):
    """A record that is stored, what became of it, and which figures it moved."""

    item: Record
    done: str
    today: date
    moved: Moved


def checked(said: Said) -> Said:
    """The same in the one spelling of Unicode; refuses texts that are too long."""
    texts = [(parse.text(text, option).strip(), option) for text, option in ((said.id, "--id"), (said.reason, "--reason"))]
    for text, option in texts:
        if len(text) > _LONGEST:
            raise Misuse(f"{option}: at most {_LONGEST:,} characters")
    (key, _), (reason, _) = texts
    creator = parse.name(parse.text(said.creator, "--creator"))
    return said._replace(id=key, reason=reason, creator=creator, region=parse.region(said.region))


def words_of(words: list[str], currency: str) -> list[str]:
    """The words of an amount, with the currency that an option names."""
    if currency and words[1:2] not in ([], [currency]):
        raise Misuse(f"--currency: {currency}, and the amount is in {words[1]}")
    return [words[0], currency, *words[2:]] if currency else words


def keep(
    book: Ledger,
    chosen: Chosen,
    said: Said,
    words: list[str],
    make: Make,
    *,
    day: date | None,
    allowed: Allowed,
    moment: str,
    own_currency: bool = False,
    of_two: bool = False,
) -> Kept:
    """Find the wallet, make the record and store it, inside `writing`; `moment` is noted down beside it.

    `own_currency`: of money that is in no wallet, so any currency will do. `of_two`: a currency among the words may be of
    another amount.
    """
    today = chosen.asked.as_of or chosen.asked.today
    creator = recording.owner(said.creator, recording.everybody(book, chosen), chosen.usual)
    if own_currency and len(words) > 1:
        currency = words[1]
    else:
        named = said.currency or (words[1] if len(words) == (3 if of_two else 2) else "")
        currency = recording.wallet_currency(book, chosen, creator, said.region, day or today, named)
    item = make(Wallet(book, chosen, creator, said.region, currency, today), words)
    watched = watch(book, chosen, reach_of_record(item), allowed)
    done = recording.store_record(book, item._replace(key=said.id, reason=said.reason), moment)
    moved = watched([cause_of(done.item)], [done.item] if done.done == "recorded" else [])
    return Kept(recording.as_it_is(book, done.item), done.done, today, moved)


def told(chosen: Chosen, kept: Kept, *, dry_run: bool) -> Done:
    """A record with what its creator's wallet holds now; `left` where that cannot be told."""
    item = kept.item
    later = max(item.day, item.arrived_on or item.day, kept.today)
    more = (item,) if dry_run and kept.done != "known" else ()
    mine = chosen._replace(creator=item.creator, asked=chosen.asked._replace(as_of=later))
    left: tuple[str, ...]
    try:
        now_there = balance_of(frame(mine, whole=False, more=more).scope)
        of_wallet = any(wallet.state.account.currency == item.currency for wallet in now_there.wallets)
        covered = all(account.zone.covered for account in now_there.scope.accounts)
        known = item.sort == "income" or of_wallet or covered
        left = () if known else now_there.scope.warnings
    except Refusal as refusal:  # it is stored, and what the wallet holds cannot be told
        now_there, left = None, tuple(str(problem) for problem in refusal.problems)
    return Done(item, kept.done, dry_run, now_there, left, kept.moved)


def payout(
    wallet: Wallet,
    amount: list[str],
    *,
    date: str,
    by: str,
    arrived: str,
    arrived_on: str,
    tax: str,
    fx: str,
    rate: str,
    said: Said,
) -> Record:
    """Money that was withdrawn: what left the wallet, and what of it arrived. One that is known by its id is completed."""
    amounts, into = amount[:1], amount[1:]
    known = recording.payout_named(wallet.book, said.id, wallet.creator)
    day = _day(date, "--date", wallet.today) or (known.day if known else None)
    method = _word(by, "--by") or (known.method if known else "")
    if day is None or not method or (arrived and not arrived_on):
        raise _lacking(said, amount, day, method, arrived, arrived_on)
    if len(into) > 2 or (into and into[0] != wallet.currency and (len(into) > 1 or not arrived)):
        _one_currency([*amounts, *into], wallet)
        raise Misuse("an amount, and after --arrived another with its currency")
    left = amount_in(amounts[0], wallet.currency, "AMOUNT")
    item = Record("payout", 0, wallet.creator, wallet.region, day, left, wallet.currency, method=method)
    if not arrived:
        for option, value in (("--arrived-on", arrived_on), ("--tax", tax), ("--fx", fx), ("--exchange", rate)):
            if value:
                raise Misuse(f"{option}: say also what arrived: --arrived AMOUNT")
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
            raise Misuse(f"--exchange: what left and what arrived are both in {currency}")
        return item
    return _exchanged(item, fx, rate)


def balance(
    wallet: Wallet, amount: list[str], *, date: str, at: str, after: Sequence[str], clock: Callable[[tzinfo], datetime]
) -> Record:
    """What the app shows as the balance; without a day that is now, by the `clock` of the creator's time zone."""
    _one_currency(amount, wallet)
    day, time = _day(date, "--date", wallet.today), _time(at)
    if day is None:
        day = wallet.today
        if not at and wallet.chosen.asked.as_of is None:
            zone = recording.timezone_of(wallet.book, wallet.chosen, wallet.creator, wallet.region)
            moment = clock(periods.zone(zone))
            day, time = moment.date(), f"{moment:%H:%M}"
    elif time and wallet.chosen.asked.as_of is None:
        zone = recording.timezone_of(wallet.book, wallet.chosen, wallet.creator, wallet.region)
        now_there = clock(periods.zone(zone))
        if (day, time) > (now_there.date(), f"{now_there:%H:%M}"):
            hint = f"it is {now_there:%H:%M} there; record it when it has happened"
            raise Refusal(Problem("A017", f"--at: {day} {time} is to come", hint))
    left = recording.payouts_after(wallet.book, after, wallet.creator, day)
    shown = amount_in(amount[0], wallet.currency, "AMOUNT", zero=True)
    return Record(
        "balance", 0, wallet.creator, wallet.region, day, shown, wallet.currency, at=time, after=left
    )  # fmt: skip


def credit(wallet: Wallet, amount: list[str], *, what: str, date: str) -> Record:
    """What the platform credited for a LIVE, a day, a week or a month; it counts from the last day on."""
    _one_currency(amount, wallet)
    zone = recording.timezone_of(wallet.book, wallet.chosen, wallet.creator, wallet.region)
    kind, name, last = recording.what_for(wallet.book, wallet.creator, parse.text(what, "--for"), zone)
    day = _day(date, "--date", wallet.today) or last
    if day < last or last > wallet.today:
        hint = f"it counts from {last} on, when all of it was credited"
        raise Refusal(Problem("A017", f"the {kind} {name} is not over by {min(day, wallet.today)}", hint))
    paid = amount_in(amount[0], wallet.currency, "AMOUNT", zero=True)
    return Record("credit", 0, wallet.creator, wallet.region, day, paid, wallet.currency, kind, name)


def income(wallet: Wallet, amount: list[str], *, source: str, date: str, invoice: str, invoiced: str, to: str) -> Record:
    """Money from elsewhere, paid or asked for. Never part of a wallet."""
    if len(amount) > 2:
        raise Misuse(f"an amount and its currency, not also '{amount[2]}'")
    name = parse.text(source, "--from").strip()
    if not name:
        raise Misuse("--from: say who pays")
    paid, asked = _day(date, "--date", wallet.today), _day(invoiced, "--invoiced", wallet.today)
    if paid is None and asked is None:
        raise Misuse("--date: say when it was paid, or --invoiced when it was asked for")
    day = paid or asked
    assert day is not None
    money = amount_in(amount[0], wallet.currency, "AMOUNT")
    return Record(
        "income", 0, wallet.creator, "", day, money, wallet.currency, name=name, method=_word(to, "--to"),
        invoice=parse.text(invoice, "--invoice").strip(), invoiced=asked, paid=paid is not None,
    )  # fmt: skip


def adjustment(wallet: Wallet, amount: list[str], *, kind: str, date: str, reason: str) -> Record:
    """What added to the wallet or took away from it beside gifts and payouts."""
    _one_currency(amount, wallet)
    day = parse.day(date, "--date")
    if day is None:
        raise Misuse("--date: say from which day on it counts")
    if kind != "opening" and not reason.strip():
        raise Misuse("--reason: say why")
    money = amount_in(amount[0], wallet.currency, "AMOUNT", zero=kind == "opening") * KINDS[kind]
    return Record("adjustment", 0, wallet.creator, wallet.region, day, money, wallet.currency, kind)


def _one_currency(words: list[str], wallet: Wallet, *, option: str = "AMOUNT") -> None:
    """Refuse (A017) a currency that is not that of the wallet, and more words than an amount and a currency."""
    if len(words) > 2:
        raise Misuse(f"an amount and its currency, not also '{words[2]}'")
    if words[1:] and words[1] != wallet.currency:
        hint = f"the wallet of {wallet.creator} is in {wallet.currency}; another one: --region CODE"
        raise Refusal(Problem("A017", f"{option}: {words[1]} is not the currency of the wallet", hint))


def _day(text: str, option: str, today: date) -> date | None:
    """A day that has been; blank: None. Refuses (A017) one to come: what has not happened is not recorded."""
    day = parse.day(text, option)
    if day is not None and day > today:
        raise Refusal(Problem("A017", f"{option}: {day} is to come", f"today is {today}; record it when it has happened"))
    return day


def _lacking(said: Said, words: list[str], day: date | None, method: str, arrived: str, arrived_on: str) -> Misuse:
    """What a payout lacks to be recorded, all of it at once, with the command that says it."""
    lacks = {
        "--date": "" if day else "on which day it left the wallet",
        "--by": "" if method else "how it was paid out, such as paypal or bank",
        "--arrived-on": "" if arrived_on or not arrived else "on which day it arrived",
    }
    command = ["diamondctl", "record", "payout", *words, "--date", str(day or "DAY"), "--by", method or "paypal"]
    if arrived:
        command += ["--arrived", arrived, "--arrived-on", arrived_on or "DAY"]
    for option, value in (("--creator", said.creator), ("--region", said.region), ("--id", said.id)):
        command += [option, value] if value else []
    names = [option for option, lack in lacks.items() if lack]
    what = ", and ".join(filter(None, lacks.values()))
    return Misuse(f"{' and '.join(names)}: say {what}: {shlex.join(command)}")


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
        raise Misuse(f"{option}: '{name}' is a place of its own; name an account, such as paypal or bank")
    if name and not re.fullmatch(r"[\w][\w .-]{0,39}", name):
        raise Misuse(f"{option}: '{name}' is no name of a method, such as paypal or bank")
    return name


def _time(text: str) -> str:
    """A time of the day as HH:MM, or blank."""
    if text and not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise Misuse(f"--at: '{text}' is not a time of the day, such as 20:15")
    return text
