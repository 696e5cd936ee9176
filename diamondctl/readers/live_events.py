"""Logs of LIVE events as JSON: which lines are gifts, and each of those as a `Frame`. Nothing is folded here.

Other events are counted, and read only for the name of the room's host. Frames are handed over when the log ends, for only
then is known who the host is and which way round its end flags are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from diamondctl.combos import ROUNDED
from diamondctl.problems import Problem, ProblemLog
from diamondctl.readers import cells, combo_flags, json_values, live_fields
from diamondctl.readers.cells import CellError, short
from diamondctl.readers.gift_rows import Facts, Settings, damaged, dressed_notice
from diamondctl.readers.json_values import DECODER, JsonValues
from diamondctl.readers.live_fields import Plan, Shapes, first, value_at
from diamondctl.readers.live_frames import Frames
from diamondctl.readers.live_prices import Prices
from diamondctl.readers.sources import Source
from diamondctl.records import Frame
from diamondctl.words import counted

_UNITS: Final = ((16, 1), (13, 1_000), (10, 1_000_000))  # digits of an epoch, and microseconds of its unit
_ZERO: Final = (None, 0, "0", "")  # an id or a time never is 0
_COUNT: Final = list(live_fields.FIELDS).index("repeat_count")
_TYPES: Final = 1_000
_REMEMBERED: Final = 200_000
_LOOKED_AT: Final = 200  # values at the beginning of a file that may tell what it is
_KEY: Final = re.compile(r'(?<!\\)"([A-Za-z_][A-Za-z_-]{0,40})"\s*:')


def recognises(source: Source) -> bool:
    """Whether a JSON source is a log of events: its first objects tell, or, where one is too long, the keys in it."""
    head = source.head
    position = re.compile(r"[\s\[]*").match(head).end()  # type: ignore[union-attr]
    for _ in range(_LOOKED_AT):
        try:
            value, position = DECODER.raw_decode(head, position)
        except (ValueError, RecursionError):
            words = {combo_flags.plain(key) for key in _KEY.findall(head, position) if key != "gift_id"}
            return not live_fields.MARKS.isdisjoint(words) and ("coins" not in words or says_end(source))
        if live_fields.is_event(value):
            return True
        if type(value) is not dict or "coins" in value:
            return False
        if any(map(live_fields.is_event, json_values.inside(value))):
            return True
        position = re.compile(r"[\s,]*").match(head, position).end()  # type: ignore[union-attr]
    return False


def read(source: Source, settings: Settings, log: ProblemLog, take: Callable[[Frame], None]) -> Facts:
    """Hand every frame of the log to `take`."""
    values = JsonValues(source, log, salvage=settings.salvage)
    events = LiveEvents(source.name, settings, log)
    count = events.read(values, take)
    return Facts(count, tuple(events.notices()), lost=values.losses())


def says_end(source: Source) -> bool:
    """Whether anything at the beginning of a log says that a combo ends or goes on."""
    return any(map(combo_flags.role, dict.fromkeys(_KEY.findall(source.head))))


class LiveEvents:
    """Reads one log."""

    def __init__(self, file: str, settings: Settings, log: ProblemLog) -> None:
        self._file, self._settings, self._log = file, settings, log
        self.frames = Frames(file, settings, log)
        self._prices = Prices(file)
        self._dressed = 0
        self.others: Counter[str] = Counter()
        self.shapes = Shapes()
        self._words: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._long: Counter[str] = Counter()
        self._numbers: Counter[str] = Counter()  # long ids that are written as numbers
        self._zeroed: dict[str, list[tuple[str, int]]] = {}
        self._rounded: dict[str, list[tuple[str, int]]] = {}

    def read(self, values: JsonValues, take: Callable[[Frame], None]) -> int:
        """Hand every frame of the log to `take`; returns how many there are."""
        for value in values.values():
            if type(value.value) is dict:
                self.event(value.value, value.line)
            else:
                self._problem("J003", "expected an object: one event", "", value.line)
        if values.around:
            self._host([values.around], ["roominfo"])
        self.refuse_damaged_ids()
        self._prices.settle(self.frames, self._log)
        return self.frames.hand_over(take)

    def notices(self) -> list[str]:
        """What is worth saying about the log."""
        notices = [*self.frames.notices(), *dressed_notice(self._dressed), *self._prices.notices()]
        if self.others:
            named = ", ".join(f"{short(name)} {count:,}" for name, count in self.others.most_common(6))
            more = f" and {len(self.others) - 6:,} more kinds" if len(self.others) > 6 else ""
            notices.append(f"{counted(sum(self.others.values()), 'other event')} skipped: {named}{more}")
        return notices

    def _problem(self, code: str, message: str, hint: str, line: int) -> None:
        self._log.add(Problem(code, message, hint, self._file, line))

    def event(self, outer: dict[str, Any], line: int) -> str | None:
        """One event: a frame goes to `frames`, what is no gift is counted in `others`.

        Returns the name under which it was counted, if that is all there is to it.
        """
        plan = self.shapes.plan(outer)
        if plan.lists and not plan.fields and (bundled := live_fields.batch(outer)):
            for event in bundled:
                self.event(event, line)
            return None
        spelled = [name for path in plan.names if type(name := value_at(outer, (path,))) is str]
        names = [self._words.get(name) or self._word(name) for name in spelled]
        named_gift = not live_fields.GIFT_EVENTS.isdisjoint(names)
        if plan.fields and (named_gift or not names or value_at(outer, plan.fields[_COUNT]) is not None):
            self._gift([value_at(outer, paths) for paths in plan.fields], line, outer, plan)
        elif named_gift:
            message = "a gift event without the gift's id or name"
            self._problem("E002", message, "log the whole event", line)
        else:
            other = spelled[0] if spelled else "unnamed"
            self.others[other] += 1
            if not plan.names_host and live_fields.ROOM_EVENTS.isdisjoint(names):
                return other
            self._host([layer for _, layer in live_fields.layers(outer)], names)
        return None

    def _word(self, name: str) -> str:
        word = combo_flags.plain(name)
        if len(self._words) < _REMEMBERED:
            self._words[name] = word
        return word

    def _host(self, layers: list[dict[str, Any]], names: list[str]) -> None:
        about_room = not live_fields.ROOM_EVENTS.isdisjoint(names)
        for layer in layers:
            name = first(layer, live_fields.ROOM_HOST_NAME if about_room else live_fields.HOST_NAME)
            host = first(layer, live_fields.ROOM_HOST_ID if about_room else live_fields.HOST_ID)
            room = first(layer, live_fields.FIELDS["room"]) if about_room else None
            if name or host or room:
                rounded = ROUNDED if type(host) is int and _is_double(host) else ""
                self.frames.host(*(str(value) if value else "" for value in (name, host and f"{rounded}{host}", room)))

    def _gift(self, values: list[Any], line: int, outer: dict[str, Any], plan: Plan) -> None:
        (
            gift_id, gift, type_, can_combo, coins, total, count, end, streaking, group, message_id, time,
            sender_id, handle, nickname, receiver, receiver_handle, room, anchor, creator,
        ) = values  # fmt: skip
        try:
            if gift_id in _ZERO and gift is None:
                raise CellError("E002", "a gift event without the gift's id or name", "log the whole event")
            sender_handle, sender_name = self._text(handle), self._text(nickname)
            frame = Frame(
                self.time(time),
                self._text(creator),
                self._id("room id", room, line),
                self._id("sender id", sender_id, line) or sender_handle or sender_name,
                sender_handle or sender_name,
                "" if gift_id in _ZERO else self._text(gift_id),
                self._text(gift),
                gift_type(type_, can_combo),
                self._coins(coins, total, count),
                self._count(count),
                -1 if end is None else _flag(end, "repeatEnd"),
                self._id("combo id", group, line),
                self._id("message id", message_id, line),
                self._id("receiver id", receiver, line),
                self._text(receiver_handle),
                "" if anchor in _ZERO else ROUNDED + self._text(anchor),
                "",
                0,
                self._file,
                line,
            )
            if len(frame.message_id) > cells.MAX_EVENT_ID:
                raise CellError("G030", f"message id: {len(frame.message_id):,} characters, at most {cells.MAX_EVENT_ID}")
            if plan.prices and frame.coins < 0:
                self._prices.note(self.frames.count, frame, outer, plan.prices)
            if end is None and streaking is not None:
                self.frames.add_streaking(frame, going_on=_flag(streaking, "streaking") == 1)
            else:
                self.frames.add(frame)
        except CellError as error:
            self._problem(error.code, error.message, error.hint, line)

    def _count(self, count: Any) -> int:
        return 1 if count is None else self._number(count, cells.MAX_QUANTITY, "repeat count") or 1

    def _coins(self, coins: Any, total: Any, count: Any) -> int:
        """Coins of one unit; the total of the event, where there is one, has to agree. -1: the log does not say."""
        each = -1 if coins is None else self._number(coins, cells.MAX_COINS, "coins")
        if total in _ZERO:
            return each
        of_all, units = self._number(total, cells.MAX_PRODUCT, "total"), self._count(count)
        if each < 0 and of_all % units == 0:
            return of_all // units
        if each * units != of_all:
            what = f"{units:,} x {each:,} coins" if each >= 0 else f"{units:,} equal gifts"
            hint = "say which key holds the coins of one gift: a profile with kind: events, see diamondctl profile sniff FILE"
            raise CellError("E010", f"the event's total of {of_all:,} coins is not that of {what}", hint)
        return each

    def time(self, value: Any) -> int:
        """The instant that a value says."""
        if value in _ZERO:
            hint = "log createTime, or the time of arrival as timestamp; if a key of another name holds it, say so in a profile"
            raise CellError("E003", "a gift event without a time", f"{hint} with kind: events")
        text = str(value) if type(value) is int else value
        if type(text) is not str:
            hint = "epoch milliseconds, or 2026-10-31T20:15:00Z"
            raise CellError("G011", f"time {short(str(value))} is in another form", hint)
        if text.isascii() and text.isdecimal():
            return epoch(text)
        instant, has_zone = cells.timestamp(text, self._settings.input_timezone or "UTC")
        self.frames.naive_times += not has_zone
        return instant

    def _text(self, value: Any) -> str:
        """Any text; names and gift ids repeat, so each is checked once."""
        if value is None:
            return ""
        if type(value) is float or type(value) is bool:
            raise CellError("J005", f"{short(str(value))} is not text", "log the event as it came")
        text = value if type(value) is str else str(value)
        checked = self._texts.get(text)
        if checked is None:
            checked = cells.text(text)
            if len(self._texts) < _REMEMBERED:
                self._texts[text] = checked
        return checked

    def _number(self, value: Any, limit: int, what: str) -> int:
        if type(value) is int and 0 <= value <= limit:
            return value
        return cells.whole(value if type(value) is str else repr(value), limit, what)

    def _id(self, what: str, value: Any, line: int) -> str:
        if value in _ZERO:
            return ""
        if type(value) is bool or type(value) is float:
            message = f"{what} {short(str(value))} is no id: it went through a program as a number"
            raise CellError("G032", message, "log ids as text")
        text = value if type(value) is str else str(value)
        if not (text.isascii() and text.isdecimal()):
            text = cells.identifier(text)
            self._dressed += text != value and cells.undressed(str(value)) != value
        if len(text) >= 18:
            self._long[what] += 1
            if type(value) is int:
                self._numbers[what] += 1
                if text.endswith("00"):
                    self._rounded.setdefault(what, []).append((text, line))
            elif text.endswith("000") and cells.looks_zeroed(text):
                self._zeroed.setdefault(what, []).append((text, line))
        return text

    def id_marks(self) -> Counter[tuple[str, str]]:
        """How many ids of each kind were long, numbers, zeroed or rounded, so far."""
        kinds: dict[str, Mapping[str, Any]] = {"long": self._long, "number": self._numbers}
        marks = {(mark, what): number for mark, of in kinds.items() for what, number in of.items()}
        ends = {"zeroed": self._zeroed, "rounded": self._rounded}
        return Counter(marks | {(mark, what): len(items) for mark, of in ends.items() for what, items in of.items()})

    def add_id_marks(self, marks: Mapping[tuple[str, str], int]) -> None:
        """Count ids that were seen elsewhere; their places are not known."""
        for (mark, what), number in marks.items():
            if mark in ("long", "number"):
                (self._long if mark == "long" else self._numbers)[what] += number
            else:
                (self._zeroed if mark == "zeroed" else self._rounded).setdefault(what, []).extend([("", 0)] * number)

    def refuse_damaged_ids(self) -> None:
        """Ids that are cut to 15 digits, and numbers that JavaScript rounded: it prints at most 17, and zeros after them."""
        for what in dict.fromkeys((*self._zeroed, *self._rounded)):
            zeroed, rounded = self._zeroed.get(what, []), self._rounded.get(what, [])
            cut = zeroed if damaged(len(zeroed), self._long[what]) else []
            # One exact id in a hundred ends in two zeros by itself.
            cut = cut + rounded if 2 * len(rounded) > self._numbers[what] else cut
            for text, line in sorted(cut, key=lambda item: item[1]):
                message = f"{what} '{text}' has lost its last digits in a program"
                self._problem("G032", message, f"{len(cut):,} of {self._long[what]:,} end so; log ids as text", line)


def _is_double(number: int) -> bool:
    """Whether a number may have gone through JavaScript: it is what a double is, or is printed as."""
    try:
        return int(float(number)) == number or int(Decimal(repr(float(number)))) == number
    except OverflowError:
        return False


def epoch(text: str) -> int:
    """Microseconds of an epoch in seconds, milliseconds or microseconds, told apart by its digits; 2016 to 2099 only."""
    for digits, unit in _UNITS:
        if len(text) == digits:
            instant = int(text) * unit
            if cells.FIRST <= instant < cells.AFTER:
                return instant
    raise CellError(
        "G014", f"time {short(text)} is no epoch time of 2016 to 2099", "epoch seconds have 10 digits, milliseconds 13"
    )


def _flag(value: Any, what: str) -> int:
    if value is True or value is False:
        return int(value)
    said = combo_flags.says(value) if type(value) in (bool, int, str) else None
    if said is not None:
        return int(said)
    raise CellError("J005", f"{what} is {short(str(value))}", "true, false, 1 or 0")


def gift_type(value: Any, can_combo: Any) -> int:
    """1 for a gift that may be sent as a combo, another number for one that may not, 0 where nothing says so."""
    if type(value) is int and 0 < value <= _TYPES:
        return value
    if type(value) is str and value.isascii() and value.isdecimal() and 0 < int(value[:4]) <= _TYPES:
        return int(value[:4])
    return 0 if type(can_combo) is not bool else 1 if can_combo else 2
