"""The documents of a ledger: what there is, what is in it, taking one out again, and its rejected rows."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from diamondctl import columns
from diamondctl.ledger import catalog, derive, frames, leftovers, merge
from diamondctl.ledger.catalog import STATE, Ledger
from diamondctl.ledger.families import BESIDE, EVENTS, GIFTS, family_words
from diamondctl.ledger.merge import Window
from diamondctl.ledger.staging import Reading
from diamondctl.problems import Problem, Refusal
from diamondctl.records import Gift
from diamondctl.words import counted, document_name


class StoredDocument(NamedTuple):
    """One live document. `new`, `known`, `aside` and `elsewhere` are those of the day of its import."""

    number: int
    name: str
    kind: str
    sha256: str
    reading: Reading
    part_of: int  # 0: none
    imported: str
    rows: int
    new: int
    known: int
    aside: int
    elsewhere: int
    coins: int
    notices: tuple[str, ...]
    creators: int
    first_time: int
    last_time: int
    open_rejects: int
    rejects: int
    sort: str
    folded: int
    uncertain: Mapping[str, Mapping[str, int]]  # of an event log: by creator, counts as in `records.Document`

    @property
    def mends(self) -> str:
        """The document whose rejected rows this one repairs, or blank."""
        return document_name(self.part_of) if self.part_of else ""

    @property
    def remarks(self) -> list[str]:
        """What was said when it was read, and what is uncertain about its gifts now."""
        return [*self.notices, *frames.words(self.uncertain.values())]


class RejectedRow(NamedTuple):
    """A row that was left out, and what became of it."""

    document: int
    name: str
    place: str
    line: int
    code: str
    problem: str
    hint: str
    state: str  # open | dismissed | repaired
    reason: str
    repaired: int  # the document that holds it repaired; 0: none


class Undone(NamedTuple):
    """What taking documents out removed."""

    documents: tuple[StoredDocument, ...]
    gifts: int  # fewer gifts count now
    coins: int
    names: int  # gifters that no other document names
    kept: str = ""  # why names had to stay, and how many there are; blank: none had to


NOT_TOLD: Final = -1  # a number of a document that others share


def of_creator(ledger: Ledger, creator: str) -> list[StoredDocument]:
    """Live documents that hold something of a creator, by number, as if they held nothing of others.

    Of one that others share only the rows and the days of the creator are told; its other numbers are `NOT_TOLD`, where they
    may not be 0.
    """
    spans = {
        number: (rows, first, last)
        for number, rows, first, last in ledger.sql.execute(
            "SELECT document, rows, first_time, last_time FROM spans WHERE creator = ?", (creator,)
        )
    }
    mine = []
    for item in stored(ledger):
        if item.number in spans:
            mine.append(_without_others(item, creator, *spans[item.number]) if item.creators > 1 else item)
        elif not item.creators and item.reading.creator == creator:
            mine.append(item)  # of which every row was left out
    return mine


def _without_others(item: StoredDocument, creator: str, rows: int, first: int, last: int) -> StoredDocument:
    numbers = ("new", "known", "aside", "elsewhere", "coins", "folded", "open_rejects", "rejects")
    hidden: dict[str, Any] = {name: NOT_TOLD for name in numbers if getattr(item, name)}
    uncertain = {name: counts for name, counts in item.uncertain.items() if name == creator}
    return item._replace(rows=rows, first_time=first, last_time=last, creators=1, notices=(), uncertain=uncertain, **hidden)


def stored(ledger: Ledger) -> list[StoredDocument]:
    """Every live document, by number."""
    cursor = ledger.sql.execute(
        f"SELECT {', '.join(f'd.{name}' for name in Reading._fields)}, d.id AS number, d.name, d.kind, d.sha256, d.imported,"
        ' coalesce(d.part_of, 0) AS part_of, d."rows", d.new, d.known, d.aside, d.elsewhere, d.coins, d.notices, d.sort,'
        " d.folded, d.uncertain,"
        " (SELECT count(*) FROM spans s WHERE s.document = d.id) AS creators,"
        " (SELECT coalesce(min(first_time), 0) FROM spans s WHERE s.document = d.id) AS first_time,"
        " (SELECT coalesce(max(last_time), 0) FROM spans s WHERE s.document = d.id) AS last_time,"
        " (SELECT count(*) FROM rejected r WHERE r.document = d.id AND r.state = 'open') AS open_rejects,"
        " (SELECT count(*) FROM rejected r WHERE r.document = d.id) AS rejects"
        " FROM documents d ORDER BY d.id"
    )
    names = [column for column, *_ in cursor.description]
    documents = []
    for row in cursor.fetchall():
        fields = dict(zip(names, row, strict=True))
        reading = Reading(**{name: fields.pop(name) for name in Reading._fields})
        fields |= {name: json.loads(fields[name]) for name in ("notices", "uncertain")}
        fields |= {"coins": int(fields["coins"]), "notices": tuple(fields["notices"])}
        documents.append(StoredDocument(reading=reading, **fields))
    return documents


def numbers_of(ledger: Ledger, names: Sequence[str]) -> list[int]:
    """Document numbers from `d014` or `14`; refuses what is none (L009)."""
    stored_numbers = {number for (number,) in ledger.sql.execute("SELECT id FROM documents")}
    numbers = []
    for name in names:
        digits = name.removeprefix("d")
        number = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 12 else 0
        if number not in stored_numbers:
            hint = "see: diamondctl records list"
            raise Refusal(Problem("L009", f"no document '{name}' in the ledger", hint))
        numbers.append(number)
    return list(dict.fromkeys(numbers))


def undo(ledger: Ledger, numbers: Sequence[int]) -> tuple[Undone, list[Path]]:
    """Take documents out, with the repaired rows of theirs, as if they had never been imported; inside `writing`.

    Returns what went and the files to remove once that is committed.
    """
    gone = set(numbers)
    before = {item.number: item for item in stored(ledger)}
    gone |= {number for number, item in before.items() if item.part_of in gone}
    marks = ", ".join("?" * len(gone))
    values = sorted(gone)
    spans = ledger.sql.execute(
        f"SELECT creator, min(first_time), max(last_time) FROM spans WHERE document IN ({marks}) AND family NOT IN {BESIDE}"
        " GROUP BY creator",
        values,
    ).fetchall()
    named = leftovers.files_of(ledger, values)
    windows = [Window.around(creator, first, last) for creator, first, last in spans]
    # What a frame belongs to may lie on any day.
    logged = {
        creator
        for item in derive.live(ledger, f"d.sort = 'events' AND d.id IN ({marks})", values)
        for creator in item.rows.families
    }
    windows = [window for window in windows if window.creator not in logged]
    windows += [window for creator in sorted(logged) for window in derive.whole(ledger, creator)]
    ledger.sql.execute(f"UPDATE rejected SET state = 'open' WHERE repaired IN ({marks})", values)
    ledger.sql.execute(f"DELETE FROM documents WHERE id IN ({marks})", values)
    # Another source may count now, on all days of the creator.
    changed = _settle_preferences(ledger, gone, [window.creator for window in windows])
    windows += [window for creator in changed for window in derive.whole(ledger, creator)]
    had = derive.sums(ledger, windows)
    if windows:
        derive.recompute(ledger, windows)
    names, kept = _drop_names(ledger)
    now = derive.sums(ledger, windows)
    return Undone(tuple(before[number] for number in values), had[0] - now[0], had[1] - now[1], names, kept), named


def _settle_preferences(ledger: Ledger, gone: Collection[int], creators: Sequence[str]) -> list[str]:
    """What these documents said about sources goes with them; returns the creators for whom another source counts now.

    Where the days that are left need it, it stays; where no day is covered twice any more, nothing is preferred. Refuses
    (L010) when two sources are left over a day and neither is the preferred one.
    """
    changed = []
    for creator in creators:
        preferences = ledger.sql.execute(
            "SELECT document, family FROM preferences WHERE creator = ? ORDER BY document", (creator,)
        ).fetchall()
        if not preferences:
            continue
        windows = derive.whole(ledger, creator)
        documents = derive.meeting(ledger, windows, {})
        with derive.sources(ledger, documents) as sources:
            for left in ([item for item in preferences if item[0] not in gone], preferences):
                with merge.opened(sources.rows) as merger:
                    merged = merger.merge(windows, {creator: left[-1][1]} if left else {})
                if not merged.contests:
                    break
            else:
                raise _contested_after(ledger, merged.contests[0], [item.rows for item in documents])
        if creator not in merged.contested:
            left = []
        ledger.sql.execute("DELETE FROM preferences WHERE creator = ?", (creator,))
        ledger.sql.executemany("INSERT INTO preferences VALUES (?, ?, ?)", [(creator, *item) for item in left])
        if left[-1:] != preferences[-1:]:
            changed.append(creator)
    return changed


def _contested_after(ledger: Ledger, contest: merge.Contest, documents: Sequence[merge.Rows]) -> Refusal:
    families = [family for family, *_ in contest.coins]
    parts = []
    for family in families:
        numbers = [document_name(rows.document) for rows in documents if rows.families.get(contest.creator) == family]
        parts.append(f"{family_words(family)} ({', '.join(numbers)})")
    message = f"{contest.creator}: without the source that counts, {' and '.join(parts)} would cover the same days"
    hint = "undo the others too, then import the one that counts"
    return Refusal(Problem("L010", message, hint), exit_code=STATE)


def _drop_names(ledger: Ledger) -> tuple[int, str]:
    """Forget gifters whom no document holds any more (an erased one is remembered as erased), and say why not, where not."""
    documents = derive.live(ledger)
    damaged = [document_name(item.rows.document) for item in documents if derive.hash_of(item) != item.sha256]
    if damaged:
        (count,) = ledger.sql.execute("SELECT count(name) FROM gifters").fetchone()
        named = ", ".join(damaged[:5])
        return 0, f"All {counted(count, 'name')} of gifters stay: whom {named} holds cannot be read (see: diamondctl doctor)."
    left = aliases(documents)
    lost = [alias for (alias,) in ledger.sql.execute("SELECT alias FROM gifters") if alias not in left]
    before = ledger.sql.total_changes
    ledger.sql.executemany("DELETE FROM gifters WHERE alias = ? AND name IS NOT NULL", [(alias,) for alias in lost])
    return ledger.sql.total_changes - before, ""


def aliases(documents: Sequence[derive.Live]) -> set[str]:
    """Every alias of a gifter or receiver in the rows of these documents."""
    people: set[str] = set()
    for item in documents:
        if item.sort == EVENTS:
            people |= frames.aliases(item.rows.path)
        if item.sort != GIFTS:
            continue
        with merge.opened([item.rows]) as merger:
            people.update(
                alias
                for (alias,) in merger.connection.execute(
                    "SELECT DISTINCT gifter FROM given WHERE gifter <> ''"
                    " UNION SELECT DISTINCT receiver FROM given WHERE receiver NOT IN ('', creator)"
                ).fetchall()
            )
    return people


def remove_files(paths: Iterable[Path]) -> None:
    """Remove files that no document names any more; after the commit, and what stays behind is swept later."""
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def rejected_rows(ledger: Ledger, numbers: Sequence[int] = ()) -> list[RejectedRow]:
    """Rows that were left out, of all documents or of some."""
    rows = ledger.sql.execute(
        "SELECT r.document, d.name, r.place, r.line, r.code, r.problem, r.hint, r.state, r.reason, coalesce(r.repaired, 0)"
        " FROM rejected r JOIN documents d ON d.id = r.document ORDER BY r.document, r.line, r.place"
    ).fetchall()
    return [RejectedRow(*row) for row in rows if not numbers or row[0] in numbers]


def dismiss(ledger: Ledger, numbers: Sequence[int], reason: str) -> int:
    """Decide that open rejected rows of these documents are no gifts; inside `writing`. Returns how many."""
    marks = ", ".join("?" * len(numbers))
    cursor = ledger.sql.execute(
        f"UPDATE rejected SET state = 'dismissed', reason = ? WHERE state = 'open' AND document IN ({marks})",
        (reason, *numbers),
    )
    return cursor.rowcount


def incomplete(ledger: Ledger, creator: str = "") -> str:
    """What every report, or that of a creator, has to say while rejected rows are open; blank when none is."""
    if creator:
        return _incomplete_of(ledger, creator)
    open_rows = [row for row in rejected_rows(ledger) if row.state == "open"]
    if not open_rows:
        return ""
    documents = sorted({row.document for row in open_rows})
    named = ", ".join(map(document_name, documents[:5])) + (f" and {len(documents) - 5} more" if len(documents) > 5 else "")
    return (
        f"Incomplete: {counted(len(open_rows), 'rejected row')} of {named} "
        f"{'is' if len(open_rows) == 1 else 'are'} in no total; see: diamondctl records rejected"
    )


def _incomplete_of(ledger: Ledger, creator: str) -> str:
    """Whose the rows of a document are that others share, or of which all were left out, nobody knows."""
    open_ones = [item for item in of_creator(ledger, creator) if item.open_rejects]
    nameless = any(item.open_rejects and not item.creators and not item.reading.creator for item in stored(ledger))
    what = ", ".join(document_name(item.number) for item in open_ones)
    count = sum(item.open_rejects for item in open_ones)
    if open_ones and all(item.open_rejects > 0 for item in open_ones):
        what = f"{counted(count, 'rejected row')} of {what} {'is' if count == 1 else 'are'}"
    elif open_ones:
        what = f"rejected rows of {what}, perhaps of {creator}, are"
    elif nameless:
        what = f"rejected rows that may be of {creator} are"
    return f"Incomplete: {what} in no total; see: diamondctl records rejected" if what else ""


def rows_of(ledger: Ledger, number: int, limit: int) -> list[Gift]:
    """The first rows of a document, by line; 0 is all. `gifter` and a foreign `receiver` are aliases.

    Of an event log each frame is a row; totals are no such rows.
    """
    items = derive.live(ledger, "d.id = ?", [number])
    documents = derive.verified(ledger, items)
    if items and items[0].sort == EVENTS:
        return frames.rows_of(documents[0].path, limit)
    if items and items[0].sort != GIFTS:
        return []
    with merge.opened(documents) as merger:
        rows: list[Any] = merger.connection.execute(
            f"SELECT {', '.join(Gift._fields)} FROM given ORDER BY line {f'LIMIT {limit:d}' if limit else ''}"
        ).fetchall()
    return [Gift._make(row) for row in rows]


def names_of(ledger: Ledger, aliases: Iterable[str]) -> dict[str, str]:
    """Names of gifters by alias, where they are known."""
    names = {}
    for alias in set(aliases):
        row = ledger.sql.execute("SELECT name FROM gifters WHERE alias = ?", (alias,)).fetchone()
        if row and row[0] is not None:
            if columns.alias_of(ledger.key, row[0]) != alias:
                raise catalog.damaged(ledger.folder, "a name of the gifters")
            names[alias] = row[0]
    return names
