"""What recording did, in all its forms."""

from __future__ import annotations

from diamondctl.money import Range
from diamondctl.records import Record
from diamondctl.render import numbers
from diamondctl.render import shape as f
from diamondctl.render.balance import wallet_story
from diamondctl.render.documents import DRY_RUN
from diamondctl.render.moved import MOVED, moved_parts, moved_text, undo_text
from diamondctl.render.page import Part, said
from diamondctl.render.records import RECORD, arrival_text
from diamondctl.render.view import CLOSING, View
from diamondctl.render.wallets import WALLETS
from diamondctl.reports.recorded import Done


def answer(report: Done) -> str:
    """The report in one sentence."""
    item = report.item
    if report.done == "known":
        return f"{item.id} is recorded already under the id '{item.key}': nothing was changed."
    what = _what(item)
    if report.dry_run:
        return f"Dry run, nothing was stored. It would be recorded: {what}"
    return f"{'Completed' if report.done == 'completed' else 'Recorded'} {item.id}: {what}"


def _what(item: Record) -> str:
    amount = _money(item)
    if item.sort == "payout":
        left = f"{amount} left the wallet of {item.creator} on {item.day}"
        told = f" A statement says what arrived: {item.places}." if item.places else ""
        return f"{left}, and is on the way." if item.arrived is None else f"{left}, {arrival_text(item)}{told}"
    if item.sort == "balance":
        at = f" at {item.at}" if item.at else ""
        return f"the app of {item.creator} showed {amount} on {item.day}{at}{f', after {item.after}' if item.after else ''}."
    if item.sort == "credit":
        return f"{amount} was credited to {item.creator} for the {'LIVE' if item.kind == 'live' else item.kind} {item.name}."
    if item.sort == "income":
        paid = f"paid on {item.day}" if item.paid else f"invoiced on {item.invoiced}, not paid yet"
        return f"{amount} for {item.creator} from {item.name}, {paid}; it is in no wallet."
    return f"{item.kind} of {amount} in the wallet of {item.creator} from {item.day} on."


def _money(item: Record) -> str:
    return f"{numbers.money_range(Range.of(item.amount), item.currency)} {item.currency}"


DOCUMENT = f.Document(
    "record",
    (
        f.Field("record", f.one(RECORD), "item"),
        f.Field("done", f.word("recorded", "completed", "known")),
        WALLETS,
        MOVED,
    ),
    RECORD,
    DRY_RUN,
    answer=answer,
)


def view(report: Done) -> View:
    """The report in all its forms."""
    page, rows = (lambda: _page(report)), (lambda: [report.item])
    return DOCUMENT.view(report, page, rows, complete=not report.left, warnings=report.warnings, closing=CLOSING)


def _page(report: Done) -> list[Part]:
    item = report.item
    mine = [wallet for wallet in report.wallets if wallet.state.account.currency == item.currency]
    undo = [] if report.dry_run or report.done == "known" else [undo_text(item.id, report.moved)]
    return [
        *(wallet_story(wallet, item.day) for wallet in mine if item.sort != "income"),
        *(moved_parts(report.moved) if report.done != "known" else ()),
        said(*report.warnings, kind="warning", mark="! "),
        said(moved_text(report.moved) if report.done != "known" else "", *undo),
    ]
