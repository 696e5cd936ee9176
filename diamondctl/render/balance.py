"""Balances in all their forms."""

from __future__ import annotations

from typing import Any

from diamondctl.render import frame, numbers
from diamondctl.render.summary import minimum_json
from diamondctl.render.tables import Column, Laid, Table, join, lay_out, notes
from diamondctl.render.view import CLOSING, Clean, Records, View, ends, records
from diamondctl.reports.balance import Balance, State

NOTE = "Earned in these files: a file knows no payouts, so nothing that was withdrawn is taken off."


def view(report: Balance) -> View:
    """The report in all its forms."""
    return View(
        lambda width, rule, clean: screen(report, width, rule, clean),
        lambda: document(report),
        lambda: flat(report),
    )


def screen(report: Balance, width: int | None, rule: str, clean: Clean) -> Laid:
    """One row per account, totals per currency."""
    columns = (
        Column("Creator", figure=False),
        Column("Region", figure=False),
        Column("Currency", figure=False),
        Column("Credited", right=True),
        Column("Pending", right=True),
        Column("Pending until", right=True),
        Column("Earned", right=True),
        Column("Minimum", figure=False, drop=1),
    )
    rows = []
    for state in report.states:
        account = state.account
        rows.append(
            (
                clean(account.creator),
                account.region,
                account.currency,
                numbers.money_range(state.credited, account.currency),
                numbers.money_range(state.pending, account.currency),
                str(state.pending_until or "-"),
                numbers.money_range(state.earned, account.currency),
                ", ".join(check.answer for check in state.minimums) or "not known",
            )
        )
    rows += [
        (
            "Total",
            "",
            currency,
            numbers.money_range(credited, currency),
            numbers.money_range(pending, currency),
            "",
            numbers.money_range(earned, currency),
            "",
        )
        for currency, credited, pending, earned in report.totals
    ]
    table = lay_out(Table(columns, tuple(rows), f"Balance at the end of {report.scope.as_of}"), width, rule)
    parts = [
        table,
        frame.rates(report.rates, width, rule, clean),
        notes([clean(text) for text in report.warnings], width, kind="warning", mark="! "),
        notes([NOTE, *(clean(text) for text in report.scope.notes)], width, mark="- "),
    ]
    return Laid((*join(parts).parts, *notes([CLOSING], width, kind="closing").parts))


def document(report: Balance) -> dict[str, Any]:
    """`diamondctl.balance/1`."""
    return {
        **frame.document_head("balance", report.scope),
        "as_of": str(report.scope.as_of),
        "data": {
            "accounts": [_state_json(state) for state in report.states],
            "totals": [
                {
                    "currency": currency,
                    "credited": frame.money_json(credited, currency),
                    "pending": frame.money_json(pending, currency),
                    "earned": frame.money_json(earned, currency),
                }
                for currency, credited, pending, earned in report.totals
            ],
            "rates": [frame.use_json(use) for use in report.rates],
        },
        "warnings": list(report.warnings),
        "notes": [NOTE, *report.scope.notes],
    }


def _state_json(state: State) -> dict[str, Any]:
    currency = state.account.currency
    return {
        **frame.account_json(state.account),
        "diamonds": numbers.plain(state.diamonds),
        "credited": frame.money_json(state.credited, currency),
        "pending": frame.money_json(state.pending, currency),
        "pending_until": str(state.pending_until) if state.pending_until else None,
        "earned": frame.money_json(state.earned, currency),
        "minimums": [minimum_json(check) for check in state.minimums],
    }


MONEY = ("credited", "pending", "earned")
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
            **ends("credited", state.credited, state.account.currency),
            **ends("pending", state.pending, state.account.currency),
            **ends("earned", state.earned, state.account.currency),
            "pending_until": state.pending_until,
            "minimum": ", ".join(check.answer for check in state.minimums),
        }
        for state in report.states
    ]
    return records(rows, COLUMNS, ("diamonds", *(name for name in COLUMNS if name.endswith(("_low", "_high")))))
