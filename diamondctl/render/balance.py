"""Balances in all their forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diamondctl.money import Range
from diamondctl.render import frame, numbers
from diamondctl.render.adjustments import rows as adjustment_rows
from diamondctl.render.summary import minimum_json
from diamondctl.render.tables import Column, Laid, Table, join, lay_out, notes
from diamondctl.render.view import CLOSING, Clean, Records, View, ends, records
from diamondctl.reports.adjustments import name_of
from diamondctl.reports.balance import MONEY, Balance, State

NOTE = "Earned in these files: a file knows no payouts, so nothing that was withdrawn is taken off."
LEDGER_NOTE = "The ledger knows no payouts: what was withdrawn is taken off only where an adjustment says so."


def view(report: Balance) -> View:
    """The report in all its forms."""
    return View(
        lambda width, rule, clean: screen(report, width, rule, clean),
        lambda: document(report),
        lambda: flat(report),
    )


def note(report: Balance) -> str:
    """What the figures leave out."""
    return LEDGER_NOTE if report.scope.origin.ledger else NOTE


def screen(report: Balance, width: int | None, rule: str, clean: Clean) -> Laid:
    """One row per account, totals per currency. Files know no adjustments, so only a ledger has columns for them."""
    shown = [name for name in MONEY if report.scope.origin.ledger or name not in ("adjusted", "balance")]
    columns = (
        Column("Creator", figure=False),
        Column("Region", figure=False),
        Column("Currency", figure=False),
        *(Column(name.capitalize(), right=True) for name in shown),
        Column("Pending until", right=True),
        Column("Minimum", figure=False, drop=1),
    )

    def figures(amounts: Mapping[str, Range], currency: str) -> list[str]:
        return [numbers.money_range(amounts[name], currency) for name in shown]

    rows = []
    for state in report.states:
        account = state.account
        rows.append(
            (
                clean(account.creator),
                account.region,
                account.currency,
                *figures(state._asdict(), account.currency),
                str(state.pending_until or "-"),
                ", ".join(check.answer for check in state.minimums) or "not known",
            )
        )
    rows += [("Total", "", currency, *figures(sums, currency), "", "") for currency, sums in report.totals]
    table = lay_out(Table(columns, tuple(rows), f"Balance at the end of {report.scope.as_of}"), width, rule)
    parts = [
        table,
        _adjustments(report, width, rule, clean),
        frame.rates(report.rates, width, rule, clean),
        notes([clean(text) for text in report.warnings], width, kind="warning", mark="! "),
        notes([note(report), *(clean(text) for text in report.scope.notes)], width, mark="- "),
    ]
    return Laid((*join(parts).parts, *notes([CLOSING], width, kind="closing").parts))


def _adjustments(report: Balance, width: int | None, rule: str, clean: Clean) -> Laid:
    """Every adjustment in the balances, with its reason."""
    items = [item for state in report.states for item in state.account.adjustments]
    if not items:
        return Laid(())
    columns = (
        Column("Adjustment", figure=False),
        Column("Date", figure=False),
        Column("Creator", figure=False),
        Column("Kind", figure=False),
        Column("Amount", right=True),
        Column("Currency", figure=False),
        Column("Reason", figure=False),
    )
    rows = [
        (
            name_of(item),
            str(item.day),
            clean(item.creator),
            item.kind,
            numbers.money_range(Range.of(item.amount), item.currency),
            item.currency,
            clean(item.reason),
        )
        for item in items
    ]
    return lay_out(Table(columns, tuple(rows)), width, rule)


def document(report: Balance) -> dict[str, Any]:
    """`diamondctl.balance/1`."""
    return {
        **frame.document_head("balance", report.scope),
        "as_of": str(report.scope.as_of),
        "data": {
            "accounts": [_state_json(state) for state in report.states],
            "totals": [
                {"currency": currency, **{name: frame.money_json(sums[name], currency) for name in MONEY}}
                for currency, sums in report.totals
            ],
            "rates": [frame.use_json(use) for use in report.rates],
        },
        "warnings": list(report.warnings),
        "notes": [note(report), *report.scope.notes],
    }


def _state_json(state: State) -> dict[str, Any]:
    currency = state.account.currency
    return {
        **frame.account_json(state.account),
        "diamonds": numbers.plain(state.diamonds),
        **{name: frame.money_json(getattr(state, name), currency) for name in MONEY},
        "pending_until": str(state.pending_until) if state.pending_until else None,
        "adjustments": adjustment_rows(state.account.adjustments),
        "minimums": [minimum_json(check) for check in state.minimums],
    }


COLUMNS = (
    *frame.HEAD_COLUMNS,
    "diamonds",
    *(f"{name}_{end}" for name in MONEY for end in ("low", "high")),
    "pending_until",
    "minimum",
)


def flat(report: Balance) -> Records:
    """One row per account."""
    rows: list[dict[str, object]] = [
        {
            **frame.head_record(report.scope, state.account, report.scope.complete),
            "diamonds": numbers.plain(state.diamonds),
            **{
                column: amount
                for name in MONEY
                for column, amount in ends(name, getattr(state, name), state.account.currency).items()
            },
            "pending_until": state.pending_until,
            "minimum": ", ".join(check.answer for check in state.minimums),
        }
        for state in report.states
    ]
    return records(rows, COLUMNS, ("diamonds", *(name for name in COLUMNS if name.endswith(("_low", "_high")))))
