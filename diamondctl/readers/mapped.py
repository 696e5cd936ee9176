"""Reading a table with a profile: its columns as those of the plain gift format, its cells in the plain format's writing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, NamedTuple

from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers import tables
from diamondctl.readers.cells import listed, short
from diamondctl.readers.gift_rows import COLUMNS, GiftRows, Settings
from diamondctl.readers.profile import Profile, header_word
from diamondctl.readers.profile_cells import WrongCell, plain
from diamondctl.readers.sources import Source
from diamondctl.readers.tables import Row, Table
from diamondctl.records import Gift

# The plain gift format, for spreadsheets: its own names, its own writing.
PLAIN: Final = Profile("plain", "gifts", "xlsx", {name: (name,) for name in COLUMNS}, {})
OPTIONAL_IN_PLAIN: Final = frozenset(COLUMNS) - {"timestamp", "gift", "coins"}


class Fit(NamedTuple):
    """A table that a profile fits, and where its columns are."""

    table: Table
    places: dict[str, tuple[int, ...]]


def form_of(source: Source) -> str:
    """What a source is: csv, json or xlsx."""
    if source.is_zip:
        return "xlsx"
    return "json" if source.first_character() in ("[", "{") else "csv"


def fit(source: Source, profile: Profile, log: ProblemLog, optional: frozenset[str] = frozenset()) -> Fit | list[str]:
    """The table that has all columns of a profile, or the columns that the nearest one lacks."""
    wanted = {name: mine for name, mine in profile.columns.items() if name not in optional}
    if profile.form == "json":
        paths = tuple(dict.fromkeys(path for mine in profile.columns.values() for path in mine))
        there = tables.json_table(source, None, ProblemLog()).names
        if lacking := [path for mine in wanted.values() for path in mine if path not in there]:
            return lacking
        table = tables.json_table(source, paths, log)
        return Fit(table, {name: tuple(paths.index(path) for path in mine) for name, mine in profile.columns.items()})
    missing: list[str] | None = None
    if profile.form == "csv":
        found = tables.csv_tables(source, profile.delimiter, profile.header, log)
    else:
        found = tables.xlsx_tables(source, profile.sheet, profile.header)
    for table in found:
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


def gifts(source: Source, found: Fit, profile: Profile, rows: GiftRows, log: ProblemLog) -> Iterator[Gift]:
    """Gifts of the table; every problem goes to `log`."""
    places = found.places
    for row in found.table.rows:

        def locate(index: int | None, row: Row = row) -> tuple[int, int]:
            columns = () if index is None else places.get(COLUMNS[index], ())
            return row.place(columns[0]) if columns else (row.line, 0)

        def text(name: str, row: Row = row) -> str:
            if name in profile.values:
                return profile.values[name]
            return " ".join(filter(None, (row.cells[place] for place in places.get(name, ()))))

        own = {name: text(name) for name in COLUMNS}
        try:
            cells = plain(own, profile)
        except WrongCell as wrong:
            error, place = wrong.error, locate(COLUMNS.index(wrong.column))
            log.add(Problem(error.code, error.message, error.hint, source.name, *place))
            log.leave_out(row.line, 0, partial(dict, own))
            continue
        gift = rows.gift([cells[name] for name in COLUMNS], locate)
        if gift is None:
            log.leave_out(row.line, 0, partial(dict, own))
            continue
        yield gift


def read(
    source: Source, profile: Profile, settings: Settings, log: ProblemLog, take: Callable[[Gift], None]
) -> tuple[int, list[str]]:
    """Hand every gift to `take`; returns how many, and notices. Refuses (P002) a file without the profile's columns."""
    optional = OPTIONAL_IN_PLAIN if profile is PLAIN else frozenset[str]()
    found = fit(source, profile, log, optional)
    if isinstance(found, list):
        message = f"no column {' and no '.join(repr(short(name)) for name in found[:3])}"
        raise Refusal(Problem("P002", message, f"profile {profile.name} needs it", source.name))
    missing = [name for name in ("timestamp", "gift", "coins") if name not in found.places and name not in profile.values]
    if "creator" not in found.places and "creator" not in profile.values and not settings.creator:
        missing.append("creator")
    if missing:
        hint = "give --creator NAME, or add the column" if missing == ["creator"] else "found: " + listed(found.table.names)
        raise Refusal(Problem("G001", f"no column '{missing[0]}'", hint, source.name, found.table.line))
    zone = settings.input_timezone or profile.timezone
    rows = GiftRows(source.name, settings._replace(input_timezone=zone), log)
    count = 0
    for gift in gifts(source, found, profile, rows, log):
        take(gift)
        count += 1
    notices = rows.finish()
    used = {place for places in found.places.values() for place in places}
    extra = [name for index, name in enumerate(found.table.names) if index not in used and name.strip()]
    if extra and profile.form != "json":
        notices.append("columns kept out: " + listed(extra))
    return count, notices
