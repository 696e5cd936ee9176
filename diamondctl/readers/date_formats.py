"""Dates and times in written forms such as `DD.MM.YYYY HH:mm`, turned into the form of the plain format. No guessing: a text
fits a form whole or not at all. All white space is alike, and marks that only direct writing are none.

YYYY MM DD HH mm ss have all their digits, M D H may leave a leading zero out, YY is 20YY, BBBB a year of the Buddhist era
(2569 is 2026), h or hh with A are hours to twelve, .SSS a fraction where there is one, MMM the name of a month, ddd that of a
day, Z a zone (`Z`, `UTC`, `GMT` or an offset, with its name behind it). What stands in [ ] is itself. `epoch_s`, `epoch_ms`,
`epoch_us` and `excel` are numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

# By the first three letters, without accents: English, German, French, Spanish, Portuguese, Italian, Dutch, Indonesian.
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen", "feb fev", "mar mrz mae mrt", "apr abr avr", "may mai mag mei", "jun giu", "jul lug",
            "aug ago aou agu agt ags", "sep set", "oct okt out ott", "nov", "dec dez dic des",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_AFTERNOON: Final = ("p", "오후", "下午", "午後", "ch")
HALVES: Final = r"[AaPp]\.? ?[Mm]\.?|오전|오후|上午|下午|午前|午後|SA|CH"
ZONE: Final = r"(?:Z|(?:UTC|GMT)?[+-][0-9]{1,2}(?::?[0-9]{2})?|UTC|GMT)(?: \([^()]{1,60}\)| [A-Z]{3,4})?"
_TOKENS: Final = {
    "YYYY": "(?P<year>[0-9]{4})",
    "YY": "(?P<short>[0-9]{2})",
    "BBBB": "(?P<buddhist>2[45][0-9]{2})",
    "MMM": r"(?P<name>[^\W\d_]{3,12}\.?)",
    "MM": "(?P<month>[0-9]{2})",
    "M": "(?P<month>[0-9]{1,2})",
    "DD": "(?P<day>[0-9]{2})",
    "D": "(?P<day>[0-9]{1,2})",
    "ddd": r"[^\W\d_]{2,12}\.?",
    "HH": "(?P<hour>[0-9]{2})",
    "H": "(?P<hour>[0-9]{1,2})",
    "hh": "(?P<hour>[0-9]{2})",
    "h": "(?P<hour>[0-9]{1,2})",
    "mm": "(?P<minute>[0-9]{2})",
    "ss": "(?P<second>[0-9]{2})",
    ".SSS": "(?:[.,](?P<fraction>[0-9]{1,9}))?",
    ",SSS": "(?:[.,](?P<fraction>[0-9]{1,9}))?",
    "SSS": "(?P<fraction>[0-9]{1,9})",
    " A": f" ?(?P<half>{HALVES})",
    "A": f"(?P<half>{HALVES})",
    " Z": f" ?(?P<zone>{ZONE})",
    "Z": f"(?P<zone>{ZONE})",
}
_TOKEN: Final = re.compile(r"\[[^\[\]]*\]|" + "|".join(map(re.escape, sorted(_TOKENS, key=len, reverse=True))))
_YEARS: Final = frozenset(("year", "short", "buddhist"))
NUMBERS: Final = ("epoch_s", "epoch_ms", "epoch_us", "excel")
EXCEL_ZERO: Final = datetime(1899, 12, 30)

Convert = Callable[[str], str | None]


class UnknownForm(ValueError):
    """A date format that is none."""


def plain_space(text: str) -> str:
    """A text with one blank for all white space, none around it, and without marks of direction."""
    return " ".join(text.split()) if text.isascii() else " ".join(re.sub("[\u200e\u200f\ufeff]", "", text).split())


def month(name: str) -> int | None:
    """The number of a month by its name in one of the languages; None for what is none."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", name.casefold()) if letter.isalpha())
    return (7 if bare.startswith("juil") else 6) if bare.startswith("jui") else _MONTHS.get(bare[:3])


@lru_cache(maxsize=4_096)
def converter(form: str) -> Convert:
    """A function from a text of this form to `2026-10-31T20:15:00`, or None where it does not fit. Raises `UnknownForm`."""
    if form in NUMBERS:
        return {"epoch_s": _epoch(1), "epoch_ms": _epoch(1_000), "epoch_us": _epoch(1_000_000), "excel": _excel}[form]
    form = plain_space(form)
    seen: list[str] = []
    pieces, literals, position = [], [], 0
    for match in _TOKEN.finditer(form):
        literals.append(form[position : match.start()])
        own = match[0].startswith("[")
        pieces += [re.escape(literals[-1]), re.escape(match[0][1:-1]) if own else _TOKENS[match[0]]]
        if not own:
            seen.append(match[0].strip(" .,"))
        position = match.end()
    literals.append(form[position:])
    pieces.append(re.escape(literals[-1]))
    if re.search("[A-SU-Za-z]", "".join(literals)):
        raise UnknownForm(form)
    groups = re.findall(r"\?P<([a-z]+)>", "".join(pieces))
    if len(set(groups)) < len(groups) or len(_YEARS & set(groups)) != 1 or not {"month", "name"} & set(groups):
        raise UnknownForm(form)
    # A form of months has no days and no hours.
    if "day" not in groups and "hour" in groups:
        raise UnknownForm(form)
    if ("half" in groups) != any(token in ("h", "hh") for token in seen):
        raise UnknownForm(form)
    pattern = re.compile("".join(pieces), re.IGNORECASE)
    return lambda text: _convert(pattern.fullmatch(plain_space(text)))


def _convert(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    parts = match.groupdict()
    number = int(parts["month"]) if parts.get("month") else month(parts["name"])
    if number is None:
        return None
    year = int(parts["year"]) if parts.get("year") else 2_000 + int(parts["short"]) if parts.get("short") else 0
    year = year or int(parts["buddhist"]) - 543
    hour = int(parts.get("hour") or 0)
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.casefold().startswith(_AFTERNOON) else 0)
    fraction = f".{parts['fraction']}" if parts.get("fraction") else ""
    clock = f"{hour:02}:{int(parts.get('minute') or 0):02}:{int(parts.get('second') or 0):02}"
    return f"{year}-{number:02}-{int(parts.get('day') or 1):02}T{clock}{fraction}{_zone(parts.get('zone') or '')}"


def _zone(text: str) -> str:
    """A zone as the plain format writes it."""
    offset = re.search(r"([+-])([0-9]{1,2})(?::?([0-9]{2}))?", text)
    if offset is None:
        return "Z" if text else ""
    return f"{offset[1]}{int(offset[2]):02}:{offset[3] or '00'}"


def _epoch(per_second: int) -> Convert:
    def convert(text: str) -> str | None:
        match = re.fullmatch(r"([0-9]{1,17})(?:\.([0-9]{1,9}))?", text.strip())
        if match is None or (match[2] and per_second != 1):
            return None
        parts = int((match[2] or "").ljust(6, "0")[:6])
        microseconds = int(match[1]) * 1_000_000 // per_second + parts
        if microseconds > 4_102_444_800_000_000:
            return None
        at = datetime(1970, 1, 1) + timedelta(microseconds=microseconds)
        return at.isoformat(timespec="microseconds") + "Z"

    return convert


def _excel(text: str) -> str | None:
    """A serial number of days, as a spreadsheet holds a date: local time, to the nearest millisecond."""
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,20})?", text):
        return None
    at = EXCEL_ZERO + timedelta(milliseconds=int((Decimal(text) * 86_400_000).to_integral_value()))
    return at.isoformat(timespec="milliseconds")
