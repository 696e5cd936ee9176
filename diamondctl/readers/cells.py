"""What one cell may hold: text, timestamps, whole numbers, ids. Each check returns the value or
raises `CellError`; positions are added by `gift_rows`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from diamondctl import periods

MAX_TEXT: Final = 1_024
MAX_EVENT_ID: Final = 128
MAX_COINS: Final = 999_999_999_999_999
MAX_QUANTITY: Final = 999_999_999
MAX_PRODUCT: Final = 10**15

_TIME: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]{1,9})?)?"
    r"(?:(Z| ?UTC)| ?([+-])([0-9]{2})(?::?([0-9]{2}))?)?"
)
_DIGITS: Final = re.compile("[0-9]+")
FIRST: Final = periods.instant_of(datetime(2016, 1, 1))
AFTER: Final = periods.instant_of(datetime(2100, 1, 1))
# What stands around ids that are dressed for a spreadsheet.
_AROUND: Final = " \t\u00a0\u202f\ufeff"
_DRESS: Final = frozenset(_AROUND + "='")
_ODD: Final = frozenset(("Cc", "Cf", "Cn", "Co", "Zl", "Zp"))
# What spreadsheets, pandas and JavaScript leave of a long id: 7.54E+18, 7,54E+18, 7.54e+18, 7540000000000000000.0.
_SPREADSHEET_ID: Final = re.compile(
    r"[0-9][.,][0-9]+ ?[eE]\+?[0-9]{1,2}|[0-9]+ ?[eE]\+[0-9]{1,2}|[0-9][eE](?:1[5-9]|2[0-5])|[0-9]{15,}[.,]0+|#{3,}"
    r"|[0-9]{1,3}(?:[.,' \u00a0\u202f][0-9]{3}){4,}"
)
_ZERO_TAIL: Final = re.compile(r"[0-9]{15}0{3,}")


class CellError(Exception):
    """A cell that is refused: code, message, hint."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        self.code, self.message, self.hint = code, message, hint
        super().__init__(message)


def short(text: str) -> str:
    """A cell as a message shows it: never more than 40 characters."""
    return text if len(text) <= 40 else text[:40] + "..."


def listed(names: Sequence[str]) -> str:
    """Names for a message: the first twelve."""
    more = f" and {len(names) - 12:,} more" if len(names) > 12 else ""
    return ", ".join(short(name) or "(no name)" for name in names[:12]) + more


def text(cell: str) -> str:
    """Any text: NFC, at most 1,024 characters, without NUL and lone surrogates. Never trimmed."""
    value = cell if cell.isascii() else unicodedata.normalize("NFC", cell)
    if len(value) > MAX_TEXT:
        raise CellError("G030", f"{len(value):,} characters; a text has at most {MAX_TEXT:,}", "shorten it")
    if "\0" in value:
        raise CellError("G031", "a NUL character", "remove it, or export the file again")
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise CellError("G031", "half a character (a lone surrogate)", "export the file again as UTF-8")
    return value


def is_odd(value: str) -> bool:
    """Whether a text holds characters that output makes visible (control, format, unassigned, private)."""
    return not value.isprintable() and any(unicodedata.category(character) in _ODD for character in value)


def undressed(cell: str) -> str:
    """An id without what keeps a spreadsheet from taking it for a number: `="739"`, `'739`, blanks or a tab around it."""
    bare = cell.strip(_AROUND)
    if bare.startswith('="') and bare.endswith('"') and len(bare) > 3:
        return bare[2:-1].strip(_AROUND)
    return bare.removeprefix("'").strip(_AROUND)


def is_dressed(cell: str) -> bool:
    """Whether a text is a number of 15 digits or more that is dressed so: of a person who is named by an id."""
    if cell[0] not in _DRESS and cell[-1] not in _DRESS:
        return False
    bare = undressed(cell)
    return bare != cell and len(bare) >= 15 and bare.isascii() and bare.isdecimal()


def event_id(cell: str) -> str:
    """An id of at most 128 characters."""
    if len(cell) <= MAX_EVENT_ID and cell.isascii() and cell.isalnum():
        return cell
    value = identifier(cell)
    if len(value) > MAX_EVENT_ID:
        raise CellError("G030", f"{len(value):,} characters; an event id has at most {MAX_EVENT_ID}")
    return value


def identifier(cell: str) -> str:
    """An id as text, undressed; one that went through a spreadsheet as a number is refused, and a formula."""
    value = text(undressed(cell))
    if value.startswith("="):
        hint = "export the ids as text: no id begins with ="
        raise CellError("G032", f"'{short(value)}' is a formula of a spreadsheet, not an id", hint)
    if _SPREADSHEET_ID.fullmatch(value):
        hint = "export the ids as text; digits that are lost cannot be restored"
        raise CellError("G032", f"'{short(value)}' is an id that a spreadsheet turned into a number", hint)
    return value


def looks_zeroed(value: str) -> bool:
    """A digit string of 18 or more with nothing but zeros past the 15th: damaged, or one in 1,000 by chance."""
    return len(value) >= 18 and _ZERO_TAIL.fullmatch(value) is not None


def region(cell: str) -> str:
    """Two letters, as capitals, or blank."""
    if not cell:
        return ""
    if not re.fullmatch("[A-Za-z]{2}", cell):
        raise CellError("G033", f"'{short(cell)}' is not a region", "two letters such as US, or blank")
    return cell.upper()


def whole(cell: str, limit: int, what: str) -> int:
    """ASCII digits only, at most `limit`."""
    if not (cell.isascii() and _DIGITS.fullmatch(cell)):
        raise CellError("G020", f"{what} '{short(cell)}' is not a whole number", "digits only: no sign, point, comma or space")
    digits = cell.lstrip("0") or "0"
    if len(digits) > 15 or int(digits) > limit:
        raise CellError("G021", f"{what} {short(cell)} is more than {limit:,}", "is this column what it seems?")
    return int(digits)


@lru_cache(maxsize=4_096)
def _midnight(day: str) -> int | None:
    """Instant of 00:00 UTC of a day written YYYY-MM-DD; None when the calendar has no such day."""
    try:
        return periods.instant_of(datetime.fromisoformat(day))
    except ValueError:
        return None


def timestamp(cell: str, input_timezone: str) -> tuple[int, bool]:
    """Instant in microseconds since 1970 UTC, and whether the cell named its zone itself.

    A time without a zone is local to `input_timezone`; one that a clock change skips or repeats is refused. Digits after
    the sixth decimal are dropped.
    """
    match = _TIME.fullmatch(cell) or _TIME.fullmatch(" ".join(cell.split()))  # all white space is alike
    if match is None:
        raise CellError("G011", f"timestamp '{short(cell)}' is in another form", "write 2026-10-31T20:15:00Z")
    day, hour_text, minute_text, second_text, fraction, utc, sign, offset_hours, offset_minutes = match.groups()
    hour, minute, second = int(hour_text), int(minute_text), int(second_text or 0)
    midnight = _midnight(day)
    if midnight is None or hour > 23 or minute > 59 or second > 59:
        hint = "months 01-12, hours 00-23, seconds 00-59, and a day the month has"
        raise CellError("G012", f"'{cell}' is not a time that exists", hint)
    instant = midnight + (hour * 3_600 + minute * 60 + second) * periods.MICROSECONDS
    if fraction:
        instant += int(fraction[1:7].ljust(6, "0"))
    if sign:
        offset = int(offset_hours) * 60 + int(offset_minutes or 0)
        if int(offset_minutes or 0) > 59 or offset > 14 * 60:
            raise CellError("G013", f"'{cell}' has an offset that no zone has", "offsets reach from -14:00 to +14:00")
        instant += (-offset if sign == "+" else offset) * 60 * periods.MICROSECONDS
    elif not utc and input_timezone != "UTC":
        moment = datetime.fromisoformat(f"{day}T{hour:02d}:{minute:02d}:{second:02d}")
        instant += _local_shift(moment, cell, input_timezone)
    if not FIRST <= instant < AFTER:
        raise CellError("G014", f"'{cell}' lies outside 2016 to 2099", "is this column a time of a gift?")
    return instant, bool(utc or sign)


def _local_shift(moment: datetime, cell: str, timezone: str) -> int:
    """Microseconds from local clock time to UTC; refuses times that do not exist or occur twice."""
    early = moment.replace(tzinfo=periods.zone(timezone), fold=0)
    late = early.replace(fold=1)
    if early.utcoffset() != late.utcoffset():
        skipped = early.astimezone(UTC).astimezone(early.tzinfo).replace(tzinfo=None) != moment
        what = "does not exist" if skipped else "occurs twice"
        hint = "give the rows their UTC offset, such as 2026-11-01T01:30:00-07:00"
        raise CellError("G015", f"'{cell}' {what} in {timezone}: the clocks change there", hint)
    offset = early.utcoffset() or timedelta(0)
    return -(offset.days * 86_400 + offset.seconds) * periods.MICROSECONDS
