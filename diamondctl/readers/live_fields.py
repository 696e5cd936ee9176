"""Where the programs that log LIVE events keep each value: data, and looking it up. Logs are long and have few shapes, that is
keys of an object and of the objects in it, so places are found once for all events of one shape.

A path is the keys from the event inwards. Each is tried in this order in camelCase and in snake_case; the first that is
there, and is not blank, wins. What is not listed here is not read: `monitorExtra` ids are rounded, and names change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any, Final, NamedTuple

Path = tuple[str, ...]


def _snake(name: str) -> str:
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _paths(dotted: str) -> tuple[Path, ...]:
    """Paths written with dots; each key also in snake_case, for raw data keeps its own spelling inside camelCase events."""
    several = [product(*(dict.fromkeys((key, _snake(key))) for key in path.split("."))) for path in dotted.split()]
    return tuple(dict.fromkeys(spelled for paths in several for spelled in paths))


# Of a gift event, in the order in which `live_events` takes them.
FIELDS: Final[dict[str, tuple[Path, ...]]] = {
    "gift_id": _paths("giftId gift.giftId gift.id gift.info.id giftDetails.id giftDetails.giftId extendedGiftInfo.id"),
    "gift_name": _paths(
        "giftName giftDetails.giftName giftDetails.name gift.name gift.giftName gift.info.name "
        "extendedGiftInfo.name gift.extendedGift.name"
    ),
    "gift_type": _paths(
        "giftType giftDetails.giftType giftDetails.type gift.giftType gift.info.type gift.type extendedGiftInfo.type"
    ),
    # Only where there is no type: whether the gift may be sent as a combo.
    "can_combo": _paths("gift.streakable streakable giftDetails.combo gift.combo extendedGiftInfo.combo"),
    "coins": _paths(
        "diamondCount giftDetails.diamondCount gift.diamondCount gift.info.diamondCount "
        "extendedGiftInfo.diamondCount gift.extendedGift.diamondCount"
    ),
    "repeat_count": _paths("repeatCount gift.repeatCount gift.count"),
    "repeat_end": _paths("repeatEnd gift.repeatEnd"),
    # Only where there is no end flag: whether the combo goes on.
    "streaking": _paths("streaking gift.streaking"),
    "group": _paths("groupId gift.groupId"),
    "message_id": _paths("msgId common.msgId baseMessage.msgId gift.msgId messageId common.messageId"),
    "time": _paths("createTime common.createTime baseMessage.createTime timestamp time"),
    "sender_id": _paths("userId user.userId user.id fromUser.userId fromUser.id"),
    "sender_handle": _paths("uniqueId user.uniqueId user.displayId fromUser.uniqueId fromUser.displayId"),
    "sender_name": _paths("nickname user.nickname user.nickName fromUser.nickname fromUser.nickName"),
    "receiver_id": _paths("receiverUserId giftExtra.toUserId toUser.userId toUser.id userGiftReciever.userId gift.toUserId"),
    "receiver_handle": _paths("toUser.uniqueId toUser.displayId"),
    "room": _paths("roomId common.roomId baseMessage.roomId gift.roomId"),
    # Rounded by JavaScript, so it can only tell which of the receivers is the host.
    "anchor": _paths("monitorExtra.anchorId anchorId gift.anchorId"),
    # What some loggers write beside each event.
    "creator": _paths("creator host hostUniqueId"),
}
# These may stand around the event instead of in it.
AROUND: Final = ("group", "message_id", "time", "sender_id", "receiver_id", "room", "creator")

HOST_ID: Final = _paths("roomInfo.ownerUserIdStr roomInfo.owner.idStr roomInfo.ownerUserId roomInfo.owner.id")
HOST_NAME: Final = _paths("roomInfo.owner.displayId roomInfo.owner.uniqueId")
# The same in an event that is about the room or the connection itself.
ROOM_EVENTS: Final = frozenset(("roominfo", "connect", "connected", "connectevent", "liveconnect"))
ROOM_HOST_ID: Final = (*HOST_ID, *_paths("ownerUserIdStr owner.idStr owner.id"))
ROOM_HOST_NAME: Final = (*HOST_NAME, *_paths("owner.displayId owner.uniqueId uniqueId"))

# Around the event, in the loggers that put one there.
EVENT_NAMES: Final = ("event", "type", "eventType", "event_type", "eventName", "event_name", "method", "@type", "name")
PAYLOADS: Final = ("data", "payload", "message", "event", "content")
GIFT_EVENTS: Final = frozenset(
    ("gift", "livegift", "giftevent", "webcastgiftmessage", "giftmessage", "ongift", "tiktokgift", "tiktoklivegift")
)

# Keys that only events have; a gift of the plain format has none of them.
MARKS: Final = frozenset(
    spelled
    for path in _paths(
        "giftId giftDetails giftType repeatCount repeatEnd groupId msgId common baseMessage extendedGiftInfo "
        "monitorExtra diamondCount uniqueId roomInfo roomId viewerCount displayType userDetails followInfo"
    )
    for spelled in path
) - {"gift_id"}


def plain_word(name: str) -> str:
    """An event's name without case and punctuation."""
    return re.sub("[^a-z0-9]", "", name.casefold())


def first(event: dict[str, Any], paths: tuple[Path, ...]) -> Any:
    """The first value that is there and not blank or 0, or None."""
    for path in paths:
        value: Any = event
        for key in path:
            if type(value) is not dict:
                value = None
                break
            value = value.get(key)
            if value is None:
                break
        if type(value) is not dict and type(value) is not list and value not in (None, "", 0, "0"):
            return value
    return None


def layers(value: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The object of a line and what is wrapped in it, from the outside inwards, each with its place."""
    place: Path = ()
    for _ in range(4):
        yield place, value
        key = next((key for key in PAYLOADS if type(value.get(key)) is dict), None)
        if key is None:
            return
        place, value = (*place, key), value[key]


def is_event(value: Any) -> bool:
    """Whether an object is a logged event rather than a gift of the plain format."""
    if type(value) is not dict or "coins" in value:
        return False
    if MARKS & value.keys():
        return True
    if type(value.get("gift")) is dict:
        return True
    named = any(type(value.get(key)) is str for key in EVENT_NAMES)
    return named and any(type(value.get(key)) is dict for key in PAYLOADS)


# How many shapes are remembered.
_MOST: Final = 1_000


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
    wrapped = list(layers(outer))
    names = tuple((*place, key) for place, layer in wrapped for key in EVENT_NAMES if _is_leaf(layer, (key,)))
    hosts = HOST_NAME + HOST_ID
    names_host = any(_is_leaf(layer, path) for _, layer in wrapped for path in hosts)
    gift = next(
        (
            item
            for item in reversed(wrapped)
            if any(_is_leaf(item[1], path) for path in FIELDS["gift_id"] + FIELDS["gift_name"])
        ),
        None,
    )
    fields: tuple[tuple[Path, ...], ...] = ()
    if gift is not None:
        outwards = [gift, *(item for item in reversed(wrapped) if item is not gift)]
        fields = tuple(
            tuple(
                (*place, *path)
                for place, layer in (outwards if name in AROUND else outwards[:1])
                for path in paths
                if _is_leaf(layer, path)
            )
            for name, paths in FIELDS.items()
        )
    return Plan(names, tuple(place for place, _ in wrapped), fields, names_host)


def _is_leaf(value: Any, path: Path) -> bool:
    for key in path:
        if type(value) is not dict or key not in value:
            return False
        value = value[key]
    return type(value) is not dict and type(value) is not list
