"""Where money is: every record and every sum of credits as an entry between places that sums to zero. Pure.

Places are `wallet`, `on the way`, accounts of the creator (`paypal`, `bank`, ...), `elsewhere` (who pays other income),
`before` (what a wallet held before its first file) and what others have: `platform`, `tax`, `fee`, `fx`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from diamondctl.exchange import Rate
from diamondctl.money import ZERO, Range, exact
from diamondctl.rating.wallet import Held
from diamondctl.records import Record

WALLET: Final = "wallet"
ON_THE_WAY: Final = "on the way"
NOT_ACCOUNTS: Final = ("platform", "tax", "fee", "fx", "elsewhere", "before", WALLET, ON_THE_WAY)


class Posting(NamedTuple):
    """What an entry adds to a place; two stories."""

    place: str
    amount: Range
    currency: str


class Entry(NamedTuple):
    """Money that moved. Its postings sum to zero in each currency and story, which is checked where it is made."""

    record: str  # the id of what was recorded; blank: worked out
    day: date
    what: str
    postings: tuple[Posting, ...]


def account_of(method: str) -> str:
    """The creator's account where money by a method arrives."""
    return method if method and method not in NOT_ACCOUNTS else "account"


def entries_of(held: Held, credited: Range, pending: Range, currency: str, as_of: date) -> list[Entry]:
    """All entries of a wallet at the end of a day: what it sums to is what is in the wallet, pending and available."""
    made = [
        between("platform", WALLET, amount, currency, as_of, what)
        for what, amount in (("credited", credited), ("pending", pending))
        if amount != ZERO
    ]
    if held.lacked != ZERO:
        made.append(between("before", WALLET, held.lacked, currency, as_of, "before the first file, at least"))
    for item in held.records:
        if item.sort == "adjustment":
            source = "before" if item.kind == "opening" else "platform"
            made.append(between(source, WALLET, Range.of(item.amount), currency, item.day, item.kind, item.id))
    made += [
        between(
            "platform",
            WALLET,
            change.amount,
            currency,
            change.record.day,
            "credited beside the computed",
            change.record.id,
        )
        for change in held.corrected
        if change.record is not None
    ]
    made += [
        between("platform", WALLET, shown.amount, currency, shown.record.day, "shown beside the computed", shown.record.id)
        for shown in held.differences
    ]
    return made + [entry for item in held.payouts for entry in payout_entries(item, as_of)]


def payout_entries(item: Record, as_of: date) -> Iterator[Entry]:
    """The legs of a payout: out of the wallet, and once it has arrived by a day, into the account."""
    yield between(WALLET, ON_THE_WAY, Range.of(item.amount), item.currency, item.day, "withdrawn", item.id)
    if not is_there(item, as_of):
        return
    assert item.arrived is not None and item.arrived_on is not None
    taken = taken_of(item)
    postings = [Posting(ON_THE_WAY, Range.of(-item.amount), item.currency)]
    postings += [Posting(place, Range.of(amount), unit) for place, amount, unit in taken]
    postings.append(Posting(account_of(item.method), Range.of(item.arrived), item.arrived_currency))
    yield _balanced(Entry(item.id, item.arrived_on, "arrived", tuple(postings)))


def is_on_the_way(item: Record, as_of: date) -> bool:
    """Whether a payout had left by the end of a day, and had neither arrived nor come back."""
    back = item.leg == "back" or (item.ended is not None and item.ended <= as_of)
    return not back and not is_there(item, as_of)


def is_there(item: Record, as_of: date) -> bool:
    """Whether a payout had arrived by the end of a day."""
    return item.arrived is not None and item.arrived_on is not None and item.arrived_on <= as_of


def taken_of(item: Record) -> list[tuple[str, Decimal, str]]:
    """What was taken of a payout that arrived, by place: tax, fee, and what the exchange into another currency swallowed."""
    assert item.arrived is not None
    tax = item.tax or Decimal(0)
    with exact():
        rest = item.amount - tax
        taken = [("tax", tax, item.currency)] if tax else []
        if item.arrived_currency == item.currency:
            fee = rest - item.arrived
            return [*taken, ("fee", fee, item.currency)] if fee else taken
        rate = rate_of(item)
        due = item.arrived if rate is None else rate.convert(rest)
        taken += [("fx", rest, item.currency), ("fx", -due, item.arrived_currency)]
        if due != item.arrived:
            taken.append(("fee", due - item.arrived, item.arrived_currency))
    return taken


def rate_of(item: Record) -> Rate | None:
    """The rate of exchange that is recorded with a payout (whose words are in `exchange_source`); None: none is."""
    if not item.exchange or item.arrived_currency in ("", item.currency):
        return None
    assert item.arrived_on is not None
    return Rate(item.currency, item.arrived_currency, Fraction(item.exchange), item.arrived_on, "", "")


def income_entries(items: Iterable[Record], as_of: date) -> list[Entry]:
    """Other income that was paid by a day."""
    return [
        between("elsewhere", account_of(item.method), Range.of(item.amount), item.currency, item.day, item.name, item.id)
        for item in items
        if item.sort == "income" and item.paid and item.day <= as_of
    ]


def between(source: str, target: str, amount: Range, currency: str, day: date, what: str, record: str = "") -> Entry:
    """An entry that takes an amount from one place to another."""
    with exact():
        postings = (Posting(source, amount.but(-amount.low, -amount.high), currency), Posting(target, amount, currency))
    return _balanced(Entry(record, day, what, postings))


def _balanced(entry: Entry) -> Entry:
    """The entry; what does not sum to zero is a bug, and never goes on."""
    sums: dict[str, Range] = {}
    with exact():
        for posting in entry.postings:
            sums[posting.currency] = sums.get(posting.currency, ZERO) + posting.amount
    if any(amount != ZERO for amount in sums.values()):
        raise AssertionError(f"the entry of {entry.record or entry.what} does not sum to zero")
    return entry
