"""The rows of a spreadsheet (XLSX) as text, read from its XML in pieces. No library: the bytes must be guarded before one
could be hurt, and what is left to do is little.

Every cell comes as the text that the file holds; dates become `2026-10-31 20:15:00` by their number format. Formulas are
refused, for what they stand for is only known to the program that computed them.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import chain
from pathlib import PurePosixPath
from typing import Any, Final, NamedTuple, NoReturn
from xml.parsers import expat

from diamondctl.problems import Problem, Refusal
from diamondctl.readers.archives import WORKBOOK, Archive

MAX_COLUMNS: Final = 512
MAX_GAP: Final = 10_000  # blank rows between two that are not
MAX_SHARED: Final = 1 << 26  # characters of shared texts
MAX_TEXT: Final = 32_767  # of a cell, as in Excel
MAX_DEPTH: Final = 32
_DAY: Final = Decimal(86_400_000)
# Number formats that every workbook has: dates, times, both.
_BUILT_IN_DATES: Final = {**dict.fromkeys(range(14, 18), "d"), **dict.fromkeys((18, 19, 20, 21, 45, 46, 47), "t"), 22: "dt"}
_LETTERS: Final = re.compile("([A-Z]{1,3})([0-9]{1,7})")


class Row(NamedTuple):
    """One row that is not blank; `cells` has text for every column up to the last that is filled."""

    line: int
    cells: list[str]


class Workbook:
    """A workbook whose parts are checked as they are read. Refuses with X001 to X004."""

    def __init__(self, archive: Archive) -> None:
        self._archive, self._file = archive, archive.file
        self._names = frozenset(archive.names)
        targets: dict[str, str] = {}
        self.sheets: dict[str, str] = {}  # name -> member
        self._base = datetime(1899, 12, 30)
        references: list[tuple[str, str]] = []

        def relation(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship":
                targets[attributes.get("Id", "")] = attributes.get("Target", "")

        def book(tag: str, attributes: dict[str, str]) -> None:
            if tag == "sheet":
                reference = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
                references.append((attributes.get("name", ""), reference))
            elif tag == "workbookPr" and attributes.get("date1904", "0") in ("1", "true"):
                self._base = datetime(1904, 1, 1)

        self._scan("xl/_rels/workbook.xml.rels", relation)
        self._scan(WORKBOOK, book)
        for name, reference in references:
            target = targets.get(reference, "")
            member = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
            if member in self._names:
                self.sheets[name] = member
        if not self.sheets:
            self._refuse("X001", "no sheet in this workbook", "export it again")
        self._shared: list[str] | None = None
        self._formats: list[str] | None = None

    def _refuse(self, code: str, message: str, hint: str, line: int = 0, column: int = 0) -> NoReturn:
        raise Refusal(Problem(code, message, hint, self._file, line, column))

    def rows(self, sheet: str) -> Iterator[Row]:
        """Rows of a sheet, blank ones left out."""
        if self._shared is None:
            self._shared = self._shared_texts()
            self._formats = self._number_formats()
        reader = _Sheet(self, self._shared, self._formats or [])
        parser = self._parser(reader.start, reader.end, reader.text)
        for _ in chain(self._feed(self.sheets[sheet], parser), (None,)):
            while reader.ready:
                yield reader.ready.popleft()

    def _scan(
        self,
        member: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] = lambda tag: None,
        text: Callable[[str], None] = lambda text: None,
    ) -> None:
        if member not in self._names:
            self._refuse("X001", f"{member} is missing", "export it again")
        deque(self._feed(member, self._parser(start, end, text)), maxlen=0)

    def _parser(
        self,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None],
        text: Callable[[str], None],
    ) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        depth = 0

        def begin(tag: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > MAX_DEPTH:
                self._refuse("X001", f"XML nested deeper than {MAX_DEPTH} levels", "no program writes such a workbook")
            start(tag.rpartition(":")[2], attributes)

        def finish(tag: str) -> None:
            nonlocal depth
            depth -= 1
            end(tag.rpartition(":")[2])

        def entity(*_: Any) -> NoReturn:
            self._refuse("X004", "XML with a document type or entities", "such workbooks are made to do harm")

        parser.buffer_text = True
        parser.StartElementHandler = begin
        parser.EndElementHandler = finish
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = entity
        parser.EntityDeclHandler = entity
        parser.ExternalEntityRefHandler = entity
        return parser

    def _feed(self, member: str, parser: expat.XMLParserType) -> Iterator[None]:
        try:
            for piece in self._archive.pieces(member):
                parser.Parse(piece, False)
                yield
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            self._refuse("X001", f"{member} is not XML: {expat.ErrorString(error.code)}", "export it again")
        except (LookupError, ValueError):  # an encoding that Python or expat does not know
            self._refuse("X001", f"{member} is not XML: unknown encoding", "export it again")

    def _shared_texts(self) -> list[str]:
        member = "xl/sharedStrings.xml"
        texts: list[str] = []
        if member not in self._names:
            return texts
        parts: list[str] = []
        inside: list[str] = []
        size = 0

        def start(tag: str, attributes: dict[str, str]) -> None:
            inside.append(tag)
            if tag == "si":
                parts.clear()

        def end(tag: str) -> None:
            inside.pop()
            if tag == "si":
                texts.append("".join(parts))

        def text(data: str) -> None:
            nonlocal size
            if inside[-1] == "t" and "rPh" not in inside:  # not the reading aid of Japanese texts
                size += len(data)
                if size > MAX_SHARED:
                    self._refuse("X003", f"more than {MAX_SHARED:,} characters of text", "export the sheet as CSV UTF-8")
                parts.append(data)

        self._scan(member, start, end, text)
        return texts

    def _number_formats(self) -> list[str]:
        """For each cell style: `d` date, `t` time, `dt` both, or blank."""
        member = "xl/styles.xml"
        custom: dict[int, str] = {}
        kinds: list[str] = []
        inside: list[str] = []
        if member not in self._names:
            return kinds

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "numFmt" and attributes.get("numFmtId", "").isdecimal():
                custom[int(attributes["numFmtId"])] = _date_kind(attributes.get("formatCode", ""))
            elif tag == "xf" and "cellXfs" in inside:
                number = attributes.get("numFmtId", "0")
                code = int(number) if number.isdecimal() else 0
                kinds.append(custom.get(code, _BUILT_IN_DATES.get(code, "")))
            inside.append(tag)

        def end(tag: str) -> None:
            inside.pop()

        self._scan(member, start, end)
        return kinds

    def moment(self, number: str, kind: str) -> str:
        """A date cell as text; a number that is no date stays as it is."""
        try:
            milliseconds = int((Decimal(number) * _DAY).to_integral_value())
            at = self._base + timedelta(milliseconds=milliseconds)
        except (InvalidOperation, OverflowError, ValueError):
            return number
        text = {"d": "%Y-%m-%d", "t": "%H:%M:%S", "dt": "%Y-%m-%d %H:%M:%S"}[kind]
        fraction = f".{at.microsecond // 1_000:03}" if at.microsecond and kind != "d" else ""
        return at.strftime(text) + fraction

    def formula(self, line: int, column: int) -> NoReturn:
        """Refuse a formula cell."""
        hint = "copy the sheet and paste it as values"
        self._refuse("X002", "a formula; what it comes to depends on the program that opens it", hint, line, column)

    def sparse(self, what: str, line: int) -> NoReturn:
        """Refuse a sheet that is mostly nothing."""
        self._refuse("X003", what, "delete what is far away, or export the sheet as CSV UTF-8", line)


class _Sheet:
    """Handlers of one sheet's XML; rows gather in `ready`."""

    def __init__(self, book: Workbook, shared: list[str], formats: list[str]) -> None:
        self._book, self._shared, self._formats = book, shared, formats
        self.ready: deque[Row] = deque()
        self._line = 0
        self._filled = 0  # the last row that was not blank
        self._cells: list[str] = []
        self._column = 0
        self._type = self._style = ""
        self._parts: list[str] = []
        self._length = 0
        self._in_value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag == "row":
            number = attributes.get("r", "")
            self._line = int(number) if number.isascii() and number.isdecimal() and len(number) < 9 else self._line + 1
            self._cells, self._column = [], 0
        elif tag == "c":
            match = _LETTERS.fullmatch(attributes.get("r", ""))
            self._column = _column(match[1]) if match else self._column + 1
            if self._column > MAX_COLUMNS:
                self._book.sparse(f"a cell in column {self._column:,}; at most {MAX_COLUMNS} are read", self._line)
            self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._parts, self._length = [], 0
        elif tag == "f":
            self._book.formula(self._line, self._column)
        elif tag in ("v", "t"):
            self._in_value = True

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag in ("v", "t"):
            self._in_value = False
        elif tag == "c":
            if value := self._value("".join(self._parts)):
                self._cells += [""] * (self._column - len(self._cells))
                self._cells[self._column - 1] = value
        elif tag == "row" and self._cells:
            if self._line - self._filled > MAX_GAP:
                self._book.sparse(f"more than {MAX_GAP:,} blank rows before this one", self._line)
            self._filled = self._line
            self.ready.append(Row(self._line, self._cells))

    def text(self, data: str) -> None:
        """Text inside an element."""
        if self._in_value:
            self._length += len(data)
            if self._length > 4 * MAX_TEXT:
                self._book.sparse(f"a cell with more than {4 * MAX_TEXT:,} characters", self._line)
            self._parts.append(data)

    def _value(self, text: str) -> str:
        if self._type == "s":
            if not (text.isascii() and text.isdecimal() and len(text) < 9 and int(text) < len(self._shared)):
                return ""
            return self._shared[int(text)][:MAX_TEXT]
        if self._type == "b":
            return "true" if text == "1" else "false"
        if self._type == "n" and self._style.isdecimal() and int(self._style) < len(self._formats):
            kind = self._formats[int(self._style)]
            return self._book.moment(text, kind) if kind and text else text
        if self._type == "d":
            return text.replace("T", " ")
        return text[: MAX_TEXT + 1]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _date_kind(code: str) -> str:
    """Whether a number format shows a date, a time, or both: by the letters outside of quotes, brackets and escapes."""
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.', "", code.split(";", maxsplit=1)[0]).lower()
    date = "d" if re.search("[yd]", bare) else ""
    time = "t" if re.search("[hs]", bare) else ""
    return date + time
