"""Running the real entry point in tests, in an environment that makes its output the same everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"


class Result(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


def environment(**extra: str) -> dict[str, str]:
    """A small, fixed environment; nothing of the machine's own settings gets in. A blank value removes a name."""
    names = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "NO_COLOR": "1",
        "COLUMNS": "100",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "_TYPER_FORCE_DISABLE_TERMINAL": "1",
        **extra,
    }
    return {name: value for name, value in names.items() if value}


def run(*arguments: str, cwd: Path = ROOT, stdin: bytes = b"", **env: str) -> Result:
    """Run `diamondctl` with these arguments, as a process of its own."""
    return run_in(env, *arguments, cwd=cwd, stdin=stdin)


def run_in(env: dict[str, str], *arguments: str, cwd: Path = ROOT, stdin: bytes = b"") -> Result:
    """The same with environment variables of any name."""
    done = subprocess.run(
        [sys.executable, "-m", "diamondctl", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        env=environment(**env),
        timeout=120,
        check=False,
    )
    return Result(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
