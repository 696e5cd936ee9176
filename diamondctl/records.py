"""What readers produce and the ledger keeps: gifts, documents, usage. Values only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Gift(NamedTuple):
    """One sent gift after combos are folded. Blank text means the source does not say.

    A tuple, not a dataclass: a million of them are made per import, and a tuple costs a third.
    """

    time: int  # instant, microseconds since 1970 UTC
    creator: str
    gift: str
    coins: int  # of one unit
    quantity: int
    event_id: str
    gifter: str
    gift_id: str
    stream: str
    receiver: str
    region: str
    line: int  # where the row starts in its file, from 1


class Usage(NamedTuple):
    """What one creator received in one stream and one quarter of an hour: the narrow waist of design.md section 2."""

    creator: str
    region: str
    stream: str  # blank: the source names none
    quarter: int
    coins: int  # of all units
    gifts: int


class Stream(NamedTuple):
    """All gifts of one creator in one stream (blank: in none): usage over any time, in one row."""

    creator: str
    region: str
    stream: str
    first: int  # quarter of the first gift
    last: int
    coins: int
    gifts: int


class Document(NamedTuple):
    """One file as it was read. `rows == new + known + elsewhere`."""

    name: str
    kind: str  # "gift CSV", "gift JSON", "gift JSONL"
    sha256: str
    rows: int
    new: int  # gifts that count
    known: int  # rows that repeat a gift already counted
    elsewhere: int  # gifts to another receiver than the creator
    notices: tuple[str, ...]


class Adjustment(NamedTuple):
    """A signed, dated correction of a creator's balance, with its reason."""

    number: int
    creator: str
    region: str  # blank: the only account in that currency
    day: date
    kind: str  # opening | refund | reversal | bonus | exchange
    amount: Decimal  # signed, in minor units of `currency`
    currency: str
    reason: str
