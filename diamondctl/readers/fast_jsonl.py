"""The fast path for large JSON Lines of gifts in the plain format: typed records are added up while they are read.

`gift_json` and `gift_rows` are the authority, and this is a memory of what they said: what they made of a creator's stream
and of a gift with its coins is remembered for all lines that say the same. None for what it refuses and for an id
that comes twice: that costs time, never a figure.
"""

from __future__ import annotations

from array import array
from typing import Annotated, Any, Final

import msgspec

from diamondctl import periods
from diamondctl.problems import ProblemLog, Refusal
from diamondctl.readers import cells
from diamondctl.readers.cells import CellError
from diamondctl.readers.fast_csv import Fast
from diamondctl.readers.gift_json import Decimal, GiftObjects, Integer
from diamondctl.readers.gift_rows import COLUMNS, LONG_ID, GiftRows, Settings, with_kept_out
from diamondctl.readers.json_values import Pairs, Value
from diamondctl.readers.plain_lines import Doubt, Get, Getter, PlainLines, all_different, decode_line
from diamondctl.readers.sources import Source
from diamondctl.records import Gift, Usage

_OF_ROW: Final = ("timestamp", "event_id", "gifter")
_PLACE: Final = ("creator", "stream", "receiver", "region")
_MOST: Final = 200_000
# What a text may be dressed in.
_EDGES: Final = frozenset(" \t\u00a0\u202f\ufeff='\"")
_QUARTER: Final = periods.QUARTER // periods.MICROSECONDS
# Of a 0 it makes a difference how it is written.
_KINDS: Final = {Integer: Annotated[int, msgspec.Meta(gt=0)], Decimal: float}
# The rest of a time after the hour.
_CLOCK: Final = {f"{second // 60:02d}:{second % 60:02d}Z": second for second in range(3_600)}


class _Place:
    """Gifts of one creator in one region and stream by quarter of an hour; or those to somebody else."""

    __slots__ = ("key", "quarters")

    def __init__(self, key: tuple[str, ...]) -> None:
        self.key = key
        self.quarters: dict[int, list[int]] = {}  # coins, gifts, first and last second

    def add(self, second: int, coins: int) -> None:
        """One gift."""
        cell = self.quarters.get(second // _QUARTER)
        if cell is None:
            self.quarters[second // _QUARTER] = [coins, 1, second, second]
            return
        cell[0] += coins
        cell[1] += 1
        if second > cell[3]:
            cell[3] = second
        elif second < cell[2]:
            cell[2] = second


class _Plan:
    """Where rows of one shape say what, and what was learnt of them."""

    __slots__ = ("cells", "coins", "of_row", "place", "places", "sort")

    def __init__(self, value: Pairs, getter: Getter) -> None:
        paths = {name: (key,) for key, _ in value if (name := key.strip().casefold()) in COLUMNS}
        self.place: Get = getter([path for name, path in paths.items() if name in _PLACE])
        self.sort: Get = getter([path for name, path in paths.items() if name not in _OF_ROW + _PLACE])
        self.of_row: Get = getter([paths.get(name, paths["timestamp"]) for name in _OF_ROW])
        if missing := [place for place, name in enumerate(_OF_ROW) if name not in paths]:
            self.of_row = _without(self.of_row, missing)
        self.cells = [getter([paths[name]]) if name in paths else None for name in COLUMNS]
        self.places: dict[tuple[Any, ...], _Place] = {}
        self.coins: dict[tuple[Any, ...], int] = {}  # of all units


def read(source: Source, settings: Settings, price: object = None) -> Fast | None:
    """Read gifts whole, or None when the strict reader has to."""
    try:
        return _Rows(source, settings).read()
    except (Doubt, CellError, Refusal):
        return None


class _Rows:
    """One file while it is read."""

    def __init__(self, source: Source, settings: Settings) -> None:
        self._log = ProblemLog()
        self._rows = GiftRows(source.name, settings, self._log)
        self._strict = GiftObjects(source, self._rows, self._log)
        self._lines = PlainLines(source.stream, self._read_strictly, _Plan, _KINDS)
        self._timezone = settings.input_timezone or "UTC"
        self._odd: dict[str | None, int] = {None: 0}
        self._ids = array("q")
        self._count = 0
        self._places: dict[tuple[str, ...], _Place] = {}

    def read(self) -> Fast:
        """What the file amounts to."""
        rows, odd, id_ = self._rows, self._odd, self._ids.append
        hours: dict[str, int] = {}  # seconds since 1970
        count = long_ids = odd_texts = 0
        for plan, records in self._lines.runs():
            # One by one, for what is learnt of a row is asked for the next one.
            places = map(plan.places.get, map(plan.place, records))
            sorts = map(plan.coins.get, map(plan.sort, records))
            for record, place, coins, (text, event_id, gifter) in zip(
                records, places, sorts, map(plan.of_row, records), strict=True
            ):
                if (
                    place is None
                    or coins is None
                    or not text
                    or (event_id and not _is_plain(event_id))
                    or ((is_odd := odd.get(gifter, -1)) < 0 and (is_odd := self._look_at(gifter)) < 0)
                ):
                    self._remember(plan, record, self._read_cells(plan, record))
                    continue
                second = _CLOCK.get(text[14:])
                hour = hours.get(text[:14])
                if second is None or hour is None:
                    time, has_zone = cells.timestamp(text, self._timezone)
                    rows.naive_times += not has_zone
                    if second is not None:
                        hours[text[:14]] = time // periods.MICROSECONDS - second
                    second = time // periods.MICROSECONDS
                else:
                    second += hour
                odd_texts += is_odd
                if event_id:
                    long_ids += len(event_id) >= LONG_ID
                    id_(hash((place.key[0], event_id)))
                count += 1
                place.add(second, coins)
        rows.odd_texts += odd_texts
        rows.count_long_ids("event_id", long_ids)
        return self._result(self._count + count)

    def _read_strictly(self, line: bytes) -> Pairs | None:
        """Have `gift_json` read a line, and count the gift."""
        found = decode_line(line, self._strict.decoder)
        if found is None:
            return None
        text, value = found
        if not isinstance(value, Pairs):
            raise Doubt
        self._count_gift(self._strict.gift(Value(value, 1, 0, len(text))))
        return value

    def _read_cells(self, plan: _Plan, record: Any) -> Gift:
        """Have `gift_rows` read a row of a known shape, and count the gift."""
        values = [None if get is None else get(record)[0] for get in plan.cells]
        return self._count_gift(self._rows.gift(["" if value is None else str(value) for value in values], lambda _: (0, 0)))

    def _count_gift(self, gift: Gift | None) -> Gift:
        if gift is None or self._log.total:
            raise Doubt
        self._count += 1
        if gift.event_id:
            self._ids.append(hash((gift.creator, gift.event_id)))
        self._place(gift).add(gift.time // periods.MICROSECONDS, gift.coins * gift.quantity)
        return gift

    def _place(self, gift: Gift) -> _Place:
        elsewhere = gift.receiver if gift.receiver != gift.creator else ""
        key = (gift.creator, gift.region, gift.stream, elsewhere)
        return self._places.get(key) or self._places.setdefault(key, _Place(key))

    def _remember(self, plan: _Plan, record: Any, gift: Gift) -> None:
        """What a row meant, for those that say the same; texts that are odd or not written as they stand are read each time."""
        if len(plan.places) >= _MOST or len(plan.coins) >= _MOST:
            return
        place, sort = plan.place(record), plan.sort(record)
        if _as_written((gift.creator, gift.stream, gift.receiver), (*place, self._rows.settings.creator)):
            plan.places[place] = self._place(gift)
        if _as_written((gift.gift, gift.gift_id), sort):
            plan.coins[sort] = gift.coins * gift.quantity

    def _look_at(self, gifter: str) -> int:
        """Whether the name of a gifter is odd; -1 for one that may not be read as it stands."""
        if cells.text(gifter) != gifter or (gifter and (gifter[0] in _EDGES or gifter[-1] in _EDGES)):
            return -1
        is_odd = int(cells.is_odd(gifter))
        if len(self._odd) < _MOST:
            self._odd[gifter] = is_odd
        return is_odd

    def _result(self, rows: int) -> Fast:
        notices = with_kept_out(self._rows.finish(), self._strict.extra)
        if self._log.total or not rows or not all_different(self._ids):
            raise Doubt
        usage: list[Usage] = []
        elsewhere = elsewhere_coins = 0
        for (creator, region, stream, receiver), place in self._places.items():
            for quarter, (coins, gifts, first, last) in place.quarters.items():
                if receiver:
                    elsewhere += gifts
                    elsewhere_coins += coins
                else:
                    usage.append(Usage(creator, region, stream, quarter, coins, gifts, first, last))
        return Fast(self._lines.sha256(), rows, usage, elsewhere, elsewhere_coins, list(notices))


def _as_written(texts: tuple[str, ...], values: tuple[Any, ...]) -> bool:
    return all(not text or (text in values and not cells.is_odd(text)) for text in texts)


def _is_plain(event_id: str) -> bool:
    """Whether an id is what it is, and does not end like one that a spreadsheet has damaged."""
    return (
        event_id.isascii()
        and event_id.isalnum()
        and len(event_id) <= cells.MAX_EVENT_ID
        and not (event_id.endswith("000") and len(event_id) >= LONG_ID)
    )


def _without(get: Get, missing: list[int]) -> Get:
    """The same getter, with None where the shape has no such key."""
    return lambda record: tuple(None if place in missing else value for place, value in enumerate(get(record)))
