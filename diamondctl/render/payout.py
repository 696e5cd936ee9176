"""The payout check in all its forms."""

from __future__ import annotations

from typing import Any

from diamondctl.ratebook.entries import Minimum
from diamondctl.render import frame, numbers
from diamondctl.render.entries import item_text
from diamondctl.render.summary import minimum_json
from diamondctl.render.tables import Column, Laid, Line, Table, join, lay_out, notes, wrap
from diamondctl.render.view import CLOSING, Clean, Records, View, ends, records
from diamondctl.reports.payout import Check, PayoutCheck, Step

LABELS = {"balance": "Balance", "minimum": "Minimum", "limit": "Limit", "method": "Method", "time": "Time"}
NOTE = "Identity, tax form and account status are not in a file: check them in the app before you rely on a date."


def view(report: PayoutCheck) -> View:
    """The report in all its forms."""
    return View(
        lambda width, rule, clean: screen(report, width, rule, clean),
        lambda: document(report),
        lambda: flat(report),
    )


def screen(report: PayoutCheck, width: int | None, rule: str, clean: Clean) -> Laid:
    """One walk per account, then its answer."""
    scope = report.scope
    parts = []
    for check in report.checks:
        account = check.state.account
        words = f"Payout check   {clean(account.creator)}   {account.region}   {account.currency}   by {clean(check.method)}"
        title = f"{words}   at the end of {scope.as_of}"
        columns = (
            Column("Step", figure=False),
            Column("", figure=False),
            Column("Detail", figure=False),
            Column("From", figure=False, drop=1),
        )
        rows = [
            (f"{number} {LABELS[step.key]}", step.status, clean(detail(check, step)), clean(_source(step)))
            for number, step in enumerate(check.steps, 1)
        ]
        table = lay_out(Table(columns, tuple(rows), title), width, rule)
        verdict = [Line("title", line) for line in wrap(answer(check), width)]
        parts.append(Laid((*table.parts, *verdict)))
    parts += [
        frame.rates(report.rates, width, rule, clean),
        notes([clean(text) for text in report.warnings], width, kind="warning", mark="! "),
        notes([NOTE, *(clean(text) for text in scope.notes)], width, mark="- "),
    ]
    return Laid((*join(parts).parts, *notes([CLOSING], width, kind="closing").parts))


def _source(step: Step) -> str:
    if step.key == "balance":
        return "rated"
    return f"{step.entry.confidence}, {step.entry.where}" if step.entry is not None else "-"


def detail(check: Check, step: Step) -> str:
    """A step in words."""
    currency = check.state.account.currency
    if step.key == "balance":
        text = f"{numbers.money_range(check.state.credited, currency)} {currency} credited in these files"
        if check.state.pending_until:
            pending = numbers.money_range(check.state.pending, currency)
            text += f", {pending} pending until {check.state.pending_until}"
        return text
    if step.entry is None or step.why:
        return f"not known: {step.why}"
    return {"minimum": _minimum, "limit": _limit, "method": _method, "time": _time}[step.key](check, step)


def _minimum(check: Check, step: Step) -> str:
    assert step.check is not None
    text = f"at least {item_text(step.check.minimum)}"
    if check.short_by.high > 0 and step.status != "ok":
        currency = check.state.account.currency
        text += f", {numbers.money_range(check.short_by, currency)} missing"
    if step.status == "depends":
        text += ": it depends on your share"
    if step.stronger is not None and isinstance(step.stronger.value, tuple):
        older = ", ".join(item_text(item) for item in step.stronger.value if isinstance(item, Minimum))
        text += f" (an older {step.stronger.confidence} entry, {step.stronger.where}, says {older})"
    return text


def _limit(check: Check, step: Step) -> str:
    assert step.limit is not None
    text = f"at most {item_text(step.limit)}"
    low, high = step.payouts
    if high > 1:
        count = str(high) if low == high else f"{low} - {high}"
        text += f": {count} payouts"
    return text


def _method(check: Check, step: Step) -> str:
    return "; ".join(item_text(fee) for fee in step.fees)


def _time(check: Check, step: Step) -> str:
    assert step.timing is not None
    text = f"{item_text(step.timing)}; earliest {step.earliest}"
    return f"{text}, at the latest {step.latest} by these rules" if step.latest else text


def answer(check: Check) -> str:
    """The answer in one sentence; never a promise."""
    currency = check.state.account.currency
    available = f"{numbers.money_range(check.available, currency)} {currency}"
    if check.answer == "yes":
        return f"Yes: by these rules {available} can be withdrawn at once."
    if check.answer == "no":
        missing = f"{numbers.money_range(check.short_by, currency)} {currency}"
        return f"No: {missing} missing to the minimum." if check.short_by.high > 0 else "No: nothing to withdraw."
    if check.answer == "depends":
        return "It depends on your share: give --share PERCENT to settle it."
    return "Not known: no minimum can be compared."


def document(report: PayoutCheck) -> dict[str, Any]:
    """`diamondctl.payout-check/1`."""
    return {
        **frame.document_head("payout-check", report.scope),
        "complete": report.complete,
        "as_of": str(report.scope.as_of),
        "data": {
            "accounts": [
                {
                    **frame.account_json(check.state.account),
                    "method": check.method,
                    "answer": check.answer,
                    "credited": frame.money_json(check.state.credited, check.state.account.currency),
                    "pending": frame.money_json(check.state.pending, check.state.account.currency),
                    "available": frame.money_json(check.available, check.state.account.currency),
                    "short_by": frame.money_json(check.short_by, check.state.account.currency),
                    "steps": [_step_json(check, step) for step in check.steps],
                }
                for check in report.checks
            ],
            "rates": [frame.use_json(use) for use in report.rates],
        },
        "warnings": list(report.warnings),
        "notes": [NOTE, *report.scope.notes],
    }


def _step_json(check: Check, step: Step) -> dict[str, Any]:
    return {
        "step": step.key,
        "status": step.status,
        "detail": detail(check, step),
        "confidence": step.entry.confidence if step.entry else None,
        "file": step.entry.file if step.entry else None,
        "line": step.entry.line if step.entry else None,
        "minimum": minimum_json(step.check) if step.check else None,
        "payouts": {"low": step.payouts[0], "high": step.payouts[1]} if step.key == "limit" else None,
        "earliest": str(step.earliest) if step.earliest else None,
        "latest": str(step.latest) if step.latest else None,
    }


COLUMNS = (
    *frame.HEAD_COLUMNS,
    "method",
    "answer",
    "credited_low",
    "credited_high",
    "available_low",
    "available_high",
    "short_by_low",
    "short_by_high",
    "step",
    "status",
    "detail",
    "confidence",
    "where",
    "earliest",
    "latest",
)


def flat(report: PayoutCheck) -> Records:
    """One row per account and step."""
    rows: list[dict[str, object]] = []
    for check in report.checks:
        currency = check.state.account.currency
        head = {
            **frame.head_record(report.scope, check.state.account),
            "method": check.method,
            "answer": check.answer,
            **ends("credited", check.state.credited, currency),
            **ends("available", check.available, currency),
            **ends("short_by", check.short_by, currency),
        }
        rows += [
            {
                **head,
                "step": step.key,
                "status": step.status,
                "detail": detail(check, step),
                "confidence": step.entry.confidence if step.entry else None,
                "where": step.entry.where if step.entry else None,
                "earliest": step.earliest,
                "latest": step.latest,
            }
            for step in check.steps
        ]
    return records(rows, COLUMNS, [name for name in COLUMNS if name.endswith(("_low", "_high"))])
