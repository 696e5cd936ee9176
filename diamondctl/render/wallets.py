"""What every report shows of wallets, and of the minimums that stand in them."""

from __future__ import annotations

from diamondctl.render import adjustments, entries
from diamondctl.render import shape as f
from diamondctl.render.entries import amount_digits
from diamondctl.reports.wallets import MONEY as SUMS

MINIMUM: f.Fields = (
    f.Field("method", of="minimum.method"),
    f.Field("amount", f.DECIMAL._replace(json=str), lambda check: amount_digits(check.minimum.amount, check.minimum.currency)),
    f.Field("unit", of=lambda check: check.minimum.currency or "diamonds"),
    f.Field("answer", f.word("above", "below", "depends", "other currency")),
    f.Field("certain", f.FLAG),
    *f.under("entry", entries.PLACE),
)
MINIMUMS = f.Field("minimums", f.many(MINIMUM), forms="json")
# Their answers alone.
ANSWERS = f.Field(
    "minimum", of=lambda row: ", ".join(check.words for check in row.minimums), title="Minimum", drop=1, forms="flat"
)
# One that an option says is in no ledger, so it has no number.
ADJUSTMENTS: f.Fields = (
    adjustments.FIELDS[0]._replace(of=lambda item: item.name if item.number else None, maybe=True),
    *adjustments.FIELDS[1:],
)
STATE: f.Fields = (
    f.Field("diamonds", f.DECIMAL),
    *(f.money(name, currency="account.currency", title=name.capitalize()) for name in SUMS),
    f.Field("pending_until", f.DAY._replace(right=True), title="Pending until", maybe=True),
    f.Field("adjustments", f.many(ADJUSTMENTS), "account.adjustments", forms="json"),
    MINIMUMS,
    ANSWERS._replace(blank="not known"),
)
WALLET: f.Fields = (
    f.Field("creator", of="state.account.creator"),
    f.Field("platform", of="state.account.zone.platform"),
    f.Field("currency", f.CURRENCY, "state.account.currency"),
    f.Field("regions", f.each(f.REGION)),
    f.Field("home_region", f.REGION, "state.account.region"),
    *f.under("state", STATE),
)
WALLETS = f.Field("wallets", f.many(WALLET))
