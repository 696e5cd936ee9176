"""CSV text to records with positions. Strict: a quote opens a field only at its beginning and closes it only at its end.

Our own tokenizer because positions are the point: the standard library's reader knows neither columns nor the line where
an unclosed quote opened, and accepts `ma"ra`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TextIO

from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers.sources import Source

DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}

IN_QUOTES: Final = "a text that holds the delimiter must be in quotes"
# A record longer than this is an unclosed quote that swallows the file.
MAX_RECORD = 65_536
# A quoted field that goes over a line end and holds a time has swallowed the next row.
_SWALLOWED = re.compile(r"[\r\n][^\r\n]*20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}")


@dataclass(slots=True)
class Record:
    """One record: its fields, and where it stands."""

    line: int
    fields: list[str]
    text: str
    delimiter: str
    ended: bool = True  # by a line end: only the last one of a file may have none

    def place(self, index: int) -> tuple[int, int]:
        """Line and column of a field, both from 1. Called for problems only, so it reads the record again."""
        starts: list[int] = []
        split_fields(self.text, self.delimiter, starts)
        return _place(self.line, self.text, starts[min(index, len(starts) - 1)])


class QuoteError(Exception):
    """A quote that is not closed in the text given, or stands in the middle of a field."""

    def __init__(self, position: int, unclosed: bool) -> None:
        self.position, self.unclosed = position, unclosed
        super().__init__(position)


def split_fields(text: str, delimiter: str, starts: list[int] | None = None) -> list[str]:
    """Fields of one record (without its line end); appends where each begins to `starts`. Raises `QuoteError`."""
    fields: list[str] = []
    position, length = 0, len(text)
    while True:
        if starts is not None:
            starts.append(position)
        if text.startswith('"', position):
            end = position + 1
            while (end := text.find('"', end)) >= 0 and text.startswith('"', end + 1):
                end += 2
            if end < 0:
                raise QuoteError(position, unclosed=True)
            fields.append(text[position + 1 : end].replace('""', '"'))
            position = end + 1
        else:
            end = text.find(delimiter, position)
            end = length if end < 0 else end
            quote = text.find('"', position, end)
            if quote >= 0:
                raise QuoteError(quote, unclosed=False)
            fields.append(text[position:end])
            position = end
        if position == length:
            return fields
        if not text.startswith(delimiter, position):
            raise QuoteError(position - 1, unclosed=False)
        position += 1


def first_line(source: Source) -> tuple[int, str]:
    """Read up to the first line that is not blank; refuses (F003) a file without one."""
    for number, line in enumerate(source.text, 1):
        text = line.rstrip("\r\n").removeprefix("\ufeff")
        if text.strip():
            return number, text
    raise Refusal(Problem("F003", "nothing but blank lines", "export it again", source.name))


def headers(text: str, line: int, delimiters: Iterable[str] = DELIMITERS) -> tuple[list[Record], QuoteError | None]:
    """A header as it reads with each delimiter, and the first error of those with which it does not."""
    records: list[Record] = []
    broken: QuoteError | None = None
    for delimiter in delimiters:
        try:
            records.append(Record(line, split_fields(text, delimiter), text, delimiter))
        except QuoteError as error:
            broken = broken or error
    return records, broken


def rows(source: Source, columns: tuple[str, ...], log: ProblemLog) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and cells of each row of a file whose header is known to be `columns`; logs C002."""
    line, _ = first_line(source)
    for record in records(source.text, ",", first_line=line + 1, file=source.name, log=log):
        if len(record.fields) == len(columns):
            yield record.line, dict(zip(columns, record.fields, strict=True))
        else:
            log.add(width_problem(record, len(columns), source.name, "the row may be cut off"))


def width_problem(record: Record, width: int, file: str, hint: str) -> Problem:
    """C002: a record of more or fewer fields than the header."""
    return Problem("C002", f"{len(record.fields)} fields, the header has {width}", hint, file, record.line)


def records(lines: TextIO, delimiter: str, *, first_line: int, file: str, log: ProblemLog) -> Iterator[Record]:
    """Records of the rest of a file, blank lines skipped. Logs C001, which ends the reading, and C003."""
    number = first_line - 1
    blank = " " if delimiter == "\t" else " \t"
    for line in lines:
        number += 1
        text = line.rstrip("\r\n")
        if '"' not in text:
            if text[:1] in blank and not text.strip(blank):
                continue
            yield Record(number, text.split(delimiter), text, delimiter, len(text) < len(line))
            continue
        start, ended = number, line
        while True:
            try:
                fields = split_fields(text, delimiter)
                if number > start and any(_SWALLOWED.search(field) for field in fields):
                    index = next(index for index, field in enumerate(fields) if _SWALLOWED.search(field))
                    place = Record(start, fields, text, delimiter).place(index)
                    message = "this quote closes rows later: its field holds another row"
                    log.add(Problem("C001", message, "close it, or double it if it is meant", file, *place), always=True)
                    break
                yield Record(start, fields, text, delimiter)
                break
            except QuoteError as error:
                place = _place(start, text, error.position)
                if not error.unclosed:
                    hint = "put the whole field in quotes and double the quotes inside it"
                    if text[error.position - 1 : error.position] == " " and error.position > 1:
                        hint = "remove the blank before the quote, or quote the whole field"
                    log.add(Problem("C003", "a quote in the middle of a field", hint, file, *place))
                    log.leave_out(start, 0, dict, text)
                    break
                # Every quote that opens needs one that closes: while their number is odd there is no use in looking.
                pieces, length, odd = [text], len(text), text.count('"') % 2 == 1
                first = True
                while first or odd:
                    more = next(lines, "") if length <= MAX_RECORD else ""
                    if not more:
                        long = f", or its record is longer than {MAX_RECORD:,} characters" if length > MAX_RECORD else ""
                        message = f"this quote is never closed{long}; everything after it was not read"
                        log.add(Problem("C001", message, "close it, or double it if it is meant", file, *place), always=True)
                        return
                    number += 1
                    pieces += [ended[len(ended.rstrip("\r\n")) :], more.rstrip("\r\n")]
                    length += len(more)
                    odd ^= more.count('"') % 2 == 1
                    ended, first = more, False
                text = "".join(pieces)


def _place(line: int, text: str, position: int) -> tuple[int, int]:
    before = text[:position].replace("\r\n", "\n").replace("\r", "\n")
    return line + before.count("\n"), len(before) - (before.rfind("\n") + 1) + 1
