"""Records as text: CSV, TSV, Markdown, JSON Lines. What a spreadsheet or a browser would execute is made harmless here."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Final

from diamondctl.render.text import clean
from diamondctl.render.view import Records

# A text cell that begins so, after blanks, is a formula to a spreadsheet (quality.md section 2).
_FORMULA: Final = tuple("=+-@\t\r\n" + "\uff1d\uff0b\uff0d\uff20")
_MARKDOWN: Final = str.maketrans(
    {**{mark: "\\" + mark for mark in "\\`*_{}[]()#+-.!|~:@/\"'="}, "<": "&lt;", ">": "&gt;", "&": "&amp;"}
)


def _harmless(cell: str, number: bool) -> str:
    """A cell for a spreadsheet; numbers stay numbers."""
    if number:
        return cell
    text = clean(cell)
    return "'" + text if text.lstrip().startswith(_FORMULA) or cell.lstrip(" \u00a0").startswith(_FORMULA) else text


def _separated(records: Records, delimiter: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(records.columns)
    numbers = [column in records.numbers for column in records.columns]
    for row in records.rows:
        writer.writerow([_harmless(cell, number) for cell, number in zip(row, numbers, strict=True)])
    return out.getvalue()


def as_csv(records: Records) -> str:
    """Comma-separated, quoted where needed, LF line ends."""
    return _separated(records, ",")


def as_tsv(records: Records) -> str:
    """Tab-separated; no cell holds a tab or a line end, for `clean` makes them visible."""
    return _separated(records, "\t")


def as_markdown(records: Records) -> str:
    """A Markdown table in which no name can be markup."""

    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cells) + " |\n"

    numbers = [column in records.numbers for column in records.columns]
    rule = ["---:" if number else "---" for number in numbers]
    rows = [
        [cell if number else clean(cell).translate(_MARKDOWN) for cell, number in zip(row, numbers, strict=True)]
        for row in records.rows
    ]
    return line([column.replace("_", "\\_") for column in records.columns]) + line(rule) + "".join(map(line, rows))


def as_jsonl(records: Records) -> str:
    """One JSON object a line, values as text, blank as null."""
    lines = [
        json.dumps(dict(zip(records.columns, (cell or None for cell in row), strict=True)), ensure_ascii=True) + "\n"
        for row in records.rows
    ]
    return "".join(lines).replace("\x7f", "\\u007f")


FORMATS: Final[dict[str, Callable[[Records], str]]] = {
    "csv": as_csv,
    "tsv": as_tsv,
    "md": as_markdown,
    "jsonl": as_jsonl,
}
