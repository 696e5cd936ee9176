"""Where the ledger is, opening it for a command, and what it holds as values for reports."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from diamondctl.cli.options import Place
from diamondctl.ledger import catalog
from diamondctl.ledger.catalog import Ledger
from diamondctl.problems import Problem, Refusal


def folder(place: Place) -> Path:
    """The ledger's folder: the one given, else the config's, else `ledger` in the user's data folder."""
    if place.ledger:
        return Path(place.ledger)
    from diamondctl.cli.settings import path_of, read_config, user_folder

    if setting := read_config(place.config).get("ledger"):
        return path_of(setting)
    path = user_folder("XDG_DATA_HOME", ".local/share", "user_data_path")
    if path is None:
        hint = "name the folder: --ledger DIR"
        raise Refusal(Problem("L001", "no home folder, so no place for the ledger", hint), exit_code=catalog.STATE)
    return path / "ledger"


def open_ledger(place: Place, *, create: bool = False) -> Ledger:
    """Open it. With `create` it is made where there is none."""
    return catalog.open_ledger(folder(place), create=create)


def now() -> str:
    """The time to note down beside what is stored. It decides no figure."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")


def private_umask() -> None:
    """From here on this process makes only files that their owner alone may read."""
    os.umask(0o077)
