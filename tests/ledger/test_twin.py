"""A twin has the shape of its ledger, and nothing else of it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from tests.ledger import state
from tests.ledger.state import Content


def told(ledger: Path) -> Iterator[tuple[str, object]]:
    """Every value of a ledger with its column: of the catalog and of all rows."""
    with closing(sqlite3.connect(ledger / "catalog.sqlite")) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            cursor = connection.execute(f"SELECT * FROM {table}")
            names = [name for name, *_ in cursor.description]
            for row in cursor.fetchall():
                yield from zip(names, row, strict=True)
    for path in (ledger / "documents").iterdir():
        rows = duckdb.sql(f"SELECT * FROM '{path}'")
        assert rows is not None
        for row in rows.fetchall():
            yield from zip(rows.columns, row, strict=True)


SECRET = {
    "creator", "gift", "event_id", "message_id", "gifter", "sender", "receiver", "receiver_name", "host", "stream", "room",
    "combo", "time", "quarter", "first_time", "last_time", "name", "alias", "sha256", "file", "file_sha256", "amount", "reason",
    "problem", "profile", "notices", "raw", "first_day", "last_day", "imported", "date",
}  # fmt: skip


@pytest.mark.parametrize("make", [state.make_rich_world, state.make_crossing_world])
def test_a_twin_has_the_shape_and_nothing_else(tmp_path: Path, make: object) -> None:
    here = tmp_path.resolve() / "world"
    assert callable(make)
    make(here)
    with state.inside(here):
        done = state.run_here("privacy", "twin", "twin", "--ledger", "ledger")
        assert done.code == 0, done
        assert state.run_here("doctor", "--ledger", "twin").code == 0
        assert state.run_here("privacy", "twin", "twin", "--ledger", "ledger").code == 4
        assert state.run_here("backup", "twin.zip", "--ledger", "twin").code == 0
    assert shape(state.content(here / "twin")) == shape(state.content(here / "ledger"))
    mine, other = (
        {(name, str(value)) for name, value in told(here / part) if value not in ("", None)} for part in ("ledger", "twin")
    )
    shared = {(name, value) for name, value in mine & other if name in SECRET and len(value) > 3}
    assert {value for _, value in shared} <= {"documents", "adjustments", "records", "books", "people", "spans"}, (
        shared
    )  # the catalog's own
    for path in (here / "twin").rglob("*"):
        if path.is_file():
            text = path.read_bytes()
            for canary in ("mara", state.FAN, "fan 1", "noor", "Rose", "a.csv", "bad1"):
                assert canary.encode() not in text, (path, canary)


def shape(content: Content) -> object:
    """What a bug may depend on: how many there are, and what repeats."""
    documents = [
        (item.sort, item.rows, item.new, item.known, item.aside, item.elsewhere, item.folded, item.rejects)
        for item in content.documents
    ]
    groups = [
        [len({getattr(row, name) for row in content.rows}) for name in ("creator", "event_id", "gifter", "stream")],
        len(content.names), len(content.rejected), len(content.records), len(content.preferences),
    ]  # fmt: skip
    gifts = sum(row.gifts for row in content.usage)
    return documents, groups, gifts


def test_amounts_keep_their_digits_and_times_their_order(tmp_path: Path) -> None:
    here = tmp_path.resolve() / "world"
    state.make_world(here)
    with state.inside(here):
        assert state.run_here("privacy", "twin", "twin", "--ledger", "ledger").code == 0
    rows = [sorted(state.content(here / part).rows, key=lambda row: (row.time, row.line)) for part in ("ledger", "twin")]
    assert [row.line for row in rows[0]] == [row.line for row in rows[1]]
    assert [len(str(row.coins)) for row in rows[0]] == [len(str(row.coins)) for row in rows[1]]
    assert all(re.fullmatch("gift [0-9]+", row.gift) for row in rows[1])
