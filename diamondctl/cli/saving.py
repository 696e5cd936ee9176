"""Putting a config in place: all or nothing, and for its owner alone; and what that moves."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final

from diamondctl.cli.choose import around, choose, given_options
from diamondctl.cli.ledger import folder, open_ledger
from diamondctl.cli.main import STATE
from diamondctl.cli.options import Inputs, Place
from diamondctl.cli.output import write_file
from diamondctl.config.edit import change, rename
from diamondctl.config.values import Key
from diamondctl.desk.choosing import chosen_by
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.moved import by_settings, reach_of_settings
from diamondctl.desk.settings import config_path, parse_config, read_bytes, text_of
from diamondctl.files import try_lock
from diamondctl.ledger import derive
from diamondctl.ledger.catalog import FILE
from diamondctl.problems import Problem, Refusal
from diamondctl.reports.moved import Moved

_PAUSE: Final = 0.05  # seconds between two looks at the lock
_ATTEMPTS: Final = 600


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """The only command that changes this config: the others wait, so that no change is lost. Refuses (L006) after a while.

    The lock is that of its folder, for putting the config in place makes it another file.
    """
    real = Path(os.path.realpath(path))
    made = _make_private_folder(real.parent)
    try:
        descriptor = os.open(real.parent, os.O_RDONLY)
    except OSError:  # Windows opens no folders; one that may not be entered is told when the config is read
        yield
        return
    try:
        for _ in range(_ATTEMPTS):
            if try_lock(descriptor) is not False:
                break
            time.sleep(_PAUSE)
        else:
            raise Refusal(Problem("L006", "another command is changing the config", "run again", str(path)), exit_code=STATE)
        yield
    finally:
        os.close(descriptor)
        with suppress(OSError):  # one that holds something by now stays
            for folder in reversed(made):
                folder.rmdir()


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


def put(config: str, key: Key, value: str) -> None:
    """Set one value that always holds."""
    path = config_path(config)
    with alone(path):
        before = read_bytes(path, must_exist=bool(config))
        save(path, before, change(text_of(before, str(path)), key, value, None, file=str(path)))


def rename_creator(config: str, old: str, new: str) -> None:
    """Give a creator of the settings the name that files use."""
    path = config_path(config)
    with alone(path):
        before = read_bytes(path, must_exist=True)
        save(path, before, rename(text_of(before, str(path)), old, new, file=str(path)))


def would_move(place: Place, setting: str, creator: str, text: str) -> Moved | None:
    """What settings of that text would move in the ledger; nothing is changed."""
    return moved_by(place, setting, creator, lambda: None, instead=text)


def moved_by(
    place: Place, setting: str, creator: str, change: Callable[[], None], *, instead: str | None = None
) -> Moved | None:
    """Change the settings, and tell what that moved in the ledger, of everybody or of one creator; None: there is no ledger.

    Whatever keeps the ledger from being read does not keep the settings from being changed. Settings of the text `instead` are
    looked at as if they were there.
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
            since = reach_of_settings(book, creator)
        except Refusal as refusal:
            change()
            return Moved(untold=(f"What moved cannot be told: {refusal.problems[0].message}.",))
        chosen = partial(_chosen, place), partial(_chosen, there, instead)
        return by_settings(book, since, chosen, change, setting)


def creators_of(place: Place) -> list[str]:
    """Everybody whose gifts the ledger holds; nobody where there is none."""
    if not os.path.lexists(folder(place) / FILE):
        return []
    with open_ledger(place) as book, book.reading():
        return derive.creators(book)


def _chosen(place: Place, instead: str | None = None) -> Chosen:
    """The options of a ledger, by its settings as they are when it is asked for, or by a text that they would have."""
    given = Inputs(ledger=place.ledger, config=place.config)
    if instead is None:
        return choose(given)
    return chosen_by(given_options(given), around(), parse_config(instead.encode(), str(config_path(place.config))))


def _make_private_folder(folder: Path) -> list[Path]:
    """Make what is missing, for its owner alone whatever the umask, and say what that was; a folder that exists stays so."""
    missing = [item for item in (folder, *folder.parents) if not item.exists()]
    try:
        for item in reversed(missing):
            item.mkdir(mode=0o700, exist_ok=True)
            item.chmod(0o700)
    except OSError as error:
        problem = Problem("A009", f"the folder cannot be made: {error.strerror}", "nothing was changed", str(folder))
        raise Refusal(problem, exit_code=STATE) from None
    return missing[::-1]
