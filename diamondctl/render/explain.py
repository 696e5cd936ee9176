"""Explanations in all their forms."""

from __future__ import annotations

from typing import Any

from diamondctl.money import MINOR_UNITS, Range
from diamondctl.render import frame, numbers
from diamondctl.render.entries import value_text
from diamondctl.render.tables import Column, Laid, Line, Table, join, lay_out, notes
from diamondctl.render.view import CLOSING, Clean, Records, View, ends, records
from diamondctl.reports.explain import CreditLine, Mission, Paid, RewardReport, StreamReport
from diamondctl.reports.remarks import number_text, percent_text, quarter_text
from diamondctl.reports.values import Account
from diamondctl.words import counted

WHAT = {"stream": "the stream", "day": "the day", "week": "the week", "month": "the month", "weekly": "the weekly part"}
REWARD_COLUMNS = (
    *frame.HEAD_COLUMNS,
    "unit",
    "name",
    "credited",
    "pending",
    "coins",
    "gift_value",
    "share_low",
    "share_high",
    "reward_low",
    "reward_high",
    "missions",
    "file",
    "line",
)
STREAM_COLUMNS = (
    *frame.HEAD_COLUMNS,
    "stream",
    "part",
    "mission",
    "known",
    "source",
    "points_low",
    "points_high",
    "next_at_least",
    "next_points_low",
    "next_points_high",
    "file",
    "line",
)


def exact_money(amount: Range, currency: str) -> str:
    """Money that is not rounded, with all of its decimals and at least those of the currency."""
    texts = []
    for end in (amount.low, amount.high):
        whole, _, digits = f"{end.normalize():,f}".partition(".")
        texts.append(f"{whole}.{digits.ljust(MINOR_UNITS[currency], '0')}" if digits or MINOR_UNITS[currency] else whole)
    return " - ".join(dict.fromkeys(texts))


def points_text(points: Range) -> str:
    """`38`, `0 - 2`, `-20 - 0`."""
    return " - ".join(dict.fromkeys(number_text(end) for end in (points.low, points.high)))


def reward_view(report: RewardReport) -> View:
    """The credits of a period."""
    return View(
        lambda width, rule, clean: _reward_screen(report, width, rule, clean),
        lambda: _reward_document(report),
        lambda: _reward_records(report),
    )


def _credit_name(line: CreditLine) -> str:
    return f"week of {line.credit.name}" if line.credit.unit == "weekly" else f"{line.credit.unit} {line.credit.name}"


def _reward_screen(report: RewardReport, width: int | None, rule: str, clean: Clean) -> Laid:
    parts = [frame.header(report.scope, width, clean)]
    for item in report.accounts:
        account = item.account
        if not account.currency:
            continue
        columns = (
            Column("Credit", figure=False),
            Column("Credited", figure=False),
            Column("Coins", right=True),
            Column("Gift value", right=True),
            Column("Share", right=True),
            Column("Points", figure=False, drop=1),
            Column("Reward", right=True),
            Column("Rate entry", figure=False, drop=2),
        )
        rows = [
            (
                clean(_credit_name(line)),
                f"{line.credited}{' (pending)' if line.pending else ''}",
                f"{line.coins:,}" if line.credit.unit != "weekly" else "-",
                numbers.money(line.credit.gift_value, account.currency) if line.credit.unit != "weekly" else "-",
                percent_text(line.share),
                line.points or "-",
                numbers.money_range(line.credit.reward, account.currency),
                clean(", ".join(dict.fromkeys(part.entry.where for part in line.credit.parts))),
            )
            for line in item.lines
        ]
        title = f"{clean(account.creator)}   {account.region}   {account.currency}"
        parts.append(lay_out(Table(columns, tuple(rows), title), width, rule))
        words = f"Reward of the period: {numbers.money_range(item.reward, account.currency)} {account.currency}, the sum of "
        parts.append(notes([words + f"{counted(len(item.lines), 'credit')}, each rounded once."], width))
    parts += [
        frame.rates(report.rates, width, rule, clean),
        notes([clean(text) for text in report.warnings], width, kind="warning", mark="! "),
        notes([clean(text) for text in report.scope.notes], width, mark="- "),
    ]
    return Laid((*join(parts).parts, *notes([CLOSING], width, kind="closing").parts))


def _share_json(share: Range) -> dict[str, str]:
    return {"low": numbers.plain(share.low), "high": numbers.plain(share.high)}


def _reward_document(report: RewardReport) -> dict[str, Any]:
    return {
        **frame.document_head("explain-reward", report.scope),
        "data": {
            "accounts": [
                {
                    **frame.account_json(item.account),
                    "reward": frame.money_json(item.reward, item.account.currency) if item.account.currency else None,
                    "credits": [_credit_json(line, item.account) for line in item.lines],
                }
                for item in report.accounts
            ],
            "rates": [frame.use_json(use) for use in report.rates],
        },
        "warnings": list(report.warnings),
        "notes": list(report.scope.notes),
    }


def _credit_json(line: CreditLine, account: Account) -> dict[str, Any]:
    return {
        "unit": line.credit.unit,
        "name": line.credit.name,
        "credited": str(line.credited),
        "pending": line.pending,
        "coins": line.coins,
        "gift_value": frame.money_json(Range.of(line.credit.gift_value), account.currency),
        "share": _share_json(line.share),
        "reward": frame.money_json(line.credit.reward, account.currency),
        "missions": line.points or None,
        "entries": list(dict.fromkeys(part.entry.where for part in line.credit.parts)),
    }


def _reward_records(report: RewardReport) -> Records:
    rows: list[dict[str, object]] = [
        {
            **frame.head_record(report.scope, item.account, report.scope.complete),
            "unit": line.credit.unit,
            "name": line.credit.name,
            "credited": line.credited,
            "pending": line.pending,
            "coins": line.coins,
            "gift_value": f"{line.credit.gift_value:f}",
            **{f"share_{end}": text for end, text in _share_json(line.share).items()},
            **ends("reward", line.credit.reward, item.account.currency),
            "missions": line.points,
            "file": line.credit.parts[0].entry.file,
            "line": line.credit.parts[0].entry.line,
        }
        for item in report.accounts
        for line in item.lines
    ]
    numeric = ("coins", "gift_value", "share_low", "share_high", "reward_low", "reward_high", "line")
    return records(rows, REWARD_COLUMNS, numeric)


def stream_view(report: StreamReport) -> View:
    """One stream."""
    return View(
        lambda width, rule, clean: _stream_screen(report, width, rule, clean),
        lambda: _stream_document(report),
        lambda: _stream_records(report),
    )


def _stream_screen(report: StreamReport, width: int | None, rule: str, clean: Clean) -> Laid:
    account = report.account
    name = f"Stream {clean(report.stream)}" if report.stream else "Gifts that name no stream"
    start, end = (quarter_text(quarter, account.timezone) for quarter in (report.first, report.last))
    head = [
        Line("title", f"{name}   {clean(account.creator)}   {account.region}   {account.currency}   {account.timezone}"),
        *notes(
            [
                f"First gift in the quarter of an hour from {start}, last one in that from {end}: "
                f"{counted(report.gifts, 'gift')}, {counted(report.coins, 'coin')}, {numbers.count(report.diamonds)} diamonds."
            ],
            width,
        ).parts,
    ]
    parts = [Laid(tuple(head))]
    for title, group in (("With the stream", report.with_stream), ("With its week", report.with_week)):
        parts += [_paid(title, item, account, width, rule, clean) for item in group]
    parts.append(_bookings(report, width, rule, clean))
    parts.append(_gifts(report, width, rule, clean))
    parts += [
        frame.rates(report.rates, width, rule, clean),
        notes([clean(text) for text in report.warnings], width, kind="warning", mark="! "),
        notes([clean(text) for text in report.scope.notes], width, mark="- "),
    ]
    return Laid((*join(parts).parts, *notes([CLOSING], width, kind="closing").parts))


def _paid(title: str, item: Paid, account: Account, width: int | None, rule: str, clean: Clean) -> Laid:
    """A share, mission by mission, and the money it makes."""
    money = exact_money(item.money, account.currency)
    value = exact_money(Range.of(item.gift_value), account.currency)
    sums = f"{percent_text(item.share)} of {value} = {money} {account.currency}, before rounding ({clean(item.entry.where)})"
    if not item.missions:
        own = " your own share" if item.own else ""
        return Laid((*notes([f"{title}:{own} {sums}."], width).parts,))
    columns = (
        Column("Mission", figure=False),
        Column("Known", figure=False),
        Column("Points", right=True),
        Column("Next band", figure=False),
        Column("From", figure=False, drop=1),
    )
    rows = [
        (
            mission.name,
            clean(mission.fact),
            points_text(mission.points),
            _next_text(mission, account),
            clean(mission.source) or "-",
        )
        for mission in item.missions
    ]
    cap = f"at most {number_text(item.cap)} points" if item.cap is not None else ""
    return Laid(
        (
            *lay_out(Table(columns, tuple(rows), title), width, rule).parts,
            *notes([f"Together {percent_text(item.share)} ({cap}): {sums}."], width).parts,
        )
    )


def _next_text(mission: Mission, account: Account) -> str:
    if mission.next is None:
        return "-"
    more = exact_money(mission.next.more, account.currency)
    return f"from {mission.next.at_least:,} on: {points_text(mission.next.points)}, {more} {account.currency} more"


def _bookings(report: StreamReport, width: int | None, rule: str, clean: Clean) -> Laid:
    currency = report.account.currency
    columns = (
        Column("Credited with", figure=False),
        Column("On", figure=False),
        Column("State", figure=False),
        Column("Whole credit", right=True),
        Column("Of this stream", right=True),
    )
    rows = [
        (
            WHAT[item.what] + (f" of {item.name}" if item.what == "weekly" else ""),
            str(item.credited),
            "pending" if item.pending else "credited",
            numbers.money_range(item.reward, currency),
            exact_money(item.part, currency),
        )
        for item in report.bookings
    ]
    return lay_out(Table(columns, tuple(rows)), width, rule)


def _gifts(report: StreamReport, width: int | None, rule: str, clean: Clean) -> Laid:
    columns = (
        Column("Gift", figure=False),
        Column("Coins", right=True),
        Column("Quantity", right=True),
        Column("Time (UTC)", figure=False),
        Column("Where", figure=False),
    )
    rows = [(clean(row.gift), f"{row.coins:,}", f"{row.quantity:,}", row.time, clean(row.place)) for row in report.rows]
    more = [f"{counted(report.more_rows, 'more gift')}; all of them: --rows 0"] if report.more_rows else []
    return Laid((*(lay_out(Table(columns, tuple(rows)), width, rule).parts if rows else ()), *notes(more, width).parts))


def _stream_document(report: StreamReport) -> dict[str, Any]:
    account = report.account
    return {
        **frame.document_head("explain-stream", report.scope),
        "data": {
            "account": frame.account_json(account),
            "stream": report.stream,
            "first_quarter": quarter_text(report.first, account.timezone),
            "last_quarter": quarter_text(report.last, account.timezone),
            "gifts": report.gifts,
            "coins": report.coins,
            "diamonds": numbers.plain(report.diamonds),
            "with_stream": [_paid_json(item, account) for item in report.with_stream],
            "with_week": [_paid_json(item, account) for item in report.with_week],
            "credits": [
                {
                    "unit": item.what,
                    "name": item.name,
                    "credited": str(item.credited),
                    "pending": item.pending,
                    "reward": frame.money_json(item.reward, account.currency),
                    "of_this_stream": _share_json(item.part),
                }
                for item in report.bookings
            ],
            "gift_rows": [row._asdict() for row in report.rows],
            "more_gift_rows": report.more_rows,
            "rates": [frame.use_json(use) for use in report.rates],
        },
        "warnings": list(report.warnings),
        "notes": list(report.scope.notes),
    }


def _paid_json(item: Paid, account: Account) -> dict[str, Any]:
    return {
        "file": item.entry.file,
        "line": item.entry.line,
        "rule": value_text(item.entry),
        "own_share": item.own,
        "gift_value": numbers.plain(item.gift_value),
        "cap": None if item.cap is None else numbers.plain(item.cap),
        "share": _share_json(item.share),
        "money": _share_json(item.money),
        "missions": [
            {
                "mission": mission.name,
                "known": mission.fact,
                "source": mission.source or None,
                "points": _share_json(mission.points),
                "next": None
                if mission.next is None
                else {
                    "at_least": mission.next.at_least,
                    "points": _share_json(mission.next.points),
                    "more": _share_json(mission.next.more),
                },
            }
            for mission in item.missions
        ],
    }


def _stream_records(report: StreamReport) -> Records:
    """One row per mission; a share that is no matter of missions has none."""
    rows: list[dict[str, object]] = []
    for part, group in (("stream", report.with_stream), ("week", report.with_week)):
        for item in group:
            for mission in item.missions:
                after = mission.next
                rows.append(
                    {
                        **frame.head_record(report.scope, report.account, report.scope.complete),
                        "stream": report.stream,
                        "part": part,
                        "mission": mission.name,
                        "known": mission.fact,
                        "source": mission.source,
                        "points_low": numbers.plain(mission.points.low),
                        "points_high": numbers.plain(mission.points.high),
                        "next_at_least": None if after is None else after.at_least,
                        "next_points_low": None if after is None else numbers.plain(after.points.low),
                        "next_points_high": None if after is None else numbers.plain(after.points.high),
                        "file": item.entry.file,
                        "line": item.entry.line,
                    }
                )
    numeric = ("points_low", "points_high", "next_at_least", "next_points_low", "next_points_high", "line")
    return records(rows, STREAM_COLUMNS, numeric)
