"""Workbooks (XLSX): cells, live formulas with exact cached values, equal bytes for equal input. Written by XlsxWriter, which is
an optional part: `pip install 'diamondctl[xlsx]'`.

No text becomes a formula: each is written as a string that passed the gate. A date stands as a date, an amount as a number
with the decimals of its currency; one with more digits than a sheet holds exactly stands as text.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final, NamedTuple

from diamondctl.money import MINOR_UNITS
from diamondctl.problems import Problem, Refusal
from diamondctl.render.text import clean

_DIGITS: Final = 15  # that a sheet holds exactly
_MOST_TEXT: Final = 32_767
_WIDEST: Final = 60
MISSING: Final = Problem("A008", "XLSX is written by an optional part that is not installed", "pip install 'diamondctl[xlsx]'")


class Formula(NamedTuple):
    """A formula without its `=`, and what it comes to."""

    text: str
    value: Decimal


class Sheet(NamedTuple):
    """Rows below a row of heads. Amounts have the decimals of the currency; a row of one text is a heading."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[object]]
    currency: str


class Book(NamedTuple):
    """A workbook; its day stands for when it was made, so that the same figures give the same bytes."""

    title: str
    day: date
    sheets: Sequence[Sheet]


def cell(row: int, column: int) -> str:
    """The name of a cell, by the number of its row below the heads and of its column, from 0."""
    return f"{chr(ord('A') + column)}{row + 2}"


def written(book: Book) -> bytes:
    """The file. Refuses (A008) where XlsxWriter is not installed."""
    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise Refusal(MISSING) from None
    out = io.BytesIO()
    made = Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    moment = datetime.combine(book.day, time(), UTC).replace(tzinfo=None)
    made.set_properties({"title": clean(book.title), "created": moment, "author": "diamondctl"})
    for sheet in book.sheets:
        _write(made, sheet)
    made.close()
    return out.getvalue()


def _write(book: Any, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.name)
    places = MINOR_UNITS[sheet.currency]
    digits = "0" + ("." + "0" * places if places else "")
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": digits})
    total = book.add_format({"num_format": digits, "bold": True, "top": 1})
    page.write_row(0, 0, [clean(head) for head in sheet.heads], bold)
    page.freeze_panes(1, 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    widths = [len(head) for head in sheet.heads]
    for at, row in enumerate(sheet.rows, 1):
        is_total = any(isinstance(value, Formula) for value in row)
        for column, value in enumerate(row):
            _cell(page, at, column, value, places, bold if len(row) == 1 or (is_total and column == 0) else None, money, total)
            if len(row) > 1 and column < len(widths):
                widths[column] = max(widths[column], len(str(value.value if isinstance(value, Formula) else value)))
    for column, width in enumerate(widths):
        page.set_column(column, column, min(width, _WIDEST) + 2)


def _cell(page: Any, row: int, column: int, value: object, places: int, plain: Any, money: Any, total: Any) -> None:
    if isinstance(value, Formula):
        page.write_formula(row, column, "=" + value.text, total, _shown(value.value, places))
    elif isinstance(value, Decimal):
        value = _shown(value, places)
        if len(value.as_tuple().digits) > _DIGITS:
            page.write_string(row, column, f"{value:f}")
        else:
            page.write_number(row, column, value, money)
    elif isinstance(value, date):
        page.write_datetime(row, column, value)
    elif isinstance(value, int):
        page.write_number(row, column, value)
    elif value not in (None, ""):
        page.write_string(row, column, clean(str(value))[:_MOST_TEXT], plain)


def _shown(amount: Decimal, places: int) -> Decimal:
    """The same amount with the decimals of its currency, as JSON has it."""
    return Decimal(f"{amount:.{places}f}")
