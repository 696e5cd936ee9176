"""One runnable broken input per problem code: `tests/errors/<CODE>/` holds the input, the command and the whole answer.

`cmd` has the arguments of `diamondctl`, `exit` its exit code, `stderr` everything it says. What `rates check` finds is its
result, so there it is `stdout` instead. `before` has commands that run first, one a line, to make a ledger. After a change
of wording, write the answers again and read the difference:

    python -m tests.test_errors --regenerate [CODE...]
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from diamondctl import columns
from diamondctl.config.values import Config
from diamondctl.desk import settings
from diamondctl.ledger import catalog, opening
from diamondctl.problems import CODES, Refusal
from diamondctl.readers import sources
from diamondctl.readers.sources import open_source
from tests.support import Result, run, tool

ERRORS = Path(__file__).parent / "errors"
CASES = sorted(path.name for path in ERRORS.iterdir() if path.is_dir())

# What no committed file can be is made in the copy of the directory in which the command runs.
SETUPS: dict[str, Callable[[Path], None]] = {
    "F002": lambda folder: os.mkfifo(folder / "pipe"),
    "L004": lambda folder: in_catalog(folder, "PRAGMA user_version = 99"),
    "L005": lambda folder: in_catalog(folder, "UPDATE usage SET packed = replace(packed, ',', ',1')"),
    "L011": lambda folder: write(folder / "gifts.csv", MANY),
}
MANY = "timestamp,creator,gift,coins\n" + "2026-10-31T20:15:00Z,mara,Lion,999999999999999\n" * 9_300
# Codes that no command line shows every time; a test of their own below shows them.
SHOWN_BELOW = {"F007", "F010", "K004", "L006", "L012", "R302", "R303"}


def write(path: Path, text: str) -> None:
    """A file too large to be kept."""
    path.write_text(text, "utf-8")


def in_catalog(folder: Path, statement: str) -> None:
    """Change the ledger of a case behind the tool's back."""
    with closing(sqlite3.connect(folder / "ledger" / catalog.FILE)) as connection, connection:
        connection.execute(statement)


def prepare(code: str, folder: Path) -> None:
    """Make everything that a case needs in `folder`."""
    shutil.copytree(ERRORS / code, folder, dirs_exist_ok=True)
    if (folder / "before").exists():
        for line in (folder / "before").read_text("utf-8").splitlines():
            result = run(*shlex.split(line), cwd=folder)
            assert result.code in (0, 3), result.err
    if code in SETUPS:
        SETUPS[code](folder)


def answer(code: str, folder: Path) -> Result:
    """Run a case in its prepared folder."""
    return run(*shlex.split((folder / "cmd").read_text("utf-8")), cwd=folder)


def golden(code: str) -> Result:
    """The answer that is kept; a stream without a file is empty."""
    out, err = (path.read_bytes().decode() if (path := ERRORS / code / name).exists() else "" for name in ("stdout", "stderr"))
    return Result(int((ERRORS / code / "exit").read_text("utf-8")), out, err)


def contents(folder: Path) -> dict[str, bytes]:
    """Every regular file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("code", CASES)
def test_answer(code: str, tmp_path: Path) -> None:
    """Exit code and both streams are those that are kept, to the byte, and the command changed no file."""
    if code == "F002" and not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    prepare(code, tmp_path)
    before = contents(tmp_path)
    assert answer(code, tmp_path) == golden(code)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("code", CASES)
def test_golden_shows_its_code_and_no_other(code: str) -> None:
    """A case is about one problem; `rates check` answers on standard output, with 0 where it only notices, all others on
    standard error."""
    kept = golden(code)
    assert set(re.findall(r"(?<!\S)[A-Z][0-9]{3}(?= )", kept.out + kept.err)) == {code}
    assert bool(kept.out) == (kept.code in (0, 1))
    assert bool(kept.err) == (kept.code in (2, 4))


def test_every_code_is_shown() -> None:
    """Every code has a directory or a test of its own, and every directory is a code."""
    assert sorted(CASES + sorted(SHOWN_BELOW)) == sorted(CODES)
    assert SETUPS.keys() <= set(CASES)


def test_f007_file_that_grows_while_it_is_read(tmp_path: Path) -> None:
    """A download that is still running must not become a total."""
    path = tmp_path / "gifts.csv"
    path.write_text("timestamp,creator,gift,coins\n", "utf-8")
    with pytest.raises(Refusal) as refused, open_source(str(path), encoding="utf-8", stdin=None) as source:
        source.text.read()
        with path.open("a", encoding="utf-8") as download:
            download.write("2026-10-31T20:15:00Z,mara,Rose,1\n")
    assert [str(problem) for problem in refused.value.problems] == [
        f"{path} F007 the file changed while it was read (run again when it is complete)"
    ]


def test_f010_input_too_large_to_be_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input that never ends is refused before it fills the memory."""
    monkeypatch.setattr(sources, "MAX_WHOLE", 1_000)
    with pytest.raises(Refusal) as refused, open_source("-", encoding="utf-8", stdin=io.BytesIO(b"x" * 1_001)):
        pass
    assert [str(problem) for problem in refused.value.problems] == [
        "stdin F010 more than 1,000 bytes (save it to a file and name that)"
    ]


def test_k004_no_place_for_a_config(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown user without HOME has no folder for settings; reports go on without any."""
    pwd = pytest.importorskip("pwd", reason="this system has no user database")

    def unknown(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(Refusal) as refused:
        settings.config_path("")
    assert [str(problem) for problem in refused.value.problems] == [
        "K004 no home folder is known, so there is no place for settings (give --config FILE)"
    ]
    assert settings.read_config("") == Config()


def test_r302_without_git_no_revision_can_be_read() -> None:
    """Files and folders still can."""
    result = run("rates", "diff", "HEAD", "rates", PATH="/nonexistent")
    message = "R302 git cannot be asked: it is not installed (run inside the repository, or name files and folders)\n"
    assert result == Result(2, "", message)
    assert run("rates", "diff", "rates", "rates", PATH="/nonexistent").code == 0


def test_r303_a_folder_that_is_called_like_a_revision_is_neither(tmp_path: Path) -> None:
    """A folder HEAD^1 would make a change compare with itself."""
    shutil.copytree(ERRORS / "R201/base", tmp_path / "HEAD")
    for words in (("init", "-q"), ("-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "--allow-empty", "-m", "x")):
        subprocess.run([tool("git"), *words], cwd=tmp_path, check=True)
    result = run("rates", "diff", "HEAD", "./HEAD", cwd=tmp_path)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("R303 'HEAD' is a path, and a git revision too (")
    assert "write ./HEAD for the path; --base-rev HEAD or --merge-base HEAD for the revision" in result.err


def test_l006_ledger_that_another_command_is_writing_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ever."""
    monkeypatch.setattr(catalog, "PATIENCE", 0)
    with (
        opening.open_ledger(tmp_path / "ledger", create=True) as one,
        opening.open_ledger(tmp_path / "ledger") as other,
        one.writing(),
        pytest.raises(Refusal) as refused,
        other.writing(),
    ):
        pass
    assert refused.value.exit_code == 4
    assert [str(problem) for problem in refused.value.problems] == [
        f"{tmp_path / 'ledger'} L006 the ledger is busy (another diamondctl is writing to it; run again when it is done)"
    ]


def test_l012_temporary_folder_whose_name_is_a_pattern(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB would read every file that fits."""
    odd = tmp_path / "a*b"
    odd.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(odd))
    with pytest.raises(Refusal) as refused, columns.workshop():
        pass
    (problem,) = refused.value.problems
    assert str(problem._replace(file="")) == (
        "L012 the folder for temporary files has a name with * ? or [ (set TMPDIR to another folder)"
    )


def regenerate(codes: list[str]) -> None:
    """Write the answers of these cases (of all when none is named) as they are now."""
    for code in codes or CASES:
        with tempfile.TemporaryDirectory() as folder:
            prepare(code, Path(folder))
            now = answer(code, Path(folder))
        for name, text in (("exit", f"{now.code}\n"), ("stdout", now.out), ("stderr", now.err)):
            path = ERRORS / code / name
            path.unlink(missing_ok=True)
            if text:
                path.write_bytes(text.encode())
        print(f"{code}: exit {now.code}\n{now.out}{now.err}", end="")


if __name__ == "__main__":
    if sys.argv[1:2] != ["--regenerate"]:
        sys.exit("usage: python -m tests.test_errors --regenerate [CODE...]")
    regenerate(sys.argv[2:])
