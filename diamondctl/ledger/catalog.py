"""The catalog of a ledger: locking, checking and sealing `catalog.sqlite`. What the tables mean: `schema.sql`; how it is
opened: `opening`.

Conventions, stated once: a writer holds the one write lock from its first look to its commit (`writing`), so nothing it
compared with can change meanwhile; readers see one snapshot (`reading`) and never wait for a writer's work, only for the
moment of its commit. Everything a reader uses is covered by a digest.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NoReturn

from diamondctl.problems import Problem, Refusal

FILE: Final = "catalog.sqlite"
DOCUMENTS: Final = "documents"
REJECTED: Final = "rejected"
VERSION: Final = 5
STATE: Final = 4  # the exit code that says: the state of the ledger forbids it
UNFINISHED: Final = ".catalog-"  # a catalog that is being made
PATIENCE: Final = 120_000  # milliseconds to wait for another command

# Covered by the digest of the books: every table but the bulky ones, which have their own.
_BOOKS: Final = ("documents", "seals", "preferences", "consents", "rejected", "records", "sqlite_sequence")
_BOOKS_BEFORE_5: Final = ("documents", "seals", "preferences", "rejected", "adjustments", "sqlite_sequence")
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
        self.upgraded: tuple[str, ...] = ()  # what there is to say because it was brought up to date just now, a line each

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
                self.end("ROLLBACK")

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
                self.commit(self.changed) if keep else self.end("ROLLBACK")
            except BaseException:
                self.end("ROLLBACK")
                raise
            finally:
                self.unpublished.clear()

    def commit(self, changed: Callable[[], None]) -> None:
        """Store everything, and call `changed`.

        An error of the disk may come so late that all is stored: what is said then must be so.
        """
        seals = self._seals()
        try:
            self.sql.execute("COMMIT")
        except sqlite3.Error as error:
            if self.sql.in_transaction or kind_of(error).startswith("SQLITE_BUSY"):
                raise
            self._say_what_became_of(seals, error, changed)
        except BaseException:  # a signal is raised when the statement is done
            if not self.sql.in_transaction:
                changed()
            raise
        changed()

    def _seals(self) -> list[Any]:
        return [self.meta(name) for name in _SEALS]

    def _say_what_became_of(self, seals: list[Any], error: sqlite3.Error, changed: Callable[[], None]) -> NoReturn:
        try:
            with refusing(self.folder), Ledger(self.folder, connect(self.folder / FILE)) as again:
                stored = again._seals() == seals
        except (Refusal, sqlite3.Error):
            hint = "whether it was stored is not known; when the disk is well again, see: diamondctl records list"
        else:
            if not stored:
                raise error
            changed()
            hint = "everything was stored, but the disk did not confirm it; see: diamondctl doctor"
        raise Refusal(Problem("L007", f"error at the very end: {error}", hint, str(self.folder)), exit_code=STATE) from None

    def end(self, how: str) -> None:
        """COMMIT or ROLLBACK, if a transaction is open."""
        if self.sql.in_transaction:
            self.sql.execute(how)

    def seal(self) -> None:
        """Note what the tables hold now, inside a transaction."""
        self.set_meta("spans", digest(self._rows("spans")))
        self.set_meta("people", self._people_digest())
        self.set_meta("books", self.books_digest())

    def _rows(self, table: str) -> list[tuple[Any, ...]]:
        return self.sql.execute(f"SELECT * FROM main.{table} ORDER BY 1, 2").fetchall()

    def books_digest(self) -> str:
        """Over all tables but the bulky ones, and what they mean."""
        # The version of the file itself: one that may not be written is shown as the present one.
        version = self.sql.execute("PRAGMA user_version").fetchone()[0]
        rows: list[Any] = [self._rows(table) for table in (_BOOKS if version > 4 else _BOOKS_BEFORE_5)]
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
        if self.meta("books") != self.books_digest():
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
        name = kind_of(error)
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


def kind_of(error: sqlite3.Error) -> str:
    """The name that SQLite has for an error, such as SQLITE_BUSY; blank: none."""
    return str(getattr(error, "sqlite_errorname", ""))


def writable(file: Path) -> bool:
    """Whether a catalog may be written: the file, and the folder for its journal."""
    return os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)


def connect(file: Path) -> sqlite3.Connection:
    """Open for writing where that is allowed, else for reading only."""
    may_write = writable(file)
    uri = f"{file.absolute().as_uri()}?mode={'rw' if may_write else 'ro'}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=PATIENCE / 1000)
    for pragma in ("foreign_keys = ON", "secure_delete = ON", "trusted_schema = OFF", "cell_size_check = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def schema() -> str:
    """The text of `schema.sql`."""
    return (Path(__file__).parent / "schema.sql").read_text("utf-8")


def statement(table: str, *, temporary: bool) -> str:
    """How `schema.sql` makes a table; a temporary one stands before that of the catalog."""
    text = schema()
    start = text.index(f"CREATE TABLE {table} (")
    found = text[start : text.index(";\n", start)]
    return found.replace("CREATE TABLE", "CREATE TEMP TABLE") if temporary else found


def index(name: str) -> str:
    """How `schema.sql` makes a unique index."""
    text = schema()
    start = text.index(f"CREATE UNIQUE INDEX {name} ")
    return text[start : text.index(";\n", start)]
