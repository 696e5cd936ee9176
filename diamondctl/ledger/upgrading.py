"""Ledgers of earlier versions: what was recorded under its new name, derived rows made anew from their documents, and which
months read differently for it.

Until version 3 a combo of an event log counted whole where it ended, and usage did not say when its first and last gift came.
Until version 4 adjustments were all that could be recorded, and nobody's consent; until version 5 statements were no documents,
and no month was closed. Until version 6 every unit of usage was a row of the catalog.
"""

from __future__ import annotations

import os
import sqlite3
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import Any, Final, NamedTuple

from diamondctl.ledger import catalog, derive, merge, packs, recorded
from diamondctl.ledger.catalog import Ledger
from diamondctl.ledger.derive import Live
from diamondctl.ledger.families import EVENTS
from diamondctl.records import Usage
from diamondctl.words import counted

# Columns that a version added to a table, as `schema.sql` has them: 2 says what the rows of a document are (gifts, frames of
# events, totals) and how else they were read; 3 what is uncertain about the gifts of event logs, and keeps whole profiles. In
# 4 usage has seconds and combos count where their frames are (`upgrading`).
_ADDED: Final = {
    2: (
        ("documents", "sort", "TEXT NOT NULL DEFAULT 'gifts'", "'gifts'"),
        ("documents", "profile", "TEXT NOT NULL DEFAULT ''", "''"),
        ("documents", "earning_unit", "TEXT NOT NULL DEFAULT ''", "''"),
        ("documents", "folded", "INTEGER NOT NULL DEFAULT 0", "0"),
    ),
    3: (("documents", "uncertain", "TEXT NOT NULL DEFAULT '{}'", "'{}'"),),
}
# Tables that a version added; `states` came with the derived ones.
_TABLES: Final = {5: ("records", "consents"), 6: ("movements", "closes", "sealed_months", "corrections")}
_RECORDS_SINCE: Final = 5
_DERIVED_SINCE: Final = 4
_PACKED_SINCE: Final = 7
SHOWN: Final = 5
_DERIVED: Final = ("usage", "cross_checks", "seals")
# How many quarters before and after midnight UTC a month begins in the first and the last of all time zones.
_EARLIEST: Final = 14 * 4
_LATEST: Final = 12 * 4
_OF_COMBOS: Final = "A combo of a LIVE log counts where each part of it was sent, and no longer whole where it ended:"
_OF_LIVES: Final = (
    "What a LIVE over the end of a month earns is told month by month as its gifts were sent, and no longer whole in the later "
    "one: such months may read differently."
)


def bring_up_to_date(ledger: Ledger, version: int) -> None:
    """Make a ledger of an earlier version one of this version, all of it or nothing; one that may not be written, in memory.

    `Ledger.upgraded` then has what there is to say.
    """
    if version == catalog.VERSION:
        return
    ledger.read_only = not catalog.writable(ledger.folder / catalog.FILE)
    with ledger.trusted():
        _bring_up_to_date(ledger, version)


def _bring_up_to_date(ledger: Ledger, version: int) -> None:
    ledger.sql.execute("PRAGMA temp_store = MEMORY")
    ledger.sql.execute("BEGIN" if ledger.read_only else "BEGIN IMMEDIATE")
    try:
        if ledger.sql.execute("PRAGMA user_version").fetchone()[0] == version:  # else another command was faster
            ledger.verify_books()
            ledger.verify_spans()
            (_show_added if ledger.read_only else _add)(ledger.sql, version)
            for table in (table for number, tables in _TABLES.items() if number > version for table in tables):
                ledger.sql.execute(catalog.statement(table, temporary=ledger.read_only))
            if version < _RECORDS_SINCE:
                if not ledger.read_only:
                    ledger.sql.execute(catalog.index("records_by_key"))
                recorded.take_over(ledger, shown=ledger.read_only)
            texts = _derive_anew(ledger) if version < _DERIVED_SINCE else ()
            if _DERIVED_SINCE <= version < _PACKED_SINCE:
                _pack(ledger)
            if not ledger.read_only:  # else it would be said by every command
                ledger.sql.execute(f"PRAGMA user_version = {catalog.VERSION}")
                ledger.set_meta("books", ledger.books_digest())
                ledger.commit(lambda: None)
                ledger.upgraded = texts
        ledger.end("COMMIT")
    finally:
        ledger.end("ROLLBACK")


def _add(connection: sqlite3.Connection, version: int) -> None:
    """Add the columns of later versions."""
    for number, columns in _ADDED.items():
        for table, name, kind, _ in columns if number > version else ():
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")


def _show_added(connection: sqlite3.Connection, version: int) -> None:
    """The same for a catalog that cannot be written: views of this connection stand before its tables."""
    added: dict[str, list[str]] = {}
    for number, columns in _ADDED.items():
        if number > version:
            for table, name, _, value in columns:
                added.setdefault(table, []).append(f"{value} AS {name}")
    for table, more in added.items():
        connection.execute(f"CREATE TEMP VIEW {table} AS SELECT *, {', '.join(more)} FROM main.{table}")


def _derive_anew(ledger: Ledger) -> tuple[str, ...]:
    """Make the derived tables of this version, inside a transaction; of a ledger that cannot be written, in memory.

    Creators of whom a document is damaged keep what was derived before, if that is what was written. Returns what there is
    to say, a line each.
    """
    old = {table: ledger.sql.execute(f"SELECT * FROM main.{table}").fetchall() for table in _DERIVED}
    for table in _DERIVED:
        if not ledger.read_only:
            ledger.sql.execute(f"DROP TABLE {table}")
        ledger.sql.execute(catalog.statement(table, temporary=ledger.read_only))
    ledger.sql.execute(catalog.statement("states", temporary=ledger.read_only))
    if not ledger.read_only:
        ledger.sql.execute("DROP TABLE streams")
    live = derive.live(ledger, "d.sort <> 'totals'")
    sound, lost = _sound(ledger, live)
    everyone = sorted({creator for item in live for creator in item.rows.families} - lost)
    windows = [window for creator in everyone for window in derive.whole(ledger, creator)]
    with derive.sources(ledger, sound) as sources, merge.opened(sources.rows) as merger:
        found = merger.merge(windows, derive.preferences(ledger))
    derive.store(ledger, windows, found)
    if not ledger.read_only:
        derive.note_uncertain(ledger, sources.folded)
    cross = [row for row in old["cross_checks"] if row[0] in lost]
    ledger.sql.executemany("INSERT INTO cross_checks VALUES (?, ?, ?, ?, ?)", cross)
    _take_over(ledger, old, lost)
    return tuple(_words(old["usage"], found.usage))


def _sound(ledger: Ledger, live: list[Live]) -> tuple[list[Live], set[str]]:
    """Documents that can be merged, and creators of whom one is damaged: logs are folded with all that their creators have.

    Refuses (L007) one that is there and cannot be read just now: what is derived without it would stay so.
    """
    hashes = {item.rows.document: derive.hash_of(item) for item in live}
    for item in live if not ledger.read_only else ():
        if not hashes[item.rows.document] and os.path.lexists(item.rows.path):
            raise catalog.unusable(ledger.folder, f"{item.label}, {item.rows.path.name}, cannot be read")
    damaged = [item for item in live if hashes[item.rows.document] != item.sha256]
    lost = {creator for item in damaged for creator in item.rows.families}
    logs = [item for item in live if item.sort == EVENTS]
    while more := {creator for item in logs if lost & item.rows.families.keys() for creator in item.rows.families} - lost:
        lost |= more
    return [
        item for item in live if item not in damaged and (item.sort != EVENTS or not lost & item.rows.families.keys())
    ], lost


def _pack(ledger: Ledger) -> None:
    """Pack the usage of a ledger, inside a transaction; of one that cannot be written, in memory."""
    old = {table: ledger.sql.execute(f"SELECT * FROM main.{table}").fetchall() for table in _DERIVED}
    for table in ("usage", "seals"):
        if not ledger.read_only:
            ledger.sql.execute(f"DROP TABLE {table}")
        ledger.sql.execute(catalog.statement(table, temporary=ledger.read_only))
    _take_over(ledger, old, {row[0] for table in ("usage", "seals") for row in old[table]})


def _take_over(ledger: Ledger, old: dict[str, list[tuple[Any, ...]]], creators: set[str]) -> None:
    """Usage as it was derived before, packed: until version 3 no seconds are known. A seal that did not hold never holds."""
    mine: dict[str, dict[str, list[tuple[Any, ...]]]] = {creator: {table: [] for table in _DERIVED} for creator in creators}
    for table, rows in old.items():
        for row in rows:
            if row[0] in mine:
                mine[row[0]][table].append(row)
    for creator, of in sorted(mine.items()):
        try:
            derive.put_usage(ledger, packs.runs_of(Usage(*row) for row in of["usage"]))
        except (ArithmeticError, ValueError):  # numbers of no time: no seal holds, and what `doctor --fix` derives is there
            of["usage"] = []
        usage = sorted(of["usage"], key=lambda row: (row[3], row[1], row[2]))
        cross = sorted(of["cross_checks"], key=lambda row: (row[2], row[1]))
        for _, month, digest in of["seals"]:
            if not month:  # of all months: version 1
                continue
            first, after = packs.month_quarters(month)
            before = [
                rows[bisect_left(rows, first, key=itemgetter(at)) : bisect_left(rows, after, key=itemgetter(at))]
                for rows, at in ((usage, 3), (cross, 2))
            ]
            held = digest == catalog.digest(before)
            now = catalog.digest(derive.month_rows(ledger, creator, month)) if held else digest
            ledger.sql.execute("INSERT INTO seals VALUES (?, ?, ?)", (creator, month, now))


class _Moved(NamedTuple):
    """What counts before a month begins, and counted after it."""

    creator: str
    month: int
    coins: int
    combos: int
    begins: int  # the quarter in which the month begins: midnight UTC, else the first that is midnight somewhere

    def __str__(self) -> str:
        this, before = (f"{1970 + (month - 1) // 12}-{(month - 1) % 12 + 1:02d}" for month in (self.month, self.month - 1))
        what = f"{counted(self.coins, 'coin')} of {counted(self.combos, 'combo')}"
        text = f"{self.creator}: {what} count in {before}, no longer in {this}"
        if not self.begins % merge.DAY:
            return text
        hour, quarter = divmod(self.begins % merge.DAY, 4)
        return f"{text}, if the month begins at {hour:02d}:{quarter * 15:02d} UTC"


def _words(before: Iterable[tuple[Any, ...]], after: list[Usage]) -> Iterator[str]:
    if not after:
        return
    moved = list(_moved(before, after))
    if moved:
        texts = [str(item) for item in moved[:SHOWN]]
        if (more := len(moved) - SHOWN) > 0:
            texts.append(f"and {counted(more, 'more month')}")
        yield f"{_OF_COMBOS} {'; '.join(texts)}."
    yield _OF_LIVES


def words_of(texts: Iterable[str], creator: str) -> list[str]:
    """Of what there is to say because a ledger was brought up to date, what is of one creator or of nobody."""
    mine = []
    for text in texts:
        if text.startswith(_OF_COMBOS):
            parts = text.removeprefix(_OF_COMBOS).removesuffix(".").strip().split("; ")
            own = [part for part in parts if part.startswith(f"{creator}: ")]
            mine += [f"{_OF_COMBOS} {'; '.join(own)}."] if own else []
        else:
            mine.append(text)
    return mine


def _moved(before: Iterable[tuple[Any, ...]], after: Iterable[Usage]) -> Iterator[_Moved]:
    changes: dict[str, tuple[Counter[int], Counter[int]]] = {}
    for rows, sign in ((before, -1), (after, 1)):
        for creator, _, _, quarter, coins, gifts, *_ in rows:
            of_coins, of_gifts = changes.setdefault(creator, (Counter(), Counter()))
            of_coins[quarter] += sign * coins
            of_gifts[quarter] += sign * gifts
    for creator, (of_coins, of_gifts) in sorted(changes.items()):
        quarters = sorted(quarter for quarter in of_coins if of_coins[quarter] or of_gifts[quarter])
        earlier = list(accumulate(of_coins[quarter] for quarter in quarters))
        combos = list(accumulate(of_gifts[quarter] for quarter in quarters))
        if earlier and (earlier[-1] or min(earlier) < 0):  # the rows of before were damaged
            continue
        for (first, last), coins, count in zip(pairwise(quarters), earlier, combos, strict=False):
            month = packs.month_of(last + _EARLIEST)
            midnight, _ = packs.month_quarters(month)
            begins = range(max(first + 1, midnight - _EARLIEST), min(last, midnight + _LATEST) + 1)
            if coins and begins:
                yield _Moved(creator, month, coins, count, midnight if midnight in begins else begins[0])
