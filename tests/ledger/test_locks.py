"""Locks and calls that fail: nothing waits for what nobody holds, nothing goes on for ever, nothing ends without a word."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from diamondctl import files
from tests.ledger import faults, state
from tests.support import environment

needs_strace = pytest.mark.skipif(bool(faults.cannot_trace()), reason=faults.cannot_trace() or "-")


@needs_strace
@pytest.mark.parametrize("error", ["ENOLCK", "ENOSYS", "EOPNOTSUPP", "EIO"])
def test_a_lock_that_cannot_be_had_is_not_waited_for(tmp_path: Path, error: str) -> None:
    """Of temporary files: the command is done without it. An error of the disk is told. Either way no file is left."""
    here = tmp_path.resolve() / "world"
    state.make_world(here)
    for command in (("import", "b.csv", "--ledger", "ledger"), ("backup", "new.zip", "--ledger", "ledger")):
        trace = ["strace", "-f", "-o", os.devnull, "-e", "trace=flock", "-e", f"inject=flock:error={error}"]
        done = subprocess.run(
            [*trace, sys.executable, "-m", "diamondctl", *command],
            cwd=here, env=environment(TMPDIR=str(here / "tmp")), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == (4 if error == "EIO" else 0), done
        assert bool(done.stderr.strip()) == (error == "EIO")
    assert state.damage(here / "ledger") == []
    assert state.strangers(here / "ledger") == []


@needs_strace
@pytest.mark.parametrize("error", ["ENOLCK", "ENOSYS"])
def test_a_catalog_that_cannot_be_locked_is_refused_at_once(tmp_path: Path, error: str) -> None:
    """SQLite takes ENOLCK for another command, and waits two minutes for it."""
    here = tmp_path.resolve() / "world"
    state.make_world(here)
    catalog = here / "ledger" / "catalog.sqlite"
    trace = ["strace", "-f", "-o", os.devnull, "-P", str(catalog), "-e", "trace=fcntl", "-e", f"inject=fcntl:error={error}"]
    done = subprocess.run(
        [*trace, sys.executable, "-m", "diamondctl", "records", "list", "--ledger", "ledger"],
        cwd=here, env=environment(TMPDIR=str(here / "tmp")), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, "cannot lock files" in done.stderr) == (4, True), done


def test_what_nobody_can_lock_is_swept_after_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "try_lock", lambda descriptor: None)
    fresh, old = (tmp_path / f".t-{digit * 16}" for digit in "01")
    for path in (fresh, old):
        path.write_bytes(b"x")
    os.utime(old, (1, 1))
    files.remove_abandoned(tmp_path, ".t-")
    assert sorted(path.name for path in tmp_path.iterdir()) == [fresh.name]


PLANT = """
from diamondctl.ledger import catalog

connect = catalog.connect


def without_journal(file):
    connection = connect(file)
    connection.execute("PRAGMA journal_mode = OFF")
    return connection


catalog.connect = without_journal
from diamondctl.ledger import opening

opening.connect = without_journal
"""


@needs_strace
def test_the_kill_loop_would_notice_a_catalog_without_its_journal(tmp_path: Path) -> None:
    """The loop is worth something only if it sees what a missing safeguard does."""
    plant = tmp_path / "plant"
    plant.mkdir()
    (plant / "sitecustomize.py").write_text(PLANT, "utf-8")
    laboratory = faults.Laboratory(tmp_path.resolve() / "work")
    action = next(action for action in faults.ACTIONS if action.name == "undo")
    laboratory.env = {"PYTHONPATH": str(plant) + os.pathsep + str(Path.cwd())}
    trials = [
        trial for trial in laboratory.trials([action.name], ["KILL"]) if trial.point.call == "pwrite64" and trial.point.catalog
    ] or [trial for trial in laboratory.trials([action.name], ["KILL"]) if trial.point.call == "pwrite64"]
    assert any(outcome.wrong for outcome in laboratory.run(trials[:12]))
