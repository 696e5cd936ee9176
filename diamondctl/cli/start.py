"""`diamondctl` alone: what to do next, in the state that the user is in. `diamondctl demo`: an invented month to look at."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import gettempdir
from typing import Annotated, Any, Final

import typer
from rich.cells import cell_len

import diamondctl
from diamondctl.cli.choose import choose
from diamondctl.cli.ledger import folder, open_ledger
from diamondctl.cli.main import closed_output, say
from diamondctl.cli.options import Inputs, Place
from diamondctl.desk.start import EMPTY, State, state_of, state_text, steps
from diamondctl.files import temporary_folder
from diamondctl.ledger.catalog import FILE
from diamondctl.problems import Problem, Refusal
from diamondctl.render.screen import screen_of
from diamondctl.render.tables import wrap
from diamondctl.render.text import clean, only

HEAD: Final = "diamondctl: what LIVE gifts earn, and what reaches your bank. Offline; sends nothing anywhere."
FOOT: Final = ("How to get a file: diamondctl help files", "All commands: diamondctl --help")
_WIDTH: Final = 39  # of what a step is for

# The world of the demo: an invented month of an invented creator. The app showed 318.75, and 300.00 were withdrawn.
_MONTH: Final = "examples/2026-10.csv"
_NOW: Final = "2026-11-01"
_SETTINGS: Final = """\
region: US
creators:
  mara:
    region: US
    scheme: missions
    method: paypal
    missions: {penalty: 0}
"""
_BEFORE: Final = (
    "import {month}",
    "record balance 318.75 --date 2026-10-12 --at 09:00",
    "record payout 300 --date 2026-10-12 --by paypal --arrived 287.40 --arrived-on 2026-10-15",
)


def start() -> int:
    """The first screen."""
    if sys.stdout is None:
        raise closed_output()
    state = _state()
    width = screen_of(sys.stdout, "never", dict(os.environ)).width
    state_is = f"Your ledger: {state_text(state)}." if state.creators else "Nothing here yet. What do you have?"
    lines = [*wrap(HEAD, width), "", *wrap(clean(state_is), width)]
    for step in steps(state):
        why, command = clean(step.why), clean(step.command)
        line = f"  {why:{_WIDTH - 1}} {command}"
        lines += [line] if width is None or cell_len(line) <= width else [*_indented(why, width), f"    {command}"]
    foot = "        ".join(FOOT)
    lines += [foot] if width is None or len(foot) <= width else [*FOOT]
    sys.stdout.write(only("\n".join(lines) + "\n", sys.stdout.encoding))
    return 0


def _indented(text: str, width: int) -> list[str]:
    return [f"  {line}" for line in wrap(text, max(width - 2, 1))]


def _state() -> State:
    place = Place(os.environ.get("DIAMONDCTL_LEDGER", ""), os.environ.get("DIAMONDCTL_CONFIG", ""))
    if not os.path.lexists(folder(place) / FILE):
        return EMPTY
    with open_ledger(place) as book, book.reading():
        return state_of(book, choose(Inputs(ledger=place.ledger, config=place.config)))


def demo(
    context: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[COMMAND]...", help="Any command, such as payout check. Default: summary.")
    ] = None,
) -> int:
    """Make the example in a temporary place, run a command on it, and take it away."""
    if sys.stdout is None:
        raise closed_output()
    top: Any = context.find_root().command
    asked = list(words or ["summary"])
    if asked[0] == "demo":
        raise Refusal(Problem("A026", "a demo of the demo shows nothing", "name another command: diamondctl demo balance"))
    with temporary_folder(Path(gettempdir()), "diamondctl-demo-") as place, _world(place):
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            for line in _BEFORE:
                _run(top, line.format(month=month()).split())
        code = _run(top, asked)
    sys.stdout.flush()
    # One line below the screen, which may fill a terminal; beside what a program reads, not in it.
    other = "balance" if asked[:1] == ["summary"] else "summary"
    say(f"An invented month. More: diamondctl demo {other}  Yours: diamondctl import FILE")
    return code


def _run(top: Any, words: Sequence[str]) -> int:
    code = top.main(list(words), prog_name="diamondctl", standalone_mode=False)
    return code if isinstance(code, int) else 0


def month() -> str:
    """The file of the example, where it was installed or in a checkout."""
    package = Path(diamondctl.__file__).parent
    packed = package / "demo_gifts.csv"
    return str(packed if packed.is_file() else package.parent / _MONTH)


@contextmanager
def _world(place: Path) -> Iterator[None]:
    """The environment of the example, and nothing of the user's own."""
    before = dict(os.environ)
    mine = [name for name in before if name.startswith("DIAMONDCTL_")]
    config = place / "config.yaml"
    config.write_text(_SETTINGS, "utf-8")
    try:
        for name in mine:
            del os.environ[name]
        os.environ |= {
            "DIAMONDCTL_LEDGER": str(place / "ledger"),
            "DIAMONDCTL_CONFIG": str(config),
            "DIAMONDCTL_AS_OF": _NOW,
        }
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
