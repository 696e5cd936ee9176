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
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NoReturn

from diamondctl.ledger import values
from diamondctl.problems import Problem, Refusal

FILE: Final = "catalog.sqlite"
DOCUMENTS: Final = "documents"
REJECTED: Final = "rejected"
VERSION: Final = 7
STATE: Final = 4  # the exit code that says: the state of the ledger forbids it
KEY_BYTES: Final = 32
UNFINISHED: Final = ".catalog-"  # a catalog that is being made
_STEPS: Final = 200_000  # of SQLite's machine between two looks for a signal: some milliseconds
PATIENCE: Final = 120_000  # milliseconds to wait for another command

# Covered by the digest of the books: every table but the bulky ones, which have their own.
_BOOKS_OF_5: Final = ("documents", "seals", "preferences", "consents", "rejected", "records", "sqlite_sequence")
_BOOKS: Final = (*_BOOKS_OF_5, "movements", "closes", "corrections")
_BOOKS_BEFORE_5: Final = ("documents", "seals", "preferences", "rejected", "adjustments", "sqlite_sequence")
RECORDED: Final = (
    "documents",
    "records",
    "consents",
    "closes",
)  # what somebody put there: a ledger without rows in them is empty
_SEALS: Final = ("books", "spans", "people")


class Busy(Refusal):
    """Another command kept the ledger locked for too long."""


class Ledger:
    """An open ledger. Use it as a context manager."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, changed: Callable[[], None] = lambda: None) -> None:
        self.folder = folder
        self.identity: tuple[int, int] | None = None  # of the catalog's file; None: not on disk yet
        self.raw = connection  # for opening, mending and examining; everything else asks `sql`
        self._trusted = 0
        self.unpublished: dict[str, Path] = {}  # rows of this transaction that have no final name yet, by that name
        self.changed = changed  # called once a change is stored for good
        self.read_only = False  # an earlier version, shown as the present one
        self.upgraded: tuple[str, ...] = ()  # what there is to say because it was brought up to date just now, a line each

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.raw.close()

    @property
    def sql(self) -> sqlite3.Connection:
        """The catalog, inside `reading` or `writing`: what nobody verified is never asked."""
        assert self._trusted, "the catalog is asked outside of `reading` and `writing`"
        return self.raw

    @contextmanager
    def trusted(self) -> Iterator[None]:
        """What is inside may ask the catalog: it was verified, or to examine it is the point."""
        self._trusted += 1
        try:
            yield
        finally:
            self._trusted -= 1

    def _is_in_place(self) -> bool:
        """Whether the catalog that is open still stands under its name: a first import that came to nothing takes it away."""
        return self.identity is None or identity_of(self.folder / FILE) == self.identity

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
        with refusing(self.folder), self.trusted():
            self.sql.execute("BEGIN")
            try:
                self.verify_books()
                self.verify_spans()
                yield self
            finally:
                self.end("ROLLBACK")

    @contextmanager
    def writing(self, *, keep: bool = True) -> Iterator[Ledger]:
        """The write lock, and one transaction: all of it or nothing. With `keep` false nothing is stored in the end."""
        if self.read_only:
            raise unusable(self.folder, "it is of an earlier version, and may not be written to bring it up to date")
        with refusing(self.folder), self.trusted():
            self.sql.execute("BEGIN IMMEDIATE")
            try:
                if not self._is_in_place():
                    raise Busy(
                        Problem("L006", "the ledger was taken away meanwhile", "run again", str(self.folder)), exit_code=STATE
                    )
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
        if self.raw.in_transaction:
            self.raw.execute(how)

    def seal(self) -> None:
        """Note what the tables hold now, inside a transaction."""
        self.set_meta("spans", digest(self._rows("spans")))
        self.set_meta("people", self._people_digest())
        self.set_meta("books", self.books_digest())

    def _rows(self, table: str) -> list[tuple[Any, ...]]:
        return values.rows_of(self.raw, table)

    def books_digest(self) -> str:
        """Over all tables but the bulky ones, and what they mean."""
        return self._digest_of([self._rows(table) for table in self._books])

    @property
    def _books(self) -> tuple[str, ...]:
        """The tables of the version of the file itself: one that may not be written is shown as the present one."""
        version = self.raw.execute("PRAGMA user_version").fetchone()[0]
        return _BOOKS if version > 5 else _BOOKS_OF_5 if version > 4 else _BOOKS_BEFORE_5

    def _digest_of(self, books: Sequence[list[tuple[Any, ...]]]) -> str:
        rows: list[Any] = list(books)
        # What the tables mean belongs to it, and the alias key: under another key every gifter would be somebody else.
        rows.append(self.raw.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").fetchall())
        marks = ", ".join("?" * len(_SEALS))
        rows.append(self.raw.execute(f"SELECT name, value FROM meta WHERE name NOT IN ({marks})", _SEALS).fetchall())
        return digest(rows)

    def _people_digest(self) -> str:
        """Over what their aliases do not prove by themselves: how many there are, and who was erased."""
        count = self.raw.execute("SELECT count(*) FROM gifters").fetchone()
        erased = self.raw.execute("SELECT alias FROM gifters WHERE name IS NULL ORDER BY alias").fetchall()
        return digest([count, *erased])

    def verify_books(self) -> None:
        """Refuse to go on (L005) with a catalog whose books are not what was written."""
        books = [self._rows(table) for table in self._books]
        if self.meta("books") != self._digest_of(books):
            raise damaged(self.folder, "the books of the catalog")
        for table, rows in zip(self._books, books, strict=True):
            self.check(table, rows)

    def verify_spans(self) -> None:
        """The same for what decides which documents are compared."""
        rows = self._rows("spans")
        if self.meta("spans") != digest(rows):
            raise damaged(self.folder, "the spans of the catalog")
        self.check("spans", rows)

    def check(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Refuse (L005) whole rows of a table with a value that no command of ours wrote, whatever their digest says."""
        if what := values.wrong(self.raw, table, rows):
            raise damaged(self.folder, f"a value of {what}")

    def verify_people(self) -> None:
        """The same for gifters: nobody is missing, and everybody who was erased is."""
        if self.meta("people") != self._people_digest():
            raise damaged(self.folder, "the gifters of the catalog")

    def meta(self, name: str) -> Any:
        """A setting of the ledger itself; None when it has none of that name."""
        row = self.raw.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set_meta(self, name: str, value: object) -> None:
        """Store one."""
        self.raw.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    @property
    def key(self) -> bytes:
        """The secret under which gifters get their aliases."""
        with refusing(self.folder):
            key = self.meta("key")
        if type(key) is not bytes or len(key) != KEY_BYTES:
            raise damaged(self.folder, "the key of the catalog")
        return key


def identity_of(file: Path) -> tuple[int, int] | None:
    """Device and number of a file; None when there is none."""
    try:
        facts = file.lstat()
    except OSError:
        return None
    return facts.st_dev, facts.st_ino


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
        if name == "SQLITE_INTERRUPT":  # a signal came while SQLite worked: see `connect`
            raise KeyboardInterrupt from None
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
    # Python handles signals between its own steps only; without this a query that never ends could not be stopped.
    connection.set_progress_handler(lambda: 0, _STEPS)
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
