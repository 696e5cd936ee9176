"""Ledgers of earlier versions: brought up to date where they may be written, shown as if they were where they may not.

1 -> 2  documents say what their rows are (gifts, frames of events, totals) and how else they were read
2 -> 3  event logs say what is uncertain about their gifts now, and documents keep the profile they were read with
"""

from __future__ import annotations

import sqlite3
from typing import Final

# Columns that a version added to a table, as `schema.sql` has them.
ADDED: Final = {
    2: (
        ("documents", "sort", "TEXT NOT NULL DEFAULT 'gifts'", "'gifts'"),
        ("documents", "profile", "TEXT NOT NULL DEFAULT ''", "''"),
        ("documents", "earning_unit", "TEXT NOT NULL DEFAULT ''", "''"),
        ("documents", "folded", "INTEGER NOT NULL DEFAULT 0", "0"),
    ),
    3: (("documents", "uncertain", "TEXT NOT NULL DEFAULT '{}'", "'{}'"),),
}


def upgrade(connection: sqlite3.Connection, version: int) -> None:
    """Add what later versions have, inside a transaction; the caller seals the books and commits."""
    for number, columns in ADDED.items():
        if number > version:
            for table, name, kind, _ in columns:
                connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
            connection.execute(f"PRAGMA user_version = {number}")


def show_as_new(connection: sqlite3.Connection, version: int) -> None:
    """The same for a catalog that cannot be written: views of this connection stand before its tables."""
    found: dict[str, list[str]] = {}
    for number, columns in ADDED.items():
        if number > version:
            for table, name, _, value in columns:
                found.setdefault(table, []).append(f"{value} AS {name}")
    for table, more in found.items():
        connection.execute(f"CREATE TEMP VIEW {table} AS SELECT *, {', '.join(more)} FROM main.{table}")
