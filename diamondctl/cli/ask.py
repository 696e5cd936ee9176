"""Questions on a terminal: checked, never without end, and each may be left open."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

import typer

from diamondctl.problems import Misuse, Refusal
from diamondctl.render.text import clean

TRIES: Final = 3


def can_ask() -> bool:
    """Whether somebody sits at a terminal who could answer."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr is not None


def ask(question: str, check: Callable[[str], str], *, open_: str = "left open") -> str:
    """An answer that `check` takes; blank after the third that it does not. The end of input, or Ctrl-C, ends the command."""
    for attempt in range(1, TRIES + 1):
        sys.stderr.write(question)
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            sys.stderr.write("\n")
            raise typer.Abort
        try:
            return check(line.strip())
        except Refusal as refusal:
            say("\n".join(f"{item.message}: {item.hint}" for item in refusal.problems), warning=True)
        except (Misuse, typer.BadParameter) as error:
            say(str(error), warning=True)
        if attempt == TRIES:
            say(f"No answer that fits: {open_}.", warning=True)
    return ""


def say(text: str, *, warning: bool = False) -> None:
    """A sentence on standard output, or on standard error."""
    stream = sys.stderr if warning else sys.stdout
    stream.write("\n".join(clean(line, stream.encoding) for line in text.split("\n")) + "\n")
    stream.flush()
