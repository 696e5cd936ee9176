"""Dates and times in written forms such as `DD.MM.YYYY HH:mm`, turned into the form of the plain format. No guessing: a text
fits a form whole or not at all.

YYYY MM DD HH mm ss have all their digits, M D H may leave a leading zero out, h or hh with A are hours to twelve, SSS is a
fraction, MMM an English month, Z a zone (`Z`, `UTC` or an offset). `epoch_s`, `epoch_ms` and `excel` are numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TOKENS: Final = {
    "YYYY": "(?P<year>[0-9]{4})",
    "MMM": "(?P<name>" + "|".join(_MONTHS) + ")[a-z]*",
    "MM": "(?P<month>[0-9]{2})",
    "M": "(?P<month>[0-9]{1,2})",
    "DD": "(?P<day>[0-9]{2})",
    "D": "(?P<day>[0-9]{1,2})",
    "HH": "(?P<hour>[0-9]{2})",
    "H": "(?P<hour>[0-9]{1,2})",
    "hh": "(?P<hour>[0-9]{2})",
    "h": "(?P<hour>[0-9]{1,2})",
    "mm": "(?P<minute>[0-9]{2})",
    "ss": "(?P<second>[0-9]{2})",
    "SSS": "(?P<fraction>[0-9]{1,9})",
    "A": "(?P<half>[AaPp])\\.?[Mm]\\.?",
    "Z": "(?P<zone>Z|UTC|[+-][0-9]{2}:?[0-9]{2})",
}
_TOKEN: Final = re.compile("|".join(sorted(_TOKENS, key=len, reverse=True)))
NUMBERS: Final = ("epoch_s", "epoch_ms", "excel")
EXCEL_ZERO: Final = datetime(1899, 12, 30)

Convert = Callable[[str], str | None]


class UnknownForm(ValueError):
    """A date format that is none."""


@lru_cache(maxsize=256)
def converter(form: str) -> Convert:
    """A function from a text of this form to `2026-10-31T20:15:00`, or None where it does not fit. Raises `UnknownForm`."""
    if form in NUMBERS:
        return {"epoch_s": _epoch(1), "epoch_ms": _epoch(1_000), "excel": _excel}[form]
    seen: list[str] = []
    pieces, position = [], 0
    for match in _TOKEN.finditer(form):
        pieces += [re.escape(form[position : match.start()]), _TOKENS[match[0]]]
        seen.append(match[0])
        position = match.end()
    pieces.append(re.escape(form[position:]))
    if re.search("[A-Za-z]", re.sub(r"\\.", "", "".join(pieces[::2]))) and "T" not in form:
        raise UnknownForm(form)
    groups = re.findall(r"\?P<([a-z]+)>", "".join(pieces))
    if len(set(groups)) < len(groups) or not {"year", "day"} <= set(groups) or not {"month", "name"} & set(groups):
        raise UnknownForm(form)
    if ("half" in groups) != any(token in ("h", "hh") for token in seen):
        raise UnknownForm(form)
    pattern = re.compile("".join(pieces), re.IGNORECASE)
    return lambda text: _convert(pattern.fullmatch(text.strip()))


def _convert(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    parts = match.groupdict()
    month = parts.get("month") or f"{_MONTHS.index(parts['name'][:3].lower()) + 1:02}"
    hour = int(parts.get("hour") or 0)
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in "Pp" else 0)
    day = f"{parts['year']}-{int(month):02}-{int(parts['day']):02}"
    fraction = f".{parts['fraction']}" if parts.get("fraction") else ""
    zone = (parts.get("zone") or "").upper().replace("UTC", "Z")
    if zone[:1] in ("+", "-") and ":" not in zone:
        zone = f"{zone[:3]}:{zone[3:]}"
    return f"{day}T{hour:02}:{int(parts.get('minute') or 0):02}:{int(parts.get('second') or 0):02}{fraction}{zone}"


def _epoch(per_second: int) -> Convert:
    def convert(text: str) -> str | None:
        if not re.fullmatch("[0-9]{1,14}", text):
            return None
        at = datetime(1970, 1, 1) + timedelta(microseconds=int(text) * 1_000_000 // per_second)
        return at.isoformat(timespec="microseconds") + "Z" if at.year < 2100 else None

    return convert


def _excel(text: str) -> str | None:
    """A serial number of days, as a spreadsheet holds a date: local time, to the nearest millisecond."""
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,20})?", text):
        return None
    at = EXCEL_ZERO + timedelta(milliseconds=int((Decimal(text) * 86_400_000).to_integral_value()))
    return at.isoformat(timespec="milliseconds")
