"""Totals of LIVE Center (CSV, one row a day) and LIVE Backstage (XLSX, one row a creator and month, month to date).

LIVE Center is known by its Japanese headers and `Date`, Backstage in English and
Spanish. Headers of other languages are not known, and not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from itertools import islice
from typing import Final, NamedTuple

from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers import csv_rows, dashboard_values, tables
from diamondctl.readers.cells import CellError, identifier, short, text
from diamondctl.readers.gift_rows import Settings
from diamondctl.readers.profile import header_word
from diamondctl.readers.sources import Source
from diamondctl.records import Total
from diamondctl.words import counted

CENTER: Final = "LIVE Center"
BACKSTAGE: Final = "LIVE Backstage"
# The four files of LIVE Center by their headers: what is in each column.
_CENTER: Final[dict[tuple[str, ...], tuple[str, ...]]] = {
    ("date", "ダイヤモンド"): ("day", "diamonds"),
    ("date", "ギフト贈呈者", "新規フォロワー", "コメントした視聴者", "いいね", "シェア"): (
        "day",
        "",
        "new_followers",
        "",
        "",
        "",
    ),
    ("date", "live時間", "liveの合計数"): ("day", "seconds", "streams"),
    ("date", "視聴数", "ユニーク視聴者数", "平均視聴時間", "最高同時視聴者数", "平均同時視聴者数"): ("day", "", "", "", "", ""),
}
_BACKSTAGE: Final[dict[str, tuple[str, ...]]] = {
    "id": ("creator id", "id del creador"),
    "username": ("creator's username", "creator’s username", "creator username", "nombre de usuario del creador"),
    "diamonds": ("diamonds", "diamantes"),
    "period": ("data period",),
    "seconds": ("live duration", "duración de live"),
    "new_followers": ("new followers", "nuevos seguidores"),
    "streams": ("live streams",),
}
_PERIOD: Final = re.compile(r"(20[0-9]{2}-[0-9]{2}-[0-9]{2})\s*~\s*(20[0-9]{2}-[0-9]{2}-[0-9]{2})")
_EXPORTED: Final = re.compile(r"(20[0-9]{2})[-_/](0[1-9]|1[0-2])[-_/]([0-3][0-9])")
_QUIT: Final = "quit the network"


class _Sheet(NamedTuple):
    table: tables.Table
    places: dict[str, int]
    exported: date | None


def center_columns(header: str) -> tuple[str, ...] | None:
    """What the columns of a LIVE Center file are, by its header line; None when it is none."""
    try:
        names = tuple(header_word(name) for name in csv_rows.split_fields(header.strip("\ufeff \r\n"), ","))
    except csv_rows.QuoteError:
        return None
    return _CENTER.get(names)


def read_center(source: Source, settings: Settings, log: ProblemLog, take: Callable[[Total], None]) -> int:
    """Hand every day to `take`; returns how many rows there are. Refuses (T004) without `--creator`: the file names none."""
    columns = center_columns(source.first_line())
    assert columns is not None
    if not settings.creator:
        raise Refusal(Problem("T004", "this file does not say whose days these are", "give --creator NAME", source.name))
    line = 0
    for raw in source.text:
        line += 1
        if raw.strip("\ufeff \t\r\n"):
            break
    rows = 0
    for record in csv_rows.records(source.text, ",", first_line=line + 1, file=source.name, log=log):
        rows += 1
        if len(record.fields) != len(columns):
            message = f"{len(record.fields)} fields, the header has {len(columns)}"
            log.add(Problem("C002", message, "the row may be cut off", source.name, record.line))
            continue
        try:
            cells = dict(zip(columns, record.fields, strict=True))
            on = dashboard_values.day(cells["day"])
            diamonds, approximate = dashboard_values.count(cells.get("diamonds", ""), "diamonds")
            take(
                _total(
                    settings.creator,
                    "day",
                    (on, on),
                    (diamonds, approximate),
                    dashboard_values.duration(cells.get("seconds", "")),
                    dashboard_values.count(cells.get("streams", ""), "LIVEs")[0],
                    dashboard_values.count(cells.get("new_followers", ""), "followers")[0],
                    (CENTER, source.name, record.line),
                )
            )
        except CellError as error:
            log.add(Problem(error.code, error.message, error.hint, source.name, record.line))
    return rows


def _total(
    creator: str,
    span: str,
    days: tuple[date, date],
    diamonds: tuple[int, bool],
    seconds: int,
    streams: int,
    new_followers: int,
    where: tuple[str, str, int],
) -> Total:
    name, file, line = where
    return Total(creator, span, *days, 0, 0, "", *diamonds, "", seconds, streams, new_followers, name, file, line)


def find_backstage(source: Source) -> _Sheet | None:
    """The sheet and header row of a Backstage export, or None."""
    for table in tables.xlsx_tables(source, "", 0):
        if table.line > tables.HEADER_LINES:
            continue
        words = tables.words(table.names)
        places = {
            field: next(words.index(word) for word in called if word in words)
            for field, called in _BACKSTAGE.items()
            if any(word in words for word in called)
        }
        if {"id", "diamonds"} <= places.keys():
            return _Sheet(table, places, _exported(source, table.line))
    return None


def _exported(source: Source, header: int) -> date | None:
    """The day of the export, from a line above the header or from the file's name."""
    texts = [source.name.replace("\\", "/").rpartition("/")[2]]
    for table in islice(tables.xlsx_tables(source, "", 0), header - 1):
        if table.line < header:
            texts.insert(0, " ".join(table.names))
    for found in map(_EXPORTED.search, texts):
        if found is not None:
            try:
                return date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:
                continue
    return None


def read_backstage(source: Source, sheet: _Sheet, log: ProblemLog, take: Callable[[Total], None]) -> tuple[int, list[str]]:
    """Hand the month to date of every creator to `take`; returns how many rows there are, and notices."""
    rows = left = damaged = 0
    for row in sheet.table.rows:
        cells = {field: row.cells[place].strip() for field, place in sheet.places.items()}
        if not any(cells.values()):
            continue
        rows += 1
        try:
            name = text(cells.get("username", ""))
            if _QUIT in cells["id"].casefold():
                left += 1
            else:
                try:
                    name = name or identifier(cells["id"])
                    identifier(cells["id"])
                except CellError:
                    if not name:
                        raise
                    damaged += 1
            if not name:
                raise CellError("T004", "a row without the creator's username or id", "export it again")
            take(
                _total(
                    name,
                    "month",
                    _month(cells.get("period", ""), sheet.exported),
                    dashboard_values.count(cells["diamonds"], "diamonds"),
                    dashboard_values.duration(cells.get("seconds", "")),
                    dashboard_values.count(cells.get("streams", ""), "LIVEs")[0],
                    dashboard_values.count(cells.get("new_followers", ""), "followers")[0],
                    (BACKSTAGE, source.name, row.line),
                )
            )
        except CellError as error:
            place = row.place(sheet.places["diamonds" if error.code == "T006" else "id"])
            log.add(Problem(error.code, error.message, error.hint, source.name, *place))
    notices = [f"{counted(left, 'creator')} left the network: known by username"] if left else []
    if damaged:
        notices.append(f"{counted(damaged, 'creator id')} damaged by a spreadsheet: known by username")
    return rows, notices


def _month(period: str, exported: date | None) -> tuple[date, date]:
    """First and last day that a row speaks of: its data period, else the month of the export up to that day."""
    if match := _PERIOD.fullmatch(period):
        first, last = dashboard_values.day(match[1]), dashboard_values.day(match[2])
        if first > last or (first.year, first.month) != (last.year, last.month):
            raise CellError("T005", f"'{short(period)}' is not a part of one month", "export one month at a time")
        return first, last
    if period:
        raise CellError("T005", f"data period '{short(period)}' is in another form", "2026-07-01 ~ 2026-07-06")
    if exported is None:
        hint = "the file name should carry it, as Creator_data_2026_09_16_08_37_UTC0.xlsx does"
        raise CellError("T005", "nothing says which month this is", hint)
    return exported.replace(day=1), exported
