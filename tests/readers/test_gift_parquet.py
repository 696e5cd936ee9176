"""Parquet of gifts is read as a CSV of the same cells would be, whatever the types of its columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from diamondctl.problems import ProblemLog, Refusal
from diamondctl.readers import recognise
from diamondctl.readers.gift_rows import Settings
from diamondctl.readers.sources import open_source
from diamondctl.records import Gift
from tests.readers.tables import TYPED, write_csv, write_parquet
from tests.readers.test_fast_csv import BAD, CLEAN, GOOD, HEADER
from tests.support import run

TEXT: dict[str, str] = {}


def found(path: Path) -> tuple[list[Gift], list[str], int, tuple[str, ...]]:
    """Gifts, problems without their file, rows and notices."""
    log, gifts = ProblemLog(keep=1_000), list[Gift]()
    try:
        with open_source(str(path), encoding="utf-8", stdin=None) as source:
            facts = recognise.read(source, Settings(), log, gifts.append)
    except Refusal as refusal:
        return [], [problem.code for problem in refusal.problems], 0, ()
    return [gift._replace(line=0) for gift in gifts], [problem.code for problem in log.problems], facts.rows, facts.notices


def rows(**changed: str) -> list[list[str]]:
    """Three rows, the last with other cells."""
    cells = dict(zip(HEADER, CLEAN, strict=True))
    return [list((cells | {"event_id": f"e{number}"} | (changed if number == 2 else {})).values()) for number in range(3)]


CELLS = [(name, cell) for name in HEADER for cell in (*GOOD[name], *BAD[name]) if "\0" not in cell]


@pytest.mark.parametrize(("name", "cell"), CELLS, ids=lambda value: ascii(value)[:24])
def test_a_column_of_text_is_judged_as_that_of_a_csv(tmp_path: Path, name: str, cell: str) -> None:
    """The same gifts, problems and notices."""
    write_csv(tmp_path / "a.csv", HEADER, rows(**{name: cell}))
    write_parquet(tmp_path / "a.parquet", HEADER, rows(**{name: cell}), TEXT)
    if name == "timestamp" and cell == "Total":
        return  # a row of totals is a thing of tables that people make
    assert found(tmp_path / "a.parquet") == found(tmp_path / "a.csv")


@pytest.mark.parametrize(
    "types", [TYPED, {"coins": "HUGEINT"}, {"quantity": "UTINYINT"}, {"event_id": "BIGINT"}, {"gift_id": "BIGINT"}]
)
def test_whole_numbers_and_instants_are_read_exactly(tmp_path: Path, types: dict[str, str]) -> None:
    """As if their digits stood there."""
    cells = rows(timestamp="2026-10-31T20:15:00.123456Z", coins="999999999999999", quantity="", gift_id="7")
    for number, row in enumerate(cells):
        row[HEADER.index("event_id")] = str(7_400_000_000_000_000_001 + number)
    if "coins" in types and types["coins"] == "HUGEINT":  # DuckDB writes it as DOUBLE
        types = {"coins": "UBIGINT"}
    write_csv(tmp_path / "a.csv", HEADER, cells)
    write_parquet(tmp_path / "a.parquet", HEADER, cells, types)
    assert found(tmp_path / "a.parquet") == found(tmp_path / "a.csv")
    assert len(found(tmp_path / "a.parquet")[0]) == 3


@pytest.mark.parametrize(("column", "kind"), [("coins", "DOUBLE"), ("event_id", "DOUBLE"), ("quantity", "DECIMAL(9, 2)")])
def test_a_type_that_may_have_lost_digits_is_refused(tmp_path: Path, column: str, kind: str) -> None:
    """Whatever its values are."""
    cells = rows()
    for number, row in enumerate(cells):
        row[HEADER.index("event_id")] = str(number + 1)
    write_parquet(tmp_path / "a.parquet", HEADER, cells, {column: kind})
    assert found(tmp_path / "a.parquet")[1] == ["G016"]


def test_local_times_are_read_in_the_zone_that_is_said(tmp_path: Path) -> None:
    """A TIMESTAMP without a zone names none."""
    write_parquet(tmp_path / "a.parquet", HEADER, rows(), {"timestamp": "TIMESTAMP"})
    gifts, problems, _, notices = found(tmp_path / "a.parquet")
    assert (len(gifts), problems) == (3, [])
    assert notices == ("3 times name no zone and were read as UTC; if local: --input-timezone",)


def test_what_is_no_whole_file_is_refused(tmp_path: Path) -> None:
    """Cut off, from standard input, or broken within."""
    whole = tmp_path / "a.parquet"
    write_parquet(whole, HEADER, rows())
    data = whole.read_bytes()
    (tmp_path / "cut.parquet").write_bytes(data[: len(data) // 2])
    assert found(tmp_path / "cut.parquet")[1] == ["F004"]
    piped = run("summary", "-", "--region", "US", stdin=data)
    assert (piped.code, "read from a file of its own" in piped.err) == (2, True)


def test_it_is_imported_as_a_csv_of_the_same_gifts_would_be(tmp_path: Path) -> None:
    """And meets them."""
    write_csv(tmp_path / "a.csv", HEADER, rows())
    write_parquet(tmp_path / "a.parquet", HEADER, rows())
    ledger = ("--ledger", str(tmp_path / "ledger"))
    first = run("import", str(tmp_path / "a.parquet"), "--region", "US", *ledger)
    again = run("import", str(tmp_path / "a.csv"), "--region", "US", *ledger)
    assert (first.code, again.code) == (0, 0)
    assert "Imported 3 gifts" in first.out
    assert "Imported 0 gifts" in again.out
