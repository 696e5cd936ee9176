"""The facts about platforms, read whole or refused whole; and units of two platforms, which never come together."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.ratebook import layout, store
from diamondctl.ratebook.entries import COINS, Units, Zone
from diamondctl.readers.other_platforms import PLATFORM_OF
from diamondctl.words import platform_name


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


def units_of(platform: str, folder: Path | None) -> Units:
    """What a platform calls coins and diamonds, as its first rate file says."""
    if platform == "tiktok":
        return COINS
    return next((zone.unit for zone in store.load_all(folder, platform, may_be_none=True)), COINS)


def units_in(kinds: Iterable[str], platform: str, folder: Path | None) -> Units:
    """What coins and diamonds are called in a ledger of documents of some kinds: as their platform does where one says whose
    units it has, else as a `platform` of the settings.
    """
    theirs = sorted({_units_of(kind) for kind in kinds} - {""})
    return units_of(theirs[0] if theirs else platform or "tiktok", folder)


def refuse_other_units(documents: Iterable[tuple[str, str]], platform: str) -> None:
    """Refuse (E012) documents, each a name and a kind, whose units are not those of a platform, where some say whose."""
    documents = list(documents)
    if platform and any(kind in PLATFORM_OF for _, kind in documents):
        named = [(name, _units_of(kind)) for name, kind in documents]
        problems = [_other(name, theirs, platform) for name, theirs in named if theirs not in ("", platform)]
        if problems:
            raise Refusal(problems[:20], total=len(problems))


def _other(name: str, theirs: str, platform: str) -> Problem:
    message = f"units of {platform_name(theirs)}, and {platform_name(platform)} is asked for"
    return Problem("E012", message, f"--platform {theirs}, and a ledger of their own: --ledger DIR", name)


def refuse_mixed(held: Iterable[tuple[str, str]], new: Iterable[tuple[str, str]]) -> None:
    """Refuse (E012) files whose units are not those of a ledger: a ledger holds gifts of one platform."""
    theirs = {_units_of(kind) for _, kind in held} - {""}
    for name, kind in new:
        mine = _units_of(kind)
        if mine and theirs - {mine}:
            other = " and ".join(platform_name(item) for item in sorted(theirs - {mine}))
            message = f"gifts of {platform_name(mine)} into a ledger with gifts of {other}"
            hint = "units are never added: import it into a ledger of its own, --ledger DIR"
            raise Refusal(Problem("E012", message, hint, name))


_TIKTOK: Final = ("LIVE ", "TikTok ")  # how kinds of its files begin


def _units_of(kind: str) -> str:
    """Whose units a kind of document has; blank where it may be anybody's."""
    return PLATFORM_OF.get(kind, "tiktok" if kind.startswith(_TIKTOK) else "")
