"""What the catalog of each version may hold: the tables, indexes, triggers and views of the shipped schema, and nothing else.

A trigger or a view in a catalog that somebody else made runs inside our own statements; one that is not shipped is refused
before the first table is read. `schemas/N.sql` is the schema as version N shipped it, and never changes again.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

_MOST: Final = 1_000  # objects: far more than any version has
_TOKEN: Final = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/|\s+|\w+|.""", re.DOTALL)
_PLAIN: Final = re.compile(r'"([a-z_]+)"')


class Thing(NamedTuple):
    """A table, an index, a trigger or a view, and the statement that makes it as words: comments and blanks say nothing."""

    type: str
    name: str
    table: str
    words: tuple[str, ...]


def text(version: int) -> str:
    """The schema as a version shipped it."""
    return (Path(__file__).parent / "schemas" / f"{version}.sql").read_text("utf-8")


def things(connection: sqlite3.Connection) -> frozenset[Thing]:
    """What the schema of an open database has, up to more than any version has."""
    rows = connection.execute(f"SELECT type, name, tbl_name, sql FROM main.sqlite_schema LIMIT {_MOST}").fetchall()
    return frozenset(Thing(str(type_), str(name), str(table), words(str(sql or ""))) for type_, name, table, sql in rows)


def words(statement: str) -> tuple[str, ...]:
    """A statement without comments and blanks; a plain name in quotes is that name."""
    found = _TOKEN.findall(statement)
    return tuple(_PLAIN.sub(r"\1", word) for word in found if not word.isspace() and not word.startswith(("--", "/*")))


@cache
def shipped(version: int) -> frozenset[Thing]:
    """What the shipped schema of a version makes."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(text(version))
        return things(connection)


def strange(connection: sqlite3.Connection, version: int) -> str:
    """What a catalog has beyond the shipped schema of its version, or lacks, in words; blank when it is just that."""
    found, expected = things(connection), shipped(version)
    if found == expected:
        return ""
    item = min(found - expected, default=None) or min(expected - found)
    known = {(other.type, other.name) for other in expected}
    if item not in found:
        return f"without its {item.type} '{item.name}'"
    return f"with {'another' if (item.type, item.name) in known else 'a strange'} {item.type} '{item.name}'"
