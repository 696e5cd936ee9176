"""Pictures made of the figures of a table: boxes and texts in percent of a width, which a template draws.

What is certain is drawn full, what is only possible pale: a range is never one length. Amounts are stories, as in the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from typing import Final, NamedTuple

from diamondctl.money import Range
from diamondctl.render.typeset import pixels_of

_TENTH: Final = Decimal("0.01")
_LEAST: Final = Decimal("0.6")  # percent: a figure that is not nothing can be seen
HEIGHT: Final = 12  # of a strip
TALL: Final = 190  # of columns
_TOP: Final = 34  # for two lines of figures
_PITCH: Final = 13
_GUTTER: Final = Decimal(9)  # percent, before the hours of a week
_HEAD: Final = 22
_ROW: Final = 30
_BROAD: Final = Decimal(9)  # percent that a column takes at most
_WIDE: Final = 680  # pixels that figures of columns may take beside each other
_DENSE: Final = 8  # columns, of more of which a narrow screen shows only the first letters


class Box(NamedTuple):
    """A box; `x` and `width` in percent, the rest in pixels."""

    x: Decimal
    width: Decimal
    y: int
    height: int
    tone: str


class Label(NamedTuple):
    """A text at a place."""

    x: Decimal
    y: int
    text: str
    tone: str
    anchor: str = "middle"


class Picture(NamedTuple):
    """Boxes, texts, and what they show in a sentence."""

    height: int
    boxes: tuple[Box, ...]
    labels: tuple[Label, ...] = ()
    told: str = ""


class Amount(NamedTuple):
    """A line of a way down: what is added or taken, or what is there."""

    amount: Range
    total: bool


class Column(NamedTuple):
    """A column: what it is of, its amount, the figures on it. `middle` is that of what may come."""

    label: str
    amount: Range
    figures: tuple[str, ...]
    tone: str = ""  # now | may | blank
    middle: Range | None = None


def ways(lines: Sequence[Amount]) -> list[Picture]:
    """A strip for each line of a way from one amount to the next: what is there, what comes or goes at its end."""
    least, most = _running([line.amount.low for line in lines], lines), _running([line.amount.high for line in lines], lines)
    widest = max((abs(end) for pair in (*least, *most) for end in pair), default=Decimal(0))
    return [Picture(HEIGHT, tuple(_way(line, low, high, widest))) for line, low, high in zip(lines, least, most, strict=True)]


def _running(amounts: Sequence[Decimal], lines: Sequence[Amount]) -> list[tuple[Decimal, Decimal]]:
    """Of each line, what was there before and after."""
    value, pairs = Decimal(0), []
    for amount, line in zip(amounts, lines, strict=True):
        before = Decimal(0) if line.total else value
        value = amount if line.total else value + amount
        pairs.append((before, value))
    return pairs


def _way(line: Amount, least: tuple[Decimal, Decimal], most: tuple[Decimal, Decimal], widest: Decimal) -> Iterable[Box]:
    gone = "gone" if line.amount.low < 0 or line.amount.high < 0 else "come"
    sure, may = ("sure", "may") if line.total else (gone, f"{gone}-may")
    if least[0] == most[0]:
        near, far = sorted((least[1], most[1]), key=lambda end: abs(end - least[0]))
        yield from _box(near, far, widest, may, 1, HEIGHT - 2)
        yield from _box(least[0], near, widest, sure, 1, HEIGHT - 2)
        return
    yield from _box(*least, widest, sure, 0, HEIGHT // 2 - 1)
    yield from _box(*most, widest, may, HEIGHT // 2 + 1, HEIGHT // 2 - 1)


def _box(start: Decimal, end: Decimal, widest: Decimal, tone: str, y: int, height: int) -> Iterable[Box]:
    low, high = sorted((max(start, Decimal(0)), max(end, Decimal(0))))
    if low != high:
        x, width = _percent(low, widest), max(_percent(high, widest) - _percent(low, widest), _LEAST)
        yield Box(min(x, 100 - width), width, y, height, tone)


def _percent(amount: Decimal, widest: Decimal) -> Decimal:
    return (amount * 100 / widest).quantize(_TENTH, ROUND_HALF_EVEN) if widest > 0 else Decimal(0)


def bars(amounts: Sequence[int]) -> list[Picture]:
    """A strip for each count."""
    widest = Decimal(max(amounts, default=0))
    return [Picture(HEIGHT, tuple(_box(Decimal(0), Decimal(amount), widest, "sure", 1, HEIGHT - 2))) for amount in amounts]


class Hour(NamedTuple):
    """An hour of the week: `level` 0 is drawn grey, the others paler or fuller."""

    row: int
    hour: int
    level: int
    text: str


def week(cells: Sequence[Hour], rows: Sequence[str], hours: range, told: str) -> Picture:
    """Rows of hours beside each other, each with its text."""
    dense = " dense" if len(hours) > _DENSE + _DENSE // 2 else ""
    slot = ((100 - _GUTTER) / max(len(hours), 1)).quantize(_TENTH, ROUND_DOWN)
    width = slot - _TENTH * 30
    boxes, labels = [], []
    for number, name in enumerate(rows):
        labels.append(Label(Decimal(0), _HEAD + number * _ROW + 19, name, "row", "start"))
        for hour in hours:
            boxes.append(Box(_GUTTER + slot * (hour - hours.start), width, _HEAD + number * _ROW, _ROW - 3, "empty"))
    for hour in hours:
        centre = _GUTTER + slot * (hour - hours.start) + width / 2
        labels.append(Label(centre, _HEAD - 8, f"{hour:02}", "row" if hour % 3 == 0 else "row odd"))
    for cell in cells:
        x = _GUTTER + slot * (cell.hour - hours.start)
        boxes.append(Box(x, width, _HEAD + cell.row * _ROW, _ROW - 3, f"level-{cell.level}"))
        labels.append(Label(x + width / 2, _HEAD + cell.row * _ROW + 19, cell.text, f"count on-{cell.level}{dense}"))
    return Picture(_HEAD + len(rows) * _ROW, tuple(boxes), tuple(labels), told)


def spans(rows: Sequence[tuple[Range, Range, Range]]) -> list[Picture]:
    """A strip for each figure in three futures: pale from the lowest to the highest end, full in the middle one."""
    widest = max((max(row[2].low, row[2].high) for row in rows), default=Decimal(0))
    pictures = []
    for low, middle, high in rows:
        ends = (min(low.low, low.high), max(high.low, high.high))
        boxes = [*_box(*ends, widest, "may", 1, HEIGHT - 2), *_least_box(middle, widest)]
        pictures.append(Picture(HEIGHT, tuple(boxes)))
    return pictures


def _least_box(middle: Range, widest: Decimal) -> Iterable[Box]:
    """The middle; where it is one figure, a mark."""
    low, high = _percent(middle.ordered.low, widest), _percent(middle.ordered.high, widest)
    width = max(high - low, _LEAST)
    yield Box(min(low, 100 - width), width, 0, HEIGHT, "sure")


def columns(items: Sequence[Column], told: str) -> Picture:
    """Columns beside each other: full up to the least, pale up to the most; what may come has a mark at its middle."""
    highest = max((item.amount.ordered.high for item in items), default=Decimal(0))
    slot = Decimal(100) / max(len(items), 1)
    width = min(slot * 6 / 10, _BROAD).quantize(_TENTH)
    foot = _TOP + TALL
    boxes, labels = [Box(Decimal(0), Decimal(100), foot, 1, "ground")], []
    widest = max((pixels_of(text) for item in items for text in item.figures), default=0)
    crowded = widest * len(items) > _WIDE
    for index, item in enumerate(items):
        x = (slot * index + (slot - width) / 2).quantize(_TENTH)
        low, high = (_height(end, highest) for end in (item.amount.ordered.low, item.amount.ordered.high))
        if high > low:
            boxes.append(Box(x, width, foot - high, high - low, "may" if item.middle is None else "to-come"))
        if low and item.middle is None:
            boxes.append(Box(x, width, foot - low, low, "sure"))
        if item.middle is not None:
            ends = [_height(end, highest) for end in (item.middle.ordered.low, item.middle.ordered.high)]
            boxes.append(Box(x, width, foot - ends[1], max(ends[1] - ends[0], 3), "sure"))
        centre = (x + width / 2).quantize(_TENTH)
        tone = item.tone or "past"
        labels.append(Label(centre, foot + 18, item.label, f"{tone} long" if len(items) > _DENSE else tone))
        if len(items) > _DENSE:
            labels.append(Label(centre, foot + 18, item.label[:1], f"{tone} short"))
        for line, text in enumerate(reversed(item.figures) if not crowded or item.tone == "now" else ()):
            labels.append(Label(centre, foot - high - 6 - line * _PITCH, text, f"figure {tone}"))
    return Picture(foot + 26, tuple(boxes), tuple(labels), told)


def _height(amount: Decimal, highest: Decimal) -> int:
    return int((amount * TALL / highest).to_integral_value(ROUND_HALF_EVEN)) if highest > 0 else 0
