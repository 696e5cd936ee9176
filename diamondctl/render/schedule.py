"""When a creator is live, in all forms: a map of weekday and hour, which also stands as plain characters."""

from __future__ import annotations

from typing import Final

from diamondctl.render import frame, habits
from diamondctl.render import shape as f
from diamondctl.render.page import STROKES, Part, said
from diamondctl.render.view import View
from diamondctl.reports.method import FEW, Shift
from diamondctl.reports.schedule import Cell, Schedule
from diamondctl.reports.slots import WEEKDAYS, clock
from diamondctl.words import counted

_FULL, _HALF, _, _GREY, _LIGHT = STROKES
SHADES: Final = (_GREY, _LIGHT, _HALF, _FULL)  # by level
SURE: Final = 5  # LIVEs of an hour that the first line names
CELL: f.Fields = (
    f.Field("weekday", f.word(*WEEKDAYS), lambda cell: WEEKDAYS[cell.weekday]),
    f.Field("hour", f.COUNT),
    f.Field("lives", f.COUNT),
    f.Field("coins", f.COUNT),
    f.Field("middle_coins", habits.HALF, "middle", maybe=True),
    f.Field("level", f.COUNT),
)
SLOT: f.Fields = (
    f.Field("slot", of="slot.text", title="Planned"),
    f.Field("planned", f.COUNT, title="Times"),
    f.Field("done", f.COUNT, title="Begun in time"),
)
_CLOCK: Final = f.word(pattern="^[0-2][0-9]:[0-5][0-9]$")
SHIFT: f.Fields = (
    f.Field("n", f.COUNT),
    f.Field("others", f.COUNT),
    f.Field("middle_coins", habits.HALF, "middle", maybe=True),
    f.Field("low", f.DECIMAL._replace(json=str), maybe=True),
    f.Field("high", f.DECIMAL._replace(json=str), maybe=True),
)


def _clock(minute: int | None) -> str:
    return "" if minute is None else clock(minute)


def answer(report: Schedule) -> str:
    """The first line."""
    title, lives = report.scope.period.title, len(report.lives)
    if not lives:
        return f"{title}: no LIVE that gifts name."
    text = f"{title}: {counted(lives, 'LIVE')}"
    if report.half_from is not None and report.half_to is not None:
        text += f", half of them begun between {clock(report.half_from)} and {clock(report.half_to)}"
    sure = [cell for cell in report.cells if cell.lives >= SURE]
    if len(sure) > 1:
        cell = max(sure, key=lambda cell: (cell.middle, cell.lives, -cell.weekday, -cell.hour))
        text += f"; the strongest hour was {WEEKDAYS[cell.weekday]} {cell.hour:02}:00 ({cell.lives:,} LIVEs)"
    return text + "."


DOCUMENT = frame.document(
    "schedule",
    (
        f.Field("lives", f.COUNT, lambda report: len(report.lives)),
        f.Field("cells", f.many(CELL)),
        f.Field("half_begin_from", _CLOCK, lambda report: _clock(report.half_from), maybe=True),
        f.Field("half_begin_to", _CLOCK, lambda report: _clock(report.half_to), maybe=True),
        f.Field("longest_gap_days", f.COUNT, "gap_days"),
        f.Field("longest_gap_from", f.DAY, lambda report: report.gap[0] if report.gap else None, maybe=True),
        f.Field("longest_gap_to", f.DAY, lambda report: report.gap[1] if report.gap else None, maybe=True),
        f.Field("plan", f.many(SLOT), "slots"),
        f.Field("on_plan", f.one(SHIFT), maybe=True),
        habits.METHOD_FIELD,
    ),
    CELL,
    answer=answer,
)


def view(report: Schedule) -> View:
    """The report in all its forms; flat, one row per hour of the week."""
    first = next(iter(report.scope.accounts), None)
    return frame.view(
        DOCUMENT,
        report,
        lambda: page(report),
        lambda: [(first, cell) for cell in report.cells] if first is not None else [],
        evidence=lambda: [habits.method_part(report.method)],
        closing="",
    )


def page(report: Schedule) -> list[Part]:
    """The map, the plan, gaps."""
    parts: list[Part] = []
    if report.cells:
        parts += [lambda width: _map(report, width), said(*_key(report))._replace(drawn=True)]
    elif not report.lives:
        parts.append(said("Where gifts name no LIVE, begin one after a pause: --infer-streams 2h (for files)."))
    if report.slots:
        parts.append(f.table(SLOT, report.slots, whole=True))
    return [*parts, said(*_texts(report))]


def _map(report: Schedule, width: int | None) -> list[Part]:
    """Weekdays below each other, hours beside each other: a shade, and how many LIVEs it stands for where there is room."""
    hours = list(report.hours)
    most = max(len(str(cell.lives)) for cell in report.cells)
    each = max(most + 2, 3)
    counts = width is None or 5 + each * len(hours) <= width
    if not counts:
        each = 3 if 5 + 3 * len(hours) <= (width or 0) else 2

    def cell_text(cell: Cell | None) -> str:
        if cell is None:
            return " " * each
        return f"{cell.lives if counts else ''}{SHADES[cell.level]}".rjust(each)

    # Where there is no room between them, every third hour is named.
    header = "".join(("" if each == 2 and hour % 3 else f"{hour:02}").rjust(each) for hour in hours)
    fields = (
        f.cell("", lambda weekday: WEEKDAYS[weekday], f.LABEL),
        f.cell(
            header,
            lambda weekday: "".join(cell_text(report.level(weekday, hour)) for hour in hours),
            f.PICTURE._replace(whole=True),
        ),
    )
    more = [] if counts else [said("The number of LIVEs behind each hour: on a wider screen, or --csv.")]
    return [f.table(fields, range(7), whole=True), *more]


def _key(report: Schedule) -> list[str]:
    told = [cell for cell in report.cells if cell.middle is not None]
    if not told:
        return [f"No hour has {FEW} LIVEs yet, so nothing is said of any: a longer time says more, such as -p 2026."]
    texts = []
    for level in sorted({cell.level for cell in told}, reverse=True):
        mine = [int(cell.middle or 0) for cell in told if cell.level == level]
        ends = f"{min(mine):,}" if min(mine) == max(mine) else f"{min(mine):,} to {max(mine):,}"
        texts.append(f"{SHADES[level]} {ends} coins")
    return ["; ".join(texts) + f" of the LIVE in the middle; {SHADES[0]} fewer than {FEW} LIVEs."]


def shift_text(shift: Shift, one: str, other: str) -> str:
    """How much more one group of LIVEs brought than another, or why that is not said."""
    ones = f"{counted(shift.n, 'LIVE')} {one}"
    others = f"{shift.others:,} {other}"
    if shift.low is None or shift.high is None:
        return f"{ones}, {others}: it takes five of each to tell whether that goes with more gifts."
    if shift.low <= 0 <= shift.high:
        between = f"between {-shift.low:,} coins fewer and {shift.high:,} more each"
        return f"{ones} brought {between} than {others}: no difference is certain."
    word, ends = ("more", (shift.low, shift.high)) if shift.low > 0 else ("fewer", (-shift.high, -shift.low))
    return f"{ones} brought {ends[0]:,} to {ends[1]:,} {word} coins each than {others}. That need not be the cause."


def _texts(report: Schedule) -> list[str]:
    texts = []
    if report.gap is not None:
        first, last = report.gap
        days = f"{first.day} {first:%b}" + (f" to {last.day} {last:%b}" if last != first else "")
        texts.append(f"Longest gap: {counted(report.gap_days, 'day')} without a LIVE ({days}).")
    if report.slots:
        texts.append(f"Planned {report.planned:,}, begun in time {report.done:,}.")
        if report.on_plan is not None:
            texts.append(shift_text(report.on_plan, "on plan", "at other times"))
    return texts
