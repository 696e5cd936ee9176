"""Files with named columns, whatever they are: CSV, spreadsheets, JSON objects. A table gives texts and their places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any, Final, NamedTuple

from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers import csv_rows, xlsx
from diamondctl.readers.archives import Archive
from diamondctl.readers.cells import short
from diamondctl.readers.json_values import JsonValues
from diamondctl.readers.profile import header_word
from diamondctl.readers.sources import Source

# A header stands among the first lines; what is before it is a title or the date of the export.
HEADER_LINES: Final = 20


class Row(NamedTuple):
    """One row: its line, its texts, and where each stands (line, column)."""

    line: int
    cells: list[str]
    place: Callable[[int], tuple[int, int]]


class Table(NamedTuple):
    """The columns of a file, as its header names them, and its rows."""

    names: tuple[str, ...]
    line: int  # of the header
    rows: Iterator[Row]
    about: str  # "comma", "sheet 'Gifts'", "keys"


def words(names: Iterable[str]) -> list[str]:
    """Names as they are compared."""
    return [header_word(name) for name in names]


def csv_tables(source: Source, delimiter: str, header: int, log: ProblemLog) -> Iterator[Table]:
    """A CSV read with each possible delimiter and header line, likely ones first. Only the one that is taken is read on."""
    lines = source.head.splitlines(keepends=True)[: max(header, HEADER_LINES)]
    for number, text in enumerate(lines, 1):
        if not text.strip() or (header and number != header):
            continue
        marks = (delimiter,) if delimiter else csv_rows.DELIMITERS
        for record in csv_rows.headers(text.rstrip("\r\n"), number, marks)[0]:
            mark, width = record.delimiter, len(record.fields)
            if width > 1 or delimiter:
                rows = _csv_rows(source, mark, number, width, log)
                yield Table(tuple(record.fields), number, rows, csv_rows.DELIMITERS.get(mark, mark))


def _csv_rows(source: Source, delimiter: str, header: int, width: int, log: ProblemLog) -> Iterator[Row]:
    source.rewind()
    for _ in range(header):
        next(source.text, "")
    for record in csv_rows.records(source.text, delimiter, first_line=header + 1, file=source.name, log=log):
        if len(record.fields) == width:
            yield Row(record.line, record.fields, record.place)
        else:
            hint = csv_rows.IN_QUOTES if len(record.fields) > width else "it may be cut off"
            log.add(csv_rows.width_problem(record, width, source.name, hint))


def xlsx_tables(source: Source, sheet: str, header: int) -> Iterator[Table]:
    """Each sheet of a workbook with each possible header row."""
    book = xlsx.Workbook(Archive(source.name, source.stream))
    if sheet and sheet not in book.sheets:
        names = ", ".join(f"'{short(name)}'" for name in list(book.sheets)[:6])
        raise Refusal(Problem("X005", f"no sheet '{short(sheet)}' in this workbook", f"there are: {names}", source.name))
    for name in (sheet,) if sheet else book.sheets:
        for row in list(islice(book.rows(name), HEADER_LINES)):
            if header and row.line != header:
                continue
            columns = tuple(row.cells)
            yield Table(columns, row.line, _xlsx_rows(book, name, row.line, len(columns)), f"sheet '{short(name)}'")


def _xlsx_rows(book: xlsx.Workbook, sheet: str, header: int, width: int) -> Iterator[Row]:
    for row in book.rows(sheet):
        if row.line > header:
            cells = row.cells + [""] * (width - len(row.cells))
            yield Row(row.line, cells, lambda index, line=row.line: (line, index + 1))  # type: ignore[misc]


def json_table(source: Source, paths: tuple[str, ...] | None, log: ProblemLog) -> Table:
    """JSON objects as rows. Columns are paths such as `gift.name`; without `paths`, those of the first objects."""
    source.rewind()
    values = JsonValues(source, log, salvage=False).values()
    early: list[Any] = []
    if paths is None:
        early = list(islice(values, 2_000))
        paths = tuple(dict.fromkeys(path for value in early for path in _leaves(value.value)))
    names = paths

    def rows() -> Iterator[Row]:
        for value in chain(early, values):
            if type(value.value) is not dict:
                log.add(Problem("J003", "expected an object with the gift's keys", "", source.name, value.line))
                continue
            cells = [json_text(value.value, path) for path in names]
            yield Row(value.line, cells, lambda index, line=value.line: (line, 0))  # type: ignore[misc]

    return Table(names, 0, rows(), "keys")


def json_text(value: Any, path: str) -> str:
    """The text of a value in an object; a number as its digits, nothing and what is no single value as blank."""
    for key in path.split("."):
        value = value.get(key) if type(value) is dict else None
    if value is None or isinstance(value, dict | list):
        return ""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _leaves(value: Any, prefix: str = "", depth: int = 0) -> Iterator[str]:
    if type(value) is dict and depth < 4:
        for key, inner in value.items():
            if type(inner) is dict:
                yield from _leaves(inner, f"{prefix}{key}.", depth + 1)
            elif type(inner) is not list and "." not in key:
                yield prefix + key
