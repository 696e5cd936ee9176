"""Files into the ledger: read and stage every one, then add all of them or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Final

from diamondctl import periods
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.figures import everybody
from diamondctl.desk.intake import each_source
from diamondctl.desk.moved import document_cause, earliest, reach_of_spans, watch
from diamondctl.desk.platforms import refuse_mixed, refuse_other_units
from diamondctl.desk.roster import whose
from diamondctl.desk.staged import Again, Importing, Quiet, Staged, collect, stage
from diamondctl.files import temporary_folder
from diamondctl.ledger import catalog, derive, documents, importing, opening
from diamondctl.ledger.catalog import Ledger
from diamondctl.ledger.families import MONEY, TOTALS
from diamondctl.ledger.importing import Added
from diamondctl.ledger.merge import Tally
from diamondctl.ledger.staging import Incoming
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers import sources
from diamondctl.readers.cells import listed
from diamondctl.readers.sources import Source
from diamondctl.reports.documents import Import, ImportedFile
from diamondctl.reports.moved import Cause, Moved
from diamondctl.words import document_name, few

ATTEMPTS: Final = 5
_SHIPPED: Final = Chosen()  # prices by the shipped rates
_ROWS: Final = {MONEY: "money", TOTALS: "totals"}  # what those of a document are; else gifts


def bring(
    ledger: Path,
    files: Sequence[str],
    options: Importing,
    *,
    chosen: Chosen = _SHIPPED,
    clock: Callable[[], str],
    changed: Callable[[], None] = lambda: None,
    tell: Callable[[str], None] = lambda text: None,
) -> Import:
    """Import files into the ledger in a folder, making one where there is none.

    `chosen` prices what moved. `clock` gives the time to note down, `changed` is called once a change is stored for good, and
    `tell` hears what it is at.
    Refuses with every problem of all files.
    """
    found = sources.find(list(files))
    with ExitStack() as stack:
        if options.dry_run and not os.path.lexists(ledger / catalog.FILE):
            # Nothing is stored, so nothing is made either: an empty ledger elsewhere gives the same screen.
            ledger = stack.enter_context(temporary_folder(Path(tempfile.gettempdir()), "diamondctl-"))
        made = opening.missing_parts(ledger)
        book = stack.enter_context(opening.open_ledger(ledger, create=True, changed=changed))
        try:
            return _import(book, found, options, chosen, clock, tell)
        except BaseException:
            if made:
                opening.take_back(book, made)
            raise


def _import(
    book: Ledger,
    found: sources.FileNames,
    options: Importing,
    chosen: Chosen,
    clock: Callable[[], str],
    tell: Callable[[str], None],
) -> Import:
    for attempt in range(ATTEMPTS):
        with ExitStack() as cleanup:
            staged, left = _stage(book, found, options, cleanup, tell)
            quiet = [item for item in staged if isinstance(item, Quiet)]
            files = [item for item in staged if not isinstance(item, Quiet)]
            if quiet and not files:
                hint = "nothing to import; among other files it is passed over"
                problems = [
                    Problem("F009", "no gift in this log" if item.kind == "LIVE events" else item.words, hint, item.name)
                    for item in quiet[:20]
                ]
                raise Refusal(problems, total=len(quiet))
            notices = [
                *book.upgraded,
                *found.notices,
                *(f"{item.name}: {item.words}, nothing to import" for item in quiet),
                *left,
            ]
            fresh = [item for item in files if isinstance(item, Incoming)]
            if not fresh:
                return _report(files, [], notices, options.dry_run, Moved())
            tell("Comparing with the ledger")
            with book.writing(keep=not options.dry_run) as open_book:
                # What was known when the files were read may have been undone meanwhile: then they are read again.
                there = {item.number for item in documents.stored(open_book)}
                if attempt < ATTEMPTS - 1 and any(isinstance(item, Again) and item.document not in there for item in files):
                    continue
                notices += [*_twice(open_book, fresh), *_owners(fresh)]
                held = [(item.name, item.kind) for item in documents.stored(open_book)]
                new = [(item.name, item.kind) for item in fresh]
                refuse_mixed([*held, *new], new)
                refuse_other_units(new, chosen.platform)
                added, moved = _add(open_book, fresh, options, chosen, clock())
            return _report(files, added, notices, options.dry_run, moved)
    raise AssertionError("the last attempt returns or refuses")


def _stage(
    book: Ledger, found: sources.FileNames, options: Importing, cleanup: ExitStack, tell: Callable[[str], None]
) -> tuple[list[Staged], list[str]]:
    """Read and stage every file, and say what was passed over; refuses with the problems of all of them."""
    log = ProblemLog()
    files: list[Staged] = []
    left: list[str] = []
    aside: list[sources.Aside] = []
    names = found.names

    def before(number: int, name: str) -> None:
        tell(f"Reading {name}" + (f", {number:,} of {len(names):,}" if len(names) > 1 else ""))

    def take(source: Source) -> None:
        mine = stage(book, source, options, cleanup, found, aside)
        files.extend(mine)
        left.extend(_of_others(source.name, mine, options))
        if source.left:
            left.append(f"{source.name}: not read: {listed(source.left)}")

    each_source(found, options.opening, take, lambda refusal: collect(log, refusal), aside, before)
    log.refuse_if_any()
    if aside and not files:
        raise sources.only_aside(aside)
    if aside:
        left.append(sources.aside_words(aside))
    return files, left


def _add(
    book: Ledger, files: Sequence[Incoming], options: Importing, chosen: Chosen, imported: str
) -> tuple[list[Added], Moved]:
    """Add files, and tell what they moved. What may not move refuses before anything is published."""
    since = earliest([_reach(file, options.prefer) for file in files])
    watched = watch(book, chosen, since, options.allowed._replace(moment=imported))
    first = since.keys().isdisjoint(everybody(book))
    preferred = derive.preferences(book)
    moved: list[Moved] = []

    def look(added: list[Added]) -> None:
        now = derive.preferences(book).items()
        causes = _causes(added, {name: family for name, family in now if preferred.get(name) != family})
        moved.append(watched(causes)._replace(first=first))

    added = importing.add(book, files, imported=imported, prefer=options.prefer, publish=not options.dry_run, look=look)
    return added, moved[0]


def _reach(file: Incoming, prefer: str) -> dict[str, date]:
    """What a file may move; where it says which source counts, that holds for all days."""
    return reach_of_spans("" if prefer else file.sort, [(span.creator, span.first_time) for span in file.staged.spans])


def _causes(added: Sequence[Added], preferred: Mapping[str, str]) -> list[Cause]:
    """The documents that are new, and whose source counts from now on."""
    causes = [
        document_cause(item.document, item.name, [(span.creator, span.first_time, span.last_time) for span in item.spans])
        for item in added
        if not item.same_as
    ]
    return causes + [Cause(f"--prefer {family}", frozenset({name})) for name, family in preferred.items()]


def _of_others(name: str, staged: Sequence[Staged], options: Importing) -> list[str]:
    """What is said of a file that is one creator's by its name, and of others by its rows: rows win."""
    member = whose(options.roster, name)
    named = {span.creator for item in staged if isinstance(item, Incoming) for span in item.staged.spans}
    if member is None or named <= {member.creator}:
        return []
    others = sorted(named - {member.creator})
    who = listed(others)
    says = "--creator says" if named == {options.reading.creator} else "its rows name"
    return [f"{name}: by its name a file of {member.creator}, and {says} {who}: they are {who}'s"]


def _twice(book: Ledger, files: Sequence[Incoming]) -> list[str]:
    """What is said of files whose bytes the ledger holds already, as the gifts of others."""
    texts = []
    for file in files:
        mine = {span.creator for span in file.staged.spans}
        for document, creators in importing.creators_of_bytes(book, file.sha256):
            if mine and mine.isdisjoint(creators):
                who, now = listed(sorted(creators)), listed(sorted(mine))
                texts.append(
                    f"{file.name}: the same bytes are in the ledger as {document}, gifts of {who}; now they count for {now} too"
                )
    return texts


def _owners(files: Sequence[Incoming]) -> list[str]:
    """Whose the rows of statements are, and of files without a column that names somebody."""
    names: dict[str, list[str]] = {}
    for file in files:
        creators = sorted({span.creator for span in file.staged.spans})
        unsaid = creators == [file.reading.creator] and not (file.part_of or file.names_creators)
        if creators and (file.sort == MONEY or unsaid):
            what = _ROWS.get(file.sort, "gifts")
            names.setdefault(f"{what} of {listed(creators)}", []).append(file.name)
    return [f"{few(mine)}: {text}" for text, mine in names.items()]


def _report(
    files: Sequence[Incoming | Again], added: Sequence[Added], notices: Sequence[str], dry_run: bool, moved: Moved
) -> Import:
    by_name = iter(added)
    rows = []
    last = 0
    for item in files:
        if isinstance(item, Again):
            tally = Tally(rows=item.rows, known=item.rows)
            known = Added(item.document, item.name, item.kind, tally, (), (), (), rejected=0, same_as=item.document)
            rows.append(_file(known))
            continue
        one = next(by_name)
        if not one.same_as:
            last = max([last, *(span.last_time for span in one.spans)])
        rows.append(_file(one))
    # In the westernmost zone: what runs past midnight in the last night of a month belongs to it.
    month = periods.day_text((last - periods.DAY // 2) // periods.DAY)[:7] if last else ""
    return Import(tuple(rows), tuple(notices), month, dry_run, moved)


def _file(added: Added) -> ImportedFile:
    name = document_name(added.document)
    return ImportedFile(
        name=added.name,
        kind=added.kind,
        document="" if added.same_as else name,
        same_as=name if added.same_as else "",
        **added.tally._asdict(),
        rejected=added.rejected,
        lost=added.lost,
        notices=added.notices,
        doubts=added.doubts,
        sort=added.sort,
    )
