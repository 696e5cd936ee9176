"""What the texts of one column tell about how they are written. A column decides, never a cell; what two readings fit alike
is ambiguous, and said so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from diamondctl.readers import cells
from diamondctl.readers.cells import CellError
from diamondctl.readers.date_formats import HALVES, ZONE, UnknownForm, converter, month, plain_space

_COLON: Final = re.compile(
    rf"(?P<before>(?:{HALVES}) ?)?(?<![0-9])(?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{2}})(?P<second>:[0-9]{{2}})?"
    rf"(?P<fraction>[.,][0-9]{{1,9}})?(?![0-9])(?P<after> ?(?:{HALVES})(?![a-z]))?(?P<zone> ?{ZONE})?",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(r"(?<![0-9.])(?P<hour>[0-9]{1,2})(?:h|\.)(?P<minute>[0-9]{2})(?P<second>\.[0-9]{2})?(?![0-9.])")
_DAY: Final = 86_400_000_000
_HERE: Final = "\0"  # where the time of day stands, while a date is looked at
_PARTS: Final = re.compile(r"[0-9]+|[^\W\d_]+\.?|.", re.DOTALL)
_WEEKDAYS: Final = frozenset(
    (
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "mo", "di", "mi", "do", "fr", "sa", "so", "mar",
        "mer", "jeu", "ven", "sam",
        "dim", "lun", "lu", "jue", "vie", "sab", "dom", "seg", "ter", "qua", "qui", "sex", "gio",
    )
)  # fmt: skip
_MARK: Final = re.compile(r"[.,' \u00a0\u202f]")


class Dates(NamedTuple):
    """How times are written: every form that fits all of them and means something else."""

    forms: tuple[str, ...]  # blank text: the plain format's own
    names_zone: bool
    why: str
    days_only: bool = False  # two days or more, all at one time of day: the times stand for days
    firsts: bool = False  # of months: two or more, and nothing but their first days


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
        return Dates(("",), plain[1], "the plain form in every row", _are_days(plain[0]), _are_firsts(plain[0]))
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
    return Dates(
        forms, any(zone for _, zone in meanings.values()), why, any(map(_are_days, meanings)), any(map(_are_firsts, meanings))
    )


def _are_days(times: tuple[int, ...]) -> bool:
    return len(set(times)) > 1 and len({time % _DAY for time in times}) == 1


def _are_firsts(times: tuple[int, ...]) -> bool:
    # At midnight anywhere, so within a day of the first.
    days = {(datetime(1970, 1, 1) + timedelta(microseconds=time + _DAY // 2)).day for time in times}
    return len(set(times)) > 1 and days <= {1, 2} and len(days) == 1


def _forms(example: str) -> Iterator[str]:
    """Forms that a text may be written in, taken from the text itself: padded before unpadded, day before month."""
    text = plain_space(example)
    if re.fullmatch(r"[0-9]{10}(\.[0-9]+)?", text):
        yield "epoch_s"
    elif re.fullmatch("[0-9]{13}", text):
        yield "epoch_ms"
    elif re.fullmatch("[0-9]{16}", text):
        yield "epoch_us"
    elif re.fullmatch("[0-9]{14}", text):
        yield "YYYYMMDDHHmmss"
    elif re.fullmatch(r"4[0-9]{4}|5[0-9]{4}|[45][0-9]{4}\.[0-9]+", text):
        yield "excel"
    clocks = [clock] if (clock := _COLON.search(text)) else list(_OTHER.finditer(text))
    if not clocks or clocks[0].re is _OTHER:
        yield from _dates(text)
    for clock in clocks:
        for form in _dates(text[: clock.start()] + _HERE + text[clock.end() :]):
            for of_day in _clocks(clock):
                yield form.replace(_HERE, of_day)


def _clocks(clock: re.Match[str]) -> Iterator[str]:
    """Forms of a time of day."""
    parts = clock.groupdict()
    before, after, zone = (parts.get(name) or "" for name in ("before", "after", "zone"))
    mark = clock.string[clock.end("hour")]
    second = f"{mark}ss" if parts["second"] else ""
    rest = (" A" if after.startswith(" ") else "A") if after else ""
    rest += (" Z" if zone.startswith(" ") else "Z") if zone else ""
    first = ("A " if before.endswith(" ") else "A") if before else ""
    hours = ("hh", "h") if before or after else ("HH", "H")
    for hour in hours[len(parts["hour"]) < 2 :]:
        for fraction in ("", ".SSS"):
            yield f"{first}{hour}{'[h]' if mark == 'h' else mark}mm{second}{fraction}{rest}"


def _dates(text: str) -> Iterator[str]:
    """Forms of a date with what stands before and behind it."""
    parts = _PARTS.findall(text)
    digits = [index for index, part in enumerate(parts) if part.isdecimal()]
    named = [index for index, part in enumerate(parts) if part[0].isalpha() and len(part) > 2 and month(part)]
    if len(digits) == 1 and len(parts[digits[0]]) == 8:
        yield _spelled(parts, {digits[0]: "YYYYMMDD"})
        return
    # "Mar" may be a day in French: where there are several names the last one is the month.
    months = {named[-1]: "MMM"} if named and len(digits) in (1, 2) else {}
    if len(digits) + len(months) not in (2, 3):
        return
    # Between dots the day comes first, everywhere.
    dots = len(digits) > 1 and parts[digits[0] + 1] == "."
    for order in _orders([parts[index] for index in digits], bool(months)):
        if dots and order[0] == "M":
            continue
        for padded in (True, False):
            tokens = [part * 2 if padded and part in "DM" else part for part in order]
            if not padded or all(len(parts[index]) == len(token) for index, token in zip(digits, tokens, strict=True)):
                yield _spelled(parts, months | dict(zip(digits, tokens, strict=True)))


def _orders(numbers: list[str], month_named: bool) -> Iterator[tuple[str, ...]]:
    """What the numbers of a date may be, day before month."""
    rest = ("D",) if month_named else ("D", "M")
    long = next((index for index, number in enumerate(numbers) if len(number) == 4), -1)
    if long >= 0:
        years = ("BBBB",) if numbers[long].startswith(("24", "25", "26")) else ("YYYY",)
        if len(numbers) == 1 + len(rest) - 1 and not month_named:
            yield ("M", *years) if long else (*years, "M")
            return
        if len(numbers) != 1 + len(rest):
            if month_named:
                yield years
            return
        if long == 0 and not month_named:
            yield (*years, "M", "D")
            return
        for order in (rest, rest[::-1]) if len(rest) > 1 else (rest,):
            yield (*years, *order) if long == 0 else (*order, *years)
    elif len(numbers) == 1 + len(rest) and all(len(number) <= 2 for number in numbers):
        for order in (rest, rest[::-1]) if len(rest) > 1 else (rest,):
            yield (*order, "YY")
        yield ("YY", *rest[::-1])


def _spelled(parts: list[str], tokens: dict[int, str]) -> str:
    """A form of the parts of a text: tokens where they are known, names of days, and all other words as themselves."""
    form = ""
    for index, part in enumerate(parts):
        word = part.casefold().rstrip(".")
        if index in tokens:
            form += tokens[index]
        elif part[0].isalpha() and part.isascii() and part != "T":
            form += "ddd" if word[:3] in _WEEKDAYS or word in _WEEKDAYS else f"[{part}]"
        elif part[0].isalpha() and len(part) > 3:
            form += "ddd"
        else:
            form += part
    return form


def _read(sample: list[str], form: str) -> tuple[tuple[int, ...], bool] | None:
    """The instants of all texts by one form, and whether they name a zone; None when one of them does not fit."""
    try:
        convert = converter(form) if form else None
    except UnknownForm:
        return None
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
