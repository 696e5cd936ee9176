"""The part of the table about the ledger: importing against databases and plain-text accounting, and reports that read it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tests.bench import journals
from tests.bench.generate import Made
from tests.bench.run import (
    HERE,
    LEDGER_SIZES,
    MEGABYTE,
    Bench,
    Command,
    Line,
    compared,
    counted,
    installed,
    megabytes,
    not_asked,
    of,
    ours,
    python,
    skipped,
)

IMPORT_LIMIT: Final = 2.5
AGAIN_LIMIT: Final = 0.3
OTHERS_LIMIT: Final = 0.1
GROWTH_LIMIT: Final = 10.5
START_LIMIT: Final = 18.0
SAME_LIMIT: Final = 1.2
MEMORY_LIMIT: Final = 1_024 * MEGABYTE
# Journals of more gifts take minutes and say nothing new.
LARGEST_JOURNAL: Final = 100_000
LARGEST_TABLE: Final = 1_000_000


class Places(NamedTuple):
    """Where a size keeps its ledger and the databases of its peers."""

    ledger: Path
    duckdb: Path
    sqlite: Path

    def clear(self) -> None:
        """Remove all of them."""
        shutil.rmtree(self.ledger, ignore_errors=True)
        for path in (self.duckdb, self.sqlite):
            for found in path.parent.glob(f"{path.name}*"):
                found.unlink()


def places(bench: Bench, made: Made) -> Places:
    """Beside the generated file."""
    stem = bench.folder / made.path.stem
    return Places(stem.with_suffix(".ledger"), stem.with_suffix(".duckdb"), stem.with_suffix(".sqlite"))


def importing(made: Made, at: Places, *, fresh: bool) -> Command:
    """An import of the whole file, into a new ledger or into one that has it."""
    words = ("import", made.path.name, "--ledger", str(at.ledger), "--region", "US")
    return ours(f"import {made.path.name}", *words)._replace(before=at.clear if fresh else nothing)


def nothing() -> None:
    """Before a run that needs no preparation."""


def ledger_lines(bench: Bench, shape: str, rows: int, smaller: bool) -> Iterator[Line]:
    """`import` of one shape and size, then reports from the ledger. Limits are for the creator shape; that of the import
    against DuckDB for the shape with gifts in every quarter of an hour too.
    """
    usual = shape == "creator" and rows in LEDGER_SIZES
    made = bench.file(shape, rows)
    at = places(bench, made)
    mine = importing(made, at, fresh=True)
    name = f"`import`, {counted(rows)} rows{of(shape)}"
    for peer, limit in peers(made, at):
        asked = limit if usual or (limit == IMPORT_LIMIT and shape == "quarters" and rows in LEDGER_SIZES) else None
        if not installed(peer):
            yield skipped(f"{name} / {peer.name}", peer, asked)
            continue
        cost, theirs = bench.measure(mine, peer, once=peer.slow)
        yield compared(f"{name} / {peer.name}", cost, theirs, asked)
    at.clear()
    (first,) = bench.measure(mine)
    memory = usual and rows >= 10_000_000
    yield Line(
        f"{name}, peak memory",
        megabytes(first.memory),
        at_most=megabytes(MEMORY_LIMIT) if memory else "-",
        reached=("yes" if first.memory <= MEMORY_LIMIT else "NO") if memory else "-",
    )
    (again,) = bench.measure(importing(made, at, fresh=False))
    yield compared(f"the same {name} again / the first time", again, first, AGAIN_LIMIT if usual else None)
    if smaller:
        few = bench.file(shape, rows // 10)
        (small,) = bench.measure(importing(few, places(bench, few), fresh=True))
        yield compared(f"{name} / {counted(rows // 10)} rows", first, small, GROWTH_LIMIT if usual else None)
    yield from report_lines(bench, made, at, shape)


def peers(made: Made, at: Places) -> list[tuple[Command, float]]:
    """What else can add these rows to something."""
    script = HERE / "peers"
    found = [
        (
            python("DuckDB, anti-join", str(script / "duckdb_import.py"), str(at.duckdb), made.path.name, needs="duckdb"),
            IMPORT_LIMIT,
        )
    ]
    if made.rows <= LARGEST_TABLE:
        words = (str(script / "sqlite_utils_insert.py"), str(at.sqlite), made.path.name)
        found.append((python("sqlite-utils", *words, needs="sqlite_utils")._replace(slow=True), OTHERS_LIMIT))
    if made.rows <= LARGEST_JOURNAL:
        balance = Command("hledger", ("hledger", "-f", f"{made.path.name}.journal", "balance"), needs="hledger")
        check = Command("beancount", ("bean-check", "--no-cache", f"{made.path.name}.beancount"), needs="bean-check")
        for kind, peer in (("hledger", balance), ("beancount", check)):
            command = peer._replace(program=True, slow=True)
            if installed(command):
                journals.write(made.path, kind)
            found.append((command, OTHERS_LIMIT))
    return [(peer._replace(before=at.clear), limit) for peer, limit in found]


def report_lines(bench: Bench, made: Made, at: Places, shape: str) -> Iterator[Line]:
    """A summary of the last month from the ledger, against an empty Python and against the smallest ledger."""
    usual = shape == "creator"
    words = ("summary", "--region", "US", "--ledger")
    tiny = bench.file("creator", 1_000)
    small = places(bench, tiny)
    bench.measure(importing(tiny, small, fresh=True), once=True)
    name = f"`summary` on a ledger, {counted(made.rows)} gifts{of(shape)}"
    mine, least = ours(name, *words, str(at.ledger)), ours("1 k gifts", *words, str(small.ledger))
    cost, theirs, empty = bench.measure(mine, least, python("python -c pass", "-c", "pass"))
    yield compared(f"{name} / `python -c pass`", cost, empty, START_LIMIT if usual else None)
    if made.rows > 1_000:
        yield compared(f"{name} / 1 k gifts", cost, theirs, SAME_LIMIT if usual and made.rows == LARGEST_TABLE else None)
    if made.rows == LARGEST_TABLE:  # a setting for which no kept state fits: every gift is priced anew
        stale = ours(f"{name}, no kept state fits", *words, str(at.ledger), "--share", "48")
        anew, theirs = bench.measure(stale, mine)
        yield compared(f"{name}, no kept state fits / one that fits", anew, theirs, None)
    yield Line(f"{name}, peak memory", megabytes(cost.memory))


def not_run(rows: int) -> Line:
    """The line of a size that was not asked for."""
    return Line(f"`import`, {counted(rows)} rows / DuckDB, anti-join", not_asked(rows), at_most=f"{IMPORT_LIMIT:.1f} x")
