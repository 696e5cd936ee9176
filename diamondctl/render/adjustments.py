"""Adjustments in all their forms."""

from __future__ import annotations

from collections.abc import Sequence

from diamondctl.money import Range
from diamondctl.records import Adjustment
from diamondctl.render import numbers
from diamondctl.render.documents import head
from diamondctl.render.shape import CURRENCY, DAY, DIGITS, Field, Fields, columns_of, json_of, screen, table, word
from diamondctl.render.tables import Laid, join, notes
from diamondctl.render.view import Clean, View, records
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
COLUMNS = columns_of(FIELDS)


def view(report: Adjustments) -> View:
    """The report in all its forms."""
    name = "adjust-list" if report.done == "list" else f"adjust-{report.done}"
    more = {} if report.done == "list" else {"dry_run": report.dry_run}
    return View(
        lambda width, rule, clean: _screen(report, width, rule, clean),
        lambda: {**head(name, True, **more), "data": {"adjustments": rows(report.items)}, "warnings": []},
        lambda: records(rows(report.items), COLUMNS, ("amount",)),
    )


def rows(items: Sequence[Adjustment]) -> list[dict[str, object]]:
    """One mapping per adjustment; money as decimal text."""
    return [json_of(FIELDS, item) for item in items]


def _screen(report: Adjustments, width: int | None, rule: str, clean: Clean) -> Laid:
    if not report.items:
        return notes(["No adjustments. Add one: diamondctl adjust add --help"], width)
    names = " ".join(item.name for item in report.items)
    texts = {
        "add": [f"Added {names}.", "Next: diamondctl balance", f"Undo: diamondctl adjust undo {names}"],
        "undo": [f"Took back {names}."],
        "list": [],
    }[report.done]
    if report.dry_run:
        texts = ["Dry run, nothing was stored."]
    return join([screen([table(FIELDS, report.items)], width, rule, clean), notes(texts, width)])
