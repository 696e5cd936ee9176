"""Putting a config in place: all or nothing, and for its owner alone."""

from __future__ import annotations

import os
from pathlib import Path

from diamondctl.cli.main import STATE
from diamondctl.cli.output import write_file
from diamondctl.cli.settings import read_bytes
from diamondctl.problems import Problem, Refusal


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
