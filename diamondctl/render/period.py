"""Closing months, in all forms: what a check found, what a close sealed, every close there was."""

from __future__ import annotations

from operator import itemgetter
from typing import Final, NamedTuple

from diamondctl.money import Range
from diamondctl.records import Close
from diamondctl.render import junit
from diamondctl.render import shape as f
from diamondctl.render.page import Part, said
from diamondctl.render.view import View
from diamondctl.reports.closing import KINDS, Check, Closes, Closing, Finding, Sealed, sealed_rows
from diamondctl.reports.moved import Figure
from diamondctl.reports.sealed import signed_text
from diamondctl.words import counted, few

_MOST: Final = 8  # rows of a screen

FINDING: f.Fields = (
    f.Field("kind", f.word(*KINDS), title="Finding", show=lambda item: item.title),
    f.Field("creator", title="Creator", maybe=True),
    f.Field("text", title="What"),
    f.Field("stops", f.FLAG),
    f.Field("accepted", maybe=True),
    f.Field("remedy", maybe=True),
)
_CHECK: f.Fields = (
    f.Field("period", of="period.label"),
    f.Field("first_day", f.DAY, "period.start"),
    f.Field("last_day", f.DAY, "period.last_day"),
    f.Field("closed", f.FLAG),
    f.Field("creators", f.each(f.TEXT)),
    f.Field("findings", f.many(FINDING)),
)

CORRECTION: f.Fields = (
    f.Field("creator", title="Corrected"),
    f.Field("month", title="Month", kind=f.LABEL),
    f.Field("basis", f.word("earned", "credited", "paid", "wallet"), title="Basis"),
    f.Field("currency", f.CURRENCY, title="Currency"),
    f.money("before", title="Before"),
    f.money("after", title="After"),
    f.Field("cause", title="By", drop=1, maybe=True),
    f.Field("booked", kind=f.LABEL, title="Booked in"),
)
SEALED: f.Fields = (
    f.Field("creator", title="Creator"),
    f.Field("currency", f.CURRENCY, title="Currency"),
    f.money("earned", title="Earned"),
    f.money("credited", title="Credited"),
    f.money("paid", title="Arrived"),
)
_FIGURE: f.Fields = (
    f.Field("creator", of="figure.creator"),
    f.Field("month", of="figure.month"),
    f.Field("currency", f.CURRENCY, "figure.currency"),
    f.Field("basis", f.word("earned", "credited", "paid"), "figure.basis"),
    f.money("amount", currency="figure.currency"),
)
CLOSE_: f.Fields = (
    f.Field("period", title="Closed"),
    f.Field("first", title="From", kind=f.LABEL),
    f.Field("last", title="To", kind=f.LABEL),
    f.Field("version", title="diamondctl", drop=2),
    f.Field("closed", title="On (UTC)", kind=f.LABEL),
    f.Field("reopened", maybe=True),
    f.Field("reason", maybe=True),
    f.Field(
        "accepted",
        f.many((f.Field("finding", of=lambda pair: pair[0]), f.Field("reason", of=lambda pair: pair[1]))),
    ),
)


class _Amount(NamedTuple):
    """A sealed figure with its amount."""

    figure: Figure
    amount: Range


def _figures(report: Closing) -> list[_Amount]:
    return [_Amount(*item) for seal in report.seals for item in seal.figures.items()]


def _rows(report: Closing) -> list[Sealed]:
    return sealed_rows(report.seals, report.check.period.start.strftime("%Y-%m"))


_first, _second = itemgetter(0), itemgetter(1)  # of a close with its corrections


def _ready(report: Check) -> str:
    what = report.period.title
    if report.closed:
        return f"{what} is closed."
    if report.open:
        return f"{what} cannot be closed yet: {counted(len(report.open), 'finding')}."
    return f"{what} is ready to close: {counted(len(report.creators), 'creator')}, nothing in the way."


def _done(report: Closing) -> str:
    what = report.check.period.title
    figures = sum(len(seal.figures) for seal in report.seals)
    if report.done == "refused":
        return _ready(report.check)
    if report.done == "known":
        return f"{what} is closed already; nothing was changed."
    if report.done == "dry-run":
        return f"Dry run, nothing was stored. {what} would be closed: {counted(figures, 'figure')}."
    return f"{what} is closed: {counted(figures, 'figure')}, {counted(len(report.seals), 'month')} sealed."


def _up_to(report: Closes) -> str:
    standing = [close.last for close, _ in report.closes if close.stands]
    if standing:
        return f"Closed up to {max(standing)}."
    return "No month is closed any more." if report.closes else "No month is closed."


def _reopened(close: Close) -> str:
    return f"{close.period} is open again: {close.reason}"


CHECK: Final = f.Document("period-check", _CHECK, FINDING, answer=_ready)
CLOSE: Final = f.Document(
    "period-close",
    (
        f.Field("done", f.word("closed", "known", "refused", "dry-run")),
        f.Field("check", f.one(_CHECK)),
        f.Field("close", f.one(CLOSE_), maybe=True),
        f.Field("figures", f.many(_FIGURE), _figures),
        f.Field("corrections", f.many(CORRECTION)),
    ),
    SEALED,
    answer=_done,
)
_OF_CLOSE: Final = tuple(item for item in CLOSE_ if item.key != "accepted")
LIST: Final = f.Document(
    "period-list",
    (
        f.Field(
            "closes",
            f.many((*f.under(_first, CLOSE_), f.Field("corrections", f.many(CORRECTION), _second))),
        ),
    ),
    f.under(_first, _OF_CLOSE),
    answer=_up_to,
)
REOPEN: Final = f.Document("period-reopen", CLOSE_, _OF_CLOSE, answer=_reopened)


def check_view(report: Check) -> View:
    """What stands in the way of closing a period."""
    return CHECK.view(
        report,
        lambda: [*_finding_parts(report), said(*_next(report))],
        lambda: report.findings,
        complete=not report.open,
        texts={"junit": lambda: junit.document("diamondctl period check", _suites(report))},
    )


def _finding_parts(report: Check) -> list[Part]:
    ordered = [*report.open, *(item for item in report.findings if not item.open)]
    columns = (
        *f.pick(FINDING, "kind", "creator", "text"),
        f.cell("Stops", lambda item: "accepted" if item.accepted else "yes" if item.open and not report.closed else "no"),
    )
    rest = len(ordered) - _MOST
    return [
        f.table(columns, ordered[:_MOST]) if ordered else (),
        said(f"{counted(rest, 'more finding')}: --json" if rest > 0 else ""),
    ]


def _next(report: Check) -> list[str]:
    label = report.period.label
    if report.closed:
        return ["Every close: diamondctl period list"]
    if not report.open:
        return [f"Close it: diamondctl period close {label}"]
    remedies = list(dict.fromkeys(item.remedy for item in report.open if item.remedy))
    kinds = dict.fromkeys(item.kind for item in report.open if item.kind not in ("not-priced", "not-corrected"))
    accept = " ".join(f"--accept {kind}" for kind in kinds)
    return [
        f"Settle: {'; '.join(remedies[:3])}" if remedies else "",
        f"Or accept: diamondctl period close {label} {accept} --reason TEXT" if kinds else "",
    ]


def _suites(report: Check) -> dict[str, list[junit.Case]]:
    """One suite a kind, so that what was looked at and is well is seen too."""
    suites: dict[str, list[junit.Case]] = {}
    for kind, title in KINDS.items():
        mine = [item for item in report.findings if item.kind == kind]
        suites[title] = [_case(item) for item in mine] or [junit.Case(kind, "nothing found")]
    return suites


def _case(item: Finding) -> junit.Case:
    name = f"{item.creator}: {item.text}" if item.creator else item.text
    return junit.Case(item.kind, name, item.open, f"{item.text}{f' ({item.remedy})' if item.remedy else ''}")


def close_view(report: Closing) -> View:
    """What became of a close."""
    return CLOSE.view(report, lambda: _close_page(report), lambda: _rows(report), complete=report.done != "refused")


def _close_page(report: Closing) -> list[Part]:
    if report.done == "refused":
        return [*_finding_parts(report.check), said(*_next(report.check))]
    label, rows = report.check.period.label, _rows(report)
    rest = len(rows) - _MOST
    accepted = [] if report.close is None else [f"{finding} ({why})" for finding, why in report.close.accepted]
    stays = (
        f"From now on nothing changes {label}: what comes later is booked as a correction, with --correct.",
        f"Open it again: diamondctl period reopen {label} --reason TEXT",
    )
    return [
        f.table(SEALED, rows[:_MOST]) if rows else (),
        said(f"{counted(rest, 'more row')}: --csv" if rest > 0 else ""),
        f.table(CORRECTION, report.corrections[:_MOST]) if report.corrections else (),
        said(f"Accepted: {'; '.join(accepted)}" if accepted and report.done != "known" else ""),
        said(*stays) if report.done != "dry-run" else (),
    ]


def list_view(report: Closes) -> View:
    """Every close there was."""
    return LIST.view(report, lambda: _list_page(report), lambda: report.closes)


def _list_page(report: Closes) -> list[Part]:
    columns = (
        f.cell("Closed", lambda pair: pair[0].period, f.LABEL),
        f.cell("On (UTC)", lambda pair: pair[0].closed, f.LABEL),
        f.cell("Accepted", lambda pair: few([name for name, _ in pair[0].accepted]) or "-", drop=1),
        f.cell("Corrections", lambda pair: f"{len(pair[1]):,}", f.FIGURE),
        f.cell("State", lambda pair: "closed" if pair[0].stands else f"reopened: {pair[0].reason}"),
    )
    corrections = [item for _, mine in report.closes for item in mine]
    texts = [
        f"Corrected in {item.booked}: {item.creator} {item.month}, {item.basis}: "
        f"{signed_text(item.amount, item.currency)} ({item.cause})"
        for item in corrections[:_MOST]
    ]
    rest = len(corrections) - _MOST
    standing = any(close.stands for close, _ in report.closes)
    return [
        f.table(columns, report.closes) if report.closes else (),
        said(*texts, f"{counted(rest, 'more correction')}: --json" if rest > 0 else ""),
        said("" if standing else "Close a month: diamondctl period close last-month"),
    ]


def reopen_view(close: Close) -> View:
    """A close that stands no more."""
    texts = (
        "Its figures are worked out anew, and its corrections count no more. The close is kept: diamondctl period list",
        f"Close it again: diamondctl period close {close.period}",
    )
    return REOPEN.view(close, lambda: [said(*texts)], lambda: [close])
