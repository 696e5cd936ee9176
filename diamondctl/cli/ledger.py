"""Opening the ledger for a command: the clock, the umask and the last word that go with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from diamondctl.cli.choose import choose
from diamondctl.cli.main import changed, say
from diamondctl.cli.options import Inputs, Place
from diamondctl.desk.kept import renew
from diamondctl.ledger import opening
from diamondctl.ledger.catalog import Ledger
from diamondctl.render.text import clean


def folder(place: Place) -> Path:
    """The folder of the ledger that is meant."""
    if place.ledger:
        return Path(place.ledger)
    from diamondctl.desk.settings import ledger_folder

    return ledger_folder("", place.config)


def open_ledger(place: Place, *, create: bool = False) -> Ledger:
    """Open it. With `create` it is made where there is none."""
    book = opening.open_ledger(folder(place), create=create, changed=changed)
    say_upgraded(book.upgraded)
    return book


@contextmanager
def new_ledger(place: Place, *, create: bool) -> Iterator[Ledger]:
    """Open it, with `create` made where there is none, and taken away again where what was asked for comes to nothing."""
    made = opening.missing_parts(folder(place)) if create else []
    with open_ledger(place, create=create) as book:
        try:
            yield book
        except BaseException:
            if made:
                opening.take_back(book, made)
            raise


def keep_states(place: Place) -> None:
    """After a change: price what is over by the settings as they are, so that reports need not do it every time."""
    renew(choose(Inputs(ledger=place.ledger, config=place.config)))


def say_upgraded(texts: Sequence[str]) -> None:
    """What reads differently in a ledger that was brought up to date, on standard error."""
    if texts:
        encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
        say("\n".join(clean(text, encoding) for text in texts))


def now() -> str:
    """The time to note down beside what is stored. It decides no figure."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")


def private_umask() -> None:
    """From here on this process makes only files that their owner alone may read."""
    os.umask(0o077)
