"""Reading a table with a profile: its columns as those of the plain gift format, its cells in the plain format's writing.
Without one a spreadsheet is read as the plain format itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from diamondctl.problems import NoGiftFile, Problem, ProblemLog, Refusal
from diamondctl.readers import combo_flags, date_formats, not_gifts, tables
from diamondctl.readers.cells import CellError, listed, short
from diamondctl.readers.gift_rows import COLUMNS, SNIFF, Facts, GiftRows, Locate, Settings
from diamondctl.readers.profile import Profile, header_word
from diamondctl.readers.row_doubts import Climbs, DayTotals, Flags, Giftless
from diamondctl.readers.row_kinds import COLUMNS_OF, NEEDED
from diamondctl.readers.sources import Source
from diamondctl.readers.tables import Row, Table
from diamondctl.readers.total_rows import TotalRows, is_total
from diamondctl.records import Gift
from diamondctl.words import counted

# The plain gift format, for spreadsheets: its own names, its own writing.
PLAIN: Final = Profile("plain", "gifts", "xlsx", {name: (name,) for name in COLUMNS}, {})


class Fit(NamedTuple):
    """A table that a profile fits, and where its columns are."""

    table: Table
    places: dict[str, tuple[int, ...]]
    where: dict[int, frozenset[str]]  # a column, and what it says in rows that count
    left: dict[str, int]  # columns that the profile does not use


def fit(source: Source, profile: Profile, log: ProblemLog) -> Fit | list[str]:
    """The table that has all columns of a profile, or the columns that the nearest one lacks."""
    needed = ("timestamp", "gift", "coins") if profile is PLAIN else profile.columns
    wanted = [column for name in needed for column in profile.columns[name]] + list(profile.where)
    missing: list[str] | None = None
    for table in _tables(source, profile, log):
        words = tables.words(table.names) if profile.form != "json" else list(table.names)
        sought = [header_word(column) for column in wanted] if profile.form != "json" else wanted
        lacks = [column for column, word in zip(wanted, sought, strict=True) if word not in words]
        if not lacks:
            return _fitted(source, table, profile, words)
        if missing is None or len(lacks) < len(missing):
            missing = lacks
    return missing if missing is not None else wanted


def _tables(source: Source, profile: Profile, log: ProblemLog) -> Iterator[Table]:
    if profile.form == "json":
        # All columns are there, so that those that are left out can be looked at.
        yield tables.json_table(source, None, log)
    elif profile.form == "csv":
        yield from tables.csv_tables(source, profile.delimiter, profile.header, log)
    else:
        yield from tables.xlsx_tables(source, profile.sheet, profile.header)


def _fitted(source: Source, table: Table, profile: Profile, words: list[str]) -> Fit:
    def place(column: str) -> int:
        word = column if profile.form == "json" else header_word(column)
        if words.count(word) > 1:
            message = f"column '{short(word)}' appears twice"
            raise Refusal(Problem("G002", message, "keep one of them", source.name, table.line))
        return words.index(word)

    there = set(words)
    places = {
        name: tuple(map(place, mine))
        for name, mine in profile.columns.items()
        if all((column if profile.form == "json" else header_word(column)) in there for column in mine)
    }
    where = {place(column): frozenset(text.strip().casefold() for text in texts) for column, texts in profile.where.items()}
    used = {at for several in places.values() for at in several} | where.keys()
    left = {name: at for at, name in enumerate(table.names) if at not in used and name.strip()}
    return Fit(table, places, where, left)


def _refuse_unknown(source: Source) -> None:
    """Refuse a workbook in which no column is one of gifts: as what it is known to be (F012), else as unknown (F008)."""
    first: Table | None = None
    for table in tables.xlsx_tables(source, "", 0):
        first = first or table
        if (other := not_gifts.known(tables.words(table.names))) is not None:
            problem = Problem("F012", f"this is {other.what}, no gifts", other.hint, source.name, table.line)
            raise NoGiftFile(other.what, problem)
    if first is not None:
        hint = "a gift sheet has timestamp, gift and coins; one of another shape: diamondctl profile sniff FILE"
        message = f"not a known format; {first.about} begins with {short(listed(first.names))}"
        raise Refusal(Problem("F008", message, hint, source.name, first.line))


class MappedRows:
    """The rows of a table that a profile chooses by `where`, each with its own text for every column of its kind."""

    def __init__(self, source: Source, settings: Settings, log: ProblemLog, profile: Profile) -> None:
        """Refuses (P002) a file without the profile's columns, and (G001) one that names no creator."""
        fitted = fit(source, profile, log)
        if isinstance(fitted, list):
            if profile is PLAIN and len(fitted) == len(NEEDED["gifts"]):
                _refuse_unknown(source)
            message = f"no column {' and no '.join(repr(short(name)) for name in fitted[:3])}"
            hint = SNIFF if profile is PLAIN else f"profile {profile.name} needs it"
            raise Refusal(Problem("P002", message, hint, source.name))
        self.table, self.places, self._where, self.left = fitted
        self.profile, self.names = profile, COLUMNS_OF[profile.kind]
        given = self.places.keys() | profile.values.keys()
        missing = [name for name in NEEDED[profile.kind] if name not in given]
        if "creator" not in given and not settings.creator:
            missing.append("creator")
        if missing:
            hint = "give --creator NAME, or add the column"
            if missing != ["creator"]:
                hint = f"found: {listed(self.table.names)}" + (f"; {SNIFF}" if profile is PLAIN else "")
            raise Refusal(Problem("G001", f"no column '{missing[0]}'", hint, source.name, self.table.line))
        self.settings = settings._replace(input_timezone=settings.input_timezone or profile.timezone)
        self._skipped: Counter[str] = Counter()

    def __iter__(self) -> Iterator[tuple[Row, dict[str, str]]]:
        for row in self.table.rows:
            wrong = next((at for at, texts in self._where.items() if row.cells[at].strip().casefold() not in texts), -1)
            if wrong >= 0:
                self._skipped[row.cells[wrong].strip() or "blank"] += 1
                continue
            yield row, {name: self._text(name, row) for name in self.names}

    def _text(self, name: str, row: Row) -> str:
        if name in self.profile.values:
            return self.profile.values[name]
        return " ".join(filter(None, (row.cells[place] for place in self.places.get(name, ()))))

    def locate(self, row: Row, name: str) -> tuple[int, int]:
        """Line and column of a cell by the column that it is, or of the row."""
        columns = self.places.get(name, ())
        return row.place(columns[0]) if columns else (row.line, 0)

    def notices(self) -> list[str]:
        """What is to be said: rows left out by `where`, years that were completed."""
        notices = []
        if self._skipped:
            kinds = ", ".join(f"{short(text)} {count:,}" for text, count in self._skipped.most_common(6))
            more = f" and {len(self._skipped) - 6:,} more kinds" if len(self._skipped) > 6 else ""
            notices.append(f"{counted(self._skipped.total(), 'row')} left out by where: {kinds}{more}")
        if "YY" in self.profile.date_format.replace("YYYY", ""):
            notices.append("years of two digits are read as 20YY")
        return notices


def gifts(rows_of: MappedRows, rows: GiftRows, log: ProblemLog, notices: list[str]) -> Iterator[Gift]:
    """Gifts of the table; every problem goes to `log`, and what is to be said of the table to `notices`."""
    profile, file, left = rows_of.profile, rows.file, rows_of.left
    flags = Flags({name: at for name, at in left.items() if combo_flags.role(name)})
    climbs, totals, giftless = Climbs(), TotalRows(file, log), Giftless(left)
    # A gift's name that is no column of its own says nothing.
    borrowed = {column for name in ("timestamp", "coins") for column in profile.columns.get(name, ())}
    nameless = "gift" in profile.values or borrowed >= set(profile.columns.get("gift", ()))
    days = DayTotals(rows.settings.input_timezone) if nameless else None
    for row, own in rows_of:
        named = "gift" not in profile.values and own["gift"].strip()
        if own["timestamp"].strip() and not own["coins"].strip() and not named:
            giftless.other(row.cells, row.line)
            continue
        if is_total(own["timestamp"], row.cells):
            totals.take(own["coins"], rows_of.locate(row, "coins"))
            continue

        def locate(index: int | None, row: Row = row) -> tuple[int, int]:
            return (row.line, 0) if index is None else rows_of.locate(row, COLUMNS[index])

        cells = plain(own, profile, file, locate, log)
        gift = rows.gift(cells, locate) if cells else None
        if gift is None:
            log.leave_out(row.line, 0, partial(dict, own))
            continue
        totals.add(gift)
        giftless.gift(row.cells)
        if profile.combos != "folded":
            flags.look(row.cells)
            if profile is not PLAIN:
                climbs.look(gift)
            if days is not None:
                days.look(gift)
        yield gift
    doubt = flags.problem(file, rows_of.table.line) or climbs.problem(file) or (days and days.problem(file))
    if doubt:
        log.add(doubt)
    notices += [*giftless.finish(file, log), *totals.finish(), *rows_of.notices()]


def recognises(source: Source) -> bool:
    """Any spreadsheet: what it lacks is said when it is read."""
    return True


def read(source: Source, settings: Settings, log: ProblemLog, take: Callable[[Gift], None], profile: Profile = PLAIN) -> Facts:
    """Hand every gift to `take`."""
    rows_of = MappedRows(source, settings, log, profile)
    rows = GiftRows(source.name, rows_of.settings, log)
    notices: list[str] = []
    facts = rows.read(gifts(rows_of, rows, log, notices), take, kept_out=rows_of.left if profile.form != "json" else ())
    source.rewind()
    return facts._replace(notices=(*facts.notices, *notices))


_DIGITS: Final = 18  # more than any limit has


class WrongCell(Exception):
    """A cell that its profile does not fit: the column, and the `CellError`."""

    def __init__(self, column: str, error: CellError) -> None:
        super().__init__(column, error)
        self.column, self.error = column, error


def written(own: Mapping[str, str], profile: Profile) -> dict[str, str]:
    """The cells of one row as the plain format writes them; raises `WrongCell`."""
    cells = dict(own)
    cells["timestamp"] = written_time(cells["timestamp"], profile)
    for name in ("coins", "quantity"):
        cells[name] = _whole(cells[name], name, profile)
    if cells.get("receiver") == "0":
        cells["receiver"] = ""  # of a LIVE without guests
    if profile.coins == "row":
        cells["coins"] = _each(cells["coins"], cells["quantity"])
    return cells


def plain(own: Mapping[str, str], profile: Profile, file: str, locate: Locate, log: ProblemLog) -> Sequence[str]:
    """The same in the order of the plain format; none when a problem was logged."""
    try:
        cells = written(own, profile)
    except WrongCell as wrong:
        error, place = wrong.error, locate(COLUMNS.index(wrong.column))
        log.add(Problem(error.code, error.message, error.hint, file, *place))
        return ()
    return [cells[name] for name in COLUMNS]


def written_time(text: str, profile: Profile) -> str:
    """A time as the plain format writes it; raises `WrongCell`."""
    if not profile.date_format or not text:
        return text
    time = date_formats.converter(profile.date_format)(text)
    if time is None:
        hint = f"the profile says date_format: {profile.date_format}"
        raise WrongCell("timestamp", CellError("G011", f"timestamp '{short(text)}' is in another form", hint))
    return time


def _whole(text: str, name: str, profile: Profile) -> str:
    """A whole number without its marks. Marks that the profile does not name are no part of a number."""
    bare = text.strip()
    if not bare or (bare.isascii() and bare.isdecimal()):
        if len(bare.lstrip("0")) > _DIGITS:
            raise WrongCell(name, CellError("G021", f"{name} {short(text)} is too large", "is this column what it seems?"))
        return bare
    if profile.decimal:
        bare, _, decimals = bare.partition(profile.decimal)
        if decimals.strip("0") or not bare:
            raise WrongCell(name, CellError("G020", f"{name} '{short(text)}' is not a whole number", "coins have no decimals"))
    if profile.thousands and profile.thousands in bare:
        if not re.fullmatch(f"[0-9]{{1,3}}({re.escape(profile.thousands)}[0-9]{{3}})+", bare):
            hint = f"the profile says thousands: '{profile.thousands}'"
            raise WrongCell(name, CellError("G020", f"{name} '{short(text)}' is not a whole number", hint))
        bare = bare.replace(profile.thousands, "")
    if not (bare.isascii() and bare.isdecimal()):
        hint = "digits only; marks between digits need thousands: or decimal: in the profile"
        raise WrongCell(name, CellError("G020", f"{name} '{short(text)}' is not a whole number", hint))
    return bare


def written_count(text: str, profile: Profile) -> str:
    """A count of a dashboard without its marks; what else it may be, such as 2.98M, stays as it is."""
    try:
        return _whole(text, "count", profile)
    except WrongCell:
        return text


def _each(coins: str, quantity: str) -> str:
    """Coins of one unit, where the file has those of the row."""
    if not coins or not quantity or not int(quantity):
        return coins
    each, rest = divmod(int(coins), int(quantity))
    if rest:
        hint = "the profile says coins_are: row"
        raise WrongCell("coins", CellError("G020", f"{coins} coins are not {quantity} equal gifts", hint))
    return str(each)
