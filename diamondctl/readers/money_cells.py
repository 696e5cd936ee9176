"""Amounts and days of statements. Their writing does not follow the language of the headers, so it is decided on the evidence
of all rows of a file, and what two writings read differently is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from diamondctl.readers import date_formats
from diamondctl.readers.cells import CellError, short

_BLANKS: Final = "  \u00a0\u202f\u2009"
_MARKS: Final = {".": f",'\u2019{_BLANKS}", ",": f".'\u2019{_BLANKS}"}  # decimal mark -> what may stand between groups
_PATTERNS: Final = {
    decimal: re.compile(rf"(0|[1-9][0-9]{{0,2}}(?:([{re.escape(marks)}])[0-9]{{3}}(?:\2[0-9]{{3}})*)?|[0-9]+)?"
                        rf"(?:{re.escape(decimal)}([0-9]+))?")
    for decimal, marks in _MARKS.items()
}  # fmt: skip
_MINUS: Final = "-\u2212\u2013"
_SYMBOLS: Final = re.compile(r"^(?:[A-Z]{3}|[$€£¥₩₽₺₹]|US\$|R\$)?\s*(.*?)\s*(?:[A-Z]{3}|[$€£¥₩₽₺₹])?$")
_LONGEST: Final = 24
# Days as statements write them. Two of these may read one text differently; then order decides, or nobody does.
FORMS: Final = (
    "YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY", "D/M/YYYY", "M/D/YYYY", "DD.MM.YYYY", "D.M.YYYY", "DD-MM-YYYY", "MM-DD-YYYY",
    "YYYY/MM/DD", "DD/MM/YY", "MM/DD/YY", "M/D/YY", "DD.MM.YY", "D MMM YYYY", "MMM D, YYYY", "D. MMM YYYY", "D-MMM-YYYY",
    "YYYYMMDD", "YYYY-MM",
)  # fmt: skip
_CLOCK: Final = re.compile(r"(.+?),?[T ] ?[0-9]{1,2}:[0-9]{2}.*", re.DOTALL)


class Written(NamedTuple):
    """An amount as a file writes it, and how many decimals it may have."""

    text: str
    places: int


def _bare(text: str) -> tuple[str, bool]:
    """Digits and marks alone, and whether it is negative: `-1.234,56`, `(12.00)`, `12.00-`, `$5`."""
    bare = text.strip(_BLANKS + "\t")
    negative = False
    if bare.startswith("(") and bare.endswith(")"):
        bare, negative = bare[1:-1], True
    match = _SYMBOLS.match(bare.lstrip("+" + _MINUS))
    negative ^= bare[:1] in _MINUS and bare != ""
    inner = match[1] if match else bare
    if inner[:1] and inner[0] in "+" + _MINUS:
        negative ^= inner[0] in _MINUS
        inner = inner[1:]
    if inner[-1:] and inner[-1] in _MINUS:
        negative, inner = not negative, inner[:-1]
    return inner.strip(_BLANKS), negative


def _read(written: Written, decimal: str) -> Decimal | None:
    """An amount with a decimal mark; None where it is none, or has more decimals than there are."""
    bare, negative = _bare(written.text)
    match = _PATTERNS[decimal].fullmatch(bare)
    if match is None or not bare or len(bare) > _LONGEST or (match[1] is None and match[3] is None):
        return None
    fraction = (match[3] or "").rstrip("0")
    if len(fraction) > written.places or len(match[3] or "") == 3 > written.places:  # 1,000 is a thousand, not 1.000
        return None
    whole = re.sub("[^0-9]", "", match[1] or "0")
    value = Decimal(f"{whole}.{fraction}" if fraction else whole)
    return -value if negative and value else value


def decimal_mark(amounts: Iterable[Written], said: str = "") -> str:
    """The mark before decimals in all amounts of a file: as its profile says, else the one under which they are amounts.

    Raises `CellError` (S002) where both marks read every amount, and not one alike.
    """
    if said:
        return said
    filled = [written for written in amounts if written.text.strip()]
    reads = {mark: [_read(written, mark) for written in filled] for mark in _MARKS}
    fits = {mark: sum(value is not None for value in values) for mark, values in reads.items()}
    if fits["."] != fits[","]:
        return max(fits, key=lambda mark: fits[mark])
    for written, point, comma in zip(filled, *reads.values(), strict=True):
        if point is not None and comma is not None and point != comma:
            message = f"'{short(written.text)}' is {point:f} or {comma:f}, and no other amount of the file tells which"
            raise CellError("S002", message, "say it in a profile: decimal: point, or decimal: comma")
    return "."


def amount(written: Written, decimal: str) -> Decimal:
    """An amount, signed; raises `CellError` (S001)."""
    value = _read(written, decimal)
    if value is None:
        mark = "point" if decimal == "." else "comma"
        hint = f"amounts of this file are read with a {mark} before at most {written.places} decimals"
        raise CellError("S001", f"'{short(written.text)}' is not an amount", hint)
    return value


def _days(form: str, texts: Sequence[str]) -> list[date | None]:
    return [_day(form, text) for text in texts]


def _written_day(form: str, text: str) -> str | None:
    """A day in ISO form, whether or not a calendar has it."""
    bare = text.strip()
    clock = _CLOCK.fullmatch(bare)
    convert = date_formats.converter(form)
    return convert(clock[1] if clock and ":" not in form else bare)


def _looks(form: str, text: str) -> bool:
    """Whether a text is written in a form: a month, and a day of up to 31."""
    found = _written_day(form, text)
    if found is None:
        return False
    _, month, day_of_month = found.partition("T")[0].split("-")
    return 1 <= int(month) <= 12 and 1 <= int(day_of_month) <= 31


def _day(form: str, text: str) -> date | None:
    found = _written_day(form, text)
    if found is None:
        return None
    try:
        day = date.fromisoformat(found[:10])
    except ValueError:
        return None
    return day if 2016 <= day.year < 2100 else None


def _in_order(days: Sequence[date]) -> bool:
    return list(days) == sorted(days) or list(days) == sorted(days, reverse=True)


def day_form(texts: Sequence[str], said: str = "", forms: Sequence[str] = FORMS) -> str:
    """How the days of a file are written: as its profile says, else the one form under which all of them are days.

    Where two forms read other days, that one in which the rows are in order. Raises `CellError` (S004) where that leaves two.
    """
    if said:
        return said
    filled = [text for text in texts if text.strip()]
    reads = {form: [day for day in _days(form, filled) if day is not None] for form in forms}
    most = max((len(days) for days in reads.values()), default=0)
    if not most:  # none is in the calendar: the writing alone tells, so that the right form is named
        return next((form for form in forms if any(_looks(form, text) for text in filled)), forms[0])
    best = {form: days for form, days in reads.items() if len(days) == most}
    if len(best) > 1 and any(_in_order(days) for days in best.values()):
        best = {form: days for form, days in best.items() if _in_order(days)}
    first, *others = best
    for other in others:
        if best[other] != best[first]:
            text = next(text for text in filled if _day(first, text) != _day(other, text))
            message = f"'{short(text)}' is {_day(first, text)} or {_day(other, text)}, and no other row of the file tells which"
            raise CellError("S004", message, f"--date-format {first}, or --date-format {other}")
    return first


def day(text: str, form: str) -> date:
    """A day as the statement writes it: its zone is the statement's, and no time of day moves it. Raises `CellError` (S003)."""
    found = _day(form, text)
    if found is None and _looks(form, text):
        raise CellError(
            "S003", f"'{short(text)}' is no day of the calendar from 2016 to 2099", f"days of this file are read as {form}"
        )
    if found is None:
        raise CellError("S003", f"'{short(text)}' is not a day", f"days of this file are read as {form}")
    return found
