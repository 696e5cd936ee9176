"""Where the ledger is, opening it for a command, and what it holds as values for reports."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from diamondctl.ledger import catalog
from diamondctl.ledger.catalog import Ledger
from diamondctl.problems import Problem, Refusal


def folder(given: str, config: str = "") -> Path:
    """The ledger's folder: the one given, else the config's, else `ledger` in the user's data folder."""
    if given:
        return Path(given)
    from diamondctl.cli.settings import path_of, read_config

    if setting := read_config(config or os.environ.get("DIAMONDCTL_CONFIG", "")).get("ledger"):
        return path_of(setting)
    import platformdirs

    path = Path(platformdirs.user_data_dir("diamondctl", appauthor=False)) / "ledger"
    if not path.is_absolute():
        hint = "name the folder: --ledger DIR"
        raise Refusal(Problem("L001", "no home folder, so no place for the ledger", hint), exit_code=catalog.STATE)
    return path


def open_ledger(given: str, *, config: str = "", create: bool = False) -> Ledger:
    """Open it. With `create` it is made where there is none."""
    return catalog.open_ledger(folder(given, config), create=create)


def now() -> str:
    """The time to note down beside what is stored. It decides no figure."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")


def private_umask() -> None:
    """From here on this process makes only files that their owner alone may read."""
    os.umask(0o077)
