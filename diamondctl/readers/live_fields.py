"""Where the programs that log LIVE events keep each value: data, and looking it up. Logs are long and have few shapes, that is
keys of an object and of the objects in it, so places are found once for all events of one shape.

A path is the keys from the event inwards, without case, strokes and blanks: `giftId`, `gift_id` and `GiftID` are one. The
first path that is there, and is not blank, wins. What is not listed here is not read: `monitorExtra` ids are rounded, and
names change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from diamondctl.readers import combo_flags
from diamondctl.readers.combo_flags import plain

Path = tuple[str, ...]


def _paths(dotted: str) -> tuple[Path, ...]:
    """Paths written with dots."""
    return tuple(dict.fromkeys(tuple(map(plain, path.split("."))) for path in dotted.split()))


# Of a gift event, in the order in which `live_events` takes them. Everything that decides how events fold is here.
FIELDS: Final[dict[str, tuple[Path, ...]]] = {
    "gift_id": _paths("giftId gift.giftId gift.id gift.info.id giftDetails.id giftDetails.giftId extendedGiftInfo.id"),
    "gift_name": _paths(
        "giftName giftDetails.giftName giftDetails.name gift.name gift.giftName gift.info.name "
        "extendedGiftInfo.name gift.extendedGift.name gift"
    ),
    "gift_type": _paths(
        "giftType giftDetails.giftType giftDetails.type gift.giftType gift.info.type gift.type extendedGiftInfo.type"
    ),
    # Only where there is no type: whether the gift may be sent as a combo.
    "can_combo": _paths(
        "gift.streakable streakable giftDetails.combo gift.combo extendedGiftInfo.combo gift.isStreakable isStreakable "
        "isCombo esStreak canCombo"
    ),
    "coins": _paths(
        "diamondCount giftDetails.diamondCount gift.diamondCount gift.info.diamondCount "
        "extendedGiftInfo.diamondCount gift.extendedGift.diamondCount "
        "diamondUnit unitDiamonds diamondCost gift.diamondCost coinCost gift.coinCost coinPrice coinValue diamondValue "
        "giftDiamondCount giftPrice giftCost giftValue gift.price gift.cost gift.value gift.coins unitPrice unitCoins "
        "unitDiamondValue coinsPerGift diamondsPerGift gift.coinsPerGift"
    ),
    # Of all units of the event so far: it is checked, and used where there is no price of one.
    "total": _paths(
        "totalCost giftTotalDiamonds giftTotalCoins giftTotalCost totalGiftCost giftTotalValue totalGiftValue totalDiamondValue"
    ),
    "repeat_count": _paths("repeatCount gift.repeatCount gift.count giftRepeatCount giftCount comboCount gift.comboCount"),
    "repeat_end": _paths(" ".join(f"{flag} gift.{flag}" for flag in combo_flags.ENDS)),
    # Only where there is no end flag: whether the combo goes on.
    "streaking": _paths(" ".join(f"{flag} gift.{flag}" for flag in combo_flags.GOES_ON)),
    "group": _paths("groupId gift.groupId comboId gift.comboId streakId"),
    "message_id": _paths("msgId common.msgId baseMessage.msgId gift.msgId messageId common.messageId"),
    "time": _paths(
        "createTime common.createTime baseMessage.createTime timestamp time ts receivedAt timestampMs createdAt sentAt "
        "eventTime eventTimestamp loggedAt arrivedAt receivedTime recordedAt datetime date at"
    ),
    "sender_id": _paths("userId user.userId user.id fromUser.userId fromUser.id sender.userId sender.id senderId"),
    "sender_handle": _paths(
        "uniqueId user.uniqueId user.displayId fromUser.uniqueId fromUser.displayId sender.uniqueId sender.displayId "
        "user.username sender.username username senderUsername gifter user.name sender.name user sender"
    ),
    "sender_name": _paths(
        "nickname user.nickname fromUser.nickname sender.nickname user.displayName sender.displayName displayName"
    ),
    "receiver_id": _paths(
        "receiverUserId giftExtra.toUserId toUser.userId toUser.id userGiftReciever.userId gift.toUserId toUserId receiverId "
        "giftExtra.receiverUserId receiver.userId receiver.id"
    ),
    "receiver_handle": _paths("toUser.uniqueId toUser.displayId toUser.username receiver.uniqueId receiver.displayId"),
    "room": _paths("roomId common.roomId baseMessage.roomId gift.roomId"),
    # Rounded by JavaScript, so it can only tell which of the receivers is the host.
    "anchor": _paths("monitorExtra.anchorId anchorId gift.anchorId"),
    # What some loggers write beside each event.
    "creator": _paths("creator host hostUniqueId"),
}
# Names that say so little that they count only in an object with a known flag of combos.
_BARE: Final[dict[str, tuple[Path, ...]]] = {
    "gift_id": _paths("id"),
    "gift_name": _paths("name"),
    "gift_type": _paths("type"),
    "coins": _paths("cost price coins"),
    "repeat_count": _paths("amount count quantity repeat repeats times combo"),
}
# These may stand around the event instead of in it.
AROUND: Final = ("group", "message_id", "time", "sender_id", "receiver_id", "room", "creator")
_TIME: Final = list(FIELDS).index("time")
_WHEN: Final = re.compile("time|date|stamp|epoch|unix|when|arriv|recei|logged|ts$|at$|ms$|^t$")
_INSTANT: Final = re.compile(r"1[0-9]{9}(?:[0-9]{3}){0,2}|20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ].{5,40}")
_FLAGS: Final = FIELDS["repeat_end"] + FIELDS["streaking"]

HOST_ID: Final = _paths("roomInfo.ownerUserIdStr roomInfo.owner.idStr roomInfo.ownerUserId roomInfo.owner.id")
HOST_NAME: Final = _paths("roomInfo.owner.displayId roomInfo.owner.uniqueId")
# The same in an event that is about the room or the connection itself.
ROOM_EVENTS: Final = frozenset(("roominfo", "connect", "connected", "connectevent", "liveconnect"))
ROOM_HOST_ID: Final = (*HOST_ID, *_paths("ownerUserIdStr owner.idStr owner.id"))
ROOM_HOST_NAME: Final = (*HOST_NAME, *_paths("owner.displayId owner.uniqueId uniqueId"))

# Around the event, in the loggers that put one there.
EVENT_NAMES: Final = ("event", "type", "eventType", "event_type", "eventName", "event_name", "method", "@type", "name")
PAYLOADS: Final = ("data", "payload", "message", "event", "content", "Data", "Payload", "Event")
GIFT_EVENTS: Final = frozenset(
    ("gift", "livegift", "giftevent", "webcastgiftmessage", "giftmessage", "ongift", "tiktokgift", "tiktoklivegift")
)

# Keys that only events have; a gift of the plain format has none of them.
MARKS: Final = frozenset(
    path[0]
    for path in _paths(
        "giftId giftDetails giftType repeatCount repeatEnd groupId msgId common baseMessage extendedGiftInfo "
        "monitorExtra uniqueId roomInfo roomId viewerCount displayType userDetails followInfo"
    )
)
# A name that could be that of a price or a sum, and what else such a name may be about.
_PRICE: Final = re.compile("coin|diamon?d|diamant|cost|price|prec|preis|prix|prezzo|value|valor|wert|moneda|münz|harga|giá")
_NO_PRICE: Final = re.compile(
    "balance|user|viewer|rank|level|follow|goal|league|stream|session|icon|url|image|name|type|id$|icon"
)


def first(event: dict[str, Any], paths: tuple[Path, ...]) -> Any:
    """The first value that is there and not blank or 0, or None."""
    places = _places(event)
    for path in paths:
        if path in places:
            value = value_at(event, (places[path],))
            if value not in (None, "", 0, "0"):
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
    if type(value) is not dict:
        return False
    words = {plain(key) for key in value if key != "gift_id"}
    flagged = any(combo_flags.role(key) for key in value)
    if "coins" in value:
        return flagged
    if flagged or MARKS & words:
        return True
    if any(type(inner) is dict and plain(key) == "gift" for key, inner in value.items()):
        return True
    named = any(type(value.get(key)) is str for key in EVENT_NAMES)
    return named and any(type(value.get(key)) is dict for key in PAYLOADS)


def batch(value: dict[str, Any]) -> list[dict[str, Any]]:
    """The events that an object bundles in a list, each with what stands around the list around it; none in any other."""
    for _, layer in layers(value):
        for items in layer.values():
            if type(items) is list and any(map(is_event, items[:20])):
                around = {key: inner for key, inner in value.items() if type(inner) is not list and key not in PAYLOADS}
                return [around | {PAYLOADS[0]: item} for item in items if type(item) is dict]
    return []


# How many shapes are remembered.
_MOST: Final = 1_000


class Plan(NamedTuple):
    """Places of what an event of one shape may say."""

    names: tuple[Path, ...]  # of the event's kind
    layers: tuple[Path, ...]  # from the outside inwards
    fields: tuple[tuple[Path, ...], ...]  # of a gift; empty when there is none
    names_host: bool
    prices: tuple[Path, ...] = ()  # what may be a price by its name, where nothing known is one
    lists: bool = False  # whether it may bundle events


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


def _places(value: dict[str, Any], depth: int = 3) -> dict[Path, Path]:
    """Where the single values of an object and of the objects in it are, by the words of their path; of two the first."""
    places: dict[Path, Path] = {}
    for key, inner in value.items():
        word = plain(key)
        if type(inner) is dict:
            if depth > 1:
                for words, place in _places(inner, depth - 1).items():
                    places.setdefault((word, *words), (key, *place))
        elif type(inner) is not list:
            places.setdefault((word,), (key,))
    return places


def _plan(outer: dict[str, Any]) -> Plan:
    wrapped = [(place, layer, _places(layer)) for place, layer in layers(outer)]
    names = tuple((*place, key) for place, layer, _ in wrapped for key in EVENT_NAMES if _is_leaf(layer, key))
    hosts = HOST_NAME + HOST_ID
    names_host = any(path in places for *_, places in wrapped for path in hosts)
    gift = next((item for item in reversed(wrapped) if _is_gift(item[2])), None)
    fields: tuple[tuple[Path, ...], ...] = ()
    prices: tuple[Path, ...] = ()
    if gift is not None:
        outwards = [gift, *(item for item in reversed(wrapped) if item is not gift)]
        fields = tuple(
            tuple(
                (*place, *places[path])
                for place, _, places in (outwards if name in AROUND else outwards[:1])
                for path in _of_field(name, paths, places)
                if path in places
            )
            for name, paths in FIELDS.items()
        )
        if not fields[_TIME]:
            times = tuple((*place, *real) for place, layer, places in outwards for real in _may_be_times(layer, places))
            fields = (*fields[:_TIME], times, *fields[_TIME + 1 :])
        place, _, places = gift
        if not any(fields[index] for index, name in enumerate(FIELDS) if name in ("coins", "total")):
            prices = tuple((*place, *real) for words, real in places.items() if _may_be_price(words))
    lists = any(type(inner) is list for _, layer, _ in wrapped for inner in layer.values())
    return Plan(names, tuple(place for place, *_ in wrapped), fields, names_host, prices, lists)


def _of_field(name: str, known: tuple[Path, ...], places: dict[Path, Path]) -> tuple[Path, ...]:
    """The paths of a field in an object: known ones, then bare names in an event of combos, then flags by their form."""
    if name in _BARE and _has_flag(places):
        # An `id` beside the gift's name is that of the event.
        of_event = name == "gift_id" and any(path in places for path in FIELDS["gift_name"])
        return known if of_event else known + _BARE[name]
    if name in ("repeat_end", "streaking") and not any(path in places for path in _FLAGS):
        role = "end" if name == "repeat_end" else "going"
        return tuple(path for path in places if len(path) < 3 and combo_flags.role(path[-1]) == role)
    return known


def _is_gift(places: dict[Path, Path]) -> bool:
    named = FIELDS["gift_id"] + FIELDS["gift_name"]
    if any(path in places for path in named):
        return True
    # A program that calls everything by one word: what is sent as a combo is a gift.
    return _has_flag(places) and any(path in places for path in _BARE["gift_name"] + _BARE["gift_id"])


def _has_flag(places: dict[Path, Path]) -> bool:
    return any(len(path) < 3 and combo_flags.role(path[-1]) for path in places)


def _may_be_times(layer: dict[str, Any], places: dict[Path, Path]) -> list[Path]:
    """Values whose name speaks of time and that are an instant: a log may call the time of arrival what it likes."""
    near = [(words, real) for words, real in places.items() if len(words) == 1 and _WHEN.search(words[-1])]
    return [real for _, real in near if _INSTANT.fullmatch(str(value_at(layer, (real,))))]


def _may_be_price(words: Path) -> bool:
    return len(words) < 3 and _PRICE.search(words[-1]) is not None and _NO_PRICE.search(words[-1]) is None


def _is_leaf(value: dict[str, Any], key: str) -> bool:
    return key in value and type(value[key]) is not dict and type(value[key]) is not list
