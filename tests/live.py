"""Synthetic LIVE sessions for tests: what was sent, as frames, as each known program writes them. About nobody, seeded."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

ROOM: Final = "7390000000000000117"
HOST: Final = "6900000000000000231"
GUEST: Final = "6800000000000900477"
CREATOR: Final = "mara"
START: Final = 1_790_000_000_000  # 2026-09-21, milliseconds
GIFTS: Final = (("Rose", 5655, 1, 1), ("Finger Heart", 5487, 5, 1), ("Doughnut", 5879, 30, 1), ("Galaxy", 5886, 1_000, 2))


class Sent(NamedTuple):
    """One gift as the fan sent it: its combo from the first tap to the last."""

    start: int  # milliseconds
    sender: int
    gift: str
    gift_id: int
    coins: int
    gift_type: int
    times: int
    receiver: str = HOST


class Event(NamedTuple):
    """One frame of it."""

    sent: Sent
    time: int
    times: int
    end: int
    message_id: str
    group: str


def session(seed: int, gifts: int = 12) -> list[Sent]:
    """What was sent in one LIVE: no two combos of one fan and gift overlap, and they pause between them."""
    chance = random.Random(seed)
    found, time = [], START
    for _ in range(gifts):
        name, gift_id, coins, gift_type = chance.choice(GIFTS)
        count = chance.choice((1, 1, 2, 3, 5)) if gift_type == 1 else 1
        found.append(Sent(time, chance.randrange(3), name, gift_id, coins, gift_type, count))
        time += chance.randrange(20_000, 90_000)
    return found


def events(sent: Iterable[Sent]) -> list[Event]:
    """Frames in the order of their times."""
    found = []
    for number, gift in enumerate(sent):
        group = str(gift.start)
        taps = [*((tap, 0) for tap in range(1, gift.times + 1)), (gift.times, 1)] if gift.gift_type == 1 else [(1, 0)]
        for step, (count, end) in enumerate(taps):
            message_id = f"73900{number:06}{step:03}10457"
            found.append(Event(gift, gift.start + 900 * step, count, end, message_id, group))
    return sorted(found, key=lambda event: event.time)


def handle(sender: int) -> str:
    """A fan's handle; the id is `fan_id`."""
    return f"fan{sender:02}"


def fan_id(sender: int) -> str:
    """A fan's stable id."""
    return str(6_800_000_000_000_000_101 + sender * 7)


def connector_1(event: Event) -> dict[str, Any]:
    """tiktok-live-connector 1, flat, wrapped as most loggers do and as TikFinity sends it."""
    sent = event.sent
    rounded = int(float(sent.receiver)) // 1_000 * 1_000  # as JavaScript prints it
    data = {
        "giftId": sent.gift_id,
        "repeatCount": event.times,
        "repeatEnd": bool(event.end),
        "groupId": event.group,
        "monitorExtra": {"anchor_id": int(float(HOST)), "msg_id": int(float(event.message_id)), "to_user_id": rounded},
        "userId": fan_id(sent.sender),
        "uniqueId": handle(sent.sender),
        "nickname": f"Fan {sent.sender} ☆",
        "msgId": event.message_id,
        "createTime": str(event.time),
        "gift": {"gift_id": sent.gift_id, "repeat_count": event.times, "repeat_end": event.end, "gift_type": sent.gift_type},
        "giftType": sent.gift_type,
        "diamondCount": sent.coins,
        "giftName": sent.gift,
        "timestamp": event.time + 41,
        "receiverUserId": sent.receiver,
    }
    return {"event": "gift", "data": data}


def connector_2(event: Event) -> dict[str, Any]:
    """tiktok-live-connector 2, nested, without a wrapper."""
    sent = event.sent
    return {
        "common": {"msgId": event.message_id, "roomId": ROOM, "createTime": str(event.time), "method": "WebcastGiftMessage"},
        "giftId": sent.gift_id,
        "repeatCount": event.times,
        "repeatEnd": event.end,
        "groupId": event.group,
        "user": {"userId": fan_id(sent.sender), "uniqueId": handle(sent.sender), "nickname": f"Fan {sent.sender} ☆"},
        "giftDetails": {"giftName": sent.gift, "giftType": sent.gift_type, "diamondCount": sent.coins},
        "giftExtra": {"toUserId": sent.receiver},
    }


def tiktoklive_4(event: Event) -> dict[str, Any]:
    """TikTokLive 4 and 5: `gift.info`, `gift.times`, snake_case."""
    sent = event.sent
    return {
        "type": "GiftEvent",
        "data": {
            "common": {"msg_id": event.message_id, "room_id": ROOM, "create_time": event.time},
            "group_id": event.group,
            "user": {"id": fan_id(sent.sender), "display_id": handle(sent.sender), "nickname": f"Fan {sent.sender} ☆"},
            "to_user": {"id": sent.receiver},
            "gift": {
                "id": sent.gift_id,
                "count": event.times,
                "repeat_end": event.end,
                "info": {"name": sent.gift, "type": sent.gift_type, "diamond_count": sent.coins},
            },
        },
    }


def tiktoklive_6(event: Event) -> dict[str, Any]:
    """TikTokLive 6 as its dictionaries are written: camelCase, and what is 0 or false is left out."""
    sent = event.sent
    found: dict[str, Any] = {
        "common": {"msgId": event.message_id, "roomId": ROOM, "createTime": str(event.time)},
        "giftId": str(sent.gift_id),
        "repeatCount": event.times,
        "groupId": event.group,
        "fromUser": {"id": fan_id(sent.sender), "displayId": handle(sent.sender), "nickname": f"Fan {sent.sender} ☆"},
        "toUser": {"id": sent.receiver},
        "gift": {"id": str(sent.gift_id), "name": sent.gift, "type": sent.gift_type, "diamondCount": sent.coins},
    }
    return found | ({"repeatEnd": 1} if event.end else {})


def studio(event: Event) -> dict[str, Any]:
    """LIVE Studio's `live.gift`."""
    return {"type": "live.gift", "roomId": ROOM, "data": connector_1(event)["data"]}


Spelling = Callable[[Event], dict[str, Any]]
PROGRAMS: Final[dict[str, Spelling]] = {
    "connector-1": connector_1,
    "connector-2": connector_2,
    "tiktoklive-4": tiktoklive_4,
    "tiktoklive-6": tiktoklive_6,
    "tikfinity": connector_1,
    "studio": studio,
}
# Two programs name no room in their gift events, but in the event of the connection.
CONNECTED: Final = {
    "event": "roomInfo",
    "data": {"roomId": ROOM, "roomInfo": {"owner": {"display_id": CREATOR, "id_str": HOST}, "title": "ok"}},
}
OTHERS: Final = (
    {"event": "chat", "data": {"comment": '"coins": none', "msgId": "7390000000000000001", "uniqueId": "fan00"}},
    {"event": "like", "data": {"likeCount": 15, "totalLikeCount": 320, "uniqueId": "fan01"}},
    {"event": "member", "data": {"uniqueId": "fan02", "msgId": "7390000000000000002"}},
)


def lines(objects: Iterable[dict[str, Any]]) -> str:
    """JSON Lines."""
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in objects)


def log(program: str, found: Iterable[Event]) -> str:
    """A whole log: the connection, other events, gifts."""
    gifts = [PROGRAMS[program](event) for event in found]
    return lines([CONNECTED, *OTHERS[:1], *gifts[:3], *OTHERS[1:], *gifts[3:]])


def logger_csv(found: Iterable[Event]) -> str:
    """The published CSV logger, in Los Angeles time."""
    rows = ["timestamp,user_id,nickname,gift_name,repeat_count,streakable,streaking"]
    for event in found:
        sent = event.sent
        at = datetime.fromtimestamp(event.time / 1_000 - 7 * 3_600, UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
        can = sent.gift_type == 1
        rows.append(f"{at},{handle(sent.sender)},Fan {sent.sender},{sent.gift},{event.times},{can},{can and not event.end}")
    return "\n".join(rows) + "\n"
