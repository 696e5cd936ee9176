"""Adjustments in all their forms."""

from __future__ import annotations

from collections.abc import Sequence

from diamondctl.money import Range
from diamondctl.records import Adjustment
from diamondctl.render import numbers
from diamondctl.render.documents import head
from diamondctl.render.tables import Column, Laid, Table, join, lay_out, notes
from diamondctl.render.view import Clean, View, records
from diamondctl.reports.adjustments import Adjustments, name_of

COLUMNS = ("adjustment", "date", "creator", "region", "kind", "amount", "currency", "reason")


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
    return [
        {
            "adjustment": name_of(item),
            "date": str(item.day),
            "creator": item.creator,
            "region": item.region or None,
            "kind": item.kind,
            "amount": f"{item.amount:f}",
            "currency": item.currency,
            "reason": item.reason,
        }
        for item in items
    ]


def table(items: Sequence[Adjustment], width: int | None, rule: str, clean: Clean) -> Laid:
    """Adjustments with their reasons, for a screen."""
    columns = (
        Column("Adjustment", figure=False),
        Column("Date", figure=False),
        Column("Creator", figure=False),
        Column("Kind", figure=False),
        Column("Amount", right=True),
        Column("Currency", figure=False),
        Column("Reason", figure=False),
    )
    cells = [
        (
            name_of(item),
            str(item.day),
            clean(item.creator) + (f" ({item.region})" if item.region else ""),
            item.kind,
            numbers.money_range(Range.of(item.amount), item.currency),
            item.currency,
            clean(item.reason),
        )
        for item in items
    ]
    return lay_out(Table(columns, tuple(cells)), width, rule)


def _screen(report: Adjustments, width: int | None, rule: str, clean: Clean) -> Laid:
    if not report.items:
        return notes(["No adjustments. Add one: diamondctl adjust add --help"], width)
    names = " ".join(map(name_of, report.items))
    texts = {
        "add": [f"Added {names}.", "Next: diamondctl balance", f"Undo: diamondctl adjust undo {names}"],
        "undo": [f"Took back {names}."],
        "list": [],
    }[report.done]
    if report.dry_run:
        texts = ["Dry run, nothing was stored."]
    return join([table(report.items, width, rule, clean), notes(texts, width)])
