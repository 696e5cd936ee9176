"""Tables of gifts as CSV and as Parquet, with columns of text or of types of their own; for tests of readers."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from diamondctl.columns import literal

TYPED: Mapping[str, str] = {"timestamp": "TIMESTAMPTZ", "coins": "BIGINT", "quantity": "INTEGER"}


def write_csv(path: Path, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Rows as a plain CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([names, *rows])


def write_parquet(path: Path, names: Sequence[str], rows: Sequence[Sequence[str]], types: Mapping[str, str] = TYPED) -> None:
    """Rows as Parquet; a blank cell of a column with a type is NULL."""
    with duckdb.connect() as connection:
        connection.execute("SET timezone = 'UTC'")
        connection.execute(f"CREATE TABLE cell ({', '.join(f'{name} VARCHAR' for name in names)})")
        if rows:
            connection.executemany(f"INSERT INTO cell VALUES ({', '.join('?' * len(names))})", [list(row) for row in rows])
        cells = (f"CAST(nullif({name}, '') AS {types[name]}) AS {name}" if name in types else name for name in names)
        connection.execute(
            f"COPY (SELECT {', '.join(cells)} FROM cell ORDER BY rowid) TO {literal(str(path))} (FORMAT parquet)"
        )
