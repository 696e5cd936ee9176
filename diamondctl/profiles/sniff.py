"""Proposing a profile for a file: which table and columns look like gifts, how their cells are written, and why.

The proposal is YAML with its evidence as comments. What could be read in two ways is left open for the person to decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.profiles import evidence
from diamondctl.profiles.evidence import Dates, Numbers
from diamondctl.profiles.profile_format import MARKS
from diamondctl.readers import tables
from diamondctl.readers.cells import short
from diamondctl.readers.profile import header_word
from diamondctl.readers.sources import Source
from diamondctl.readers.tables import Table

SAMPLE: Final = 2_000
_NEEDED: Final = ("timestamp", "gift", "coins")
# Words that columns are called by, in the languages whose exports are met; the plain names come first.
_CALLED: Final[dict[str, tuple[str, ...]]] = {
    "timestamp": (
        "timestamp", "date", "time", "datetime", "date time", "date/time", "created at", "created_at", "sent at", "received at",
        "createtime", "datum", "zeit", "zeitpunkt", "datum/uhrzeit", "fecha", "fecha y hora", "hora", "data", "date et heure",
        "heure", "日時", "時間", "日付",
    ),
    "creator": ("creator", "host", "streamer", "channel", "anchor", "creator name", "kanal", "creador", "createur", "créateur"),
    "gift": (
        "gift", "gift.name", "gift name", "gift_name", "giftname", "geschenk", "regalo", "cadeau", "presente", "ギフト",
        "ギフト名",
    ),
    "coins": (
        "coins", "coin", "coins each", "price", "unit price", "coin value", "münzen", "monedas", "pièces", "moedas", "コイン",
        "diamondcount", "diamond_count", "diamond count",
    ),
    "quantity": (
        "quantity", "qty", "count", "amount", "number", "repeat count", "repeatcount", "repeat_count", "anzahl", "menge",
        "cantidad", "quantité", "quantidade", "個数", "数量",
    ),
    "event_id": ("event_id", "event id", "eventid", "id", "message id", "msgid", "msg_id", "message_id", "transaction id"),
    "gifter": (
        "gifter", "user", "sender", "from", "username", "user name", "nickname", "viewer", "fan", "uniqueid", "unique_id",
        "absender", "usuario", "utilisateur", "usuário", "ユーザー名",
    ),
    "gift_id": ("gift_id", "gift id", "giftid", "geschenk-id"),
    "stream": ("stream", "stream id", "room", "room id", "roomid", "room_id", "live", "live id", "session", "session id"),
    "receiver": ("receiver", "to", "recipient", "empfänger", "receptor"),
    "region": ("region", "country", "land", "país", "pays"),
}  # fmt: skip
_OF_ROW: Final = ("total coins", "total", "coins total", "sum", "summe", "gesamt", "total monedas")
_CLOCK: Final = ("time", "uhrzeit", "zeit", "hora", "heure", "時刻", "clock")
_DIAMONDS: Final = ("diamonds", "diamanten", "diamantes", "diamants", "ダイヤモンド")


class Proposal(NamedTuple):
    """A profile as text, and whether a person has to complete it."""

    text: str
    complete: bool


class _Guess(NamedTuple):
    table: Table
    columns: dict[str, int]
    clock: int  # where the time of day has a column of its own; -1: nowhere
    coins_of_row: bool
    diamonds: bool
    sample: list[list[str]]


def propose(source: Source) -> Proposal:
    """The best proposal for a file. Refuses (P005) a file in which nothing looks like a time and coins."""
    form = source.form
    log = ProblemLog()
    if form == "json":
        candidates: Iterator[Table] = iter((tables.json_table(source, None, log),))
    elif form == "xlsx":
        candidates = tables.xlsx_tables(source, "", 0)
    else:
        candidates = tables.csv_tables(source, "", 0, log)
    guesses: list[_Guess] = []
    for table in candidates:
        guess = _guess(table)
        if guess is not None and (not guesses or len(guess.columns) > len(guesses[0].columns)):
            guesses = [guess._replace(sample=[row.cells for row in islice(table.rows, SAMPLE)])]
    if not guesses:
        hint = "a table needs a header with a column for the time and one for the coins of each gift"
        raise Refusal(Problem("P005", "no table of gifts was found here", hint, source.name))
    return _write(source.name, form, guesses[0])


def _guess(table: Table) -> _Guess | None:
    """Which column is which, by its name. None when there is no time or nothing that could be coins."""
    words = [header_word(name) for name in table.names]
    ends = [word.rpartition(".")[2] if table.about == "keys" else word for word in words]
    columns: dict[str, int] = {}
    for field, called in _CALLED.items():
        for word in called:
            place = words.index(word) if word in words else ends.index(word) if word in ends else -1
            if place >= 0 and place not in columns.values():
                columns[field] = place
                break
    of_row = diamonds = False
    if "coins" not in columns:
        for word in (*_OF_ROW, *_DIAMONDS):
            if word in words:
                columns["coins"] = words.index(word)
                of_row, diamonds = word in _OF_ROW, word in _DIAMONDS
                break
    if "timestamp" not in columns or "coins" not in columns:
        return None
    clock = next((words.index(word) for word in _CLOCK if word in words and words.index(word) not in columns.values()), -1)
    return _Guess(table, columns, clock, of_row, diamonds, [])


def _write(file: str, form: str, guess: _Guess) -> Proposal:
    def texts(field: str) -> list[str]:
        return _at(guess, guess.columns[field])

    dates = evidence.dates(texts("timestamp"))
    both = evidence.dates([" ".join(pair) for pair in zip(texts("timestamp"), _at(guess, guess.clock), strict=False)])
    has_clock = guess.clock >= 0 and bool(both.forms)
    dates = both if has_clock else dates
    marks = [evidence.numbers(texts(field)) for field in ("coins", "quantity") if field in guess.columns]
    open_points: list[str] = []
    settings = [*_date_lines(dates, open_points), *_number_lines(marks, open_points)]
    if guess.coins_of_row:
        settings.append("coins_are: row          # by its name: coins of all units of the row together; each: of one unit")
    columns = []
    for field, place in sorted(guess.columns.items(), key=lambda item: list(_CALLED).index(item[0])):
        example = next((text for text in texts(field) if text), "")
        named = _quoted(guess.table.names[place])
        if field == "timestamp" and has_clock:
            named = f"[{named}, {_quoted(guess.table.names[guess.clock])}]"
        columns.append(f"  {field}: {named}    # such as {_comment(example)}")
    if guess.diamonds:
        open_points.append(
            "coins: the file says diamonds. In LIVE logs a gift's diamonds are its coins; say so by removing this line"
        )
    for field in _NEEDED:
        if field not in guess.columns:
            open_points.append(f"{field}: no column looks like it; name one under columns, or a text under values")
    used = {*guess.columns.values(), *([guess.clock] if has_clock else [])}
    left = [name for index, name in enumerate(guess.table.names) if index not in used and name.strip()]
    head = [
        f"# Proposed by `diamondctl profile sniff` from {len(guess.sample):,} rows of {_comment(Path(file).name)}.",
        "# Read it, then:  diamondctl summary FILE --profile THIS --region CODE",
    ]
    if open_points:
        head += ["# To decide before it can be used:", *(f"#   {point}" for point in open_points)]
    lines = [*head, "schema: 1", f"name: {_slug(file)}", "kind: gifts", f"file: {form}"]
    if form == "csv":
        lines.append(f"delimiter: {guess.table.about}        # names the most columns")
    if form == "xlsx":
        lines.append(f"# {_comment(guess.table.about)}; sheet: NAME if there are several that fit")
    if form != "json" and guess.table.line > 1:
        lines.append(f"header: {guess.table.line}          # the lines before it are no rows")
    lines += [*settings, "columns:", *columns]
    if left:
        lines.append("# Kept out: " + ", ".join(_comment(name) for name in left[:12]))
    if "creator" not in guess.columns:
        lines.append("# No column names the creator: give --creator NAME, or a text for all rows:  values: {creator: NAME}")
    if open_points:
        # Not a profile until a person has decided.
        lines.append("decide: see the first lines")
    return Proposal("\n".join(lines) + "\n", not open_points)


def _at(guess: _Guess, place: int) -> list[str]:
    return [row[place] for row in guess.sample if 0 <= place < len(row)]


def _date_lines(dates: Dates, open_points: list[str]) -> Iterator[str]:
    if len(dates.forms) == 1:
        if dates.forms[0]:
            day_only = "" if re.search("[hHx_]", dates.forms[0]) else "; no time of day: 00:00"
            yield f"date_format: {_quoted(dates.forms[0])}    # {dates.why}{day_only}"
    elif dates.forms:
        forms = " or ".join(f'"{form}"' for form in dates.forms)
        open_points.append(f"date_format: {forms}; {dates.why}")
    else:
        open_points.append(f"date_format: {dates.why}, such as DD.MM.YYYY HH:mm")
    if dates.forms and not dates.names_zone:
        yield "# timezone: Europe/Berlin   # the times name no zone: UTC, unless you say here or by --input-timezone"


def _number_lines(numbers: list[Numbers], open_points: list[str]) -> Iterator[str]:
    words = {mark: word for word, mark in MARKS.items()}
    for name in ("thousands", "decimal"):
        marks = {getattr(item, name) for item in numbers} - {""}
        if len(marks) == 1:
            (mark,) = marks
            why = next(item.why for item in numbers if getattr(item, name))
            yield f"{name}: {words[mark]}    # {_line(why)}"
        elif marks:
            open_points.append(f"{name}: coins and quantity are written differently")
    for item in numbers:
        mark = next((mark for mark in item.ambiguous if not mark.isdigit()), "")
        if mark:
            open_points.append(f"thousands: {words[mark]} or decimal: {words[mark]}; {_line(item.why)}")
        elif not item.fits:
            open_points.append(f"coins or quantity: {_line(item.why)}")


def _slug(file: str) -> str:
    stem = Path(file).name.rpartition(".")[0] or Path(file).name
    return re.sub("[^a-z0-9]+", "-", stem.casefold()).strip("-")[:40] or "mine"


def _quoted(text: str) -> str:
    """A text as a YAML scalar that cannot be anything else."""
    safe = "".join(character if character.isprintable() else " " for character in text)
    return '"' + safe.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _line(text: str) -> str:
    """A text inside a comment: one line, nothing that acts."""
    return "".join(character if character.isprintable() else "?" for character in text)


def _comment(text: str) -> str:
    return f"'{_line(short(text))}'"
