"""What is a rate file: one rule for folders on disk and in a revision of git. Pure.

A rates folder holds `<zone>.yaml` and `<platform>/<zone>.yaml`, gift catalogues that are called `gifts.yaml` (with a fast
form `gifts.json` beside the shipped one), calibrations in folders `evidence`, and `platforms.csv`, facts about platforms.
Beside them may stand documents, schemas, exports and hidden names. What a person would take for one of them and nobody reads
is refused (R031).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from diamondctl.problems import Problem

GIFTS: Final = frozenset({"gifts.yaml", "gifts.yml"})
ENDINGS: Final = (".yaml", ".yml")
EVIDENCE: Final = "evidence"
FACTS: Final = "platforms.csv"
_BESIDE: Final = (".md", ".schema.json", "gifts.json")
# Other formats, what editors leave behind, and whatever speaks of YAML.
_TAKEN: Final = re.compile(
    r".*(ya?m|yal).*|.*\.(json|json5|jsonc|toml|txt|bak|orig|rej|old|new|tmp|save|swp|copy)|.*~|.*\s", re.DOTALL
)
_HINT: Final = "rate files are <zone>.yaml or <platform>/<zone>.yaml, regular files in small letters; put others elsewhere"


class Item(NamedTuple):
    """One thing below a rates folder."""

    parts: tuple[str, ...]  # of its path inside the folder
    kind: str  # file | link | other


class Layout(NamedTuple):
    """What a folder holds, each in order of path."""

    zones: tuple[Item, ...]
    gifts: tuple[Item, ...]
    strays: tuple[tuple[Item, str], ...]  # what nobody reads, and why
    evidence: tuple[Item, ...] = ()  # calibrations
    facts: tuple[Item, ...] = ()  # about platforms


def sort_out(items: Iterable[Item]) -> Layout:
    """Tell zone files, gift catalogues, and what would be taken for one of them. Hidden folders are not looked into."""
    zones: list[Item] = []
    gifts: list[Item] = []
    strays: list[tuple[Item, str]] = []
    evidence: list[Item] = []
    facts: list[Item] = []
    for item in sorted(items):
        name = item.parts[-1]
        if any(part.startswith(".") for part in item.parts[:-1]):
            continue
        if why := _stray(item):
            strays.append((item, why))
        elif name.endswith(ENDINGS) and not name.startswith("."):
            (evidence if _is_evidence(item) else gifts if name in GIFTS else zones).append(item)
        elif item.parts == (FACTS,):
            facts.append(item)
    return Layout(tuple(zones), tuple(gifts), tuple(strays), tuple(evidence), tuple(facts))


def _is_evidence(item: Item) -> bool:
    """Whether it lies where calibrations do: `evidence/*.yaml`, beside the platforms or in the folder of one."""
    return item.parts[-2:-1] == (EVIDENCE,) and len(item.parts) <= 3


def alike(item: Item) -> bool:
    """Whether it was meant as a rate file: by its name, or as a link to a folder of them; not what lies too deep."""
    return len(item.parts) <= 2 and (item.kind == "link" or item.parts[-1].lower().endswith(ENDINGS))


def nothing(found: Layout) -> bool:
    """Whether a folder holds no rate file, and nothing that was meant as one."""
    return (
        not found.zones
        and not found.gifts
        and not found.evidence
        and not found.facts
        and not any(alike(item) for item, _ in found.strays)
    )


def problem(item: Item, why: str, file: str) -> Problem:
    """Why something is not read; `file` is how output names it."""
    return Problem("R031", why, _HINT, file)


def _stray(item: Item) -> str:
    """Why nobody would read this; blank when it is a rate file, or nothing that looks like one."""
    name = item.parts[-1]
    named = name.lower().endswith(ENDINGS)
    if name.startswith(".") and not named:
        return ""
    if item.kind == "link":
        return "a link, which may lead anywhere"
    if item.kind == "other" and not named:
        return "not a regular file"
    if not named:
        taken = _TAKEN.fullmatch(name.lower()) and not name.lower().endswith(_BESIDE)
        return "a file that nobody reads" if taken else ""
    if name.startswith("."):
        return "a hidden file, which nobody reads"
    if not name.endswith(ENDINGS):
        return f"the ending is not {ENDINGS[0]} in small letters, so nobody reads it"
    if name.lower() in GIFTS and name not in GIFTS:
        return f"a gift catalogue is called {name.lower()} in small letters"
    if len(item.parts) > 2 and not _is_evidence(item):
        return "a folder too deep, so nobody reads it"
    if item.parts[0].lower().endswith(ENDINGS) and len(item.parts) == 2:
        return "in a folder that is called like a file"
    return ""
