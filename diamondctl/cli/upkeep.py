"""`diamondctl doctor`, `backup`, `restore` and `privacy`: looking after a ledger."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from diamondctl import __version__
from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.clock import today
from diamondctl.cli.ledger import folder, keep_states, now, open_ledger, private_umask, say_upgraded
from diamondctl.cli.main import changed
from diamondctl.cli.output import emit, target
from diamondctl.desk import parse
from diamondctl.desk.figures import everybody
from diamondctl.desk.kept import wrong
from diamondctl.desk.moved import Allowed, watch
from diamondctl.desk.sealed import forget
from diamondctl.ledger import backups, checkup, documents, gifters, twin
from diamondctl.problems import Refusal
from diamondctl.records import Finding
from diamondctl.render import upkeep as render
from diamondctl.reports.documents import alias_shown
from diamondctl.reports.moved import Cause
from diamondctl.reports.upkeep import Upkeep
from diamondctl.words import counted

privacy = typer.Typer()


@options.expand
def doctor(
    output: options.Output,
    place: options.Place,
    fix: Annotated[
        bool, typer.Option("--fix", help="Derive all totals again from the documents, and close the folder to others.")
    ] = False,
) -> int:
    """Examine, and mend what can be mended from the documents."""

    where = target(output, columns=render.DOCTOR.columns)
    private_umask()
    texts: list[str] = []
    try:
        with open_ledger(place) as book:
            if fix:
                texts = checkup.fix(book)
            looked = checkup.examine(book)
        if fix:
            keep_states(place)
        if all(item.status != "damaged" for item in looked):
            looked = [*looked, *_kept(place)]
    except Refusal as refusal:
        if fix or refusal.problems[0].code != "L005":
            raise
        looked = [checkup.unreadable(refusal.problems[0].message)]
    findings = (*_machine(), *looked)
    damaged = [item.status for item in findings].count("damaged")
    found = f"{damaged:,} of {counted(len(findings), 'thing')} damaged" if damaged else f"{len(findings):,} things are whole"
    report = Upkeep(f"{found}: ledger {folder(place)}", findings, (("ledger", str(folder(place))),), tuple(texts))
    emit(where, render.view(render.DOCTOR, report))
    return 0 if report.sound else 4


def _kept(place: options.Place) -> list[Finding]:
    """States that are kept and fit, worked out again from all gifts."""
    if names := wrong(choose(options.Inputs(ledger=place.ledger, config=place.config))):
        detail = f"other states come out of the gifts of {', '.join(names[:3])}"
        return [Finding("catalog: kept states", "damaged", detail, "diamondctl doctor --fix")]
    return []


def _machine() -> list[Finding]:
    """What works on this machine."""
    import duckdb

    python = sys.version.split()[0]
    versions = f"diamondctl {__version__}, Python {python}, DuckDB {duckdb.__version__}, SQLite {sqlite3.sqlite_version}"
    return [Finding("programs", "ok", versions, "")]


@options.expand
def backup(
    file: Annotated[str, typer.Argument(metavar="FILE.zip", help="The file to write; it must not exist.")],
    output: options.Output,
    place: options.Place,
) -> int:
    """Write a backup."""

    where = target(output, columns=render.BACKUP.columns, stores=True)
    private_umask()
    with open_ledger(place) as book:
        made = backups.write(book, Path(file))
    texts = (f"Backed up {made.files:,} files ({made.bytes:,} bytes) to {file}.", f"SHA-256: {made.sha256}")
    facts = (("file", file), ("files", made.files), ("bytes", made.bytes), ("sha256", made.sha256))
    emit(
        where,
        render.view(render.BACKUP, Upkeep("", (), facts, (*texts, f"Back: diamondctl restore {file} --ledger NEW_FOLDER"))),
    )
    return 0


@options.expand
def restore(
    file: Annotated[str, typer.Argument(metavar="FILE.zip", help="A file that `diamondctl backup` wrote.")],
    output: options.Output,
    place: options.Place,
) -> int:
    """Make the ledger of a backup."""

    where = target(output, columns=render.RESTORE.columns, stores=True)
    private_umask()
    made = backups.restore(Path(file), folder(place), changed)
    say_upgraded(made.upgraded)
    texts = (f"Restored {made.files:,} files to {folder(place)}; every one is what was backed up.",)
    facts = (("ledger", str(folder(place))), ("files", made.files), ("bytes", made.bytes), ("sha256", made.sha256))
    emit(where, render.view(render.RESTORE, Upkeep("", (), facts, (*texts, "Next: diamondctl summary"))))
    return 0


@privacy.command("status")
@options.expand
def status(output: options.Output, place: options.Place) -> int:
    """How many gifters the ledger knows by name, how many were erased, and who can read it.

    \b
    Examples:
      diamondctl privacy status
    """

    where = target(output, columns=render.STATUS.columns)
    with open_ledger(place) as book, book.reading():
        found = gifters.status(book)
    home = folder(place)
    texts = [
        f"Known by name: {found.names:,} gifters and receivers. Names stand in {home / 'catalog.sqlite'} and nowhere else.",
        f"Erased: {found.erased:,}. Reports and rows show aliases; a name appears only where --names asks for it.",
        f"Agreed to be named on what is made to be shown: {found.consented:,}. See: diamondctl privacy consent",
    ]
    if found.rejected_rows:
        texts.append(f"Rejected rows: {found.rejected_rows:,} are kept as they were, names included, in {home / 'rejected'}.")
    warnings = [f"Others on this machine may read {name}: diamondctl doctor --fix" for name in found.open_to_others[:5]]
    facts = (
        ("names", found.names),
        ("erased", found.erased),
        ("consented", found.consented),
        ("rejected_rows", found.rejected_rows),
        ("open_to_others", len(found.open_to_others)),
    )
    emit(where, render.view(render.STATUS, Upkeep("", (), facts, tuple(texts), tuple(warnings))))
    return 0


@privacy.command("consent")
@options.expand
def consent(
    output: options.Output,
    place: options.Place,
    gifter: Annotated[
        str, typer.Argument(metavar="[GIFTER]", help="The name, or an alias such as fan-1f0c9a2b3d4e. Without: all are listed.")
    ] = "",
    since: Annotated[str, typer.Option("--since", metavar="DATE", help="The day from which it holds. Default: today.")] = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take it back.")] = False,
    names: Annotated[bool, typer.Option("--names", help="List them by name too.")] = False,
) -> int:
    """Who agreed to be named on what is made to be shown: a card, a list of thanks, a page. Everybody else is an alias there.

    \b
    Examples:
      diamondctl privacy consent
      diamondctl privacy consent fan-1f0c9a2b3d4e --since 2026-10-01
      diamondctl privacy consent "the gifter's name" --withdraw
    """

    where = target(output, columns=render.CONSENT.columns, stores=True)
    day = parse.day(since, "--since")
    name = parse.text(gifter, "GIFTER")
    if not name:
        if day or withdraw:
            raise typer.BadParameter("GIFTER is missing: whose consent is it?")
        with open_ledger(place) as book, book.reading():
            kept = gifters.consents(book)
        listed = kept if names else tuple(item._replace(name="") for item in kept)
        emit(where, render.Consents("listed", listed, names).view())
        return 0
    if withdraw and day:
        raise typer.BadParameter("--withdraw takes it back whole: leave out --since")
    private_umask()
    with open_ledger(place) as book, book.writing():
        done = gifters.withdraw(book, name) if withdraw else gifters.consent(book, name, day or today(), now())
    emit(where, render.Consents("withdrawn" if withdraw else "given", (done._replace(name=""),)).view())
    return 0


@privacy.command("erase")
@options.expand
def erase(
    gifter: Annotated[str, typer.Argument(metavar="GIFTER", help="The name, or an alias such as fan-1f0c9a2b3d4e.")],
    output: options.Output,
    place: options.Place,
    correct: options.Correct = False,
    dry_run: options.DryRun = False,
) -> int:
    """Forget a gifter's name for good: it leaves the ledger, and importing the same file again does not bring it back.

    \b
    Examples:
      diamondctl privacy erase "the gifter's name"
      diamondctl privacy erase fan-1f0c9a2b3d4e --dry-run

    Every total stays. Your export files and backups are yours to delete. It cannot be undone.
    """

    where = target(output, columns=render.ERASE.columns, stores=True)
    private_umask()
    name = parse.text(gifter, "GIFTER")
    if not name:
        raise typer.BadParameter("GIFTER: the name is blank")
    with open_ledger(place) as book:
        with book.writing(keep=not dry_run):
            chosen = choose(options.Inputs(ledger=place.ledger, config=place.config))
            watched = watch(book, chosen, everybody(book), Allowed(correct=correct, moment=now()))
            done, old = gifters.erase(book, name)
            sealed = forget(book, done.name, f"alias:{done.alias}") if done.name else 0
            done = done._replace(texts=done.texts + sealed)
            moved = watched([Cause("privacy erase")])
        if dry_run:
            gifters.leave_no_files(book)
        else:
            documents.remove_files(old)
        left = gifters.traces(book.folder, done.name) if done.name and not dry_run else []
    shown = alias_shown(done.alias)
    texts = list(_erased(shown, done.texts, found=done.found, dry_run=dry_run))
    total = "" if moved.moves else "Every total is as before. "
    texts.append(f"{total}Export files and backups outside the ledger still hold the name.")
    warnings = [f"The same characters still stand in {file}, as the name of something else." for file in left]
    facts = (
        ("alias", done.alias), ("found", int(done.found)), ("texts", done.texts), ("left", len(left)), ("dry_run", dry_run)
    )  # fmt: skip
    emit(where, render.view(render.ERASE, Upkeep("", (), facts, tuple(texts), tuple(warnings), moved)))
    return 0


def _erased(shown: str, count: int, *, found: bool, dry_run: bool) -> Iterator[str]:
    """What was erased, or what would be."""
    if dry_run:
        known = f"It would erase {shown}" if found else f"No gifter of that name is known; it would erase {shown}"
        yield f"Dry run, nothing was changed. {known}."
    else:
        yield f"Erased: {shown} has no name any more." if found else f"No gifter of that name was known; {shown} is erased."
    if count:
        yield f"{'It would replace it' if dry_run else 'Replaced'} in {count:,} other texts of the ledger."


@privacy.command("twin")
@options.expand
def twin_(
    target_folder: Annotated[str, typer.Argument(metavar="FOLDER", help="A new folder, for the ledger that is made.")],
    output: options.Output,
    place: options.Place,
) -> int:
    """Make a ledger of the same shape with other names, amounts and times, which can be sent with a bug report.

    \b
    Examples:
      diamondctl privacy twin for-a-bug-report
      diamondctl backup for-a-bug-report.zip --ledger for-a-bug-report

    As many documents, rows, creators, streams and gifters, which repeat and overlap in the same way. Regions, currencies,
    kinds of files and codes of problems stay. Look at it before you send it.
    """

    where = target(output, columns=render.TWIN.columns, stores=True)
    private_umask()
    with open_ledger(place) as book, book.reading():
        made = twin.write(book, Path(target_folder))
    texts = (
        f"Made a twin of {made.documents:,} documents ({made.rows:,} rows) in {target_folder}: other names, amounts and times.",
        f"Pack it: diamondctl backup TWIN.zip --ledger {target_folder}",
    )
    facts = (("ledger", target_folder), ("documents", made.documents), ("rows", made.rows))
    emit(where, render.view(render.TWIN, Upkeep("", (), facts, texts)))
    return 0
