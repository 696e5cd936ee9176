"""One line on a terminal that says what long work is at. Silent in pipes, for quick work, and when it is not wanted."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic
from typing import Final, TextIO

from diamondctl.render.text import clean

AFTER: Final = 1.0  # seconds until there is something to say
EVERY: Final = 0.25


class Progress:
    """What is being done: `tell` it as often as you like, a thread shows it now and then."""

    def __init__(self) -> None:
        self.text = ""

    def tell(self, text: str) -> None:
        """Say what is being done now."""
        self.text = text


@contextmanager
def progress(wanted: bool, stream: TextIO | None = None, after: float = AFTER) -> Iterator[Progress]:
    """Show the progress of what happens inside on standard error, if that is a terminal; the line is wiped in the end."""
    out = sys.stderr if stream is None else stream
    told = Progress()
    if not wanted or out is None or not out.isatty():
        yield told
        return
    over = Event()
    thread = Thread(target=_show, args=(told, out, over, after), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        over.set()
        thread.join()


def _show(told: Progress, out: TextIO, over: Event, after: float) -> None:
    """Write the line until it is over. A terminal that is gone is no reason to stop the work."""
    begun, shown = monotonic(), 0
    with suppress(OSError, ValueError):
        while not over.wait(EVERY if monotonic() - begun >= after else after):
            seconds = int(monotonic() - begun)
            line = clean(f"{told.text} ({seconds} s)", getattr(out, "encoding", None) or "ascii")
            line = line[: max(shutil.get_terminal_size().columns - 1, 20)]
            out.write("\r" + line.ljust(shown))
            out.flush()
            shown = len(line)
        if shown:
            out.write("\r" + " " * shown + "\r")
            out.flush()
