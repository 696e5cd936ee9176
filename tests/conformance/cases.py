"""The cases, and what a program says of them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent


class Answer(NamedTuple):
    """What a case should come to, or what a program said; None: refused."""

    gifts: int | None
    coins: int | None


REFUSED = Answer(None, None)


class Case(NamedTuple):
    """One input and what it should come to."""

    name: str
    path: Path
    about: str
    expected: Answer

    @property
    def group(self) -> str:
        """`rows`, `events`, or `refused` for rows that must be refused."""
        return self.name.partition("-")[0]


def cases() -> list[Case]:
    """All of them, by name."""
    found = []
    for folder in sorted(path.parent for path in FOLDER.glob("*/expected.json")):
        said = json.loads((folder / "expected.json").read_text("utf-8"))
        (path,) = folder.glob("input.*")
        expected = REFUSED if said.get("refused") else Answer(said["gifts"], said["coins"])
        found.append(Case(folder.name, path, said["about"], expected))
    return found


def ask(command: Sequence[str], path: Path) -> Answer:
    """What a command says of an input; what it prints that is no answer counts as a refusal."""
    done = subprocess.run([*command, str(path)], capture_output=True, timeout=60, check=False)
    try:
        said = json.loads(done.stdout) if done.returncode == 0 else {}
        return Answer(int(said["gifts"]), int(said["coins"]))
    except (ValueError, KeyError, TypeError):
        return REFUSED


# What is held up in the table: how it is named, where its advice stands, the command that follows it.
SUBJECTS = (
    ("diamondctl", "", "tests.conformance.ours"),
    ("TikTok-Live-Connector", "https://github.com/zerodytrash/TikTok-Live-Connector#gift", "tests.conformance.connector"),
    ("TikTokLive (Python)", "https://github.com/isaackogan/TikTokLive#giftevent", "tests.conformance.tiktoklive"),
    ("GoTikTokLive", "https://github.com/steampoweredtaco/gotiktoklive#giftevent", "tests.conformance.gotiktoklive"),
    ("every frame added up", "", "tests.conformance.every_frame"),
)


def table() -> str:
    """How many of the cases of LIVE events each passes, as Markdown, and which ones it does not."""
    found = [case for case in cases() if case.name.startswith("events-")]
    lines = ["| Advice | Passes | Goes wrong on |", "| --- | ---: | --- |"]
    for name, address, module in SUBJECTS:
        right = passed(module, found)
        wrong = [case.removeprefix("events-") for case, good in right.items() if not good]
        shown = f"[{name}]({address})" if address else name
        lines.append(f"| {shown} | {sum(right.values())} of {len(found)} | {', '.join(wrong) or '-'} |")
    return "\n".join(lines)


def passed(module: str, found: Sequence[Case]) -> dict[str, bool]:
    """Which cases a program of ours passes; one that ends in an error has refused the input."""
    answer = import_module(module).answer
    right = {}
    for case in found:
        try:
            said = answer(str(case.path))
        except (ValueError, KeyError, TypeError, AttributeError):
            said = None
        right[case.name] = (REFUSED if said is None else Answer(**said)) == case.expected
    return right
