"""Logs of other platforms' events, as far as they are gifts in units: cheers of Twitch (EventSub `channel.cheer`) in Bits,
gifts of Kick (`kicks.gifted`) in KICKs. One unit is one coin here, and the rate file of the platform says what it is worth.

Super Chats of YouTube (`superChatEvents`) are amounts of money and no units: such a file is refused with the way out. Events of
other kinds are counted and left aside.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from diamondctl.problems import NoGiftFile, Problem, ProblemLog
from diamondctl.readers.cells import short
from diamondctl.readers.gift_rows import COLUMNS, Facts, GiftRows, Settings
from diamondctl.readers.json_values import DECODER, JsonValues
from diamondctl.readers.sources import Source
from diamondctl.records import Gift
from diamondctl.words import counted

TWITCH, KICK = "Twitch cheers", "Kick gifts"
PLATFORM_OF: Final = {TWITCH: "twitch", KICK: "kick"}  # of a kind of document
_LOOKED_AT: Final = 20  # objects at the beginning of a log
_DEEPEST: Final = 4  # objects around an event
_TIMES: Final = (
    "message_timestamp", "twitch-eventsub-message-timestamp", "kick-event-message-timestamp", "timestamp", "time",
    "received_at", "receivedat", "created_at",
)  # fmt: skip
_IDS: Final = ("message_id", "twitch-eventsub-message-id", "kick-event-message-id", "messageid")
_HEADS: Final = ("metadata", "headers", "header")  # of a message, beside the event; a subscription has other times
_NANOSECONDS: Final = re.compile(r"(\.[0-9]{6})[0-9]+(?=Z|[+-]|$)")
_SUPER_CHAT: Final = frozenset({"amountMicros", "displayString"})


class Event(NamedTuple):
    """One event with the objects around it, from the outermost to itself."""

    kind: str
    layers: tuple[dict[str, Any], ...]

    @property
    def inner(self) -> dict[str, Any]:
        """The event itself."""
        return self.layers[-1]

    def around(self, names: tuple[str, ...]) -> str:
        """The first of some keys that is there: in the event, around it, or in the head beside it; blank: none is."""
        for name in names:
            for layer in reversed(self.layers):
                beside = (layer.get(head) for head in _HEADS)
                for place in (layer, *(item for item in beside if type(item) is dict)):
                    for key, value in place.items():
                        if key.lower() == name and type(value) in (str, int) and value != "":
                            return str(value)
        return ""


def recognises(source: Source) -> bool:
    """Whether one of the first objects is such an event, or one of the same programs."""
    head, position = source.head, 0
    for _ in range(_LOOKED_AT):
        position = re.compile(r"[\s,\[\ufeff]*").match(head, position).end()  # type: ignore[union-attr]
        try:
            value, position = DECODER.raw_decode(head, position)
        except (ValueError, RecursionError):
            return False
        if type(value) is not dict:
            return False
        if _event(value) is not None or _is_super_chat(value):
            return True
        if not _is_of_eventsub(value):
            return False
    return False


def read(source: Source, settings: Settings, log: ProblemLog, take: Callable[[Gift], None]) -> Facts:
    """Hand every gift to `take`. Refuses (F012) Super Chats, and (E012) a file with events of two platforms."""
    rows = GiftRows(source.name, settings, log)
    values = JsonValues(source, log, salvage=settings.salvage)
    others: Counter[str] = Counter()
    kinds: dict[str, int] = {}

    def gifts() -> Iterator[Gift]:
        for value in values.values():
            if type(value.value) is not dict:
                log.add(Problem("J003", "expected an object: one event", "", source.name, value.line))
                continue
            if _is_super_chat(value.value):
                raise _super_chats(source.name)
            event = _event(value.value)
            if event is None:
                others[_type_of(value.value)] += 1
                continue
            kinds.setdefault(event.kind, value.line)
            cells = _row(event)
            gift = rows.gift([cells.get(name, "") for name in COLUMNS], lambda _, line=value.line: (line, 0))  # type: ignore[misc]
            if gift is not None:
                yield gift

    facts = rows.read(gifts(), take, kept_out=())
    if len(kinds) > 1:
        hint = "write each platform's events into a file of their own"
        log.add(Problem("E012", f"{' and '.join(sorted(kinds))} in one file", hint, source.name, max(kinds.values())))
    notices = list(facts.notices)
    if others:
        named = ", ".join(f"{short(name)} {count:,}" for name, count in others.most_common(6))
        notices.append(f"{counted(sum(others.values()), 'other event')} skipped: {named}")
    return facts._replace(notices=tuple(notices), kind=next(iter(kinds), TWITCH), lost=values.losses())


def _event(value: dict[str, Any], layers: tuple[dict[str, Any], ...] = ()) -> Event | None:
    """The event in an object, at any depth that programs log."""
    layers = (*layers, value)
    if "bits" in value and ("broadcaster_user_id" in value or "broadcaster_user_login" in value):
        return Event(TWITCH, layers)
    gift = value.get("gift")
    if type(gift) is dict and "amount" in gift and type(value.get("broadcaster")) is dict:
        return Event(KICK, layers)
    if len(layers) < _DEEPEST:
        for inner in value.values():
            if type(inner) is dict and (found := _event(inner, layers)) is not None:
                return found
    return None


def _is_of_eventsub(value: dict[str, Any]) -> bool:
    """Whether it is another event of the same programs."""
    return any(name in value for name in ("metadata", "subscription", "payload", "event", "broadcaster", "broadcaster_user_id"))


def _is_super_chat(value: dict[str, Any]) -> bool:
    snippet = value.get("snippet")
    items = value.get("items")
    inner = items[0] if type(items) is list and items and type(items[0]) is dict else {}
    return any(type(item) is dict and item.keys() >= _SUPER_CHAT for item in (snippet, inner.get("snippet")))


def _super_chats(file: str) -> NoGiftFile:
    what = "a list of Super Chats"
    hint = "they are amounts of money; record what YouTube paid of them: diamondctl record income AMOUNT --from YouTube"
    return NoGiftFile(what, Problem("F012", f"this is {what}, no gifts in units", hint, file))


def _type_of(value: dict[str, Any]) -> str:
    for layer in (value, value.get("metadata"), value.get("subscription")):
        if type(layer) is dict:
            for name in ("subscription_type", "message_type", "type"):
                if type(layer.get(name)) is str:
                    return str(layer[name])
    return "unknown"


def _row(event: Event) -> dict[str, str]:
    """An event in the columns of the plain format; a value of another type stays text, and is refused there."""
    inner = event.inner
    cells = {"timestamp": _NANOSECONDS.sub(r"\1", event.around(_TIMES)), "event_id": event.around(_IDS)}
    if event.kind == TWITCH:
        anonymous = inner.get("is_anonymous") is True
        return cells | {
            "creator": _text(inner, "broadcaster_user_login", "broadcaster_user_name"),
            "gift": "cheer",
            "coins": _number(inner.get("bits")),
            "gifter": "" if anonymous else _text(inner, "user_login", "user_name", "user_id"),
        }
    gift, broadcaster, sender = inner["gift"], inner["broadcaster"], inner.get("sender")
    return cells | {
        "creator": _text(broadcaster, "channel_slug", "username"),
        "gift": _text(gift, "name") or "KICKs",
        "coins": _number(gift.get("amount")),
        "gifter": _text(sender, "username", "channel_slug") if type(sender) is dict else "",
    }


def _text(value: dict[str, Any], *names: str) -> str:
    return next((str(value[name]) for name in names if type(value.get(name)) in (str, int) and value[name] != ""), "")


def _number(value: Any) -> str:
    """Digits of a whole number; anything else as it is written, to be refused."""
    return "" if value is None else str(value)
