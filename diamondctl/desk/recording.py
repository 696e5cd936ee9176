"""Recording what no file holds: whose it is, in which wallet, and that it is recorded once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.desk.chosen import Chosen
from diamondctl.ledger import derive, recorded, stored_totals
from diamondctl.ledger.catalog import STATE, Ledger
from diamondctl.money import MINOR_UNITS
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import NotKnown, Zone, look_up
from diamondctl.rating.credits import reward_of
from diamondctl.records import Record

# Kind -> sign: +1 adds, -1 takes away. An opening may be nothing.
KINDS: Final = {"opening": 1, "refund": -1, "reversal": -1, "bonus": 1, "exchange": -1}


class Recorded(NamedTuple):
    """A record and what became of it: recorded | completed (it was on the way, or not paid) | known."""

    item: Record
    done: str


def everybody(book: Ledger, chosen: Chosen) -> list[str]:
    """Creators that the ledger or the settings name."""
    names = {*derive.creators(book), *stored_totals.creators(book), *recorded.creators(book)}
    return sorted(names | chosen.regions.keys() | chosen.named)


def owner(given: str, known: Sequence[str], default: str) -> str:
    """The creator meant: as given where that one is known, or nobody is; else the one of the settings, or the only one.

    Refuses (A010) a name that nobody has, with the nearest one, and (A017) no name where there are several.
    """
    if given:
        if given in known or not known:
            return given
        near = difflib.get_close_matches(given, known, 1, 0.6) or [name for name in known if name.lower() == given.lower()]
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known[:5])}."
        hint += f" A new creator: diamondctl config set creators.{given}.region CODE"
        raise Refusal(Problem("A010", f"no creator '{given}' in the ledger or the settings", hint))
    if default:
        return default
    if len(known) == 1:
        return known[0]
    hint = "say whose it is: --creator NAME" + (f"; known: {', '.join(known[:5])}" if known else "")
    raise Refusal(Problem("A017", "what is recorded names no creator", hint))


def wallet_currency(book: Ledger, chosen: Chosen, creator: str, region: str, day: date, given: str) -> str:
    """The currency of the one wallet that a record can be of: by its region, else by those of the creator's gifts, settings
    and records; `given` says which of several. Refuses (A017) where that leaves several or none.
    """
    regions = {region} if region else _regions(book, chosen, creator)
    currencies: dict[str, list[str]] = {}
    for name in sorted(regions):
        for currency in _currencies(name, chosen, day):
            currencies.setdefault(currency, []).append(name)
    if given and (given in currencies or not currencies):
        return given
    if len(currencies) == 1:
        return next(iter(currencies))
    if not currencies and regions:
        message = f"no rate is known for {' or '.join(sorted(regions))}, and so not in which currency {creator} is paid"
        raise Refusal(Problem("A017", message, "say it behind the amount, such as: 300 USD"))
    if not currencies:
        hint = f"say it: --region CODE, or for good: diamondctl config set creators.{creator}.region CODE"
        raise Refusal(Problem("A017", f"no region is known in which {creator} is paid", hint))
    hint = "--region CODE, one of " + "; ".join(f"{', '.join(names)} ({currency})" for currency, names in currencies.items())
    raise Refusal(Problem("A017", f"{creator} has several wallets: say of which this is", hint))


def _regions(book: Ledger, chosen: Chosen, creator: str) -> set[str]:
    stays = {stay.region for stay in chosen.regions.get(creator, ())}
    named = {row.region for row in derive.read_usage(book, {creator: None})[0]}
    filled = stays or ({chosen.region} if chosen.region else set())
    mine = {item.region for item in recorded.records(book) if item.creator == creator}
    return {name for name in named | mine if name} or filled


def _currencies(region: str, chosen: Chosen, day: date) -> list[str]:
    """What is paid in a region on a day; nothing where no rate file covers it. Refuses a region that does not exist (A005)."""
    zone: Zone = store.zones_for(chosen.platform, [region], chosen.rates)[region]
    entry = look_up(zone, "reward", periods.day_start(day, zone.timezone), chosen.asked.rates_as_of)
    if isinstance(entry, NotKnown):
        entries = zone.rates.get("reward", ())
        return sorted({reward_of(item).currency for item in entries if item.value is not None})
    return [reward_of(entry).currency]


def amount_in(text: str, currency: str, option: str, *, zero: bool = False) -> Decimal:
    """An amount as typed, exact in its currency; refuses (A017) what is none, and more decimals than there are."""
    if currency not in MINOR_UNITS:
        raise Refusal(Problem("A017", f"'{currency}' is not a currency", "three letters of ISO 4217, such as USD"))
    places = MINOR_UNITS[currency]
    pattern = r"(0|[1-9][0-9]{0,11})" + (rf"(\.[0-9]{{1,{places}}})?" if places else "")
    if not re.fullmatch(pattern, text):
        example = f"4.{'2'.ljust(places, '0')}" if places else "420"
        hint = f"write it as {example}: digits" + (
            f", a point, at most {places} decimals" if places else f"; {currency} has no decimals"
        )
        raise Refusal(Problem("A017", f"{option}: '{text}' is not an amount of {currency}", hint))
    amount = Decimal(text).quantize(Decimal(1).scaleb(-places))
    if not amount and not zero:
        raise Refusal(Problem("A017", f"{option}: nothing is not an amount here", "give what it was"))
    return amount


def store_record(book: Ledger, item: Record, added: str) -> Recorded:
    """Store a record inside `writing`: once for each id that a script gives it; one that is complete now replaces itself.

    Refuses (L015) other facts under an id that is taken, and what contradicts what is recorded.
    """
    there = recorded.typed(book)
    known = next((other for other in there if item.key and item.key in (other.key, other.id)), None)
    if known is None:
        if re.fullmatch("[dpbcia][0-9]{3,}", item.key):
            hint = "see: diamondctl records list; an id of your own looks otherwise"
            raise Refusal(Problem("L009", f"no record '{item.key}' in the ledger", hint))
        _refuse_contradictions(item, recorded.records(book))
        return Recorded(recorded.add(book, item, added), "recorded")
    same = item._replace(number=known.number, key=known.key)
    if same == known:
        return Recorded(known, "known")
    if _completes(same, known):
        recorded.put(book, same, added)
        return Recorded(same, "completed")
    different = [name for name in Record._fields if getattr(same, name) != getattr(known, name)]
    words = ", ".join(f"{name.replace('_', ' ')} {_shown(known, name)}, here {_shown(same, name)}" for name in different)
    hint = f"to correct it: diamondctl undo {known.id}, then record it again"
    raise Refusal(Problem("L015", f"{known.id} has the id '{item.key}' and other facts: {words}", hint), exit_code=STATE)


def as_it_is(book: Ledger, item: Record) -> Record:
    """A payout that was recorded with what a statement tells of it, under its own id; any other record as it is."""
    if item.sort != "payout":
        return item
    mine = (one for one in recorded.records(book) if item.id in one.names and one.leg != "back")
    return next(mine, item)._replace(number=item.number, also="")


def _shown(item: Record, name: str) -> str:
    value = getattr(item, name)
    return "nothing" if value in ("", None) else str(value)


def _completes(item: Record, known: Record) -> bool:
    """Whether a record says of a payout that was on the way that it arrived, or of an invoice that it was paid."""
    if item.sort == "payout" and known.arrived is None:
        later = ("arrived", "arrived_currency", "arrived_on", "tax", "exchange", "exchange_source", "reason")
        return item.arrived is not None and item._replace(**{name: getattr(known, name) for name in later}) == known
    if item.sort == "income" and not known.paid:
        return item.paid and item._replace(paid=False, day=known.day, method=known.method, reason=known.reason) == known
    return False


def _refuse_contradictions(item: Record, there: Iterable[Record]) -> None:
    """Two balances of one moment, and two credits over the same days, cannot both be so (L015)."""
    for other in there:
        if (other.sort, other.creator, other.currency) != (item.sort, item.creator, item.currency):
            continue
        message = ""
        if item.sort == "balance" and (other.day, other.at, sorted(other.after.split())) == (
            item.day, item.at, sorted(item.after.split()),
        ):  # fmt: skip
            message = f"{other.id} says what the app showed at that moment: {other.amount:f} {other.currency}"
        if item.sort == "credit" and _overlap(item, other):
            message = f"{other.id} says what was credited for the {other.kind} {other.name} already"
        if message:
            raise Refusal(Problem("L015", message, f"if that is wrong: diamondctl undo {other.id}"), exit_code=STATE)


def _overlap(item: Record, other: Record) -> bool:
    if item.kind == other.kind == "live":
        return item.name == other.name
    (first, last), (begin, end) = (periods.span_of(one.kind, one.name, one.day) for one in (item, other))
    return first <= end and begin <= last


def what_for(book: Ledger, creator: str, text: str, timezone: str) -> tuple[str, str, date]:
    """What a credit is for: kind, name and the day by which it was booked.

    A day, an ISO week, a month, or the name of a LIVE of the creator. Refuses (A020) a LIVE that the ledger does not know.
    """
    for kind, pattern in (("day", r"20\d\d-\d\d-\d\d"), ("week", r"20\d\d-W\d\d"), ("month", r"20\d\d-\d\d")):
        if re.fullmatch(pattern, text, re.ASCII):
            return kind, text, periods.parse_period(text, date.min).last_day
    quarters = [row.quarter for row in derive.read_usage(book, {creator: None})[0] if row.stream == text]
    if not quarters:
        hint = (
            "a day, a week (2026-W44), a month (2026-10), or a LIVE as the gifts name it: diamondctl explain reward lists them"
        )
        raise Refusal(Problem("A020", f"no gift of {creator} names a LIVE '{text}'", hint))
    return "live", text, periods.local_day(max(quarters), timezone)


def payouts_after(book: Ledger, names: Sequence[str], creator: str, day: date) -> str:
    """The ids of payouts of the day of a balance that had left by then, by these or by the names that scripts gave them.

    Refuses (L009) what is none of them, and (L015) what another balance of that day contradicts.
    """
    there = recorded.records(book)
    payouts = [item for item in there if item.sort == "payout" and item.creator == creator and item.leg != "back"]
    mine = {name: item for item in payouts for name in item.names}
    for name in names:
        if not name or name not in mine:
            raise Refusal(Problem("L009", f"no payout '{name}' of {creator} is recorded", "see: diamondctl records list"))
        if mine[name].day != day:
            hint = "only payouts of the day of the balance are in doubt: earlier ones have left, later ones have not"
            raise Refusal(Problem("A017", f"--after: {name} left on {mine[name].day}, and the balance is of {day}", hint))
    left = {mine[name].id for name in names}
    for other in there:
        if other.sort == "balance" and (other.creator, other.day) == (creator, day):
            theirs = {*other.after.split()}
            if not (left <= theirs or theirs <= left):
                every = " ".join(f"--after {name}" for name in sorted(left | theirs))
                message = f"{other.id} was shown after {' and '.join(sorted(theirs))}, and this one not"
                raise Refusal(Problem("L015", message, f"name all that had left: {every}"), exit_code=STATE)
    return " ".join(sorted(left))


def refuse_hanging(book: Ledger, gone: Sequence[Record]) -> None:
    """Refuse (L015) to take back a payout on which a balance hangs that stays; inside `writing`, when they are gone."""
    for item in recorded.records(book):
        hangs = [payout.id for payout in gone if item.creator == payout.creator and payout.id in item.after.split()]
        if item.sort == "balance" and hangs:
            message = f"{item.id} was shown after {' and '.join(hangs)}"
            hint = f"take both back: diamondctl undo {' '.join([*hangs, item.id])}, then record them again"
            raise Refusal(Problem("L015", message, hint), exit_code=STATE)


def payout_named(book: Ledger, name: str, creator: str) -> Record | None:
    """The payout that an id names, its own or one that a script gave it."""
    mine = (item for item in recorded.records(book) if item.sort == "payout" and item.creator == creator)
    return next((item for item in mine if name in item.names), None)


def timezone_of(book: Ledger, chosen: Chosen, creator: str, region: str) -> str:
    """The time zone of a wallet's days."""
    regions = sorted({region} if region else _regions(book, chosen, creator))
    zone = store.zones_for(chosen.platform, regions[:1], chosen.rates)[regions[0]]
    return chosen.asked.timezone_of(creator, zone)
