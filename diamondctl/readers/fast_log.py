"""The fast path for large logs of LIVE events: typed records are folded while they are read, and nothing is kept per event.

`live_events` and `combos` are the authority, and this is a memory of what they said. An event is read by `live_events`, and
its meaning is remembered for all events that say the same but for time, message, combo and count; a combo that is anything
but counts that rise until one closes is folded by `combos`. None for what they refuse, and for messages that come twice,
events without coins or a message id, combos without an id, `streaking` flags: that costs time, never a figure.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from diamondctl import combos, periods
from diamondctl.combos import COMBO
from diamondctl.problems import ProblemLog, Refusal
from diamondctl.readers import cells, live_fields
from diamondctl.readers.cells import CellError
from diamondctl.readers.fast_csv import Fast
from diamondctl.readers.gift_rows import LONG_ID, Facts, Settings
from diamondctl.readers.json_values import DECODER
from diamondctl.readers.live_events import LiveEvents
from diamondctl.readers.live_fields import value_at
from diamondctl.readers.plain_lines import Doubt, Get, Getter, Path, PlainLines, all_different, decode_line
from diamondctl.readers.sources import Source
from diamondctl.records import Frame, Usage

# What a gift event may say to be plain; an event that says more is read strictly each time.
_PLAIN: Final = frozenset(
    (
        "gift_id", "gift_name", "gift_type", "can_combo", "coins", "repeat_count", "repeat_end", "group", "message_id", "time",
        "sender_id", "sender_handle", "sender_name", "receiver_id", "receiver_handle", "room", "anchor", "creator",
    )
)  # fmt: skip
_NEEDED: Final = ("coins", "group", "message_id", "time")
# Of that, what differs from event to event. Everything else decides what an event means.
_STEP: Final = ("repeat_count", "repeat_end")
_OF_EVENT: Final = ("time", "group", "message_id")
_MOST_MEANINGS: Final = 200_000
_Event = tuple[int, int, int]  # time, count, end flag
_OWN_IDS: Final = ("message id", "combo id")


class _Meaning:
    """What all gift events have in common that differ only in time, message, combo and count."""

    __slots__ = ("combo", "frame", "hits", "marks", "place", "sent", "sort")

    def __init__(self, frame: Frame, sort: int, sent: int, place: int, marks: Counter[tuple[str, str]]) -> None:
        self.frame, self.sort, self.sent, self.place, self.marks = frame, sort, sent, place, marks
        self.combo = frame.gift_type in (COMBO, 0)
        self.hits = 0  # events that were not read by `live_events`


class _Plan:
    """Where events of one shape say what, and what was learnt of them.

    Of several places of one field the first that says something counts, so later ones are not looked at as long as it does.
    """

    __slots__ = ("all", "constant", "count", "decisive", "is_gift", "meanings", "of_event", "one_group", "step", "steps")

    def __init__(self, value: Any, names: Sequence[Path], fields: Mapping[str, Sequence[Path]], getter: Getter) -> None:
        constant = {name: paths for name, paths in fields.items() if name not in _STEP + _OF_EVENT}
        first, decisive = list(names), []
        for paths in constant.values():
            short = next((paths[: at + 1] for at, path in enumerate(paths) if _says(value_at(value, (path,)))), paths)
            first += short
            if len(short) < len(paths):
                decisive.append(len(first) - 1)
        self.constant: Get = getter(first)
        self.decisive = tuple(decisive)  # where `constant` must say something
        self.all: Get = getter([*names, *(path for paths in constant.values() for path in paths)])
        counts = fields.get("repeat_count", ())
        self.count = bool(counts)  # whether a step begins with a count that must say something
        self.step: Get = getter([*counts[:1], *fields.get("repeat_end", ())])
        self.of_event: Get = getter([fields[name][0] for name in _OF_EVENT] if fields else [])
        self.is_gift = bool(fields)
        self.one_group = len(fields.get("group", ())) == 1
        self.meanings: dict[tuple[Any, ...], _Meaning | str] = {}  # or the name of an event that is no gift
        self.steps: dict[tuple[Any, ...], tuple[int, int]] = {}  # count and end flag


class _Combo:
    """What was seen of a combo that goes on."""

    __slots__ = ("count", "events", "meaning", "plain", "time")

    def __init__(self, meaning: _Meaning, time: int, count: int) -> None:
        self.meaning, self.time, self.count = meaning, time, count  # of the last event
        self.events: list[_Event] = []
        self.plain = True  # the events came by time, with counts that do not fall, and none of them closes


def _says(value: Any) -> bool:
    """Whether a value counts, so that other places of its field are not looked at."""
    return value is not None and value not in ("", 0, "0")


class _Cell:
    """What came to one place in one quarter of an hour."""

    __slots__ = ("coins", "first", "gifts", "last")

    def __init__(self, first: int) -> None:
        self.coins, self.gifts, self.first, self.last = 0, 0, first, first


def read(source: Source, settings: Settings, price: Callable[[], combos.Price]) -> Fast | None:
    """Add up a log, or None when the strict readers have to. `price` gives the gift catalogue, for a log with gifts."""
    fold = _Fold(price)
    try:
        log = _Log(source, settings, fold)
        log.read()
        return log.added_up(fold)
    except (Doubt, CellError, Refusal):
        return None


def read_frames(source: Source, settings: Settings, take: Callable[[Frame], None], price: combos.Price | None) -> Facts | None:
    """Hand every frame of a log to `take` as `live_events.read` does, or None, and nothing is handed over.

    With prices of a gift catalogue it is folded on the way: its differences are there if `combos.fold` has no problem.
    """
    collected = _Collected(None if price is None else _Fold(lambda: price))
    try:
        log = _Log(source, settings, collected)
        log.read()
        differences = log.differences(collected.fold)
        frames = log.complete(collected.frames)
    except (Doubt, CellError):
        return None
    for frame in frames:
        take(frame)
    return Facts(len(frames), tuple(log.notices), sha256=log.sha256, differences=differences)


class _Log:
    """One log while it is read."""

    def __init__(self, source: Source, settings: Settings, sink: _Fold | _Collected) -> None:
        self._log = ProblemLog()
        self._strict = LiveEvents(source.name, settings, self._log)
        self._lines = PlainLines(source.stream, self._read_strictly, self._plan)
        self._plans: list[_Plan] = []
        self._meanings: list[_Meaning] = []  # all that were ever remembered
        self._read: _Meaning | str | None = None  # what the last line meant that was read strictly, if that may be remembered
        self._step = (0, 0)
        self._marks = Counter[tuple[str, str]]()  # of the ids that were read strictly
        self._rooms = ""
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._places: list[Frame] = []  # a frame of each
        self._add = sink.add

    @property
    def notices(self) -> list[str]:
        """What is worth saying about the log, once it is complete."""
        return self._strict.notices()

    @property
    def sha256(self) -> str:
        """Hash of the log, once it is read."""
        return self._lines.sha256()

    def read(self) -> None:
        """Hand every gift event to the sink."""
        add, others, zeroed = self._add, self._strict.others, Counter[tuple[str, str]]()
        first, after, time_of, longest = cells.FIRST, cells.AFTER, self._strict.time, cells.MAX_EVENT_ID
        long_messages = long_groups = 0
        lines = self._lines
        for plan, record, line in lines.records():
            constant = plan.constant(record)
            meaning = plan.meanings.get(constant)
            if meaning.__class__ is str:
                others[meaning] += 1
                continue
            step_cells = plan.step(record)
            step = plan.steps.get(step_cells)
            if meaning is None or step is None:
                self._read_strictly(line)
                self._remember(plan, constant, step_cells)
                continue
            time, group, message = plan.of_event(record)
            if not (message.__class__ is str and message.isdecimal() and message.isascii() and len(message) <= longest):
                self._read_strictly(line)
                continue
            if not (group.__class__ is str and group.isdecimal() and group.isascii() and group != "0"):
                if meaning.combo or group not in (None, "", "0") or not plan.one_group:
                    self._read_strictly(line)
                    continue
                group = ""
            if time.__class__ is str and len(time) == 13 and time.isdecimal() and time.isascii():
                instant = int(time) * 1_000
                if not first <= instant < after:
                    raise Doubt
            elif time.__class__ is str and time not in ("", "0"):
                instant = time_of(time)
            else:
                self._read_strictly(line)
                continue
            if len(message) >= LONG_ID:
                long_messages += 1
                if message.endswith("000") and cells.looks_zeroed(message):
                    zeroed["zeroed", "message id"] += 1
            if len(group) >= LONG_ID:
                long_groups += 1
                if group.endswith("000") and cells.looks_zeroed(group):
                    zeroed["zeroed", "combo id"] += 1
            meaning.hits += 1
            add(meaning, instant, step, group, message, lines.line)
        marks = zeroed + Counter({("long", "message id"): long_messages, ("long", "combo id"): long_groups})
        for of in self._meanings:
            for key, number in of.marks.items():
                if key[1] not in _OWN_IDS:
                    marks[key] += number * of.hits
        self._strict.add_id_marks(marks)
        self._strict.refuse_damaged_ids()

    def _plan(self, value: Any, getter: Getter) -> _Plan | None:
        found = self._strict.shapes.plan(value)
        fields = {name: paths for name, paths in zip(live_fields.FIELDS, found.fields, strict=False) if paths}
        if fields and not (fields.keys() <= _PLAIN and fields.keys() >= set(_NEEDED)):
            return None
        plan = _Plan(value, found.names, fields, getter)
        self._plans.append(plan)
        return plan

    def _read_strictly(self, line: bytes) -> dict[str, Any] | None:
        """Have `live_events` read a line, and take over what it found."""
        found = decode_line(line, DECODER)
        if found is None:
            self._read = None
            return None
        if type(found[1]) is not dict:
            raise Doubt
        self._read = self._strict.event(found[1], self._lines.line)
        frames = self._strict.frames.take_back()
        if self._log.total or self._strict.frames.streaking:
            raise Doubt
        if self._strict.frames.room != self._rooms:
            self._rooms = self._strict.frames.room
            for plan in self._plans:
                plan.meanings.clear()
        for frame in frames:
            if frame.coins < 0:  # the whole log may tell what a gift cost
                raise Doubt
            marks = self._strict.id_marks()
            self._read = self._meaning(frame, marks - self._marks)
            self._marks = marks
            self._step = (frame.repeat_count, frame.repeat_end)
            self._add(self._read, frame.time, self._step, frame.group, frame.message_id, frame.line)
        if len(frames) > 1:  # a bundle
            self._read = None
        return found[1]

    def _meaning(self, frame: Frame, marks: Counter[tuple[str, str]]) -> _Meaning:
        same = frame._replace(time=0, sender_name="", repeat_count=0, repeat_end=0, group="", message_id="", line=0)
        place = (frame.creator, frame.room, frame.receiver, frame.receiver_name, frame.host)
        if ("place", place) not in self._numbers:
            self._numbers["place", place] = len(self._places)
            self._places.append(frame)
        sort = self._numbers.setdefault(("sort", same), len(self._numbers))
        sent = self._numbers.setdefault(("sent", frame.sender, frame.gift_id or frame.gift), len(self._numbers))
        return _Meaning(frame, sort, sent, self._numbers["place", place], marks)

    def _remember(self, plan: _Plan, constant: tuple[Any, ...], step: tuple[Any, ...]) -> None:
        """What a line meant, for those that say the same."""
        if self._read is None or len(plan.meanings) >= _MOST_MEANINGS:
            return
        if not all(_says(constant[place]) for place in plan.decisive):
            plan.constant, plan.decisive = plan.all, ()
            plan.meanings.clear()
            return
        if isinstance(self._read, str):
            if not plan.is_gift:  # else a count might make it a gift
                plan.meanings[constant] = self._read
            return
        frame = self._read.frame
        ids = {frame.sender, frame.receiver, frame.room} - {"", self._rooms, *map(str, constant)}
        if ids or not plan.is_gift:  # an id that is not written as it stands is counted each time
            return
        if constant not in plan.meanings:
            plan.meanings[constant] = self._read
            self._meanings.append(self._read)
        if not plan.count or _says(step[0]):
            plan.steps[step] = self._step

    def complete(self, frames: list[Frame]) -> list[Frame]:
        """Frames with what only the whole log tells."""
        done: list[Frame] = []
        self._strict.frames.put_back(frames)
        self._strict.frames.hand_over(done.append)
        self._strict.frames.take_back()
        if self._log.total:
            raise Doubt
        return done

    def _finish(self, fold: _Fold) -> tuple[list[Frame], combos.Hosts]:
        """A frame of every place, and who the hosts are; doubts what `combos.fold` may have a problem with."""
        fold.finish()
        places = self.complete(self._places)
        problems = list(fold.problems)
        hosts = combos.Hosts(places, combos.same_id, problems, False)
        if problems:
            raise Doubt
        return places, hosts

    def differences(self, fold: _Fold | None) -> tuple[combos.Difference, ...] | None:
        """Where the log and the gift catalogue disagree; None when only `combos.fold` can tell."""
        if fold is None:
            return None
        try:
            self._finish(fold)
        except Doubt:
            return None
        return tuple(sorted(fold.differences))

    def added_up(self, fold: _Fold) -> Fast:
        """What the log amounts to."""
        places, hosts = self._finish(fold)
        if not places:
            raise Doubt
        usage: list[Usage] = []
        elsewhere = elsewhere_coins = 0
        for (number, quarter), cell in fold.cells.items():
            place = places[number]
            if hosts.receiver(place):
                elsewhere += cell.gifts
                elsewhere_coins += cell.coins
            else:
                usage.append(Usage(place.creator, "", place.room, quarter, cell.coins, cell.gifts, cell.first, cell.last))
        differences = tuple(sorted(fold.differences))
        rows, counts = len(fold.messages), dict(fold.counts)
        return Fast(self.sha256, rows, usage, elsewhere, elsewhere_coins, self.notices, counts, differences)


class _Collected:
    """The frames of a log as they are read, folded on the way for as long as nothing about that is doubtful."""

    def __init__(self, fold: _Fold | None) -> None:
        self.frames: list[Frame] = []
        self.fold = fold

    def add(self, meaning: _Meaning, time: int, step: tuple[int, int], group: str, message: str, line: int) -> None:
        """One event; `step` is its count and end flag."""
        frame = meaning.frame
        self.frames.append(Frame._make((time, *frame[1:_COUNT], *step, group, message, *frame[_RECEIVER:_LINE], line)))
        if self.fold is not None:
            try:
                self.fold.add(meaning, time, step, group, message, line)
            except Doubt:
                self.fold = None


_COUNT, _RECEIVER, _LINE = (Frame._fields.index(name) for name in ("repeat_count", "receiver", "line"))


class _Fold:
    """Gifts of the events of one log, added up by place and quarter of an hour as they close."""

    def __init__(self, price: Callable[[], combos.Price]) -> None:
        self._load = price
        self._price: combos.Price = combos.no_price
        self.cells: dict[tuple[int, int], _Cell] = {}
        self.counts = Counter[str]()  # of `records.Document`
        self._folded = self._folded_coins = 0
        self.differences: set[combos.Difference] = set()
        self.problems: list[Any] = []
        # Hashes of message ids and of combos: one that comes twice, or goes on after it closed, is for the strict reader.
        self.messages, self._begun = array("q"), array("q")
        self._going: dict[tuple[int, str], _Combo] = {}

    def add(self, meaning: _Meaning, time: int, step: tuple[int, int], group: str, message: str, line: int) -> None:
        """One event; `step` is its count and end flag."""
        if not message:
            raise Doubt
        count, end = step
        self.messages.append(hash(message))
        if not meaning.combo:
            self._gift(meaning, time, count, ())
            return
        key = (meaning.sort, group)
        combo = self._going.get(key)
        if combo is None:
            if not group:
                raise Doubt
            self._begun.append(hash((meaning.sent, group)))
            if end == 1:
                self._gift(meaning, time, count, ())
                return
            combo = self._going[key] = _Combo(meaning, time, count)
        elif time < combo.time or count < combo.count or not combo.plain:
            combo.plain = False
        elif end == 1:
            self._gift(meaning, time, count, combo.events)
            del self._going[key]
            return
        combo.events.append((time, count, end))
        combo.time, combo.count = time, count

    def finish(self) -> None:
        """Combos that did not close, or not as they should."""
        for combo in self._going.values():
            meaning = combo.meaning
            for item in combos.counts_of(_frames(meaning, sorted(combo.events)), self.problems):
                covered = [(frame.time, frame.repeat_count, frame.repeat_end) for frame in item.covered]
                coins = self._gift(meaning, item.frame.time, item.quantity, covered, item)
                if item.unterminated:
                    self.counts["unterminated"] += 1
                    self.counts["unterminated_coins"] += coins
        if self._folded:
            self.counts.update(folded=self._folded, folded_coins=self._folded_coins)
        if not (all_different(self.messages) and all_different(self._begun)):
            raise Doubt

    def _gift(
        self, meaning: _Meaning, time: int, quantity: int, covered: Sequence[_Event], item: combos.Count | None = None
    ) -> int:
        """Count one gift; returns its coins. `item` is what `combos` made of it, where it did."""
        frame = meaning.frame
        if self._price is combos.no_price:
            self._price = self._load()
        listed = self._price(frame.gift_id, frame.gift, time)
        unit = frame.coins
        if listed is not None and listed != unit:
            self.differences.add(combos.Difference(frame.gift_id, frame.gift, unit, listed))
        coins = unit * quantity
        if coins > combos.MAX_PRODUCT:
            raise Doubt
        begun = time
        if covered:
            begun = covered[0][0]
            self._folded += len(covered)
            for _, count, _ in covered:
                self._folded_coins += unit * count
        quarter = time // periods.QUARTER
        if item is None and begun // periods.QUARTER == quarter:
            self._add(meaning.place, quarter, coins, 1, begun // periods.MICROSECONDS, time // periods.MICROSECONDS)
            return coins
        if item is None:
            closing, *others = _frames(meaning, [(time, quantity, 1), *covered])
            item = combos.Count(closing, quantity, others, False, False)
        for number, piece in enumerate(combos.pieces_of(item, quantity)):
            self._add(meaning.place, piece.quarter, unit * piece.quantity, int(not number), piece.first, piece.last)
        return coins

    def _add(self, place: int, quarter: int, coins: int, gifts: int, first: int, last: int) -> None:
        cell = self.cells.get((place, quarter))
        if cell is None:
            cell = self.cells[place, quarter] = _Cell(first)
        cell.coins += coins
        cell.gifts += gifts
        cell.first = min(cell.first, first)
        cell.last = max(cell.last, last)


def _frames(meaning: _Meaning, events: Iterable[_Event]) -> list[Frame]:
    return [meaning.frame._replace(time=time, repeat_count=count, repeat_end=end) for time, count, end in events]
