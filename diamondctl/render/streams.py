"""LIVEs of a period in all their forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from diamondctl.records import INFERRED
from diamondctl.render import frame, habits
from diamondctl.render import shape as f
from diamondctl.render.page import Part, said
from diamondctl.render.tables import Table
from diamondctl.render.view import View
from diamondctl.reports.streams import Live, StartHour, Streams, percent
from diamondctl.words import counted

SHOWN: Final = 5  # LIVEs on a default screen
HOURS: Final = 3


def label(live: Live) -> str:
    """`Fri 23 Oct 19:01 - 21:15`."""
    if not live.name:
        return habits.day_text(live.start)
    return f"{habits.day_text(live.start)} {live.start:%H:%M} - {live.end:%H:%M}"


def _largest(live: Live) -> str:
    gift = live.largest
    if gift is None or gift.largest * 2 < live.got.coins or not gift.gift or not live.begun:
        return ""
    return f"one {gift.gift}: {gift.largest:,}"


LIVE: f.Fields = (
    f.Field("stream", of="name"),
    f.Field("begun", f.FLAG),
    f.Field("start", f.LABEL, lambda live: live.start.isoformat(), "LIVE", show=label),
    f.Field("end", of=lambda live: live.end.isoformat()),
    f.Field("seconds", f.COUNT),
    f.Field("exact_length", f.FLAG, "known"),
    *habits.got_fields(),
    f.Field("percent", habits.PERCENT, title="Of month"),
    f.Field("gifters", f.COUNT, title="Gifters", maybe=True),
    f.Field("largest_gift", of=lambda live: live.largest.gift if live.largest else "", maybe=True),
    f.Field("largest_coins", f.COUNT, lambda live: live.largest.largest if live.largest else None, maybe=True),
    f.Field("coins_per_hour", f.COUNT, "hourly", "An hour", maybe=True),
    f.money("reward_per_hour", "hourly_reward", "account.currency", maybe=True),
)
HOUR: f.Fields = (
    f.Field("hour", f.COUNT, title="Begun at", show=lambda row: f"{row.hour:02}:00 - {(row.hour + 1) % 24:02}:00"),
    f.Field("lives", f.COUNT, title="LIVEs"),
    f.Field("coins", f.COUNT),
    f.Field("middle_coins", habits.HALF, "middle", "In the middle", maybe=True),
)


def answer(report: Streams) -> str:
    """The first line."""
    title, lives = report.scope.period.title, report.named
    noun = "LIVE"
    if not lives:
        days = report.counted
        if not days:
            return f"{title}: no LIVE and no gift."
        text = f"{title}: {counted(len(days), 'day')} with gifts; none of them names its LIVE."
        noun = "day"
    else:
        least = "" if all(live.known for live in lives) else "at least "
        text = f"{title}: {counted(len(lives), 'LIVE')}"
        text += f", {least}{habits.minutes_text(report.seconds)}." if report.seconds else _without_length(lives)
    several = habits.who(report.scope.accounts)
    if several > 1:
        text = text.replace(": ", f": {several:,} creators, ", 1)
    best, half = report.best, report.half_under
    more = [] if half is None else [f"Half of them brought under {half:,} coins"]
    if len(best) > 1 and best[0].percent > 20:
        more.append(
            f"one brought {habits.percent_text(best[0].percent)}"
            if more
            else f"One {noun} brought {habits.percent_text(best[0].percent)}"
        )
    return f"{text} {'; '.join(more)}." if more else text


DOCUMENT = frame.document(
    "streams",
    (
        f.Field("lives", f.many((*frame.WHOSE[:3], *LIVE))),
        f.Field("start_hours", f.many(HOUR), "hours"),
        habits.METHOD_FIELD,
    ),
    LIVE,
    answer=answer,
)


def view(report: Streams) -> View:
    """The report in all its forms; flat, one row per LIVE."""
    return frame.view(
        DOCUMENT,
        report,
        lambda: page(report),
        lambda: [(live.account, live) for live in report.lives],
        evidence=lambda: [
            lambda width: [_table(report, report.best, len(report.best), width)],
            habits.method_part(report.method),
        ],
    )


def _without_length(lives: Sequence[Live]) -> str:
    """What is said where nothing shows how long LIVEs were."""
    return " by pauses between gifts." if all(live.name.startswith(INFERRED) for live in lives) else "."


def page(report: Streams) -> list[Part]:
    """The best LIVEs, the middle and the least one, hours of the day in which they began."""
    best = report.best
    if not best:
        return [said(*_others(report))]
    return [
        lambda width: [(_table(report, best, SHOWN, width), said(*_middle(best), *_others(report)))],
        _hours(report.hours),
    ]


def _table(report: Streams, best: Sequence[Live], shown: int, width: int | None) -> Table:
    rest = best[shown:]
    scope = report.scope
    names = {"start": "Best LIVEs" if report.named else "Best days"}
    fields = [
        *(f.pick(frame.WHOSE, "creator") if habits.who(scope.accounts) > 1 else ()),
        *f.pick(LIVE, **names),
        *f.pick(LIVE, "coins", percent=habits.part_title(scope), coins_per_hour="An hour"),
        *f.pick(LIVE, **habits.reward_column(scope, width)),
        f.cell("Largest", _largest, drop=1),
    ]
    foot = []
    if rest:
        coins = sum(live.got.coins for live in rest)
        cells = {
            "start": _more(rest, report),
            "coins": f"{coins:,}",
            "percent": habits.percent_text(percent(coins, report.coins)),
        }
        foot = [tuple(cells.get(field.key, "") for field in fields)]
    return f.table(tuple(fields), best[:shown], foot=foot, whole=True)


def _more(rest: Sequence[Live], report: Streams) -> str:
    noun = "LIVE" if report.named else "day"
    return f"{len(rest):,} more {noun}{'' if len(rest) == 1 else 's'}"


def _middle(best: Sequence[Live]) -> list[str]:
    if len(best) <= SHOWN:
        return []
    middle, least = best[len(best) // 2], best[-1]
    first, last = (f"{live.start:%a} {live.start.day} {live.start:%b}" for live in (middle, least))
    return [f"In the middle: {first}, {counted(middle.got.coins, 'coin')}. Least: {last}, {least.got.coins:,}."]


def _others(report: Streams) -> list[str]:
    """Gifts that are in no LIVE that began in the period."""
    texts = []
    before = [live for live in report.lives if not live.begun and live.got.coins]
    if before:
        coins = sum(live.got.coins for live in before)
        texts.append(f"{coins:,} more coins came in {counted(len(before), 'LIVE')} begun before.")
    nameless = [live for live in report.lives if not live.name and live.got.coins]
    if report.named and nameless:
        coins = sum(live.got.coins for live in nameless)
        texts.append(f"{coins:,} more coins of {counted(len(nameless), 'day')} name no LIVE.")
    return texts


def _hours(hours: Sequence[StartHour]) -> Part:
    """The hours with most LIVEs, by time; those of too few in one line."""
    enough = sorted((row for row in hours if row.middle is not None), key=lambda row: (-row.lives, row.hour))[:HOURS]
    if len(enough) < 2:
        return ()
    enough.sort(key=lambda row: row.hour)
    most = max(int(row.middle or 0) for row in enough)
    fields = (
        *f.pick(HOUR, "hour", "lives", "middle_coins"),
        f.cell("Picture", lambda row: habits.bar(int(row.middle), most), f.PICTURE, drop=1),
    )
    few = sum(row.lives for row in hours) - sum(row.lives for row in enough)
    text = f"{counted(few, 'LIVE')} began at other hours." if few else ""
    return (f.table(fields, enough, whole=True), said(text))
