"""Exchange rates as the European Central Bank gives them: the whole history, one day, or a series of its data portal.

`eurofxref-hist.csv` has a row a day and a column a currency, `N/A` where there is none, and a comma at the end of each line.
`eurofxref.csv` is the same of one day, written `30 October 2026`, with blanks after its commas. The data portal's `EXR` has a
row a currency and day. All of them are units for one euro. What is in another form is refused with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import PurePath
from typing import Final, NamedTuple

from diamondctl.exchange import EURO, Exchange
from diamondctl.money import MINOR_UNITS
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers import csv_rows
from diamondctl.readers.archives import documents
from diamondctl.readers.cells import short
from diamondctl.readers.sources import Source, open_source

# Of the data portal's series, those that are the reference rate of a day for one euro.
_SERIES: Final = {"FREQ": "D", "CURRENCY_DENOM": EURO, "EXR_TYPE": "SP00", "EXR_SUFFIX": "A"}
_PORTAL: Final = (*_SERIES, "CURRENCY", "TIME_PERIOD", "OBS_VALUE")
_NONE: Final = ("N/A", "NaN")
_HINT: Final = "give eurofxref-hist.csv, eurofxref.csv or the data portal's EXR series, as the ECB writes them"
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NUMBER: Final = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,12})?")


class _Cell(NamedTuple):
    """One rate as it is written, its day and currency, and where each of the three stands."""

    day: str
    currency: str
    value: str
    record: csv_rows.Record
    columns: tuple[int, int, int]


def read_exchange(name: str) -> Exchange:
    """Read a file, or the one in a ZIP archive.

    Refuses what is in no such form (D001, D002, D003), with every problem and its place.
    """
    with open_source(name, encoding="utf-8", stdin=None) as whole:
        sources = list(documents(whole))
        source, log = sources[0], ProblemLog()
        if len(sources) > 1 or source.form != "csv":
            message = f"there are {len(sources):,} files in this archive" if len(sources) > 1 else "this is no CSV"
            raise Refusal(Problem("D001", f"{message} of exchange rates", _HINT, whole.name))
        try:
            per_euro = _rates(source, log)
        except UnicodeDecodeError:
            raise Refusal(source.bad_bytes()) from None
        log.refuse_if_any()
        return Exchange(PurePath(name).name, source.sha256(), per_euro)


def _rates(source: Source, log: ProblemLog) -> dict[str, Mapping[date, Decimal]]:
    found: dict[str, dict[date, Decimal]] = {}
    days: dict[str, date | None] = {}
    last: csv_rows.Record | None = None
    for cell in _cells(source, log):
        if cell.day not in days:
            days[cell.day] = _day(cell.day)
        day = days[cell.day]
        if day is None and cell.record is last:
            continue
        last = cell.record
        if day is None:
            _wrong(cell, 0, f"'{short(cell.day)}' is not a day", "days are written 2026-10-30 or 30 October 2026", source, log)
            continue
        value = Decimal(cell.value) if _NUMBER.fullmatch(cell.value) else None
        rates = found.setdefault(cell.currency, {})
        if not value:
            hint = "a rate is written 1.0823; where there is none, N/A"
            _wrong(cell, 2, f"'{short(cell.value)}' is not an exchange rate", hint, source, log)
        elif day in rates:
            message = f"a second rate of {cell.currency} on {day}"
            _wrong(cell, 2, message, "one day has one rate: remove one of the rows", source, log, "D003")
        else:
            rates[day] = value
    # A currency that is gone may have its columns; no amount is in it.
    return {currency: rates for currency, rates in found.items() if currency in MINOR_UNITS}


def _wrong(cell: _Cell, which: int, message: str, hint: str, source: Source, log: ProblemLog, code: str = "D002") -> None:
    log.add(lambda: Problem(code, message, hint, source.name, *cell.record.place(cell.columns[which])))


def _day(text: str) -> date | None:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
        if match := re.fullmatch(r"([0-9]{1,2}) ([A-Z][a-z]+) ([0-9]{4})", text):
            month = _MONTHS.index(match[2]) + 1
            return date(int(match[3]), month, int(match[1]))
    except ValueError:
        pass
    return None


def _cells(source: Source, log: ProblemLog) -> Iterator[_Cell]:
    line, text = csv_rows.first_line(source)
    records, broken = csv_rows.headers(text, line, (",",))
    names = [name.strip() for name in records[0].fields] if records else []
    if broken is not None or len(names) < 2:
        raise Refusal(Problem("D001", "this is no CSV of exchange rates", _HINT, source.name, line))
    if names[0] == "Date":
        return _by_day(source, names, records[0], log)
    if missing := [name for name in _PORTAL if names.count(name) != 1]:
        message = f"the header has no column {missing[0]}" if missing[0] not in names else f"column {missing[0]} stands twice"
        raise Refusal(Problem("D001", f"this is no CSV of exchange rates: {message}", _HINT, source.name, line))
    return _of_series(source, names, records[0], log)


def _rows(source: Source, header: csv_rows.Record, log: ProblemLog) -> Iterator[csv_rows.Record]:
    width = len(header.fields)
    for record in csv_rows.records(source.text, ",", first_line=header.line + 1, file=source.name, log=log):
        if len(record.fields) == width:
            yield record
        else:
            log.add(csv_rows.width_problem(record, width, source.name, "the row may be cut off"))


def _by_day(source: Source, names: list[str], header: csv_rows.Record, log: ProblemLog) -> Iterator[_Cell]:
    """A column a currency; the last one, after the comma at the end of each line, has neither name nor values."""
    ends = names[-1] == ""
    currencies = names[1 : len(names) - ends]
    for index, name in enumerate(currencies, 1):
        if not re.fullmatch("[A-Z]{3}", name) or name == EURO or name in currencies[: index - 1]:
            message = f"'{short(name)}' stands twice" if name in currencies[: index - 1] else f"'{short(name)}' is no currency"
            raise Refusal(
                Problem("D001", f"{message} of exchange rates for one euro", _HINT, source.name, *header.place(index))
            )
    for record in _rows(source, header, log):
        cells = [cell.strip(" ") for cell in record.fields]
        if ends and cells[-1]:
            log.add(csv_rows.width_problem(record, len(names), source.name, "the last column has no name"))
        for index, name in enumerate(currencies, 1):
            if cells[index] not in _NONE:
                yield _Cell(cells[0], name, cells[index], record, (0, 0, index))


def _of_series(source: Source, names: list[str], header: csv_rows.Record, log: ProblemLog) -> Iterator[_Cell]:
    """A row a currency and day; rows of other series are no reference rates of a day."""
    at = {name: names.index(name) for name in _PORTAL}
    for record in _rows(source, header, log):
        cells = {name: record.fields[index].strip(" ") for name, index in at.items()}
        columns = (at["TIME_PERIOD"], at["CURRENCY"], at["OBS_VALUE"])
        cell = _Cell(cells["TIME_PERIOD"], cells["CURRENCY"], cells["OBS_VALUE"], record, columns)
        other = next((name for name, value in _SERIES.items() if cells[name] != value), "")
        if other:
            message = f"{other} is '{short(cells[other])}', not {_SERIES[other]}: no reference rate of a day for one euro"
            log.add(Problem("D002", message, "choose EXR.D.<currency>.EUR.SP00.A", source.name, *record.place(at[other])))
        elif not re.fullmatch("[A-Z]{3}", cell.currency) or cell.currency == EURO:
            hint = "a currency has three capital letters, and is not the euro"
            _wrong(cell, 1, f"'{short(cell.currency)}' is no currency of exchange rates for one euro", hint, source, log)
        elif cell.value and cell.value not in _NONE:
            yield cell
