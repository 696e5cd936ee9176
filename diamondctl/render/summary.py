"""The summary as a screen and as JSON."""

from __future__ import annotations

from typing import Any

from diamondctl.money import MINOR_UNITS, Range
from diamondctl.periods import Period
from diamondctl.rating.thresholds import MinimumCheck
from diamondctl.render import frame, numbers
from diamondctl.render.entries import FIELDS, amount_digits, amount_text
from diamondctl.render.shape import DECIMAL, Field, Fields, json_of, many, pick, under, word
from diamondctl.render.tables import Column, Laid, Table, join, lay_out, notes
from diamondctl.render.view import CLOSING, Clean, Records, View, ends, records
from diamondctl.reports import summary as report
from diamondctl.reports.summary import Summary, Wallet

MINIMUM: Fields = (
    Field("method", of="minimum.method"),
    Field("amount", DECIMAL._replace(json=str), lambda check: amount_digits(check.minimum.amount, check.minimum.currency)),
    Field("unit", of=lambda check: check.minimum.currency or "diamonds"),
    Field("answer", word("above", "below", "depends", "other currency")),
    *under("entry", pick(FIELDS, "confidence", "file", "line")),
)
MINIMUMS = Field("minimums", many(MINIMUM), forms="json")
# Their answers alone.
MINIMUMS_FLAT = Field("minimum", of=lambda row: ", ".join(check.answer for check in row.minimums), forms="flat")


def view(summary: Summary) -> View:
    """The report in all its forms."""
    return View(
        lambda width, rule, clean: screen(summary, width, rule, clean),
        lambda: document(summary),
        lambda: flat(summary),
    )


def screen(summary: Summary, width: int | None, rule: str, clean: Clean) -> Laid:
    """One screen for one wallet; one row per wallet, and totals per currency, for several."""
    scope = summary.scope
    parts = [frame.header(scope, width, clean)]
    if len(summary.wallets) == 1:
        wallet = summary.wallets[0]
        parts += [_lines(summary, wallet, width, rule), _earned(wallet, scope.origin.words, width, rule, clean)]
    else:
        parts += [_roster(summary, width, rule, clean), _totals(summary, width, rule)]
    parts += [
        frame.rates(summary.rates, width, rule, clean),
        notes([clean(text) for text in summary.warnings], width, kind="warning", mark="! "),
        notes([clean(text) for text in scope.notes], width, mark="- "),
    ]
    return Laid((*join(parts).parts, *notes([CLOSING], width, kind="closing").parts))


def _short(period: Period) -> str:
    title = period.title.split(" (")[0]
    month, _, year = title.partition(" ")
    return f"{month[:3]} {year}" if year.isdecimal() else title


def _source(line: report.Line) -> str:
    return ", ".join(part for part in (line.provenance, line.confidence, line.note) if part)


def _lines(summary: Summary, wallet: Wallet, width: int | None, rule: str) -> Laid:
    columns = (
        Column("", figure=False),
        Column(_short(summary.scope.period), right=True),
        Column(_short(summary.scope.previous), right=True),
        Column("Change", right=True),
        Column("From", figure=False, drop=1),
    )
    rows = []
    for line in wallet.lines:
        now = numbers.figure(line.now, line.unit)
        before = numbers.figure(line.before, line.unit) if line.before else "-"
        unknown = "unknown" if line.before and line.before.high else "-"
        rows.append((line.label, now, before, numbers.change(line.change) or unknown, _source(line)))
    return lay_out(Table(columns, tuple(rows)), width, rule)


_ANSWERS = {
    "above": "reaches the {} minimum",
    "below": "below the {} minimum",
    "depends": "may or may not reach the {} minimum: it depends on your share",
    "other currency": "not compared with the {} minimum: other currency",
}


def minimum_text(check: MinimumCheck, clean: Clean) -> str:
    """How an amount compares with a minimum, in words."""
    minimum = check.minimum
    amount = amount_text(minimum.amount, minimum.currency)
    method = "" if minimum.method == "any" else f"{minimum.method} "
    return f"{_ANSWERS[check.answer].format(method + amount)} ({check.entry.confidence}, {clean(check.entry.where)})"


def _earned(wallet: Wallet, where: str, width: int | None, rule: str, clean: Clean) -> Laid:
    currency = wallet.account.currency
    if not currency:
        return Laid(())
    columns = (
        Column(f"{where} up to {wallet.earned.as_of}", figure=False),
        Column(currency, right=True),
        Column("Payout minimum", figure=False),
    )
    answers = [minimum_text(check, clean) for check in wallet.earned.minimums] or ["no minimum is known"]
    earned = numbers.money_range(wallet.earned.reward, currency)
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
        Column(f"Earned to {summary.scope.as_of}", right=True),
        Column("Minimum", figure=False, drop=1),
    )
    rows = []
    for wallet in summary.wallets:
        currency = wallet.account.currency
        figures = {line.key: numbers.figure(line.now, line.unit) for line in wallet.lines}
        rows.append(
            (
                clean(wallet.account.creator),
                wallet.account.region,
                figures["gifts"],
                figures.get("diamonds", "unrated"),
                currency or "-",
                figures.get("gift_value", "unrated"),
                figures.get("reward", "unrated"),
                numbers.money_range(wallet.earned.reward, currency) if currency else "unrated",
                ", ".join(check.answer for check in wallet.earned.minimums) or "-",
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


def document(summary: Summary) -> dict[str, Any]:
    """The summary as the JSON of `diamondctl.summary/1`."""
    return {
        **frame.document_head("summary", summary.scope),
        "previous": frame.period_json(summary.scope.previous),
        "data": {
            "accounts": [_wallet_json(wallet) for wallet in summary.wallets],
            "totals": [
                {
                    "currency": currency,
                    "gift_value": frame.money_json(value, currency),
                    "reward": frame.money_json(reward, currency),
                }
                for currency, value, reward in summary.totals
            ],
            "rates": [frame.use_json(use) for use in summary.rates],
        },
        "warnings": list(summary.warnings),
        "notes": list(summary.scope.notes),
    }


def _wallet_json(wallet: Wallet) -> dict[str, Any]:
    earned, currency = wallet.earned, wallet.account.currency
    return {
        **frame.account_json(wallet.account),
        "figures": {line.key: _figure_json(line) for line in wallet.lines},
        "earned": {
            "as_of": str(earned.as_of),
            "reward": frame.money_json(earned.reward, currency) if currency else None,
            "minimums": [minimum_json(check) for check in earned.minimums],
        },
    }


def minimum_json(check: MinimumCheck) -> dict[str, Any]:
    """See `MINIMUM`."""
    return json_of(MINIMUM, check)


def _figure_json(line: report.Line) -> dict[str, Any]:
    def both(value: Range | None) -> Any:
        if value is None:
            return None
        if line.unit in MINOR_UNITS:
            return frame.money_json(value, line.unit)
        return {"low": numbers.plain(value.low), "high": numbers.plain(value.high)}

    return {
        "unit": line.unit,
        "now": both(line.now),
        "before": both(line.before),
        "change_percent": None if line.change is None else str(line.change),
        "provenance": line.provenance,
        "confidence": line.confidence or None,
        "note": line.note or None,
    }


COUNTS = ("streams", "days", "gifts", "coins", "diamonds")
LIVE = ("hours", "new_followers")
MONEY = ("gift_value", "reward", "reward_before", "earned")
COLUMNS = (
    *frame.HEAD_COLUMNS,
    *COUNTS,
    *(f"{name}_{end}" for name in MONEY for end in ("low", "high")),
    "minimum",
    "confidence",
    "unrated_gifts",
    "unrated_coins",
    *LIVE,
)


def flat(summary: Summary) -> Records:
    """One row per wallet."""
    rows: list[dict[str, object]] = []
    for wallet in summary.wallets:
        currency = wallet.account.currency
        lines = {line.key: line for line in wallet.lines}
        reward, value = lines.get("reward"), lines.get("gift_value")
        rows.append(
            {
                **frame.head_record(summary.scope, wallet.account, summary.scope.complete),
                **{key: numbers.plain(lines[key].now.low) for key in (*COUNTS, *LIVE) if key in lines},
                **ends("gift_value", value.now if value else None, currency),
                **ends("reward", reward.now if reward else None, currency),
                **ends("reward_before", reward.before if reward else None, currency),
                **ends("earned", wallet.earned.reward, currency),
                "minimum": ", ".join(check.answer for check in wallet.earned.minimums),
                "confidence": reward.confidence if reward else None,
                "unrated_gifts": sum(item.row.gifts for item in wallet.account.unrated),
                "unrated_coins": sum(item.row.coins for item in wallet.account.unrated),
            }
        )
    numeric = [
        *COUNTS,
        *LIVE,
        *(name for name in COLUMNS if name.endswith(("_low", "_high"))),
        "unrated_gifts",
        "unrated_coins",
    ]
    return records(rows, COLUMNS, numeric)
