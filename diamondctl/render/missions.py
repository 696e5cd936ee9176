"""What missions cost and what the next one is worth, in all forms."""

from __future__ import annotations

from diamondctl.money import MINOR_UNITS, Range
from diamondctl.render import frame, habits, numbers
from diamondctl.render import shape as f
from diamondctl.render.page import Part, said
from diamondctl.render.view import View
from diamondctl.reports.missions import Cost, MissionsReport, NextDay
from diamondctl.reports.remark import Command
from diamondctl.reports.remarks import percent_text
from diamondctl.words import counted


def _mission(cost: Cost) -> str:
    return f"{cost.needed:,} {'minutes' if cost.mission == 'minutes live' else 'new followers'}"


COST: f.Fields = (
    f.Field("mission", f.word("minutes live", "new followers"), title="Mission of a LIVE", show=_mission),
    f.Field("needed", f.COUNT),
    f.Field("lives", f.COUNT),
    f.Field("reached", f.COUNT, title="Reached"),
    f.Field("short", f.COUNT, title="Short of it"),
    f.Field("unknown", f.COUNT, title="Not known"),
    f.money("less", currency="account.currency"),
)
DAY: f.Fields = (
    f.Field("by", f.DAY, "sunday"),
    f.Field("minutes", f.COUNT),
    f.Field("valid_days_low", f.COUNT, "valid.low"),
    f.Field("valid_days_high", f.COUNT, "valid.high", maybe=True),
    f.Field("share_without", f.RANGE, "without"),
    f.Field("share", f.RANGE),
    f.money("worth", currency="account.currency"),
)


def _money(amount: Range, cost: Cost | NextDay) -> str:
    return numbers.to(amount, cost.account.currency)


def _short(cost: Cost) -> str:
    what = (
        f"ended before {cost.needed:,} minutes"
        if cost.mission == "minutes live"
        else f"brought fewer than {cost.needed:,} new followers"
    )
    return f"{cost.short:,} of {counted(cost.lives, 'LIVE')} {what}: {_money(cost.less, cost)} less."


def answer(report: MissionsReport) -> str:
    """The first line."""
    title = report.scope.period.title
    if not report.costs:
        return f"{title}: no LIVE that missions pay."
    known = [cost for cost in report.costs if cost.short]
    if known:
        return f"{title}: {_short(max(known, key=lambda cost: (cost.less.ordered.high, cost.less.ordered.low)))}"
    minutes = [cost for cost in report.costs if cost.mission == "minutes live"]
    lives, reached = sum(cost.lives for cost in minutes), sum(cost.reached for cost in minutes)
    needed = f"{minutes[0].needed:,} minutes"
    if reached == lives:
        return f"{title}: {'the LIVE' if lives == 1 else f'all {lives:,} LIVEs'} lasted the {needed} of the mission."
    surely = f"{reached:,} of {counted(lives, 'LIVE')} surely lasted the {needed} of the mission"
    return f"{title}: {surely}; of {lives - reached:,} it is not known."


DOCUMENT = frame.document(
    "streams-missions",
    (
        f.Field("missions", f.many((*frame.WHOSE[:3], *COST)), "costs"),
        f.Field("next_days", f.many((*frame.WHOSE[:3], *DAY)), "days"),
        f.Field("why_not", f.each(f.TEXT), "why"),
        habits.METHOD_FIELD,
    ),
    COST,
    answer=answer,
)


def view(report: MissionsReport) -> View:
    """The report in all its forms; flat, one row per mission."""
    return frame.view(
        DOCUMENT,
        report,
        lambda: _page(report),
        lambda: [(cost.account, cost) for cost in report.costs],
        evidence=lambda: [habits.method_part(report.method)],
    )


def _page(report: MissionsReport) -> list[Part]:
    first = answer(report)
    several = habits.who(report.scope.accounts) > 1
    fields = (
        *(f.pick(frame.WHOSE, "creator") if several else ()),
        *f.pick(COST, "mission", "reached", "short", "unknown"),
        f.cell("Cost", lambda cost: _money(cost.less, cost) if cost.short else "", f.FIGURE),
    )
    others = [_short(cost) for cost in report.costs if cost.short] if not several else []
    unknown = any(cost.unknown and cost.mission == "minutes live" for cost in report.costs)
    undecided = sorted({cost.account.creator for cost in report.costs if cost.undecided})
    scheme = [
        ("Missions pay some creators only. If you:", Command(f"diamondctl config set creators.{name}.scheme missions"))
        for name in undecided
    ]
    settle = ("How long a LIVE was is in TikTok's data export:", Command("diamondctl import FILE"))
    return [
        f.table(fields, report.costs, whole=not several) if report.costs else (),
        said(*(text for text in others if text not in first)),
        said(*(_next(day, several) for day in report.days if day.account.creator not in undecided)),
        said(*scheme[:1], *([settle] if unknown else []), *report.why[:3]),
    ]


def _next(day: NextDay, several: bool) -> str:
    whose = f"{day.account.creator}: one" if several else "One"
    live = f"{whose} more day with a LIVE of {day.minutes:,} minutes by {habits.day_text_of(day.sunday)}"
    if day.worth == Range.of(0) and day.share == day.without:
        return f"{live} brings no more: the weekly part stays {_percent(day.share)}."
    without, share = _percent(day.without), _percent(day.share)
    currency = day.account.currency
    worth = f"{_money(day.worth, day)} more on the gifts of the week so far" if currency in MINOR_UNITS else ""
    return f"{live} makes the weekly part {share} instead of {without}: {worth}."


def _percent(share: Range) -> str:
    return percent_text(share).replace(" - ", " to ")
