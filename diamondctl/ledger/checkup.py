"""Whether a ledger is what was written into it: every file by its hash, every derived figure by deriving it again."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from diamondctl import columns
from diamondctl.ledger import closes, derive, disk, kept, leftovers, merge, rejects, stored_money, stored_totals
from diamondctl.ledger.catalog import Ledger, refusing
from diamondctl.ledger.families import MONEY, TOTALS
from diamondctl.ledger.gifters import open_to_others
from diamondctl.problems import Refusal
from diamondctl.records import Finding
from diamondctl.words import document_name

_UNREADABLE: Final = (sqlite3.DatabaseError, ValueError, TypeError, OverflowError)  # what damaged cells and pages raise
_ATTEMPTS: Final = 2
RESTORE: Final = "diamondctl restore BACKUP --ledger NEW_FOLDER"


def examine(ledger: Ledger) -> list[Finding]:
    """Look at everything; reads only. Goes on after damage as far as it can.

    What another command writes meanwhile is no damage: then it looks again, in the end while the others wait.
    """
    with ledger.trusted():
        return _examine(ledger)


def _examine(ledger: Ledger) -> list[Finding]:
    for _ in range(_ATTEMPTS):
        before = _version(ledger)
        try:
            findings = _look(ledger)
        except Exception:  # a file that went while DuckDB was about to read it
            if _version(ledger) == before:
                raise
            continue
        if all(item.status != "damaged" for item in findings) or _version(ledger) == before:
            return findings
    ledger.sql.execute("BEGIN")
    try:
        return _look(ledger)
    finally:
        if ledger.sql.in_transaction:
            ledger.sql.execute("ROLLBACK")


def unreadable(reason: str) -> Finding:
    """What is left to say of a ledger that cannot even be opened."""
    return Finding("catalog", "damaged", reason, RESTORE)


def _version(ledger: Ledger) -> object:
    """Another value when another command has changed the catalog."""
    try:
        return ledger.sql.execute("PRAGMA data_version").fetchone()
    except _UNREADABLE:
        return None


def _look(ledger: Ledger) -> list[Finding]:
    findings = [_database(ledger)]
    if findings[0].status != "ok":
        return findings
    for what, check in (("books", ledger.verify_books), ("spans", ledger.verify_spans), ("gifters", ledger.verify_people)):
        try:
            check()
            findings.append(Finding(f"catalog: {what}", "ok", "as they were written"))
        except (Refusal, *_UNREADABLE):
            findings.append(Finding(f"catalog: {what}", "damaged", "not what was written", RESTORE))
    try:
        live = derive.live(ledger)
        findings += [_document(ledger, item) for item in live]
        findings += _rejected(ledger)
        sound = [item for item in live if derive.hash_of(item) == item.sha256]
        findings += _derived(ledger, sound, whole=len(sound) == len(live))
        findings.append(_names(ledger))
        findings.append(_kept(ledger))
        findings += _closed(ledger)
        findings += _leftovers(ledger)
    except Refusal as refusal:
        findings.append(Finding("catalog", "damaged", refusal.problems[0].message, RESTORE))
    except _UNREADABLE as error:
        findings.append(Finding("catalog", "damaged", f"cannot be read: {type(error).__name__}", RESTORE))
    findings.append(_owner(ledger))
    if strangers := open_to_others(ledger.folder):
        more = f" and {len(strangers) - 3} more" if len(strangers) > 3 else ""
        findings.append(
            Finding("permissions", "note", f"others may read {', '.join(strangers[:3])}{more}", "diamondctl doctor --fix")
        )
    else:
        findings.append(Finding("permissions", "ok", "for the owner only"))
    return findings


def _database(ledger: Ledger) -> Finding:
    try:
        problems = [text for (text,) in ledger.sql.execute("PRAGMA integrity_check(5)") if text != "ok"]
        problems += [f"row of {row[0]} without its document" for row in ledger.sql.execute("PRAGMA foreign_key_check")]
    except _UNREADABLE as error:
        problems = [str(error)]
    if problems:
        return Finding("catalog: database", "damaged", "; ".join(problems)[:300], RESTORE)
    return Finding("catalog: database", "ok", "whole")


def _document(ledger: Ledger, item: derive.Live) -> Finding:
    name = document_name(item.rows.document)
    what = f"{name} {item.name}"
    remedy = f"diamondctl undo {name}, then import the file again"
    digest = derive.hash_of(item)
    if not digest:
        return Finding(what, "damaged", f"{item.rows.path.name} is missing or cannot be read", remedy)
    if digest != item.sha256:
        return Finding(what, "damaged", f"{item.rows.path.name} is not what was written", remedy)
    if item.sort == MONEY and not stored_money.agrees(ledger, item.rows.document, item.rows.path):
        return Finding(what, "damaged", "other movements of money come out of it", remedy)
    if item.sort == TOTALS:  # those of gifts and events are read to derive the totals again
        stored_totals.read(item.rows.path, item.label, "", 0)
    return Finding(what, "ok", f"{item.rows.path.name}, {item.rows.path.stat().st_size:,} bytes")


def _rejected(ledger: Ledger) -> list[Finding]:
    findings = []
    for number, expected in ledger.sql.execute(
        "SELECT id, rejects_sha256 FROM documents WHERE rejects_sha256 <> ''"
    ).fetchall():
        path = ledger.rejected / rejects.file_name(number, expected)
        digest = disk.sha256(path)
        name = document_name(number)
        if digest != expected:
            detail = f"{path.name} is " + ("not what was written" if digest else "missing or cannot be read")
            remedy = f"diamondctl undo {name}, then import the file again"
            findings.append(Finding(f"{name} rejected rows", "damaged", detail, remedy))
        else:
            findings.append(Finding(f"{name} rejected rows", "ok", path.name))
    return findings


def _derived(ledger: Ledger, sound: list[derive.Live], *, whole: bool) -> list[Finding]:
    """Usage as stored against usage derived anew, creator by creator; nothing can be said while a document is damaged."""
    if strangers := derive.foreign_rows(ledger):
        return [Finding("totals", "damaged", f"rows of {strangers[0]} that no import wrote", RESTORE)]
    findings = []
    try:
        stored, cross = derive.read_usage(ledger, dict.fromkeys(derive.creators(ledger)))
    except Refusal as refusal:
        return [Finding("totals", "damaged", refusal.problems[0].message, "diamondctl doctor --fix")]
    if not whole:
        return [Finding("totals", "note", "cannot be derived again while a document is damaged; the stored ones are whole")]
    with (
        derive.sources(ledger, [item for item in sound if item.sort not in (TOTALS, MONEY)]) as sources,
        merge.opened(sources.rows) as merger,
    ):
        again = merger.merge(derive.everything(ledger), derive.preferences(ledger))
    if sorted(again.usage) != sorted(stored) or sorted(again.cross_checks) != sorted(cross):
        findings.append(Finding("totals", "damaged", "other totals come out of the documents", "diamondctl doctor --fix"))
    else:
        gifts, coins = sum(row.gifts for row in stored), sum(row.coins for row in stored)
        findings.append(Finding("totals", "ok", f"{gifts:,} gifts, {coins:,} coins: derived again, the same"))
    return findings


def _names(ledger: Ledger) -> Finding:
    """A name must have its own alias: an alias is a keyed hash of the name."""
    key = ledger.key
    wrong = count = 0
    for alias, name in ledger.sql.execute("SELECT alias, name FROM gifters WHERE name IS NOT NULL"):
        count += 1
        wrong += columns.alias_of(key, name) != alias
    if wrong:
        return Finding("gifters' names", "damaged", f"{wrong:,} of {count:,} do not fit their alias", RESTORE)
    return Finding("gifters' names", "ok", f"{count:,}")


def _kept(ledger: Ledger) -> Finding:
    """States of months that are over. Of one that is damaged nothing is lost but time: reports work it out anew."""
    if damaged := kept.damaged(ledger):
        detail = f"not what was written: {', '.join(damaged[:3])}"
        return Finding("catalog: kept states", "damaged", detail, "diamondctl doctor --fix")
    return Finding("catalog: kept states", "ok", "as they were written")


def _closed(ledger: Ledger) -> list[Finding]:
    """The seals of closed months: what was told of them."""
    if wrong := closes.damaged_seals(ledger):
        return [Finding("catalog: closed months", "damaged", f"not what was written: {', '.join(wrong[:3])}", RESTORE)]
    return [Finding("catalog: closed months", "ok", "as they were written")] if closes.closes(ledger) else []


def _owner(ledger: Ledger) -> Finding:
    """Whose ledger it is: one that belongs to somebody else can be changed by them at any time."""
    owner = ledger.folder.stat().st_uid
    name = str(owner)
    with suppress(KeyError, NotImplementedError, OSError):
        name = ledger.folder.owner()
    if hasattr(os, "getuid") and owner != os.getuid():
        return Finding("owner", "note", f"{name}, not you: they can change it at any time")
    return Finding("owner", "ok", f"{name}, who runs this")


def _leftovers(ledger: Ledger) -> list[Finding]:
    named = leftovers.named_files(ledger)
    if left := leftovers.unnamed(ledger, named):
        return [
            Finding("unfinished files", "note", f"{len(left)} of imports that were cut off", "the next import removes them")
        ]
    return []


def fix(ledger: Ledger) -> list[str]:
    """Derive all totals again from the documents and close the folder to others; documents themselves are never touched.

    Refuses while a document is damaged (L005). Returns what was done.
    """
    with ledger.writing():
        ledger.sql.execute("DELETE FROM usage")
        ledger.sql.execute("DELETE FROM cross_checks")
        ledger.sql.execute("DELETE FROM seals")
        kept.forget(ledger)
        everyone = [name for (name,) in ledger.sql.execute("SELECT DISTINCT creator FROM spans ORDER BY creator")]
        windows = [window for creator in everyone for window in derive.whole(ledger, creator)]
        if windows:
            derive.recompute(ledger, windows)
        leftovers.sweep(ledger)
    done = [f"derived the totals of {len(everyone):,} creators again"]
    # Only when all could be written: who may write is for the owner to say.
    with refusing(ledger.folder):
        for path in [ledger.folder, *ledger.folder.rglob("*")]:
            if not path.is_symlink() and (mode := stat.S_IMODE(path.stat().st_mode)) & 0o077:
                path.chmod(mode & (0o700 if path.is_dir() else 0o600))
                done.append(f"closed {path.name} to others")
    return done


def files_of(ledger: Ledger) -> dict[Path, str]:
    """Every file that belongs to the ledger beside the catalog, with its hash."""
    files = {item.rows.path: item.sha256 for item in derive.live(ledger)}
    rows = ledger.sql.execute("SELECT id, rejects_sha256 FROM documents WHERE rejects_sha256 <> '' ORDER BY id").fetchall()
    return files | {ledger.rejected / rejects.file_name(number, digest): digest for number, digest in rows}


def is_ledger_file(name: str) -> bool:
    """Whether a file of this name can belong to a ledger."""
    return name == "catalog.sqlite" or leftovers.is_ours(name)
