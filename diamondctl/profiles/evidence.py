"""What the texts of one column tell about how they are written. A column decides, never a cell; what two readings fit alike
is ambiguous, and said so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from diamondctl.readers import cells
from diamondctl.readers.cells import CellError
from diamondctl.readers.date_formats import converter

_DAYS: Final = (
    "YYYY-MM-DD", "YYYY/MM/DD", "YYYY.MM.DD", "YYYY/M/D", "DD.MM.YYYY", "D.M.YYYY", "DD/MM/YYYY", "D/M/YYYY", "MM/DD/YYYY",
    "M/D/YYYY", "DD-MM-YYYY", "D-M-YYYY", "MM-DD-YYYY", "M-D-YYYY", "DD MMM YYYY", "D MMM YYYY", "MMM DD, YYYY", "MMM D, YYYY",
)  # fmt: skip
_CLOCKS: Final = ("HH:mm:ss", "HH:mm", "H:mm:ss", "H:mm", "HH:mm:ss.SSS", "h:mm:ss A", "h:mm A", "hh:mm A", "HH.mm")
_BETWEEN: Final = (" ", ", ", "T")
_ZONES: Final = ("", "Z", " Z")
_MARK: Final = re.compile(r"[.,' \u00a0\u202f]")


class Dates(NamedTuple):
    """How times are written: every form that fits all of them and means something else."""

    forms: tuple[str, ...]  # blank text: the plain format's own
    names_zone: bool
    why: str


class Numbers(NamedTuple):
    """The marks in whole numbers; `ambiguous` is a text that can be read in two ways."""

    thousands: str
    decimal: str
    ambiguous: str
    fits: bool
    why: str


def dates(texts: Sequence[str]) -> Dates:
    """Forms that fit all texts and are times that exist. Two forms that read every text alike are one."""
    sample = list(dict.fromkeys(text for text in texts if text))
    if not sample:
        return Dates((), False, "no value")
    plain = _read(sample, "")
    if plain is not None:
        return Dates(("",), plain[1], "the plain form in every row")
    meanings: dict[tuple[int, ...], tuple[str, bool]] = {}
    for form in _forms(sample[0]):
        read = _read(sample, form)
        if read is not None and read[0] not in meanings:
            meanings[read[0]] = (form, read[1])
    forms = tuple(form for form, _ in meanings.values())
    if len(forms) == 1:
        why = f"the only form that fits all {len(sample):,} different values"
    else:
        why = f"{len(forms)} forms fit all {len(sample):,} different values" if forms else "no known form fits"
    return Dates(forms, any(zone for _, zone in meanings.values()), why)


def _forms(example: str) -> Iterator[str]:
    if re.fullmatch("[0-9]{10}", example):
        yield "epoch_s"
    elif re.fullmatch("[0-9]{13}", example):
        yield "epoch_ms"
    elif re.fullmatch(r"4[0-9]{4}|5[0-9]{4}|[45][0-9]{4}\.[0-9]+", example):
        yield "excel"
    for day in _DAYS:
        if converter(day)(example[:10]) is None and not any(converter(day)(example[:end]) for end in range(8, 14)):
            continue
        yield day
        for between in _BETWEEN:
            for clock in _CLOCKS:
                for zone in _ZONES:
                    yield f"{day}{between}{clock}{zone}"


def _read(sample: list[str], form: str) -> tuple[tuple[int, ...], bool] | None:
    """The instants of all texts by one form, and whether they name a zone; None when one of them does not fit."""
    convert = converter(form) if form else None
    times, zone = [], False
    for text in sample:
        written = text if convert is None else convert(text)
        if written is None:
            return None
        try:
            instant, zone = cells.timestamp(written, "UTC")
        except CellError:
            return None
        times.append(instant)
    return tuple(times), zone


def numbers(texts: Sequence[str]) -> Numbers:
    """Marks of whole numbers. `1.234` alone could be a thousand or one and a bit, so it takes another value to decide."""
    sample = [text.strip() for text in dict.fromkeys(texts) if text.strip()]
    marked = [text for text in sample if not (text.isascii() and text.isdecimal())]
    if not sample:
        return Numbers("", "", "", False, "no value")
    if not marked:
        return Numbers("", "", "", True, "digits only")
    thousands, decimal, open_question, why = "", "", "", ""
    for text in marked:
        marks = _MARK.findall(text)
        if not re.fullmatch(r"[0-9]+([.,' \u00a0\u202f][0-9]+)+", text):
            return Numbers("", "", "", False, f"'{cells.short(text)}' is no number")
        group, point = "", ""
        if len(set(marks)) > 1:
            group, point = marks[0], marks[-1]
        elif len(marks) > 1 or marks[0] not in ".,":
            group = marks[0]
        elif len(text.rpartition(marks[0])[2]) != 3 or len(text.partition(marks[0])[0]) > 3 or text[0] == "0":
            point = marks[0]
        else:
            open_question = open_question or text
            continue
        if (group and group == decimal) or (point and point == thousands) or (thousands and group and thousands != group):
            return Numbers("", "", text, True, f"'{cells.short(text)}' is written another way than the others")
        thousands, decimal = thousands or group, decimal or point
        why = why or f"'{cells.short(text)}' can only be read so"
    if open_question and not {_MARK.findall(open_question)[0]} & {thousands, decimal}:
        return Numbers(thousands, decimal, open_question, True, f"'{cells.short(open_question)}' can be read in two ways")
    return Numbers(thousands, decimal, "", True, why)
