"""Closed months in the ledger: closes, the seals of their months, and what corrected their figures since.

A seal is what somebody was told: nothing changes it but erasing a name. A close that was reopened keeps its row and its seals;
its corrections count no more, for its months are worked out anew.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from diamondctl.ledger.catalog import Ledger, damaged
from diamondctl.money import Range
from diamondctl.records import Close, Correction

_MOST: Final = 256_000_000  # bytes of a seal: far more than any has
_AMOUNTS: Final = ("before_low", "before_high", "after_low", "after_high")


def closes(ledger: Ledger) -> list[Close]:
    """Every close there was, by number."""
    rows = ledger.sql.execute(
        "SELECT number, period, first, last, version, accepted, closed, reopened, reason FROM closes ORDER BY number"
    ).fetchall()
    return [
        Close(number, period, first, last, version, tuple((name, why) for name, why in json.loads(accepted)), *rest)
        for number, period, first, last, version, accepted, *rest in rows
    ]


def standing(ledger: Ledger) -> list[Close]:
    """Those that were not reopened, by their months."""
    return sorted((item for item in closes(ledger) if item.stands), key=lambda item: item.last)


def last_month(ledger: Ledger) -> str:
    """The last month that is closed; blank: none is."""
    return str(ledger.sql.execute("SELECT coalesce(max(last), '') FROM closes WHERE reopened = ''").fetchone()[0])


def close_of(ledger: Ledger, month: str) -> Close | None:
    """The close that stands of a month; what is before the first one is closed with it."""
    return next((item for item in standing(ledger) if month <= item.last), None)


def add(ledger: Ledger, close: Close, seals: Mapping[str, str]) -> Close:
    """Store a close and the seals of its months, by month, inside `writing`; returns it with its number."""
    packed = {month: zlib.compress(text.encode("ascii"), 6) for month, text in seals.items()}
    digests = {month: hashlib.sha256(data).hexdigest() for month, data in packed.items()}
    number = ledger.sql.execute(
        "INSERT INTO closes (period, first, last, version, accepted, sealed, closed) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (close.period, close.first, close.last, close.version, json.dumps(close.accepted), json.dumps(digests), close.closed),
    ).lastrowid
    assert number is not None
    rows = [(number, month, data) for month, data in packed.items()]
    ledger.sql.executemany("INSERT INTO sealed_months VALUES (?, ?, ?)", rows)
    return close._replace(number=number)


def reopen(ledger: Ledger, close: Close, moment: str, reason: str) -> Close:
    """Note that a close stands no more, and why; inside `writing`."""
    ledger.sql.execute("UPDATE closes SET reopened = ?, reason = ? WHERE number = ?", (moment, reason, close.number))
    return close._replace(reopened=moment, reason=reason)


def seal(ledger: Ledger, close: int, month: str) -> Any:
    """The seal of a month, from its JSON. Refuses (L005) one that is not what was written."""
    row = ledger.sql.execute(
        "SELECT sealed, seal FROM closes JOIN sealed_months ON number = close WHERE close = ? AND month = ?", (close, month)
    ).fetchone()
    text = None if row is None else _text(json.loads(row[0]).get(month, ""), bytes(row[1]))
    if text is None:
        raise damaged(ledger.folder, f"the seal of {month}")
    return json.loads(text)


def _text(digest: str, data: bytes) -> str | None:
    """The text of a seal; None where it is not what was written."""
    if hashlib.sha256(data).hexdigest() != digest:
        return None
    unpack = zlib.decompressobj()
    return unpack.decompress(data, _MOST).decode("ascii")


def damaged_seals(ledger: Ledger) -> list[str]:
    """The months whose seals are missing, or are not what was written."""
    there = {
        (close, month): bytes(data) for close, month, data in ledger.sql.execute("SELECT close, month, seal FROM sealed_months")
    }
    wanted = {
        (number, month): digest
        for number, sealed in ledger.sql.execute("SELECT number, sealed FROM closes")
        for month, digest in json.loads(sealed).items()
    }
    wrong = {key for key in wanted.keys() | there.keys() if key not in wanted or key not in there}
    wrong |= {key for key, digest in wanted.items() if key in there and hashlib.sha256(there[key]).hexdigest() != digest}
    return sorted({month for _, month in wrong})


def corrections(ledger: Ledger) -> list[Correction]:
    """What corrects the figures of closed months, in the order in which it came."""
    names = [name for name in Correction._fields if name not in ("before", "after")]
    rows = ledger.sql.execute(
        f"SELECT {', '.join(f'c.{name}' for name in names)}, {', '.join(_AMOUNTS)} FROM corrections c"
        " JOIN closes ON closes.number = c.close WHERE reopened = '' ORDER BY c.number"
    ).fetchall()
    return [_correction(dict(zip((*names, *_AMOUNTS), row, strict=True))) for row in rows]


def _correction(plain: dict[str, Any]) -> Correction:
    low, high, after_low, after_high = (Decimal(plain.pop(name)) for name in _AMOUNTS)
    return Correction(before=Range(low, high), after=Range(after_low, after_high), **plain)


def correct(ledger: Ledger, items: Iterable[Correction]) -> list[Correction]:
    """Store corrections, inside `writing`; returns them with their numbers."""
    done = []
    columns = ("close", "creator", "month", "currency", "basis", *_AMOUNTS, "cause", "booked", "added")
    for item in items:
        amounts = [f"{end:f}" for of in (item.before, item.after) for end in (of.low, of.high)]
        number = ledger.sql.execute(
            f"INSERT INTO corrections ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
            (item.close, item.creator, item.month, item.currency, item.basis, *amounts, item.cause, item.booked, item.added),
        ).lastrowid
        assert number is not None
        done.append(item._replace(number=number))
    return done


def reaches(ledger: Ledger, documents: Iterable[int], before: int) -> list[int]:
    """Of some documents those with a row before an instant."""
    early = {number for (number,) in ledger.sql.execute("SELECT document FROM spans WHERE first_time < ?", (before,))}
    return [number for number in documents if number in early]


def put_seal(ledger: Ledger, close: int, month: str, text: str) -> None:
    """Put another text in place of a seal, inside `writing`."""
    packed = zlib.compress(text.encode("ascii"), 6)
    ledger.sql.execute("UPDATE sealed_months SET seal = ? WHERE close = ? AND month = ?", (packed, close, month))
    digests = json.loads(ledger.sql.execute("SELECT sealed FROM closes WHERE number = ?", (close,)).fetchone()[0])
    digests[month] = hashlib.sha256(packed).hexdigest()
    ledger.sql.execute("UPDATE closes SET sealed = ? WHERE number = ?", (json.dumps(digests), close))


def sealed(ledger: Ledger) -> list[tuple[int, str]]:
    """The close and the month of every seal there is."""
    return ledger.sql.execute("SELECT close, month FROM sealed_months ORDER BY close, month").fetchall()


def replace_reasons(ledger: Ledger, replace: Callable[[str], str]) -> int:
    """Put other texts in place of the reasons of closes, inside `writing`; returns of how many."""
    count = 0
    for item in closes(ledger):
        accepted = json.dumps([[finding, replace(why)] for finding, why in item.accepted])
        new = (accepted, replace(item.reason))
        if new != (json.dumps(item.accepted), item.reason):
            count += 1
            ledger.sql.execute("UPDATE closes SET accepted = ?, reason = ? WHERE number = ?", (*new, item.number))
    return count
