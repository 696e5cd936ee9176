"""Opening the ledger for a command: the clock, the umask and the last word that go with it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from diamondctl.cli.main import changed
from diamondctl.cli.options import Place
from diamondctl.ledger import catalog
from diamondctl.ledger.catalog import Ledger


def folder(place: Place) -> Path:
    """The folder of the ledger that is meant."""
    if place.ledger:
        return Path(place.ledger)
    from diamondctl.cli.settings import ledger_folder

    return ledger_folder("", place.config)


def open_ledger(place: Place, *, create: bool = False) -> Ledger:
    """Open it. With `create` it is made where there is none."""
    return catalog.open_ledger(folder(place), create=create, changed=changed)


def now() -> str:
    """The time to note down beside what is stored. It decides no figure."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")


def private_umask() -> None:
    """From here on this process makes only files that their owner alone may read."""
    os.umask(0o077)
