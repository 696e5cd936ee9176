"""The plain gift format as a JSON list or as JSON Lines. Numbers stay exact, ids stay text, nothing is converted silently."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from diamondctl.problems import NoGiftFile, Problem, ProblemLog
from diamondctl.readers import json_values, not_gifts
from diamondctl.readers.cells import short
from diamondctl.readers.gift_rows import COLUMNS, Facts, GiftRows, Settings, name_problems
from diamondctl.readers.json_values import MAX_DEPTH, TOO_DEEP, JsonValues, Lost, NotANumber, Pairs, Value, Why
from diamondctl.readers.profile import header_word
from diamondctl.readers.sources import Source
from diamondctl.records import Gift
from diamondctl.words import counted

CUT_OFF: Final = "export it again, or leave out what is cut off: --salvage"
_NUMBERS: Final = ("coins", "quantity")


def recognises(source: Source) -> bool:
    """Any JSON that is nothing else: what it lacks is said when it is read."""
    return True


def read(source: Source, settings: Settings, log: ProblemLog, take: Callable[[Gift], None]) -> Facts:
    """Hand every gift to `take`."""
    rows = GiftRows(source.name, settings, log)
    objects = GiftObjects(source, rows, log)
    facts = rows.read(objects.gifts(), take, kept_out=objects.extra)
    return facts._replace(lost=objects.losses())


class Integer(str):
    """A JSON integer, as its digits."""


class Decimal(str):
    """A JSON number with a point or an exponent, as it is written."""


class GiftObjects(JsonValues):
    """Objects of one source to gifts. `extra` collects the keys that are kept out."""

    strict = True
    decoder = json.JSONDecoder(
        object_pairs_hook=Pairs, parse_int=Integer, parse_float=Decimal, parse_constant=json_values.refuse_constant
    )

    def __init__(self, source: Source, rows: GiftRows, log: ProblemLog) -> None:
        super().__init__(source, log, salvage=rows.settings.salvage)
        self._rows = rows
        self.extra: dict[str, None] = {}
        self._checked: set[tuple[str, ...]] = set()
        self._first = True  # no object was looked at yet

    def gifts(self) -> Iterator[Gift]:
        """A gift of each object; every problem goes to the log."""
        for value in self.values():
            gift = self.gift(value) if isinstance(value.value, Pairs) else None
            if gift is not None:
                yield gift
                continue
            if not isinstance(value.value, Pairs):
                self._at("J003", "expected an object with the gift's keys", "", value.start)
            self._leave_out(value.start, value.end)

    def _leave_out(self, start: int, end: int) -> None:
        item = self.text[start:end].replace("\r\n", "\n").replace("\r", "\n")
        place = (self.line(start), 0) if self.in_line else self.place(start)
        self._log.leave_out(*place, partial(self._texts, item), item)

    def _at(self, code: str, message: str, hint: str, offset: int) -> None:
        self._log.add(Problem(code, message, hint, self._source.name, *self.place(offset)))

    def stopped(self, why: Why, at: int) -> None:
        """Log it with its column, or count it as lost; a line of its own is left out."""
        early = isinstance(why, json.JSONDecodeError) and json_values.ends_early(why)
        if self._salvage and (early or why == json_values.NOT_CLOSED):
            size = len(self.text[at:].replace("\r\n", "\n"))
            self.lost.append(Lost(self.line(at), 0, size))
            return
        if isinstance(why, json.JSONDecodeError):
            hint = "each line must be one whole object; for one list, begin the file with [" if self.in_line else ""
            if early:
                hint = f"the text ends too early; {CUT_OFF if self.salvageable else 'export it again'}"
            self._at("J001", f"not JSON: {why.msg}", hint, min(why.pos, len(self.text)))
        else:
            code, message, hint = json_values.explained(why)
            if isinstance(why, NotANumber):
                message += "" if self.in_line else "; the rest of the list was not read"
                number = re.compile(r"[:\[,]\s*" + re.escape(str(why))).search(self.text, max(at - 1, 0))
                at = number.end() - len(str(why)) if number else at
            self._at(code, message, hint.replace("export it again", CUT_OFF), at)
        if self.in_line:
            self._leave_out(0, len(self.text))

    def losses(self) -> tuple[tuple[int, str], ...]:
        """What is missing from a salvaged file, by line and in words."""
        return tuple((item.line, f"salvaged: {_loss(item)}") for item in self.lost)

    def gift(self, value: Value) -> Gift | None:
        """The gift of one object, or None when problems were logged."""
        pairs, position = value.value, value.start
        before = self._log.total
        names = tuple(name.strip().casefold() for name, _ in pairs)
        if len(set(names)) < len(names):
            twice = next(name for index, name in enumerate(names) if name in names[:index])
            self._at(
                "J004", f"the key '{short(twice)}' appears twice", "keep one of them", self._of(twice, position, last=True)
            )
        wrapped = [name for name, (_, inner) in zip(names, pairs, strict=True) if type(inner) is list]
        if wrapped and not set(names) & set(COLUMNS):
            hint = f"write each object of '{short(wrapped[0])}' on a line of its own"
            self._at("J002", "an object around a list", hint, position)
            return None
        if len(pairs) > 0 and not set(names) & set(COLUMNS) and all(isinstance(inner, Pairs) for _, inner in pairs):
            hint = "write them as a list, or one on each line"
            self._at("J002", f"an object around {counted(len(pairs), 'object')}, each under a key of its own", hint, position)
            return None
        if names not in self._checked:
            self._check_keys(names, pairs, position)
        cells: dict[str, str] = {}
        for name, (_, inner) in zip(names, pairs, strict=True):
            if name in COLUMNS:
                cell = self._cell(name, inner, partial(self._of, name, position))
                if cell is not None:
                    cells[name] = cell
            elif _repeats_a_key(inner):
                message = f"a key appears twice inside '{short(name)}'"
                self._at("J004", message, "keep one of them", self._of(name, position))
            elif json_values.depth(inner) > MAX_DEPTH - 1:
                self._at("J006", TOO_DEEP, "", position)
        if self._log.total > before:
            return None
        return self._rows.gift(
            [cells.get(name, "") for name in COLUMNS],
            lambda index: (value.line, 0) if index is None else self.place(self._of(COLUMNS[index], position)),
        )

    def _check_keys(self, names: tuple[str, ...], pairs: Pairs, position: int) -> None:
        def place(index: int) -> tuple[int, int]:
            return self.place(self._of(names[index], position))

        problems = [
            problem
            for problem in name_problems(
                names, self._rows.settings, file=self._source.name, at=self.place(position), place=place, what="key"
            )
            if problem.code != "G002"  # it is there already, as J004
        ]
        first, self._first = self._first, False
        if problems and first and (other := not_gifts.known([header_word(name) for name in names])) is not None:
            problem = Problem("F012", f"this is {other.what}, no gifts", other.hint, self._source.name)
            raise NoGiftFile(other.what, problem)
        for problem in problems:
            self._log.add(problem)
        self.extra.update((pair[0], None) for pair, name in zip(pairs, names, strict=True) if name not in COLUMNS)
        if not problems and len(self._checked) < 1_000:
            self._checked.add(names)

    def _cell(self, name: str, value: Any, where: Callable[[], int]) -> str | None:
        """The cell of a value of the right type; null is blank."""
        if value is None:
            return ""
        if name in _NUMBERS:
            if type(value) is Integer:
                return str(value)
            if type(value) is Decimal:
                self._at("G020", f"{name} {short(value)} is not a whole number", "digits only", where())
            else:
                hint = "write it without quotes" if type(value) is str else "write a whole number, or null for none"
                self._at("J005", f"{name} is {_kind(value)}, not a number", hint, where())
            return None
        if type(value) is str:
            return value
        hint = "write it in quotes"
        if name.endswith("id") or name == "stream":
            hint += ": as a number it loses its last digits in many programs"
        self._at("J005", f"{name} is {_kind(value)}, not text", hint, where())
        return None

    def _of(self, name: str, position: int, *, last: bool = False) -> int:
        """Where the value of a key begins (of the last one of that name): walks the object again, for problems only."""
        text, place = self.text, position
        position += 1
        while True:
            try:
                key, position = self.decoder.raw_decode(text, json_values.skip(text, position))
                start = json_values.skip(text, json_values.skip(text, position) + 1)
                if isinstance(key, str) and key.strip().casefold() == name:
                    place = start
                    if not last:
                        return place
                _, position = self.decoder.raw_decode(text, start)
            except (ValueError, RecursionError):
                return place
            position = json_values.skip(text, position) + 1

    def _texts(self, item: str) -> dict[str, str]:
        """The known keys of an object with a text or number each, as texts; nothing of what is no object."""
        try:
            value = self.decoder.decode(item)
        except (ValueError, RecursionError):
            return {}
        pairs = value if isinstance(value, Pairs) else Pairs()
        return {name: str(cell) for key, cell in pairs if (name := key.strip().casefold()) in COLUMNS and isinstance(cell, str)}


def _loss(lost: Lost) -> str:
    if not lost.characters:
        return f"the list is not closed (line {lost.line})"
    return f"an incomplete record on line {lost.line} ({lost.characters:,} characters) is left out"


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, list):
        return "an object" if isinstance(value, Pairs) else "a list"
    return "a number" if isinstance(value, Integer | Decimal) else "text"


def _repeats_a_key(value: Any) -> bool:
    """Whether any object inside has the same key twice."""
    objects = (item for level in json_values.levels(value) for item in level if isinstance(item, Pairs))
    return any(len({key for key, _ in item}) < len(item) for item in objects)
