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
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from diamondctl.problems import Problem, Refusal

FILE: Final = "catalog.sqlite"
DOCUMENTS: Final = "documents"
REJECTED: Final = "rejected"
APPLICATION_ID: Final = 0x6469616D  # "diam"
VERSION: Final = 1
STATE: Final = 4  # the exit code of cli.md section 3
PATIENCE: Final = 120_000  # milliseconds to wait for another command

# Covered by the digest of the books: every table but the bulky ones, which have their own.
_BOOKS: Final = ("documents", "seals", "preferences", "rejected", "adjustments")


class Busy(Refusal):
    """Another command kept the ledger locked for too long."""


class Ledger:
    """An open ledger. Use it as a context manager."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.folder = folder
        self.sql = connection

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.sql.close()

    @property
    def documents(self) -> Path:
        """The folder of rows."""
        return self.folder / DOCUMENTS

    @property
    def rejected(self) -> Path:
        """The folder of rows that were left out."""
        return self.folder / REJECTED

    @contextmanager
    def reading(self) -> Iterator[Ledger]:
        """One consistent, verified view."""
        with _refusing(self.folder):
            self.sql.execute("BEGIN")
            try:
                self.verify_books()
                yield self
            finally:
                self._end("ROLLBACK")

    @contextmanager
    def writing(self, *, keep: bool = True) -> Iterator[Ledger]:
        """The write lock, and one transaction: all of it or nothing. With `keep` false nothing is stored in the end."""
        with _refusing(self.folder):
            self.sql.execute("BEGIN IMMEDIATE")
            try:
                self.verify_books()
                self.verify_spans()
                yield self
                self._seal()
                self.sql.execute("COMMIT" if keep else "ROLLBACK")
            except BaseException:
                self._end("ROLLBACK")
                raise

    def _end(self, how: str) -> None:
        if self.sql.in_transaction:
            self.sql.execute(how)

    def _seal(self) -> None:
        self.set_meta("spans", digest(self._rows("spans")))
        self.set_meta("books", self._books_digest())

    def _rows(self, table: str) -> list[tuple[Any, ...]]:
        return self.sql.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()

    def _books_digest(self) -> str:
        rows: list[Any] = [self._rows(table) for table in _BOOKS]
        # The alias key belongs to it: under another key every gifter would be somebody else.
        rows.append(self.sql.execute("SELECT name, value FROM meta WHERE name NOT IN ('books', 'spans')").fetchall())
        return digest(rows)

    def verify_books(self) -> None:
        """Refuse to go on (L005) with a catalog whose books are not what was written."""
        if self.meta("books") != self._books_digest():
            raise damaged(self.folder, "the books of the catalog")

    def verify_spans(self) -> None:
        """The same for what decides which documents are compared."""
        if self.meta("spans") != digest(self._rows("spans")):
            raise damaged(self.folder, "the spans of the catalog")

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


def document_name(number: int) -> str:
    """`d014`."""
    return f"d{number:03d}"


def damaged(folder: Path, what: str) -> Refusal:
    """The refusal that says a ledger is not what was written into it."""
    hint = "nothing was changed; see: diamondctl doctor"
    return Refusal(Problem("L005", f"{what} is damaged", hint, str(folder / FILE)), exit_code=STATE)


@contextmanager
def _refusing(folder: Path) -> Iterator[None]:
    """SQLite's errors as refusals."""
    try:
        yield
    except sqlite3.OperationalError as error:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            hint = "another diamondctl is writing to it; run again when it is done"
            raise Busy(Problem("L006", "the ledger is busy", hint, str(folder)), exit_code=STATE) from None
        if name.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")):
            problem = Problem("L007", f"the ledger cannot be written: {error}", "nothing was changed", str(folder))
            raise Refusal(problem, exit_code=STATE) from None
        raise damaged(folder, "the catalog") from error
    except sqlite3.DatabaseError as error:
        raise damaged(folder, "the catalog") from error


def open_ledger(folder: Path, *, create: bool = False) -> Ledger:
    """Open the ledger in `folder`.

    With `create` a missing one is made. Refuses what is no ledger (L002), a newer one (L004), and a missing one (L001).
    """
    file = folder / FILE
    if not os.path.lexists(file):
        if not create:
            hint = "import something first: diamondctl import FILE; or name another: --ledger DIR"
            raise Refusal(Problem("L001", "no ledger here", hint, str(folder)))
        _create(folder)
    if not file.is_file() or file.is_symlink():
        raise _foreign(file, "not a regular file")
    if file.stat().st_size < 512:
        raise _foreign(file, "an empty file, not a catalog")
    connection = _connect(file)
    ledger = Ledger(folder, connection)
    try:
        _check_kind(ledger, file)
    except BaseException:
        connection.close()
        raise
    return ledger


def _connect(file: Path) -> sqlite3.Connection:
    """Open for writing where that is allowed, else for reading only."""
    writable = os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)
    uri = f"{file.absolute().as_uri()}?mode={'rw' if writable else 'ro'}"
    try:
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=PATIENCE / 1000)
    except sqlite3.Error as error:
        problem = Problem("L007", f"the ledger cannot be opened: {error}", "check the folder", str(file))
        raise Refusal(problem, exit_code=STATE) from None
    for pragma in (
        "foreign_keys = ON",
        "secure_delete = ON",
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "synchronous = EXTRA",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _check_kind(ledger: Ledger, file: Path) -> None:
    with _refusing(ledger.folder):
        try:
            found, version = (ledger.sql.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorname", "") == "SQLITE_NOTADB":
                raise _foreign(file, "not a catalog of diamondctl") from None
            raise
    if found != APPLICATION_ID:
        raise _foreign(file, "a database of another program")
    if version > VERSION:
        hint = "update diamondctl; nothing was changed"
        message = f"a ledger of version {version}, newer than this diamondctl knows ({VERSION})"
        raise Refusal(Problem("L004", message, hint, str(file)), exit_code=STATE)


def _foreign(file: Path, what: str) -> Refusal:
    hint = "it was left alone; choose another folder with --ledger DIR, or restore a backup"
    return Refusal(Problem("L002", what, hint, str(file)), exit_code=STATE)


def _create(folder: Path) -> None:
    """Make an empty ledger. Appears whole or not at all, also when several commands do it at once."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise Refusal(Problem("L002", "not a folder", "choose another with --ledger DIR", str(folder)), exit_code=STATE)
    if folder.is_dir() and (strange := [path.name for path in folder.iterdir() if not _is_ours(path.name)]):
        hint = f"it holds {min(strange)}; choose an empty or a new folder with --ledger DIR"
        raise Refusal(Problem("L003", "this folder is used by something else", hint, str(folder)), exit_code=STATE)
    temporary = folder / f".catalog-{secrets.token_hex(8)}"
    try:
        for path in (folder, folder / DOCUMENTS, folder / REJECTED):
            private_folder(path)
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        private_file(temporary)
        connection = sqlite3.connect(temporary, isolation_level=None)
        try:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.executescript((Path(__file__).parent / "schema.sql").read_text("utf-8"))
            connection.execute("INSERT INTO meta VALUES ('key', ?)", (secrets.token_bytes(32),))
            fresh = Ledger(folder, connection)
            connection.execute("BEGIN IMMEDIATE")
            fresh._seal()
            connection.execute("COMMIT")
            connection.execute(f"PRAGMA user_version = {VERSION}")
        finally:
            connection.close()
        flush(temporary)
        with suppress(FileExistsError):  # another command was faster: its catalog is as good as ours
            publish(temporary, folder / FILE)
        flush(folder)
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        problem = Problem("L007", f"a ledger cannot be made here: {reason}", "choose another with --ledger DIR", str(folder))
        raise Refusal(problem, exit_code=STATE) from None
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _is_ours(name: str) -> bool:
    return name in (DOCUMENTS, REJECTED) or name.startswith(".catalog-")


def private_folder(path: Path) -> None:
    """A folder that only its owner may enter, whatever the umask; one that exists is closed as well."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if stat.S_IMODE(path.stat().st_mode) != 0o700:
        path.chmod(0o700)


def private_file(path: Path) -> None:
    """A file that only its owner may read, whatever the umask."""
    path.chmod(0o600)


def publish(temporary: Path, final: Path) -> None:
    """Give a finished file its name, or raise FileExistsError; never replaces anything."""
    try:
        os.link(temporary, final)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(final):
            raise FileExistsError(final) from None
        os.rename(temporary, final)


def flush(path: Path) -> None:
    """Make a file or folder safe against a crash (folders where the system can)."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        if path.is_dir():
            return  # Windows opens no folders
        raise
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
