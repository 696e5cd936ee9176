"""One file as rows beside the ledger, not yet part of it: written as Parquet to a temporary name in its documents folder.

No name of a gifter is ever written here, only aliases; the names travel in memory to the catalog.
"""

from __future__ import annotations

import csv
import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from diamondctl import columns, repairs
from diamondctl.ledger.catalog import private_file
from diamondctl.ledger.families import TELLING
from diamondctl.ledger.merge import Span
from diamondctl.records import Gift

TEMPORARY: Final = ".incoming-"
MEMORY: Final = "300MB"
_SPANS: Final = f"""
SELECT creator, count(*), min(time), max(time), coalesce(min(nullif(event_id, '')), ''), coalesce(max(event_id), ''),
       {", ".join(f"bool_or({name} <> '')" for name in TELLING)}
FROM read_parquet({{file}}) GROUP BY creator ORDER BY creator
"""


class Staged(NamedTuple):
    """A file's rows, written and flushed."""

    path: Path
    sha256: str  # of the Parquet file
    spans: tuple[Span, ...]
    names: dict[str, str]  # alias -> gifter


class Target:
    """A temporary Parquet file in `documents/`, locked while this process lives so that nobody sweeps it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{TEMPORARY}{secrets.token_hex(8)}.parquet"
        self._lock: int | None = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        private_file(self.path)
        _try_lock(self._lock)

    def discard(self) -> None:
        """Remove the file, if it still has its temporary name, and let go of it."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


def _try_lock(descriptor: int) -> bool:
    """Take the lock of a file, or say that another process has it. Without such locks (Windows) an open file stays anyway."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def abandoned(path: Path) -> bool:
    """Whether a temporary file belongs to no living import."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return _try_lock(descriptor)
    finally:
        os.close(descriptor)


class Writer:
    """Takes gifts one by one; `finish` turns them into the Parquet file."""

    def __init__(self, target: Path, key: bytes, folder: str, stream: IO[str]) -> None:
        self._target, self._key, self._folder, self._stream = target, key, folder, stream
        self.repaired = False  # whether gifters may stand there as aliases, because their names were erased
        self._write = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
        self._aliases: dict[str, str] = {"": ""}

    def take(self, gift: Gift) -> None:
        """One row."""
        receiver = gift.receiver
        self._write(
            (
                gift.line,
                gift.time,
                gift.creator,
                gift.gift,
                gift.coins,
                gift.quantity,
                gift.event_id,
                self._alias(gift.gifter),
                gift.gift_id,
                gift.stream,
                receiver if not receiver or receiver == gift.creator else self._alias(receiver),
                gift.region,
            )
        )

    def _alias(self, name: str) -> str:
        alias = self._aliases.get(name)
        if alias is None:
            if self.repaired and (erased := repairs.ERASED.fullmatch(name)):
                return erased[1]
            alias = self._aliases[name] = columns.alias_of(self._key, name)
        return alias

    def finish(self) -> Staged:
        """Write the Parquet file."""
        self._stream.flush()
        rows = self._stream.name
        link = columns.private_link(self._folder, "rows.parquet", self._target)
        connection = columns.connect(self._folder, [rows, str(self._target), link], memory=MEMORY, ordered=True)
        try:
            types = ", ".join(f"{columns.literal(name)}: {columns.literal(type_)}" for name, type_ in columns.TYPES.items())
            blanks = ", ".join(
                f"coalesce({name}, '') AS {name}" if type_ == "VARCHAR" else name for name, type_ in columns.TYPES.items()
            )
            source = (
                f"read_csv({columns.literal(rows)}, columns = {{{types}}}, header = false, delim = ',', quote = '\"', "
                "escape = '\"', auto_detect = false, parallel = false, max_line_size = 1000000, hive_partitioning = false)"
            )
            write_parquet(connection, f"SELECT {blanks} FROM {source}", self._target)
            del self._aliases[""]
            names = {alias: name for name, alias in self._aliases.items()}
            return staged(connection, link, self._target, names)
        finally:
            connection.close()


def write_parquet(connection: Any, query: str, target: Path) -> None:
    """The result of a query as a Parquet file that only its owner may read."""
    connection.execute(
        f"COPY ({query}) TO {columns.literal(str(target))} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)"
    )
    private_file(target)


def staged(connection: Any, link: str, path: Path, names: dict[str, str]) -> Staged:
    """Flush a finished Parquet file and look, through its `link`, at what it holds."""
    spans = connection.execute(_SPANS.format(file=columns.literal(link))).fetchall()
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    found = [
        Span._make((*span[:6], tuple(name for name, filled in zip(TELLING, span[6:], strict=True) if filled))) for span in spans
    ]
    return Staged(path, digest, tuple(found), names)


def look(path: Path, names: dict[str, str]) -> Staged:
    """A Parquet file that somebody else has written, as a staged one."""
    with tempfile.TemporaryDirectory(prefix="diamondctl-") as folder:
        link = columns.private_link(folder, "rows.parquet", path)
        connection = columns.connect(folder, [link], memory=MEMORY)
        try:
            return staged(connection, link, path, names)
        finally:
            connection.close()


@contextmanager
def writer(target: Path, key: bytes) -> Iterator[Writer]:
    """A `Writer` with a private folder for what it writes on the way."""
    with (
        tempfile.TemporaryDirectory(prefix="diamondctl-") as folder,
        (Path(folder) / "rows.csv").open("w", encoding="utf-8", newline="") as stream,
    ):
        yield Writer(target, key, folder, stream)
