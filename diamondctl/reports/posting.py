"""What of a journal goes into somebody's books: which entries, under which names of accounts, and what balances they must give.

An amount that is known only as a range is no booking: it is left out and told, unless the least of it is asked for.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

from diamondctl.money import ZERO, exact
from diamondctl.rating.places import NOT_ACCOUNTS, ON_THE_WAY, WALLET
from diamondctl.reports.journal import Booking, Journal

FORMS: Final = ("hledger", "beancount", "csv")
# Names in templates of accounts and of columns.
OF_ACCOUNTS: Final = ("creator", "platform", "place", "currency", "kind")
OF_COLUMNS: Final = (
    "id", "number", "date", "text", "kind", "creator", "platform", "place", "account", "amount", "debit", "credit", "currency",
    "tax_code", "document",
)  # fmt: skip
PLACES: Final = ("wallet", "on the way", "account", "elsewhere", "before", "platform", "tax", "fee", "fx")
_SMALL: Final = {
    "wallet": "assets:{platform}:{creator}",
    "on the way": "assets:on-the-way:{creator}",
    "account": "assets:{place}:{creator}",
    "elsewhere": "income:other:{creator}",
    "before": "equity:opening:{creator}",
    "platform": "income:{platform}:{creator}",
    "tax": "expenses:tax:{creator}",
    "fee": "expenses:fees:{creator}",
    "fx": "equity:conversion:{creator}",
}


def _capital(template: str) -> str:
    """The same as beancount writes accounts."""
    return ":".join(part if part.startswith("{") else part.capitalize() for part in template.split(":"))


ACCOUNTS: Final[Mapping[str, Mapping[str, str]]] = {
    "hledger": _SMALL,
    "beancount": {place: _capital(template) for place, template in _SMALL.items()},
    "csv": _SMALL,
}


class Target(NamedTuple):
    """The form of somebody's books. Accounts are templates by place, columns templates by their names."""

    name: str
    form: str  # one of FORMS
    accounts: Mapping[str, str]
    columns: Mapping[str, str] = MappingProxyType({})
    tax_codes: Mapping[str, str] = MappingProxyType({})  # by kind of entry
    date: str = "YYYY-MM-DD"
    decimal: str = "."
    delimiter: str = ","
    encoding: str = "utf-8"
    line_end: str = "\n"
    text_limit: int = 0  # characters; 0: no limit
    lines: int = 0  # of a file at most; 0: all in one


def plain(form: str) -> Target:
    """The books of hledger or beancount with our own names of accounts."""
    return Target(form, form, ACCOUNTS[form])


class Line(NamedTuple):
    """What an entry adds to an account."""

    account: str
    place: str
    amount: Decimal
    currency: str


class Posted(NamedTuple):
    """An entry as it is booked."""

    booking: Booking
    lines: tuple[Line, ...]
    is_least: bool  # it is known only as a range, and this is the least of it


class Assertion(NamedTuple):
    """What an account holds at the end of a day."""

    day: date
    account: str
    amount: Decimal
    currency: str


class Books(NamedTuple):
    """What is written: entries from a day on, and what goes with them."""

    target: Target
    start: date | None  # None: from the beginning
    until: date
    entries: tuple[Posted, ...]
    assertions: tuple[Assertion, ...]
    opened: tuple[tuple[str, date], ...]  # accounts that no earlier entry used, with their first day
    left_out: tuple[Booking, ...]
    opening: tuple[Line, ...]  # what all accounts held before the first day, for books that stand alone
    stands_alone: bool  # else it goes on from earlier ones


def books(journal: Journal, target: Target, start: date | None, *, least: bool, alone: bool) -> Books:
    """The entries from a day on, in a target's words; ranges are left out, or booked at their `least`."""
    early = [entry for entry in journal.entries if start is not None and entry.day < start]
    mine = [entry for entry in journal.entries if start is None or entry.day >= start]
    before, posted = _post(early, target, least), _post(mine, target, least)
    assertions = tuple(_assertions(journal, target, start, least))
    opening = tuple(_opening(before, target)) if alone else ()
    known = {} if alone else _firsts(before)
    days = [(line.account, start or date.min) for line in opening]
    days += [(line.account, item.booking.day) for item in posted for line in item.lines]
    days += [(item.account, item.day) for item in assertions]
    opened: dict[str, date] = {}
    for account, day in days:
        if account not in known:
            opened[account] = min(day, opened.get(account, day))
    return Books(
        target,
        start,
        journal.until,
        posted,
        assertions,
        tuple(sorted(opened.items(), key=lambda item: (item[1], item[0]))),
        tuple(entry for entry in mine if not entry.is_exact and not least),
        opening,
        alone or start is None,
    )


def _post(entries: Iterable[Booking], target: Target, least: bool) -> tuple[Posted, ...]:
    return tuple(
        Posted(
            entry,
            tuple(
                Line(
                    account_of(target, entry, posting.place, posting.currency),
                    posting.place,
                    posting.amount.low,
                    posting.currency,
                )
                for posting in entry.postings
            ),
            not entry.is_exact,
        )
        for entry in entries
        if (entry.is_exact or least) and any(posting.amount.low for posting in entry.postings)
    )


def account_of(target: Target, entry: Booking, place: str, currency: str) -> str:
    """The name of an account in somebody's books: what is ours in it is letters, digits and hyphens alone."""
    template = target.accounts["account" if place not in NOT_ACCOUNTS else place]
    capital = target.form == "beancount"
    values = {
        "creator": slug(entry.creator, capital),
        "platform": slug(entry.platform or "other", capital),
        "place": slug(place, capital),
        "currency": currency if capital else currency.lower(),
        "kind": slug(entry.kind, capital),
    }
    return filled(template, values)


def filled(template: str, values: Mapping[str, str]) -> str:
    """A template with its names replaced; nothing in a value is a name."""
    return re.sub(r"\{([a-z_]+)\}", lambda found: values[found[1]], template)


def slug(name: str, capital: bool = False) -> str:
    """A part of an account's name; of a name that it is not in full, with a hash, so that no two names are one."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    plain_name = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:40].strip("-")
    if plain_name != name and name not in NOT_ACCOUNTS:
        mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        plain_name = f"{plain_name or 'x'}-{mark}"
    return plain_name[:1].upper() + plain_name[1:] if capital else plain_name


def _firsts(posted: Sequence[Posted]) -> dict[str, date]:
    days: dict[str, date] = {}
    for item in posted:
        for line in item.lines:
            days.setdefault(line.account, item.booking.day)
    return days


def _opening(posted: Sequence[Posted], target: Target) -> Iterator[Line]:
    """What everything that is somebody's money held, against the opening."""
    sums: dict[tuple[str, str, str], Decimal] = {}
    for item in posted:
        for line in item.lines:
            mine = line.place in (WALLET, ON_THE_WAY) or line.place not in NOT_ACCOUNTS
            account = line.account if mine else account_of(target, item.booking, "before", line.currency)
            key = (account, line.place if mine else "before", line.currency)
            with exact():
                sums[key] = sums.get(key, ZERO.low) + line.amount
    for (account, place, currency), amount in sums.items():
        if amount:
            yield Line(account, place, amount, currency)


def _assertions(journal: Journal, target: Target, start: date | None, least: bool) -> Iterator[Assertion]:
    """What each wallet held at the ends of months, where every entry up to it is booked."""
    first: dict[tuple[str, str, str], Booking] = {}  # that is booked
    lacks: dict[tuple[str, str, str], list[tuple[date, date]]] = {}  # days at whose end something is not booked yet
    settled = {part: entry.day for entry in journal.entries for part in entry.parts}
    for entry in journal.entries:
        if (entry.is_exact or least) and any(posting.amount.low for posting in entry.postings):
            first.setdefault(entry.wallet, entry)
    for entry in (*journal.open, *journal.entries):
        if entry.id in settled or not (entry.is_exact or least):
            lacks.setdefault(entry.wallet, []).append((entry.day, settled.get(entry.id, date.max)))
    for end in sorted(journal.ends, key=lambda end: end.day):
        whole = not any(begin <= end.day < last for begin, last in lacks.get(end.wallet, ()))
        entry_of = first.get(end.wallet)
        asked = end.is_month_end and (start is None or end.day >= start)
        if asked and whole and entry_of is not None and entry_of.day <= end.day:
            account = account_of(target, entry_of, WALLET, end.currency)
            yield Assertion(end.day, account, end.available.low, end.currency)


class Noted(NamedTuple):
    """An entry as it was exported last. Without lines it was taken back."""

    id: str
    day: date  # in the books
    text: str
    lines: tuple[Line, ...]
    times: int = 0  # how often it was corrected or taken back


class Notes(NamedTuple):
    """What was exported to somebody's books so far, and the last day of which they were told what wallets hold."""

    entries: Mapping[str, Noted] = MappingProxyType({})
    asserted: date = date.min


def news(made: Books, notes: Notes) -> tuple[Books, Notes]:
    """Of whole books what was not exported yet, with reversals and corrections of what changed; and the notes from then on.

    What belongs to a day of which books were told a balance already is booked on the first day after it, so that stays true.
    """

    def shifted(day: date) -> date:
        return day if day > notes.asserted else notes.asserted + timedelta(days=1)

    posted: list[Posted] = []
    kept = dict(notes.entries)
    for item in made.entries:
        before = kept.get(item.booking.id)
        if before is not None and _sums(before.lines) == _sums(item.lines):
            continue
        times, name = 0, item.booking.id
        if before is not None:
            times = before.times + 1
            name = f"{name}-c{times}"
            if before.lines:
                posted.append(_reversal(before, item.booking, times, shifted(before.day)))
        day = shifted(item.booking.day)
        text = item.booking.text if day == item.booking.day else f"{item.booking.text}, of {item.booking.day}"
        posted.append(item._replace(booking=item.booking._replace(id=name, day=day, text=text)))
        kept[item.booking.id] = Noted(item.booking.id, day, text, item.lines, times)
    there = {item.booking.id for item in made.entries}
    for before in notes.entries.values():
        if before.id not in there and before.lines:
            posted.append(_reversal(before, None, before.times + 1, shifted(before.day)))
            kept[before.id] = before._replace(lines=(), times=before.times + 1)
    assertions = tuple(item for item in made.assertions if item.day > notes.asserted)
    known = {line.account for before in notes.entries.values() for line in before.lines}
    opened: dict[str, date] = {}
    for account, day in [(line.account, item.booking.day) for item in posted for line in item.lines]:
        if account not in known:
            opened[account] = min(day, opened.get(account, day))
    told = made._replace(
        entries=tuple(sorted(posted, key=lambda item: item.booking.day)),
        assertions=assertions,
        opened=tuple(sorted(opened.items(), key=lambda pair: (pair[1], pair[0]))),
        stands_alone=not notes.entries,
    )
    return told, Notes(kept, max([notes.asserted, *(item.day for item in assertions)]))


def _sums(lines: Iterable[Line]) -> dict[tuple[str, str], Decimal]:
    """What lines come to by account, whatever their order."""
    sums: dict[tuple[str, str], Decimal] = {}
    with exact():
        for line in lines:
            key = (line.account, line.currency)
            sums[key] = sums.get(key, ZERO.low) + line.amount
    return {key: amount for key, amount in sums.items() if amount}


def _reversal(before: Noted, now: Booking | None, times: int, day: date) -> Posted:
    """What takes an entry back."""
    with exact():
        lines = tuple(line._replace(amount=-line.amount) for line in before.lines)
    whose = (now.creator, now.platform) if now is not None else ("", "")
    booking = Booking(f"{before.id}-r{times}", *whose, "reversal", day, None, f"taken back: {before.text}", "", ())
    return Posted(booking, lines, False)
