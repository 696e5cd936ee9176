"""The catalog of a ledger: opening, creating, locking and checking `catalog.sqlite`. What the tables mean: `schema.sql`.

Conventions, stated once: a writer holds the one write lock from its first look to its commit (`writing`), so nothing it
compared with can change meanwhile; readers see one snapshot (`reading`) and never wait for a writer's work, only for the
moment of its commit. Everything a reader uses is covered by a digest.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NoReturn

from diamondctl.files import publish
from diamondctl.ledger.disk import flush, private_folder, temporary_file
from diamondctl.problems import Problem, Refusal

FILE: Final = "catalog.sqlite"
DOCUMENTS: Final = "documents"
REJECTED: Final = "rejected"
APPLICATION_ID: Final = 0x6469616D  # "diam"
VERSION: Final = 3
STATE: Final = 4  # the exit code that says: the state of the ledger forbids it
UNFINISHED: Final = ".catalog-"  # a catalog that is being made
PATIENCE: Final = 120_000  # milliseconds to wait for another command

# Columns that a version added to a table, as `schema.sql` has them: 2 says what the rows of a document are (gifts, frames of
# events, totals) and how else they were read; 3 what is uncertain about the gifts of event logs, and keeps whole profiles.
_ADDED: Final = {
    2: (
        ("documents", "sort", "TEXT NOT NULL DEFAULT 'gifts'", "'gifts'"),
        ("documents", "profile", "TEXT NOT NULL DEFAULT ''", "''"),
        ("documents", "earning_unit", "TEXT NOT NULL DEFAULT ''", "''"),
        ("documents", "folded", "INTEGER NOT NULL DEFAULT 0", "0"),
    ),
    3: (("documents", "uncertain", "TEXT NOT NULL DEFAULT '{}'", "'{}'"),),
}
# Covered by the digest of the books: every table but the bulky ones, which have their own.
_BOOKS: Final = ("documents", "seals", "preferences", "rejected", "adjustments", "sqlite_sequence")
_SEALS: Final = ("books", "spans", "people")


class Busy(Refusal):
    """Another command kept the ledger locked for too long."""


class Ledger:
    """An open ledger. Use it as a context manager."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, changed: Callable[[], None] = lambda: None) -> None:
        self.folder = folder
        self.sql = connection
        self.unpublished: dict[str, Path] = {}  # rows of this transaction that have no final name yet, by that name
        self.changed = changed  # called once a change is stored for good
        self.read_only = False  # an earlier version, shown as the present one

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.sql.close()

    @property
    def documents(self) -> Path:
        """The folder of rows."""
        return self.folder / DOCUMENTS

    def rows_file(self, name: str) -> Path:
        """Where the rows of a document are now."""
        return self.unpublished.get(name, self.documents / name)

    @property
    def rejected(self) -> Path:
        """The folder of rows that were left out."""
        return self.folder / REJECTED

    @contextmanager
    def reading(self) -> Iterator[Ledger]:
        """One consistent, verified view."""
        with refusing(self.folder):
            self.sql.execute("BEGIN")
            try:
                self.verify_books()
                yield self
            finally:
                self._end("ROLLBACK")

    @contextmanager
    def writing(self, *, keep: bool = True) -> Iterator[Ledger]:
        """The write lock, and one transaction: all of it or nothing. With `keep` false nothing is stored in the end."""
        if self.read_only:
            raise unusable(self.folder, "it is of an earlier version, and may not be written to bring it up to date")
        with refusing(self.folder):
            self.sql.execute("BEGIN IMMEDIATE")
            try:
                self.verify_books()
                self.verify_spans()
                self.verify_people()
                yield self
                self.seal()
                self._commit() if keep else self._end("ROLLBACK")
            except BaseException:
                self._end("ROLLBACK")
                raise
            finally:
                self.unpublished.clear()

    def _commit(self) -> None:
        """Store everything. An error of the disk may come so late that all is stored: what is said then must be so."""
        seals = self._seals()
        try:
            self.sql.execute("COMMIT")
        except sqlite3.Error as error:
            if self.sql.in_transaction or _kind(error).startswith("SQLITE_BUSY"):
                raise
            self._say_what_became_of(seals, error)
        except BaseException:  # a signal is raised when the statement is done
            if not self.sql.in_transaction:
                self.changed()
            raise
        self.changed()

    def _seals(self) -> list[Any]:
        return [self.meta(name) for name in _SEALS]

    def _say_what_became_of(self, seals: list[Any], error: sqlite3.Error) -> NoReturn:
        try:
            with open_ledger(self.folder) as again:
                stored = again._seals() == seals
        except (Refusal, sqlite3.Error):
            hint = "whether it was stored is not known; when the disk is well again, see: diamondctl documents list"
        else:
            if not stored:
                raise error
            self.changed()
            hint = "everything was stored, but the disk did not confirm it; see: diamondctl doctor"
        raise Refusal(Problem("L007", f"error at the very end: {error}", hint, str(self.folder)), exit_code=STATE) from None

    def _end(self, how: str) -> None:
        if self.sql.in_transaction:
            self.sql.execute(how)

    def seal(self) -> None:
        """Note what the tables hold now, inside a transaction."""
        self.set_meta("spans", digest(self._rows("spans")))
        self.set_meta("people", self._people_digest())
        self.set_meta("books", self._books_digest())

    def _rows(self, table: str) -> list[tuple[Any, ...]]:
        return self.sql.execute(f"SELECT * FROM main.{table} ORDER BY 1, 2").fetchall()

    def _books_digest(self) -> str:
        rows: list[Any] = [self._rows(table) for table in _BOOKS]
        # What the tables mean belongs to it, and the alias key: under another key every gifter would be somebody else.
        rows.append(self.sql.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").fetchall())
        marks = ", ".join("?" * len(_SEALS))
        rows.append(self.sql.execute(f"SELECT name, value FROM meta WHERE name NOT IN ({marks})", _SEALS).fetchall())
        return digest(rows)

    def _people_digest(self) -> str:
        """Over what their aliases do not prove by themselves: how many there are, and who was erased."""
        count = self.sql.execute("SELECT count(*) FROM gifters").fetchone()
        erased = self.sql.execute("SELECT alias FROM gifters WHERE name IS NULL ORDER BY alias").fetchall()
        return digest([count, *erased])

    def verify_books(self) -> None:
        """Refuse to go on (L005) with a catalog whose books are not what was written."""
        if self.meta("books") != self._books_digest():
            raise damaged(self.folder, "the books of the catalog")

    def verify_spans(self) -> None:
        """The same for what decides which documents are compared."""
        if self.meta("spans") != digest(self._rows("spans")):
            raise damaged(self.folder, "the spans of the catalog")

    def verify_people(self) -> None:
        """The same for gifters: nobody is missing, and everybody who was erased is."""
        if self.meta("people") != self._people_digest():
            raise damaged(self.folder, "the gifters of the catalog")

    def meta(self, name: str) -> Any:
        """A setting of the ledger itself; None when it has none of that name."""
        row = self.sql.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set_meta(self, name: str, value: object) -> None:
        """Store one."""
        self.sql.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    @property
    def key(self) -> bytes:
        """The secret under which gifters get their aliases."""
        return bytes(self.meta("key"))


def next_number(ledger: Ledger, table: str) -> int:
    """The number that the next row of a table gets; numbers of rows that are gone are never given again."""
    row = ledger.sql.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return (row[0] if row else 0) + 1


def digest(rows: Iterable[Any]) -> str:
    """A digest over rows of integers, texts and bytes, in their order."""
    return hashlib.blake2b(repr(list(rows)).encode(), digest_size=16).hexdigest()


def damaged(folder: Path, what: str) -> Refusal:
    """The refusal that says a ledger is not what was written into it."""
    hint = "nothing was changed; see: diamondctl doctor"
    return Refusal(Problem("L005", f"{what} is damaged", hint, str(folder / FILE)), exit_code=STATE)


@contextmanager
def refusing(folder: Path) -> Iterator[None]:
    """Errors of SQLite and of the disk as refusals."""
    try:
        yield
    except sqlite3.OperationalError as error:
        name = _kind(error)
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            hint = "another diamondctl is writing to it; run again when it is done"
            raise Busy(Problem("L006", "the ledger is busy", hint, str(folder)), exit_code=STATE) from None
        if name.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            raise unusable(folder, str(error)) from None
        raise damaged(folder, "the catalog") from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise damaged(folder, "the catalog") from error
    except OSError as error:
        raise unusable(folder, error.strerror or type(error).__name__) from None


def unusable(folder: Path, reason: str) -> Refusal:
    """The refusal that says the disk or the permissions do not allow it."""
    problem = Problem("L007", f"the ledger cannot be read or written: {reason}", "nothing was changed", str(folder))
    return Refusal(problem, exit_code=STATE)


def _kind(error: sqlite3.Error) -> str:
    return str(getattr(error, "sqlite_errorname", ""))


def open_ledger(folder: Path, *, create: bool = False, changed: Callable[[], None] = lambda: None) -> Ledger:
    """Open the ledger in `folder`; `changed` is called when a change is stored.

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
    if file.stat().st_size < 512:
        raise _foreign(file, "an empty file, not a catalog")
    with refusing(folder):
        with file.open("rb") as stream:
            head = stream.read(20)
        if head.startswith(b"SQLite format 3\0") and head[18:] != b"\1\1":  # ours never has a write-ahead log
            raise damaged(folder, "the header of the catalog")
        connection = _connect(file)
        ledger = Ledger(folder, connection, changed)
        try:
            _bring_up_to_date(ledger, _check_kind(ledger, file))
        except BaseException:
            connection.close()
            raise
    return ledger


def _is_there(file: Path) -> bool:
    try:
        file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _rows_without_catalog(folder: Path) -> bool:
    """Whether a catalog was lost: an import makes it before anything else."""
    if os.path.lexists(folder / f"{FILE}-journal"):
        return True
    parts = [folder / part for part in (DOCUMENTS, REJECTED)]
    return any(not path.name.startswith(".") for part in parts if part.is_dir() for path in part.iterdir())


def _writable(file: Path) -> bool:
    return os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)


def _connect(file: Path) -> sqlite3.Connection:
    """Open for writing where that is allowed, else for reading only."""
    writable = _writable(file)
    uri = f"{file.absolute().as_uri()}?mode={'rw' if writable else 'ro'}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=PATIENCE / 1000)
    for pragma in ("foreign_keys = ON", "secure_delete = ON", "trusted_schema = OFF", "cell_size_check = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _check_kind(ledger: Ledger, file: Path) -> int:
    """The version of the ledger; refuses what is none of ours, or newer."""
    try:
        kind, version = (ledger.sql.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
        ledger.sql.execute("PRAGMA synchronous = EXTRA")  # reads the schema, so only now
    except sqlite3.DatabaseError as error:
        if _kind(error) == "SQLITE_NOTADB":
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
    return int(version)


def _bring_up_to_date(ledger: Ledger, version: int) -> None:
    if version == VERSION:
        return
    if not _writable(ledger.folder / FILE):
        show_as_new(ledger.sql, version)
        ledger.read_only = True
        return
    ledger.sql.execute("BEGIN IMMEDIATE")
    try:
        if ledger.sql.execute("PRAGMA user_version").fetchone()[0] == version:  # else another command was faster
            ledger.verify_books()
            _upgrade(ledger.sql, version)
            ledger.set_meta("books", ledger._books_digest())
        ledger.sql.execute("COMMIT")
    finally:
        ledger._end("ROLLBACK")


def _upgrade(connection: sqlite3.Connection, version: int) -> None:
    """Add what later versions have, inside a transaction; the caller seals the books and commits."""
    for number, columns in _ADDED.items():
        if number > version:
            for table, name, kind, _ in columns:
                connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
            connection.execute(f"PRAGMA user_version = {number}")


def show_as_new(connection: sqlite3.Connection, version: int) -> None:
    """The same for a catalog that cannot be written: views of this connection stand before its tables."""
    added: dict[str, list[str]] = {}
    for number, columns in _ADDED.items():
        if number > version:
            for table, name, _, value in columns:
                added.setdefault(table, []).append(f"{value} AS {name}")
    for table, more in added.items():
        connection.execute(f"CREATE TEMP VIEW {table} AS SELECT *, {', '.join(more)} FROM main.{table}")


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
        connection.executescript(f"BEGIN; {(Path(__file__).parent / 'schema.sql').read_text('utf-8')}; COMMIT")
        connection.execute("BEGIN")
        connection.execute("INSERT INTO meta VALUES ('key', ?)", (secrets.token_bytes(32),))
        Ledger(folder, connection).seal()
        connection.execute("COMMIT")
    finally:
        connection.close()


def _is_ours(name: str) -> bool:
    return name in (FILE, DOCUMENTS, REJECTED) or name.startswith((UNFINISHED, f"{FILE}-"))
