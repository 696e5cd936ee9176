"""What a creator may post, in all its forms: a text, and a card as SVG."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from diamondctl.render import frame, numbers, sheet
from diamondctl.render import shape as f
from diamondctl.render.formats import Format
from diamondctl.render.habits import minutes_text
from diamondctl.render.page import Part, said
from diamondctl.render.view import View
from diamondctl.reports.share import FEWEST, Share
from diamondctl.reports.slots import WEEKDAYS
from diamondctl.words import counted

SVG: Final = Format("svg", ".svg")
THANKS: Final = "Thank you to everyone who was there."
PROMISE: Final = "Not a promise of income."
_LEFT: Final = 640  # pixels that a line may take beside the days
_WHOLE: Final = 1040
_DAYS: Final = 42  # of a card: six weeks of seven
_STEP: Final = 52


def _hours(report: Share) -> str:
    if not report.seconds:
        return ""
    return f"{'' if report.exact else 'at least '}{minutes_text(report.seconds)}"


def _gifts(report: Share) -> str:
    if report.gifts is None or not report.gifts:
        return ""
    return counted(report.gifts, "gift") + (f" from {report.people:,} people" if report.people is not None else "")


def _money(report: Share) -> str:
    """As a range where it is one, with the number of LIVEs behind it."""
    if not report.money:
        return ""
    amounts = " and ".join(numbers.to(amount, currency) for currency, amount in report.money)
    return f"Reward from {counted(report.lives, 'LIVE')}: {amounts}. {PROMISE}"


def answer(report: Share) -> str:
    """The first line of the post."""
    facts = [counted(report.lives, "LIVE"), *filter(None, (_hours(report), _gifts(report)))]
    return f"{report.scope.period.title}: {', '.join(facts)}."


def text(report: Share) -> str:
    """The post."""
    return " ".join(filter(None, (answer(report), _money(report), THANKS)))


DATA: f.Fields = (
    f.Field("lives", f.COUNT, title="LIVEs"),
    f.Field("seconds", f.COUNT),
    f.Field("exact_length", f.FLAG, "exact"),
    f.Field("gifts", f.COUNT, maybe=True),
    f.Field("gifters", f.COUNT, "people", maybe=True),
    f.Field("hidden", f.FLAG),
)
_REWARD: f.Fields = (
    f.Field("currency", f.CURRENCY, lambda pair: pair[0]),
    f.money("reward", lambda pair: pair[1], lambda pair: pair[0]),
)
DOCUMENT = f.Document(
    "report-share",
    (
        *DATA,
        f.Field("days", f.each(f.DAY), lambda report: map(str, report.days)),
        f.Field("rewards", f.many(_REWARD), "money"),
        f.Field("text", of=text),
    ),
    (f.Field("period", of="scope.period.label"), *DATA),
    (f.Field("period", f.one(frame.PERIOD), "scope.period"),),
    answer=answer,
)


def view(report: Share) -> View:
    """The card in all its forms: nothing but what may be posted, so no file and no creator is named."""
    made = DOCUMENT.view(
        report,
        lambda: _page(report),
        lambda: [report],
        complete=report.scope.complete,
        warnings=report.warnings,
    )
    return made._replace(texts={SVG.name: lambda: card(report)})


def _page(report: Share) -> list[Part]:
    few = f"Fewer than {FEWEST} people gave something: what they gave is not told." if report.hidden else ""
    return [said(_money(report), THANKS), said(few, "As a card: the same with -o card.svg")]


class Line(NamedTuple):
    """A line of the card."""

    text: str
    y: int
    size: int
    tone: str


class Square(NamedTuple):
    """A day of the card, or a name above them."""

    x: int
    y: int
    tone: str = ""
    text: str = ""


def card(report: Share) -> str:
    """The card as SVG."""
    return sheet.written(
        "share.svg.j2", told=text(report), lines=list(_lines(report)), days=list(_squares(report)), labels=list(_names(report))
    )


def _lines(report: Share) -> Iterator[Line]:
    width = _LEFT if _shows_days(report) else _WHOLE
    large = counted(report.lives, "LIVE")
    told = (
        (report.scope.period.title, 130, 36, "soft", width),
        (large, 270, 128, "bold", width),
        (_hours(report), 340, 44, "", width),
        (_gifts(report), 400, 44, "", width),
        (_money(report), 500, 30, "bold", _WHOLE),
        (THANKS, 560, 30, "soft", _WHOLE),
    )
    for words, y, size, tone, most in told:
        if words:
            yield Line(words, y, sheet.size_of(words, most, size), tone)


def _shows_days(report: Share) -> bool:
    first = report.scope.period.start
    return bool(report.days) and (report.scope.period.end - first).days + first.weekday() <= _DAYS


def _squares(report: Share) -> Iterator[Square]:
    """A square for each day, weeks below each other; full where a LIVE began."""
    if not _shows_days(report):
        return
    first, live = report.scope.period.start, set(report.days)
    for number in range((report.scope.period.end - first).days):
        day: date = first + timedelta(days=number)
        week = (number + first.weekday()) // 7
        yield Square(_column(day.weekday()), 130 + week * _STEP, "live" if day in live else "day")


def _names(report: Share) -> Iterator[Square]:
    if _shows_days(report):
        for number, name in enumerate(WEEKDAYS):
            yield Square(_column(number) + 22, 116, text=name[:1])


def _column(weekday: int) -> int:
    return 764 + weekday * _STEP
