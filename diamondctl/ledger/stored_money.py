"""Statements in the ledger: the rows of a document as Parquet, and all movements that are live, each once, in the catalog."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from diamondctl import columns, legs, periods
from diamondctl.ledger import catalog, staging
from diamondctl.ledger.catalog import Ledger
from diamondctl.ledger.families import MONEY
from diamondctl.ledger.merge import MEMORY, Span
from diamondctl.ledger.staging import Staged
from diamondctl.problems import Problem, ProblemLog
from diamondctl.records import Movement, Record
from diamondctl.words import document_name, few

# Of `records.Record`; the rest is blank in what a statement says.
_FIELDS: Final = (
    "sort", "creator", "day", "amount", "currency", "kind", "name", "method", "arrived", "arrived_currency", "arrived_on",
    "tax", "invoice", "invoiced", "paid", "key", "account", "fee", "leg", "status", "ended",
)  # fmt: skip
DAYS: Final = ("day", "arrived_on", "invoiced", "ended")
AMOUNTS: Final = ("amount", "arrived", "tax", "fee")
TYPES: Final = {
    "line": "BIGINT", "occurrence": "BIGINT", **dict.fromkeys(_FIELDS, "VARCHAR"), "paid": "BIGINT",
}  # fmt: skip
LIMITS: Final = {
    "line": "{column} >= 0",
    "occurrence": "{column} >= 0",
    "creator": columns.LIMITS["creator"],
    "sort": "{column} IN ('payout', 'credit', 'income')",
    "paid": "{column} IN (0, 1)",
}
_Parts = dict[str, tuple[Decimal, str]]  # of one transaction: what each creator has of it, and where that stands
_READ: Final = f"SELECT {', '.join(TYPES)} FROM read_parquet({{file}}, hive_partitioning = false) ORDER BY line, creator, kind"


def stage(movements: Sequence[Movement], target: Path) -> Staged:
    """Write the movements of one document to the Parquet file `target`."""
    staging.write_rows(target, TYPES, ((item.line, item.occurrence, *plain_of(item.item)) for item in movements))
    spans = []
    for creator in sorted({item.item.creator for item in movements}):
        days = [item.item.day for item in movements if item.item.creator == creator]
        spans.append(Span(creator, len(days), _midnight(min(days)), _midnight(max(days)), "", "", (), MONEY))
    return staging.sealed(target, tuple(spans), {})


def _midnight(day: date) -> int:
    return periods.instant_of(datetime(day.year, day.month, day.day))


def plain_of(item: Record) -> list[str | int]:
    """A record as the columns of a row hold it."""
    return [plain(getattr(item, name)) for name in _FIELDS]


def plain(value: object) -> str | int:
    """A value of a record as its column holds it."""
    if isinstance(value, int):  # numbers and flags
        return int(value)
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def valued(fields: dict[str, Any]) -> dict[str, Any]:
    """The values of a record from those of its columns."""
    fields |= {name: date.fromisoformat(fields[name]) if fields[name] else None for name in DAYS if name in fields}
    fields |= {name: Decimal(fields[name]) if fields[name] else None for name in AMOUNTS if name in fields}
    return fields | {"paid": bool(fields["paid"])}


def item_of(row: Mapping[str, Any]) -> Record:
    """The record that a row says, by its columns."""
    return Record(number=0, region="", **valued({name: row[name] for name in _FIELDS}))


def read(path: Path) -> list[Movement]:
    """The stored movements of one document."""
    found = []
    for values in columns.query(path, _READ, memory=MEMORY, types=TYPES, limits=LIMITS):
        row = dict(zip(TYPES, values, strict=True))
        found.append(Movement(item_of(row), row["line"], row["occurrence"]))
    return found


def identity(movement: Movement) -> str:
    """What makes a row the same movement in another document: its transaction, else its content and which of equals it is."""
    item = movement.item
    if item.key:
        parts: list[object] = [item.sort, item.creator, item.account, item.key]
    else:
        said = (item.day, item.amount, item.currency, item.kind, item.name, item.leg, item.status, item.invoice)
        parts = [item.sort, item.creator, item.account, *said, movement.occurrence]
    return catalog.digest(str(part) for part in parts)


def store(ledger: Ledger, document: int, name: str, path: Path, log: ProblemLog) -> int:
    """Derive the movements of a document inside `writing`; returns how many no other document holds.

    Logs (S009) what contradicts a row of another document, or of its own, and a transaction that is another creator's there:
    nothing is stored then.
    """
    there = _stored(ledger)
    fresh_rows = read(path)
    _refuse_of_others(fresh_rows, [other for items in there.values() for other in items], name, log)
    fresh: set[str] = set()
    credited = _credited(there)
    for movement in fresh_rows:
        mine, item = identity(movement), movement.item
        known = [other for other in there.get((item.sort, mine), ()) if other.status == item.status]
        if other := next((other for other in known if _content(other) != _content(item)), None):
            log.add(_contradiction(item, other, name, movement.line))
            continue
        if item.sort == "credit" and (said := credited.get(_what_for(item), {})) and not item.key and mine not in said:
            log.add(_contradiction(item, next(iter(said.values())), name, movement.line))
            continue
        number = next((other.number for other in there.get((item.sort, mine), ())), 0)
        if not number:
            number = (ledger.meta(f"last {item.sort}") or 0) + 1
            ledger.set_meta(f"last {item.sort}", number)
            fresh.add(mine)
        place = f"{document_name(document)}:{movement.line}"
        there.setdefault((item.sort, mine), []).append(item._replace(number=number, places=place))
        values = dict(zip(_FIELDS, plain_of(item), strict=True))
        values |= {"document": document, "line": movement.line, "identity": mine, "number": number}
        names = ", ".join(values)
        ledger.sql.execute(
            f"INSERT OR IGNORE INTO movements ({names}) VALUES ({', '.join(f':{name}' for name in values)})", values
        )
    return len(fresh)


def _refuse_of_others(rows: Sequence[Movement], there: Sequence[Record], name: str, log: ProblemLog) -> None:
    """A transaction of one account belongs to one creator, or is split among the same in every document."""
    places = {movement.item: f":{movement.line}" for movement in rows}
    stored: dict[tuple[str, ...], list[tuple[str, _Parts]]] = defaultdict(list)
    for (transaction, place, _), parts in _parts((item, item.places) for item in there).items():
        stored[transaction].append((place, parts))
    for (transaction, _, _), mine in _parts(places.items()).items():
        for document, theirs in stored[transaction]:
            if mine.keys() != theirs.keys() and sum(amount for amount, _ in mine.values()) == sum(
                amount for amount, _ in theirs.values()
            ):
                line = min(int(place[1:]) for _, place in mine.values())
                whose, here = (few(sorted(parts)) for parts in (theirs, mine))
                at = min(place for _, place in theirs.values())
                message = f"transaction {transaction[2]} is money of {here} here, and of {whose} in {at}"
                hint = f"a payment counts once: if it is {here}'s, first: diamondctl undo {document}"
                log.add(Problem("S009", message, hint, name, line))
                break


def _parts(rows: Iterable[tuple[Record, str]]) -> dict[tuple[tuple[str, ...], str, str], _Parts]:
    """The parts of every transaction by creator: of one account, document and status."""
    found: dict[tuple[tuple[str, ...], str, str], _Parts] = defaultdict(dict)
    for item, place in rows:
        if item.key:
            transaction = (item.sort, item.account, item.key, item.currency)
            found[transaction, place.split(":")[0], item.status][item.creator] = (item.amount, place)
    return found


def _content(item: Record) -> tuple[object, ...]:
    """What two rows of one transaction in one state say alike."""
    return item.amount, item.currency, item.day, item.arrived, item.kind, item.name


def _what_for(item: Record) -> tuple[str, ...]:
    return item.creator, item.currency, item.kind, item.name, item.account


def _credited(there: dict[tuple[str, str], list[Record]]) -> dict[tuple[str, ...], dict[str, Record]]:
    """By what they are for, the credits without a transaction of earlier documents: another list of them must agree."""
    found: dict[tuple[str, ...], dict[str, Record]] = defaultdict(dict)
    for (sort, mine), items in there.items():
        if sort == "credit" and not items[0].key:
            found[_what_for(items[0])][mine] = items[0]
    return dict(found)


def _contradiction(item: Record, other: Record, name: str, line: int) -> Problem:
    what = f"transaction {item.key}" if item.key else f"the {item.kind} {item.name}"
    said = f"{other.amount:f} {other.currency} on {other.day}"
    message = f"{what} is {item.amount:f} {item.currency} on {item.day} here, and {said} in {other.places.split()[0]}"
    hint = f"if that is wrong: diamondctl undo {other.places.split(':')[0]}"
    return Problem("S009", message, hint, name, line)


def _stored(ledger: Ledger) -> dict[tuple[str, str], list[Record]]:
    """The rows of all live documents by sort and identity."""
    found: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for mine, item in _rows(ledger):
        found[item.sort, mine].append(item)
    return found


def _rows(ledger: Ledger) -> Iterable[tuple[str, Record]]:
    names = ", ".join(_FIELDS)
    query = f"SELECT document, line, identity, number, {names} FROM movements ORDER BY document, line, identity"
    for document, line, mine, number, *values in ledger.sql.execute(query).fetchall():
        fields = valued(dict(zip(_FIELDS, values, strict=True)))
        yield mine, Record(number=number, region="", places=f"{document_name(document)}:{line}", **fields)


def movements(ledger: Ledger) -> list[Record]:
    """What the statements of all live documents tell, each movement once."""
    rows: dict[tuple[str, int], list[Record]] = defaultdict(list)
    for _, item in _rows(ledger):
        rows[item.sort, item.number].append(item)
    return legs.together(rows)


def of_document(ledger: Ledger, number: int) -> list[Record]:
    """What one document tells, by line."""
    return [item for _, item in _rows(ledger) if item.places.split(":")[0] == document_name(number)]


def agrees(ledger: Ledger, number: int, path: Path) -> bool:
    """Whether what the catalog has of a document is what its rows say."""
    bare = [item._replace(number=0, places="") for item in of_document(ledger, number)]
    return sorted(map(repr, bare)) == sorted(repr(movement.item) for movement in read(path))
