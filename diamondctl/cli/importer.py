"""Files into the ledger: read and stage every one, then add all of them or none."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.cli.ledger import folder, now, open_ledger, private_umask
from diamondctl.cli.options import Place
from diamondctl.cli.progress import Progress
from diamondctl.ledger import catalog, documents, importing, rejects, staging
from diamondctl.ledger.catalog import Ledger, document_name
from diamondctl.ledger.incoming import Added, Incoming, Reading
from diamondctl.ledger.merge import Tally
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers import recognise, sources
from diamondctl.readers.gift_rows import Settings
from diamondctl.reports.documents import Import, ImportedFile

ATTEMPTS: Final = 5
MOST_REJECTED: Final = 100_000


class Known(NamedTuple):
    """A file that is in the ledger already, to the byte."""

    document: int
    name: str
    kind: str
    rows: int


class Wanted(NamedTuple):
    """What was asked for beside the files."""

    reading: Reading
    keep_good: bool
    prefer: str  # blank: no preference
    dry_run: bool


def bring(place: Place, arguments: list[str], wanted: Wanted, told: Progress | None = None) -> Import:
    """Import the files into the ledger, making one where there is none; `told` hears what it is at."""
    told = told or Progress()
    found = sources.find(arguments)
    private_umask()
    with ExitStack() as stack:
        if wanted.dry_run and not os.path.lexists(folder(place) / catalog.FILE):
            # Nothing is stored, so nothing is made either: an empty ledger elsewhere gives the same screen.
            place = Place(stack.enter_context(tempfile.TemporaryDirectory(prefix="diamondctl-")))
        book = stack.enter_context(open_ledger(place, create=True))
        return _import(book, found, wanted, told)


def _import(book: Ledger, found: sources.Found, wanted: Wanted, told: Progress) -> Import:
    for attempt in range(ATTEMPTS):
        with ExitStack() as cleanup:
            files = _read(book, found.names, wanted, cleanup, told)
            fresh = [item for item in files if isinstance(item, Incoming)]
            if not fresh:
                return _report(files, [], found.notices, wanted.dry_run)
            told.text = "Comparing with the ledger"
            with book.writing(keep=not wanted.dry_run) as open_book:
                # What was known when the files were read may have been undone meanwhile: then they are read again.
                there = {item.number for item in documents.held(open_book)}
                if attempt < ATTEMPTS - 1 and any(isinstance(item, Known) and item.document not in there for item in files):
                    continue
                added = importing.add(open_book, fresh, imported=now(), prefer=wanted.prefer, publish=not wanted.dry_run)
            return _report(files, added, found.notices, wanted.dry_run)
    raise AssertionError("the last attempt returns or refuses")


def _read(book: Ledger, names: Sequence[str], wanted: Wanted, cleanup: ExitStack, told: Progress) -> list[Incoming | Known]:
    """Read and stage every file; any problem in any of them refuses the command with all of them."""
    log = ProblemLog()
    files: list[Incoming | Known] = []
    for number, name in enumerate(names, 1):
        told.text = f"Reading {name}" + (f", {number:,} of {len(names):,}" if len(names) > 1 else "")
        try:
            files.append(_read_one(book, name, wanted, cleanup))
        except Refusal as refusal:
            if refusal.exit_code != 2:
                raise
            for problem in refusal.problems:
                log.add(problem)
            log.total += refusal.total - len(refusal.problems)
        except OSError as error:
            log.add(Problem("F001", f"cannot be read: {error.strerror}", "check the disk and the folder", name))
    log.refuse_if_any()
    return files


def _read_one(book: Ledger, name: str, wanted: Wanted, cleanup: ExitStack) -> Incoming | Known:
    stdin = sys.stdin.buffer if sys.stdin is not None else None
    with sources.open_source(name, encoding=wanted.reading.encoding, stdin=stdin) as source:
        _refuse_archive(source)
        mended = recognise.mends(source)
        reading = _as_before(book, mended, wanted.reading) if mended else wanted.reading
        # Rows that are still bad stay where they are, rejected; leaving them out again would list them twice.
        keep_good = wanted.keep_good and not mended
        settings = Settings(reading.creator, reading.input_timezone)
        if (known := _known(book, source, reading)) is not None:
            return known
        target = staging.Target(book.documents)
        cleanup.callback(target.discard)
        fast = recognise.keep_fast(source, settings, book.key, target.path) if _may_be_fast() else None
        if fast is not None:
            facts, people = fast
            return _incoming(source, facts, reading, staging.look(target.path, people), rejects.Rejects())
        log = ProblemLog(keep=MOST_REJECTED, rows=True) if keep_good else ProblemLog()
        with staging.writer(target.path, book.key, repaired=bool(mended)) as writer:
            facts = recognise.read(source, settings, log, writer.take)
            if log.total and (not keep_good or log.of_the_file() or log.total > MOST_REJECTED):
                raise Refusal((log.of_the_file() or log.problems)[:20] if keep_good else log.problems, total=log.total)
            if not facts.rows and not log.total:
                raise Refusal(Problem("F009", "no gift in this file", "export it again", source.name))
            staged = writer.finish()
    left = rejects.of(log, facts.columns)
    return _incoming(source, facts, reading, staged, left)


def _refuse_archive(source: sources.Source) -> None:
    """A document is one file, of which the ledger keeps the hash and names the lines: members of an archive are not."""
    if source.is_zip:
        from diamondctl.readers.archives import WORKBOOK, Archive

        if WORKBOOK not in Archive(source.name, source.stream).names:
            problem = recognise.only_reports("a ZIP archive", source.name)
            raise Refusal(problem._replace(hint=f"unpack it and import its gift files; {problem.hint}"))
        source.rewind()


def _as_before(book: Ledger, document: str, given: Reading) -> Reading:
    """Repaired rows mean what they meant in their document: it was read with these options, where none are given now."""
    with book.reading():
        for item in documents.held(book):
            if document_name(item.number) == document:
                creator, input_timezone, _, region = item.reading
                return Reading(
                    given.creator or creator, given.input_timezone or input_timezone, given.encoding, given.region or region
                )
    return given


def _may_be_fast() -> bool:
    return not os.environ.get("DIAMONDCTL_NO_FAST_PATH")


def _known(book: Ledger, source: sources.Source, reading: Reading) -> Known | None:
    """The document with the same bytes, when there is one of the same size."""
    with book.reading():
        if not source.size or not importing.same_size(book, source.size):
            return None
        digest = source.sha256()
        source.rewind()
        number = importing.same_bytes(book, digest, reading, source.name)
        if not number:
            return None
        item = next(item for item in documents.held(book) if item.number == number)
        return Known(number, source.name, item.kind, item.rows)


def _incoming(
    source: sources.Source, facts: recognise.Read, reading: Reading, staged: staging.Staged, left: rejects.Rejects
) -> Incoming:
    part_of, repaired = _repairs(facts, source.name)
    return Incoming(
        _storable(source.name), facts.kind, facts.sha256, source.size, reading, facts.notices, staged, left, part_of, repaired
    )


def _storable(name: str) -> str:
    """The name of a file as text: bytes that are no UTF-8 as backslash and number."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _repairs(facts: recognise.Read, name: str) -> tuple[int, tuple[str, ...]]:
    """Which rejected rows a file brings back; refuses one that mixes documents (L013)."""
    numbers = set()
    places = []
    for line, (document, place) in facts.repairs:
        digits = document.removeprefix("d")
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= 12):
            hint = "keep the first two columns as they were written"
            raise Refusal(Problem("L013", f"'{document}' is no document", hint, name, line))
        numbers.add(int(digits))
        places.append(place)
        if len(numbers) > 1:
            hint = "import the repaired rows of one document at a time"
            raise Refusal(Problem("L013", "repaired rows of several documents in one file", hint, name, line))
    return (numbers.pop() if numbers else 0), tuple(places)


def _report(files: Sequence[Incoming | Known], added: Sequence[Added], notices: Sequence[str], dry_run: bool) -> Import:
    by_name = iter(added)
    rows = []
    last = 0
    for item in files:
        if isinstance(item, Known):
            rows.append(
                _file(
                    Added(
                        item.document,
                        item.name,
                        item.kind,
                        Tally(rows=item.rows, known=item.rows),
                        (),
                        (),
                        (),
                        0,
                        item.document,
                    )
                )
            )
            continue
        one = next(by_name)
        if not one.same_as:
            last = max([last, *(span.last_time for span in one.spans)])
        rows.append(_file(one))
    month = periods.day_text(last // (periods.QUARTER * 96))[:7] if last else ""
    return Import(tuple(rows), tuple(notices), month, dry_run)


def _file(added: Added) -> ImportedFile:
    name = document_name(added.document)
    tally = added.tally
    return ImportedFile(
        added.name,
        added.kind,
        "" if added.same_as else name,
        name if added.same_as else "",
        *tally,
        added.rejected,
        added.notices,
        added.doubts,
    )
