"""One file as rows beside the ledger, not yet part of it: written as Parquet to a temporary name in its documents folder.

No name of a gifter is ever written here, only aliases; the names travel in memory to the catalog.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final, NamedTuple

from diamondctl import columns
from diamondctl.ledger import catalog, disk, rejects
from diamondctl.ledger.families import GIFTS, TELLING
from diamondctl.ledger.merge import Span
from diamondctl.ledger.rejects import Rejects
from diamondctl.records import Gift

TEMPORARY: Final = ".incoming-"
MEMORY: Final = "300MB"
_SPANS: Final = f"""
SELECT creator, count(*), min(time), max(time), coalesce(min(nullif(event_id, '')), ''), coalesce(max(event_id), ''),
       [{", ".join(f"bool_or({name} <> '')" for name in TELLING)}]
FROM read_parquet({{file}}) GROUP BY creator ORDER BY creator
"""


class Staged(NamedTuple):
    """A file's rows, written and flushed."""

    path: Path
    sha256: str  # of the Parquet file
    spans: tuple[Span, ...]
    names: dict[str, str]  # alias -> gifter

    @property
    def rows(self) -> int:
        """How many there are."""
        return sum(span.rows for span in self.spans)


class Reading(NamedTuple):
    """How a file was read: it decides what its rows mean."""

    creator: str = ""
    input_timezone: str = ""
    encoding: str = "utf-8"
    region: str = ""
    profile: str = ""  # all of it, as JSON
    earning_unit: str = ""

    @property
    def profile_name(self) -> str:
        """The name of the profile; earlier ledgers noted name and digest, and nothing else."""
        return str(json.loads(self.profile)["name"]) if self.profile.startswith("{") else self.profile.partition(" ")[0]


class Incoming(NamedTuple):
    """A file that was read and staged."""

    name: str
    kind: str
    sha256: str
    bytes: int
    reading: Reading
    notices: tuple[str, ...]
    staged: Staged
    rejects: Rejects
    part_of: int = 0  # 0: a document of its own
    repairs: tuple[str, ...] = ()  # places of `part_of` whose repaired rows it holds
    sort: str = GIFTS
    names_creators: bool = False  # by a column of its own; of some kinds nobody knows it


class Target:
    """A temporary Parquet file in `documents/`, locked while this process lives so that nobody sweeps it."""

    def __init__(self, folder: Path) -> None:
        with catalog.refusing(folder.parent):
            disk.private_folder(folder)  # an empty one is lost by many ways of copying a ledger
            self.path, lock = disk.locked_file(folder, TEMPORARY, ".parquet")
        self._lock: int | None = lock

    def discard(self) -> None:
        """Remove the file, if it still has its temporary name, and let go of it."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


class Writer:
    """Takes gifts one by one; `finish` turns them into the Parquet file."""

    def __init__(self, target: Path, key: bytes, folder: str, stream: IO[str], *, repaired: bool) -> None:
        self._target, self._key, self._folder, self._stream = target, key, folder, stream
        self._repaired = repaired
        self._write = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
        self._aliases: dict[str, str] = {"": ""}

    def take(self, gift: Gift) -> None:
        """One row."""
        receiver = gift.receiver
        row = (
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
        try:
            self._write(row)
        except OSError as error:  # of this file, not of the one that is read
            raise catalog.unusable(Path(self._folder), error.strerror or "") from None

    def _alias(self, name: str) -> str:
        alias = self._aliases.get(name)
        if alias is None:
            if self._repaired and (erased := rejects.ERASED.fullmatch(name)):
                return erased[1]
            alias = self._aliases[name] = columns.alias_of(self._key, name)
        return alias

    def finish(self) -> Staged:
        """Write the Parquet file."""
        with catalog.refusing(self._target.parent.parent):
            self._stream.flush()
            _write_parquet(self._folder, self._stream.name, columns.TYPES, self._target)
            del self._aliases[""]
            return look(self._target, {alias: name for name, alias in self._aliases.items()})


def write_rows(target: Path, types: Mapping[str, str], rows: Iterable[Sequence[object]]) -> None:
    """Rows of plain values as a private Parquet file, in their order."""
    with columns.workshop() as folder, _rows_file(folder) as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
        try:
            writer.writerows(rows)
            stream.flush()
        except OSError as error:  # of this file, not of the one that is read
            raise catalog.unusable(Path(folder), error.strerror or "") from None
        target.touch(0o600)  # DuckDB follows no link that leads nowhere
        with catalog.refusing(target.parent.parent):
            _write_parquet(folder, stream.name, types, target)


def _write_parquet(folder: str, rows: str, types: Mapping[str, str], target: Path) -> None:
    """A CSV of our own as a private Parquet file, through a link to it."""
    link = columns.private_link(folder, "rows.parquet", target)
    connection = columns.connect(folder, [rows, link], memory=MEMORY, ordered=True)
    try:
        query = _from_csv(rows, types)
        connection.execute(f"COPY ({query}) TO {columns.literal(link)} ({columns.PARQUET})")
        disk.private_file(target)
    finally:
        connection.close()


def _from_csv(rows: str, types: Mapping[str, str]) -> str:
    """A query over a CSV of our own, in which every value stands in quotes; blank is blank, never NULL."""
    named = ", ".join(f"{columns.literal(name)}: {columns.literal(type_)}" for name, type_ in types.items())
    blanks = ", ".join(f"coalesce({name}, '') AS {name}" if type_ == "VARCHAR" else name for name, type_ in types.items())
    return (
        f"SELECT {blanks} FROM read_csv({columns.literal(rows)}, columns = {{{named}}}, header = false, delim = ',', "
        "quote = '\"', escape = '\"', new_line = '\\n', "
        "auto_detect = false, parallel = false, max_line_size = 1000000, hive_partitioning = false)"
    )


def sealed(path: Path, spans: tuple[Span, ...], names: dict[str, str]) -> Staged:
    """Flush a finished Parquet file whose spans are known."""
    with catalog.refusing(path.parent.parent), path.open("rb") as stream:
        os.fsync(stream.fileno())
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Staged(path, digest, spans, names)


def look(path: Path, names: dict[str, str], *, judged: bool = False) -> Staged:
    """Flush a finished Parquet file of gifts and look at what it holds; its values are checked unless that was just done."""
    types = None if judged else columns.TYPES
    spans = [
        Span._make((*span, tuple(name for name, there in zip(TELLING, filled, strict=True) if there), GIFTS))
        for *span, filled in columns.query(path, _SPANS, memory=MEMORY, types=types, limits=columns.LIMITS)
    ]
    return sealed(path, tuple(spans), names)


@contextmanager
def _rows_file(folder: str) -> Iterator[IO[str]]:
    with catalog.refusing(Path(folder)):
        stream = (Path(folder) / "rows.csv").open("w", encoding="utf-8", newline="")
    try:
        yield stream
    finally:
        with suppress(OSError):  # what could not be written was said already, and the folder goes
            stream.close()


@contextmanager
def writer(target: Path, key: bytes, *, repaired: bool = False) -> Iterator[Writer]:
    """A `Writer` with a private folder for what it writes on the way.

    In a file of `repaired` rows gifters may stand as aliases, because their names were erased.
    """
    with (
        columns.workshop() as folder,
        _rows_file(folder) as stream,
    ):
        yield Writer(target, key, folder, stream, repaired=repaired)
