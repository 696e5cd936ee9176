"""Putting a config in place: all or nothing, and for its owner alone; and what that moves."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from diamondctl.cli.choose import choose
from diamondctl.cli.ledger import folder, open_ledger
from diamondctl.cli.main import STATE
from diamondctl.cli.options import Inputs, Place
from diamondctl.cli.output import write_file
from diamondctl.cli.settings import config_path, read_bytes
from diamondctl.desk.moved import everybody, figures
from diamondctl.ledger.catalog import FILE, Ledger
from diamondctl.problems import Problem, Refusal
from diamondctl.reports.moved import Cause, Moved, Taken, moved


def save(path: Path, before: bytes | None, text: str) -> None:
    """Put a config in place, all or nothing, for its owner alone; `before` is what it replaces, None when it is new.

    A link is followed, so that a config kept elsewhere stays there. Refuses (F007) when the file has become another one.
    """
    real = Path(os.path.realpath(path))
    _make_private_folder(real.parent)
    if before is not None:
        if read_bytes(path, must_exist=True) != before:
            raise Refusal(Problem("F007", "the config changed meanwhile and was kept", "run again", str(path)))
        text = ("\ufeff" if before.startswith(b"\xef\xbb\xbf") else "") + text
    write_file(str(real), text, force=before is not None, private=True)


def moved_by(place: Place, setting: str, creator: str, change: Callable[[], None]) -> Moved | None:
    """Change the settings, and tell what that moved in the ledger, of everybody or of one creator; None: there is no ledger.

    Whatever keeps the ledger from being read does not keep the settings from being changed.
    """
    there = place
    if not os.path.lexists(config_path(place.config)):
        place = place._replace(config=os.devnull)  # until it is made
    if not os.path.lexists(folder(place) / FILE):
        change()
        return None
    with ExitStack() as stack:
        try:
            book = stack.enter_context(stack.enter_context(open_ledger(place)).reading())
            since = everybody(book, creator)
        except Refusal as refusal:
            change()
            return Moved(untold=(f"What moved cannot be told: {refusal.problems[0].message}.",))
        before = _figures(book, place, since)
        change()
        return moved(before, _figures(book, there, since), [Cause(setting)])


def _figures(book: Ledger, place: Place, since: Mapping[str, date]) -> Taken:
    """Figures by the settings as they are now."""
    try:
        return figures(book, choose(Inputs(ledger=place.ledger, config=place.config)), since)
    except Refusal as refusal:
        return Taken(untold=dict.fromkeys(since, refusal.problems[0].message))


def _make_private_folder(folder: Path) -> None:
    """Make what is missing, for its owner alone whatever the umask; a folder that exists stays as it is."""
    missing = [item for item in (folder, *folder.parents) if not item.exists()]
    try:
        for item in reversed(missing):
            item.mkdir(mode=0o700, exist_ok=True)
            item.chmod(0o700)
    except OSError as error:
        problem = Problem("A009", f"the folder cannot be made: {error.strerror}", "nothing was changed", str(folder))
        raise Refusal(problem, exit_code=STATE) from None
