"""Rows that a person chose to leave out (`--keep-good`), as a CSV file that can be repaired and imported again.

The file has two columns of ours, which say where a row belongs, the problem and its remedy, then the columns of the file it
came from. A text that a spreadsheet would take for a formula is kept behind an apostrophe, which reading takes off again.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import secrets
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from diamondctl.ledger import catalog
from diamondctl.ledger.catalog import document_name
from diamondctl.problems import Problem, ProblemLog
from diamondctl.repairs import OURS, guarded


class Rejected(NamedTuple):
    """A row that was left out, the first of its problems, and what is known of its cells."""

    place: str
    line: int
    problem: Problem
    cells: dict[str, str]
    text: str


class Rejects(NamedTuple):
    """Rows left out of a document, in the order of the file, and the columns of that file."""

    columns: tuple[str, ...] = ()
    rows: tuple[Rejected, ...] = ()


def of(log: ProblemLog, columns: Sequence[str]) -> Rejects:
    """What a log left out."""
    return Rejects(
        tuple(columns),
        tuple(
            Rejected(
                f"{row.line}:{row.column}" if row.column else str(row.line), row.line, row.problems[0], row.cells, row.text
            )
            for row in log.left_out or ()
        ),
    )


def file_name(number: int) -> str:
    """Of the rejected rows of a document."""
    return f"{document_name(number)}.csv"


def as_csv(number: int, found: Rejects) -> str:
    """The rows as they are repaired and imported again."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = [column for column in found.columns if column.strip().casefold() not in OURS]
    writer.writerow((*OURS, *columns))
    for row in found.rows:
        cells = (f"{row.problem.code} {row.problem.message}", row.problem.hint, row.text)
        own = (row.cells.get(column, "") for column in columns)
        writer.writerow((document_name(number), row.place, *map(guarded, cells), *map(guarded, own)))
    return out.getvalue()


def sha256(text: str) -> str:
    """Of a stored file."""
    return hashlib.sha256(text.encode()).hexdigest()


def write(path: Path, number: int, found: Rejects) -> None:
    """Store the rows of a document, readable by their owner only."""
    put(path, as_csv(number, found))


def put(path: Path, text: str) -> None:
    """Write a private file as a whole or not at all."""
    temporary = path.with_name(f".incoming-{secrets.token_hex(8)}.csv")
    try:
        descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        catalog.private_file(temporary)
        os.replace(temporary, path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def read(path: Path) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a stored file, as they stand in it."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream, strict=True))
    return rows[0], rows[1:]


def without_name(rows: Sequence[Sequence[str]], header: Sequence[str], name: str, alias: str) -> list[list[str]]:
    """The rows with a gifter's name replaced by the alias: whole cells, and whole words where cells are shifted."""
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    named = [index for index, column in enumerate(header) if column.strip().casefold() in ("gifter", "receiver")]
    mended = []
    for row in rows:
        cells = list(row)
        for index, cell in enumerate(cells):
            if (index in named and cell.removeprefix("'") == name) or header[index] in OURS:
                cells[index] = alias if index in named else word.sub(alias, cell)
        mended.append(cells)
    return mended


def chosen(path: Path, places: Collection[str]) -> str:
    """The stored rows of some places, as CSV."""
    header, rows = read(path)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(row for row in rows if row[1] in places)
    return out.getvalue()
