"""The facts about platforms, read whole or refused whole."""

from __future__ import annotations

from pathlib import Path

from diamondctl.problems import ProblemLog
from diamondctl.ratebook import layout, store
from diamondctl.ratebook.entries import Zone


def facts(folder: Path | None) -> Zone:
    """Those of the user's folder of rates where it has them, else the shipped ones. Refuses every problem of the file."""
    path = store.facts_path(folder)
    log = ProblemLog()
    mine = folder is not None and path.parent == folder
    name = store.name_of(path, folder) if mine and folder is not None else layout.FACTS
    zone = store.load_facts(path, file=name, origin="user" if mine else "shipped", log=log)
    log.refuse_if_any()
    if zone is None:
        raise AssertionError(f"{name}: not loaded, and yet no problem")
    return zone
