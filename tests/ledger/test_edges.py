"""A ledger at the edges of a machine: foreign, read-only, locked, full, interrupted, without a home, under odd names."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

import diamondctl
from diamondctl.ledger import catalog, opening
from tests.ledger import state
from tests.ledger.state import HEADER, gifts, inside, run_here
from tests.support import ROOT, Result, environment, run, tool

SUMMARY = ("summary", "--region", "US")
COMMANDS = (
    SUMMARY,
    ("import", "b.csv"),
    ("undo", "d001"),
    ("undo", "a001"),
    ("privacy", "erase", "fan 1"),
    ("backup", "new.zip"),
    ("doctor",),
)
NOBODY = 65534


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with a ledger of two documents."""
    folder = tmp_path / "world"
    state.make_world(folder)
    return folder


def commit(path: Path, *statements: str) -> None:
    """Change a database with SQLite alone."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_first_import_that_fails_as_it_is_stored_leaves_no_rows_without_a_catalog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows are in their place before the catalog names them; a disk that is full then must not leave them alone."""

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    (tmp_path / "a.csv").write_text(f"{HEADER}\n{gifts(3)}")
    with inside(tmp_path):
        with monkeypatch.context() as patched:
            patched.setattr(catalog.Ledger, "commit", full)
            assert run_here("import", "a.csv", "--ledger", "ledger").code == 4
        assert not Path("ledger").exists()
        assert run_here("import", "a.csv", "--ledger", "ledger").code == 0


# What may stand where a catalog should.

MARK = f"PRAGMA application_id = {opening.APPLICATION_ID}"
NOT_OURS: dict[str, tuple[Callable[[Path], object], str]] = {
    "an empty file": (lambda path: path.write_bytes(b""), "L002"),
    "a text": (lambda path: path.write_bytes(b"hello\n" * 2_000), "L002"),
    "a folder": (lambda path: path.mkdir(), "L002"),
    "a link": (lambda path: path.symlink_to("../kept.zip"), "L002"),
    "a link to nothing": (lambda path: path.symlink_to("nowhere"), "L002"),
    "a FIFO": (os.mkfifo, "L002"),
    "another program's database": (lambda path: commit(path, "CREATE TABLE x (a)", "PRAGMA application_id = 7"), "L002"),
    "a newer ledger": (lambda path: commit(path, MARK, f"PRAGMA user_version = {catalog.VERSION + 1}"), "L004"),
    "an unfinished one": (lambda path: commit(path, MARK), "L005"),
}  # fmt: skip


@pytest.mark.parametrize("what", NOT_OURS)
def test_what_is_no_ledger_of_ours_is_refused_and_left_alone(here: Path, what: str) -> None:
    """By every command, with exit code 4 and its code, at once."""
    make, code = NOT_OURS[what]
    file = here / "ledger" / "catalog.sqlite"
    file.unlink()
    make(file)
    before = file.lstat()
    with inside(here):
        for command in COMMANDS:
            refused = run_here(*command, "--ledger", "ledger")
            said = refused.err or refused.out
            assert (refused.code, code in said or "damaged" in refused.out) == (4, True), refused
    after = file.lstat()
    assert (after.st_ino, after.st_size, after.st_mtime_ns) == (before.st_ino, before.st_size, before.st_mtime_ns)
    assert not (here / "new.zip").exists()


def test_a_folder_that_something_else_uses_is_refused(tmp_path: Path) -> None:
    """Nothing is put beside other people's files; a file is no folder."""
    state.write_inputs(tmp_path)
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "thesis.txt").write_text("mine", "utf-8")
    (tmp_path / "file").write_text("mine", "utf-8")
    with inside(tmp_path):
        for name, code in (("used", "L003"), ("file", "L002"), ("file/below", "L007")):
            refused = run_here("import", "a.csv", "--ledger", name)
            assert (refused.code, code in refused.err) == (4, True), refused
    assert os.listdir(tmp_path / "used") == ["thesis.txt"]


@pytest.mark.parametrize("part", ["documents", "rejected"])
def test_an_empty_folder_that_was_lost_is_made_again(tmp_path: Path, part: str) -> None:
    """Archives and version control forget empty folders."""
    state.write_inputs(tmp_path)
    with inside(tmp_path):
        assert run_here("import", "a.csv", "--ledger", "ledger").code == 0
        assert run_here("undo", "d001", "--ledger", "ledger").code == 0
        Path("ledger", part).rmdir()
        assert run_here("import", "bad.csv", "--keep-good", "--ledger", "ledger").code == 3
    assert stat.S_IMODE((tmp_path / "ledger" / part).stat().st_mode) == 0o700
    assert state.damage(tmp_path / "ledger") == []


# Something odd in the place of a file of rows.


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_in_the_place_of_rows_is_damage_and_never_waited_for(here: Path, make: Callable[[Path], None]) -> None:
    """A FIFO would be waited for for ever."""
    with opening.open_ledger(here / "ledger") as book:
        (name,) = book.raw.execute("SELECT file FROM documents WHERE name = 'a.csv'").fetchone()
    path = here / "ledger" / "documents" / name
    path.unlink()
    make(path)
    with inside(here):
        for command in (("import", "b.csv"), ("backup", "new.zip"), ("doctor",)):
            assert run_here(*command, "--ledger", "ledger").code == 4
        assert run_here(*SUMMARY, "--ledger", "ledger").code == 3


# Locks.


def test_a_writer_waits_for_another_and_gives_up_in_the_end(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers do not wait at all while the other one has not begun to commit."""
    with closing(sqlite3.connect(here / "ledger" / "catalog.sqlite", isolation_level=None)) as other, inside(here):
        other.execute("BEGIN IMMEDIATE")
        assert run_here(*SUMMARY, "--ledger", "ledger").code == 3
        assert run_here("doctor", "--ledger", "ledger").code == 0
        monkeypatch.setattr(catalog, "PATIENCE", 200)
        refused = run_here("import", "b.csv", "--ledger", "ledger")
        assert (refused.code, "L006 the ledger is busy" in refused.err) == (4, True), refused
        other.execute("ROLLBACK")
        assert run_here("import", "b.csv", "--ledger", "ledger").code == 0
    assert state.strangers(here / "ledger") == []


def test_a_reader_waits_for_the_moment_of_a_commit(here: Path) -> None:
    """It is not refused."""
    other = sqlite3.connect(here / "ledger" / "catalog.sqlite", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    timer = threading.Timer(0.5, lambda: other.execute("ROLLBACK"))
    timer.start()
    with inside(here):
        assert run_here(*SUMMARY, "--ledger", "ledger").code == 3
    timer.join()
    other.close()


# Permissions. Root may do everything, so the command runs as somebody else.


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that somebody else can reach, which pytest's own is not, and the one for temporary files need not be."""
    reachable = [
        place for place in (tempfile.gettempdir(), "/tmp", "/var/tmp") if os.geteuid() != 0 or open_to_all(Path(place))
    ]
    if not reachable:
        pytest.skip("no folder for temporary files is open to every user")
    folder = Path(tempfile.mkdtemp(prefix="edges-", dir=reachable[0])).resolve()
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for path in folder.rglob("*"):
            if path.is_dir():
                path.chmod(0o700)
        shutil.rmtree(folder)


def open_to_all(place: Path) -> bool:
    """Whether every user may pass to it and make something there."""
    place = place.resolve()
    passed = all(folder.stat().st_mode & stat.S_IXOTH for folder in place.parents)
    return passed and place.stat().st_mode & 0o003 == 0o003


def as_nobody(user: int, *commands: tuple[str, ...], **env: str) -> list[Result]:
    """What commands do in a process without rights (of user `user`, where this one is root's), in the folder of this one.

    That user may have no way to the code or to the rates beside it: whatever is imported late is imported before, by the same
    commands in a copy, and the rates lie beside a place that can be reached.
    """
    with open_folder() as folder:
        shutil.copytree(ROOT / "rates", folder / "rates")
        (folder / "tmp").mkdir()
        (folder / "tmp").chmod(0o777)
        env = {"TMPDIR": str(folder / "tmp"), **env}
        shutil.copytree(".", folder / "copy")
        with inside(folder / "copy"):
            _each(commands, env)

        def work() -> list[Result]:
            diamondctl.__file__ = str(folder / "diamondctl" / "__init__.py")
            return _each(commands, env)

        return _in_process(user, work)


def _each(commands: tuple[tuple[str, ...], ...], env: dict[str, str]) -> list[Result]:
    return [run_here(*command, **env) for command in commands]


def _in_process(user: int, work: Callable[[], list[Result]]) -> list[Result]:
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(readable)
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)
            with os.fdopen(writable, "w") as stream:
                json.dump([list(result) for result in work()], stream)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writable)
    with os.fdopen(readable) as stream:
        text = stream.read()
    assert os.waitpid(child, 0)[1] == 0
    return [Result(*item) for item in json.loads(text)]


def give(folder: Path, user: int) -> None:
    """Everything below a folder belongs to somebody else, if this is root."""
    if os.geteuid() == 0:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, user, user)


def test_a_ledger_that_may_only_be_read_can_be_read() -> None:
    """Summary, doctor and lists work; every writer is refused with one line."""
    with open_folder() as folder:
        state.make_world(folder / "world")
        give(folder, NOBODY)
        ledger = folder / "world" / "ledger"
        for path in sorted(ledger.rglob("*"), reverse=True):
            path.chmod(0o500 if path.is_dir() else 0o400)
        ledger.chmod(0o500)
        readers = (SUMMARY, ("records", "list"), ("records", "show", "d001"), ("doctor",), ("backup", "new.zip"))
        writers = (("import", "b.csv"), ("undo", "d001"), ("privacy", "erase", "fan 1"))
        with inside(folder / "world"):
            done = as_nobody(NOBODY, *((*command, "--ledger", "ledger") for command in (*readers, *writers)))
    assert [result.code for result in done[: len(readers)]] == [3, 3, 0, 0, 0], done
    for result in done[len(readers) :]:
        assert (result.code, result.err.count("\n"), "L007" in result.err) == (4, 1, True), result


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a ledger that belongs to somebody else")
def test_somebody_else_s_ledger_is_refused_with_one_line() -> None:
    """It is there, so the answer is not that there is none."""
    with open_folder() as folder:
        state.make_world(folder / "world")
        (folder / "world").chmod(0o777)
        with inside(folder / "world"):
            done = as_nobody(NOBODY, *((*command, "--ledger", "ledger") for command in COMMANDS))
    for result in done:
        assert (result.code, result.err.count("\n")) == (4, 1), result
        assert "L007 the ledger cannot be read or written: Permission denied" in result.err


def test_a_folder_that_may_not_be_written_gets_no_ledger() -> None:
    """One line, exit code 4."""
    with open_folder() as folder:
        state.write_inputs(folder)
        give(folder, NOBODY)
        folder.chmod(0o555)
        with inside(folder):
            (done,) = as_nobody(NOBODY, ("import", "a.csv", "--ledger", "new/ledger"))
        folder.chmod(0o755)
    assert (done.code, done.err) == (
        4,
        "new/ledger L007 a ledger cannot be made here: Permission denied (choose another with --ledger DIR)\n",
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a user that the machine does not know")
def test_without_a_home_the_ledger_s_place_has_to_be_named() -> None:
    """For a user id that the machine does not know."""
    with open_folder() as folder:
        state.write_inputs(folder)
        with inside(folder):
            commands = (SUMMARY, ("import", "a.csv"), ("import", "a.csv", "--ledger", "/nowhere/x"))
            summary, imported, named = as_nobody(54_321, *commands, HOME="")
    said = "L001 no home folder, so no place for the ledger (name the folder: --ledger DIR)\n"
    assert (summary.code, summary.err) == (imported.code, imported.err) == (4, said)
    assert (named.code, "L007" in named.err) == (4, True), named


# Disks that are full.


def test_a_file_that_may_not_grow_is_a_full_disk(here: Path) -> None:
    """RLIMIT_FSIZE stops every file at some size; nothing is stored, nothing is left."""
    (here / "large.csv").write_text(f"{HEADER}\n{gifts(4_000, prefix='l', day=1)}", "utf-8")
    before = state.content(here / "ledger")
    stored = set()
    for size in (0, 1_000, 4_096, 30_000, 60_000, 120_000, 400_000, 4_000_000):
        done = subprocess.run(
            [sys.executable, "-m", "diamondctl", "import", "large.csv", "--ledger", "ledger"],
            cwd=here,
            # A compiled module that is cut off as well would be found by everybody after it.
            env=environment(TMPDIR=str(here / "tmp"), PYTHONDONTWRITEBYTECODE="1"),
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size)),
        )
        stored.add(done.returncode)
        if done.returncode == 0:
            assert state.content(here / "ledger") != before
            break
        assert (done.returncode, done.stderr.count("\n"), "L007" in done.stderr) == (4, 1, True), (size, done)
        assert state.content(here / "ledger") == before
        assert os.listdir(here / "tmp") == []
    assert stored == {0, 4}
    assert state.strangers(here / "ledger") == []


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of this size; skips where none can be mounted."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode != 0:
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="mounting a small disk takes root")
def test_a_full_disk_stores_nothing_and_room_heals(tmp_path: Path) -> None:
    """Import after import until there is no room; then what is there is whole, and goes on when there is room again."""
    with small_disk(tmp_path / "disk", "250k") as disk, inside(tmp_path):
        ledger = str(disk / "ledger")
        good = 0
        while True:
            (tmp_path / "f.csv").write_text(f"{HEADER}\n{gifts(1_500, prefix=f'f{good}-')}", "utf-8")
            done = run_here("import", "f.csv", "--ledger", ledger)
            if done.code:
                break
            good += 1
            assert good < 100
        assert good >= 1
        assert (done.code, done.err.count("\n"), "L007" in done.err) == (4, 1, True), done
        assert len(state.content(Path(ledger)).documents) == good
        assert state.damage(Path(ledger)) == []
        filler = disk / "filler"
        with pytest.raises(OSError, match="No space left"), filler.open("wb", buffering=0) as stream:
            while True:
                stream.write(b"0" * 4_096)
        for command in (("undo", "d001"), ("privacy", "erase", "fan 1"), ("import", "f.csv")):
            refused = run_here(*command, "--ledger", ledger)
            assert (refused.code, "L007" in refused.err) == (4, True), refused
        assert run_here(*SUMMARY, "--ledger", ledger).code == 0
        filler.unlink()
        assert run_here("undo", "d001", "--ledger", ledger).code == 0
        assert run_here("import", "f.csv", "--ledger", ledger).code in (0, 4)
        assert state.damage(Path(ledger)) == []


# Signals.


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("way", ["fast", "strict"])
def test_a_large_import_that_is_stopped_stores_nothing_and_leaves_nothing(here: Path, number: int, way: str) -> None:
    """While it reads and while it writes rows."""
    count = 40_000 if way == "fast" else 15_000
    (here / "large.csv").write_text(
        f"{HEADER}\n" + "".join(f"2026-10-01T00:00:00Z,mara,Rose,1,1,big{n},fan {n % 99},,s1,,US\n" for n in range(count)),
        "utf-8",
    )
    before = state.content(here / "ledger")
    process = subprocess.Popen(
        [sys.executable, "-m", "diamondctl", "import", "large.csv", "--ledger", "ledger"],
        cwd=here,
        env=environment(TMPDIR=str(here / "tmp"), DIAMONDCTL_NO_FAST_PATH="" if way == "fast" else "1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not any(here.glob("tmp/diamondctl-*/*")) and time.monotonic() < deadline:
        time.sleep(0.001)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    said = {signal.SIGINT: "Interrupted", signal.SIGTERM: "Terminated"}[signal.Signals(number)]
    assert (process.returncode, out, err) == (128 + number, "", f"{said}. Nothing was changed.\n")
    assert state.content(here / "ledger") == before
    assert os.listdir(here / "tmp") == []
    assert not [name for name in os.listdir(here / "ledger" / "documents") if name.startswith(".")]


# What is said when the report cannot be written, after the change is stored.


def test_what_is_stored_stays_stored_when_nobody_can_read_the_report(here: Path) -> None:
    """Exit code 4 and one line that says so; 141 where the reader left, which happens only after everything is done."""
    script = {
        "full": ('$T import b.csv --ledger ledger >/dev/full; echo "$?" >&2', 4),
        "pipe": ('{ $T import b.csv --ledger ledger; echo "$?" >&2; } | true', 141),
        "closed": ('$T import b.csv --ledger ledger >&-; echo "$?" >&2', 4),
        "file": ('$T import b.csv --ledger ledger -o nowhere/x.json; echo "$?" >&2', 4),
    }
    for name, (text, code) in script.items():
        folder = here.parent / name
        shutil.copytree(here, folder)
        env = {**environment(), "T": f"{sys.executable} -m diamondctl"}
        done = subprocess.run([tool("bash"), "-c", text], cwd=folder, env=env, capture_output=True, text=True, check=False)
        *lines, found = done.stderr.splitlines()
        assert found == str(code), (name, done)
        stored = len(state.content(folder / "ledger").documents) == 3
        if name == "closed":  # refused before any work
            assert (stored, lines) == (False, ["A009 standard output is closed (redirect it, or use -o FILE)"])
        elif name == "pipe":
            assert (stored, lines) == (True, [])
        else:
            assert stored, (name, done)
            assert len(lines) == 1
            assert "he change is stored; only the report is missing" in lines[0]


# Names.

ODD = ("l[1]*?", "-x", "a'b\"c", "e;f%20#?x\nl", os.fsdecode(b"\xff") + "ünlü", "file:x")


@pytest.mark.parametrize("name", ODD)
def test_a_ledger_may_have_any_name(tmp_path: Path, name: str) -> None:
    """A name is only ever a name."""
    state.write_inputs(tmp_path)
    with inside(tmp_path):
        for command, code in (
            (("import", "a.csv", "b.csv"), 0),
            (("import", "bad.csv", "--keep-good"), 3),
            (SUMMARY, 3),
            (("records", "show", "d001"), 0),
            (("undo", "d001"), 0),
            (("privacy", "erase", state.FAN), 0),
            (("doctor",), 0),
            (("backup", "new.zip"), 0),
        ):
            assert run_here(*command, f"--ledger={name}").code == code, command
        assert run_here("restore", "new.zip", f"--ledger={name}-again").code == 0
        assert state.content(Path(name)) == state.content(Path(f"{name}-again"))


def test_a_folder_for_temporary_files_is_checked(here: Path) -> None:
    """One with a pattern for a name is refused; one that is not there is passed over for the next."""
    (here / "g[1]*?").mkdir()
    refused = run("import", "b.csv", "--ledger", "ledger", cwd=here, TMPDIR=str(here / "g[1]*?"))
    assert (refused.code, "L012" in refused.err) == (2, True), refused
    assert os.listdir(here / "g[1]*?") == []
    assert state.strangers(here / "ledger") == []
    assert run("import", "b.csv", "--ledger", "ledger", cwd=here, TMPDIR=str(here / "nowhere")).code == 0


def test_texts_that_are_not_utf8_are_usage_errors_and_such_file_names_are_shown(here: Path) -> None:
    """They could not be stored."""
    odd = os.fsdecode(b"\xff")
    (here / f"{odd}.csv").write_bytes((here / "b.csv").read_bytes())
    money = ("25", "USD", "--date", "2026-10-31")
    with inside(here):
        for command in (
            ("import", "b.csv", "--creator", odd),
            ("record", "adjustment", "bonus", *money, "--reason", odd),
            ("record", "adjustment", "bonus", *money, "--reason", "r", "--creator", odd),
            ("privacy", "erase", odd),
            ("records", "rejected", "d002", "--dismiss", odd),
        ):
            refused = run_here(*command, "--ledger", "ledger")
            assert (refused.code, "is not UTF-8" in refused.err) == (2, True), refused
        assert run_here("import", f"{odd}.csv", "--ledger", "ledger").code == 0
    assert [item.name for item in state.content(here / "ledger").documents] == ["a.csv", "bad.csv", "\\xff.csv"]


def test_restore_goes_into_the_folder_one_stands_in(here: Path) -> None:
    """`.` is a name too, if the folder is empty."""
    (here / "empty").mkdir()
    with inside(here / "empty"):
        assert run_here("restore", "../kept.zip", "--ledger", ".").code == 0
    assert state.content(here / "empty") == state.content(here / "ledger")
