"""Progress is a line on a terminal during long work, and nothing at all anywhere else."""

from __future__ import annotations

import io
from time import sleep

from diamondctl.cli import progress as module
from diamondctl.cli.progress import progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_long_work_is_told_and_wiped_in_the_end() -> None:
    out = Terminal()
    with progress(True, out, after=0.0) as told:
        told.text = "Reading a\x1b[31mb.csv"
        for _ in range(100):  # until the thread had its turn, however busy the machine is
            if out.getvalue():
                break
            sleep(module.EVERY)
    text = out.getvalue()
    assert "Reading a<U+001B>[31mb.csv (" in text
    assert text.endswith("\r")
    assert not text.rsplit("\r", 2)[1].strip()


def test_quick_work_pipes_and_whoever_wants_none_see_nothing() -> None:
    for wanted, out, after in ((True, Terminal(), 60.0), (True, io.StringIO(), 0.0), (False, Terminal(), 0.0)):
        with progress(wanted, out, after) as told:
            told.text = "Reading"
        assert out.getvalue() == ""
