"""Running the real entry point in tests, in an environment that makes its output the same everywhere.

`run` stays in this process: starting an interpreter costs six times what most commands do. It puts back all that a command
may change of the process. What is about a process itself (its start, its end, its pipes, its interpreter) takes `run_process`.
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from diamondctl.cli import main

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
# Variables that an interpreter reads when it starts, so that only a process of its own obeys them.
AT_START: Final = {"LC_ALL", "OMP_NUM_THREADS", "PYTHONHASHSEED", "PYTHONIOENCODING", "PYTHONPATH"}


class Result(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


def environment(**extra: str) -> dict[str, str]:
    """A small, fixed environment; only PATH and TMPDIR are the machine's own. A blank value removes a name."""
    names = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "TMPDIR": os.environ.get("TMPDIR", ""),
        "NO_COLOR": "1",
        "COLUMNS": "100",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "_TYPER_FORCE_DISABLE_TERMINAL": "1",
        "DIAMONDCTL_AS_OF": "2026-11-01",
        **extra,
    }
    return {name: value for name, value in names.items() if value}


def run(*arguments: str, cwd: Path = ROOT, stdin: bytes = b"", **env: str) -> Result:
    """Run `diamondctl` with these arguments, in this process."""
    return run_in(env, *arguments, cwd=cwd, stdin=stdin)


def run_in(env: Mapping[str, str], *arguments: str, cwd: Path | None = ROOT, stdin: bytes = b"") -> Result:
    """The same with environment variables of any name; `cwd=None` stays in the folder of this process."""
    assert not AT_START & env.keys(), "only a process of its own obeys these"
    out, err = io.BytesIO(), io.BytesIO()
    with _own_state(environment(**env), arguments, cwd), _streams(io.BytesIO(stdin), out, err):
        code = main.run(arguments)
    return _result(code, out.getvalue(), err.getvalue())


def run_process(*arguments: str, cwd: Path = ROOT, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Result:
    """Run `diamondctl` with these arguments, as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "diamondctl", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        env=environment(**(env or {})),
        timeout=120,
        check=False,
    )
    return _result(done.returncode, done.stdout, done.stderr)


def on_terminal(arguments: Sequence[str], env: Mapping[str, str], rows: int = 24, columns: int = 80) -> Result:
    """The same with standard output on a real pseudo-terminal of that size; standard error is a pipe."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    chunks: list[bytes] = []

    def read() -> None:
        with suppress(OSError):  # nobody writes any more
            while chunk := os.read(master, 65_536):
                chunks.append(chunk)

    reader = threading.Thread(target=read)
    reader.start()
    err = io.BytesIO()
    try:
        with (
            _own_state(environment(COLUMNS="", **env), tuple(arguments), ROOT),
            _streams(io.BytesIO(), io.BytesIO(), err),
            os.fdopen(slave, "w", encoding="utf-8") as shown,
        ):
            sys.stdout = shown
            code = main.run(arguments)
            shown.flush()
            termios.tcdrain(slave)
    finally:
        reader.join(10)
        os.close(master)
    return _result(code, b"".join(chunks).replace(b"\r\n", b"\n"), err.getvalue())


def tool(name: str) -> str:
    """A program from outside that a test needs; where it is not installed the test is skipped and says so."""
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    return name


def _result(code: int, out: bytes, err: bytes) -> Result:
    return Result(code, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))


@contextmanager
def _own_state(env: Mapping[str, str], arguments: tuple[str, ...], cwd: Path | None) -> Iterator[None]:
    """What a command finds and may change: environment, time zone, folder, umask, words, temporary folder, signals."""
    names, words, temporary = dict(os.environ), sys.argv, tempfile.tempdir
    folder = None if cwd is None else os.open(".", os.O_RDONLY)
    handlers = [(number, signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM)]
    mask = os.umask(0)
    os.umask(mask)
    try:
        _set_environment(env)
        sys.argv = ["diamondctl", *arguments]
        tempfile.tempdir = None  # found again by the environment
        if cwd is not None:
            os.chdir(cwd)
        yield
    finally:
        if folder is not None:
            os.fchdir(folder)
            os.close(folder)
        os.umask(mask)
        for number, handler in handlers:
            signal.signal(number, handler)
        tempfile.tempdir, sys.argv = temporary, words
        _set_environment(names)


def _set_environment(names: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(names)
    time.tzset()


@contextmanager
def _streams(stdin: io.BytesIO, out: io.BytesIO, err: io.BytesIO) -> Iterator[None]:
    """Standard streams as an interpreter makes them for pipes in the locale C.UTF-8."""
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = io.TextIOWrapper(stdin, "utf-8", "surrogateescape")
    sys.stdout = shown = io.TextIOWrapper(out, "utf-8", "surrogateescape")
    sys.stderr = said = io.TextIOWrapper(err, "utf-8", "backslashreplace", line_buffering=True)
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
        shown.detach()  # writes what is left, and leaves the bytes open
        said.detach()
