"""The words of a command line as the values a report goes by, with what only a process knows: clock, environment, streams."""

from __future__ import annotations

import os
import sys
from datetime import date
from typing import BinaryIO, cast

from diamondctl.cli.lock import read_lock
from diamondctl.cli.options import Inputs
from diamondctl.desk import choosing
from diamondctl.desk.choosing import Around, Options
from diamondctl.desk.chosen import Chosen
from diamondctl.problems import Problem, Refusal


def choose(given: Inputs, opening: str = "") -> Chosen:
    """Every option of a report on gifts; `opening` is that of a report on wallets."""
    return choosing.choose(given_options(given), around(), opening)


def given_options(given: Inputs) -> Options:
    """The same options by their names."""
    return cast(Options, given._asdict())


def around() -> Around:
    """What this process finds around it."""
    return Around(date.today(), read_lock(), may_be_fast(), stdin())


def reads_twice(given: Inputs, what: str) -> None:
    """Refuses (F001) standard input, which can be read only once."""
    if "-" in (given.file or ()):
        hint = "save it to a file, and name that"
        raise Refusal(Problem("F001", f"{what} reads the gifts twice, so not from standard input", hint, "stdin"))


def stdin() -> BinaryIO | None:
    """Standard input as bytes; None when it is closed."""
    return sys.stdin.buffer if sys.stdin is not None else None


def may_be_fast() -> bool:
    """DIAMONDCTL_NO_FAST_PATH leaves everything to the strict reader: for tests and for doubts."""
    return not os.environ.get("DIAMONDCTL_NO_FAST_PATH")
