"""What every report shows of wallets, and of the minimums that stand in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal, NamedTuple

from diamondctl import periods
from diamondctl.money import ZERO, Range
from diamondctl.rating.wallet import Difference
from diamondctl.render import entries, numbers
from diamondctl.render import shape as f
from diamondctl.render.entries import amount_digits
from diamondctl.render.records import ADJUSTMENTS, ID, RECORD
from diamondctl.render.tables import Table
from diamondctl.reports.wallets import MONEY as SUMS
from diamondctl.reports.wallets import Wallet
from diamondctl.words import platform_name

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
STATE: f.Fields = (
    f.Field("diamonds", f.DECIMAL),
    *(f.money(name, currency="account.currency", title=name.capitalize()) for name in SUMS),
    f.Field("pending_until", f.DAY._replace(right=True), title="Pending until", maybe=True),
    f.Field("adjustments", f.many(ADJUSTMENTS), "account.adjustments", forms="json"),
    MINIMUMS,
    ANSWERS._replace(blank="not known"),
)
_CURRENCY = "state.account.currency"


def _last(wallet: Wallet) -> tuple[Difference, str] | None:
    """The last balance that the app showed, and its currency."""
    differences = wallet.held.differences
    return (differences[-1], wallet.state.account.currency) if differences else None


# What the app showed, what was computed for that moment, and the difference.
OBSERVED: f.Fields = (
    f.Field("record", ID, lambda item: item[0].record.id),
    f.Field("date", f.DAY, lambda item: item[0].record.day),
    f.money("shown", lambda item: item[0].record.amount, lambda item: item[1]),
    f.money("computed", lambda item: item[0].computed, lambda item: item[1]),
    f.money("difference", lambda item: item[0].amount, lambda item: item[1]),
    f.Field("outside", f.FLAG, lambda item: item[0].outside),
)
WALLET: f.Fields = (
    f.Field("creator", of="state.account.creator"),
    f.Field("platform", of="state.account.zone.platform"),
    f.Field("currency", f.CURRENCY, _CURRENCY),
    f.Field("regions", f.each(f.REGION)),
    f.Field("home_region", f.REGION, "state.account.region"),
    *f.under("state", STATE),
    f.Field("stands_on", f.word("balance", "opening", "payout", "nothing"), "held.stands_on"),
    f.money("unpaid", currency=_CURRENCY),
    f.money("unpaid_stories", "unpaid", _CURRENCY, f.STORIES, forms="json"),
    f.money("balance_stories", "held.available", _CURRENCY, f.STORIES, forms="json"),
    f.money("lacking", "held.lacking", _CURRENCY, forms="json"),
    f.Field("observed", f.one(OBSERVED), _last, maybe=True, forms="json"),
    f.Field(
        "records",
        f.many(RECORD),
        lambda wallet: (*wallet.state.account.recorded, *wallet.state.account.of_wallet),
        forms="json",
    ),
)
WALLETS = f.Field("wallets", f.many(WALLET))


def holds(wallet: Wallet, day: date, *, over: bool = False) -> str:
    """What is in a wallet at the end of a day, and what is still to be booked; `over`: of a day that is past."""
    account, platform = wallet.state.account, platform_name(wallet.state.account.zone.platform)
    inside = numbers.to(wallet.held.available, account.currency)
    when = f"at the end of {periods.day_words(day)}" if over else "now"
    later = ""
    if wallet.state.pending != ZERO:
        until = f" on {periods.day_words(wallet.state.pending_until, day)}" if wallet.state.pending_until else " later"
        amount = numbers.to(wallet.state.pending, account.currency).removesuffix(f" {account.currency}")
        later = f", and {amount} more{until}"
    if wallet.held.stands_on == "nothing":
        so_far = "so far" if when == "now" else when
        return f"Booked by {platform} {so_far}: {inside}, if nothing was withdrawn{later}."
    return f"In your {platform} wallet: {inside} {when}{later}."


class Amount(NamedTuple):
    """A line of how money came to where it is, in two stories."""

    label: str
    amount: Range | None  # None: not known
    note: str = ""
    total: bool = False  # what is there then, and no change of it


def story(currency: str, rows: Sequence[Amount]) -> Table:
    """Such lines below each other: least beside most, or one column where they are the same."""

    def at(end: Literal["low", "high"]) -> Callable[[Amount], str]:
        return lambda row: "-" if row.amount is None else numbers.money_range(row.amount.at(end), currency)

    exact = all(row.amount is None or row.amount.is_exact for row in rows)
    ends: list[tuple[str, Literal["low", "high"]]] = [("Amount", "low")] if exact else [("Least", "low"), ("Most", "high")]
    return f.table(
        (
            f.cell(currency, lambda row: row.label, f.LABEL),
            *(f.cell(title, at(end), f.FIGURE) for title, end in ends),
            f.cell("", lambda row: row.note),
        ),
        rows,
        whole=True,
    )
