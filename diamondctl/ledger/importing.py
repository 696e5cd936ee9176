"""Adding documents to a ledger: under the write lock each one is compared with what it can meet, then all appear at once.

The clearing equation is checked for every document: rows read = new + already known + kept aside + to another receiver
(+ folded, of an event log).
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

from diamondctl import combos
from diamondctl.files import publish
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
    stored_money,
    stored_totals,
    totals,
)
from diamondctl.ledger.catalog import STATE, Ledger
from diamondctl.ledger.families import BESIDE, EVENTS, EVENTS_WITHOUT_IDS, GIFTS, MONEY, TOTALS
from diamondctl.ledger.merge import Merged, Rows, Span, Tally
from diamondctl.ledger.staging import Incoming, Reading
from diamondctl.problems import CUT_OFF, Problem, ProblemLog, Refusal
from diamondctl.words import counted, document_name, few

LATER: Final = "later"  # what is preferred of two exports of one dashboard


class Added(NamedTuple):
    """What became of a file. `same_as` names the document that holds the same bytes already; then nothing was added."""

    document: int
    name: str
    kind: str
    tally: Tally
    spans: tuple[Span, ...]
    notices: tuple[str, ...]
    doubts: tuple[str, ...]
    rejected: int
    same_as: int = 0
    lost: int = 0  # of the rejected ones
    sort: str = GIFTS  # of its rows


def same_size(ledger: Ledger, size: int) -> bool:
    """Whether any document had so many bytes: only then is it worth the time to hash a file before reading it."""
    return ledger.sql.execute("SELECT 1 FROM documents WHERE bytes = ?", (size,)).fetchone() is not None


class _SameBytes(NamedTuple):
    """A document, and how it was read."""

    number: int
    sort: str
    file_sha256: str
    reading: Reading


def _with_bytes(ledger: Ledger, sha256: str) -> list[_SameBytes]:
    rows = ledger.sql.execute(
        "SELECT id, sort, file_sha256, creator, input_timezone, encoding, region, profile, earning_unit FROM documents"
        " WHERE sha256 = ? ORDER BY id",
        (sha256,),
    ).fetchall()
    return [_SameBytes(row[0], row[1], row[2], Reading(*row[3:])) for row in rows]


def creators_of_bytes(ledger: Ledger, sha256: str) -> list[tuple[str, frozenset[str]]]:
    """The documents with the same bytes, and whose gifts they are."""
    return [(document_name(item.number), frozenset(_families(ledger, item.number))) for item in _with_bytes(ledger, sha256)]


def _asked(document: _SameBytes, now: Reading) -> Reading:
    """A reading as it compares with that of a document: without what asks for nothing there."""
    return now._replace(
        region=now.region or document.reading.region, earning_unit=now.earning_unit if document.sort == TOTALS else ""
    )


def same_bytes(ledger: Ledger, sha256: str, reading: Reading) -> int:
    """The document with the same bytes, read in the same way; 0 when there is none."""
    documents = _with_bytes(ledger, sha256)
    return next((document.number for document in documents if document.reading == _asked(document, reading)), 0)


def known_bytes(ledger: Ledger, sha256: str, said: Reading) -> int:
    """The document with the same bytes, read as far as anything is said as it was then; 0 when there is none."""
    for document in _with_bytes(ledger, sha256):
        differ = (
            name
            for name in Reading._fields
            if getattr(said, name) not in (getattr(Reading(), name), getattr(document.reading, name))
        )
        if not any(differ):
            return document.number
    return 0


def _same(ledger: Ledger, file: Incoming) -> int:
    """The document with the same bytes and the same rows, whether or not they were read with the same options.

    Gifts of other creators are another document: then an option says whose they are. Else bytes that are in the ledger
    already and were read in another way are refused (L008): the rows would count twice. A payment is nobody else's too.
    """
    if number := same_bytes(ledger, file.sha256, file.reading):
        return number
    mine = {span.creator for span in file.staged.spans}
    for document in _with_bytes(ledger, file.sha256):
        now = _asked(document, file.reading)
        theirs = _families(ledger, document.number).keys()
        if file.sort == MONEY and mine != theirs:
            raise _of_another(document, few(sorted(theirs)), few(sorted(mine)), file.name)
        if mine and mine.isdisjoint(theirs):
            continue
        left_out = ledger.sql.execute("SELECT 1 FROM rejected WHERE document = ?", (document.number,)).fetchone()
        whole = not file.rejects.rows and left_out is None
        # The region fills rows, and the zone places days of totals, only when they are merged.
        alike = document.reading.region == now.region and (
            file.sort != TOTALS or document.reading.input_timezone == now.input_timezone
        )
        if whole and alike and document.file_sha256 == file.staged.sha256:
            return document.number
        raise _read_otherwise(document, now, file.name)
    return 0


def _of_another(document: _SameBytes, theirs: str, mine: str, name: str) -> Refusal:
    name_of = document_name(document.number)
    message = f"the same bytes are in the ledger as {name_of}, money of {theirs}, and here they are of {mine}"
    hint = f"a payment counts once: if it is {mine}'s, first: diamondctl undo {name_of}"
    return Refusal(Problem("L008", message, hint, name), exit_code=STATE)


def _read_otherwise(document: _SameBytes, now: Reading, name: str) -> Refusal:
    options = []
    for option in Reading._fields:
        was, given = (getattr(reading, option) for reading in (document.reading, now))
        if was == given:
            continue
        if option == "profile":
            was = document.reading.profile_name
            was += " as it was then: the profile has changed" if was == now.profile_name else ""
        options.append(f"--{option.replace('_', '-')} {was or '(none)'}")
    name_of = document_name(document.number)
    message = f"the same bytes are in the ledger as {name_of}, read with {' and '.join(options)}"
    hint = f"read them so, or first: diamondctl undo {name_of}"
    return Refusal(Problem("L008", message, hint, name), exit_code=STATE)


def add(
    ledger: Ledger,
    files: Sequence[Incoming],
    *,
    imported: str,
    prefer: str = "",
    publish: bool = True,
    look: Callable[[list[Added]], None] = lambda added: None,
) -> list[Added]:
    """Add files to the ledger, inside `Ledger.writing`; all of them or, by a refusal, none.

    `look` sees the ledger as it will be, before anything outside the transaction is done, and may refuse.

    `imported` is the time to note down; `prefer` the family that counts where two meet; without `publish` the files get no
    final names, because the transaction will be rolled back. `prefer` may also be `LATER`: totals of a day that is known
    replace those of an earlier document. Refuses conflicting ids (G040), a second family over the same
    days (L010), and repaired rows that repair nothing (L013).
    """
    if publish:
        leftovers.sweep(ledger)
    log = ProblemLog()
    files = [file._replace(rejects=gifters.forget_again(ledger, file.rejects)) for file in files]
    added: dict[int, Added] = {}
    fresh: dict[int, tuple[int, Incoming]] = {}
    published: list[Path] = []
    try:
        # Of two exports of one dashboard the one that reaches further was made later.
        for place, file in sorted(enumerate(files), key=lambda item: _reaches(item[1]) if prefer == LATER else 0):
            if same := _same(ledger, file):
                tally = Tally(rows=file.staged.rows, known=file.staged.rows)
                added[place] = Added(same, file.name, file.kind, tally, file.staged.spans, file.notices, (), 0, same)
                continue
            with _collecting(log):
                _check_repairs(ledger, file)
                # The number is taken first, because rows are compared under it; the rest of the row follows.
                fresh[place] = _insert_document(ledger, file, imported), file
        logs = {place: item for place, item in fresh.items() if item[1].sort == EVENTS}
        rest = {place: item for place, item in fresh.items() if item[1].sort != EVENTS}

        later, prefer = prefer == LATER, "" if prefer == LATER else prefer

        def add_logs() -> None:
            with _collecting(log):
                added.update(zip(logs, _add_logs(ledger, list(logs.values()), prefer), strict=True))

        # What counts comes before what stands aside for it.
        logs_first = prefer in (EVENTS, EVENTS_WITHOUT_IDS)
        if logs and logs_first:
            add_logs()
        for place, (number, file) in rest.items():
            with _collecting(log):
                added[place] = _add(ledger, file, number, prefer, log, later=later)
        if logs and not logs_first:
            add_logs()
        log.refuse_if_any()
        look([added[place] for place in range(len(files))])
        if publish:
            for place, file in enumerate(files):
                if not added[place].same_as:
                    _publish(ledger, file, added[place].document, published)
            disk.flush(ledger.documents)
    except BaseException:
        for path in published:
            with suppress(OSError):
                path.unlink()
        raise
    return [added[place] for place in range(len(files))]


@contextmanager
def _collecting(log: ProblemLog) -> Iterator[None]:
    """Problems of one file go to the log, so that those of the others are told as well."""
    try:
        yield
    except Refusal as refusal:
        if refusal.exit_code != 2:
            raise
        for problem in refusal.problems:
            log.add(problem)
        log.total += refusal.total - len(refusal.problems)


def _reaches(file: Incoming) -> int:
    return max((span.last_time for span in file.staged.spans), default=0) if file.sort == TOTALS else 0


def _add(ledger: Ledger, file: Incoming, number: int, prefer: str, log: ProblemLog, *, later: bool) -> Added:
    _check_repairs(ledger, file)  # another file of this command may have repaired them
    _insert_spans(ledger, file, number)
    if file.sort == MONEY:
        return _add_money(ledger, file, number, log)
    if file.sort == TOTALS:
        return _add_totals(ledger, file, number, log, later=later)
    me = Rows(
        file.staged.path,
        number,
        file.part_of or number,
        file.reading.region,
        _families(ledger, number),
    )
    windows = derive.reach(ledger, (span.window for span in file.staged.spans))
    ids = {span.creator: (span.first_id, span.last_id) for span in file.staged.spans}
    preferred, again = _preferences(ledger, ids.keys(), prefer)
    windows = [window for window in windows if window.creator not in again] + [
        window for creator in again for window in derive.whole(ledger, creator)
    ]
    others = [item for item in derive.meeting(ledger, windows, ids) if item.rows.document != number]
    with derive.sources(ledger, others) as sources, merge.opened(sources.rows, me) as merger:
        merged = merger.merge(windows, preferred)
        if merged.clash_count:
            objections.log_clashes(log, file, number, others, merged)
            return Added(number, file.name, file.kind, merged.tally, file.staged.spans, file.notices, (), 0)
        if merged.contests:
            raise objections.contested(dict.fromkeys(ids, file.name), merged.contests)
        doubts = objections.doubts(merger.connection, ledger, file, others) if others and not file.part_of else ()
    derive.store(ledger, windows, merged)
    _prefer(ledger, dict.fromkeys(again, number), prefer, merged)
    return _keep(ledger, file, number, merged.tally, doubts)


def _prefer(ledger: Ledger, again: Mapping[str, int], prefer: str, merged: Merged) -> None:
    """Note which source counts from now on; `again` has the document that says so, by creator."""
    for creator, number in again.items():
        if creator in merged.contested:  # else it decides nothing
            ledger.sql.execute("INSERT INTO preferences VALUES (?, ?, ?)", (creator, number, prefer))


def _keep(ledger: Ledger, file: Incoming, number: int, tally: Tally, doubts: tuple[str, ...]) -> Added:
    """Store what a document is."""
    _clear(tally, file)
    _finish(ledger, file, number, tally)
    lost = sum(row.problem.code == CUT_OFF for row in file.rejects.rows)
    return Added(
        number, file.name, file.kind, tally, file.staged.spans, file.notices, doubts, len(file.rejects.rows), lost=lost,
        sort=file.sort,
    )  # fmt: skip


def _add_logs(ledger: Ledger, logs: Sequence[tuple[int, Incoming]], prefer: str) -> list[Added]:
    """Event logs, by number: all logs of their creators are folded anew, once, so that it does not matter which came first."""
    for number, file in logs:
        _insert_spans(ledger, file, number)
    of_creators = {span.creator: (number, file.name) for number, file in logs for span in file.staged.spans}
    windows = [window for creator in of_creators for window in derive.whole(ledger, creator)]
    preferred, again = _preferences(ledger, of_creators.keys(), prefer)
    before = derive.sums(ledger, windows)
    items = derive.meeting(ledger, windows, {})
    labels = {number: f"{document_name(number)} ({file.name})" for number, file in logs}
    try:
        with derive.sources(ledger, items, mine=labels) as sources, merge.opened(sources.rows) as merger:
            merged = merger.merge(windows, preferred)
    except Refusal as refusal:
        # What is wrong with the new logs is said of the files that the person named: they have no number yet.
        names = {labels[number]: file.name for number, file in logs}
        named = [_with_names(problem, names) for problem in refusal.problems]
        raise Refusal(named, exit_code=refusal.exit_code, total=refusal.total) from None
    if merged.contests:
        raise objections.contested({creator: name for creator, (_, name) in of_creators.items()}, merged.contests)
    derive.store(ledger, windows, merged)
    _prefer(ledger, {creator: of_creators[creator][0] for creator in again}, prefer, merged)
    tallies = [_tally_of_log(sources.folded, labels[number], file, merged) for number, file in logs]
    new, new_coins = sum(tally.new for tally in tallies), sum(tally.new_coins for tally in tallies)
    if (new, new_coins) != (merged.tally.new, merged.tally.new_coins):
        raise AssertionError("clearing equation: what logs add is what merging found new")
    gifts, coins = (now - then for now, then in zip(derive.sums(ledger, windows), before, strict=True))
    doubts: tuple[str, ...] = ()
    if not again and (gifts, coins) != (new, new_coins):
        doubts = (
            f"With {'this log' if len(logs) == 1 else 'these logs'}, combos that other logs hold a part of are whole: all in "
            f"all the ledger has {gifts:+,} gifts and {coins:+,} coins.",
        )
    added = []
    for (number, file), tally in zip(logs, tallies, strict=True):
        one = _keep(ledger, file, number, tally, doubts if number == logs[-1][0] else ())
        uncertain = frames.uncertain(sources.folded, labels[number]).values()
        added.append(one._replace(notices=(*one.notices, *frames.words(uncertain))))
    derive.note_uncertain(ledger, sources.folded)
    return added


def _with_names(problem: Problem, names: Mapping[str, str]) -> Problem:
    message = problem.message
    for label, name in names.items():
        message = message.replace(label, name)
    return problem._replace(file=names.get(problem.file, problem.file), message=message)


def _tally_of_log(folded: Mapping[str, combos.Folded], label: str, file: Incoming, merged: Merged) -> Tally:
    """Where the frames of a log went: gifts of their own, frames of another's gift, frames that were known."""
    parts = Counter[str]()

    def count(part: str, coins: int) -> None:
        parts[part] += 1
        parts[f"{part}_coins"] += coins

    for family, of_family in folded.items():
        for item in of_family.gifts:
            if item.file == label:
                count(merged.part_of(family, item.gift), item.gift.coins * item.gift.quantity)
        for frame in of_family.repeated:
            if frame.file == label:
                count("known", max(frame.coins, 0) * max(frame.repeat_count, 1))
        for frame, coins in of_family.folded:
            if frame.file == label:
                count("folded", coins)
    return Tally(rows=file.staged.rows, coins=sum(number for name, number in parts.items() if name.endswith("_coins")), **parts)


def _add_totals(ledger: Ledger, file: Incoming, number: int, log: ProblemLog, *, later: bool) -> Added:
    """Totals stand beside everything else; only totals can contradict them (T003), unless they are the later ones."""
    stored = stored_totals.stored(ledger, {span.creator for span in file.staged.spans}).totals
    before = totals.keep(item for item in stored if item.version != number).totals
    mine = [item for item in stored if item.version == number]
    # Documents that are in the ledger were told apart when they came; this one is compared with what counts of them.
    versions = ((2, 1) if later else (0, 0)) if before else (0, 0)
    new, old = (
        [item._replace(version=version) for item in items] for items, version in zip((mine, before), versions, strict=True)
    )
    kept = totals.keep([*old, *new])
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
    tally = Tally(rows=file.staged.rows, totals=file.staged.rows)
    _clear(tally, file)
    _finish(ledger, file, number, tally)
    notices = file.notices
    if kept.restated:
        what = f"{counted(kept.restated, 'total')} of an earlier document"
        notices = (*notices, f"{what} {'is' if kept.restated == 1 else 'are'} replaced: this later one says other diamonds")
    return Added(number, file.name, file.kind, tally, file.staged.spans, notices, (), len(file.rejects.rows))


def _add_money(ledger: Ledger, file: Incoming, number: int, log: ProblemLog) -> Added:
    """Statements: every movement once, whichever documents hold it."""
    new = stored_money.store(ledger, number, file.name, file.staged.path, log)
    tally = Tally(rows=file.staged.rows, new=new, known=file.staged.rows - new)
    return _keep(ledger, file, number, tally, ())


def _final(file: Incoming) -> str:
    """The name of a file's rows once it is published."""
    return file.staged.path.name.removeprefix(staging.TEMPORARY)


def _check_repairs(ledger: Ledger, file: Incoming) -> None:
    """Every repaired row belongs to a row that is still left out; else it would count twice (L013)."""
    if not file.part_of:
        return
    states = dict(ledger.sql.execute("SELECT place, state FROM rejected WHERE document = ?", (file.part_of,)))
    document = document_name(file.part_of)
    for place in file.repairs:
        if states.get(place) != "open":
            what = {"repaired": "was repaired already", "dismissed": "was dismissed"}.get(
                states.get(place, ""), "was not left out"
            )
            hint = "see: diamondctl records rejected; to import the file anew, undo the document first"
            raise Refusal(Problem("L013", f"row {place} of {document} {what}", hint, file.name))
    if len(set(file.repairs)) < len(file.repairs):
        raise Refusal(Problem("L013", f"a row of {document} is repaired twice", "keep one of them", file.name))


def _clear(tally: Tally, file: Incoming) -> None:
    """The clearing equation, as a bank has it: nothing read may get lost or appear from nowhere."""
    parts = tally.new + tally.known + tally.aside + tally.elsewhere + tally.folded + tally.totals
    coins = tally.new_coins + tally.known_coins + tally.aside_coins + tally.elsewhere_coins + tally.folded_coins
    if file.staged.rows != tally.rows or tally.rows != parts or tally.coins != coins:
        raise AssertionError("clearing equation: rows = new + known + aside + elsewhere + folded + totals, and so their coins")


def _insert_document(ledger: Ledger, file: Incoming, imported: str) -> int:
    ledger.unpublished[_final(file)] = file.staged.path  # a file after this one in the same command may meet it
    number = catalog.next_number(ledger, "documents")
    row = file.reading._asdict() | {
        "id": number,
        "name": gifters.forget_in_name(ledger, file.name),
        "kind": file.kind,
        "sha256": file.sha256,
        "bytes": file.bytes,
        "part_of": file.part_of or None,
        "imported": imported,
        **dict.fromkeys(("rows", "new", "known", "aside", "elsewhere"), 0),
        "coins": "0",
        "notices": json.dumps(file.notices),
        "file": _final(file),
        "file_sha256": file.staged.sha256,
        "rejects_sha256": rejects.sha256(rejects.as_csv(number, file.rejects)) if file.rejects.rows else "",
        "sort": file.sort,
    }
    columns = ", ".join(f'"{name}"' for name in row)
    ledger.sql.execute(f"INSERT INTO documents ({columns}) VALUES ({', '.join(f':{name}' for name in row)})", row)
    return number


def _insert_spans(ledger: Ledger, file: Incoming, number: int) -> None:
    families = _families(ledger, file.part_of)
    ledger.sql.executemany(
        "INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        # Repaired rows belong to the source they came from, whether or not they have an id themselves.
        [
            (number, span.creator, families.get(span.creator, span.family), span.rows, *span[2:6])
            for span in file.staged.spans
        ],
    )  # fmt: skip


def _families(ledger: Ledger, number: int) -> dict[str, str]:
    return dict(ledger.sql.execute("SELECT creator, family FROM spans WHERE document = ?", (number,)))


def _preferences(ledger: Ledger, mine: Set[str], prefer: str) -> tuple[dict[str, str], list[str]]:
    """Which family counts for each creator of new rows, and the creators for whom that is new and all days change."""
    preferences = derive.preferences(ledger)
    preferred = {creator: family for creator, family in preferences.items() if creator in mine}
    if not prefer:
        return preferred, []
    several = {
        creator
        for (creator,) in ledger.sql.execute(
            f"SELECT creator FROM spans WHERE family NOT IN {BESIDE} GROUP BY creator HAVING count(DISTINCT family) > 1"
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
    publish(file.staged.path, final)
    published.append(final)
    with suppress(OSError):
        os.unlink(file.staged.path)
    if file.rejects.rows:
        published.append(rejects.put(ledger, number, rejects.as_csv(number, file.rejects)))
