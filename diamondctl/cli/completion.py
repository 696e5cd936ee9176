"""Completion of words on the command line: from a few words, the rate files, the calendar, the config."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable

from diamondctl import periods
from diamondctl.cli.clock import today


def words(*known: str) -> Callable[[str], list[str]]:
    """Completion from a few words."""
    return lambda incomplete: [word for word in known if word.startswith(incomplete)]


def regions(incomplete: str) -> list[str]:
    """Completion of regions: those that shipped rate files cover."""
    from diamondctl.ratebook import store

    found = sorted({region for item in store.find(None) for region in item.regions})
    return [region for region in found if region.startswith(incomplete.upper())]


def zones(incomplete: str) -> list[str]:
    """Completion of zone names and regions."""
    from diamondctl.ratebook import store

    names = sorted({item.path.stem for item in store.find(None)})
    return [name for name in names if name.startswith(incomplete)] + (regions(incomplete) if incomplete else [])


def settings(incomplete: str) -> list[str]:
    """Completion of names of settings, with the creators of the config."""
    from diamondctl.config.values import GENERAL, OF_CREATOR
    from diamondctl.desk.settings import known_creators
    from diamondctl.words import key_text

    names = [name for (name,) in GENERAL]
    names += [key_text(("creators", creator, *below)) for creator in known_creators() for below in OF_CREATOR]
    return _as_one_word(name for name in names if name.startswith(incomplete))


def recent_periods(incomplete: str) -> list[str]:
    """Completion of periods: the last twelve months, the years and quarters they lie in."""
    month = periods.month_of(today())
    months = [month]
    while len(months) < 12:
        months.append(months[-1].before())
    quarters = [f"{item.start.year}-Q{(item.start.month + 2) // 3}" for item in months]
    years = [str(item.start.year) for item in months]
    known = dict.fromkeys(["today", "this-month", "last-month", *(item.label for item in months), *quarters, *years])
    return [word for word in known if word.startswith(incomplete)]


def creators(incomplete: str) -> list[str]:
    """Completion of creators: those that the config names."""
    from diamondctl.desk.settings import known_creators

    return _as_one_word(name for name in known_creators() if name.startswith(incomplete))


def _as_one_word(names: Iterable[str]) -> list[str]:
    """Names as the shell that asks has to have them on its line: Typer's bash takes them as they are, its zsh loses quotes."""
    shell = os.environ.get("_DIAMONDCTL_COMPLETE", "").removeprefix("complete_")
    if shell == "bash":
        return [re.sub(r"[^\w@%+=:,./-]", r"\\\g<0>", name) for name in names]
    return [name for name in names if shell != "zsh" or not re.search(r"[\"'\\]|  ", name)]
