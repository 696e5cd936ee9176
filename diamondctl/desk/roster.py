"""The creators of the settings, and whose a file is by its name: what a whole agency is imported by."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import NamedTuple

from diamondctl.problems import Problem, Refusal
from diamondctl.readers.profile import Profile


class Member(NamedTuple):
    """A creator of the roster: patterns of her files, and how they are read."""

    creator: str
    patterns: tuple[str, ...]
    input_timezone: str = ""
    profiles: tuple[Profile, ...] = ()


def whose(roster: Sequence[Member], name: str) -> Member | None:
    """The one whose pattern a file fits: `mara-*.csv` by its name, `mara/*.csv` by its folder too. None: nobody's.

    Refuses (F013) a file that fits those of several.
    """
    path = PurePath(name)
    mine = [member for member in roster if any(path.match(pattern) for pattern in member.patterns)]
    if len(mine) > 1:
        names = " and of ".join(member.creator for member in mine)
        hint = "make the patterns of creators.NAME.files so that one of them fits"
        raise Refusal(Problem("F013", f"its name fits the files of {names}", hint, name))
    return mine[0] if mine else None
