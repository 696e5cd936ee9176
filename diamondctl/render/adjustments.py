"""Adjustments in all their forms."""

from __future__ import annotations

from diamondctl.money import Range
from diamondctl.render import numbers
from diamondctl.render import shape as f
from diamondctl.render.documents import DRY_RUN
from diamondctl.render.page import Part, said
from diamondctl.render.view import View
from diamondctl.reports.upkeep import Adjustments

FIELDS: f.Fields = (
    f.Field("adjustment", f.word(pattern="^a[0-9]{3,}$"), "name", "Adjustment"),
    f.Field("date", f.DAY, "day", "Date"),
    f.Field("creator", title="Creator", show=lambda item: item.creator + (f" ({item.region})" if item.region else "")),
    f.Field("region", maybe=True),
    f.Field("kind", f.word("opening", "refund", "reversal", "bonus", "exchange"), title="Kind"),
    f.Field("amount", f.DIGITS, title="Amount", show=lambda item: numbers.money_range(Range.of(item.amount), item.currency)),
    f.Field("currency", f.CURRENCY, title="Currency"),
    f.Field("reason", title="Reason"),
)
_DATA = (f.Field("adjustments", f.many(FIELDS), "items"),)
LIST = f.Document("adjust-list", _DATA, FIELDS)
ADD = f.Document("adjust-add", _DATA, FIELDS, DRY_RUN)
UNDO = f.Document("adjust-undo", _DATA, FIELDS, DRY_RUN)


def view(report: Adjustments) -> View:
    """The report in all its forms."""
    document = {"list": LIST, "add": ADD, "undo": UNDO}[report.done]
    return document.view(report, lambda: _page(report), lambda: report.items)


def _page(report: Adjustments) -> list[Part]:
    if not report.items:
        return [said("No adjustments. Add one: diamondctl adjust add --help")]
    names = " ".join(item.name for item in report.items)
    texts = {
        "add": [f"Added {names}.", "Next: diamondctl balance", f"Undo: diamondctl adjust undo {names}"],
        "undo": [f"Took back {names}."],
        "list": [],
    }[report.done]
    if report.dry_run:
        texts = ["Dry run, nothing was stored."]
    return [f.table(FIELDS, report.items), said(*texts)]
