"""The first figure in which a file that exists differs from what would be written: its place, what is there, what is new."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, Final

from diamondctl.render.text import clean

_GONE: Final = "nothing"
_LONGEST: Final = 60


def first_difference(there: bytes, new: str, takes: str, delimiter: str = "") -> str:
    """`row 2, reward_low: 36.37 there, 36.40 now`; blank where the file is of another kind altogether."""
    try:
        old = there.decode()
    except UnicodeDecodeError:
        return ""
    if takes == "document":
        try:
            pair = json.loads(old), json.loads(new)
        except (ValueError, RecursionError):
            return ""
        found = next(in_json(*pair, ""), None)
    elif delimiter:
        found = next(_in_rows(old, new, delimiter), None)
    else:
        pairs = enumerate(zip_longest(old.splitlines(), new.splitlines(), fillvalue=_GONE), 1)
        found = next(((f"line {number}", *pair) for number, pair in pairs if pair[0] != pair[1]), None)
    if found is None:
        return ""
    place, before, now = found
    before, now = (clean(text) for text in _around(before, now))
    return f"{clean(place)}: {before} there, {now} now" if before != now else ""


def _around(before: str, now: str) -> tuple[str, str]:
    """Two texts, cut where they are long to what stands around the first character in which they differ."""
    shorter = min(len(before), len(now))
    same = next((index for index in range(shorter) if before[index] != now[index]), shorter)
    start = max(0, same - _LONGEST // 3) if max(len(before), len(now)) > _LONGEST else 0
    return _excerpt(before, start), _excerpt(now, start)


def _excerpt(text: str, start: int) -> str:
    end = start + _LONGEST
    return ("..." if start else "") + text[start:end] + ("..." if len(text) > end else "")


def in_json(old: Any, new: Any, path: str) -> Iterator[tuple[str, str, str]]:
    """Figures first: `data` before what frames it."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(dict.fromkeys((*new, *old)), key=lambda key: not path and key != "data"):
            yield from in_json(old.get(key, _GONE), new.get(key, _GONE), f"{path}.{key}" if path else key)
    elif isinstance(old, list) and isinstance(new, list):
        for number, (mine, other) in enumerate(zip_longest(old, new, fillvalue=_GONE)):
            yield from in_json(mine, other, f"{path}[{number}]")
    elif old != new:
        before, now = (value if isinstance(value, str) else json.dumps(value) for value in (old, new))
        yield path, before, now


def _in_rows(old: str, new: str, delimiter: str) -> Iterator[tuple[str, str, str]]:
    try:
        before, now = (list(csv.reader(io.StringIO(text), delimiter=delimiter)) for text in (old, new))
    except csv.Error:
        return
    names = now[0] if now else []
    rows: Iterator[tuple[list[str], list[str]]] = zip_longest(before, now, fillvalue=[])
    for number, (mine, other) in enumerate(rows, 1):
        for index, pair in enumerate(zip_longest(mine, other, fillvalue=_GONE)):
            if pair[0] != pair[1]:
                yield f"row {number}, {names[index] if index < len(names) else f'column {index + 1}'}", *pair
