"""Opening the ledger in a folder, and making an empty one. What is no catalog of ours is refused and left alone."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from diamondctl.files import publish
from diamondctl.ledger import leftovers, schemas, upgrading
from diamondctl.ledger.catalog import (
    DOCUMENTS,
    FILE,
    KEY_BYTES,
    RECORDED,
    REJECTED,
    STATE,
    UNFINISHED,
    VERSION,
    Ledger,
    connect,
    damaged,
    identity_of,
    kind_of,
    refusing,
    schema,
)  # fmt: skip
from diamondctl.ledger.disk import flush, private_folder, refuse_without_locks, temporary_file
from diamondctl.problems import Problem, Refusal

APPLICATION_ID: Final = 0x6469616D  # "diam"


def open_ledger(folder: Path, *, create: bool = False, changed: Callable[[], None] = lambda: None) -> Ledger:
    """Open the ledger in `folder`, up to date; `changed` is called when a change is stored.

    With `create` a missing one is made. Refuses what is no ledger (L002), a newer one (L004), and a missing one (L001).
    """
    file = folder / FILE
    with refusing(folder):
        there = _is_there(file)
        if not there and _rows_without_catalog(folder):
            raise damaged(folder, "the catalog is missing: the ledger")
    if not there:
        if not create:
            hint = "import something first: diamondctl import FILE; or name another: --ledger DIR"
            raise Refusal(Problem("L001", "no ledger here", hint, str(folder)))
        _create(folder)
    if not file.is_file() or file.is_symlink():
        raise _foreign(file, "not a regular file")
    for part in (folder / DOCUMENTS, folder / REJECTED):
        if part.is_symlink():  # what is written and swept there would be somewhere else
            raise _foreign(part, "a link, not a folder of the ledger")
    if file.stat().st_size < 512:
        raise _foreign(file, "an empty file, not a catalog")
    with refusing(folder):
        with file.open("rb") as stream:
            head = stream.read(20)
            refuse_without_locks(stream.fileno())
        if head.startswith(b"SQLite format 3\0") and head[18:] != b"\1\1":  # ours never has a write-ahead log
            raise damaged(folder, "the header of the catalog")
        identity = identity_of(file)
        connection = connect(file)
        ledger = Ledger(folder, connection, changed)
        ledger.identity = identity
        try:
            upgrading.bring_up_to_date(ledger, _check_kind(ledger, file))
        except BaseException:
            connection.close()
            raise
    return ledger


def missing_parts(folder: Path) -> list[Path]:
    """What `open_ledger` would make of a ledger that is not there: its folders, those above it included, the deepest first.

    None where there is a catalog.
    """
    if os.path.lexists(folder / FILE):
        return []
    parts = [folder / DOCUMENTS, folder / REJECTED, folder, *folder.absolute().parents]
    return [path for path in parts if not os.path.lexists(path)] or [folder / FILE]


def take_back(ledger: Ledger, made: Iterable[Path]) -> None:
    """Remove a ledger that was made for a command that came to nothing, unless another command has stored something in it.

    Best effort: an empty ledger that stays does no harm, rows without a catalog would, so they go first. Whoever waits for it
    meanwhile finds it gone (`Ledger.writing`).
    """
    with suppress(Refusal, OSError, sqlite3.Error), ledger.writing(keep=False):
        if any(ledger.sql.execute(f"SELECT 1 FROM {table}").fetchone() for table in RECORDED):
            return
        leftovers.sweep(ledger)
        if not _has_rows(ledger.folder):
            (ledger.folder / FILE).unlink()
            for path in made:
                if path.is_dir():
                    path.rmdir()


def _is_there(file: Path) -> bool:
    try:
        file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _rows_without_catalog(folder: Path) -> bool:
    """Whether a catalog was lost: an import makes it before anything else."""
    return os.path.lexists(folder / f"{FILE}-journal") or _has_rows(folder)


def _has_rows(folder: Path) -> bool:
    parts = [folder / part for part in (DOCUMENTS, REJECTED)]
    return any(not path.name.startswith(".") for part in parts if part.is_dir() for path in part.iterdir())


def _check_kind(ledger: Ledger, file: Path) -> int:
    """The version of the ledger; refuses what is none of ours, or newer."""
    try:
        kind, version = (ledger.raw.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
        ledger.raw.execute("PRAGMA synchronous = EXTRA")  # reads the schema, so only now
    except sqlite3.DatabaseError as error:
        if kind_of(error) == "SQLITE_NOTADB":
            raise _foreign(file, "not a catalog of diamondctl") from None
        raise
    if kind != APPLICATION_ID:
        raise _foreign(file, "a database of another program")
    if version > VERSION:
        hint = "update diamondctl; nothing was changed"
        message = f"a ledger of version {version}, newer than this diamondctl knows ({VERSION})"
        raise Refusal(Problem("L004", message, hint, str(file)), exit_code=STATE)
    if version < 1:
        raise damaged(ledger.folder, "the version of the catalog")
    # Another command may bring it up to date just now, so both are read at one moment.
    ledger.raw.execute("BEGIN")
    try:
        version = int(ledger.raw.execute("PRAGMA user_version").fetchone()[0])
        if what := schemas.strange(ledger.raw, version):
            raise damaged(ledger.folder, f"the catalog ({what})")
    finally:
        ledger.end("ROLLBACK")
    return version


def _foreign(file: Path, what: str) -> Refusal:
    hint = "it was left alone; choose another folder with --ledger DIR, or restore a backup"
    return Refusal(Problem("L002", what, hint, str(file)), exit_code=STATE)


def _create(folder: Path) -> None:
    """Make an empty ledger. Appears whole or not at all, also when several commands do it at once."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise Refusal(Problem("L002", "not a folder", "choose another with --ledger DIR", str(folder)), exit_code=STATE)
    try:
        if folder.is_dir() and (strange := [path.name for path in folder.iterdir() if not _is_ours(path.name)]):
            hint = f"it holds {min(strange)}; choose an empty or a new folder with --ledger DIR"
            raise Refusal(Problem("L003", "this folder is used by something else", hint, str(folder)), exit_code=STATE)
        for path in (folder, folder / DOCUMENTS, folder / REJECTED):
            private_folder(path)
        with temporary_file(folder, UNFINISHED, "") as temporary:
            _write_empty(folder, temporary)
            flush(temporary)
            with suppress(FileExistsError):  # another command was faster: its catalog is as good as ours
                publish(temporary, folder / FILE)
        flush(folder)
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        problem = Problem("L007", f"a ledger cannot be made here: {reason}", "choose another with --ledger DIR", str(folder))
        raise Refusal(problem, exit_code=STATE) from None


def _write_empty(folder: Path, file: Path) -> None:
    """Tables and the alias key of a new ledger."""
    connection = sqlite3.connect(file.absolute(), isolation_level=None)  # a name like file:x would be an address
    try:
        # Nobody sees this file before it is whole and flushed, so a journal would protect nothing.
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.executescript(f"BEGIN; {schema()}; COMMIT")
        connection.execute("BEGIN")
        connection.execute("INSERT INTO meta VALUES ('key', ?)", (secrets.token_bytes(KEY_BYTES),))
        Ledger(folder, connection).seal()
        connection.execute("COMMIT")
    finally:
        connection.close()


def _is_ours(name: str) -> bool:
    return name in (FILE, DOCUMENTS, REJECTED) or name.startswith((UNFINISHED, f"{FILE}-"))
