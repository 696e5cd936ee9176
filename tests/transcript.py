"""Transcripts: what was typed and everything that came back. Compared whole; `python -m tests.transcript` writes them again.

$ [NAME=VALUE ...] diamondctl ARGUMENTS      (a value that is empty removes the variable)
standard output
--- stderr
standard error, if any
--- exit 2                                   (only when it is not 0)
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import NamedTuple

from tests.support import ROOT, Result, run_in

TRANSCRIPTS = ROOT / "tests" / "transcripts"


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


def execute(line: str) -> Result:
    """Run one command line from the top of the repository."""
    words = shlex.split(line)
    names: dict[str, str] = {}
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        names[name] = value
    assert words[0] == "diamondctl", line
    return run_in(names, *words[1:])


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
