"""Where the programs that log LIVE events keep each value: data, and one look-up.

A path is the keys from the event inwards. Each is tried in this order in camelCase and in snake_case; the first that is
there, and is not blank, wins. What is not listed here is not read: `monitorExtra` ids are rounded, and names change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any, Final

Path = tuple[str, ...]


def _snake(name: str) -> str:
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _paths(*dotted: str) -> tuple[Path, ...]:
    """Paths written with dots; each key also in snake_case, for raw data keeps its own spelling inside camelCase events."""
    found = [product(*(dict.fromkeys((key, _snake(key))) for key in path.split("."))) for path in dotted]
    return tuple(dict.fromkeys(spelled for paths in found for spelled in paths))


GIFT_ID: Final = _paths(
    "giftId", "gift.giftId", "gift.id", "gift.info.id", "giftDetails.id", "giftDetails.giftId", "extendedGiftInfo.id"
)
GIFT_NAME: Final = _paths(
    "giftName", "giftDetails.giftName", "giftDetails.name", "gift.name", "gift.giftName", "gift.info.name",
    "extendedGiftInfo.name", "gift.extendedGift.name",
)  # fmt: skip
GIFT_TYPE: Final = _paths(
    "giftType", "giftDetails.giftType", "giftDetails.type", "gift.giftType", "gift.info.type", "gift.type",
    "extendedGiftInfo.type",
)  # fmt: skip
# Only where there is no type: whether the gift may be sent as a combo.
CAN_COMBO: Final = _paths("gift.streakable", "streakable", "giftDetails.combo", "gift.combo", "extendedGiftInfo.combo")
COINS: Final = _paths(
    "diamondCount", "giftDetails.diamondCount", "gift.diamondCount", "gift.info.diamondCount",
    "extendedGiftInfo.diamondCount", "gift.extendedGift.diamondCount",
)  # fmt: skip
REPEAT_COUNT: Final = _paths("repeatCount", "gift.repeatCount", "gift.count")
REPEAT_END: Final = _paths("repeatEnd", "gift.repeatEnd")
# Only where there is no end flag: whether the combo goes on.
STREAKING: Final = _paths("streaking", "gift.streaking")
GROUP: Final = _paths("groupId", "gift.groupId")
MESSAGE_ID: Final = _paths("msgId", "common.msgId", "baseMessage.msgId", "gift.msgId", "messageId", "common.messageId")
TIME: Final = _paths("createTime", "common.createTime", "baseMessage.createTime", "timestamp", "time")
SENDER_ID: Final = _paths("userId", "user.userId", "user.id", "fromUser.userId", "fromUser.id")
SENDER_HANDLE: Final = _paths("uniqueId", "user.uniqueId", "user.displayId", "fromUser.uniqueId", "fromUser.displayId")
SENDER_NAME: Final = _paths("nickname", "user.nickname", "user.nickName", "fromUser.nickname", "fromUser.nickName")
RECEIVER_ID: Final = _paths(
    "receiverUserId", "giftExtra.toUserId", "toUser.userId", "toUser.id", "userGiftReciever.userId", "gift.toUserId"
)
RECEIVER_HANDLE: Final = _paths("toUser.uniqueId", "toUser.displayId")
ROOM: Final = _paths("roomId", "common.roomId", "baseMessage.roomId", "gift.roomId")
# Rounded by JavaScript, so it can only tell which of the receivers is the host.
ANCHOR: Final = _paths("monitorExtra.anchorId", "anchorId", "gift.anchorId")
HOST_ID: Final = _paths("roomInfo.ownerUserIdStr", "roomInfo.owner.idStr", "roomInfo.ownerUserId", "roomInfo.owner.id")
HOST_NAME: Final = _paths("roomInfo.owner.displayId", "roomInfo.owner.uniqueId")
# The same in an event that is about the room or the connection itself.
ROOM_EVENTS: Final = frozenset(("roominfo", "connect", "connected", "connectevent", "liveconnect"))
ROOM_HOST_ID: Final = (*HOST_ID, *_paths("ownerUserIdStr", "owner.idStr", "owner.id"))
ROOM_HOST_NAME: Final = (*HOST_NAME, *_paths("owner.displayId", "owner.uniqueId", "uniqueId"))
# What some loggers write beside each event.
CREATOR: Final = _paths("creator", "host", "hostUniqueId")

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
        "giftId", "giftDetails", "giftType", "repeatCount", "repeatEnd", "groupId", "msgId", "common", "baseMessage",
        "extendedGiftInfo", "monitorExtra", "diamondCount", "uniqueId", "roomInfo", "roomId", "viewerCount", "displayType",
        "userDetails", "followInfo",
    )
    for spelled in path
) - {"gift_id"}  # fmt: skip


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
