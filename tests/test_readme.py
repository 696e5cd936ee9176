"""The README is true: its commands are run, its outputs are compared whole, and CI runs its test command."""

from __future__ import annotations

import re
import shlex
import tempfile
from pathlib import Path

import pytest

from tests.support import ROOT, run
from tests.transcript import execute, parse, show

README = ROOT / "README.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.S)


def blocks() -> list[str]:
    """Console blocks of the README."""
    return BLOCK.findall(README.read_text(encoding="utf-8"))


def rewrite() -> None:
    """Put the output of today into every console block."""

    def again(match: re.Match[str]) -> str:
        with tempfile.TemporaryDirectory() as home:
            steps = "".join(f"$ {step.line}\n{output(step.line, home)}" for step in parse(match[1]))
        return f"```console\n{steps}```"

    README.write_text(BLOCK.sub(again, README.read_text(encoding="utf-8")), encoding="utf-8")


def output(line: str, home: str) -> str:
    """What a command line of the README prints; the steps of one block share a home folder and so a ledger."""
    if " -o " in line:
        return ""
    return show(execute(f"HOME={shlex.quote(home)} {line}")).replace(home, "~")


@pytest.mark.parametrize("block", blocks())
def test_a_console_block_is_what_is_printed(block: str, tmp_path: Path) -> None:
    """`python -m tests.test_readme` writes them again."""
    for step in parse(block):
        assert output(step.line, str(tmp_path)) == step.expected


def test_ci_runs_exactly_the_readme_test_command() -> None:
    """One line, the same in both places."""
    commands = re.findall(r"```sh\n(.*?)\n```", README.read_text(encoding="utf-8"), re.S)
    assert len(commands) == 2
    assert not [command for command in commands if "\n" in command]
    assert commands[1] in (ROOT / ".ci/run").read_text().splitlines()


def test_the_readme_names_only_commands_and_options_that_exist() -> None:
    """Every `--option` stands in the help of some command."""
    shown = "".join(run(*words, "--help-all").out for words in COMMANDS)
    options = set(re.findall(r"`[^`\n]*?(--[a-z][a-z-]+)", README.read_text(encoding="utf-8")))
    assert options <= set(re.findall(r"--[a-z][a-z-]+", shown)) | {"--quiet", "--editable"}


COMMANDS = (
    [],
    ["summary"],
    ["fees"],
    ["balance"],
    ["payout", "check"],
    ["project"],
    *(["explain", name] for name in ("reward", "stream")),
    *(["profile", name] for name in ("sniff", "list", "test")),
    ["import"],
    *(["record", name] for name in ("payout", "balance", "credit", "income", "adjustment")),
    *(["records", name] for name in ("list", "show", "rejected")),
    ["undo"],
    *(["privacy", name] for name in ("status", "consent", "erase")),
    ["doctor"],
    ["backup"],
    ["restore"],
    *(["rates", name] for name in ("list", "show", "which", "check", "diff", "impact", "coverage", "new", "explain")),
    ["init"],
    *(["config", name] for name in ("show", "get", "set", "path")),
)

if __name__ == "__main__":
    rewrite()
