"""The finding of a calibration in all its forms."""

from __future__ import annotations

from diamondctl.render import frame
from diamondctl.render import shape as f
from diamondctl.render.page import Part, said
from diamondctl.render.view import View
from diamondctl.reports.calibration import Calibrated
from diamondctl.reports.remarks import percent_text
from diamondctl.words import counted

OBSERVED: f.Fields = (
    f.Field("credit", of=lambda row: row[0], title="Credit"),
    *f.under(
        lambda row: row[1],
        (
            f.Field("amount", f.DECIMAL, title="Shown"),
            f.Field("gift_value", f.DECIMAL, "value", "Gift value"),
            f.Field("credits", f.COUNT, title="Credits"),
            f.Field("method", title="Method"),
        ),
    ),
)


def _answer(report: Calibrated) -> str:
    """The report in one sentence."""
    share = percent_text(report.finding.share)
    if report.finding.constant:
        return f"Your share was {share}, by {counted(report.finding.n, 'amount')} that the app showed."
    return f"No one share fits these {report.finding.n:,} amounts; each for itself lies within {share}."


DOCUMENT = frame.document(
    "rates-calibrate",
    (
        f.Field("account", f.one(frame.ACCOUNT)),
        f.Field("share", f.RANGE, "finding.share"),
        f.Field("n", f.COUNT, "finding.n"),
        f.Field("credits", f.COUNT, "finding.credits"),
        f.Field("method", of="finding.method"),
        f.Field("constant", f.FLAG, "finding.constant"),
        f.Field("observations", f.many(OBSERVED)),
    ),
    OBSERVED,
    answer=_answer,
)


def view(report: Calibrated) -> View:
    """Flat, one row per observation."""
    return frame.view(DOCUMENT, report, lambda: _page(report), lambda: ((report.account, row) for row in report.observations))


def _page(report: Calibrated) -> list[Part]:
    finding, account = report.finding, report.account
    if finding.constant:
        then = f"It changes nothing until you set it: diamondctl config set creators.{account.creator}.share PERCENT"
    else:
        then = "A share that is built from missions differs from LIVE to LIVE."
    if not report.possible:
        then = "No share is above 100%: an amount is of another LIVE, currency or creator. It is no evidence."
    return [f.table(OBSERVED, report.observations), said(then)]
