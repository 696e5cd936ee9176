"""Where the values of an event are, found once for all events of one shape: logs are long and have few shapes.

A shape is the keys of an object and of the objects in it. What is found for it are the places of values, never values.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from diamondctl.readers import live_fields
from diamondctl.readers.live_fields import Path

_MOST: Final = 1_000
# Fields of a gift, in the order of `Plan.fields`; those marked may stand around the event instead of in it.
_FIELDS: Final[tuple[tuple[tuple[Path, ...], bool], ...]] = (
    (live_fields.GIFT_ID, False),
    (live_fields.GIFT_NAME, False),
    (live_fields.GIFT_TYPE, False),
    (live_fields.CAN_COMBO, False),
    (live_fields.COINS, False),
    (live_fields.REPEAT_COUNT, False),
    (live_fields.REPEAT_END, False),
    (live_fields.STREAKING, False),
    (live_fields.GROUP, True),
    (live_fields.MESSAGE_ID, True),
    (live_fields.TIME, True),
    (live_fields.SENDER_ID, True),
    (live_fields.SENDER_HANDLE, False),
    (live_fields.SENDER_NAME, False),
    (live_fields.RECEIVER_ID, True),
    (live_fields.RECEIVER_HANDLE, False),
    (live_fields.ROOM, True),
    (live_fields.ANCHOR, False),
    (live_fields.CREATOR, True),
)


class Plan(NamedTuple):
    """Places of what an event of one shape may say."""

    names: tuple[Path, ...]  # of the event's kind
    layers: tuple[Path, ...]  # from the outside inwards
    fields: tuple[tuple[Path, ...], ...]  # of a gift; empty when there is none
    names_host: bool


class Shapes:
    """Remembers plans."""

    def __init__(self) -> None:
        self._plans: dict[tuple[Any, ...], Plan] = {}

    def plan(self, outer: dict[str, Any]) -> Plan:
        """The plan of an event with all its wrapping."""
        shape = _shape(outer)
        plan = self._plans.get(shape)
        if plan is None:
            plan = _plan(outer)
            if len(self._plans) < _MOST:
                self._plans[shape] = plan
        return plan


def value_at(event: dict[str, Any], paths: tuple[Path, ...]) -> Any:
    """The first value that is not blank, of the places of one field; a 0 only when no place says more. None: nothing."""
    zero: Any = None
    for path in paths:
        value: Any = event
        for key in path:
            value = value[key]
        if value is None or value == "":
            continue
        if value in (0, "0"):
            zero = value if zero is None else zero
            continue
        return value
    return zero


def _shape(value: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(
        [
            (key, _shape(inner)) if type(inner) is dict else (key,) if type(inner) is list else key
            for key, inner in value.items()
        ]
    )


def _plan(outer: dict[str, Any]) -> Plan:
    layers = list(live_fields.layers(outer))
    names = tuple((*place, key) for place, layer in layers for key in live_fields.EVENT_NAMES if _is_leaf(layer, (key,)))
    hosts = live_fields.HOST_NAME + live_fields.HOST_ID
    names_host = any(_is_leaf(layer, path) for _, layer in layers for path in hosts)
    gift = next(
        (
            item
            for item in reversed(layers)
            if any(_is_leaf(item[1], path) for path in live_fields.GIFT_ID + live_fields.GIFT_NAME)
        ),
        None,
    )
    fields: tuple[tuple[Path, ...], ...] = ()
    if gift is not None:
        outwards = [gift, *(item for item in reversed(layers) if item is not gift)]
        fields = tuple(
            tuple(
                (*place, *path)
                for place, layer in (outwards if around else outwards[:1])
                for path in paths
                if _is_leaf(layer, path)
            )
            for paths, around in _FIELDS
        )
    return Plan(names, tuple(place for place, _ in layers), fields, names_host)


def _is_leaf(value: Any, path: Path) -> bool:
    for key in path:
        if type(value) is not dict or key not in value:
            return False
        value = value[key]
    return type(value) is not dict and type(value) is not list
