"""Adding documents to a ledger: under the write lock each one is compared with what it can meet, then all appear at once.

The clearing equation is checked for every document: rows read = new + already known + kept aside + to another receiver
(+ folded, of an event log).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from diamondctl import combos
from diamondctl.ledger import (
    catalog,
    derive,
    disk,
    frames,
    gifters,
    leftovers,
    merge,
    objections,
    rejects,
    staging,
    stored_totals,
    totals,
)
from diamondctl.ledger.catalog import STATE, Ledger, document_name
from diamondctl.ledger.families import EVENTS, TOTALS
from diamondctl.ledger.incoming import Added, Incoming, Reading
from diamondctl.ledger.merge import Merged, Rows, Tally, Window
from diamondctl.problems import CUT_OFF, Problem, ProblemLog, Refusal


def same_size(ledger: Ledger, size: int) -> bool:
    """Whether any document had so many bytes: only then is it worth the time to hash a file before reading it."""
    return ledger.sql.execute("SELECT 1 FROM documents WHERE bytes = ?", (size,)).fetchone() is not None


def same_bytes(ledger: Ledger, sha256: str, reading: Reading, name: str) -> int:
    """The document with the same bytes, read in the same way; 0 when there is none.

    Refuses (L008) bytes that are in the ledger already but were read in another way: the rows would count twice.
    """
    row = ledger.sql.execute(
        "SELECT id, sort, creator, input_timezone, encoding, region, profile, earning_unit FROM documents WHERE sha256 = ?"
        " ORDER BY id",
        (sha256,),
    ).fetchone()
    if row is None:
        return 0
    known, now = Reading(*row[2:]), reading
    if row[1] != TOTALS:
        now = now._replace(earning_unit="")  # it is about nothing here
    # A blank region asks for nothing in particular.
    now = now._replace(region=now.region or known.region)
    if known != now:
        told = [
            f"--{name.replace('_', '-')} {getattr(known, name) or '(none)'}"
            for name in Reading._fields
            if getattr(known, name) != getattr(now, name)
        ]
        document = document_name(row[0])
        message = f"the same bytes are in the ledger as {document}, read with {' and '.join(told)}"
        hint = f"read them so, or first: diamondctl documents undo {document}"
        raise Refusal(Problem("L008", message, hint, name), exit_code=STATE)
    return int(row[0])


def add(ledger: Ledger, files: Sequence[Incoming], *, imported: str, prefer: str = "", publish: bool = True) -> list[Added]:
    """Add files to the ledger, inside `Ledger.writing`; all of them or, by a refusal, none.

    `imported` is the time to note down; `prefer` the family that counts where two meet; without `publish` the files get no
    final names, because the transaction will be rolled back. Refuses conflicting ids (G040), a second family over the same
    days (L010), and repaired rows that repair nothing (L013).
    """
    if publish:
        leftovers.sweep(ledger)
    log = ProblemLog()
    files = [file._replace(rejects=gifters.forget_again(ledger, file.rejects)) for file in files]
    added: list[Added] = []
    published: list[Path] = []
    try:
        for file in files:
            _add_one(ledger, file, imported, prefer, log, added)
        log.refuse_if_any()
        if publish:
            for file, one in zip(files, added, strict=True):
                if not one.same_as:
                    _publish(ledger, file, one.document, published)
            disk.flush(ledger.documents)
    except BaseException:
        for path in published:
            with suppress(OSError):
                path.unlink()
        raise
    return added


def _add_one(ledger: Ledger, file: Incoming, imported: str, prefer: str, log: ProblemLog, added: list[Added]) -> None:
    """One file; its problems go to the log, so that those of the others are told as well."""
    try:
        added.append(_add(ledger, file, imported, prefer, log))
    except Refusal as refusal:
        if refusal.exit_code != 2:
            raise
        for problem in refusal.problems:
            log.add(problem)


def _add(ledger: Ledger, file: Incoming, imported: str, prefer: str, log: ProblemLog) -> Added:
    same = same_bytes(ledger, file.sha256, file.reading, file.name)
    if same:
        rows = sum(span.rows for span in file.staged.spans)
        return Added(same, file.name, file.kind, Tally(rows=rows, known=rows), file.staged.spans, file.notices, (), 0, same)
    if file.part_of:
        _check_repairs(ledger, file)
    # The number is taken first, because rows are compared under it; the rest of the row follows.
    number = _insert_document(ledger, file, imported)
    _insert_spans(ledger, file, number)
    if file.sort == TOTALS:
        return _add_totals(ledger, file, number, log)
    if file.sort == EVENTS:
        return _add_log(ledger, file, number, prefer)
    me = Rows(
        file.staged.path,
        number,
        file.part_of or number,
        file.reading.region,
        _families(ledger, number),
    )
    windows = [Window(span.creator, *span.days) for span in file.staged.spans]
    ids = {span.creator: (span.first_id, span.last_id) for span in file.staged.spans}
    preferred, again = _preferences(ledger, file, prefer)
    windows = [window for window in windows if window.creator not in again] + [
        window for creator in again for window in derive.whole(ledger, creator)
    ]
    others = [item for item in derive.meeting(ledger, windows, ids) if item.rows.document != number]
    with derive.sources(ledger, others) as sources, merge.opened(sources.rows, me) as merger:
        found = merger.merge(windows, preferred)
        if found.clash_count:
            objections.log_clashes(log, file, number, others, found)
            return Added(number, file.name, file.kind, found.tally, file.staged.spans, file.notices, (), 0)
        if found.contests:
            raise objections.contested(file, found.contests)
        doubts = objections.doubts(merger.connection, ledger, file, others) if others and not file.part_of else ()
    return _keep(ledger, file, number, windows, found, doubts, again, prefer)


def _keep(
    ledger: Ledger,
    file: Incoming,
    number: int,
    windows: list[Window],
    found: Merged,
    doubts: tuple[str, ...],
    again: list[str],
    prefer: str,
) -> Added:
    """Store what a document changes."""
    _clear(found.tally, file)
    derive.store(ledger, windows, found)
    for creator in again:
        if creator in found.contested:  # else it decides nothing
            ledger.sql.execute("INSERT INTO preferences VALUES (?, ?, ?)", (creator, number, prefer))
    _finish(ledger, file, number, found.tally)
    lost = sum(row.problem.code == CUT_OFF for row in file.rejects.rows)
    return Added(
        number, file.name, file.kind, found.tally, file.staged.spans, file.notices, doubts, len(file.rejects.rows), lost=lost
    )  # fmt: skip


def _add_log(ledger: Ledger, file: Incoming, number: int, prefer: str) -> Added:
    """An event log: all logs of its creators are folded anew, so that it does not matter which of them came first."""
    windows = [window for span in file.staged.spans for window in derive.whole(ledger, span.creator)]
    preferred, again = _preferences(ledger, file, prefer)
    before = derive.sums(ledger, windows)
    items = derive.meeting(ledger, windows, {})
    label = next(item.label for item in items if item.rows.document == number)
    try:
        with derive.sources(ledger, items, mine=number) as sources, merge.opened(sources.rows) as merger:
            found = merger.merge(windows, preferred)
    except Refusal as refusal:
        # What is wrong with the new log is said of the file that the person named.
        named = [
            problem._replace(file=file.name) if problem.file == label else problem for problem in refusal.problems
        ]  # fmt: skip
        ledger.sql.execute("DELETE FROM documents WHERE id = ?", (number,))  # the files after it must not meet it
        raise Refusal(named, exit_code=refusal.exit_code, total=refusal.total) from None
    if found.contests:
        raise objections.contested(file, found.contests)
    tally = _tally_of_log(found.tally, sources.folded, label, sum(span.rows for span in file.staged.spans))
    notices = [*file.notices, *frames.said(sources.folded, label)]
    added = _keep(
        ledger, file._replace(notices=tuple(notices)), number, windows, found._replace(tally=tally), (), again, prefer
    )
    gifts, coins = (now - then for now, then in zip(derive.sums(ledger, windows), before, strict=True))
    if not again and (gifts, coins) != (tally.new, tally.new_coins):
        doubt = (
            f"With this log, combos that other logs hold a part of are whole: all in all the ledger has {gifts:+,} gifts and "
            f"{coins:+,} coins."
        )
        added = added._replace(doubts=(doubt,))
    return added


def _tally_of_log(merged: Tally, folded: Mapping[str, combos.Folded], label: str, rows: int) -> Tally:
    """Where the frames of a log went: gifts as merging counted them, frames of another's gift, frames that were known."""
    repeated = [frame for found in folded.values() for frame in found.repeated if frame.file == label]
    covered = [(frame, coins) for found in folded.values() for frame, coins in found.folded if frame.file == label]
    known_coins = sum(max(frame.coins, 0) * max(frame.repeat_count, 1) for frame in repeated)
    folded_coins = sum(coins for _, coins in covered)
    return merged._replace(
        rows=rows, coins=merged.coins + known_coins + folded_coins, known=merged.known + len(repeated),
        known_coins=merged.known_coins + known_coins, folded=len(covered), folded_coins=folded_coins, repeated=0,
    )  # fmt: skip


def _add_totals(ledger: Ledger, file: Incoming, number: int, log: ProblemLog) -> Added:
    """Totals stand beside everything else; only totals can contradict them (T003)."""
    kept = totals.keep(stored_totals.held(ledger).totals)
    label = f"{document_name(number)} ({file.name})"
    for span in file.staged.spans if file.reading.region else ():
        rows_of = ledger.sql.execute(
            "SELECT d.id, d.region FROM documents d JOIN spans s ON s.document = d.id"
            " WHERE d.sort = 'totals' AND s.creator = ? AND d.region NOT IN ('', ?) ORDER BY d.id",
            (span.creator, file.reading.region),
        ).fetchone()
        if rows_of is not None:
            message = f"totals of {span.creator} were imported for region {rows_of[1]}, as {document_name(rows_of[0])}"
            log.add(Problem("T003", message, "use the same --region, or undo the other document", file.name))
    for problem in kept.problems:
        log.add(problem._replace(file=file.name) if problem.file == label else problem)
    rows = sum(span.rows for span in file.staged.spans)
    tally = Tally(rows=rows, totals=rows)
    _clear(tally, file)
    _finish(ledger, file, number, tally)
    return Added(number, file.name, file.kind, tally, file.staged.spans, file.notices, (), len(file.rejects.rows))


def _final(file: Incoming) -> str:
    """The name of a file's rows once it is published."""
    return file.staged.path.name.removeprefix(staging.TEMPORARY)


def _check_repairs(ledger: Ledger, file: Incoming) -> None:
    """Every repaired row belongs to a row that is still left out; else it would count twice (L013)."""
    states = dict(ledger.sql.execute("SELECT place, state FROM rejected WHERE document = ?", (file.part_of,)))
    document = document_name(file.part_of)
    for place in file.repairs:
        if states.get(place) != "open":
            what = {"repaired": "was repaired already", "dismissed": "was dismissed"}.get(
                states.get(place, ""), "was not left out"
            )
            hint = "see: diamondctl documents rejected; to import the file anew, undo the document first"
            raise Refusal(Problem("L013", f"row {place} of {document} {what}", hint, file.name))
    if len(set(file.repairs)) < len(file.repairs):
        raise Refusal(Problem("L013", f"a row of {document} is repaired twice", "keep one of them", file.name))


def _clear(tally: Tally, file: Incoming) -> None:
    """The clearing equation (quality.md, Stripe's ledger): nothing read may get lost or appear from nowhere."""
    rows = sum(span.rows for span in file.staged.spans)
    parts = tally.new + tally.known + tally.aside + tally.elsewhere + tally.folded + tally.totals
    coins = tally.new_coins + tally.known_coins + tally.aside_coins + tally.elsewhere_coins + tally.folded_coins
    if rows != tally.rows or tally.rows != parts or tally.coins != coins:
        raise AssertionError("clearing equation: rows = new + known + aside + elsewhere + folded + totals, and so their coins")


def _insert_document(ledger: Ledger, file: Incoming, imported: str) -> int:
    ledger.unpublished[_final(file)] = file.staged.path  # a file after this one in the same command may meet it
    number = catalog.next_number(ledger, "documents")
    ledger.sql.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, '0', ?, ?, ?, ?, ?, ?, ?, 0)",
        (
            number,
            file.name,
            file.kind,
            file.sha256,
            file.bytes,
            *file.reading[:4],
            file.part_of or None,
            imported,
            json.dumps(file.notices),
            _final(file),
            file.staged.sha256,
            rejects.sha256(rejects.as_csv(number, file.rejects)) if file.rejects.rows else "",
            file.sort,
            *file.reading[4:],
        ),
    )
    return number


def _insert_spans(ledger: Ledger, file: Incoming, number: int) -> None:
    known = dict(ledger.sql.execute("SELECT creator, family FROM spans WHERE document = ?", (file.part_of,)))
    ledger.sql.executemany(
        "INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        # Repaired rows belong to the source they came from, whether or not they have an id themselves.
        [
            (number, span.creator, known.get(span.creator, span.family), span.rows, *span[2:6])
            for span in file.staged.spans
        ],
    )  # fmt: skip


def _families(ledger: Ledger, number: int) -> dict[str, str]:
    return dict(ledger.sql.execute("SELECT creator, family FROM spans WHERE document = ?", (number,)))


def _preferences(ledger: Ledger, file: Incoming, prefer: str) -> tuple[dict[str, str], list[str]]:
    """Which family counts for each creator of the file, and the creators for whom that is new and all days change."""
    known = derive.preferences(ledger)
    mine = {span.creator for span in file.staged.spans}
    preferred = {creator: family for creator, family in known.items() if creator in mine}
    if not prefer:
        return preferred, []
    several = {
        creator
        for (creator,) in ledger.sql.execute(
            "SELECT creator FROM spans WHERE family <> 'totals' GROUP BY creator HAVING count(DISTINCT family) > 1"
        )
    }
    changed = sorted(creator for creator in mine & several if preferred.get(creator) != prefer)
    return preferred | dict.fromkeys(changed, prefer), changed


def _finish(ledger: Ledger, file: Incoming, number: int, tally: Tally) -> None:
    """The rest of the document's row, the names of its gifters, its rejected rows, and its file under its final name."""
    ledger.sql.execute(
        'UPDATE documents SET "rows" = ?, new = ?, known = ?, aside = ?, elsewhere = ?, folded = ?, coins = ?, notices = ?'
        " WHERE id = ?",
        (
            tally.rows, tally.new, tally.known, tally.aside, tally.elsewhere, tally.folded, str(tally.coins),
            json.dumps(file.notices), number,
        ),
    )  # fmt: skip
    # An alias that was erased stays without a name.
    ledger.sql.executemany("INSERT OR IGNORE INTO gifters VALUES (?, ?)", sorted(file.staged.names.items()))
    ledger.sql.executemany(
        "INSERT INTO rejected (document, place, line, code, problem, hint, state) VALUES (?, ?, ?, ?, ?, ?, 'open')",
        [(number, row.place, row.line, row.problem.code, row.problem.message, row.problem.hint) for row in file.rejects.rows],
    )
    ledger.sql.executemany(
        "UPDATE rejected SET state = 'repaired', repaired = ? WHERE document = ? AND place = ?",
        [(number, file.part_of, place) for place in file.repairs],
    )


def _publish(ledger: Ledger, file: Incoming, number: int, published: list[Path]) -> None:
    """Give the rows their final names, noting each, before the commit that makes them live."""
    final = ledger.documents / _final(file)
    disk.publish(file.staged.path, final)
    published.append(final)
    with suppress(OSError):
        os.unlink(file.staged.path)
    if file.rejects.rows:
        published.append(rejects.put(ledger, number, rejects.as_csv(number, file.rejects)))
