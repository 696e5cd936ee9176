"""Lines of the benchmark about reports over folders of Parquet, without an import.

A folder is the creator shape of `generate` in files of at most ten million gifts. Beyond that the same year comes again, with
creators and ids of its own for each repetition.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Final

from tests.bench import run
from tests.bench.generate import PERIOD, Made

LARGEST: Final = 10_000_000
MEMORY: Final = 2 * 2**30
_MAKE: Final = """
import sys, duckdb
source, target, number = sys.argv[1:]
connection = duckdb.connect()
connection.execute("SET timezone = 'UTC'")
connection.execute("SET enable_progress_bar = false")
again, before = (f"|| '-{number}'", f"'n{number}-' ||") if number != "0" else ("", "")
connection.execute(
    f"COPY (SELECT timestamp::TIMESTAMPTZ AS timestamp, creator {again} AS creator, gift, coins::BIGINT AS coins, "
    f"quantity::BIGINT AS quantity, {before} event_id AS event_id, gifter, gift_id, stream {again} AS stream "
    f"FROM read_csv(?, all_varchar = true)) TO '{target}' (FORMAT parquet, COMPRESSION zstd)", [source])
"""


def folder(bench: run.Bench, rows: int) -> Made:
    """The Parquet files of this size, made unless they are there. By processes of their own: see `run`."""
    each = min(rows, LARGEST)
    made = bench.file("creator", each)
    target = bench.folder / f"creator-{rows}-parquet"
    target.mkdir(exist_ok=True)
    for number in range(rows // each):
        file = target / f"{number:04}.parquet"
        if not file.exists():
            unfinished = file.with_suffix(".part")
            subprocess.run([sys.executable, "-c", _MAKE, str(made.path), str(unfinished), str(number)], check=True)
            unfinished.replace(file)
    return Made(target, rows, made.coins * (rows // each))


def summary(made: Made) -> run.Command:
    """A summary of a whole folder: every gift is judged, compared by its id and priced."""
    words = ("summary", made.path.name, "--region", "US", "-p", PERIOD)
    return run.ours(f"summary {made.path.name}", *words)._replace(codes=(0, 3))


def folder_lines(bench: run.Bench, sizes: Sequence[int]) -> Iterator[run.Line]:
    """`summary FOLDER` of each size beside a DuckDB script, with its growth and its memory."""
    small: run.Cost | None = None
    for rows in sizes:
        made = folder(bench, rows)
        mine = summary(made)
        peer = run.python(run.DUCKDB, str(run.HERE / "peers" / "duckdb_folder.py"), made.path.name, needs="duckdb")
        for command in (mine._replace(words=(*mine.words, "--csv", "--columns", "gifts,coins")), peer):
            bench.check(command, made)
        work = f"`summary FOLDER`, {run.counted(rows)} gifts in Parquet"
        cost, theirs = bench.measure(mine, peer, once=rows > LARGEST)
        yield run.compared(f"{work} / {peer.name}", cost, theirs, None)
        if small is not None:
            yield run.compared(f"{work} / a tenth of them", cost, small, 10.5)
        small = cost if rows * 10 in sizes else None
        reached = "yes" if cost.memory <= MEMORY else "NO"
        yield run.Line(f"{work}, peak memory", run.megabytes(cost.memory), at_most=run.megabytes(MEMORY), reached=reached)
