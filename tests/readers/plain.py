"""Writes the plain gift format in all of its spellings, and knows where everything stands. Shares no code with the readers."""

from __future__ import annotations

import codecs
import io
import json
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple

from hypothesis import strategies as st

from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers.gift_rows import Facts, Settings
from diamondctl.readers.recognise import read
from diamondctl.readers.sources import Source
from diamondctl.records import Gift

COLUMNS = (
    "timestamp",
    "creator",
    "gift",
    "coins",
    "quantity",
    "event_id",
    "gifter",
    "gift_id",
    "stream",
    "receiver",
    "region",
)
NUMBERS = ("coins", "quantity")
DELIMITERS = (",", ";", "\t", "|")
LINE_ENDS = ("\n", "\r\n", "\r")
ENCODERS: dict[str, Callable[[str], bytes]] = {
    "UTF-8": lambda text: text.encode(),
    "UTF-8 with BOM": lambda text: codecs.BOM_UTF8 + text.encode(),
    "UTF-16-LE with BOM": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "UTF-16-BE with BOM": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
}


# Reading


class Result(NamedTuple):
    """What came of reading some bytes. `facts` is None when the source was refused."""

    gifts: list[Gift]
    problems: list[Problem]
    facts: Facts | None


def read_bytes(data: bytes, settings: Settings | None = None) -> Result:
    """Read one source; a refusal becomes its problems, any other exception is the test's to see."""
    log = ProblemLog(keep=1_000)
    gifts: list[Gift] = []
    try:
        facts = read(Source("x.csv", io.BytesIO(data), "utf-8"), settings or Settings(), log, gifts.append)
    except Refusal as refusal:
        assert refusal.problems, "a refusal says why"
        return Result(gifts, refusal.problems, None)
    return Result(gifts, log.problems, facts)


# Random valid gifts


class Row(NamedTuple):
    """One gift: its cells as they are written, and what must come back (with line 0)."""

    cells: dict[str, str]
    gift: Gift


AWKWARD = (
    '"',
    '""',
    'a"b',
    "a,b",
    "a;b|c\td",
    "two\nlines",
    "two\r\nlines",
    "two\rlines",
    "\n",
    " before",
    "after ",
    "é",
    "e\u0301",
    "\u202eevil",
    "\x1b[31m",
    "\ufeff",
    "\u2028",
    "\x85",
    "=1+1",
    "👩\u200d🎤",
    "[/]",
    "null",
    "<U+000A>",
)
characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = st.sampled_from(AWKWARD) | st.text(characters, min_size=1, max_size=8)
ids = st.sampled_from(("7543210987654321123", "a-1", "e,1", 'e"1', "0012")) | st.text(characters, min_size=1, max_size=6)
# How exporters write ids so that a spreadsheet keeps them; none of it is a part of the id.
DRESSES = ("{}", "{}", "{}", '="{}"', "'{}", "{}\t", " {} ", "\u00a0{}")
Spelling = Literal["NFC", "NFD"]
spellings: st.SearchStrategy[Spelling] = st.sampled_from(("NFC", "NFD"))
EARLIEST, LATEST = datetime(2016, 1, 1), datetime(2099, 12, 31, 23, 59, 59, 999_999)


@st.composite
def timestamps(draw: st.DrawFn) -> tuple[str, int]:
    """A time in one of the written forms, and its instant in microseconds since 1970 UTC."""
    moment = draw(st.datetimes(EARLIEST, LATEST))
    digits = draw(st.integers(-1, 9))
    if digits < 0:
        moment = moment.replace(second=0)
    fraction = f"{moment.microsecond:06d}"
    kept = fraction[: max(digits, 0)]
    moment = moment.replace(microsecond=int(kept.ljust(6, "0")))
    zone = draw(st.sampled_from(("Z", "UTC", " UTC", "offset")))
    local = moment
    if zone == "offset":
        minutes = draw(st.integers(-14 * 60, 14 * 60))
        local = moment + timedelta(minutes=minutes)
        zone = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
    text = local.strftime(f"%Y-%m-%d{draw(st.sampled_from('T '))}%H:%M")
    if digits >= 0:
        text += f":{local.second:02d}"
    if digits > 0:
        text += "." + kept + draw(st.text("0123456789", min_size=max(digits - 6, 0), max_size=max(digits - 6, 0)))
    return text + zone, (moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """A valid row; texts may be written composed or decomposed, and always come back composed (NFC)."""
    cells: dict[str, str] = {}
    dressed: dict[str, str] = {}
    time_text, time = draw(timestamps())
    quantity = draw(st.sampled_from(("", "1", "2", "30", "999999999")))
    coins = draw(st.sampled_from((0, 1, 99, 29_999)) | st.integers(0, min(10**15 // int(quantity or "1"), 10**15 - 1)))
    for name in ("creator", "gift", "gifter", "receiver"):
        text = draw(texts if name in ("creator", "gift") else st.just("") | texts)
        cells[name] = unicodedata.normalize(draw(spellings), text)
    for name in ("event_id", "gift_id", "stream"):
        bare = draw(st.just("") | ids).strip(" \t\u00a0\u202f\ufeff").lstrip("'= \t\u00a0\u202f\ufeff")
        cells[name] = unicodedata.normalize(draw(spellings), bare)
        dressed[name] = draw(st.sampled_from(DRESSES)).format(cells[name]) if bare else ""
    cells |= {"timestamp": time_text, "coins": str(coins), "quantity": quantity}
    cells["region"] = draw(st.sampled_from(("", "US", "gb", "No")))
    composed = {name: unicodedata.normalize("NFC", text) for name, text in cells.items()}
    gift = Gift(
        time,
        composed["creator"],
        composed["gift"],
        coins,
        int(quantity or "1"),
        composed["event_id"],
        composed["gifter"],
        composed["gift_id"],
        composed["stream"],
        composed["receiver"],
        cells["region"].upper(),
        0,
    )
    return Row(cells | dressed, gift)


# Writing


class Written(NamedTuple):
    """A text, and the line and column (from 1) of every cell: `places[row][column]`; `lines[row]` is where the row starts."""

    text: str
    lines: list[int]
    places: list[dict[str, tuple[int, int]]]


class Csv(NamedTuple):
    """How a CSV file is written."""

    delimiter: str = ","
    line_end: str = "\n"
    quote_all: bool = False
    columns: tuple[str, ...] = COLUMNS
    header_case: str = "lower"
    blank_lines: bool = False


csv_forms = st.builds(
    Csv,
    st.sampled_from(DELIMITERS),
    st.sampled_from(LINE_ENDS),
    st.booleans(),
    st.permutations((*COLUMNS, "note")).map(tuple),
    st.sampled_from(("lower", "upper", "title", "padded")),
    st.booleans(),
)


def place(before: str) -> tuple[int, int]:
    """Line and column, from 1, of what follows `before`."""
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1


def write_csv(items: list[Row], form: Csv) -> Written:
    """The rows as CSV."""

    def field(text: str) -> str:
        if form.quote_all or any(character in text for character in (form.delimiter, '"', "\r", "\n")):
            return '"' + text.replace('"', '""') + '"'
        return text

    def spell(name: str) -> str:
        return f"  {name} " if form.header_case == "padded" else str(getattr(name, form.header_case)())

    text = form.delimiter.join(field(spell(name)) for name in form.columns) + form.line_end
    written = Written("", [], [])
    for item in items:
        if form.blank_lines:
            text += form.line_end + "  " + form.line_end
        written.lines.append(place(text)[0])
        written.places.append({})
        for index, name in enumerate(form.columns):
            text += form.delimiter if index else ""
            written.places[-1][name] = place(text)
            text += field(item.cells.get(name, ""))
        text += form.line_end
    return written._replace(text=text)


class Json(NamedTuple):
    """How a JSON list or JSON Lines are written."""

    lines: bool = False
    line_end: str = "\n"
    ascii: bool = False
    blanks: str = "left out"
    space: str = ""
    columns: tuple[str, ...] = COLUMNS


json_forms = st.builds(
    Json,
    st.booleans(),
    st.sampled_from(("\n", "\r\n")),
    st.booleans(),
    st.sampled_from(("left out", "null", "empty")),
    st.sampled_from(("", " ", "  ")),
    st.permutations((*COLUMNS, "note")).map(tuple),
)


def write_json(items: list[Row], form: Json) -> Written:
    """The rows as a JSON list over several lines, or as one object a line."""
    text = "" if form.lines else "[" + form.line_end
    written = Written("", [], [])
    for number, item in enumerate(items):
        text += form.space
        written.lines.append(place(text)[0])
        written.places.append({})
        text += "{" + form.space
        first = True
        for name in form.columns:
            value: Any = item.cells.get(name, "")
            if not value:
                if form.blanks == "left out":
                    continue
                value = "" if form.blanks == "empty" and name not in NUMBERS else None
            elif name in NUMBERS:
                value = Digits(value)
            text += "" if first else "," + form.space + ("" if form.lines else form.line_end)
            first = False
            text += json.dumps(name) + form.space + ":" + form.space
            written.places[-1][name] = place(text)
            text += value if isinstance(value, Digits) else json.dumps(value, ensure_ascii=form.ascii)
        text += "}"
        if form.lines:
            text += form.line_end * (2 if form.blanks == "empty" else 1)
        else:
            text += ("," if number < len(items) - 1 else "") + form.line_end
    return written._replace(text=text if form.lines else text + "]" + form.line_end)


class Digits(str):
    """A JSON number, as its digits."""
