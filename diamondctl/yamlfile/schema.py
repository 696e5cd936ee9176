"""The schema walker: a closed description of a YAML file that reports every problem with its place in one pass, makes the
values that the file speaks of, and writes itself as JSON Schema for editors. Knows nothing about rates.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple, Protocol

from diamondctl.problems import ProblemLog
from diamondctl.yamlfile.nodes import Mapping, Node, Place, Scalar, Sequence

SLUG: Final = r"[a-z0-9]+([_-][a-z0-9]+)*"
NUMBER: Final = r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,12})?"
DAY: Final = r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}"
_LISTED: Final = 100  # names in a message


@dataclass(frozen=True)
class Walk:
    """One pass over a tree. Contradictions between values are told only when every single value is right."""

    log: ProblemLog
    contradictions: list[Callable[[], object]] = field(default_factory=list)

    def refuse(self, place: Place, code: str, message: str, hint: str | Callable[[], str] = "") -> None:
        """Tell a problem of one value, after which nothing is made of it; a costly hint is made only to be shown."""
        self.log.add(lambda: place.problem(code, message, hint if isinstance(hint, str) else hint()))


class At(NamedTuple):
    """Where a mapping and its entries stand, for what is made of them."""

    node: Mapping
    walk: Walk

    def place(self, key: str) -> Place:
        """Where the value of a key stands."""
        return self.node.items[key][1].place

    def texts(self, key: str) -> list[tuple[str, Place]]:
        """The items of a list of texts, with their places."""
        items = getattr(self.node.items[key][1], "items", ())
        return [(item.text, item.place) for item in items if isinstance(item, Scalar)]

    def contradiction(self, place: Place | str, code: str, message: str, hint: str = "") -> None:
        """Tell, once the whole tree is walked, that values do not go together; `place` may be a key."""
        where = self.place(place) if isinstance(place, str) else place
        self.walk.contradictions.append(partial(self.walk.refuse, where, code, message, hint))


class Schema(Protocol):
    """Anything that can check a node and describe itself. `check` makes the value, None when it told a problem."""

    def check(self, node: Node, walk: Walk) -> Any: ...

    def json_schema(self) -> dict[str, Any]: ...


def build(schema: Schema, root: Node, log: ProblemLog) -> Any:
    """What a tree says, as the schema makes it; None when problems were logged."""
    before = log.total
    walk = Walk(log)
    value = schema.check(root, walk)
    if log.total == before:
        for tell in walk.contradictions:
            tell()
    return value if log.total == before else None


def document(title: str, schema: Schema) -> dict[str, Any]:
    """A format as a JSON Schema document."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **schema.json_schema()}


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """A remedy: the nearest of some words, or all of them."""
    names = list(words)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else "one of: " + ", ".join(names)


def listed(names: AbstractMapping[str, object]) -> str:
    """Names that a file gives, the first of very many."""
    return ", ".join(islice(names, _LISTED)) + (", ..." if len(names) > _LISTED else "")


def short(text: str) -> str:
    """A value as a message shows it."""
    return text if len(text) <= 60 else text[:60] + "..."


def _shape(node: Node) -> str:
    return {Scalar: "single value", Mapping: "mapping", Sequence: "list"}[type(node)]


class Wrong(Exception):
    """Why a text is not a value: code, message and hint of the problem."""


class Leaf:
    """A single value; `value` makes it of the text, or raises `Wrong`."""

    expected: str

    def check(self, node: Node, walk: Walk) -> Any:
        if not isinstance(node, Scalar):
            walk.refuse(node.place, "R008", f"expected {self.expected}, found a {_shape(node)}")
            return None
        try:
            return self.value(node.text)
        except Wrong as wrong:
            walk.refuse(node.place, *wrong.args)
        return None

    def value(self, text: str) -> Any:
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Leaf):
    """Text, matched whole by `pattern`; `code` and `expected` name the problem when it does not match."""

    pattern: str = r"(?s).*\S.*"
    expected: str = "a text"
    code: str = "R008"
    hint: str = ""

    def value(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text):
            message = f"'{short(text)}' is not {self.expected}" if text else f"blank, where {self.expected} belongs"
            raise Wrong(self.code, message, self.hint)
        return text

    def json_schema(self) -> dict[str, Any]:
        if self.pattern.startswith("(?s)"):
            return {"type": "string", "pattern": r"\S"}
        return {"type": "string", "pattern": f"^(?:{self.pattern})$"}


class Version(Text):
    """The version of the format; an editor reads it as a number."""

    def __init__(self) -> None:
        super().__init__("1", "a schema version known here", "R023", "this diamondctl reads 1; update it for a newer file")

    def json_schema(self) -> dict[str, Any]:
        return {"enum": [1, "1"]}


@dataclass(frozen=True)
class Word(Leaf):
    """One of a closed list of words; of a mapping, the value that the word stands for."""

    words: tuple[str, ...] | AbstractMapping[str, str]
    expected = "a word"

    def value(self, text: str) -> str:
        if text not in self.words:
            # A short list is shown whole: a guess could turn a rumour into a measurement.
            hint = "one of: " + ", ".join(self.words) if len(self.words) <= 8 else partial(did_you_mean, text, self.words)
            raise Wrong("R009", f"'{short(text)}' is not allowed", hint)
        return text if isinstance(self.words, tuple) else self.words[text]

    def json_schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


@dataclass(frozen=True)
class Number(Leaf):
    """A decimal number as text, up to 12 digits before and 12 after the point; never signed, never in exponents.

    With `digits` it is a whole number of at most so many digits. A percentage below 1 is a mistake unless it may be a
    `fraction` of a percent.
    """

    percent: bool = False
    digits: int | None = None
    positive: bool = False
    fraction: bool = False
    expected = "a number"

    def value(self, text: str) -> Decimal | int:
        if not re.fullmatch(self._pattern(), text):
            hint = "a percentage is written without the sign" if text.endswith("%") else ""
            raise Wrong("R011", f"'{short(text)}' is not {self._kind()}", hint)
        value = Decimal(text)
        if self.positive and not value:
            raise Wrong("R011", f"{text} is nothing at all")
        if self.percent and value > 100:
            raise Wrong("R020", f"{text} percent is more than all of it")
        if self.percent and not self.fraction and 0 < value < 1:
            whole = f"{value.scaleb(2).normalize():f}"
            raise Wrong("R021", f"{text} looks like a fraction, percentages are written {whole}", f"did you mean {whole}?")
        return value if self.digits is None else int(text)

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


class Day(Leaf):
    """A calendar date."""

    expected = "a date"

    def value(self, text: str) -> date:
        try:
            if re.fullmatch(DAY, text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        raise Wrong("R010", f"'{short(text)}' is not a calendar date", "write it as 2026-10-31")

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date", "pattern": f"^{DAY}$"}


@dataclass(frozen=True)
class ListOf:
    """A list whose items share one schema, as a tuple."""

    item: Schema
    at_least: int = 0

    def check(self, node: Node, walk: Walk) -> tuple[Any, ...] | None:
        if not isinstance(node, Sequence):
            walk.refuse(node.place, "R008", f"expected a list, found a {_shape(node)}", "write items as '- ...'")
            return None
        if len(node.items) < self.at_least:
            walk.refuse(node.place, "R008", "the list is empty")
            return None
        values = tuple(self.item.check(item, walk) for item in node.items)
        return None if any(value is None for value in values) else values

    def json_schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.item.json_schema(), "minItems": self.at_least}


def _keys(at: At, items: dict[str, Any]) -> dict[str, Any]:
    return items


@dataclass(frozen=True)
class MapOf:
    """A mapping with free keys that match `key`, all values of one schema. `make` gets its place and the values by key."""

    key: Text
    value: Schema
    at_least: int = 0
    make: Callable[[At, dict[str, Any]], Any] = _keys

    def check(self, node: Node, walk: Walk) -> Any:
        if not isinstance(node, Mapping):
            walk.refuse(node.place, "R008", f"expected a mapping, found a {_shape(node)}")
            return None
        if len(node.items) < self.at_least:
            walk.refuse(node.place, "R008", "the mapping is empty")
            return None
        values: dict[str, Any] = {}
        for name, (place, item) in node.items.items():
            key, value = self.key.check(Scalar(name, place), walk), self.value.check(item, walk)
            if key is not None and value is not None:
                values[name] = value
        return self.make(At(node, walk), values) if len(values) == len(node.items) else None

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "propertyNames": self.key.json_schema(),
            "additionalProperties": self.value.json_schema(),
            "minProperties": self.at_least,
        }


@dataclass(frozen=True)
class Record:
    """A mapping with a closed set of keys. `make` gets the values by key, what is optional where it stands in the file, and
    with `placed` an `At` before them.
    """

    make: Callable[..., Any]
    required: AbstractMapping[str, Schema]
    optional: AbstractMapping[str, Schema] = field(default_factory=dict)
    placed: bool = False

    def check(self, node: Node, walk: Walk) -> Any:
        if not isinstance(node, Mapping):
            keys = ", ".join(self.required) or "some of " + ", ".join(self.optional)
            walk.refuse(node.place, "R008", f"expected a mapping with {keys}, found a {_shape(node)}")
            return None
        schemas = {**self.required, **self.optional}
        values, good = dict[str, Any](), True
        for name, (place, item) in node.items.items():
            if name not in schemas:
                walk.refuse(place, "R006", f"unknown key '{short(name)}'", partial(did_you_mean, name, schemas))
                good = False
                continue
            values[name] = schemas[name].check(item, walk)
            good = good and values[name] is not None
        for name in self.required:
            if name not in node.items:
                walk.refuse(node.place, "R007", f"'{name}' is missing")
                good = False
        if not good:
            return None
        return self.make(At(node, walk), **values) if self.placed else self.make(**values)

    def json_schema(self) -> dict[str, Any]:
        schemas = {**self.required, **self.optional}
        return {
            "type": "object",
            "properties": {name: schema.json_schema() for name, schema in schemas.items()},
            "required": list(self.required),
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class ByKind:
    """A mapping whose key `tag` decides which record it is."""

    tag: str
    kinds: AbstractMapping[str, Record]

    def check(self, node: Node, walk: Walk) -> Any:
        if not isinstance(node, Mapping):
            words = " or ".join(self.kinds)
            walk.refuse(node.place, "R008", f"expected a mapping with {self.tag}: {words}, found a {_shape(node)}")
            return None
        if self.tag not in node.items:
            walk.refuse(node.place, "R007", f"'{self.tag}' is missing", "one of: " + ", ".join(self.kinds))
            return None
        word = Word(tuple(self.kinds)).check(node.items[self.tag][1], walk)
        return self._record(word).check(node, walk) if word is not None else None

    def _record(self, word: str) -> Record:
        record = self.kinds[word]
        return replace(record, required={self.tag: Word((word,)), **record.required})

    def json_schema(self) -> dict[str, Any]:
        return {"oneOf": [self._record(word).json_schema() for word in self.kinds]}


@dataclass(frozen=True)
class Or:
    """One of a few words, or else a structured value."""

    words: tuple[str, ...]
    otherwise: Schema

    def check(self, node: Node, walk: Walk) -> Any:
        if isinstance(node, Scalar) and node.text in self.words:
            return node.text
        return self.otherwise.check(node, walk)

    def json_schema(self) -> dict[str, Any]:
        return {"anyOf": [{"enum": list(self.words)}, self.otherwise.json_schema()]}
