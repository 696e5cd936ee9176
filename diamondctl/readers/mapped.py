"""Reading a table with a profile: its columns as those of the plain gift format, its cells in the plain format's writing.
Without one a spreadsheet is read as the plain format itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers import date_formats, tables
from diamondctl.readers.cells import CellError, listed, short
from diamondctl.readers.gift_rows import COLUMNS, Facts, GiftRows, Locate, Settings
from diamondctl.readers.profile import Profile, header_word
from diamondctl.readers.sources import Source
from diamondctl.readers.tables import Row, Table
from diamondctl.records import Gift

# The plain gift format, for spreadsheets: its own names, its own writing.
PLAIN: Final = Profile("plain", "gifts", "xlsx", {name: (name,) for name in COLUMNS}, {})


class Fit(NamedTuple):
    """A table that a profile fits, and where its columns are."""

    table: Table
    places: dict[str, tuple[int, ...]]


def fit(source: Source, profile: Profile, log: ProblemLog) -> Fit | list[str]:
    """The table that has all columns of a profile, or the columns that the nearest one lacks."""
    needed = ("timestamp", "gift", "coins") if profile is PLAIN else profile.columns
    wanted = {name: profile.columns[name] for name in needed}
    if profile.form == "json":
        paths = tuple(dict.fromkeys(path for mine in profile.columns.values() for path in mine))
        there = tables.json_table(source, None, ProblemLog()).names
        if lacking := [path for mine in wanted.values() for path in mine if path not in there]:
            return lacking
        table = tables.json_table(source, paths, log)
        return Fit(table, {name: tuple(paths.index(path) for path in mine) for name, mine in profile.columns.items()})
    missing: list[str] | None = None
    if profile.form == "csv":
        candidates = tables.csv_tables(source, profile.delimiter, profile.header, log)
    else:
        candidates = tables.xlsx_tables(source, profile.sheet, profile.header)
    for table in candidates:
        words = tables.words(table.names)
        lacks = [column for mine in wanted.values() for column in mine if header_word(column) not in words]
        if not lacks:
            twice = [word for word in words if words.count(word) > 1 and word in _named(profile)]
            if twice:
                message = f"column '{short(twice[0])}' appears twice"
                raise Refusal(Problem("G002", message, "keep one of them", source.name, table.line))
            places = {
                name: tuple(words.index(header_word(column)) for column in mine)
                for name, mine in profile.columns.items()
                if all(header_word(column) in words for column in mine)
            }
            return Fit(table, places)
        if missing is None or len(lacks) < len(missing):
            missing = lacks
    return missing if missing is not None else [column for mine in wanted.values() for column in mine]


def _named(profile: Profile) -> set[str]:
    return {header_word(column) for mine in profile.columns.values() for column in mine}


def gifts(source: Source, table: Fit, profile: Profile, rows: GiftRows, log: ProblemLog) -> Iterator[Gift]:
    """Gifts of the table; every problem goes to `log`."""
    places = table.places
    for row in table.table.rows:

        def locate(index: int | None, row: Row = row) -> tuple[int, int]:
            columns = () if index is None else places.get(COLUMNS[index], ())
            return row.place(columns[0]) if columns else (row.line, 0)

        def text(name: str, row: Row = row) -> str:
            if name in profile.values:
                return profile.values[name]
            return " ".join(filter(None, (row.cells[place] for place in places.get(name, ()))))

        own = {name: text(name) for name in COLUMNS}
        cells = plain(own, profile, source.name, locate, log)
        gift = rows.gift(cells, locate) if cells else None
        if gift is None:
            log.leave_out(row.line, 0, partial(dict, own))
        else:
            yield gift


def recognises(source: Source) -> bool:
    """Any spreadsheet: what it lacks is said when it is read."""
    return True


def read(source: Source, settings: Settings, log: ProblemLog, take: Callable[[Gift], None], profile: Profile = PLAIN) -> Facts:
    """Hand every gift to `take`. Refuses (P002) a file without the profile's columns."""
    table = fit(source, profile, log)
    if isinstance(table, list):
        message = f"no column {' and no '.join(repr(short(name)) for name in table[:3])}"
        raise Refusal(Problem("P002", message, f"profile {profile.name} needs it", source.name))
    places, names = table.places, table.table.names
    missing = [name for name in ("timestamp", "gift", "coins") if name not in places and name not in profile.values]
    if "creator" not in places and "creator" not in profile.values and not settings.creator:
        missing.append("creator")
    if missing:
        hint = "give --creator NAME, or add the column" if missing == ["creator"] else "found: " + listed(names)
        raise Refusal(Problem("G001", f"no column '{missing[0]}'", hint, source.name, table.table.line))
    zone = settings.input_timezone or profile.timezone
    rows = GiftRows(source.name, settings._replace(input_timezone=zone), log)
    used = {place for several in places.values() for place in several}
    extra = [name for index, name in enumerate(names) if index not in used and name.strip()]
    kept_out = extra if profile.form != "json" else ()
    facts = rows.read(gifts(source, table, profile, rows, log), take, kept_out=kept_out)
    source.rewind()
    return facts


class _WrongCell(Exception):
    """A cell that its profile does not fit: the column, and the `CellError`."""

    def __init__(self, column: str, error: CellError) -> None:
        super().__init__(column, error)
        self.column, self.error = column, error


def plain(own: Mapping[str, str], profile: Profile, file: str, locate: Locate, log: ProblemLog) -> Sequence[str]:
    """The cells of one row as the plain format writes them, in its order; none when a problem was logged."""
    cells = dict(own)
    try:
        cells["timestamp"] = _time(cells["timestamp"], profile)
        for name in ("coins", "quantity"):
            cells[name] = _whole(cells[name], name, profile)
        if profile.coins == "row":
            cells["coins"] = _each(cells["coins"], cells["quantity"])
    except _WrongCell as wrong:
        error, place = wrong.error, locate(COLUMNS.index(wrong.column))
        log.add(Problem(error.code, error.message, error.hint, file, *place))
        return ()
    return [cells[name] for name in COLUMNS]


def _time(text: str, profile: Profile) -> str:
    if not profile.date_format or not text:
        return text
    time = date_formats.converter(profile.date_format)(text)
    if time is None:
        hint = f"the profile says date_format: {profile.date_format}"
        raise _WrongCell("timestamp", CellError("G011", f"timestamp '{short(text)}' is in another form", hint))
    return time


def _whole(text: str, name: str, profile: Profile) -> str:
    """A whole number without its marks. Marks that the profile does not name are no part of a number."""
    bare = text.strip()
    if not bare or (bare.isascii() and bare.isdecimal()):
        return bare
    if profile.decimal:
        bare, _, decimals = bare.partition(profile.decimal)
        if decimals.strip("0") or not bare:
            raise _WrongCell(name, CellError("G020", f"{name} '{short(text)}' is not a whole number", "coins have no decimals"))
    if profile.thousands and profile.thousands in bare:
        if not re.fullmatch(f"[0-9]{{1,3}}({re.escape(profile.thousands)}[0-9]{{3}})+", bare):
            hint = f"the profile says thousands: '{profile.thousands}'"
            raise _WrongCell(name, CellError("G020", f"{name} '{short(text)}' is not a whole number", hint))
        bare = bare.replace(profile.thousands, "")
    if not (bare.isascii() and bare.isdecimal()):
        hint = "digits only; marks between digits need thousands: or decimal: in the profile"
        raise _WrongCell(name, CellError("G020", f"{name} '{short(text)}' is not a whole number", hint))
    return bare


def _each(coins: str, quantity: str) -> str:
    """Coins of one unit, where the file has those of the row."""
    if not coins or not quantity or not int(quantity):
        return coins
    each, rest = divmod(int(coins), int(quantity))
    if rest:
        hint = "the profile says coins_are: row"
        raise _WrongCell("coins", CellError("G020", f"{coins} coins are not {quantity} equal gifts", hint))
    return str(each)
