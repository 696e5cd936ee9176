"""Adjustments in all their forms."""

from __future__ import annotations

from diamondctl.money import Range
from diamondctl.render import numbers
from diamondctl.render.documents import DRY_RUN
from diamondctl.render.page import Part, said
from diamondctl.render.shape import CURRENCY, DAY, DIGITS, Document, Field, Fields, many, table, word
from diamondctl.render.view import View
from diamondctl.reports.upkeep import Adjustments

FIELDS: Fields = (
    Field("adjustment", word(pattern="^a[0-9]{3,}$"), "name", "Adjustment"),
    Field("date", DAY, "day", "Date"),
    Field("creator", title="Creator", show=lambda item: item.creator + (f" ({item.region})" if item.region else "")),
    Field("region", maybe=True),
    Field("kind", word("opening", "refund", "reversal", "bonus", "exchange"), title="Kind"),
    Field("amount", DIGITS, title="Amount", show=lambda item: numbers.money_range(Range.of(item.amount), item.currency)),
    Field("currency", CURRENCY, title="Currency"),
    Field("reason", title="Reason"),
)
_DATA = (Field("adjustments", many(FIELDS), "items"),)
LIST = Document("adjust-list", _DATA, FIELDS)
ADD = Document("adjust-add", _DATA, FIELDS, DRY_RUN)
UNDO = Document("adjust-undo", _DATA, FIELDS, DRY_RUN)


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
    return [table(FIELDS, report.items), said(*texts)]
