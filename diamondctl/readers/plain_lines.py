"""JSON Lines by typed decoding: the objects of a file that is plainly what it seems, each as a record of its shape.

The strict reader is the authority. It reads the first object of every shape, that is its keys and the kinds of its values at
all depths; from then on msgspec decodes lines into exactly that shape, and whatever does not fit goes to the strict reader.

msgspec takes the last of equal keys in silence, so the proof is a count: every key is followed by a colon outside of strings.
A record of a shape with N keys from a line with no more than N such colons has every key once. A colon after anything else
than a quote or white space lies inside a string; all others count, so a doubt costs time and never a key.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from types import MappingProxyType
from typing import Any, BinaryIO, Final, NamedTuple

import msgspec

from diamondctl.readers.json_values import MAX_DEPTH, Pairs, depth

_MOST_SHAPES: Final = 500
_CHUNK: Final = 1 << 16
_LONGEST_LINE: Final = 1 << 24
# With more numbers than this, numpy is loaded to compare them.
_FEW: Final = 1_000_000

# Not of the shape, no JSON, bad UTF-8, nested too deep: the strict reader knows.
UNFIT: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

Path = tuple[str, ...]
Get = Callable[[Any], tuple[Any, ...]]
Getter = Callable[[list[Path]], Get]


class Doubt(Exception):
    """The strict reader has to look at the whole file."""


class Shape(NamedTuple):
    """How the lines of one shape are read, and what the format wants of them."""

    decode: Callable[[bytes], Any]
    plan: Any
    decode_lines: Callable[[bytes], list[Any]] | None  # of a flat one


class PlainLines:
    """The lines of a file. `strict` reads a line in full and returns its value, None for a blank one; it raises `Doubt`.

    `plan_of` says what is wanted of values of one shape, given the first of them and a maker of getters; None: always `strict`.
    `kinds` has the types that stand for a type of `strict`.
    """

    def __init__(
        self,
        stream: BinaryIO,
        strict: Callable[[bytes], Any],
        plan_of: Callable[[Any, Getter], Any],
        kinds: Mapping[Any, Any] = MappingProxyType({}),
    ) -> None:
        self._stream, self._strict, self._plan_of = stream, strict, plan_of
        self._kind_of = {type(None): str, **kinds}
        self._hash = hashlib.sha256()
        self.line = 0  # the number of the last one
        self._blank = 0
        self._by_count: dict[int, list[Shape]] = {}
        self._shapes: set[Any] = set()

    def sha256(self) -> str:
        """Hash of the file, once it is read."""
        return self._hash.hexdigest()

    def records(self) -> Iterator[tuple[Any, Any, bytes]]:
        """Plan, record and line of every line that is of a known shape; the others are handed to `strict`."""
        for lines in self._lines():
            yield from self._one_by_one(lines)
        self._doubt_a_single_line()

    def runs(self) -> Iterator[tuple[Any, list[Any]]]:
        """The same without the lines: plan and records of one or of many that follow each other."""
        for lines in self._lines():
            run = self._at_once(lines)
            if run is None:
                yield from ((plan, [record]) for plan, record, _ in self._one_by_one(lines))
            else:
                self.line += len(lines)
                yield run
        self._doubt_a_single_line()

    def _doubt_a_single_line(self) -> None:
        if self.line - self._blank < 2:  # it may be an object around what is meant
            raise Doubt

    def _one_by_one(self, lines: list[bytes]) -> Iterator[tuple[Any, Any, bytes]]:
        by_count, none = self._by_count, list[Shape]()
        start = self.line + 1
        for self.line, line in enumerate(lines, start):
            for shape in by_count.get(line.count(b":"), none):
                try:
                    record = shape.decode(line)
                except UNFIT:
                    continue
                yield shape.plan, record, line
                break
            else:
                fitting = self._fitting(line)
                if fitting is None:
                    self._learn(self._strict(line))
                else:
                    yield *fitting, line

    def _at_once(self, lines: list[bytes]) -> tuple[Any, list[Any]] | None:
        """Plan and records of lines that are all of one flat shape; None where that is not proved.

        No record of a flat shape holds another, so a line that begins with a brace begins a record, and as many records as
        lines are one a line. None has fewer colons than keys, so where all have as many as all keys, each has every key once.
        """
        text = b"\n".join(lines)
        if not text.startswith(b"{") or text.count(b"\n{") != len(lines) - 1:
            return None
        keys, rest = divmod(_colons(text), len(lines))
        for shape in () if rest else self._by_count.get(keys, ()):
            if shape.decode_lines is not None:
                try:
                    records = shape.decode_lines(text)
                except UNFIT:
                    continue
                if len(records) == len(lines):
                    return shape.plan, records
        return None

    def _fitting(self, line: bytes) -> tuple[Any, Any] | None:
        """Plan and record of a line with colons in its strings; they are not counted where something else stands before."""
        shapes = self._by_count.get(_colons(line), [])
        for place, shape in enumerate(shapes):
            try:
                record = shape.decode(line)
            except UNFIT:
                continue
            if place:  # the usual ones first
                shapes.insert(0, shapes.pop(place))
            return shape.plan, record
        return None

    def _lines(self) -> Iterator[list[bytes]]:
        """Whole lines, a megabyte at a time; a carriage return is only ever a part of a line end."""
        self._stream.seek(0)
        rest = b""
        while chunk := self._stream.read(_CHUNK):
            self._hash.update(chunk)
            lines = (rest + chunk).split(b"\n")
            rest = lines.pop()
            if b"\r" in chunk and any(line.find(b"\r", 0, -1) >= 0 for line in lines):
                raise Doubt
            if len(rest) > _LONGEST_LINE:
                raise Doubt
            yield lines
        if b"\r" in rest:
            raise Doubt
        yield [rest]

    def _learn(self, value: Any) -> None:
        """Read lines of this shape without the strict reader from now on."""
        self._blank += value is None
        if value is None or len(self._shapes) >= _MOST_SHAPES:
            return
        kinds = self._kinds(value)
        if kinds in self._shapes:
            return
        self._shapes.add(kinds)
        try:
            type_, keys = self._type_of(value)
            plan = self._plan_of(value, lambda paths: self._getter(value, paths))
        except ValueError:  # keys that no record can have
            return
        if plan is not None:
            decoder = msgspec.json.Decoder(type_)
            is_flat = keys == len(_items(value) or ()) and not any(type(inner) is list for _, inner in _items(value) or ())
            shape = Shape(decoder.decode, plan, decoder.decode_lines if is_flat else None)
            self._by_count.setdefault(keys, []).append(shape)

    def _kind(self, value: Any) -> Any:
        return self._kind_of.get(type(value), type(value))

    def _kinds(self, value: Any) -> Any:
        """The shape of a value, as something to compare."""
        items = _items(value)
        if items is not None:
            return tuple((key, self._kinds(inner)) for key, inner in items)
        if type(value) is list:
            return list, *map(self._kinds, value)
        return self._kind(value)

    def _type_of(self, value: Any) -> tuple[Any, int]:
        """The type that takes values of exactly this shape, and how many keys it has at all depths."""
        items = _items(value)
        if items is not None:
            inner = [self._type_of(item) for _, item in items]
            names = [f"f{place}" for place in range(len(items))]
            type_: Any = msgspec.defstruct(
                "Record",
                [(name, item) for name, (item, _) in zip(names, inner, strict=True)],
                rename=dict(zip(names, (key for key, _ in items), strict=True)),
                forbid_unknown_fields=True,
                gc=False,
            )
            return type_, len(items) + sum(keys for _, keys in inner)
        if type(value) is list:
            inner = [self._type_of(item) for item in value]
            return tuple.__class_getitem__(tuple(item for item, _ in inner)), sum(keys for _, keys in inner)
        kind = self._kind(value)
        return (str | None if kind is str else kind), 0

    def _getter(self, value: Any, paths: list[Path]) -> Get:
        """Gives the values at these places of a record as a tuple. Refuses (ValueError) decimals: whole numbers become such."""
        names = []
        for path in paths:
            name, inner = [], value
            for key in path:
                place, inner = next((place, inner) for place, (other, inner) in enumerate(_items(inner) or ()) if other == key)
                name.append(f"f{place}")
            if self._kind(inner) is float:
                raise ValueError
            names.append(".".join(name))
        if not names:
            return lambda record: ()
        get = attrgetter(*names)
        return get if len(names) > 1 else lambda record: (get(record),)


def _colons(text: bytes) -> int:
    """Colons that may stand after keys."""
    return text.count(b'":') + text.count(b" :") + (text.count(b"\t:") if b"\t" in text else 0)


def decode_line(line: bytes, decoder: json.JSONDecoder) -> tuple[str, Any] | None:
    """The text of a line and its value; None for a blank one. Doubts what is not one value, not nested too deep."""
    try:
        text = line.decode().strip(" \t\r\n")
        if not text:
            return None
        value, end = decoder.raw_decode(text)
    except (ValueError, RecursionError):
        raise Doubt from None
    # Few brackets need no look.
    if end != len(text) or (text.count("{") + text.count("[") > MAX_DEPTH and depth(value) > MAX_DEPTH):
        raise Doubt
    return text, value


def all_different(numbers: array[int]) -> bool:
    """Whether no number stands there twice."""
    if len(numbers) <= _FEW:
        return len(set(numbers)) == len(numbers)
    import numpy

    ordered = numpy.array(numbers, dtype=numpy.int64)
    ordered.sort()
    return not bool((ordered[1:] == ordered[:-1]).any())


def _items(value: Any) -> list[tuple[str, Any]] | None:
    """The pairs of an object, None for anything else."""
    return list(value.items()) if type(value) is dict else value if isinstance(value, Pairs) else None
