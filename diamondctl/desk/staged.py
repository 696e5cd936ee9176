"""One opened source as documents on their way into the ledger: read, checked, staged as Parquet beside it."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final, NamedTuple

from diamondctl import combos
from diamondctl.desk.intake import Opening, documents_of
from diamondctl.desk.moved import Allowed
from diamondctl.desk.roster import Member, whose
from diamondctl.ledger import derive, documents, frames, importing, recorded, rejects, staging, stored_money, stored_totals
from diamondctl.ledger.catalog import Ledger
from diamondctl.ledger.families import EVENTS, GIFTS, MONEY, TOTALS
from diamondctl.ledger.staging import Incoming, Reading
from diamondctl.problems import CUT_OFF, Problem, ProblemLog, Refusal
from diamondctl.readers import recognise
from diamondctl.readers.gift_csv import normal
from diamondctl.readers.gift_rows import Facts, MoneyRows, Settings
from diamondctl.readers.profile import Profile, as_text, from_text
from diamondctl.readers.sources import Aside, FileNames, Source
from diamondctl.records import Frame, Movement, Total
from diamondctl.words import document_name

MOST_REJECTED: Final = 100_000
WHOLE: Final = "import the whole file, or decide that nothing is missing: diamondctl records rejected DOCUMENT --dismiss REASON"
WHOLE_STATEMENT: Final = "--keep-good leaves out rows of gifts; a statement is imported whole"
NO_ROWS: Final = "--keep-good leaves out rows of tables, not events of a log: mend or delete the line"
ARCHIVE: Final = "archive"  # the place of what an archive lost


class Importing(NamedTuple):
    """The options of an import, beside the files. `reading` and `profiles` hold what was said for all of them."""

    reading: Reading
    opening: Opening = Opening()
    keep_good: bool = False
    prefer: str = ""  # blank: no preference
    dry_run: bool = False
    fast: bool = True  # large plain files by the fast reader
    profiles: tuple[Profile, ...] = ()
    saved: tuple[Profile, ...] = ()
    price: combos.Price = combos.no_price  # the gift catalogue
    allowed: Allowed = Allowed()  # which figures may move
    roster: tuple[Member, ...] = ()  # how files are read of which that says nothing, by their names
    usual: Reading = Reading()  # and the others
    money: MoneyRows = MoneyRows()  # how statements are read
    named: frozenset[str] = frozenset()  # creators that the settings name


class Again(NamedTuple):
    """A file that is in the ledger already, to the byte."""

    document: int
    name: str
    kind: str
    rows: int


class Quiet(NamedTuple):
    """A log without a single gift, or a statement without a single payment: nothing to store."""

    name: str
    kind: str
    notices: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What it lacks."""
        if self.kind == "LIVE events":
            return "a log without gifts"
        return f"a {self.kind} without a payment that counts{''.join(f'; {text}' for text in self.notices)}"


Staged = Incoming | Again | Quiet


def stage(
    book: Ledger, source: Source, options: Importing, cleanup: ExitStack, found: FileNames, aside: list[Aside]
) -> list[Staged]:
    """Stage the documents of a file: itself, or the members of a ZIP archive. Refuses with the problems of all of them."""
    log = ProblemLog()
    files: list[Staged] = []
    member = whose(options.roster, source.name)
    if not source.is_zip and (again := _known(book, source, _said(options, member))) is not None:
        return [again]
    mine = _read_as(options, member)
    rows = Settings(profiles=mine.profiles, saved=mine.saved)
    for part in documents_of(source, options.opening, found, rows, aside):
        try:
            said = mine if member is not None or part is source else _read_as(options, whose(options.roster, part.name))
            files.append(_stage(book, part, said, cleanup))
        except Refusal as refusal:
            if part is source:
                raise
            collect(log, refusal)
    log.refuse_if_any()
    last = next((index for index, file in reversed(list(enumerate(files))) if isinstance(file, Incoming)), -1)
    if source.lost and isinstance(file := files[last] if files else None, Incoming):
        # It stands among the rejected rows of what was read last, so that every total says so.
        row = rejects.Rejected(ARCHIVE, 0, Problem(CUT_OFF, f"salvaged: {source.lost}", WHOLE), {}, "")
        files[last] = file._replace(rejects=file.rejects._replace(rows=(*file.rejects.rows, row)))
    return files


def _said(options: Importing, member: Member | None) -> Importing:
    """The options with the creator that a name says; what is only usual is not said of a file."""
    creator = options.reading.creator or (member.creator if member else "")
    return options._replace(reading=options.reading._replace(creator=creator))


def _read_as(options: Importing, member: Member | None) -> Importing:
    """How a file is read: by what was said for all, else by its creator's settings, else in the usual zone.

    Whose it is where nobody says it, `_stage` decides: it knows whether it is money.
    """
    reading = _said(options, member).reading
    zone = reading.input_timezone or (member.input_timezone if member else "") or options.usual.input_timezone
    reading = reading._replace(input_timezone=zone)
    return options._replace(reading=reading, profiles=options.profiles or (member.profiles if member else ()))


def _known(book: Ledger, source: Source, options: Importing) -> Again | None:
    """The document with the same bytes: then nothing need be said of how to read them, and what is said must be as it was."""
    return None if options.profiles else _again(book, source, options.reading, importing.known_bytes)


def collect(log: ProblemLog, refusal: Refusal) -> None:
    """Keep why one of several files was refused; what refuses the command itself is raised again."""
    if refusal.exit_code != 2:
        raise refusal
    log.take(refusal)


def _stage(book: Ledger, source: Source, options: Importing, cleanup: ExitStack) -> Staged:
    mended = recognise.mends(source)
    reading = _as_before(book, source.name, mended, options.reading) if mended else options.reading
    before = from_text(reading.profile)
    # Rows that are still bad stay where they are, rejected; leaving them out again would list them twice.
    keep_good = options.keep_good and not mended
    only = _only(book, options)
    settings = Settings(
        input_timezone=reading.input_timezone or (before.timezone if before is not None else ""),
        salvage=options.opening.salvage,
        profiles=() if mended else options.profiles,
        earning_unit=reading.earning_unit,
        saved=() if mended else options.saved,
        repaired_as=before,
        fast=options.fast,
        money=options.money._replace(only=only),
    )
    profile = recognise.profile_of(source, settings)
    # A payment that could be of several is nobody's until somebody says it: the usual creator is the one of gifts.
    if not reading.creator and (only or not recognise.is_money(source, profile)):
        reading = reading._replace(creator=options.usual.creator)
    settings = settings._replace(creator=reading.creator)
    if profile is not None:
        reading = reading._replace(profile=as_text(profile))
    if (again := _again(book, source, reading)) is not None:
        return again
    target = staging.Target(book.documents)
    cleanup.callback(target.discard)
    fast = recognise.keep_fast(source, settings, book.key, target.path) if options.fast else None
    if fast is not None:
        facts, people = fast
        return _incoming(source, facts, reading, staging.look(target.path, people, judged=True), rejects.Rejects(), GIFTS)
    log = ProblemLog(keep=MOST_REJECTED, rows=True) if keep_good else ProblemLog()
    events: list[Frame] = []
    totals: list[Total] = []
    money: list[Movement] = []
    with staging.writer(target.path, book.key, repaired=bool(mended)) as writer:
        facts = recognise.read(source, settings, log, writer.take, events.append, totals.append, options.price, money.append)
        if log.total and facts.gives == recognise.MONEY:
            raise Refusal(
                [problem._replace(hint=f"{problem.hint}; {WHOLE_STATEMENT}".lstrip("; ")) for problem in log.problems[:20]]
                if keep_good
                else log.problems,
                total=log.total,
            )
        if log.total and (not keep_good or log.of_the_file() or log.total > MOST_REJECTED):
            problems = (log.of_the_file() or log.problems)[:20] if keep_good else log.problems
            if keep_good and facts.gives == recognise.FRAMES:
                problems = [problem._replace(hint=f"{problem.hint}; {NO_ROWS}".lstrip("; ")) for problem in problems]
            raise log.refusal() if problems is log.problems else Refusal(problems, total=log.total)
        if not facts.rows and not log.total and not facts.lost and facts.gives in (recognise.FRAMES, recognise.MONEY):
            return Quiet(source.name, facts.kind, facts.notices)
        if not facts.rows and not log.total:
            raise Refusal(Problem("F009", "no gift in this file", "export it again", source.name))
        if not events and not totals and not money:
            left = _with_lost(rejects.of(log, facts.columns), facts)
            return _incoming(source, facts, reading, writer.finish(), left, GIFTS)
    left = _with_lost(rejects.of(log, ()), facts)
    if money:
        return _incoming(source, facts, reading, stored_money.stage(money, target.path), left, MONEY)
    if totals:
        return _incoming(source, facts, reading, stored_totals.stage(totals, target.path), left, TOTALS)
    facts = _check_alone(events, facts, options.price)
    return _incoming(source, facts, reading, frames.stage(events, options.price, book.key, target.path), left, EVENTS)


def _only(book: Ledger, options: Importing) -> str:
    """The one creator that the ledger or the settings know; blank where there are none or several."""
    with book.reading():
        known = {*derive.creators(book), *stored_totals.creators(book), *recorded.creators(book)} | options.named
    return next(iter(known)) if len(known) == 1 else ""


def _check_alone(events: list[Frame], facts: Facts, price: combos.Price) -> Facts:
    """A log must make sense without the others, or it could not stay when they go; problems with its lines."""
    if facts.differences is not None:  # it was folded while it was read
        return facts._replace(notices=(*facts.notices, *combos.difference_words(facts.differences)))
    alone = combos.fold(events, price)
    if alone.problems:
        problems = [
            problem._replace(hint=f"{problem.hint}; a log in the ledger must make sense without the others")
            if problem.code == "E007"
            else problem
            for problem in alone.problems[:20]
        ]
        raise Refusal(problems, total=len(alone.problems))
    return facts._replace(notices=(*facts.notices, *combos.difference_words(alone.differences)))


def _with_lost(left: rejects.Rejects, facts: Facts) -> rejects.Rejects:
    """What a salvaged file misses stands among its rejected rows, so that every total says so until somebody settles it."""
    lost = tuple(
        rejects.Rejected(str(line), line, Problem(CUT_OFF, text, WHOLE, "", line), {}, "") for line, text in facts.lost
    )
    return left._replace(rows=(*left.rows, *lost))


def _as_before(book: Ledger, name: str, document: str, given: Reading) -> Reading:
    """Repaired rows mean what they meant in their document: it was read with these options, where none are given now.

    Its profile is the one that was used then. Refuses (L013) a document that only notes the name of its profile.
    """
    with book.reading():
        for item in documents.stored(book):
            if document_name(item.number) == document:
                was = item.reading
                if was.profile and from_text(was.profile) is None:
                    hint = f"diamondctl undo {document}, then import its file again"
                    message = f"an earlier version read {document} with profile {was.profile_name} and did not keep it"
                    raise Refusal(Problem("L013", message, hint, name))
                return Reading(
                    creator=given.creator or was.creator,
                    input_timezone=given.input_timezone or was.input_timezone,
                    encoding=given.encoding,
                    region=given.region or was.region,
                    profile=was.profile,
                )
    return given


def _again(
    book: Ledger, source: Source, reading: Reading, same: Callable[[Ledger, str, Reading], int] = importing.same_bytes
) -> Again | None:
    """The document with the same bytes, when there is one of the same size."""
    with book.reading():
        if not source.size or not importing.same_size(book, source.size):
            return None
        digest = source.sha256()
        source.rewind()
        number = same(book, digest, reading)
        if not number:
            return None
        item = next(item for item in documents.stored(book) if item.number == number)
        return Again(number, source.name, item.kind, item.rows)


def _incoming(
    source: Source,
    facts: Facts,
    reading: Reading,
    staged: staging.Staged,
    left: rejects.Rejects,
    sort: str,
) -> Incoming:
    part_of, repaired = _repairs(facts, source.name)
    if sort != TOTALS:
        reading = reading._replace(earning_unit="")  # it was about nothing here
    return Incoming(
        name=_storable(source.name),
        kind=facts.kind,
        sha256=facts.sha256,
        bytes=source.size,
        reading=reading,
        notices=facts.notices,
        staged=staged,
        rejects=left,
        part_of=part_of,
        repairs=repaired,
        sort=sort,
        names_creators=facts.kind == "gift CSV" and "creator" in map(normal, facts.columns),
    )


def _storable(name: str) -> str:
    """The name of a file as text: bytes that are no UTF-8 as backslash and number."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _repairs(facts: Facts, name: str) -> tuple[int, tuple[str, ...]]:
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
