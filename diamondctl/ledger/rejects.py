"""Rows that a person chose to leave out (`--keep-good`), as a CSV file that can be repaired and imported again.

The file has two columns of ours, which say where a row belongs, the problem and its remedy, then the columns of the file it
came from. A text that a spreadsheet would take for a formula is kept behind an apostrophe, which reading takes off again.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from diamondctl import files
from diamondctl.ledger import catalog, disk
from diamondctl.ledger.catalog import REJECTED, Ledger
from diamondctl.problems import LEFT_OUT_COLUMNS, Problem, ProblemLog
from diamondctl.words import document_name, guarded, unguarded


class Rejected(NamedTuple):
    """A row that was left out, the first of its problems, and what is known of its cells."""

    place: str
    line: int
    problem: Problem
    cells: dict[str, str]
    text: str


PEOPLE: Final = ("gifter", "receiver")
_MOST_WORDS: Final = 40
ERASED: Final = re.compile("alias:([0-9a-f]{32})")  # a gifter whose name was erased


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


def file_name(number: int, digest: str) -> str:
    """Of the rejected rows of a document: other rows, another name, so that a file never changes."""
    return f"{document_name(number)}-{digest[:16]}.csv"


def as_csv(number: int, rejects: Rejects) -> str:
    """The rows as they are repaired and imported again."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = [column for column in rejects.columns if column.strip().casefold() not in LEFT_OUT_COLUMNS]
    writer.writerow((*LEFT_OUT_COLUMNS, *columns))
    for row in rejects.rows:
        cells = (f"{row.problem.code} {row.problem.message}", row.problem.hint, row.text)
        own = (row.cells.get(column, "") for column in columns)
        writer.writerow((document_name(number), row.place, *map(guarded, cells), *map(guarded, own)))
    return out.getvalue()


def sha256(text: str) -> str:
    """Of a stored file."""
    return hashlib.sha256(text.encode()).hexdigest()


def put(ledger: Ledger, number: int, text: str) -> Path:
    """Store the rows of a document in a private file, whole or not at all; before the commit that names it."""
    disk.private_folder(ledger.rejected)  # an empty one is lost by many ways of copying a ledger
    path = ledger.rejected / file_name(number, sha256(text))
    files.write(path, text, mode=0o600, replace=True, prefix=".incoming-", suffix=".csv")
    disk.flush(ledger.rejected)
    return path


def get(ledger: Ledger, number: int) -> str:
    """The stored rows of a document; refuses what is not what was written (L005)."""
    (digest,) = ledger.sql.execute("SELECT rejects_sha256 FROM documents WHERE id = ?", (number,)).fetchone()
    path = ledger.rejected / file_name(number, digest)
    data = b""
    with suppress(OSError), files.opened(path) as stream:
        data = stream.read()
    if hashlib.sha256(data).hexdigest() != digest:
        raise catalog.damaged(ledger.folder, f"{REJECTED}/{path.name}")
    return data.decode()


def read(text: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a stored file, as they stand in it."""
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    return rows[0], rows[1:]


def written(name: str) -> list[str]:
    """A name as texts may hold it, long forms first: composed or not, with doubled quotes, escaped for JSON, cut short."""
    forms = set()
    for text in {unicodedata.normalize(form, name) for form in ("NFC", "NFD")}:
        for plain in (text, text[:60], text[:40]):  # as long as messages show a text
            escaped = json.dumps(plain)[1:-1]
            forms |= {plain, plain.replace('"', '""'), plain.replace('"', '""""'), escaped, escaped.replace('"', '""')}
            # Some write the digits of an escape as capitals.
            forms.add(re.sub(r"\\u[0-9a-f]{4}", lambda match: "\\u" + match[0][2:].upper(), escaped))
    return sorted(forms - {""}, key=len, reverse=True)


def word_of(name: str) -> re.Pattern[str]:
    """A name wherever it stands as a word of its own."""
    return re.compile("|".join(rf"(?<!\w){re.escape(form)}(?!\w)" for form in written(name)))


def word_in_file_name(name: str) -> re.Pattern[str]:
    """The same in the name of a file, where strokes part words too, and stand for blanks."""
    forms = {form for text in written(name) for form in (text, re.sub(r"\s", "_", text), re.sub(r"\s", "-", text))}
    longest = sorted(forms, key=len, reverse=True)
    return re.compile("|".join(rf"(?<![^\W_]){re.escape(form)}(?![^\W_])" for form in longest))


def people_in_file_name(name: str) -> set[str]:
    """Every text in the name of a file that may be the name of a gifter: runs of its words, as written and with blanks."""
    words = [match.span() for match in re.finditer(r"[^\W_]+", name)][:_MOST_WORDS]
    runs = {name[first:last] for at, (first, _) in enumerate(words) for _, last in words[at:]}
    return {unicodedata.normalize("NFC", text) for run in runs for text in (run, re.sub("[_-]", " ", run))}


def without_name(rows: Sequence[Sequence[str]], header: Sequence[str], name: str, alias: str) -> list[list[str]]:
    """The rows with a gifter's name replaced by the alias: whole cells, and whole words where cells are shifted."""
    word = word_of(name)
    problem = header.index("problem")
    mended = []
    for row in rows:
        shifted = row[problem].startswith("C")  # any cell may stand in any column
        cells = list(row)
        for index, cell in enumerate(cells):
            if header[index].strip().casefold() in PEOPLE and unicodedata.normalize("NFC", unguarded(cell)) == name:
                cells[index] = alias
            elif header[index] in LEFT_OUT_COLUMNS or shifted:
                cells[index] = word.sub(alias, cell)
        mended.append(cells)
    return mended


def forgotten(row: Rejected, name: str, alias: str) -> Rejected:
    """The row with a gifter's name replaced by the alias, as `without_name` does it."""
    header = ("problem", "fix", "whole_row", *row.cells)
    problem = row.problem
    texts = (f"{problem.code} {problem.message}", problem.hint, row.text, *row.cells.values())
    (mended,) = without_name([texts], header, name, alias)
    message = mended[0].removeprefix(problem.code + " ")
    cells = dict(zip(row.cells, mended[3:], strict=True))
    return row._replace(problem=problem._replace(message=message, hint=mended[1]), text=mended[2], cells=cells)


def people_of(row: Rejected) -> set[str]:
    """Every text in a row that may be the name of a gifter, as rows spell names."""
    pieces = {piece.strip('"').replace('""', '"') for piece in re.split(r"[,;\t|\r\n]", row.text)} if row.text else set()
    named = {cell for column, cell in row.cells.items() if column.strip().casefold() in PEOPLE}
    texts = pieces | named | set(row.cells.values() if row.problem.code.startswith("C") else ())
    return {unicodedata.normalize("NFC", text) for text in texts if text and len(text) <= 2_000}


def chosen(text: str, places: Collection[str]) -> str:
    """The stored rows of some places, as CSV."""
    header, rows = read(text)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(row for row in rows if row[1] in places)
    return out.getvalue()
