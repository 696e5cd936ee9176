"""Files into the ledger: read and stage every one, then add all of them or none."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from diamondctl import periods
from diamondctl.cli.ledger import folder, now, open_ledger, private_umask
from diamondctl.cli.options import Place
from diamondctl.cli.progress import Progress
from diamondctl.desk.intake import Known, Quiet, Read, Wanted, read
from diamondctl.ledger import catalog, documents, importing
from diamondctl.ledger.catalog import Ledger
from diamondctl.ledger.importing import Added
from diamondctl.ledger.merge import Tally
from diamondctl.ledger.staging import Incoming
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers import sources
from diamondctl.readers.cells import listed
from diamondctl.reports.documents import Import, ImportedFile
from diamondctl.words import document_name

ATTEMPTS: Final = 5


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


def _import(book: Ledger, found: sources.FileNames, wanted: Wanted, told: Progress) -> Import:
    for attempt in range(ATTEMPTS):
        with ExitStack() as cleanup:
            opened = _read(book, found.names, wanted, cleanup, told)
            quiet = [item for one in opened for item in one.files if isinstance(item, Quiet)]
            files = [item for one in opened for item in one.files if not isinstance(item, Quiet)]
            if quiet and not files:
                hint = "nothing to import; among other files it is passed over"
                problems = [Problem("F009", "no gift in this log", hint, item.name) for item in quiet[:20]]
                raise Refusal(problems, total=len(quiet))
            notices = [*found.notices, *(f"{item.name}: a log without gifts, nothing to import" for item in quiet)]
            notices += [
                f"{name}: not read: {listed(one.left)}" for name, one in zip(found.names, opened, strict=True) if one.left
            ]
            fresh = [item for item in files if isinstance(item, Incoming)]
            if not fresh:
                return _report(files, [], notices, wanted.dry_run)
            told.text = "Comparing with the ledger"
            with book.writing(keep=not wanted.dry_run) as open_book:
                # What was known when the files were read may have been undone meanwhile: then they are read again.
                there = {item.number for item in documents.stored(open_book)}
                if attempt < ATTEMPTS - 1 and any(isinstance(item, Known) and item.document not in there for item in files):
                    continue
                added = importing.add(open_book, fresh, imported=now(), prefer=wanted.prefer, publish=not wanted.dry_run)
            return _report(files, added, notices, wanted.dry_run)
    raise AssertionError("the last attempt returns or refuses")


def _read(book: Ledger, names: Sequence[str], wanted: Wanted, cleanup: ExitStack, told: Progress) -> list[Read]:
    """Read and stage every file; any problem in any of them refuses the command with all of them."""
    log = ProblemLog()
    files: list[Read] = []
    for number, name in enumerate(names, 1):
        told.text = f"Reading {name}" + (f", {number:,} of {len(names):,}" if len(names) > 1 else "")
        stdin = sys.stdin.buffer if sys.stdin is not None else None
        try:
            with sources.open_source(name, encoding=wanted.reading.encoding, stdin=stdin) as source:
                files.append(read(book, source, wanted, cleanup))
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
    month = periods.day_text(last // periods.DAY)[:7] if last else ""
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
        added.lost,
        added.notices,
        added.doubts,
    )
