"""The formats of output, each said once: its name, the ending that picks it, what it takes of a report, what writes it.

Help, completion, endings and refusals are made from `FORMATS`, so this is the one place of a new format. What a spreadsheet
or a browser would execute is made harmless here.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from diamondctl.render.text import clean

if TYPE_CHECKING:  # the command line names formats at every start, before there is anything to write
    from diamondctl.render.page import Manner, Page
    from diamondctl.render.view import Records

# A text cell that begins so, after blanks, is a formula to a spreadsheet.
_FORMULA: Final = tuple("=+-@\t\r\n" + "\uff1d\uff0b\uff0d\uff20")
_MARKDOWN: Final = str.maketrans(
    {**{mark: "\\" + mark for mark in "\\`*_{}[]()#+-.!|~:@/\"'="}, "<": "&lt;", ">": "&gt;", "&": "&amp;"}
)


def harmless(cell: str, number: bool) -> str:
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
        writer.writerow([harmless(cell, number) for cell, number in zip(row, numbers, strict=True)])
    return out.getvalue()


def as_csv(records: Records) -> str:
    """Comma-separated, quoted where needed, LF line ends."""
    return _separated(records, ",")


def as_tsv(records: Records) -> str:
    """Tab-separated; no cell holds a tab or a line end, for `clean` makes them visible."""
    return _separated(records, "\t")


def markdown(text: str) -> str:
    """A text in Markdown, none of which is markup."""
    return clean(text).translate(_MARKDOWN)


def as_markdown(records: Records) -> str:
    """A Markdown table in which no name can be markup."""

    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cells) + " |\n"

    numbers = [column in records.numbers for column in records.columns]
    rule = ["---:" if number else "---" for number in numbers]
    rows = [[cell if number else markdown(cell) for cell, number in zip(row, numbers, strict=True)] for row in records.rows]
    return line([column.replace("_", "\\_") for column in records.columns]) + line(rule) + "".join(map(line, rows))


def as_jsonl(records: Records) -> str:
    """One JSON object a line, values as text, blank as null."""
    lines = [
        json.dumps(dict(zip(records.columns, (cell or None for cell in row), strict=True)), ensure_ascii=True) + "\n"
        for row in records.rows
    ]
    return "".join(lines).replace("\x7f", "\\u007f")


def as_json(document: dict[str, Any]) -> str:
    """A JSON document, ASCII only, so that no character of a name can act on a terminal; readers restore every one."""
    return json.dumps(document, indent=2, ensure_ascii=True).replace("\x7f", "\\u007f") + "\n"


def as_text(page: Page, manner: Manner) -> str:
    """A page as wide as it needs to be."""
    return page.lay(None, "─", clean, manner).text()


def as_ascii(page: Page, manner: Manner) -> str:
    """The same in ASCII alone."""
    return page.lay(None, "-", lambda text: clean(text, "ascii"), manner).text()


class Format(NamedTuple):
    """One format. `takes`: page (what people read, with warnings and notes), document (the JSON) or rows (flat records).

    A report writes by itself what no `write` is given for: one of its own `texts`.
    """

    name: str
    ending: str = ""  # of files; blank: none picks it
    takes: str = ""
    write: Callable[..., str] | None = None  # a page with the manner in which it is shown
    delimiter: str = ""  # of rows


FORMATS: Final = (
    Format("table", ".txt", "page", as_text),
    Format("plain", "", "page", as_ascii),
    Format("json", ".json", "document", as_json),
    Format("jsonl", ".jsonl", "rows", as_jsonl),
    Format("csv", ".csv", "rows", as_csv, ","),
    Format("tsv", ".tsv", "rows", as_tsv, "\t"),
    Format("md", ".md", "rows", as_markdown),
)
JUNIT: Final = (Format("junit", ".xml"),)
GITHUB: Final = (Format("github"),)  # of what a pull request is checked with
_REVIEW: Final = (*GITHUB, Format("codequality"))
CHECK: Final = (Format("full"), Format("concise"), *_REVIEW, Format("sarif", ".sarif"), *JUNIT)
LIST: Final = (Format("lock", ".lock"),)
DIFF: Final = (*_REVIEW, Format("changelog"))
IMPACT: Final = (*GITHUB, Format("comment"))
ROWS: Final = tuple(item.name for item in FORMATS if item.takes == "rows")


def names(formats: Sequence[Format]) -> tuple[str, ...]:
    """Their names."""
    return tuple(item.name for item in formats)


def listed(words: Sequence[str], last: str) -> str:
    """`a, b or c`."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def endings(formats: Sequence[Format]) -> dict[str, Format]:
    """What picks which of them."""
    return {item.ending: item for item in formats if item.ending}
