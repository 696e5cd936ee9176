"""Transcripts: what was typed and everything that came back. Compared whole; `python -m tests.transcript` writes them again.

$ [NAME=VALUE ...] diamondctl ARGUMENTS      (a value that is empty removes the variable)
standard output
--- stderr
standard error, if any
--- exit 2                                   (only when it is not 0)

Those in `ledger/` begin in an empty folder of their own, with `examples` and `files` beside the ledger, and go on with what
the commands before have stored. What differs from run to run is put in one form: times of import, aliases, sizes and hashes
of backups.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from tests.support import AT_START, EXAMPLES, ROOT, Result, run_in, run_process, tool

TRANSCRIPTS = ROOT / "tests" / "transcripts"
LEDGER = TRANSCRIPTS / "ledger"


class Step(NamedTuple):
    """One command line and the text that should follow it."""

    line: str
    expected: str


def parse(text: str) -> list[Step]:
    """Steps of a transcript."""
    steps: list[Step] = []
    for line in text.splitlines(keepends=True):
        if line.startswith("$ "):
            steps.append(Step(line[2:].rstrip("\n"), ""))
        else:
            steps[-1] = steps[-1]._replace(expected=steps[-1].expected + line)
    return steps


def execute(line: str, cwd: Path = ROOT, **env: str) -> Result:
    """Run one command line from the top of the repository, or in another folder."""
    words = shlex.split(line)
    names = env
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        names[name] = value
    assert words[0] == "diamondctl", line
    if AT_START & names.keys():
        return run_process(*words[1:], cwd=cwd, env=names)
    return run_in(names, *words[1:], cwd=cwd)


def told(path: Path) -> Iterator[tuple[Step, str]]:
    """Steps of a transcript in `ledger/` with what is printed today. `$ sed ...` stands for a person with an editor."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "examples").symlink_to(EXAMPLES)
        (folder / "files").symlink_to(LEDGER / "files")
        people: dict[str, str] = {}
        for step in parse(path.read_text(encoding="utf-8")):
            if step.line.startswith("sed "):
                tool("sed")
                subprocess.run(shlex.split(step.line), cwd=folder, check=True)
                yield step, ""
            else:
                yield step, stable(show(execute(step.line, folder, DIAMONDCTL_LEDGER="ledger")), people)


def stable(text: str, people: dict[str, str]) -> str:
    """The text with everything in one form that differs from run to run, as wide as it was; `people` has known aliases."""
    now = datetime.now(UTC)
    for day in (now, now - timedelta(days=1)):
        # In a narrow column the time stands below the day.
        text = re.sub(rf"{day:%Y-%m-%d}( | *\n.* )[0-9:]{{8}}\b", r"2026-11-24\g<1>12:00:00", text)
    text = re.sub(r"fan-([0-9a-f]{12})", lambda match: "fan-" + people.setdefault(match[1], f"{len(people) + 1:012}"), text)
    text = re.sub(r"(?<=SHA-256: )[0-9a-f]{64}", "0" * 64, text)
    return re.sub(r"\([0-9,]+ bytes\)", "(... bytes)", text)


def show(result: Result) -> str:
    """A result as a transcript shows it."""
    text = result.out
    if result.err:
        text += "--- stderr\n" + result.err
    if result.code:
        text += f"--- exit {result.code}\n"
    return text


def rewrite(path: Path) -> None:
    """Write a transcript again from its command lines."""
    steps = parse(path.read_text(encoding="utf-8"))
    path.write_text("".join(f"$ {step.line}\n{show(execute(step.line))}" for step in steps), encoding="utf-8")


if __name__ == "__main__":
    for transcript in sorted(TRANSCRIPTS.glob("*.txt")):
        rewrite(transcript)
    for transcript in sorted(LEDGER.glob("*.txt")):
        transcript.write_text("".join(f"$ {step.line}\n{text}" for step, text in told(transcript)), encoding="utf-8")
