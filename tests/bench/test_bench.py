"""The benchmark's data is what it says, and its table has every line. No time decides anything here."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import rate_files
from tests.bench.generate import PERIOD, SHAPES, make
from tests.bench.run import LIMITS, not_run
from tests.support import ROOT, environment, run


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_size_gives_the_same_bytes(shape: str, tmp_path: Path) -> None:
    """And a file that was damaged is made again."""
    first, second = make(tmp_path / "a", shape, 2_000), make(tmp_path / "b", shape, 2_000)
    whole = first.path.read_bytes()
    assert second.path.read_bytes() == whole
    assert second[1:] == first[1:]
    first.path.write_bytes(whole[:-100])
    assert make(tmp_path / "a", shape, 2_000).path.read_bytes() == whole


def test_a_whole_file_is_used_again(tmp_path: Path) -> None:
    """Making ten million rows takes a while."""
    first = make(tmp_path, "creator", 100)
    made_at = first.path.stat().st_mtime_ns
    assert make(tmp_path, "creator", 100) == first
    assert first.path.stat().st_mtime_ns == made_at


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("json_lines", [False, True])
def test_a_summary_accepts_the_file_and_agrees(shape: str, json_lines: bool, tmp_path: Path) -> None:
    """Every gift is in the period and priced, to the coin."""
    made = make(tmp_path, shape, 2_000, json_lines=json_lines)
    result = run("summary", str(made.path), "--region", "US", "-p", PERIOD, "--csv", "--columns", "gifts,coins,unrated_gifts")
    assert result.code in (0, 3), result.err  # 3: gifts of a year lie in some of its months
    counted = [[int(cell) for cell in row] for row in list(csv.reader(result.out.splitlines()))[1:]]
    assert [sum(column) for column in zip(*counted, strict=True)] == [made.rows, made.coins, 0]


@pytest.mark.parametrize(("shape", "creators"), [("creator", 20), ("roster", 50), ("quarters", 20)])
def test_rows_look_like_gifts(shape: str, creators: int, tmp_path: Path) -> None:
    """In order of time; ids of 19 digits, unique and undamaged; cheap gifts mostly; names of every kind."""
    with make(tmp_path, shape, 20_000).path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    times = [row["timestamp"] for row in rows]
    assert times == sorted(times)
    ids = {row["event_id"] for row in rows}
    assert len(ids) == len(rows) == 20_000
    assert not [id_ for id_ in (*ids, *(row["stream"] for row in rows)) if len(id_) != 19 or id_.endswith("000")]
    assert len({row["creator"] for row in rows}) == creators
    roses = sum(row["gift"] == "Rose" for row in rows)
    lions = sum(row["gift"] == "Lion" and row["coins"] == "29999" for row in rows)
    assert roses > 10_000 > 100 * lions > 0
    gifters = {row["gifter"] for row in rows}
    for kind in (lambda name: "," in name, lambda name: '"' in name, lambda name: not name.isascii()):
        assert any(map(kind, gifters))


def test_the_table_has_every_line(tmp_path: Path) -> None:
    """Each line about `summary FILE`, run or with the reason why it was not."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.run", "--rows", "1k", "--folders", "1k", "--runs", "1", "--folder", str(tmp_path)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    table, _, facts = done.stdout.partition("\n\n")
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    assert {len(line) for line in lines} == {6}
    assert [line[0] for line in lines[2:]] == [
        "`--version` / `import typer`",
        "`--help` / of a two-command Typer app",
        "`summary FILE`, 100 rows / `python -c pass`",
        "`rates check`, the shipped files",
        "`rates check`, 1 k files",
        "`summary FILE`, 1 k rows / `import pandas`",
        "`summary FILE`, 1 k rows / pandas, grouping only",
        "`summary FILE`, 1 k rows / DuckDB, grouping only",
        "`summary FILE`, 1 k rows, peak memory",
        "`summary FILE`, 1 k rows, roster / `import pandas`",
        "`summary FILE`, 1 k rows, roster / pandas, grouping only",
        "`summary FILE`, 1 k rows, roster / DuckDB, grouping only",
        "`summary FILE`, 1 k rows, roster, peak memory",
        "`summary FILE`, 10 k rows / `import pandas`",
        "`summary FILE`, 1 M rows / pandas, grouping only",
        "`summary FILE`, 1 M rows / DuckDB, grouping only",
        "`summary FILE`, 10 M rows / 1 M rows",
        "`summary FILE`, 10 M rows, peak memory",
        "`summary FILE`, 1 k rows, JSON Lines / json, adding up only",
        "`summary FILE`, 1 k rows, JSON Lines, strict reader",
        "`summary FILE`, 1 k rows, CSV, strict reader",
        "`summary FILE`, 1 k LIVE events, strict reader",
        "`project`, a month, from a year of gifts",
        "`project`, an amount, from a year of gifts",
        *(
            line
            for shape in ("", ", roster", ", quarters")
            for line in (
                f"`import`, 1 k rows{shape} / DuckDB, anti-join",
                f"`import`, 1 k rows{shape} / sqlite-utils",
                f"`import`, 1 k rows{shape} / hledger",
                f"`import`, 1 k rows{shape} / beancount",
                f"`import`, 1 k rows{shape}, peak memory",
                f"the same `import`, 1 k rows{shape} again / the first time",
                f"`summary` on a ledger, 1 k gifts{shape} / `python -c pass`",
                f"`summary` on a ledger, 1 k gifts{shape}, peak memory",
            )
        ),
        "`import`, 1 M rows / DuckDB, anti-join",
        "`import`, 10 M rows / DuckDB, anti-join",
        "`summary FILE`, 1 k LIVE events / json, counting only",
        "`import`, 1 k LIVE events / json, counting only",
        "`summary FOLDER`, 1 k gifts in Parquet / DuckDB, grouping only",
        "`summary FOLDER`, 1 k gifts in Parquet, peak memory",
    ]
    for line in lines[2:]:
        assert line[1].startswith("not run") or line[2].startswith("skipped") or line[1].partition(" ")[2]
    assert "cores" in facts
    assert str(tmp_path) not in done.stdout


def test_rate_files_of_the_benchmark_are_right(tmp_path: Path) -> None:
    """Every one of them, each region of a platform once."""
    result = run("rates", "check", str(rate_files.make(tmp_path, 20)), "--csv")
    assert result.code == 0
    assert run("rates", "check", str(tmp_path / "rates-20")).out.splitlines()[0].startswith("No errors, 12 notices in 20 files")


def test_a_size_that_was_not_asked_for_says_so() -> None:
    """With its limit."""
    (line, *_) = not_run(1_000_000, LIMITS[1_000_000])
    assert (line.ours, line.at_most) == ("not run: needs --rows 1m", "1.0 x")
