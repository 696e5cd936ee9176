"""Records in all their forms: what a person recorded, beside the files that were imported."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from diamondctl.exchange import difference
from diamondctl.money import Range, percent_change
from diamondctl.rating.places import rate_of, taken_of
from diamondctl.records import Record
from diamondctl.render import numbers
from diamondctl.render import shape as f
from diamondctl.render.page import Part, said
from diamondctl.render.tables import Table
from diamondctl.render.view import View
from diamondctl.reports.recorded import Detail

ID = f.word(pattern="^[pbcia][0-9]{3,}$")


def _what(item: Any) -> str:
    """In a few words: `by paypal, 287.40 USD arrived on 2026-10-15`."""
    if item.sort == "payout":
        by = f"by {item.method}, " if item.method else ""
        if item.leg == "back":
            return f"{by}{item.status}, in the wallet again"
        if item.status:
            return f"{by}{item.status}" + (f" on {item.ended}" if item.ended else "")
        if item.arrived is None:
            return f"{by}no arrival recorded"  # for how long it has been on the way, `explain` says
        arrived = numbers.money_range(Range.of(item.arrived), item.arrived_currency)
        return f"{by}{arrived} {item.arrived_currency} arrived on {item.arrived_on}"
    if item.sort == "balance":
        text = f"the app showed it at {item.at}" if item.at else "the app showed it"
        return f"{text}, after {item.after}" if item.after else text
    if item.sort == "credit":
        return f"credited for the {item.kind} {item.name}" if item.kind != "live" else f"credited for the LIVE {item.name}"
    if item.sort == "income":
        what = f"{item.kind}, " if item.kind else ""
        return f"{what}from {item.name}" + ("" if item.paid else ", not paid yet")
    return str(item.kind)


def arrived_text(item: Record) -> str:
    """`287.40 USD on 2026-10-15`."""
    if item.arrived is None:
        return "-"
    return f"{numbers.money_range(Range.of(item.arrived), item.arrived_currency)} {item.arrived_currency} on {item.arrived_on}"


def taken_text(item: Record) -> str:
    """`12.60 USD (4.2%)`, tax and the difference to an exchange rate named."""
    parts = []
    for place, amount, currency in taken_of(item):
        if place != "fx":
            percent = f" ({percent_of_payout(item)})" if place == "fee" and currency == item.currency else ""
            name = " tax" if place == "tax" else ""
            parts.append(f"{numbers.money_range(Range.of(amount), currency)} {currency}{percent}{name}")
    rate = rate_of(item)
    if rate is not None and item.arrived is not None:
        said = difference(item.amount - (item.tax or Decimal(0)), item.arrived, rate).line
        parts = [*(part for part in parts if part.endswith("tax")), f"{said} Rate: {item.exchange_source}"]
    elif item.arrived_currency not in ("", item.currency):
        parts.append("what the exchange took is not known: --fx FILE or --exchange RATE tells")
    return "; ".join(parts) or "nothing"


def percent_of_payout(item: Record) -> str:
    """What was taken of a payout that arrived in its own currency, such as `4.2%`."""
    assert item.arrived is not None
    percent = percent_change(item.arrived, item.amount)
    return f"{abs(percent or Decimal(0))}%"


def arrival_text(item: Record) -> str:
    """What arrived, and what was taken on the way."""
    assert item.arrived is not None
    arrived = f"{numbers.money_range(Range.of(item.arrived), item.arrived_currency)} {item.arrived_currency} arrived."
    taken = taken_text(item)
    return f"{arrived} Taken on the way: {taken if taken.endswith('.') else f'{taken}.'}"


RECORD: f.Fields = (
    f.Field("record", ID, "id", "Record", maybe=True),
    f.Field("sort", f.word("payout", "balance", "credit", "income", "adjustment"), title="Is a"),
    f.Field("date", f.DAY, "day", "Date"),
    f.Field("creator", title="Creator", show=lambda item: item.creator + (f" ({item.region})" if item.region else "")),
    f.Field("region", maybe=True),
    f.Field("kind", maybe=True),
    f.Field("for", of="name", maybe=True),
    f.Field("amount", f.DIGITS, title="Amount", show=lambda item: numbers.money_range(Range.of(item.amount), item.currency)),
    f.Field("currency", f.CURRENCY, title="Currency"),
    f.Field("at", maybe=True),
    f.Field("after", maybe=True),
    f.Field("method", maybe=True),
    f.Field("arrived", f.DIGITS, maybe=True),
    f.Field("arrived_currency", f.CURRENCY, maybe=True),
    f.Field("arrived_on", f.DAY, maybe=True),
    f.Field("tax", f.DIGITS, maybe=True),
    f.Field("exchange", maybe=True),
    f.Field("exchange_source", maybe=True),
    f.Field("invoice", maybe=True),
    f.Field("invoiced", f.DAY, maybe=True),
    f.Field("paid", f.FLAG),
    f.Field("id", of="key", maybe=True),
    f.Field("account", maybe=True),
    f.Field("fee", f.DIGITS, maybe=True),
    f.Field("leg", maybe=True),
    f.Field("status", maybe=True),
    f.Field("ended", f.DAY, maybe=True),
    f.Field("places", maybe=True),
    f.Field("also", maybe=True),
    f.Field("reason", title="Reason", blank="", drop=1),
)
ENTRY: f.Fields = (
    f.Field("record", ID, maybe=True),
    f.Field("date", f.DAY, "day"),
    f.Field("what"),
    f.Field("postings", f.many((f.Field("place"), f.money("amount"), f.money("stories", "amount", kind=f.STORIES)))),
)
TAKEN: f.Fields = (
    f.Field("place", of=lambda part: part[0]),
    f.Field("amount", f.DIGITS, lambda part: part[1]),
    f.Field("currency", f.CURRENCY, lambda part: part[2]),
)
# What adjustments have always been in reports.
ADJUSTMENTS: f.Fields = (
    f.Field("adjustment", f.word(pattern="^a[0-9]{3,}$"), "id", maybe=True),
    *f.pick(RECORD, "date", "creator", "region", "kind", "amount", "currency", "reason"),
)
# What a screen shows of many.
RECORDS: f.Fields = (
    *f.pick(RECORD, "record", "sort", "date", "creator", "amount", "currency"),
    f.cell("What", _what),
    *f.pick(RECORD, "reason"),
)
SHOW_RECORD = f.Document(
    "records-show-record",
    (f.Field("record", f.one(RECORD), "item"), f.Field("entries", f.many(ENTRY))),
    RECORD,
    answer=lambda report: f"{report.item.id}: {_told(report.item)}",
)


def _told(item: Record) -> str:
    amount = f"{numbers.money_range(Range.of(item.amount), item.currency)} {item.currency}"
    return f"{item.sort} of {amount}, {item.creator}, on {item.day}."


def record_view(report: Detail) -> View:
    """One record, and how it moves money."""
    return SHOW_RECORD.view(report, lambda: _record_page(report), lambda: [report.item])


def _record_page(report: Detail) -> list[Part]:
    item = report.item
    facts = [
        f"{field.key.replace('_', ' ')}: {field.kind.screen(value)}"
        for field in RECORD
        if field.key in _FACTS and (value := field.value(item)) is not None
    ]
    return [f.table(RECORDS, [item]), said(*facts), *(_entry(entry) for entry in report.entries)]


_FACTS = ("after", "tax", "exchange", "exchange_source", "invoice", "invoiced", "id", "account", "fee", "places", "also")


def _entry(entry: Any) -> Table:
    """An entry as its postings."""
    fields = (
        f.cell("Place", lambda posting: posting.place),
        f.cell("Moves", lambda posting: numbers.money_range(posting.amount, posting.currency), f.FIGURE),
        f.cell("Currency", lambda posting: posting.currency),
    )
    return f.table(fields, entry.postings, f"{entry.what.capitalize()} on {entry.day}")
