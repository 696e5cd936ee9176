"""Totals as dashboards write their values: `2.98M`, `23h 7m 8s`, `-` for none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from diamondctl.readers.cells import MAX_COINS, CellError, short
from diamondctl.records import Total

NONE: Final = frozenset(("", "-", "–", "—", "∞", "N/A", "n/a", "None", "null"))
_COUNT: Final = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?([KMB])?")
_UNITS: Final = {"K": 1_000, "M": 1_000_000, "B": 1_000_000_000}
_DURATION: Final = re.compile(
    r"(?:([0-9][0-9,]*)d)?\s*(?:([0-9][0-9,]*(?:\.[0-9]+)?)h)?\s*(?:([0-9]+)m(?:in)?)?\s*(?:([0-9]+)s)?", re.IGNORECASE
)
_LONGEST: Final = 10 * 366 * 86_400
_DAY: Final = re.compile(r"([0-9]{4})[-/]?([0-9]{2})[-/]?([0-9]{2})")


def count(text: str, what: str) -> tuple[int, bool]:
    """A whole number and whether the dashboard rounded it; -1 for none. Refuses (T006) what could be read in two ways."""
    text = text.strip()
    if text in NONE:
        return -1, False
    match = _COUNT.fullmatch(text)
    if match is None or (match[2] and not match[3] and match[2].strip(".0")):
        hint = "plain digits, 1,055, or 2.98M; export it again in English"
        raise CellError("T006", f"{what} '{short(text)}' is in another form", hint)
    if match[2] and not match[3] and len(match[2]) == 4:
        raise CellError("T006", f"{what} '{short(text)}' could be a thousand times as much", "export it again in English")
    value = Decimal(match[1].replace(",", "") + (match[2] or "")) * _UNITS.get(match[3] or "", 1)
    if value > MAX_COINS or value != value.to_integral_value():
        raise CellError("T006", f"{what} '{short(text)}' is no number of them", "is this column what it seems?")
    return int(value), bool(match[3])


def duration(text: str) -> int:
    """Seconds of `119h 47m 31s`, `88.46h` or plain seconds; -1 for none."""
    text = text.strip()
    if text in NONE:
        return -1
    if text.isascii() and text.isdecimal() and len(text) <= 12:
        return _lasting(int(text), text)
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()):
        raise CellError("T006", f"duration '{short(text)}' is in another form", "such as 119h 47m 31s")
    days, hours, minutes, seconds = (part.replace(",", "") if part else "0" for part in match.groups())
    if max(map(len, (days, hours, minutes, seconds))) > 20:
        return _lasting(_LONGEST + 1, text)
    return _lasting(int(int(days) * 86_400 + Decimal(hours) * 3_600 + int(minutes) * 60 + int(seconds)), text)


def _lasting(seconds: int, text: str) -> int:
    if seconds > _LONGEST:
        raise CellError("T006", f"duration '{short(text)}' is longer than ten years", "is this column what it seems?")
    return seconds


def day(text: str) -> date:
    """A day written 2026-10-31, 2026/10/31 or 20261031; refuses (T005) everything else."""
    match = _DAY.fullmatch(text.strip())
    if match is not None:
        try:
            written = date(int(match[1]), int(match[2]), int(match[3]))
            if 2016 <= written.year < 2100:
                return written
        except ValueError:
            pass
    raise CellError("T005", f"'{short(text)}' is not a day", "2026-10-31")


def total(cells: Mapping[str, str], creator: str, span: str, days: tuple[date, date], place: tuple[str, str, int]) -> Total:
    """The total of a row by its cells, which are named as the fields of `Total`; `place` is source, file and line."""
    diamonds, approximate = count(cells.get("diamonds", ""), "diamonds")
    seconds = duration(cells.get("seconds", ""))
    streams = count(cells.get("streams", ""), "LIVEs")[0]
    new_followers = count(cells.get("new_followers", ""), "followers")[0]
    name, file, line = place
    viewers, likes, comments = (count(cells.get(what, ""), what)[0] for what in ("viewers", "likes", "comments"))
    return Total(
        creator, span, *days, 0, 0, "", diamonds, approximate, "", seconds, streams, new_followers, name, file, line,
        viewers=viewers, likes=likes, comments=comments,
    )  # fmt: skip
