"""Adding documents to a ledger: under the write lock each one is compared with what it can meet, then all appear at once.

The clearing equation is checked for every document: rows read = new + already known + kept aside + to another receiver.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from diamondctl.ledger import catalog, derive, merge, rejects, staging
from diamondctl.ledger.catalog import STATE, Ledger, document_name
from diamondctl.ledger.derive import Live
from diamondctl.ledger.families import family_words
from diamondctl.ledger.merge import Clash, Contest, Merged, Rows, Tally, Window
from diamondctl.ledger.rejects import Rejects
from diamondctl.ledger.staging import Staged
from diamondctl.periods import MICROSECONDS, day_text
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.words import counted


class Reading(NamedTuple):
    """How a file was read: it decides what its rows mean."""

    creator: str = ""
    input_timezone: str = ""
    encoding: str = "utf-8"
    region: str = ""


class Incoming(NamedTuple):
    """A file that was read and staged."""

    name: str
    kind: str
    sha256: str
    bytes: int
    reading: Reading
    notices: tuple[str, ...]
    staged: Staged
    rejects: Rejects
    part_of: int = 0  # 0: a document of its own
    repairs: tuple[str, ...] = ()  # places of `part_of` whose repaired rows it holds


class Added(NamedTuple):
    """What became of a file. `same_as` names the document that holds the same bytes already; then nothing was added."""

    document: int
    name: str
    kind: str
    tally: Tally
    spans: tuple[merge.Span, ...]
    notices: tuple[str, ...]
    doubts: tuple[str, ...]
    rejected: int
    same_as: int = 0


def same_size(ledger: Ledger, size: int) -> bool:
    """Whether any document had so many bytes: only then is it worth the time to hash a file before reading it."""
    return ledger.sql.execute("SELECT 1 FROM documents WHERE bytes = ?", (size,)).fetchone() is not None


def same_bytes(ledger: Ledger, sha256: str, reading: Reading, name: str) -> int:
    """The document with the same bytes, read in the same way; 0 when there is none.

    Refuses (L008) bytes that are in the ledger already but were read in another way: the rows would count twice.
    """
    row = ledger.sql.execute(
        "SELECT id, creator, input_timezone, encoding, region FROM documents WHERE sha256 = ? ORDER BY id", (sha256,)
    ).fetchone()
    if row is None:
        return 0
    known, now = Reading(*row[1:]), reading
    # A blank region asks for nothing in particular.
    now = now._replace(region=now.region or known.region)
    if known != now:
        options = {"creator": "--creator", "input_timezone": "--input-timezone", "encoding": "--encoding", "region": "--region"}
        told = [
            f"{option} {getattr(known, name) or '(none)'}"
            for name, option in options.items()
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
        sweep(ledger)
    log = ProblemLog()
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
            catalog.flush(ledger.documents)
            catalog.flush(ledger.rejected)
    except BaseException:
        for path in published:
            with suppress(OSError):
                path.unlink()
        raise
    return added


def _add_one(ledger: Ledger, file: Incoming, imported: str, prefer: str, log: ProblemLog, added: list[Added]) -> None:
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
    with merge.opened(derive.verified(ledger, others), me) as merger:
        found = merger.merge(windows, preferred)
        if found.clash_count:
            _log_clashes(log, file, number, others, found)
            return Added(number, file.name, file.kind, found.tally, file.staged.spans, file.notices, (), 0)
        if found.contests:
            raise _contested(file, found.contests)
        doubts = _doubts(merger.connection, ledger, file, others) if others and not file.part_of else ()
    _clear(found.tally, file)
    derive.store(ledger, windows, found)
    for creator, family in preferred.items():
        ledger.sql.execute("INSERT OR REPLACE INTO preferences VALUES (?, ?)", (creator, family))
    _finish(ledger, file, number, found.tally)
    return Added(
        number,
        file.name,
        file.kind,
        found.tally,
        file.staged.spans,
        file.notices,
        doubts,
        len(file.rejects.rows),
    )


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
    coins = tally.new_coins + tally.known_coins + tally.aside_coins + tally.elsewhere_coins
    if rows != tally.rows or tally.rows != tally.new + tally.known + tally.aside + tally.elsewhere or tally.coins != coins:
        raise AssertionError("clearing equation: rows read = new + known + aside + elsewhere, and so their coins")


def _insert_document(ledger: Ledger, file: Incoming, imported: str) -> int:
    final = file.staged.path.name.removeprefix(staging.TEMPORARY)
    number = catalog.next_number(ledger, "documents")
    ledger.sql.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, '0', ?, ?, ?, ?)",
        (
            number,
            file.name,
            file.kind,
            file.sha256,
            file.bytes,
            *file.reading,
            file.part_of or None,
            imported,
            json.dumps(file.notices),
            final,
            file.staged.sha256,
            rejects.sha256(rejects.as_csv(number, file.rejects)) if file.rejects.rows else "",
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
        for (creator,) in ledger.sql.execute("SELECT creator FROM spans GROUP BY creator HAVING count(DISTINCT family) > 1")
    }
    changed = sorted(creator for creator in mine & several if preferred.get(creator) != prefer)
    return preferred | dict.fromkeys(changed, prefer), changed


def _finish(ledger: Ledger, file: Incoming, number: int, tally: Tally) -> None:
    """The rest of the document's row, the names of its gifters, its rejected rows, and its file under its final name."""
    ledger.sql.execute(
        'UPDATE documents SET "rows" = ?, new = ?, known = ?, aside = ?, elsewhere = ?, coins = ? WHERE id = ?',
        (tally.rows, tally.new, tally.known, tally.aside, tally.elsewhere, str(tally.coins), number),
    )
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
    final = ledger.documents / file.staged.path.name.removeprefix(staging.TEMPORARY)
    catalog.publish(file.staged.path, final)
    published.append(final)
    with suppress(OSError):
        os.unlink(file.staged.path)
    if file.rejects.rows:
        path = ledger.rejected / rejects.file_name(number)
        published.append(path)
        rejects.write(path, number, file.rejects)


def _log_clashes(log: ProblemLog, file: Incoming, number: int, others: Sequence[Live], found: Merged) -> None:
    names = {item.rows.document: f"{document_name(item.rows.document)} ({item.name})" for item in others}
    for clash in found.clashes:
        log.add(_clash_problem(clash, file.name, number, names))
    log.total += max(found.clash_count - len(found.clashes), 0)


def _clash_problem(clash: Clash, name: str, number: int, names: dict[int, str]) -> Problem:
    if clash.document != number and clash.other_document == number:
        raise AssertionError("the new document's row comes second")
    where = f"line {clash.other_line}"
    if clash.other_document != number:
        where = f"{names[clash.other_document]}:{clash.other_line}"
    different = " and ".join(clash.different)
    if not clash.event_id:
        message = f"the same gift was imported for another {different}; first on {where}"
        return Problem("G040", message, "use the same --region, or undo the other document", name, clash.line)
    message = f"event id '{clash.event_id}' again with other {different}; first on {where}"
    return Problem("G040", message, "one id is one gift: correct or remove one of the rows", name, clash.line)


def _contested(file: Incoming, contests: Sequence[Contest]) -> Refusal:
    problems = []
    for contest in contests:
        parts = [f"{family_words(family)} ({gifts:,} gifts, {coins:,} coins)" for family, gifts, coins in contest.coins]
        days = (
            f"{day_text(contest.first)} to {day_text(contest.last)}"
            if contest.last > contest.first
            else day_text(contest.first)
        )
        message = f"{contest.creator}, {days}: {' and '.join(parts)} cover the same days, and may be the same gifts"
        words = " or ".join(f"--prefer {family}" for family, *_ in contest.coins)
        hint = f"say which counts: {words}; the other is kept as a cross-check"
        problems.append(Problem("L010", message, hint, file.name))
    return Refusal(problems, exit_code=STATE)


_RENAMED: Final = """
WITH bare AS (
    SELECT *, row(time, creator, content.receiver, content.region, content.stream, content.gift_id, coins, quantity) AS rest
    FROM merged WHERE event_id = ''
)
SELECT coalesce(sum(least(fresh.n - fresh.n_before, old.n)), 0),
       coalesce(sum(least(fresh.n - fresh.n_before, old.n)::HUGEINT * fresh.coins * fresh.quantity), 0)
FROM bare fresh JOIN bare old ON old.rest = fresh.rest AND old.content.gifter <> fresh.content.gifter
WHERE fresh.n_new > 0 AND fresh.n_before = 0 AND old.n_new = 0
"""
_MISSING: Final = """
WITH mine AS (
    SELECT creator, any_value(family) AS family, min(time) AS first, max(time) AS last FROM met WHERE incoming GROUP BY creator
)
SELECT coalesce(sum(n), 0), coalesce(sum(n::HUGEINT * coins * quantity), 0)
FROM merged JOIN mine USING (creator, family)
WHERE n_new = 0 AND time BETWEEN first AND last
"""
_MEETING: Final = """
SELECT coalesce(sum(n_new - (n - n_before)), 0), coalesce(sum((n_new - (n - n_before))::HUGEINT * coins * quantity), 0)
FROM merged WHERE n_new > n - n_before AND event_id = '' AND (creator, time // 1000000) IN ({instants})
"""


def _doubts(connection: Any, ledger: Ledger, file: Incoming, others: Sequence[Live]) -> tuple[str, ...]:
    """What cannot be known, with the coins at stake."""
    doubts = []
    instants = _instants(ledger, file, others)
    if instants:
        marks = ", ".join(["(?, ?)"] * len(instants))
        values = [value for instant in sorted(instants) for value in instant]
        rows, coins = connection.execute(_MEETING.format(instants=marks), values).fetchone()
        if rows:
            doubts.append(
                f"This file and another one meet within one second: {counted(int(rows), 'equal row')} there "
                f"({int(coins):,} coins) count once. If the files are pages of one list, they may be gifts of their own."
            )
    gifts, coins = connection.execute(_RENAMED).fetchone()
    if gifts:
        doubts.append(
            f"{counted(int(gifts), 'gift')} ({int(coins):,} coins) and gifts in the ledger differ only in the gifter's name: "
            "if somebody changed a name, they count twice."
        )
    gifts, coins = connection.execute(_MISSING).fetchone()
    if gifts:
        doubts.append(
            f"Between its first and last row the file lacks {counted(int(gifts), 'gift')} ({int(coins):,} coins) that the "
            "ledger has. They still count; if they were taken back: diamondctl adjust add."
        )
    return tuple(doubts)


def _instants(ledger: Ledger, file: Incoming, others: Sequence[Live]) -> set[tuple[str, int]]:
    """Seconds in which another document ends and this one begins, or the other way round."""
    numbers = {item.rows.document for item in others}
    found = set()
    for span in file.staged.spans:
        edges = ledger.sql.execute(
            "SELECT document, first_time, last_time FROM spans WHERE creator = ?", (span.creator,)
        ).fetchall()
        for document, first, last in edges:
            if document not in numbers:
                continue
            for end, start in ((last, span.first_time), (span.last_time, first)):
                if end // MICROSECONDS == start // MICROSECONDS:
                    found.add((span.creator, end // MICROSECONDS))
    return found


def sweep(ledger: Ledger) -> int:
    """Remove files of ours that no live document names and no living import writes. Under the write lock."""
    count = 0
    for path in leftovers(ledger, named_files(ledger)):
        with suppress(OSError):
            path.unlink()
            count += 1
    return count


def named_files(ledger: Ledger) -> set[str]:
    """Names of the files that live documents have in `documents/` and `rejected/`."""
    rows = ledger.sql.execute("SELECT id, file, rejects_sha256 FROM documents").fetchall()
    return {file for _, file, _ in rows} | {rejects.file_name(number) for number, _, left_out in rows if left_out}


_OURS: Final = re.compile(r"[0-9a-f]{16}\.parquet|\.incoming-[0-9a-f]{16}\.(parquet|csv)|d[0-9]{3,}\.csv")


def is_ours(name: str) -> bool:
    """Whether a file of this name can be one of a ledger's rows or rejected rows."""
    return _OURS.fullmatch(name) is not None


def leftovers(ledger: Ledger, named: set[str]) -> list[Path]:
    """Files of ours in the ledger's folders that are not among `named`, and that no living import writes."""
    return [
        path
        for folder in (ledger.documents, ledger.rejected)
        if folder.is_dir()
        for path in sorted(folder.iterdir())
        if is_ours(path.name)
        and path.name not in named
        and (not path.name.startswith(staging.TEMPORARY) or staging.abandoned(path))
    ]
