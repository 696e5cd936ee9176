"""A ledger or a backup that somebody else made: everything in it that no command of ours would write is refused by name.

Whoever makes one knows how its digests are made, so every attack here seals what it planted.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import pytest

from diamondctl.ledger import backups, catalog, derive, schemas, values
from tests.ledger import state
from tests.support import ROOT, environment

COMMANDS = (
    ("summary", "--region", "US"),
    ("records", "list"),
    ("records", "show", "d001", "--names"),
    ("records", "rejected"),
    ("records", "show", "p001"),
    ("privacy", "status"),
    ("balance", "--region", "US"),
    ("undo", "d001", "--dry-run"),
    ("import", "b.csv", "--dry-run"),
    ("doctor",),
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("foreign").resolve() / "world"
    state.make_rich_world(folder)
    return folder


@pytest.fixture
def here(world: Path, tmp_path: Path) -> Path:
    shutil.copytree(world, tmp_path / "world")
    return tmp_path / "world"


@contextmanager
def forging(folder: Path) -> Iterator[sqlite3.Connection]:
    """Change the catalog of a ledger as its maker likes, and seal it."""
    with closing(sqlite3.connect(folder / catalog.FILE, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        yield connection
        ledger = catalog.Ledger(folder, connection)
        with ledger.trusted():
            for creator, month in connection.execute("SELECT creator, month FROM seals").fetchall():
                rows = derive.month_rows(ledger, creator, month)
                connection.execute(
                    "UPDATE seals SET digest = ? WHERE (creator, month) = (?, ?)", (catalog.digest(rows), creator, month)
                )
            ledger.seal()


PLANTED = {
    "trigger": "CREATE TRIGGER evil AFTER UPDATE ON gifters BEGIN SELECT 1; END",
    "endless trigger": "CREATE TRIGGER evil AFTER INSERT ON documents BEGIN DELETE FROM records; END",
    "view": "CREATE VIEW evil AS SELECT * FROM gifters",
    "table": "CREATE TABLE evil (name TEXT)",
    "index": "CREATE INDEX evil ON usage (runs)",
    "column": "ALTER TABLE gifters ADD COLUMN evil TEXT",
    "no table": "DROP TABLE states",
    "no strictness": "UPDATE sqlite_schema SET sql = replace(sql, 'STRICT, WITHOUT', 'WITHOUT') WHERE name = 'seals'",
    "a view in place of a table": "ALTER TABLE records RENAME TO evil;"
    "CREATE VIEW records AS SELECT * FROM evil WHERE amount > 0",
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_schema_that_was_not_shipped_is_refused_by_every_command(here: Path, planted: str) -> None:
    with forging(here / "ledger") as connection:
        connection.executescript(PLANTED[planted])
    with state.inside(here):
        for command in COMMANDS[::3]:
            done = state.run_here(*command, "--ledger", "ledger")
            assert done.code == 4, (command, done)
            assert ("the catalog (with" in done.out + done.err) or "the books" in done.out + done.err, (command, done)
        shutil.copytree("ledger", "copy")
    backup(here / "ledger", here / "evil.zip")
    with state.inside(here):
        done = state.run_here("restore", "evil.zip", "--ledger", "restored")
    assert (done.code, "L014" in done.err, (here / "restored").exists()) == (4, True, False), done


def backup(ledger: Path, path: Path, compression: int = zipfile.ZIP_STORED) -> None:
    """A backup as its maker likes, with the right hashes."""
    import hashlib
    import json

    files = {file.relative_to(ledger).as_posix(): file.read_bytes() for file in sorted(ledger.rglob("*")) if file.is_file()}
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        archive.writestr(backups.MANIFEST, json.dumps({"format": backups.FORMAT, "sha256": hashes}))


WRONG = [
    "UPDATE documents SET imported = 'yesterday'",
    "UPDATE documents SET imported = char(27) || '[31m2026-10-01'",
    "UPDATE documents SET notices = 'no json'",
    "UPDATE documents SET notices = '{\"a\": 1}'",
    "UPDATE documents SET uncertain = '[1]'",
    'UPDATE documents SET uncertain = \'{"mara": {"folded": "x"}}\'',
    "UPDATE documents SET coins = 'NaN'",
    "UPDATE documents SET coins = '1e9999'",
    "UPDATE documents SET region = 'nowhere'",
    "UPDATE documents SET input_timezone = 'Mars/Base'",
    "UPDATE documents SET sort = 'pictures'",
    "UPDATE documents SET profile = '{\"nome\": 1}'",
    "UPDATE documents SET file = '../../a.csv' WHERE id = 1",
    "UPDATE documents SET rejects_sha256 = '../x'",
    "UPDATE documents SET bytes = -1",
    "UPDATE spans SET first_time = -9000000000000000000",
    "UPDATE spans SET last_time = 9000000000000000000",
    "UPDATE spans SET family = 'royal'",
    "UPDATE usage SET month = month + 10000000",
    "UPDATE usage SET runs = replace(runs, 'US', 'X')",
    "UPDATE usage SET runs = '[]'",
    "UPDATE usage SET packed = replace(packed, ',', ',-')",
    "UPDATE usage SET packed = replace(packed, ',', '.')",
    "UPDATE usage SET packed = replace(packed, '[[', '[[99999,')",
    "UPDATE usage SET packed = '[]'",
    "UPDATE usage SET packed = '{}'",
    "UPDATE seals SET month = 5000 WHERE (creator, month) = (SELECT creator, max(month) FROM seals)",
    "UPDATE records SET day = '2026-02-30'",
    "UPDATE records SET amount = 'NaN'",
    "UPDATE records SET amount = '1E+999999'",
    "UPDATE records SET currency = 'XXX'",
    "UPDATE records SET amount = '1.005'",
    "UPDATE records SET amount = '-1.00' WHERE sort = 'payout'",
    "UPDATE records SET at = '25:00'",
    "UPDATE records SET after = 'p001, p002'",
    "UPDATE records SET arrived = '1.00', arrived_on = '' WHERE sort = 'payout'",
    "UPDATE records SET exchange = '1/0'",
    "UPDATE records SET sort = 'credit', kind = 'month', name = 'X', number = 7 WHERE sort = 'income'",
    "UPDATE records SET paid = 0, invoiced = '' WHERE sort = 'income'",
    "UPDATE records SET added = ''",
    "UPDATE gifters SET alias = 'x' || alias",
    "UPDATE gifters SET name = 'somebody else' WHERE name IS NOT NULL",
    "UPDATE rejected SET code = 'rm -rf'",
    "UPDATE preferences SET family = 'royal'",
    "UPDATE states SET state = '[[', digest = 'x'",
    "UPDATE meta SET value = 1000000000000 WHERE name = 'key'",
]


@pytest.mark.parametrize(("number", "statement"), list(enumerate(WRONG)))
def test_a_value_that_no_command_wrote_is_a_named_damage_and_never_a_bug(here: Path, number: int, statement: str) -> None:
    with forging(here / "ledger") as connection:
        connection.execute(statement)
    with state.inside(here):
        for command in (COMMANDS[0], COMMANDS[1 + number % 8]):
            done = state.run_here(*command, "--ledger", "ledger")
            assert done.code in (0, 1, 3, 4), (command, done)
            assert done.code != 4 or "L005" in done.err or "damaged" in done.out, (command, done)
            assert "\x1b" not in done.out + done.err
        assert state.run_here("doctor", "--ledger", "ledger").code == 4


SHOWN = {"a.csv": "d001", "early.jsonl": "d005", "center.csv": "d007"}
PARQUET = {
    "a column of another type": "SELECT * REPLACE (coins::VARCHAR AS coins) FROM rows",
    "a column less": "SELECT * EXCLUDE (gift_id) FROM rows",
    "a column more": "SELECT *, 1 AS evil FROM rows",
    "a null": "SELECT * REPLACE (NULL::BIGINT AS time) FROM rows",
    "a null text": "SELECT * REPLACE (NULL::VARCHAR AS creator) FROM rows",
    "coins below nothing": "SELECT * REPLACE (-2::BIGINT AS coins) FROM rows",
    "coins beyond all": "SELECT * REPLACE (9223372036854775807 AS coins) FROM rows",
    "a time without calendar": "SELECT * REPLACE (9223372036854775807 AS time) FROM rows",
    "a name where an alias belongs": "SELECT * REPLACE ('Ann' AS gifter) FROM rows",
    "a text without end": "SELECT * REPLACE (repeat('x', 100000) AS gift) FROM rows",
    "a region that is none": "SELECT * REPLACE ('USA' AS region) FROM rows",
}


@pytest.mark.parametrize(("forged", "name"), [(forged, list(SHOWN)[at % 3]) for at, forged in enumerate([*PARQUET, *PARQUET])])
def test_rows_that_no_import_wrote_are_refused_before_they_are_used(here: Path, forged: str, name: str) -> None:
    import hashlib

    with closing(sqlite3.connect(here / "ledger" / catalog.FILE)) as connection:
        (file,) = connection.execute("SELECT file FROM documents WHERE name = ?", (name,)).fetchone()
    path = here / "ledger" / "documents" / file
    with duckdb.connect() as rows:
        rows.execute(f"CREATE TABLE rows AS SELECT * FROM '{path}'")
        try:
            rows.execute(f"COPY ({PARQUET[forged]}) TO '{path}.new' (FORMAT parquet)")
        except duckdb.BinderException:
            return  # these rows have no such column
    os.replace(f"{path}.new", path)
    with forging(here / "ledger") as connection:
        connection.execute(
            "UPDATE documents SET file_sha256 = ? WHERE name = ?", (hashlib.sha256(path.read_bytes()).hexdigest(), name)
        )
    with state.inside(here):
        for command in (("summary", "--region", "US"), ("records", "show", SHOWN[name])):
            done = state.run_here(*command, "--ledger", "ledger")
            assert done.code in (0, 1, 3, 4), (command, done)
        assert state.run_here("doctor", "--ledger", "ledger").code == 4


def test_members_of_a_backup_are_stored_each_once_and_no_more_than_it_is(here: Path) -> None:
    (here / "ledger" / "rejected" / "d009-0123456789abcdef.csv").write_bytes(b"0" * 30_000_000)
    backup(here / "ledger", here / "packed.zip", zipfile.ZIP_DEFLATED)
    assert (here / "packed.zip").stat().st_size < 1_000_000
    with state.inside(here):
        done = state.run_here("restore", "packed.zip", "--ledger", "restored")
    assert (done.code, "packed members" in done.err) == (4, True), done
    with pytest.warns(UserWarning), zipfile.ZipFile(here / "twice.zip", "w") as archive:
        for _ in range(2):
            archive.writestr(catalog.FILE, b"x")
    with state.inside(here):
        done = state.run_here("restore", "twice.zip", "--ledger", "restored")
    assert (done.code, "share" in done.err) == (4, True), done


def test_a_catalog_whose_pages_stand_for_each_other_is_refused_before_it_is_read(here: Path) -> None:
    path = here / "ledger" / catalog.FILE
    with closing(sqlite3.connect(path)) as connection:
        pages = [page for (page,) in connection.execute("SELECT rootpage FROM sqlite_schema WHERE rootpage > 0")]
    data = bytearray(path.read_bytes())
    size = 4096
    data[(pages[3] - 1) * size : pages[3] * size] = data[(pages[5] - 1) * size : pages[5] * size]
    path.write_bytes(data)
    backup(here / "ledger", here / "pages.zip")
    with state.inside(here):
        done = state.run_here("restore", "pages.zip", "--ledger", "restored")
    assert (done.code, "L014" in done.err) == (4, True), done


def test_the_shipped_schema_of_a_version_never_changes() -> None:
    """A change of `schema.sql` is another version, and the earlier one stays beside it."""
    words = schemas.words(catalog.schema())
    assert words == schemas.words(schemas.text(catalog.VERSION))
    assert all(schemas.shipped(version) for version in range(1, catalog.VERSION + 1))


def test_every_column_with_a_meaning_is_a_column() -> None:
    """Of this version, or of one that is still brought up to date."""
    columns: dict[str, set[str]] = {}
    for version in range(1, catalog.VERSION + 1):
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.executescript(schemas.text(version))
            for table in values.KINDS:
                columns.setdefault(table, set()).update(
                    name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")
                )
    for table, kinds in values.KINDS.items():
        assert kinds.keys() <= columns[table], table


ENDLESS = """
import sys
from pathlib import Path
from diamondctl.cli import main
from diamondctl.ledger import opening

def endless(arguments):
    with opening.open_ledger(Path("ledger")) as book, book.reading():
        print("begun", flush=True)
        book.sql.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n").fetchone()

main._invoke = endless
sys.exit(main.run([]))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_query_that_never_ends_obeys_a_signal(here: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-c", ENDLESS]
    with subprocess.Popen(
        command, cwd=here, env={**environment(), "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        time.sleep(0.1)
        process.send_signal(number)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 128 + number
    assert b"Nothing was changed" in said
