"""The waterfall in all its forms."""

from __future__ import annotations

from typing import Any

from diamondctl.money import Range
from diamondctl.rating.fees import Step, Waterfall
from diamondctl.render import frame, numbers
from diamondctl.render.tables import Column, Laid, Table, join, lay_out, notes
from diamondctl.render.view import CLOSING, Clean, Records, View, ends, records
from diamondctl.reports.fees import AccountFees, Fees


def view(report: Fees) -> View:
    """The report in all its forms."""
    return View(
        lambda width, rule, clean: screen(report, width, rule, clean),
        lambda: document(report),
        lambda: flat(report),
    )


def screen(report: Fees, width: int | None, rule: str, clean: Clean) -> Laid:
    """One table per account and payout method."""
    parts = [frame.header(report.scope, width, clean)]
    several = len(report.accounts) > 1
    for account in report.accounts:
        parts.append(_fans(account, width, rule, clean, several))
        parts += [_waterfall(account, item, width, rule, clean, several) for item in account.waterfalls]
    parts += [
        frame.rates(report.rates, width, rule, clean),
        notes([clean(text) for text in report.warnings], width, kind="warning", mark="! "),
        notes([clean(text) for text in report.scope.notes], width, mark="- "),
    ]
    return Laid((*join(parts).parts, *notes([CLOSING], width, kind="closing").parts))


def _name(account: AccountFees, clean: Clean) -> str:
    return f"{clean(account.account.creator)} {account.account.region}"


def _fans(account: AccountFees, width: int | None, rule: str, clean: Clean, several: bool) -> Laid:
    if not account.fans:
        return Laid(())
    columns = (
        Column(f"Fans paid for {account.coins:,} coins, if all", figure=False),
        Column("Per coin", right=True),
        Column("Amount", right=True),
        Column("From", figure=False, drop=1),
    )
    rows = [
        (
            f"through {fan.price.channel.replace('_', '-')}",
            _between(numbers.plain(fan.per_coin.low), numbers.plain(fan.per_coin.high)),
            f"{numbers.money_range(fan.amount, fan.price.currency)} {fan.price.currency}",
            f"rated, {fan.entry.confidence}, {clean(fan.entry.where)}",
        )
        for fan in account.fans
    ]
    return lay_out(Table(columns, tuple(rows), _name(account, clean) if several else ""), width, rule)


def _between(low: str, high: str) -> str:
    return low if low == high else f"{low} - {high}"


def _waterfall(account: AccountFees, item: Waterfall, width: int | None, rule: str, clean: Clean, several: bool) -> Laid:
    currency = item.currency
    exact = all(step.amount.is_exact for step in item.steps)
    percents = any(step.percent is not None for step in item.steps)
    stories = [("low", currency, "% of gifts")]
    if not exact:
        stories = [("low", f"{currency} least", "% least"), ("high", f"{currency} most", "% most")]
    amounts = [Column(title, right=True) for _, *titles in stories for title in titles[: 1 + percents]]
    columns = (
        Column("Step", figure=False),
        Column("Rule", figure=False, drop=2),
        Column("Rate", figure=False),
        *amounts,
        Column("From", figure=False, drop=1),
    )
    rows = []
    for step in item.steps:
        label = _label(account, item, step)
        if step.key == "gift_value":
            label = f"Gift value ({numbers.count(account.diamonds)} diamonds)"
        cells = []
        for end, *_ in stories:
            cells += [_amount(getattr(step.amount, end), currency), _percent(step, end)][: 1 + percents]
        rate = step.rate
        if step.key == "gift_value" and step.entry is not None:
            rate = f"{numbers.plain(step.entry.value.cash_per_diamond)} {currency}"  # type: ignore[union-attr]
        rows.append((clean(label), step.rule, clean(rate), *cells, clean(_source(step))))
    by = f"by {item.method}" if item.method not in (None, "any") else ""
    title = " ".join(part for part in (_name(account, clean) if several else "", clean(by)) if part)
    return lay_out(Table(columns, tuple(rows), title), width, rule)


def _label(account: AccountFees, item: Waterfall, step: Step) -> str:
    """The label of a step; the end of a waterfall from which something is missing says so."""
    missing = step.key == "net" and (item.unknown or account.account.unrated)
    return f"{step.label} (incomplete)" if missing else step.label


def _amount(amount: Any, currency: str) -> str:
    return numbers.money(amount, currency)


def _percent(step: Step, end: str) -> str:
    return "" if step.percent is None else f"{getattr(step.percent, end):.1f}"


def _source(step: Step) -> str:
    entry = f"{step.entry.confidence}, {step.entry.where}" if step.entry is not None else ""
    return ", ".join(part for part in (step.provenance, entry, step.note) if part)


def document(report: Fees) -> dict[str, Any]:
    """`diamondctl.fees/1`."""
    return {
        **frame.document_head("fees", report.scope),
        "complete": report.complete,
        "data": {
            "accounts": [
                {
                    **frame.account_json(item.account),
                    "coins": item.coins,
                    "diamonds": numbers.plain(item.diamonds),
                    "fans_paid": [
                        {
                            "channel": fan.price.channel,
                            "per_coin": {"low": numbers.plain(fan.per_coin.low), "high": numbers.plain(fan.per_coin.high)},
                            "amount": frame.money_json(fan.amount, fan.price.currency),
                            "confidence": fan.entry.confidence,
                            "file": fan.entry.file,
                            "line": fan.entry.line,
                        }
                        for fan in item.fans
                    ],
                    "methods": [_waterfall_json(item, waterfall) for waterfall in item.waterfalls],
                }
                for item in report.accounts
            ],
            "rates": [frame.use_json(use) for use in report.rates],
        },
        "warnings": list(report.warnings),
        "notes": list(report.scope.notes),
    }


def _waterfall_json(account: AccountFees, item: Waterfall) -> dict[str, Any]:
    return {
        "method": item.method,
        "steps": [
            {
                "step": step.key,
                "label": _label(account, item, step),
                "rule": step.rule or None,
                "rate": step.rate or None,
                "amount": frame.money_json(step.amount, item.currency),
                "percent_of_gifts": _percents(step.percent),
                "provenance": step.provenance,
                "confidence": step.entry.confidence if step.entry else None,
                "file": step.entry.file if step.entry else None,
                "line": step.entry.line if step.entry else None,
                "note": step.note or None,
            }
            for step in item.steps
        ],
        "unknown": list(item.unknown),
    }


def _percents(percent: Range | None) -> dict[str, str] | None:
    return None if percent is None else {"low": f"{percent.low:.1f}", "high": f"{percent.high:.1f}"}


COLUMNS = (
    *frame.HEAD_COLUMNS,
    "method",
    "step",
    "label",
    "rule",
    "rate",
    "amount_low",
    "amount_high",
    "percent_low",
    "percent_high",
    "provenance",
    "confidence",
    "where",
    "note",
)


def flat(report: Fees) -> Records:
    """One row per account, method and step; what fans paid is a step of its own, in its own currency."""
    rows: list[dict[str, object]] = []
    for item in report.accounts:
        head = frame.head_record(report.scope, item.account, report.complete)
        for fan in item.fans:
            per_coin = _between(numbers.plain(fan.per_coin.low), numbers.plain(fan.per_coin.high))
            rows.append(
                {
                    **head,
                    "currency": fan.price.currency,
                    "step": "fans_paid",
                    "label": f"Fans paid, if all through {fan.price.channel.replace('_', '-')}",
                    "rule": "coin_price",
                    "rate": per_coin,
                    **ends("amount", fan.amount, fan.price.currency),
                    "provenance": "rated",
                    "confidence": fan.entry.confidence,
                    "where": fan.entry.where,
                }
            )
        for waterfall in item.waterfalls:
            rows += [_step_record(head, item, waterfall, step) for step in waterfall.steps]
    return records(rows, COLUMNS, ("amount_low", "amount_high", "percent_low", "percent_high"))


def _step_record(head: dict[str, object], account: AccountFees, item: Waterfall, step: Step) -> dict[str, object]:
    return {
        **head,
        "method": item.method,
        "step": step.key,
        "label": _label(account, item, step),
        "rule": step.rule,
        "rate": step.rate,
        **ends("amount", step.amount, item.currency),
        "percent_low": None if step.percent is None else f"{step.percent.low:.1f}",
        "percent_high": None if step.percent is None else f"{step.percent.high:.1f}",
        "provenance": step.provenance,
        "confidence": step.entry.confidence if step.entry else None,
        "where": step.entry.where if step.entry else None,
        "note": step.note,
    }
