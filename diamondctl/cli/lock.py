"""Which rates.lock reports are pinned to: the one that DIAMONDCTL_RATES_LOCK names, else that of the current folder."""

from __future__ import annotations

import os
from pathlib import Path

from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook import lock

_MOST = 1_000_000  # bytes


def read_lock() -> lock.Lock | None:
    """The lock, or None where there is none and none is named. Refuses one that cannot be read (F001, K006)."""
    named = os.environ.get("DIAMONDCTL_RATES_LOCK", "")
    file = named or lock.NAME
    if not named and not os.path.lexists(file):
        return None
    try:
        if os.path.exists(file) and not os.path.isfile(file):
            raise Refusal(Problem("F002", "not a regular file", "a lock is a text file", file))
        with Path(file).open("rb") as stream:
            content = stream.read(_MOST).decode("utf-8", "replace")
    except OSError as error:
        raise Refusal(Problem("F001", f"cannot be read: {error.strerror}", "", file)) from None
    return lock.parse(content, file)
