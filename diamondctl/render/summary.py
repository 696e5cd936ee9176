"""The summary as a screen and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from diamondctl.money import MINOR_UNITS, Range
from diamondctl.periods import Period
from diamondctl.ratebook.entries import RateEntry
from diamondctl.render import numbers
from diamondctl.render.entries import value_text
from diamondctl.render.tables import Column, Laid, Line, Table, join, lay_out, notes, wrap
from diamondctl.reports import summary as report
from diamondctl.reports.summary import Account, Summary

CLOSING = "Calculated from your export and rate files. Not a promise of payment."

Clean = Callable[[str], str]


def screen(summary: Summary, width: int | None, rule: str, clean: Clean) -> Laid:
    """One screen for one account; one row per account, and totals per currency, for several."""
    parts = [_header(summary, width, clean)]
    if len(summary.accounts) == 1:
        account = summary.accounts[0]
        parts += [_lines(summary, account, width, rule), _earned(account, width, rule, clean)]
    else:
        parts += [_roster(summary, width, rule, clean), _totals(summary, width, rule)]
    parts += [
        _rates(summary, width, rule, clean),
        notes([clean(text) for text in summary.warnings], width, kind="warning", mark="! "),
        notes([clean(text) for text in summary.notes], width, mark="- "),
    ]
    return Laid((*join(parts).parts, *notes([CLOSING], width, kind="closing").parts))


def _header(summary: Summary, width: int | None, clean: Clean) -> Laid:
    accounts = summary.accounts
    words = [summary.period.title]
    if len(accounts) == 1:
        words += [f"creator {clean(accounts[0].creator)}", accounts[0].region, accounts[0].currency]
    else:
        words.append(f"{len(accounts):,} accounts")
    words += sorted({account.timezone for account in accounts})
    zones = {account.zone.file: account.zone for account in accounts}
    for file in sorted(zones):
        yours = " (yours)" if zones[file].origin == "user" else ""
        words.append(f"rates {clean(file)} {zones[file].sha256[:8]}{yours}")
    if summary.rates_as_of:
        words.append(f"as the files said on {summary.rates_as_of}")
    # Words stay whole: wrap between them only, then set them apart.
    glued = wrap(" ".join(word.replace(" ", "\0").ljust(len(word) + 2, "\0") for word in words if word), width)
    return Laid(tuple(Line("title", line.replace("\0", " ").rstrip()) for line in glued))


def _short(period: Period) -> str:
    title = period.title.split(" (")[0]
    month, _, year = title.partition(" ")
    return f"{month[:3]} {year}" if year.isdecimal() else title


def _source(line: report.Line) -> str:
    return ", ".join(part for part in (line.provenance, line.confidence, line.note) if part)


def _lines(summary: Summary, account: Account, width: int | None, rule: str) -> Laid:
    columns = (
        Column("", figure=False),
        Column(_short(summary.period), right=True),
        Column(_short(summary.previous), right=True),
        Column("Change", right=True),
        Column("From", figure=False, drop=1),
    )
    rows = []
    for line in account.lines:
        now = numbers.figure(line.now, line.unit) if line.now else "-"
        before = numbers.figure(line.before, line.unit) if line.before else "-"
        unknown = "unknown" if line.before and line.now and not (line.now.is_exact and line.before.is_exact) else "-"
        rows.append((line.label, now, before, numbers.change(line.change) or unknown, _source(line)))
    return lay_out(Table(columns, tuple(rows)), width, rule)


_ANSWERS = {
    "above": "reaches the {} minimum",
    "below": "below the {} minimum",
    "depends": "may or may not reach the {} minimum: it depends on your share",
    "other currency": "not compared with the {} minimum: other currency",
}


def _minimum_text(check: Any, clean: Clean) -> str:
    minimum = check.minimum
    amount = f"{numbers.money(minimum.amount, minimum.currency)} {minimum.currency}" if minimum.currency else ""
    amount = amount or f"{numbers.count(minimum.amount)} diamonds"
    method = "" if minimum.method == "any" else f"{minimum.method} "
    return f"{_ANSWERS[check.answer].format(method + amount)} ({check.entry.confidence}, {clean(check.entry.where)})"


def _earned(account: Account, width: int | None, rule: str, clean: Clean) -> Laid:
    if not account.currency:
        return Laid(())
    columns = (
        Column(f"In these files up to {account.earned.as_of}", figure=False),
        Column(account.currency, right=True),
        Column("Payout minimum", figure=False),
    )
    answers = [_minimum_text(check, clean) for check in account.earned.minimums] or ["no minimum is known"]
    earned = numbers.money_range(account.earned.reward, account.currency)
    rows = [("Earned", earned, answers[0]), *(("", "", answer) for answer in answers[1:])]
    return lay_out(Table(columns, tuple(rows)), width, rule)


def _roster(summary: Summary, width: int | None, rule: str, clean: Clean) -> Laid:
    columns = (
        Column("Creator", figure=False),
        Column("Region", figure=False),
        Column("Gifts", right=True),
        Column("Diamonds", right=True),
        Column("Currency", figure=False),
        Column("Gift value", right=True),
        Column("Reward", right=True),
        Column(f"Earned to {summary.accounts[0].earned.as_of}" if summary.accounts else "Earned", right=True),
        Column("Minimum", figure=False, drop=1),
    )
    rows = []
    for account in summary.accounts:
        figures = {line.key: numbers.figure(line.now, line.unit) for line in account.lines if line.now}
        earned = numbers.money_range(account.earned.reward, account.currency) if account.currency else "unrated"
        rows.append(
            (
                clean(account.creator),
                account.region,
                figures["gifts"],
                figures.get("diamonds", "unrated"),
                account.currency or "-",
                figures.get("gift_value", "unrated"),
                figures.get("reward", "unrated"),
                earned,
                ", ".join(check.answer for check in account.earned.minimums) or "-",
            )
        )
    return lay_out(Table(columns, tuple(rows)), width, rule)


def _totals(summary: Summary, width: int | None, rule: str) -> Laid:
    if not summary.totals:
        return Laid(())
    columns = (Column("Total", figure=False), Column("Gift value", right=True), Column("Reward", right=True))
    rows = tuple(
        (currency, numbers.money_range(value, currency), numbers.money_range(reward, currency))
        for currency, value, reward in summary.totals
    )
    return lay_out(Table(columns, rows), width, rule)


def _rates(summary: Summary, width: int | None, rule: str, clean: Clean) -> Laid:
    if not summary.rates:
        return Laid(())
    columns = (
        Column("Rate used", figure=False),
        Column("From", figure=False),
        Column("Value", figure=False),
        Column("Confidence", figure=False),
        Column("Seen to hold", figure=False, drop=1),
        Column("Where", figure=False),
        Column("Sources", figure=False, drop=2),
    )
    rows = []
    for use in summary.rates:
        entry = use.entry
        first = "first seen " if entry.since == "first_seen" else ""
        rows.append(
            (
                entry.rate,
                first + entry.effective_text,
                clean(value_text(entry)),
                entry.confidence,
                f"{entry.verified}, {use.unverified_days:,} days before" if use.unverified_days else str(entry.verified),
                clean(entry.where),
                clean(", ".join(entry.sources)),
            )
        )
    zones = " or ".join(sorted({use.zone.name for use in summary.rates}))
    return Laid(
        (
            *lay_out(Table(columns, tuple(rows)), width, rule).parts,
            *notes([f"Sources in full: diamondctl rates show {clean(zones)}"], width).parts,
        )
    )


def document(summary: Summary) -> dict[str, Any]:
    """The summary as the JSON of `diamondctl.summary/1`."""
    zones = {account.zone.file: account.zone for account in summary.accounts}
    return {
        "schema": "diamondctl.summary/1",
        "complete": summary.complete,
        "period": period_json(summary.period),
        "previous": period_json(summary.previous),
        "inputs": {
            "files": [
                {
                    "name": item.name,
                    "kind": item.kind,
                    "sha256": item.sha256,
                    "rows": item.rows,
                    "new": item.new,
                    "known": item.known,
                    "elsewhere": item.elsewhere,
                }
                for item in summary.documents
            ],
            "rates": [
                {"file": zone.file, "sha256": zone.sha256, "origin": zone.origin, "platform": zone.platform}
                for _, zone in sorted(zones.items())
            ],
            "share": None if summary.own_share is None else numbers.plain(summary.own_share),
            "rates_as_of": None if summary.rates_as_of is None else str(summary.rates_as_of),
        },
        "data": {
            "accounts": [_account_json(account) for account in summary.accounts],
            "totals": [
                {"currency": currency, "gift_value": money_json(value, currency), "reward": money_json(reward, currency)}
                for currency, value, reward in summary.totals
            ],
            "rates": [entry_json(use.entry, use.unverified_days) for use in summary.rates],
        },
        "warnings": list(summary.warnings),
        "notes": list(summary.notes),
    }


def period_json(period: Period) -> dict[str, str]:
    """Label, first and last day."""
    return {"label": period.label, "first_day": str(period.start), "last_day": str(period.last_day)}


def money_json(amount: Range, currency: str) -> dict[str, str]:
    """Money as decimal text, always with both ends."""
    low, high = (f"{end:.{MINOR_UNITS[currency]}f}" for end in (amount.low, amount.high))
    return {"currency": currency, "low": low, "high": high}


def entry_json(entry: RateEntry, unverified_days: int) -> dict[str, Any]:
    """An entry that was used, and where it stands."""
    return {
        "rate": entry.rate,
        "effective": entry.effective_text,
        "since": entry.since,
        "recorded": str(entry.recorded),
        "verified": str(entry.verified),
        "unverified_days": unverified_days,
        "confidence": entry.confidence,
        "sources": list(entry.sources),
        "file": entry.file,
        "line": entry.line,
        "text": value_text(entry),
    }


def _account_json(account: Account) -> dict[str, Any]:
    earned = account.earned
    return {
        "creator": account.creator,
        "region": account.region,
        "currency": account.currency or None,
        "timezone": account.timezone,
        "rates": account.zone.file,
        "unrated": {"gifts": account.unrated_gifts, "coins": account.unrated_coins},
        "figures": {line.key: _figure_json(line) for line in account.lines},
        "earned": {
            "as_of": str(earned.as_of),
            "reward": money_json(earned.reward, account.currency) if account.currency else None,
            "minimums": [
                {
                    "method": check.minimum.method,
                    "amount": numbers.plain(check.minimum.amount),
                    "unit": check.minimum.currency or "diamonds",
                    "answer": check.answer,
                    "confidence": check.entry.confidence,
                    "file": check.entry.file,
                    "line": check.entry.line,
                }
                for check in earned.minimums
            ],
        },
    }


def _figure_json(line: report.Line) -> dict[str, Any]:
    def ends(value: Range | None) -> Any:
        if value is None:
            return None
        if line.unit in MINOR_UNITS:
            return money_json(value, line.unit)
        return {"low": numbers.plain(value.low), "high": numbers.plain(value.high)}

    return {
        "unit": line.unit,
        "now": ends(line.now),
        "before": ends(line.before),
        "change_percent": None if line.change is None else str(line.change),
        "provenance": line.provenance,
        "confidence": line.confidence or None,
        "note": line.note or None,
    }
