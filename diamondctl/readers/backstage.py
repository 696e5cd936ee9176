"""Totals of LIVE Backstage: XLSX or CSV, one row a creator and month, month to date. Known in English and Spanish; headers of
other languages are not known, and not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from typing import Final, NamedTuple

from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers import dashboards, tables
from diamondctl.readers.cells import CellError, identifier, short, text
from diamondctl.readers.gift_rows import Facts, Settings
from diamondctl.readers.sources import Source
from diamondctl.readers.total_rows import says_total
from diamondctl.records import Total
from diamondctl.words import counted

SOURCE: Final = "LIVE Backstage"
_CALLED: Final[dict[str, tuple[str, ...]]] = {
    "id": ("creator id", "id del creador"),
    "username": ("creator's username", "creator’s username", "creator username", "nombre de usuario del creador", "creator"),
    "diamonds": ("diamonds", "diamantes", "total diamonds", "diamantes totales"),
    "period": ("data period",),
    "seconds": ("live duration", "duración de live"),
    "new_followers": ("new followers", "nuevos seguidores"),
    "streams": ("live streams",),
}
_PERIOD: Final = re.compile(r"(20[0-9]{2}-[0-9]{2}-[0-9]{2})\s*~\s*(20[0-9]{2}-[0-9]{2}-[0-9]{2})")
_EXPORTED: Final = re.compile(r"(20[0-9]{2})[-_/](0[1-9]|1[0-2])[-_/]([0-3][0-9])")
_LATELY: Final = re.compile(r"\bl[0-9]+d\b|last [0-9]+ days|últimos [0-9]+ días")
_QUIT: Final = "quit the network"


class _Sheet(NamedTuple):
    table: tables.Table
    places: dict[str, int]
    exported: date | None
    lately: str = ""  # the only column with diamonds, where they are of the last days and not of a month


def recognises(source: Source) -> bool:
    """Whether a sheet has the ids and diamonds of creators."""
    return _sheet(source) is not None


def _tables(source: Source) -> Iterator[tables.Table]:
    if source.form == "xlsx":
        return tables.xlsx_tables(source, "", 0)
    start = source.head[:10_000].casefold()
    if not (("creator" in start or "creador" in start) and ("diamond" in start or "diamant" in start)):
        return iter(())
    return tables.csv_tables(source, "", 0, ProblemLog())


def _sheet(source: Source) -> _Sheet | None:
    for table in _tables(source):
        if table.line > tables.HEADER_LINES:
            continue
        words = tables.words(table.names)
        places = {
            field: next(words.index(word) for word in called if word in words)
            for field, called in _CALLED.items()
            if any(word in words for word in called)
        }
        lately = next((word for word in words if _LATELY.search(word) and ("diamond" in word or "diamant" in word)), "")
        if "id" in places and ("diamonds" in places or lately):
            return _Sheet(table, places, _exported(source, table.line), lately if "diamonds" not in places else "")
    return None


def _exported(source: Source, header: int) -> date | None:
    """The day of the export, from a line above the header or from the file's name."""
    texts = [source.name.replace("\\", "/").rpartition("/")[2]]
    for table in islice(_tables(source), header - 1):
        if table.line < header:
            texts.insert(0, " ".join(table.names))
    for match in map(_EXPORTED.search, texts):
        if match is not None:
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                continue
    return None


def read(source: Source, settings: Settings, log: ProblemLog, take: Callable[[Total], None]) -> Facts:
    """Hand the month to date of every creator to `take`."""
    sheet = _sheet(source)
    assert sheet is not None
    if sheet.lately:
        message = f"LIVE Backstage, Manage creators: its '{sheet.lately}' are those of the last 30 days, not of a month"
        hint = "export Creator data instead: its Diamonds are those of the month"
        raise Refusal(Problem("T005", message, hint, source.name, sheet.table.line))
    rows = left = damaged = of_all = 0
    for row in sheet.table.rows:
        cells = {field: row.cells[place].strip() for field, place in sheet.places.items()}
        if not any(cells.values()):
            continue
        if says_total(cells["id"]) or says_total(cells.get("username", "")):
            of_all += 1  # it adds the others up
            continue
        rows += 1
        try:
            name = text(cells.get("username", ""))
            name = "" if name in dashboards.NONE else name
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
            days = _month(cells.get("period", ""), sheet.exported)
            take(dashboards.total(cells, name, "month", days, (SOURCE, source.name, row.line)))
        except CellError as error:
            place = row.place(sheet.places["diamonds" if error.code == "T006" else "id"])
            log.add(Problem(error.code, error.message, error.hint, source.name, *place))
    notices = [f"{counted(left, 'creator')} left the network: known by username"] if left else []
    if of_all:
        notices.append(f"{counted(of_all, 'row')} of totals left out")
    if damaged:
        notices.append(f"{counted(damaged, 'creator id')} damaged by a spreadsheet: known by username")
    source.rewind()
    return Facts(rows, tuple(notices))


def _month(period: str, exported: date | None) -> tuple[date, date]:
    """First and last day that a row speaks of: its data period, else the month of the export up to that day."""
    if match := _PERIOD.fullmatch(period):
        first, last = dashboards.day(match[1]), dashboards.day(match[2])
        if first > last or (first.year, first.month) != (last.year, last.month):
            raise CellError("T005", f"'{short(period)}' is not a part of one month", "export one month at a time")
        return first, last
    if period:
        raise CellError("T005", f"data period '{short(period)}' is in another form", "2026-07-01 ~ 2026-07-06")
    if exported is None:
        hint = "the file name should carry it, as Creator_data_2026_09_16_08_37_UTC0.xlsx does"
        raise CellError("T005", "nothing says which month this is", hint)
    return exported.replace(day=1), exported
