"""The script of a month end: three clients, run twice. `python -m tests.test_month_end` writes what it says again."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from diamondctl.topics import topics
from tests.support import EXAMPLES, ROOT, environment, tool

SCRIPT = EXAMPLES / "month-end.sh"
GOLDEN = ROOT / "tests/month-end.txt"
FILES = ("2026-10.csv", "de-2026-10.json", "gb-2026-10.jsonl")


class World:
    """A folder with an inbox, the examples' settings, a ledger, and `diamondctl` on the path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "in").mkdir()
        (folder / "bin").mkdir()
        for name in FILES:
            (folder / "in" / name).write_bytes((EXAMPLES / name).read_bytes())
        (folder / "config.yaml").write_bytes((EXAMPLES / "config.yaml").read_bytes())
        command = folder / "bin" / "diamondctl"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m diamondctl "$@"\n', "utf-8")
        command.chmod(0o755)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the script."""
        env = environment(
            PATH=f"{self.folder / 'bin'}:{os.environ['PATH']}", DIAMONDCTL_LEDGER="ledger", DIAMONDCTL_CONFIG="config.yaml",
            DIAMONDCTL_AS_OF="2026-11-10",
        )  # fmt: skip
        command = ["sh", str(SCRIPT), *words]
        return subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, check=False, timeout=300)

    def files(self) -> dict[str, str]:
        """Every file that it made, with its hash; the ledger is one of them."""
        made = [path for part in ("out", "ledger") for path in (self.folder / part).rglob("*") if path.is_file()]
        return {str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in made}


def transcript(first: subprocess.CompletedProcess[str], second: subprocess.CompletedProcess[str]) -> str:
    """What it says, the first time and the second."""
    return "".join(
        f"$ month-end.sh in out 2026-10\n{done.stdout}--- stderr\n{done.stderr}--- exit {done.returncode}\n"
        for done in (first, second)
    )


@pytest.mark.skipif(os.name != "posix", reason="a script for sh")
def test_the_month_end_of_three_clients_and_once_more(tmp_path: Path) -> None:
    """Compared whole; the second time it ends with 0 and changes no byte of what it made, nor of the ledger."""
    world = World(tmp_path)
    first = world.run("in", "out", "2026-10")
    made = world.files()
    second = world.run("in", "out", "2026-10")
    assert transcript(first, second) == GOLDEN.read_text("utf-8")
    assert world.files() == made
    clients = {"juno", "lee", "mara"}
    papers = {f"out/{name}/2026-10{end}" for name in clients for end in (".html", "-statement.html", "-fees.csv")}
    assert papers | {"out/2026-10.journal", "out/2026-10.zip"} == {name for name in made if name.startswith("out/")}
    for name in sorted(clients):
        text = "".join((tmp_path / paper).read_text("utf-8") for paper in papers if f"/{name}/" in paper)
        assert not [other for other in clients - {name} if other in text], "a client sees nothing of the others"


@pytest.mark.skipif(os.name != "posix", reason="a script for sh")
def test_the_journal_of_the_script_balances(tmp_path: Path) -> None:
    """hledger takes it, to the last assertion."""
    hledger = tool("hledger")
    world = World(tmp_path)
    assert world.run("in", "out", "2026-10").returncode == 0
    subprocess.run([hledger, "-f", str(tmp_path / "out/2026-10.journal"), "check", "-s"], check=True, capture_output=True)


@pytest.mark.skipif(os.name != "posix", reason="a script for sh")
def test_the_script_stops_at_what_is_open_and_at_a_file_that_is_refused(tmp_path: Path) -> None:
    """Nothing is closed then; named findings may stay."""
    world = World(tmp_path)
    (tmp_path / "config.yaml").write_text("creators:\n  mara:\n    region: US\n  lee:\n    region: GB\n", "utf-8")
    done = world.run("in", "out", "2026-10")
    assert (done.returncode, "cannot be closed yet" in done.stdout) == (1, True)
    assert not (tmp_path / "out").exists()
    done = world.run("in", "out", "2026-10", "ranges")
    assert (done.returncode, "accepted by month-end.sh" in done.stdout) == (0, True)
    (tmp_path / "in" / "bad.csv").write_text("timestamp,creator,gift,coins\nx,mara,Rose,1\n", "utf-8")
    assert world.run("in", "out", "2026-10").returncode == 2
    done = world.run("in", "out")
    assert (done.returncode, done.stderr) == (2, "usage: month-end.sh INBOX OUT MONTH [FINDING...]\n")


def test_the_manual_shows_the_script_as_it_stands() -> None:
    (page,) = [topic for topic in topics() if topic.name == "scripts"]
    assert f"```sh\n{SCRIPT.read_text('utf-8')}```" in page.text


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        here = World(Path(name))
        GOLDEN.write_text(transcript(here.run("in", "out", "2026-10"), here.run("in", "out", "2026-10")), "utf-8")
