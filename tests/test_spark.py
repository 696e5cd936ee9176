"""The query of usage on a Spark with two workers gives what it gives on DuckDB, to the cent.

Needs PySpark and Java; without them it is skipped, and says so. The workers are processes of their own on this machine.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from diamondctl.columns import literal
from diamondctl.readers import many
from diamondctl.readers.gift_rows import Settings
from tests.readers.tables import TYPED, write_csv, write_parquet
from tests.readers.test_fast_csv import CLEAN, GOOD, HEADER
from tests.support import run

WORKERS = "local-cluster[2,1,1024]"
MISSING = [name for name, there in (("PySpark", find_spec("pyspark")), ("Java", shutil.which("java"))) if not there]
pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"{' and '.join(MISSING)} not installed"),
    pytest.mark.filterwarnings("ignore"),  # those of PySpark are not ours to mend
]
CREATORS = 10_000
MONTHS = 12


def on_both(names: tuple[str, ...], **more: str) -> tuple[many.Many, many.Many]:
    """What both engines read, rows of usage in one order."""
    found = (many.read(names, Settings(), **more), many.read(names, Settings(), engine="spark", master=WORKERS, **more))
    first, second = (item._replace(usage=sorted(item.usage)) for item in found)
    return first, second


def test_random_rows_in_every_form_are_the_same(tmp_path: Path) -> None:
    """Text and types, blanks, ids that occur again, odd names, files with a name that has to be written out."""
    pick = random.Random(20_261_130)
    gifts = []
    for number in range(400):
        cells = {name: pick.choice(GOOD[name]) for name in HEADER}
        if int(cells["coins"]) * int(cells["quantity"] or 1) > 10**15:
            cells["coins"] = "7"
        gifts.append(tuple((cells | {"event_id": f"e{number}"}).values()))
    files: tuple[tuple[str, Mapping[str, str] | None], ...] = (
        ("a é 100%.csv", None),
        ("text.parquet", {}),
        ("typed.parquet", TYPED),
    )
    names = []
    for name, types in files:
        path = tmp_path / name
        rows = pick.choices(gifts, k=300)
        if types is None:
            write_csv(path, HEADER, rows)
        else:
            write_parquet(path, HEADER, rows, types)
        names.append(str(path))
    on_duckdb, on_spark = on_both(tuple(names))
    assert on_spark == on_duckdb
    assert on_duckdb.known_coins
    assert len(on_duckdb.usage) > 100


def test_ten_thousand_creators_and_twelve_months_are_the_same_to_the_cent(tmp_path: Path) -> None:
    """The whole report, through the command."""
    with duckdb.connect() as connection:
        for month in range(1, MONTHS + 1):
            day = "1 + (number % 27)::INT, 20, (number % 50)::INT, 0, 'UTC'"
            rows = (
                f"SELECT make_timestamptz(2025, {month}, {day}) AS timestamp, "
                "'creator ' || number % 10000 AS creator, 'Rose' AS gift, 1 + hash(number, 1) % 900 AS coins, "
                "1 + hash(number, 2) % 3 AS quantity, "
                f"'m{month}-' || number AS event_id, 'live {month} ' || number % 10000 AS stream "
                f"FROM range({CREATORS * 3}) row(number)"
            )
            target = literal(str(tmp_path / f"{month:02}.parquet"))
            connection.execute(
                f"COPY (SELECT * REPLACE (coins::BIGINT AS coins, quantity::BIGINT AS quantity) FROM ({rows})) TO {target}"
            )
    command = ("summary", str(tmp_path), "-p", "2025", "--region", "GB", "--share", "50", "--as-of", "2026-02-01", "--json")
    here = run(*command)
    there = run(*command, "--engine", "spark", "--master", WORKERS)
    assert here.code in (0, 3), here.err
    assert there == here
    assert here.out.count('"creator"') >= CREATORS


def test_what_cannot_be_proven_is_refused_with_its_file(tmp_path: Path) -> None:
    """There is no strict reader over there."""
    cells = dict(zip(HEADER, CLEAN, strict=True)) | {"event_id": "e1", "coins": "1.0"}
    write_csv(tmp_path / "a.csv", HEADER, [tuple(cells.values())])
    refused = run("summary", str(tmp_path / "a.csv"), "--region", "US", "--engine", "spark", "--master", WORKERS)
    assert refused.code == 2
    assert "a.csv has 1 rows that are not plainly clean" in refused.err
    assert "F015" in refused.err
