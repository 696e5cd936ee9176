"""The plain gift format as a JSON list or as JSON Lines. Numbers stay exact, ids stay text, nothing is converted silently.

Goes through Python's own parser with hooks: duplicate keys, NaN and number types must be seen, not repaired.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import Any, Final, NoReturn

from diamondctl.problems import Problem, ProblemLog
from diamondctl.readers.cells import short
from diamondctl.readers.gift_rows import COLUMNS, GiftRows, check_names, missing_names, missing_problem
from diamondctl.readers.sources import Source
from diamondctl.records import Gift

MAX_DEPTH: Final = 64
CUT_OFF: Final = "export it again, or leave out what is cut off: --salvage"
_NUMBERS: Final = ("coins", "quantity")
# Line and column of an offset in the text, both from 1.
LocateOffset = Callable[[int], tuple[int, int]]
_SPACE: Final = " \t\r\n"


class _Integer(str):
    """A JSON integer, as its digits."""


class _Decimal(str):
    """A JSON number with a point or an exponent, as it is written."""


class _Object(list[tuple[str, Any]]):
    """A JSON object as its pairs, duplicates included."""


class _NotANumber(Exception):
    """NaN or Infinity, which JSON does not have."""


def _constant(name: str) -> NoReturn:
    raise _NotANumber(name)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_Object, parse_int=_Integer, parse_float=_Decimal, parse_constant=_constant
)


class GiftObjects:
    """Objects of one source to gifts. `extra` collects the keys that are kept out."""

    def __init__(self, source: Source, rows: GiftRows, log: ProblemLog) -> None:
        self._file, self._rows, self._log = source.name, rows, log
        self._text = source.text
        self.rows = 0
        self.extra: dict[str, None] = {}
        self.lost: list[tuple[int, str]] = []  # what is left out of a file that was cut off, when that was asked for
        self._checked: set[tuple[str, ...]] = set()

    def lines(self) -> Iterator[Gift]:
        """JSON Lines: one whole object a line; blank lines are skipped."""
        for number, line in enumerate(self._text, 1):
            text = line.strip(_SPACE + "\ufeff") if number == 1 else line.strip(_SPACE)
            if not text:
                continue
            before = self._log.total
            yield from self._item(text, 0, _in_line(number, _skip(line)), whole=True)
            if self._log.total > before:
                self._log.leave_out(number, 0, partial(_texts, text), text)

    def items(self) -> Iterator[Gift]:
        """The items of one JSON list; ends at the first place where the text cannot be followed."""
        # Lines are counted by their line feeds; in JSON a carriage return is as blank as any.
        text = self._text.read().replace("\r\n", "\n").replace("\r", "\n")
        position = _skip(text, 1 if text.startswith("\ufeff") else 0) + 1

        known = [0, 1]  # an offset and its line: offsets mostly grow, so lines are counted once

        def locate(offset: int) -> tuple[int, int]:
            if offset < known[0]:
                known[:] = [0, 1]
            known[:] = [offset, known[1] + text.count("\n", known[0], offset)]
            return known[1], offset - (text.rfind("\n", 0, offset) + 1) + 1

        position = _skip(text, position)
        if text.startswith("]", position):
            self._end(text, position + 1, locate)
            return
        while True:
            before = self._log.total
            end = yield from self._item(text, position, locate)
            if end < 0:
                return
            if self._log.total > before:
                item = text[position:end]
                self._log.leave_out(*locate(position), partial(_texts, item), item)
            position = _skip(text, end)
            if text.startswith("]", position):
                self._end(text, position + 1, locate)
                return
            if not text.startswith(",", position):
                if position == len(text) and self._rows.settings.salvage:
                    self._lose(locate(position)[0], 0)
                    return
                expected = "the list ends here without ']'" if position == len(text) else "expected ',' or ']'"
                self._problem("J001", expected, f"the file may be cut off; {CUT_OFF}", locate(position))
                return
            position = _skip(text, position + 1)

    def _end(self, text: str, position: int, locate: LocateOffset) -> None:
        if (position := _skip(text, position)) != len(text):
            self._problem("J002", "something follows the list", "one file holds one list", locate(position))

    def _lose(self, line: int, characters: int) -> int:
        """The rest of the text, or a line of it, is no whole record: leave it out, and say so."""
        what = f"an incomplete record on line {line} ({characters:,} characters) is left out"
        self.lost.append((line, f"salvaged: {what if characters else f'the list is not closed (line {line})'}"))
        return -1

    def _problem(self, code: str, message: str, hint: str, place: tuple[int, int]) -> None:
        self._log.add(Problem(code, message, hint, self._file, *place))

    def _item(self, text: str, position: int, locate: LocateOffset, whole: bool = False) -> Generator[Gift, None, int]:
        """Decode one value at `position` and yield its gift. Returns where the value ends, -1 when that is not known."""
        try:
            value, end = _DECODER.raw_decode(text, position)
        except json.JSONDecodeError as error:
            hint = "each line must be one whole object; for one list, begin the file with [" if whole else ""
            if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
                if self._rows.settings.salvage:
                    return self._lose(locate(position)[0], len(text) - position)
                hint = f"the text ends too early; {CUT_OFF}"
            self._problem("J001", f"not JSON: {error.msg}", hint, locate(min(error.pos, len(text))))
            return -1
        except RecursionError:
            self._problem("J006", f"nested deeper than {MAX_DEPTH} levels", "", locate(position))
            return -1
        except _NotANumber as error:
            name = str(error)
            value = re.compile(r"[:\[,]\s*" + re.escape(name)).search(text, max(position - 1, 0))
            found = value.end() - len(name) if value else position
            rest = "" if whole else "; the rest of the list was not read"
            place = locate(found)
            self._problem("J007", f"{name} is not a number{rest}", "write a number, or null for none", place)
            return -1
        if whole and end != len(text):
            self._problem("J001", "something follows the object", "one object a line", locate(end))
            return -1
        if not isinstance(value, _Object):
            self._problem("J003", "expected an object with the gift's keys", "", locate(position))
            return end
        gift = self._gift(value, text, position, locate)
        if gift is not None:
            yield gift
        return end

    def _gift(self, pairs: _Object, text: str, position: int, locate: LocateOffset) -> Gift | None:
        before = self._log.total
        names = tuple(name.strip().casefold() for name, _ in pairs)
        if len(set(names)) < len(names):
            twice = next(name for index, name in enumerate(names) if name in names[:index])
            place = self._place(twice, text, position, locate, last=True)
            self._problem("J004", f"the key '{short(twice)}' appears twice", "keep one of them", place)
        wrapped = [name for name, (_, value) in zip(names, pairs, strict=True) if type(value) is list]
        if wrapped and not set(names) & set(COLUMNS):
            hint = f"take the list out of '{short(wrapped[0])}', so that the file begins with ["
            self._problem("J002", "an object around a list", hint, locate(position))
            return None
        if names not in self._checked:
            self._check_keys(names, pairs, text, position, locate)
        cells: dict[str, str] = {}
        for name, (_, value) in zip(names, pairs, strict=True):
            if name in COLUMNS:
                cell = self._cell(name, value, partial(self._place, name, text, position, locate))
                if cell is not None:
                    cells[name] = cell
            elif _repeats_a_key(value):
                place = self._place(name, text, position, locate)
                self._problem("J004", f"a key appears twice inside '{short(name)}'", "keep one of them", place)
            elif _depth(value) > MAX_DEPTH - 1:
                self._problem("J006", f"nested deeper than {MAX_DEPTH} levels", "", locate(position))
        if self._log.total > before:
            return None
        return self._rows.gift(
            [cells.get(name, "") for name in COLUMNS],
            lambda index: locate(position) if index is None else self._place(COLUMNS[index], text, position, locate),
        )

    def _check_keys(self, names: tuple[str, ...], pairs: _Object, text: str, position: int, locate: LocateOffset) -> None:
        line, column = locate(position)

        def place(index: int) -> tuple[int, int]:
            return self._place(names[index], text, position, locate)

        problems = [
            problem
            for problem in check_names(names, file=self._file, place=place, what="key")
            if problem.code != "G002"  # said already, as J004
        ]
        suspects = {problem.message.rsplit("'", 2)[1] for problem in problems}
        for name in missing_names(names, self._rows.settings):
            if name not in suspects:
                problems.append(missing_problem(name, names, file=self._file, line=line, column=column, what="key"))
        for problem in problems:
            self._log.add(problem)
        self.extra.update((pair[0], None) for pair, name in zip(pairs, names, strict=True) if name not in COLUMNS)
        if not problems and len(self._checked) < 1_000:
            self._checked.add(names)

    def _cell(self, name: str, value: Any, place: Callable[[], tuple[int, int]]) -> str | None:
        """The cell of a value of the right type; null is blank."""
        if value is None:
            return ""
        if name in _NUMBERS:
            if type(value) is _Integer:
                return str(value)
            if type(value) is _Decimal:
                self._problem("G020", f"{name} {short(value)} is not a whole number", "digits only", place())
            else:
                hint = "write it without quotes" if type(value) is str else "write a whole number, or null for none"
                self._problem("J005", f"{name} is {_kind(value)}, not a number", hint, place())
            return None
        if type(value) is str:
            return value
        hint = "write it in quotes"
        if name.endswith("id") or name == "stream":
            hint += ": as a number it loses its last digits in many programs"
        self._problem("J005", f"{name} is {_kind(value)}, not text", hint, place())
        return None

    def _place(self, name: str, text: str, position: int, locate: LocateOffset, last: bool = False) -> tuple[int, int]:
        """Where the value of a key stands (of the last one of that name): walks the object again, for problems only."""
        position = _skip(text, position) + 1
        place: tuple[int, int] = locate(position - 1)
        while True:
            try:
                key, position = _DECODER.raw_decode(text, _skip(text, position))
                start = _skip(text, _skip(text, position) + 1)
                if isinstance(key, str) and key.strip().casefold() == name:
                    place = locate(start)
                    if not last:
                        return place
                _, position = _DECODER.raw_decode(text, start)
            except (ValueError, RecursionError, _NotANumber):
                return place
            position = _skip(text, position) + 1


def _texts(item: str) -> dict[str, str]:
    """The known keys of an object with a text or number each, as texts; nothing of what is no object."""
    try:
        value = _DECODER.decode(item)
    except (ValueError, RecursionError, _NotANumber):
        return {}
    pairs = value if isinstance(value, _Object) else []
    return {name: str(found) for key, found in pairs if (name := key.strip().casefold()) in COLUMNS and isinstance(found, str)}


def _in_line(line: int, indent: int) -> LocateOffset:
    """Places in one line whose text was stripped of `indent` characters in front."""
    return lambda offset: (line, indent + offset + 1)


def _skip(text: str, position: int = 0) -> int:
    """The next position that is not JSON white space."""
    while position < len(text) and text[position] in _SPACE:
        position += 1
    return position


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, _Object | list):
        return "an object" if isinstance(value, _Object) else "a list"
    return "a number" if isinstance(value, _Integer | _Decimal) else "text"


def _repeats_a_key(value: Any) -> bool:
    """Whether any object inside has the same key twice; without recursion."""
    level = [value]
    while level := [item for item in level if isinstance(item, list)]:
        if any(isinstance(item, _Object) and len({key for key, _ in item}) < len(item) for item in level):
            return True
        level = [inner[1] if isinstance(item, _Object) else inner for item in level for inner in item]
    return False


def _depth(value: Any) -> int:
    """Levels of lists and objects, without recursion."""
    depth, level = 0, [value]
    while level := [item for item in level if isinstance(item, list)]:
        depth += 1
        level = [inner[1] if isinstance(item, _Object) else inner for item in level for inner in item]
    return depth
