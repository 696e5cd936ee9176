"""Completion in real shells: installed as a user does it, then Tab pressed in an interactive shell on a pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.support import environment, tool

SECONDS: Final = 60
# Names that a shell would take apart, or obey.
CONFIG: Final = """creators:
  mara: {region: US}
  "zoe b": {region: DE}
  "y$(touch owned)": {region: US}
  "x*": {region: US}
  "w'q": {region: US}
  "v;touch owned": {region: US}
  "u`touch owned`": {region: US}
  't\\q': {region: US}
  "s.t": {region: US}
"""
# What is typed before Tab -> the words of the line after it.
COMPLETED: Final = {
    "estim": ["estimate"],
    "report mo": ["report", "month"],
    "rates gifts le": ["rates", "gifts", "learn"],
    "summary --creat": ["summary", "--creator"],
    "summary -p this": ["summary", "-p", "this-month"],
    "rates which withh": ["rates", "which", "withholding"],
    "rates show eu": ["rates", "show", "euro"],
    "summary conf": ["summary", "config.yaml"],
    "config set creators.mara.sh": ["config", "set", "creators.mara.share"],
    "summary --creator ma": ["summary", "--creator", "mara"],
    "summary --creator zo": ["summary", "--creator", "zoe b"],
    "summary --creator y": ["summary", "--creator", "y$(touch owned)"],
    "summary --creator x": ["summary", "--creator", "x*"],
    "summary --creator v": ["summary", "--creator", "v;touch owned"],
    "summary --creator u": ["summary", "--creator", "u`touch owned`"],
}
QUOTED: Final = {
    "bash": {
        "summary --creator w": ["summary", "--creator", "w'q"],
        "summary --creator t": ["summary", "--creator", "t\\q"],
    },
    # Where quotes would be lost nothing is offered.
    "zsh": {
        "summary --creator w": ["summary", "--creator", "w"],
        "summary --creator t": ["summary", "--creator", "t"],
    },
}
# How a terminal is told to show something; a shell sends it between its lines.
_CONTROL: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[=>]|[()].)|[\x07\r]")


class Shell:
    """An interactive shell on a terminal of 200 columns."""

    def __init__(self, name: str, home: Path) -> None:
        self.name = name
        self._terminal, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        path = f"{home / 'bin'}:{os.environ['PATH']}"
        env = environment(PATH=path, HOME=str(home), COLUMNS="", TERM="xterm", DIAMONDCTL_CONFIG=str(home / "config.yaml"))
        self._process = subprocess.Popen(
            [tool(name), "-i"],
            cwd=home,
            env=env,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - Tab is for a shell that has a terminal
        )
        os.close(slave)
        self._shown = ""
        self._count = 0
        self.press("echo")

    def press(self, keys: str, then: str = "") -> list[str]:
        """Press keys, enter the line, and return the lines that its commands wrote."""
        self._count += 1
        os.write(self._terminal, f"{keys}; echo 'd'one {self._count}\n".encode())
        end = time.monotonic() + SECONDS
        # Not before the prompt: until then a shell takes keys as text.
        while not re.search(f"\ndone {self._count}\n.*ready> $", shown := _CONTROL.sub("", self._shown)):
            assert time.monotonic() < end, shown
            if select.select([self._terminal], [], [], 1)[0]:
                self._shown += os.read(self._terminal, 65_536).decode("utf-8", "replace")
        self._shown = ""
        return shown.splitlines()

    def completed(self, line: str) -> list[str]:
        """The words of a line of `diamondctl` after Tab was pressed at its end."""
        shown = self.press(f"diamondctl {line}\t\x01printf '<%s>\\n' \x05")
        return [word[1:-1] for word in shown if re.fullmatch("<.*>", word)][1:]

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        os.close(self._terminal)


@pytest.fixture(params=["bash", "zsh"])
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shell]:
    """A shell that was started after completion was installed in another one."""
    name = tool(request.param)
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "x-ray").touch()  # what a bare x* would become
    (tmp_path / f".{name}rc").write_text("PS1='ready> '\n")
    program = tmp_path / "bin" / "diamondctl"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m diamondctl "$@"\n')
    program.chmod(0o755)
    first = Shell(name, tmp_path)
    assert f"{name} completion installed in {tmp_path}" in "\n".join(first.press("diamondctl --install-completion"))
    first.close()
    shell = Shell(name, tmp_path)
    yield shell
    shell.close()
    assert not (tmp_path / "owned").exists()


def test_tab_completes_what_is_typed_to_words_that_are_meant(shell: Shell) -> None:
    """Commands, options, periods, rates, zones, files, settings and creators, whatever those are called."""
    if shell.name == "zsh":
        shell.completed("estim")  # Typer's script for zsh is loaded by the first Tab, and answers the next
    wanted = {**COMPLETED, **QUOTED[shell.name]}
    assert {typed: shell.completed(typed) for typed in wanted} == wanted
