"""The schema walker: a closed description of a YAML file that reports every problem with its place in one pass, and
writes itself as JSON Schema for editors. Knows nothing about rates; `zone_format` describes those.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping as AbstractMapping
from datetime import date
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from diamondctl.problems import Problem, ProblemLog
from diamondctl.yamlfile.nodes import Mapping, Node, Place, Scalar, Sequence

SLUG = r"[a-z0-9]+([_-][a-z0-9]+)*"
NUMBER = r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,12})?"
DAY = r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}"


class Fields(dict[str, Any]):
    """The checked values of a mapping, with the place of the mapping and of each key."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.places: dict[str, Place] = {}


class Items(list[Any]):
    """The checked items of a list, with the place of each."""

    places: list[Place]


class Schema(Protocol):
    """Anything that can check a node and describe itself. `check` returns None when it logged a problem."""

    def check(self, node: Node, log: ProblemLog) -> Any: ...

    def json_schema(self) -> dict[str, Any]: ...


def did_you_mean(word: str, known: AbstractMapping[str, object] | list[str]) -> str:
    """A remedy: the nearest known word, or all of them."""
    names = list(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else "one of: " + ", ".join(names)


def _unknown(place: Place, name: str, known: AbstractMapping[str, object]) -> Problem:
    return place.problem("R006", f"unknown key '{short(name)}'", did_you_mean(name, known))


def short(text: str) -> str:
    """A value as a message shows it."""
    return text if len(text) <= 60 else text[:60] + "..."


def _scalar(node: Node, log: ProblemLog, expected: str) -> Scalar | None:
    if isinstance(node, Scalar):
        return node
    log.add(node.place.problem("R008", f"expected {expected}, found a {_shape(node)}"))
    return None


def _shape(node: Node) -> str:
    return {Scalar: "single value", Mapping: "mapping", Sequence: "list"}[type(node)]


class Text(NamedTuple):
    """Text, matched whole by `pattern`; `code` and `expected` name the problem when it does not match."""

    pattern: str = r"(?s).*\S.*"
    expected: str = "a text"
    code: str = "R008"
    hint: str = ""

    def check(self, node: Node, log: ProblemLog) -> str | None:
        scalar = _scalar(node, log, self.expected)
        if scalar is None:
            return None
        if re.fullmatch(self.pattern, scalar.text):
            return scalar.text
        found = f"'{short(scalar.text)}' is not {self.expected}" if scalar.text else f"blank, where {self.expected} belongs"
        log.add(scalar.place.problem(self.code, found, self.hint))
        return None

    def json_schema(self) -> dict[str, Any]:
        if self.pattern.startswith("(?s)"):
            return {"type": "string", "pattern": r"\S"}
        return {"type": "string", "pattern": f"^(?:{self.pattern})$"}


class Word(NamedTuple):
    """One of a closed list of words."""

    words: tuple[str, ...]

    def check(self, node: Node, log: ProblemLog) -> str | None:
        scalar = _scalar(node, log, "a word")
        if scalar is None or scalar.text in self.words:
            return scalar.text if scalar else None
        # A short list is shown whole: a guess could turn a rumour into a measurement.
        hint = "one of: " + ", ".join(self.words) if len(self.words) <= 8 else did_you_mean(scalar.text, list(self.words))
        log.add(scalar.place.problem("R009", f"'{short(scalar.text)}' is not allowed", hint))
        return None

    def json_schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


class Number(NamedTuple):
    """A decimal number as text, up to 12 digits before and 12 after the point; never signed, never in exponents.

    With `digits` it is a whole number of at most so many digits. A percentage below 1 is a mistake unless it may be a
    `fraction` of a percent.
    """

    percent: bool = False
    digits: int | None = None
    positive: bool = False
    fraction: bool = False

    def check(self, node: Node, log: ProblemLog) -> Decimal | None:
        scalar = _scalar(node, log, "a number")
        if scalar is None:
            return None
        if not re.fullmatch(self._pattern(), scalar.text):
            hint = "a percentage is written without the sign" if scalar.text.endswith("%") else ""
            log.add(scalar.place.problem("R011", f"'{short(scalar.text)}' is not {self._kind()}", hint))
            return None
        value = Decimal(scalar.text)
        if self.positive and not value:
            log.add(scalar.place.problem("R011", f"{scalar.text} is nothing at all"))
            return None
        if self.percent and value > 100:
            log.add(scalar.place.problem("R020", f"{scalar.text} percent is more than all of it"))
            return None
        if self.percent and not self.fraction and 0 < value < 1:
            whole = f"{value.scaleb(2).normalize():f}"
            message = f"{scalar.text} looks like a fraction, percentages are written {whole}"
            log.add(scalar.place.problem("R021", message, f"did you mean {whole}?"))
            return None
        return value

    def _pattern(self) -> str:
        return NUMBER if self.digits is None else f"0|[1-9][0-9]{{0,{self.digits - 1}}}"

    def _kind(self) -> str:
        if self.digits is None:
            return "a number such as 12 or 0.005"
        return f"a whole number from 0 to {10**self.digits - 1:,}"

    def json_schema(self) -> dict[str, Any]:
        number: dict[str, Any] = {"type": "number" if self.digits is None else "integer"}
        number["exclusiveMinimum" if self.positive else "minimum"] = 0
        if self.percent or self.digits is not None:
            number["maximum"] = 100 if self.digits is None else 10**self.digits - 1
        pattern = f"(?:{self._pattern()})"
        return {"anyOf": [number, {"type": "string", "pattern": f"^{r'(?=.*[1-9])' if self.positive else ''}{pattern}$"}]}


class Day(NamedTuple):
    """A calendar date."""

    def check(self, node: Node, log: ProblemLog) -> date | None:
        scalar = _scalar(node, log, "a date")
        if scalar is None:
            return None
        try:
            if re.fullmatch(DAY, scalar.text):
                return date.fromisoformat(scalar.text)
        except ValueError:
            pass
        log.add(scalar.place.problem("R010", f"'{short(scalar.text)}' is not a calendar date", "write it as 2026-10-31"))
        return None

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date", "pattern": f"^{DAY}$"}


class ListOf(NamedTuple):
    """A list whose items share one schema."""

    item: Schema
    at_least: int = 0

    def check(self, node: Node, log: ProblemLog) -> list[Any] | None:
        if not isinstance(node, Sequence):
            log.add(node.place.problem("R008", f"expected a list, found a {_shape(node)}", "write items as '- ...'"))
            return None
        if len(node.items) < self.at_least:
            log.add(node.place.problem("R008", "the list is empty"))
            return None
        values = Items(self.item.check(item, log) for item in node.items)
        values.places = [item.place for item in node.items]
        return None if any(value is None for value in values) else values

    def json_schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.item.json_schema(), "minItems": self.at_least}


class MapOf(NamedTuple):
    """A mapping with free keys that match `key`, all values of one schema."""

    key: Text
    value: Schema
    at_least: int = 0

    def check(self, node: Node, log: ProblemLog) -> Fields | None:
        if not isinstance(node, Mapping):
            log.add(node.place.problem("R008", f"expected a mapping, found a {_shape(node)}"))
            return None
        if len(node.items) < self.at_least:
            log.add(node.place.problem("R008", "the mapping is empty"))
            return None
        values, good = Fields(node.place), True
        for name, (place, item) in node.items.items():
            key, value = self.key.check(Scalar(name, place), log), self.value.check(item, log)
            if key is None or value is None:
                good = False
            else:
                values[name], values.places[name] = value, item.place
        return values if good else None

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "propertyNames": self.key.json_schema(),
            "additionalProperties": self.value.json_schema(),
            "minProperties": self.at_least,
        }


class Record(NamedTuple):
    """A mapping with a closed set of keys."""

    required: AbstractMapping[str, Schema]
    optional: AbstractMapping[str, Schema] = MappingProxyType({})

    def check(self, node: Node, log: ProblemLog) -> Fields | None:
        if not isinstance(node, Mapping):
            keys = ", ".join(self.required) or "some of " + ", ".join(self.optional)
            log.add(node.place.problem("R008", f"expected a mapping with {keys}, found a {_shape(node)}"))
            return None
        known = {**self.required, **self.optional}
        fields, good = Fields(node.place), True
        for name, (place, item) in node.items.items():
            if name not in known:
                log.add(partial(_unknown, place, name, known))
                good = False
                continue
            value = known[name].check(item, log)
            good = good and value is not None
            fields[name], fields.places[name] = value, item.place
        for name in self.required:
            if name not in node.items:
                log.add(node.place.problem("R007", f"'{name}' is missing"))
                good = False
        return fields if good else None

    def json_schema(self) -> dict[str, Any]:
        known = {**self.required, **self.optional}
        return {
            "type": "object",
            "properties": {name: schema.json_schema() for name, schema in known.items()},
            "required": list(self.required),
            "additionalProperties": False,
        }


class ByKind(NamedTuple):
    """A mapping whose key `tag` decides which record it is."""

    tag: str
    kinds: AbstractMapping[str, Record]

    def check(self, node: Node, log: ProblemLog) -> Fields | None:
        if not isinstance(node, Mapping):
            words = " or ".join(self.kinds)
            log.add(node.place.problem("R008", f"expected a mapping with {self.tag}: {words}, found a {_shape(node)}"))
            return None
        if self.tag not in node.items:
            log.add(node.place.problem("R007", f"'{self.tag}' is missing", "one of: " + ", ".join(self.kinds)))
            return None
        word = Word(tuple(self.kinds)).check(node.items[self.tag][1], log)
        return self._record(word).check(node, log) if word is not None else None

    def _record(self, word: str) -> Record:
        record = self.kinds[word]
        return Record({self.tag: Word((word,)), **record.required}, record.optional)

    def json_schema(self) -> dict[str, Any]:
        return {"oneOf": [self._record(word).json_schema() for word in self.kinds]}


class Or(NamedTuple):
    """One of a few words, or else a structured value."""

    words: tuple[str, ...]
    otherwise: Schema

    def check(self, node: Node, log: ProblemLog) -> Any:
        if isinstance(node, Scalar) and node.text in self.words:
            return node.text
        return self.otherwise.check(node, log)

    def json_schema(self) -> dict[str, Any]:
        return {"anyOf": [{"enum": list(self.words)}, self.otherwise.json_schema()]}


class Version:
    """The version of the format; an editor reads it as a number."""

    _text = Text("1", "a schema version known here", "R023", "this diamondctl reads 1; update it for a newer file")

    def check(self, node: Node, log: ProblemLog) -> str | None:
        return self._text.check(node, log)

    def json_schema(self) -> dict[str, Any]:
        return {"enum": [1, "1"]}
