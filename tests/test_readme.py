"""The README and the manual are true: their commands are run and their outputs compared whole; CI runs the test command."""

from __future__ import annotations

import re
import shlex
import sys
import tempfile
from pathlib import Path

import pytest

from diamondctl.cli.app import command
from diamondctl.topics import topics
from tests.support import ROOT
from tests.transcript import execute, parse, show, stable

README = ROOT / "README.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.S)


PAGES = {"README": README, **{topic.name: ROOT / f"diamondctl/topics/{topic.name}.md" for topic in topics()}}


def blocks() -> list[tuple[str, str]]:
    """Console blocks of the README and of every topic, with the page they stand on."""
    return [(name, block) for name, path in PAGES.items() for block in BLOCK.findall(path.read_text(encoding="utf-8"))]


def rewrite(names: list[str]) -> None:
    """Put the output of today into every console block of some pages; of all where none is named."""

    def again(match: re.Match[str]) -> str:
        with tempfile.TemporaryDirectory() as home:
            steps = "".join(f"$ {step.line}\n{output(step.line, home)}" for step in parse(match[1]))
        return f"```console\n{steps}```"

    for path in (PAGES[name] for name in names or PAGES):
        path.write_text(BLOCK.sub(again, path.read_text(encoding="utf-8")), encoding="utf-8")


def output(line: str, home: str) -> str:
    """What a command line of the README prints; the steps of one block share a home folder and so a ledger."""
    if " -o " in line:
        return ""
    return stable(show(execute(f"HOME={shlex.quote(home)} {line}")).replace(home, "~"), {})


@pytest.mark.parametrize(("page", "block"), blocks())
def test_a_console_block_is_what_is_printed(page: str, block: str, tmp_path: Path) -> None:
    """`python -m tests.test_readme [PAGE...]` writes them again."""
    for step in parse(block):
        assert output(step.line, str(tmp_path)) == step.expected


def test_ci_runs_exactly_the_readme_test_command() -> None:
    """One line, the same in both places."""
    commands = re.findall(r"```sh\n(.*?)\n```", README.read_text(encoding="utf-8"), re.S)
    assert len(commands) == 2
    assert not [command for command in commands if "\n" in command]
    assert commands[1] in (ROOT / ".ci/run").read_text().splitlines()


def test_the_readme_names_only_commands_and_options_that_exist() -> None:
    """Every `--option` is one of some command; so on every page of the manual."""
    known = {name for _, found in command().commands_below() for item in found.params for name in item.opts}
    for name, path in PAGES.items():
        options = set(re.findall(r"`[^`\n]*?(--[a-z][a-z-]+)", path.read_text(encoding="utf-8")))
        of_pip = {"--quiet", "--editable", "--no-deps", "--require-hashes"}
        assert options <= known | of_pip | {"--help", "--version", "--install-completion"}, name


def test_the_readme_is_a_front_page_and_its_links_lead_somewhere() -> None:
    """Short enough to be read; whatever else there is to say stands in the manual."""
    text = README.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 260
    for name, path in PAGES.items():
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8")):
            assert link.startswith("https://") or (path.parent / link).exists(), (name, link)


if __name__ == "__main__":
    rewrite(sys.argv[1:])
