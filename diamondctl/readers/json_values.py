"""JSON values of a source one after the other, as plain Python values: JSON Lines, one list, or values in a row.

For formats whose objects are large and mostly not ours, such as event logs: it is the standard parser, with hooks only for
what it would repair silently. A file that ends in the middle of a value is refused with line and byte, or salvaged.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple, NoReturn

from diamondctl.problems import Problem, ProblemLog
from diamondctl.readers.cells import short
from diamondctl.readers.sources import MAX_WHOLE, Source

MAX_DEPTH: Final = 64
_SPACE: Final = " \t\r\n"


class Value(NamedTuple):
    """A value and the line on which it begins."""

    value: Any
    line: int


class Lost(NamedTuple):
    """What a salvaged file misses: text that is no whole value."""

    line: int
    byte: int
    characters: int


class _Twice(ValueError):
    """A key that an object has twice."""


class _NotANumber(ValueError):
    """NaN or Infinity, which JSON does not have."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for index, name in enumerate(names) if name in names[:index]))
    return found


def _constant(name: str) -> NoReturn:
    raise _NotANumber(name)


DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)


class JsonValues:
    """The values of one source. `lost` lists what was left out, when that was asked for."""

    def __init__(self, source: Source, log: ProblemLog, *, salvage: bool) -> None:
        self._source, self._log, self._salvage = source, log, salvage
        self.lost: list[Lost] = []

    def values(self) -> Iterator[Value]:
        """Every value; those that are not JSON are logged, or lost."""
        text, codec = self._source.text, self._source.encoding.removesuffix("-sig")
        byte, first = 1 + _mark(self._source), True
        for number, line in enumerate(text, 1):
            stripped = line.strip(_SPACE + "\ufeff" if first else _SPACE)
            if stripped and first:
                first = False
                if stripped[0] == "[" or not _is_whole(stripped):
                    if self._source.size > MAX_WHOLE:
                        hint = "write it as JSON Lines, one object a line"
                        self._problem("F010", f"JSON over several lines, of more than {MAX_WHOLE:,} bytes", hint, number)
                        return
                    rest = line + text.read()
                    if stripped[0] == "[" or "\n" in rest.strip(_SPACE):
                        yield from self._in_a_row(rest, number, byte)
                        return
                    yield from self._line(rest.strip(_SPACE + "\ufeff"), number, byte, ends=rest.endswith(("\n", "\r")))
                    return
            if stripped:
                yield from self._line(stripped, number, byte, ends=line[-1] in "\r\n")
            byte += len(line) if codec == "utf-8" and line.isascii() else _bytes(line, codec)

    def _line(self, text: str, line: int, byte: int, *, ends: bool) -> Iterator[Value]:
        try:
            value, end = DECODER.raw_decode(text)
        except (ValueError, RecursionError) as error:
            self._broken(error, text, 0, line, byte, at_end=not ends)
            return
        if end != len(text):
            if self._salvage:
                self.lost.append(Lost(line, byte, len(text)))
            else:
                self._problem("J001", "something follows the object", "one object a line", line, end + 1)
            return
        if _fits(value, text):
            yield Value(value, line)
        else:
            self._problem("J006", f"nested deeper than {MAX_DEPTH} levels", "", line, 1)

    def _in_a_row(self, text: str, line: int, byte: int) -> Iterator[Value]:
        """Items of one list, or values without one, each over as many lines as it likes."""
        codec = self._source.encoding.removesuffix("-sig")
        position = _skip(text, 1 if text.startswith("\ufeff") else 0)
        in_list = text.startswith("[", position)
        counted = 0
        position = _skip(text, position + in_list)
        while position < len(text):
            if in_list and text[position] == "]":
                if _skip(text, position + 1) < len(text):
                    self._problem("J002", "something follows the list", "one file holds one list", line)
                return
            line += _lines(text, counted, position)
            counted = position
            try:
                value, end = DECODER.raw_decode(text, position)
            except (ValueError, RecursionError) as error:
                at_end = not isinstance(error, json.JSONDecodeError) or _ends_early(error, text)
                place = byte + _bytes(text[:position], codec)
                self._broken(error, text[position:], position, line, place, at_end=at_end)
                return
            if _fits(value, text[position:end]):
                yield Value(value, line)
            else:
                self._problem("J006", f"nested deeper than {MAX_DEPTH} levels", "", line)
            position = _skip(text, end)
            if position < len(text) and text[position] == ",":
                position = _skip(text, position + 1)
            elif in_list and position < len(text) and text[position] != "]":
                hint = "the file may be cut off; export it again"
                self._problem("J001", "expected ',' or ']'", hint, line + _lines(text, counted, position))
                return
        if in_list:
            if self._salvage:
                self.lost.append(Lost(line, byte + _bytes(text, codec), 0))
            else:
                self._cut_off(line, byte + _bytes(text, codec), "the list is not closed")

    def _broken(self, error: Exception, text: str, start: int, line: int, byte: int, *, at_end: bool) -> None:
        if self._salvage and isinstance(error, json.JSONDecodeError):
            self.lost.append(Lost(line, byte, len(text)))
        elif isinstance(error, _Twice):
            self._problem("J004", f"the key '{short(str(error))}' appears twice", "keep one of them", line)
        elif isinstance(error, _NotANumber):
            self._problem("J007", f"{error} is not a number", "write a number, or null for none", line)
        elif isinstance(error, RecursionError):
            self._problem("J006", f"nested deeper than {MAX_DEPTH} levels", "", line)
        elif isinstance(error, json.JSONDecodeError):
            if at_end and _ends_early(error, error.doc):
                self._cut_off(line, byte, f"the last record is cut off after {len(text):,} characters")
            else:
                column = error.pos - start + 1 if start == 0 else 0
                hint = "to import the complete records and leave this out: --salvage"
                self._problem("J001", f"not JSON: {error.msg}", hint, line, column)
        else:
            self._problem("J001", "a number with too many digits", "", line)

    def _cut_off(self, line: int, byte: int, what: str) -> None:
        hint = "export it again, or import the complete records: --salvage"
        self._problem("F011", f"byte {byte:,}: {what}", hint, line)

    def _problem(self, code: str, message: str, hint: str, line: int, column: int = 0) -> None:
        self._log.add(Problem(code, message, hint, self._source.name, line, column))


def said(lost: list[Lost]) -> tuple[tuple[int, str], ...]:
    """What is missing from a salvaged file, by line and in words."""
    if not lost:
        return ()
    first = lost[0]
    size = f"{sum(item.characters for item in lost):,} characters"
    if len(lost) == 1:
        return ((first.line, f"salvaged: an incomplete record on line {first.line} (byte {first.byte:,}, {size}) is left out"),)
    return ((first.line, f"salvaged: {len(lost):,} incomplete records are left out, {size}; the first on line {first.line}"),)


def _mark(source: Source) -> int:
    return {"utf-8-sig": 3, "utf-16": 2, "utf-32": 4}.get(source.encoding, 0)


def _bytes(text: str, codec: str) -> int:
    """How long a text is in the file; a mark at its beginning is counted apart."""
    text = text.removeprefix("\ufeff")
    return len(text.encode(codec + "-le" if codec in ("utf-16", "utf-32") else codec))


def _is_whole(text: str) -> bool:
    """Whether a line is a whole value, or at least no part of one that goes on over the next line."""
    try:
        DECODER.raw_decode(text)
    except json.JSONDecodeError as error:
        return not _ends_early(error, text)
    except (ValueError, RecursionError):
        return True
    return True


def _ends_early(error: json.JSONDecodeError, text: str) -> bool:
    return error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")


def _lines(text: str, start: int, end: int) -> int:
    piece = text[start:end]
    return piece.count("\n") + piece.count("\r") - piece.count("\r\n")


def _skip(text: str, position: int = 0) -> int:
    """The next position that is not JSON white space."""
    while position < len(text) and text[position] in _SPACE:
        position += 1
    return position


def _fits(value: Any, text: str) -> bool:
    """Whether a value is nested no deeper than allowed; few brackets need no look."""
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return True
    depth, level = 0, [value]
    while level := [item for item in level if isinstance(item, dict | list)]:
        depth += 1
        level = [inner for item in level for inner in (item.values() if isinstance(item, dict) else item)]
    return depth <= MAX_DEPTH
