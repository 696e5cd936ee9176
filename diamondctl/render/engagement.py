"""What dashboards say beside gifts, in all forms."""

from __future__ import annotations

from typing import Final

from diamondctl.render import frame, habits
from diamondctl.render import shape as f
from diamondctl.render.page import Part, said
from diamondctl.render.view import View
from diamondctl.reports.engagement import MEASURES, Engagement, Pairing
from diamondctl.reports.method import ENOUGH

_NAMES: Final = {
    "viewers": "viewers",
    "likes": "likes",
    "comments": "people who comment",
    "new_followers": "new followers",
    "seconds": "minutes live",
}
_WORDS: Final = {
    "more": "goes with more gifts",
    "fewer": "goes with fewer gifts",
    "not told": "cannot be told",
    "too few": "too few to say",
}


def _interval(item: Pairing) -> str:
    return "" if item.found.low is None else f"{item.found.low:+.2f} to {item.found.high:+.2f}"


PAIRING: f.Fields = (
    f.Field("measure", f.word(*MEASURES), title="More of", show=lambda item: _NAMES[item.measure]),
    f.Field("by", f.word("LIVE", "day"), title="By"),
    f.Field("source"),
    f.Field("n", f.COUNT, "found.n", "Of them"),
    f.Field("correlation", f.DIGITS, "found.rho", maybe=True),
    f.Field("low", f.DIGITS, "found.low", maybe=True),
    f.Field("high", f.DIGITS, "found.high", maybe=True),
    f.Field("verdict", f.word(*_WORDS), title="", show=lambda item: _WORDS[item.verdict]),
)


def answer(report: Engagement) -> str:
    """The first line."""
    title = report.scope.period.title
    if not report.pairings:
        return f"{title}: no dashboard says anything of viewers, likes, comments or followers."
    sure = [_NAMES[item.measure] for item in report.pairings if item.verdict == "more"]
    fewer = [_NAMES[item.measure] for item in report.pairings if item.verdict == "fewer"]
    parts = [f"more {habits.both(sure)} go with more gifts"] if sure else []
    parts += [f"more {habits.both(fewer)} go with fewer gifts"] if fewer else []
    if not parts:
        return f"{title}: of nothing it can be told yet whether it goes with more gifts."
    return f"{title}: {'; '.join(parts)}. What causes it is not known."


DOCUMENT = frame.document(
    "streams-engagement",
    (f.Field("pairings", f.many(PAIRING)), habits.METHOD_FIELD),
    PAIRING,
    answer=answer,
)


def view(report: Engagement) -> View:
    """The report in all its forms; flat, one row per measure."""
    first = next(iter(report.scope.accounts), None)
    return frame.view(
        DOCUMENT,
        report,
        lambda: _page(report),
        lambda: [(first, item) for item in report.pairings] if first is not None else [],
        evidence=lambda: [habits.method_part(report.method)],
        closing="",
    )


def _page(report: Engagement) -> list[Part]:
    fields = (
        *f.pick(PAIRING, "measure", "by", "n"),
        f.cell("Rank correlation", _interval, f.FIGURE),
        f.cell("With coins", lambda item: _WORDS[item.verdict], f.LABEL),
    )
    missing = "LIVE Center's engagement and viewer files, or TikTok's data export, say it: diamondctl import FILE"
    few = any(item.verdict == "too few" for item in report.pairings)
    return [
        f.table(fields, report.pairings, whole=True) if report.pairings else (),
        said(
            "" if report.pairings else missing,
            f"Of fewer than {ENOUGH} nothing is said: a longer time says more, such as -p 2026." if few else "",
        ),
    ]
