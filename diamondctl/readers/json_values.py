"""JSON values of a source one after the other: JSON Lines, one list, or values in a row. Every JSON format is read by this.

It is the standard parser, with hooks only for what it would repair silently. What cannot be followed is told to `stopped`,
where a format may say it in its own way: a file that ends in the middle of a value is refused with line and byte, or salvaged.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple, NoReturn

from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers.cells import short
from diamondctl.readers.sources import MAX_WHOLE, Source

MAX_DEPTH: Final = 64
TOO_DEEP: Final = f"nested deeper than {MAX_DEPTH} levels"
# Why a text is not read on, where it is JSON so far: code, message, hint.
FOLLOWED: Final = ("J001", "something follows the object", "one object a line")
LIST_FOLLOWED: Final = ("J002", "something follows the list", "one file holds one list")
NO_COMMA: Final = ("J001", "expected ',' or ']'", "the file may be cut off; export it again")
NOT_CLOSED: Final = ("J001", "the list ends here without ']'", "the file may be cut off; export it again")
Why = Exception | tuple[str, str, str]
_SPACE: Final = " \t\r\n"
# When so many lines are no JSON, and none before them was, no line is.
_HOPELESS: Final = 3


class Value(NamedTuple):
    """A value, the line on which it begins, and where it begins and ends in `text` of its reader."""

    value: Any
    line: int
    start: int
    end: int


class Lost(NamedTuple):
    """What a salvaged file misses: text that is no whole value."""

    line: int
    byte: int
    characters: int


class Pairs(list[tuple[str, Any]]):
    """A JSON object as its pairs, duplicates included: what a decoder may make of objects."""

    def values(self) -> list[Any]:
        """What the pairs hold."""
        return [value for _, value in self]


class _Twice(ValueError):
    """A key that an object has twice."""


class NotANumber(ValueError):
    """NaN or Infinity, which JSON does not have."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for index, name in enumerate(names) if name in names[:index]))
    return values


def refuse_constant(name: str) -> NoReturn:
    """For decoders: NaN and Infinity."""
    raise NotANumber(name)


DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=refuse_constant)


class JsonValues:
    """The values of one source. `lost` lists what was left out, when that was asked for.

    For objects that are large and mostly not ours, such as events: a value may go over several lines, and commas in a list
    may be one too many.
    """

    strict = False  # one value a line, or one list without a comma too many
    decoder = DECODER

    def __init__(self, source: Source, log: ProblemLog, *, salvage: bool) -> None:
        self._source, self._log, self._salvage = source, log, salvage
        self._codec = source.encoding.removesuffix("-sig")
        self.lost: list[Lost] = []
        self.in_line = True  # whether `text` is a line of its own
        self._returns = False  # whether it may hold carriage returns
        self.around: dict[str, Any] = {}  # what an object around the list says, when the file is one
        self.salvageable = True  # whether anything is left of a text that is cut off
        self.commas = 0  # lines that end in a comma after their object
        self._begin("", "", 1)
        self._byte = 1 + {"utf-8-sig": 3, "utf-16": 2, "utf-32": 4}.get(source.encoding, 0)  # at which `text` begins

    def _begin(self, text: str, raw: str, line: int) -> None:
        """Read on in `text`, which begins on `line`; `raw` is the same before it was stripped."""
        self.text, self._raw, self._first_line = text, raw, line
        self._offset, self._line = 0, line

    def values(self) -> Iterator[Value]:
        """Every value; what is not JSON goes to `stopped`. Refuses (F010) a list that is too large for the memory."""
        decode, lines = self.decoder.raw_decode, self._source.text
        first, good = True, False
        bad: list[tuple[Why, int, str, str, int, int]] = []  # before the first good line
        for number, line in enumerate(lines, 1):
            text = line.strip(_SPACE + "\ufeff" if first and (number == 1 or not self.strict) else _SPACE)
            if text and first:
                first = False
                if text[0] == "[" or self._is_one_value(text):
                    if self._source.size > MAX_WHOLE:
                        self._refuse_large(text[0] == "[", number)
                        return
                    line += lines.read()  # noqa: PLW2901
                    self.in_line, self._returns = False, "\r" in line
                    self._begin(line, line, number)
                    yield from self._in_a_row() if text[0] == "[" else self._one_value()
                    return
            if text:
                self._begin(text, line, number)
                try:
                    value, end = decode(text)
                    why: Why | None = None if end == len(text) else FOLLOWED
                    if why and text[end:].strip(_SPACE) == ",":
                        self.commas, why = self.commas + 1, None
                except (ValueError, RecursionError) as error:
                    why, end = error, 0
                if why and not good:
                    bad.append((why, end, text, line, number, self._byte))
                    if len(bad) == _HOPELESS:
                        self._hopeless(bad[0])
                        return
                elif why:
                    self.stopped(why, end)
                else:
                    self._stop(bad, text, line, number)
                    good = True
                    if self.strict or self._fits(value, 0, end):
                        yield Value(value, number, 0, end)
            self._byte += len(line) if self._codec == "utf-8" and line.isascii() else self._bytes(line)
        self._stop(bad)

    def _stop(self, bad: list[tuple[Why, int, str, str, int, int]], *then: Any) -> None:
        """Say what is wrong with lines that were waiting, then go on with this one."""
        byte = self._byte
        for why, at, text, line, number, self._byte in bad:
            self._begin(text, line, number)
            self.stopped(why, at)
        if bad:
            bad.clear()
            self._byte = byte
            if then:
                self._begin(*then)

    def _hopeless(self, bad: tuple[Why, int, str, str, int, int]) -> None:
        """One problem for a file in which no line is JSON: what is wrong with the first is wrong with all."""
        why, _, text, *_, number, _ = bad
        hint = "no line of this file is JSON; write it again with a JSON library"
        if "'" in text and isinstance(why, json.JSONDecodeError):
            hint = "single quotes are Python's way to show a value, not JSON: write it again with json.dumps"
        message = why.msg if isinstance(why, json.JSONDecodeError) else explained(why)[1]
        self._problem("J001", f"not JSON: {message}, and so on in the lines after it", hint, number)

    def _is_one_value(self, text: str) -> bool:
        """Whether the first line begins the only value of a file, an object over several lines or around a list."""
        if text[0] != "{" or self._source.size > MAX_WHOLE:
            return not (self.strict or _is_whole(text))
        lines = [line for line in self._source.head.splitlines() if line.strip()][:2]
        if _is_whole(text):
            return len(lines) < 2
        return len(lines) > 1 and (not self.strict or not lines[1].lstrip().startswith("{"))

    def _one_value(self) -> Iterator[Value]:
        """Values of a text that begins with an object; of one around a list of objects the items of the list."""
        text = self.text
        position = skip(text, 1 if text.startswith("\ufeff") else 0)
        try:
            value, end = DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            self.salvageable = False
            yield from self._in_a_row()  # it says what is wrong, and where
            return
        if skip(text, end) < len(text) or not (lists := _lists(value)):
            yield from self._in_a_row()
            return
        chosen = _of_gifts(lists) if len(lists) > 1 else lists
        self.around = {key: inner for key, inner in value.items() if type(inner) is not list}
        for path, _ in chosen:
            yield from self._in_a_row(self._place_of(path, position), inner=True)

    def _place_of(self, path: tuple[str, ...], position: int) -> int:
        """Where the value at a path in the object at an offset begins."""
        text = self.text
        for wanted in path:
            position += 1
            while True:
                key, position = json.decoder.scanstring(text, skip(text, position) + 1)  # type: ignore[attr-defined]
                position = skip(text, skip(text, position) + 1)
                if key == wanted:
                    break
                _, position = DECODER.raw_decode(text, position)
                position = skip(text, position) + 1
        return position

    def _refuse_large(self, is_list: bool, line: int) -> None:
        what = "a JSON list of" if is_list else "JSON over several lines, of"
        hint = "write it as JSON Lines, one object a line"
        problem = Problem("F010", f"{what} more than {MAX_WHOLE:,} bytes", hint, self._source.name, 0 if is_list else line)
        if is_list:
            raise Refusal(problem)
        self._log.add(problem)

    def _in_a_row(self, position: int = 0, *, inner: bool = False) -> Iterator[Value]:
        """Items of one list, or values without one, each over as many lines as it likes; an `inner` list is in an object."""
        text, strict = self.text, self.strict
        position = skip(text, position or (1 if text.startswith("\ufeff") else 0))
        in_list = text.startswith("[", position)
        strict = strict and in_list
        position = skip(text, position + in_list)
        before = "["
        while position < len(text) or (strict and before):
            if in_list and text.startswith("]", position) and not (strict and before == ","):
                end = skip(text, position + 1)
                if text.startswith("[", end) and not (inner or self.strict):
                    position, before = skip(text, end + 1), "["  # a list on each line
                    continue
                if not inner and end < len(text):
                    self.stopped(LIST_FOLLOWED, end)
                return
            try:
                value, end = self.decoder.raw_decode(text, position)
            except (ValueError, RecursionError) as error:
                self.stopped(error, position)
                return
            line = self.line(position)
            if self.strict or self._fits(value, position, end):
                yield Value(value, line, position, end)
            position = skip(text, end)
            before = "," if text.startswith(",", position) else ""
            if before:
                position = skip(text, position + 1)
            elif in_list and position < len(text) and text[position] != "]":
                self.stopped(NO_COMMA, position)
                return
        if in_list:
            self.stopped(NOT_CLOSED, position)

    def line(self, offset: int) -> int:
        """The line of an offset in `text`; offsets mostly grow, so line ends are counted once."""
        if offset < self._offset:
            self._offset, self._line = 0, self._first_line
        self._line += self.text.count("\n", self._offset, offset)
        if self._returns:
            self._line += self.text.count("\r", self._offset, offset) - self.text.count("\r\n", self._offset, offset)
        self._offset = offset
        return self._line

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset in `text`, both from 1."""
        begin = self.text.rfind("\n", 0, offset) + 1
        begin = max(begin, self.text.rfind("\r", begin, offset) + 1)
        indent = len(self._raw) - len(self._raw.lstrip(_SPACE)) if self.in_line else 0
        return self.line(offset), indent + offset - begin + 1

    def stopped(self, why: Why, at: int) -> None:
        """The value at an offset in `text` cannot be read, or what comes there is none: log it, or count it as lost."""
        line = self.line(at) if isinstance(why, Exception) or why == NO_COMMA else self._line
        if self._salvage and (isinstance(why, json.JSONDecodeError) or why in (FOLLOWED, NOT_CLOSED)):
            start = 0 if why == FOLLOWED else at
            self.lost.append(Lost(line, self._byte + self._bytes(self.text[:start]), len(self.text) - start))
        elif why == NOT_CLOSED:
            self._cut_off("the list is not closed", line, at)
        elif not isinstance(why, json.JSONDecodeError):
            self._problem(*explained(why), line, at + 1 if why == FOLLOWED else 0)
        elif ends_early(why) and not (self.in_line and self._raw[-1] in "\r\n"):
            self._cut_off(f"the last record is cut off after {len(self.text) - at:,} characters", line, at)
        else:
            hint = "to import the complete records and leave this out: --salvage" if self.salvageable else "correct it there"
            self._problem("J001", f"not JSON: {why.msg}", hint, line, 0 if at else why.pos + 1)

    def _fits(self, value: Any, start: int, end: int) -> bool:
        """Whether a value is nested no deeper than allowed, else it is logged; few brackets need no look."""
        if self.text.count("{", start, end) + self.text.count("[", start, end) <= MAX_DEPTH or depth(value) <= MAX_DEPTH:
            return True
        self._problem("J006", TOO_DEEP, "", self.line(start), 1 if self.in_line else 0)
        return False

    def _cut_off(self, what: str, line: int, at: int) -> None:
        hint = "export it again" + (", or import the complete records: --salvage" if self.salvageable else "")
        self._problem("F011", f"byte {self._byte + self._bytes(self.text[:at]):,}: {what}", hint, line)

    def _problem(self, code: str, message: str, hint: str, line: int, column: int = 0) -> None:
        self._log.add(Problem(code, message, hint, self._source.name, line, column))

    def _bytes(self, text: str) -> int:
        """How long a text is in the file; a mark at its beginning is counted apart."""
        wide = self._codec in ("utf-16", "utf-32")
        return len(text.removeprefix("\ufeff").encode(self._codec + "-le" if wide else self._codec))

    def losses(self) -> tuple[tuple[int, str], ...]:
        """What is missing from a salvaged file, by line and in words."""
        if not self.lost:
            return ()
        first = self.lost[0]
        size = f"{sum(item.characters for item in self.lost):,} characters"
        if len(self.lost) == 1:
            what = f"an incomplete record on line {first.line} (byte {first.byte:,}, {size}) is left out"
        else:
            what = f"{len(self.lost):,} incomplete records are left out, {size}; the first on line {first.line}"
        return ((first.line, f"salvaged: {what}"),)


def explained(why: Why) -> tuple[str, str, str]:
    """Code, message and hint of what is wrong with a text that is JSON as far as its marks go."""
    if isinstance(why, tuple):
        return why
    if isinstance(why, _Twice):
        return "J004", f"the key '{short(str(why))}' appears twice", "keep one of them"
    if isinstance(why, NotANumber):
        return "J007", f"{why} is not a number", "write a number, or null for none"
    return ("J006", TOO_DEEP, "") if isinstance(why, RecursionError) else ("J001", "a number with too many digits", "")


def _is_whole(text: str) -> bool:
    """Whether a line is a whole value, or at least no part of one that goes on over the next line."""
    try:
        DECODER.raw_decode(text)
    except json.JSONDecodeError as error:
        return not ends_early(error)
    except (ValueError, RecursionError):
        return True
    return True


def ends_early(error: json.JSONDecodeError) -> bool:
    """Whether a text is no JSON because something is missing at its end."""
    return error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")


def inside(value: Any) -> list[Any]:
    """The items of the lists of objects in an object, a few of each: what a file may hold that is one object."""
    return [item for _, items in _lists(value) for item in items[:20]]


def _lists(value: Any, depth: int = 4) -> list[tuple[tuple[str, ...], list[Any]]]:
    """Every list of objects in an object, with the keys that lead to it."""
    if type(value) is not dict or not depth:
        return []
    lists: list[tuple[tuple[str, ...], list[Any]]] = []
    for key, inner in value.items():
        if type(inner) is list and all(type(item) is dict for item in inner):
            lists.append(((key,), inner))
        else:
            lists += [((key, *path), items) for path, items in _lists(inner, depth - 1)]
    return lists


def _of_gifts(lists: list[tuple[tuple[str, ...], list[Any]]]) -> list[tuple[tuple[str, ...], list[Any]]]:
    """Those of several lists that speak of gifts, by their keys or by a name of their own; all, if none does."""
    lists = [item for item in lists if item[1]] or lists[:1]
    gifts = [item for item in lists if any("gift" in key.casefold() for key in (item[0][-1], *(item[1] or [{}])[0]))]
    return gifts or lists


def skip(text: str, position: int = 0) -> int:
    """The next position that is not JSON white space."""
    while position < len(text) and text[position] in _SPACE:
        position += 1
    return position


def levels(value: Any) -> Iterator[list[Any]]:
    """The lists and objects of each level of a value, from the outside inwards; without recursion."""
    level = [value]
    while level := [item for item in level if isinstance(item, dict | list)]:
        yield level
        level = [inner for item in level for inner in (item.values() if isinstance(item, dict | Pairs) else item)]


def depth(value: Any) -> int:
    """How many levels of lists and objects there are."""
    return sum(1 for _ in levels(value))
