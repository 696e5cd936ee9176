"""Values of ours as plain JSON and back: named tuples and dataclasses by position, exact numbers and days as text.

What is read back is what was written, and nothing else: a text that fits no field raises ValueError or TypeError.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

_AS_IT_IS: Final = (int, str, bool, type(None))


def plain(value: object) -> Any:
    """A value as JSON has it."""
    if value is None or isinstance(value, int | str):
        return value
    if isinstance(value, Decimal | date):
        return str(value)
    if is_dataclass(value):
        return [plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, Mapping):
        return [[plain(key), plain(item)] for key, item in value.items()]
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no plain form")


def back(kind: Any, value: Any) -> Any:
    """The value of a type that this is the plain form of."""
    return _reader(kind)(value)


@lru_cache(maxsize=256)
def _reader(kind: Any) -> Callable[[Any], Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in _AS_IT_IS or str(origin) == "typing.Literal":
        return _same
    if kind is Decimal:
        return Decimal
    if kind is date:
        return date.fromisoformat
    if origin in (Union, types.UnionType):
        (inner,) = (_reader(item) for item in arguments if item is not type(None))
        return lambda value: None if value is None else inner(value)
    if origin is tuple and arguments[1:] == (...,):
        inner = _reader(arguments[0])
        return lambda value: tuple(map(inner, value))
    if origin is tuple:
        return _row(tuple, arguments)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        key, item = map(_reader, arguments)
        return lambda value: MappingProxyType({key(name): item(of) for name, of in value})
    hints = get_type_hints(kind)
    if is_dataclass(kind):
        names = [field.name for field in fields(kind)]
        make: Any = kind
        return _row(lambda values: make(*values), [hints[name] for name in names])
    return _row(kind._make, [hints[name] for name in kind._fields])


def _same(value: Any) -> Any:
    return value


def _row(make: Callable[[Any], Any], kinds: Any) -> Callable[[Any], Any]:
    """What reads values of several types, one each."""
    readers = [_reader(item) for item in kinds]
    if all(reader is _same for reader in readers):
        return make
    return lambda value: make([reader(item) for reader, item in zip(readers, value, strict=True)])
