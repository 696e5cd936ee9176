"""One ledger, one set of figures, whatever runs diamondctl: `python -m tests.bench.versions PYTHON PYTHON...`.

Each interpreter has its own Python, DuckDB and pandas, and the rest that diamondctl needs. Every one of them imports the
examples, writes its papers, and verifies the statements of the others from files, from its own ledger and from theirs. What
differs is printed, and the exit code is 1.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import Path
from typing import Final

from tests.support import EXAMPLES, ROOT, environment

FILES: Final = tuple(str(EXAMPLES / name) for name in ("2026-10.csv", "de-2026-10.json", "gb-2026-10.jsonl"))
_MARA: Final = ("--creator", "mara")
_LEDGER: Final = (
    ("import", *FILES, "--region", "US"),
    ("record", "balance", "118.75", "--date", "2026-10-12", *_MARA),
    ("record", "payout", "100", "--date", "2026-10-12", "--by", "paypal", "--arrived", "87.40", "--arrived-on", "2026-10-15",
     *_MARA),
)  # fmt: skip
# Papers by their file; the first two are verified.
PAPERS: Final = {
    "statement.json": ("report", "statement", "-p", "2026-10", *_MARA),
    "year.json": ("report", "year", "-p", "2026", *_MARA),
    "statement.csv": ("report", "statement", "-p", "2026-10", *_MARA),
    "statement.html": ("report", "statement", "-p", "2026-10", *_MARA),
    "statement.xlsx": ("report", "statement", "-p", "2026-10", *_MARA),
    "month.html": ("report", "month", "-p", "2026-10", *_MARA),
    "summary.json": ("summary", "-p", "2026-10"),
    "fees.json": ("fees", "-p", "2026-10"),
    "balance.json": ("balance",),
    "reconcile.json": ("reconcile",),
    "gifters.json": ("gifters", str(EXAMPLES / "2026-10.csv"), "--region", "US", "-p", "2026-10"),
    "projection.json": ("project", str(EXAMPLES / "year" / "gb-2026.csv"), "-p", "2026-11"),
}
VERIFIED: Final = ("statement.json", "year.json")
_WHAT: Final = (
    "import sys, duckdb, numpy, pandas; print(f'Python {sys.version.split()[0]}, DuckDB {duckdb.__version__}, '"
    "f'pandas {pandas.__version__}, numpy {numpy.__version__}')"
)


def versions_of(python: str) -> str:
    """What an interpreter brings along."""
    return subprocess.run([python, "-c", _WHAT], capture_output=True, text=True, check=True).stdout.strip()


def _run(python: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command on the ledger of a folder, on a day that is always the same."""
    env = environment(DIAMONDCTL_LEDGER=str(folder / "ledger"), DIAMONDCTL_CONFIG=os.devnull, COVERAGE_PROCESS_START="")
    command = [python, "-m", "diamondctl", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=120)


def make(python: str, folder: Path) -> None:
    """A ledger of the examples, and its papers."""
    folder.mkdir()
    for words in _LEDGER:
        done = _run(python, folder, *words)
        assert done.returncode == 0, done.stderr
    for name, words in PAPERS.items():
        done = _run(python, folder, *words, "-o", str(folder / name))
        assert done.returncode in (0, 1, 3), done.stderr


def differences(folders: Sequence[tuple[str, Path]]) -> Iterator[str]:
    """Papers that are not the same to the byte, and statements that one interpreter does not verify of another."""
    (_, first), *others = folders
    for name in PAPERS:
        for python, folder in others:
            if (folder / name).read_bytes() != (first / name).read_bytes():
                yield f"{name} of {python} is not that of {folders[0][0]}"
    for (python, mine), (_, theirs) in permutations(folders, 2):
        for name in VERIFIED:
            statement = str(theirs / name)
            for words in ((statement,), (statement, FILES[0])):
                done = _run(python, mine, "verify", *words)
                if done.returncode or not done.stdout.startswith("Same: "):
                    yield f"{python} verify {' '.join(words)}: {done.stdout or done.stderr}"
            again = mine / f"of-their-ledger-{name}"
            done = _run(python, theirs, *PAPERS[name], "-o", str(again), "--force")
            if not again.exists() or again.read_bytes() != (theirs / name).read_bytes():
                yield f"{name} by {python} from the ledger of another is another one: {done.stderr}"


def compared(pythons: Sequence[str], folder: Path) -> list[str]:
    """What differs between some interpreters, in a folder that is empty."""
    folders = [(python, folder / str(number)) for number, python in enumerate(pythons)]
    for python, mine in folders:
        make(python, mine)
    return list(differences(folders))


def main(pythons: Sequence[str]) -> int:
    """Compare them; 1 where anything differs."""
    for python in pythons:
        print(f"{python}: {versions_of(python)}")
    with tempfile.TemporaryDirectory() as name:
        found = compared(pythons, Path(name))
    print(
        "\n".join(found)
        or f"Same: {len(PAPERS)} papers to the byte, {len(VERIFIED)} statements from files and ledgers of each other."
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
