"""Measures diamondctl against its peers and prints one table: `python -m tests.bench.run --rows 10k,1m,10m --shape all`.

What is compared is whole processes on the same file: wall time from start to exit, and the peak memory of the child. The
commands of a line run in turns, so that a machine that drifts slows all of them; a ratio is one of medians. One round
before them is not counted: it fills the caches, and the totals of every program are compared with the generator's.
This module imports nothing heavy, because Linux counts the memory of the parent into the peak of a new child: no peak
below its own 22 MB can be seen.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from statistics import median
from time import perf_counter
from typing import Final, NamedTuple

from tests.bench import rate_files
from tests.bench.generate import PERIOD, SHAPES, Made, default_folder, make
from tests.support import ROOT, environment

HERE: Final = Path(__file__).parent
RESULTS: Final = HERE / "RESULTS.md"
TRUST: Final = "# Trust"  # what stands from here on in it is not measured by this program
PACKAGES: Final = ("diamondctl", "typer", "rich", "PyYAML", "pandas", "numpy", "duckdb", "sqlite-utils", "beancount")

# A line whose commands all take less than this many seconds runs the square of --runs times.
QUICK: Final = 0.5
MEGABYTE: Final = 1_000_000


class Command(NamedTuple):
    """A program to measure."""

    name: str
    words: tuple[str, ...]
    needs: str = ""  # a module, or a program, without which it cannot run
    strict: bool = False  # keep our fast paths for large files out
    program: bool = False  # whether `needs` names a program
    slow: bool = False  # takes so long that one run says enough
    before: Callable[[], None] | None = None  # not measured
    codes: tuple[int, ...] = (0,)  # exit codes that say that it did its work

    def environment(self) -> dict[str, str]:
        """What every program sees: the same few settings, whatever the machine's own are."""
        return environment(DIAMONDCTL_LEDGER="", PYTHONPATH=IMPORTED_FROM, DIAMONDCTL_NO_FAST_PATH="1" if self.strict else "")


class Cost(NamedTuple):
    """What a program took: median wall time, and the highest peak of memory."""

    seconds: float
    memory: int


class Line(NamedTuple):
    """One line of the table, as text."""

    work: str
    ours: str = "-"
    peer: str = "-"
    ratio: str = "-"
    at_most: str = "-"
    reached: str = "-"


class Limits(NamedTuple):
    """What is asked for in the creator shape at one size; blank peers are not asked for."""

    peers: dict[str, float]
    memory: int = 0
    growth: float = 0.0


CONSOLE_SCRIPT: Final = Path(sys.executable).parent / "diamondctl"
TOOL: Final = (str(CONSOLE_SCRIPT),) if CONSOLE_SCRIPT.exists() else (sys.executable, "-m", "diamondctl")
IMPORTED_FROM: Final = "" if CONSOLE_SCRIPT.exists() else str(ROOT)
START_PANDAS: Final = "import pandas"
PANDAS: Final = "pandas, grouping only"
DUCKDB: Final = "DuckDB, grouping only"
LIMITS: Final = {
    10_000: Limits({START_PANDAS: 1.0}),
    1_000_000: Limits({PANDAS: 1.0, DUCKDB: 2.5}),
    10_000_000: Limits({}, memory=300 * MEGABYTE, growth=10.5),
}
LEDGER_SIZES: Final = (1_000_000, 10_000_000)
# Beyond these sizes a peer says nothing new.
LARGEST_START: Final = 100_000
LARGEST_GROUPED: Final = 1_000_000
RATE_FILES: Final = 1_000
EVENTS: Final = 200_000
MANY_EVENTS: Final = 10_000_000
EVENTS_MEMORY: Final = 700 * 2**20


def ours(name: str, *words: str, strict: bool = False) -> Command:
    """A command line of diamondctl."""
    return Command(name, (*TOOL, *words), strict=strict)


def python(name: str, *words: str, needs: str = "") -> Command:
    """A Python process."""
    return Command(name, (sys.executable, *words), needs)


def summary(made: Made, *, strict: bool = False) -> Command:
    """A summary of a whole generated file: every row of it is validated and priced."""
    words = ("summary", made.path.name, "--region", "US", "-p", PERIOD)
    return ours(f"summary {made.path.name}", *words, strict=strict)._replace(codes=(0, 3))  # 3: some months hold no gift


def grouping(made: Made) -> list[Command]:
    """The peers that read the same file."""
    return [
        python(PANDAS, str(HERE / "peers" / "pandas_group.py"), made.path.name, needs="pandas"),
        python(DUCKDB, str(HERE / "peers" / "duckdb_group.py"), made.path.name, needs="duckdb"),
    ]


class Bench:
    """Runs commands in a folder of generated files."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.folder, self.runs = folder, runs

    def file(self, shape: str, rows: int, *, json_lines: bool = False) -> Made:
        """A generated file, checked against what we and the peers count in it. Made by a process of its own: see above."""
        words = [sys.executable, "-m", "tests.bench.generate", shape, str(rows), "--folder", str(self.folder)]
        subprocess.run([*words, *(["--json-lines"] if json_lines else [])], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        return make(self.folder, shape, rows, json_lines=json_lines)

    def check(self, command: Command, made: Made) -> None:
        """Stop unless a program counts the gifts and coins that were generated."""
        done = subprocess.run(
            command.words, cwd=self.folder, env=command.environment(), capture_output=True, text=True, check=False
        )
        if done.returncode not in command.codes:
            raise SystemExit(f"{command.name}: exit code {done.returncode}\n{done.stderr}")
        out = done.stdout
        counted = [
            [int(number) for number in line.replace(",", " ").split()] for line in out.splitlines() if line[:1].isdigit()
        ]
        totals = [sum(column) for column in zip(*counted, strict=True)]
        if totals != [made.rows, made.coins]:
            raise SystemExit(f"{command.name}: counted {totals}, not {[made.rows, made.coins]}")

    def measure(self, *commands: Command, once: bool = False) -> list[Cost]:
        """The cost of each command; `once` is enough where one takes minutes."""
        print("measuring:", " | ".join(command.name for command in commands), file=sys.stderr, flush=True)
        warm = [self._run(command) for command in commands]
        if once:
            return warm
        slowest = max(cost.seconds for cost in warm)
        costs: list[list[Cost]] = [[] for _ in commands]
        turns = list(zip(commands, costs, strict=True))
        for _ in range(self.runs**2 if slowest < QUICK else self.runs):
            for command, mine in turns:
                mine.append(self._run(command))
            turns.reverse()
        return [Cost(median(cost.seconds for cost in mine), max(cost.memory for cost in mine)) for mine in costs]

    def _run(self, command: Command) -> Cost:
        if command.before is not None:
            command.before()
        with tempfile.TemporaryFile() as errors:
            start = perf_counter()
            process = subprocess.Popen(
                command.words,
                cwd=self.folder,
                env=command.environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
            _, status, usage = os.wait4(process.pid, 0)
            seconds = perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode not in command.codes:
                errors.seek(0)
                raise SystemExit(f"{command.name}: exit code {process.returncode}\n{errors.read().decode(errors='replace')}")
        return Cost(seconds, usage.ru_maxrss * (1 if platform.system() == "Darwin" else 1024))


def installed(command: Command) -> bool:
    """Whether a peer can run here."""
    return not command.needs or (which(command.needs) if command.program else find_spec(command.needs)) is not None


def skipped(work: str, command: Command, limit: float | None) -> Line:
    """The line of a peer that is not installed."""
    return Line(work, peer=f"skipped: no {command.needs} here", at_most=times(limit))


def not_run(rows: int, limits: Limits) -> Iterator[Line]:
    """The lines of a size that was not asked for."""
    note = not_asked(rows)
    for peer, limit in limits.peers.items():
        yield Line(against(rows, "creator", peer), note, at_most=times(limit))
    if limits.growth:
        yield Line(
            growth_of(rows, "creator"), f"not run: needs --rows {short(rows // 10)},{short(rows)}", at_most=times(limits.growth)
        )
    if limits.memory:
        yield Line(memory_of(rows, "creator"), note, at_most=megabytes(limits.memory))


def not_asked(rows: int) -> str:
    """What stands in place of figures of a size that was not asked for."""
    return f"not run: needs --rows {short(rows)}"


def compared(work: str, mine: Cost, theirs: Cost, limit: float | None) -> Line:
    """A line of two times."""
    ratio = mine.seconds / theirs.seconds
    reached = "-" if limit is None else "yes" if ratio <= limit else "NO"
    return Line(work, duration(mine.seconds), duration(theirs.seconds), f"{ratio:.2f} x", times(limit), reached)


def start_lines(bench: Bench) -> Iterator[Line]:
    """What starting costs."""
    tiny = bench.file("creator", 100)
    for work, mine, peer, limit in (
        ("`--version` / `import typer`", ours("--version", "--version"), python("import typer", "-c", "import typer"), 1.3),
        (
            "`--help` / of a two-command Typer app",
            ours("--help", "--help"),
            python("two-command Typer app", str(HERE / "peers" / "typer_app.py"), "--help"),
            1.2,
        ),
        ("`summary FILE`, 100 rows / `python -c pass`", summary(tiny), python("python -c pass", "-c", "pass"), 18.0),
    ):
        cost, theirs = bench.measure(mine, peer)
        yield compared(work, cost, theirs, limit)
    (cost,) = bench.measure(ours("rates check", "rates", "check"))
    yield Line("`rates check`, the shipped files", duration(cost.seconds))
    many = rate_files.make(bench.folder, RATE_FILES)
    (cost,) = bench.measure(ours(f"rates check, {counted(RATE_FILES)} files", "rates", "check", many.name))
    each = f"{duration(cost.seconds)}, {cost.seconds / RATE_FILES * 1_000:.1f} ms a file"
    yield Line(f"`rates check`, {counted(RATE_FILES)} files", each)


def summary_lines(bench: Bench, shape: str, rows: int, sizes: Sequence[int]) -> Iterator[Line]:
    """`summary FILE` of one shape and size. Only the creator shape has limits."""
    limits = LIMITS.get(rows, Limits({})) if shape == "creator" else Limits({})
    made = bench.file(shape, rows)
    mine = summary(made)
    bench.check(mine._replace(words=(*mine.words, "--csv", "--columns", "gifts,coins")), made)
    peers = grouping(made) if rows <= LARGEST_GROUPED else []
    for peer in filter(installed, peers):
        bench.check(peer, made)
    if rows <= LARGEST_START:
        peers.insert(0, python(START_PANDAS, "-c", START_PANDAS, needs="pandas"))
    running = [peer for peer in peers if installed(peer)]
    cost: Cost | None = None
    if peers:
        cost, *rest = bench.measure(mine, *running)
        theirs = {peer.name: cost for peer, cost in zip(running, rest, strict=True)}
        for peer in peers:
            work, limit = against(rows, shape, peer.name), limits.peers.get(peer.name)
            yield compared(work, cost, theirs[peer.name], limit) if peer.name in theirs else skipped(work, peer, limit)
    if rows // 10 in sizes:
        small, cost = bench.measure(summary(bench.file(shape, rows // 10)), mine)
        yield compared(growth_of(rows, shape), cost, small, limits.growth or None)
    if rows == max(sizes) or limits.memory:
        memory = (cost or bench.measure(mine)[0]).memory
        reached = "-" if not limits.memory else "yes" if memory <= limits.memory else "NO"
        yield Line(
            memory_of(rows, shape),
            megabytes(memory),
            at_most=megabytes(limits.memory) if limits.memory else "-",
            reached=reached,
        )


def strict_lines(bench: Bench, largest: int) -> Iterator[Line]:
    """The readers that name every problem, which files go through that are not plain enough for a fast path."""
    for what, rows, json_lines in (("JSON Lines", 100_000, True), ("CSV", 200_000, False)):
        made = bench.file("creator", min(rows, largest), json_lines=json_lines)
        (cost,) = bench.measure(summary(made, strict=True))
        yield Line(f"`summary FILE`, {counted(made.rows)} rows, {what}, strict reader", each(cost, made.rows))
    events = log(bench, min(EVENTS, largest))
    (cost,) = bench.measure(summary_of_log(events, strict=True))
    yield Line(f"`summary FILE`, {counted(events.rows)} LIVE events, strict reader", each(cost, events.rows))


def each(cost: Cost, rows: int) -> str:
    """What a file took, and a row of it."""
    return f"{duration(cost.seconds)}, {cost.seconds / rows * 1_000_000:.1f} µs a row"


def json_lines(bench: Bench, largest: int) -> Iterator[Line]:
    """Gifts as JSON Lines: every row read, checked and priced, against json and a dictionary that only add up."""
    made = bench.file("creator", min(100_000, largest), json_lines=True)
    mine, peer = summary(made), python("json, adding up only", str(HERE / "peers" / "json_gifts.py"), made.path.name)
    bench.check(mine._replace(words=(*mine.words, "--csv", "--columns", "gifts,coins")), made)
    bench.check(peer, made)
    cost, theirs = bench.measure(mine, peer)
    yield compared(f"`summary FILE`, {counted(made.rows)} rows, JSON Lines / {peer.name}", cost, theirs, 1.2)


class Log(NamedTuple):
    """A generated event log: its events, and the gifts and coins that they amount to."""

    path: Path
    rows: int
    gifts: int
    coins: int


def log(bench: Bench, events: int) -> Log:
    """A log of so many events."""
    path = bench.folder / f"events-{events}.jsonl"
    made = subprocess.run(
        [sys.executable, "-m", "tests.bench.frames", str(events), str(path)], cwd=ROOT, capture_output=True, check=True
    )
    gifts, coins = (int(number) for number in made.stdout.split())
    return Log(path, events, gifts, coins)


def summary_of_log(made: Log, *, strict: bool = False) -> Command:
    """A summary of a whole log."""
    words = ("summary", made.path.name, "--region", "US", "-p", "2020-01-01..2039-12-31", "--as-of", "2039-12-31")
    return ours(f"summary {made.path.name}", *words, strict=strict)._replace(codes=(0, 3))


def event_lines(bench: Bench, largest: int) -> Iterator[Line]:
    """An event log: every event read, checked, folded and priced, against json and a dictionary that only count."""
    made = log(bench, min(EVENTS, largest))
    found = Made(made.path, made.gifts, made.coins)
    mine, peer = summary_of_log(made), python("json, counting only", str(HERE / "peers" / "json_frames.py"), made.path.name)
    bench.check(mine._replace(words=(*mine.words, "--csv", "--columns", "gifts,coins")), found)
    bench.check(peer, found)
    folder = bench.folder / "events.ledger"
    into = ours("import events", "import", made.path.name, "--region", "US", "--creator", "mara", "--ledger", str(folder))
    into = into._replace(before=lambda: shutil.rmtree(folder, ignore_errors=True))
    cost, imported, theirs = bench.measure(mine, into, peer)
    for work, took, limit in (("summary FILE", cost, 1.2), ("import", imported, 2.0)):
        line = compared(f"`{work}`, {counted(made.rows)} LIVE events / {peer.name}", took, theirs, limit)
        yield line._replace(
            ours=f"{line.ours}, {made.rows / took.seconds:,.0f}/s", peer=f"{line.peer}, {made.rows / theirs.seconds:,.0f}/s"
        )
    if largest >= MANY_EVENTS:
        (cost,) = bench.measure(summary_of_log(log(bench, MANY_EVENTS)))
        reached = "yes" if cost.memory <= EVENTS_MEMORY else "NO"
        work = f"`summary FILE`, {counted(MANY_EVENTS)} LIVE events, peak memory"
        yield Line(work, megabytes(cost.memory), at_most=megabytes(EVENTS_MEMORY), reached=reached)


def project_lines(bench: Bench) -> Iterator[Line]:
    """A projection with its back-test, from a year of one creator's gifts."""
    example = ROOT / "examples" / "year" / "gb-2026.csv"
    for what, words in (("a month", ()), ("an amount", ("--until", "500"))):
        # Of files no verdict is sure, which is exit code 3.
        (cost,) = bench.measure(ours(f"project {what}", "project", str(example), *words)._replace(codes=(0, 3)))
        yield Line(f"`project`, {what}, from a year of gifts", duration(cost.seconds))


def lines(bench: Bench, sizes: Sequence[int], shapes: Sequence[str], folders: Sequence[int]) -> Iterator[Line]:
    """The whole table."""
    yield from start_lines(bench)
    for rows in sorted({*sizes, *LIMITS}):
        if rows in sizes and "creator" in shapes:
            yield from summary_lines(bench, "creator", rows, sizes)
        elif "creator" in shapes:
            yield from not_run(rows, LIMITS[rows])
        if rows in sizes and "roster" in shapes:
            yield from summary_lines(bench, "roster", rows, sizes)
    yield from json_lines(bench, max(sizes))
    yield from strict_lines(bench, max(sizes))
    yield from project_lines(bench)
    from tests.bench import folder_lines, ledger_lines  # they build on this module

    for rows in sorted({*sizes, *LEDGER_SIZES}):
        for shape in shapes if rows in sizes else ():
            yield from ledger_lines.ledger_lines(bench, shape, rows, rows // 10 in sizes)
        if rows not in sizes:
            yield ledger_lines.not_run(rows)
    yield from event_lines(bench, max(sizes))
    yield from folder_lines.folder_lines(bench, folders)


def against(rows: int, shape: str, peer: str) -> str:
    """The name of a comparison of summaries."""
    name = f"`{peer}`" if peer == START_PANDAS else peer
    return f"`summary FILE`, {counted(rows)} rows{of(shape)} / {name}"


def growth_of(rows: int, shape: str) -> str:
    """The name of a growth line."""
    return f"`summary FILE`, {counted(rows)} rows{of(shape)} / {counted(rows // 10)} rows"


def memory_of(rows: int, shape: str) -> str:
    """The name of a memory line."""
    return f"`summary FILE`, {counted(rows)} rows{of(shape)}, peak memory"


def of(shape: str) -> str:
    """The shape, where it is not the usual one."""
    return "" if shape == "creator" else f", {shape}"


def counted(rows: int) -> str:
    """10 k, 1 M, 1,234."""
    for unit, name in ((1_000_000, "M"), (1_000, "k")):
        if rows >= unit and rows % unit == 0:
            return f"{rows // unit} {name}"
    return f"{rows:,}"


def short(rows: int) -> str:
    """A size as --rows takes it."""
    return counted(rows).replace(" ", "").replace(",", "").lower()


def duration(seconds: float) -> str:
    """123 ms or 1.23 s."""
    return f"{seconds * 1_000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


def times(limit: float | None) -> str:
    """A limit of a ratio."""
    return "-" if limit is None else f"{limit:.1f} x"


def megabytes(size: int) -> str:
    """Of a million bytes."""
    return f"{size / MEGABYTE:.0f} MB"


def as_table(rows: Sequence[Line]) -> str:
    """A Markdown table, its columns in line."""
    cells = [Line("Work: ours / peer", "ours", "peer", "ratio", "at most", "reached"), *rows]
    widths = [max(len(line[index]) for line in cells) for index in range(len(Line._fields))]
    texts = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in cells]
    texts.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(texts) + "\n"


def facts(runs: int, load: float) -> str:
    """The machine and the versions, without anything that names either."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = []
    for name in PACKAGES:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            versions.append(f"{name} not installed")
    machine = (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, load {load:.1f} at the start"
    )
    language = f"{platform.python_implementation()} {platform.python_version()}"
    rounds = f"medians; runs of each: {runs}, or {runs**2} where none takes {QUICK} s"
    return (
        f"{machine}; {language}; {', '.join(versions)}.\n"
        f"Whole processes in turns, warm cache; {rounds}; the highest peak of memory.\n"
        "Every row lies in the period and is priced. The limits are for the creator shape.\n"
    )


def size(text: str) -> int:
    """10k, 1m, 250000."""
    unit = {"k": 1_000, "m": 1_000_000}.get(text[-1:].lower(), 1)
    return int(text[:-1] if unit > 1 else text) * unit


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.run", description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--rows", default="10k,1m", help="sizes such as 10k,1m,10m (default: %(default)s)")
    parser.add_argument("--folders", default="", help="sizes of folders of Parquet, such as 1m,10m,100m (default: none)")
    parser.add_argument("--shape", choices=(*SHAPES, "all"), default="all")
    parser.add_argument("--runs", type=int, default=5, help="of each command (default: %(default)s)")
    parser.add_argument("--folder", type=Path, default=default_folder(), help="of generated files, which are used again")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name} too")
    options = parser.parse_args()
    try:
        sizes, folders = (
            sorted({size(text.strip()) for text in asked.split(",") if asked}) for asked in (options.rows, options.folders)
        )
    except ValueError:
        parser.error(f"--rows {options.rows} --folders {options.folders}: sizes such as 10k,1m,10m")
    if sizes[0] < 1 or options.runs < 1:
        parser.error("--rows and --runs begin at 1")
    load = os.getloadavg()[0]
    bench = Bench(options.folder.absolute(), options.runs)
    shapes = SHAPES if options.shape == "all" else (options.shape,)
    text = f"{as_table(list(lines(bench, sizes, shapes, folders)))}\n{facts(options.runs, load)}"
    print(text, end="")
    if options.write:
        asked = f"--rows {options.rows} --folders '{options.folders}' --shape {options.shape} --runs {options.runs}"
        command = f"python -m tests.bench.run {asked} --write"
        _, mark, trust = (RESULTS.read_text("utf-8") if RESULTS.exists() else "").partition(TRUST)
        measured = f"# Benchmark, {date.today().isoformat()}\n\n`{command}`\n\n{text}"
        RESULTS.write_text(f"{measured.rstrip()}\n\n{mark}{trust}" if mark else measured, encoding="utf-8")


if __name__ == "__main__":
    main()
