"""The payout check in all its forms."""

from __future__ import annotations

from typing import Any

from diamondctl.ratebook.entries import Minimum
from diamondctl.render import frame, numbers
from diamondctl.render.entries import item_text
from diamondctl.render.shape import json_of
from diamondctl.render.summary import MINIMUM
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
            Column("Status", figure=False),
            Column("Detail", figure=False),
            Column("From", figure=False),
        )
        rows = [
            (f"{number} {LABELS[step.key]}", step.status, clean(detail(check, step)), clean(_source(step)))
            for number, step in enumerate(check.steps, 1)
        ]
        table = lay_out(Table(columns, tuple(rows), title), width, rule)
        verdict = [Line("title", line) for line in wrap(answer(check), width)]
        parts.append(Laid((*table.parts, *verdict)))
    # The entries of the steps stand beside them.
    walked = {step.entry.where for check in report.checks for step in check.steps if step.entry is not None}
    parts += [
        frame.rates([use for use in report.rates if use.entry.where not in walked], width, rule, clean),
        notes([clean(text) for text in report.warnings], width, kind="warning", mark="! "),
        notes([NOTE, *(clean(text) for text in scope.notes)], width, mark="- "),
    ]
    return Laid((*join(parts).parts, *notes([CLOSING], width, kind="closing").parts))


def _source(step: Step) -> str:
    """Confidence, place, dates and sources of the entry that decides a step."""
    if step.key == "balance":
        return "rated"
    entry = step.entry
    if entry is None:
        return "-"
    first = "first seen" if entry.since == "first_seen" else "from"
    dates = f"{first} {entry.effective_text}, last seen to hold {entry.verified}"
    return f"{entry.confidence}, {entry.where}, {dates}, sources: {', '.join(entry.sources)}"


def detail(check: Check, step: Step) -> str:
    """A step in words."""
    currency = check.state.account.currency
    if step.key == "balance":
        text = f"{numbers.money_range(check.state.balance, currency)} {currency} credited"
        if check.state.account.adjustments:
            text += f", {numbers.money_range(check.state.adjusted, currency)} of it by adjustments"
        if check.state.pending_until:
            pending = numbers.money_range(check.state.pending, currency)
            text += f", {pending} pending until {check.state.pending_until}"
        return text
    if step.entry is None or step.why:
        return f"not known: {step.why}"
    return {"minimum": _minimum, "limit": _limit, "method": _method, "time": _time}[step.key](check, step)


def _minimum(check: Check, step: Step) -> str:
    text = " and ".join(f"at least {item_text(one.minimum)}" for one in step.checks)
    if check.too_high is not None:
        text += ", above what one payout can hold"
    missing = _missing(check) if step.status != "ok" else ""
    if missing:
        text += f", {missing} missing"
    if step.status == "depends":
        text += ": it depends on your share"
    if step.status == "?":
        text += ", without the gifts that are missing from the balance"
    if step.stronger is not None and isinstance(step.stronger.value, tuple):
        older = ", ".join(item_text(item) for item in step.stronger.value if isinstance(item, Minimum))
        text += f" (an older {step.stronger.confidence} entry, {step.stronger.where}, says {older})"
    return text


def _missing(check: Check) -> str:
    """`40.00 USD and 5,000 diamonds`, or nothing."""
    currency = check.state.account.currency
    parts = [f"{numbers.money_range(check.short_by, currency)} {currency}"] if check.short_by.high > 0 else []
    parts += [f"{numbers.count(check.short_of_diamonds)} diamonds"] if check.short_of_diamonds else []
    return " and ".join(parts)


def _limit(check: Check, step: Step) -> str:
    assert step.limit is not None
    text = f"at most {item_text(step.limit)}"
    low, high = step.payouts
    if high > 1:
        count = f"{high:,}" if low == high else f"{low:,} - {high:,}"
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
    if check.answer == "yes":
        available = f"{numbers.money_range(check.available, currency)} {currency}"
        when = next((f", on {step.earliest} at the earliest" for step in check.steps if step.earliest), "")
        return f"Yes: by these rules {available} can be withdrawn in one payout{when}."
    if check.answer == "no":
        if check.too_high is not None:
            limit = next(item_text(step.limit) for step in check.steps if step.limit is not None)
            return f"No: the minimum of {item_text(check.too_high)} is above the limit of {limit}."
        missing = _missing(check)
        return f"No: {missing} missing to the minimum." if missing else "No: nothing to withdraw."
    if check.answer == "depends":
        return "It depends on your share: give --share PERCENT to settle it."
    if not check.complete:
        return "Not known: gifts are missing from the balance, see the warnings."
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
                    "short_of_diamonds": numbers.plain(check.short_of_diamonds),
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
        **_dated(step),
        "sources": list(step.entry.sources) if step.entry else [],
        "file": step.entry.file if step.entry else None,
        "line": step.entry.line if step.entry else None,
        "minimums": [json_of(MINIMUM, one) for one in step.checks],
        "payouts": {"low": step.payouts[0], "high": step.payouts[1]} if step.key == "limit" else None,
        "earliest": str(step.earliest) if step.earliest else None,
        "latest": str(step.latest) if step.latest else None,
    }


def _dated(step: Step) -> dict[str, str | None]:
    entry = step.entry
    return {
        "effective": entry.effective_text if entry else None,
        "since": entry.since if entry else None,
        "verified": str(entry.verified) if entry else None,
        "confidence": entry.confidence if entry else None,
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
    "short_of_diamonds",
    "step",
    "status",
    "detail",
    "effective",
    "since",
    "verified",
    "confidence",
    "sources",
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
            **frame.head_record(report.scope, check.state.account, report.complete),
            "method": check.method,
            "answer": check.answer,
            **ends("credited", check.state.credited, currency),
            **ends("available", check.available, currency),
            **ends("short_by", check.short_by, currency),
            "short_of_diamonds": numbers.plain(check.short_of_diamonds),
        }
        rows += [
            {
                **head,
                "step": step.key,
                "status": step.status,
                "detail": detail(check, step),
                **_dated(step),
                "sources": " ".join(step.entry.sources) if step.entry else None,
                "where": step.entry.where if step.entry else None,
                "earliest": step.earliest,
                "latest": step.latest,
            }
            for step in check.steps
        ]
    return records(rows, COLUMNS, ["short_of_diamonds", *(name for name in COLUMNS if name.endswith(("_low", "_high")))])
