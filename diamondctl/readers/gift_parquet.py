"""The plain gift format as Parquet: columns of text, whole numbers and instants, each cell judged as that of a CSV would be."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from diamondctl import columns
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers.cells import short
from diamondctl.readers.gift_csv import normal
from diamondctl.readers.gift_rows import COLUMNS, Facts, GiftRows, Settings, name_problems
from diamondctl.readers.sources import Source
from diamondctl.records import Gift

WHOLE: Final = ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "HUGEINT", "UBIGINT", "UINTEGER", "USMALLINT", "UTINYINT")
INSTANT: Final = "TIMESTAMP WITH TIME ZONE"
LOCAL: Final = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
_TEXT: Final = "VARCHAR"
_TIME: Final = "timestamp"
_MEMORY: Final = "300MB"
_AT_ONCE: Final = 4_096  # rows


def recognises(source: Source) -> bool:
    """Any Parquet: what it lacks is said when it is read."""
    return True


def read(source: Source, settings: Settings, log: ProblemLog, take: Callable[[Gift], None]) -> Facts:
    """Hand every gift to `take`; a row's line is its number, from 1.

    Refuses (F004) what is no whole Parquet file or lies inside another, and (G016) a column whose type may have lost digits.
    """
    rows = GiftRows(source.name, settings, log)
    with columns.workshop() as folder:
        link = columns.private_link(folder, "rows.parquet", file_of(source))
        connection = columns.connect(folder, [link], memory=_MEMORY, ordered=True)
        try:
            types = types_of(connection, link, source.name)
            names = _names(types, settings, source.name)
            return rows.read(_gifts(connection, link, types, names, rows), take, kept_out=tuple(types.keys() - names.values()))
        finally:
            connection.close()


def file_of(source: Source) -> Path:
    """The file that a source is. Refuses (F004) one that has no name of its own."""
    path = Path(source.name)
    try:
        if os.path.samestat(path.stat(), os.fstat(source.stream.fileno())):
            return path
    except (OSError, ValueError):
        pass
    raise Refusal(Problem("F004", "this is Parquet, which is read from a file of its own", "save it, and name it", source.name))


def types_of(connection: Any, link: str, file: str) -> dict[str, str]:
    """The columns of a Parquet file, as it spells them, and their types. Refuses (F004) one that is broken."""
    import duckdb

    try:
        found = connection.execute(f"DESCRIBE SELECT * FROM {rows_of(link)}").fetchall()
    except duckdb.Error:
        raise Refusal(Problem("F004", "this is Parquet that is not whole", "export it again", file)) from None
    return {name: kind for name, kind, *_ in found}


def rows_of(link: str) -> str:
    """The rows of a file as SQL."""
    return f"read_parquet({columns.literal(link)}, hive_partitioning = false)"


def _names(types: dict[str, str], settings: Settings, file: str) -> dict[str, str]:
    """Our columns by the names that the file gives them; refuses what is missing, misspelt, or of a wrong type."""
    spelled = tuple(types)
    names = tuple(map(normal, spelled))
    problems = name_problems(names, settings, file=file, at=(0, 0), place=lambda _: (0, 0), what="column")
    found: dict[str, str] = {name: spelled[names.index(name)] for name in COLUMNS if name in names}
    for name, column in found.items():
        if not may_hold(name, types[column]):
            wanted = {"coins": "whole numbers", "quantity": "whole numbers", _TIME: "instants or text"}.get(name, "text")
            message = f"column {short(column)} is of type {types[column]}, which may have lost digits"
            problems.append(Problem("G016", message, f"write it as {wanted}", file))
    if problems:
        raise Refusal(problems)
    return found


def may_hold(name: str, kind: str) -> bool:
    """Whether a type holds the values of a column exactly."""
    if kind == _TEXT:
        return True
    if name == _TIME:
        return kind == INSTANT or kind in LOCAL
    return kind in WHOLE and name in ("coins", "quantity", "event_id", "gift_id", "stream")


def _gifts(connection: Any, link: str, types: dict[str, str], names: dict[str, str], rows: GiftRows) -> Iterator[Gift]:
    import duckdb

    cells = ", ".join(_cell(names.get(name), types.get(names.get(name, ""), "")) for name in COLUMNS)
    number = 0

    def locate(_: int | None) -> tuple[int, int]:
        return number, 0

    try:
        found = connection.execute(f"SELECT {cells} FROM {rows_of(link)}")
        while some := found.fetchmany(_AT_ONCE):
            for row in some:
                number += 1
                if (gift := rows.gift(row, locate)) is not None:
                    yield gift
    except duckdb.Error as error:
        if columns.is_of_the_disk(error):
            raise
        problem = Problem("F004", f"this is Parquet that is broken after row {number:,}", "export it again", rows.file)
        raise Refusal(problem) from None


def _cell(name: str | None, kind: str) -> str:
    """A cell as the text that a CSV would hold."""
    if name is None:
        return "''"
    column = '"' + name.replace('"', '""') + '"'
    if kind == INSTANT or kind in LOCAL:
        zone = "Z" if kind == INSTANT else ""
        return f"coalesce(strftime(make_timestamp(epoch_us({column})), '%Y-%m-%dT%H:%M:%S.%f{zone}'), '')"
    return f"coalesce({column}::VARCHAR, '')"
