"""Explanations in all their forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from diamondctl.money import MINOR_UNITS, Range, total
from diamondctl.rating.credits import WEEKLY
from diamondctl.render import entries, frame, numbers
from diamondctl.render import shape as f
from diamondctl.render.page import Part, Texts, said
from diamondctl.render.view import View
from diamondctl.reports.contradictions import contradictions_of
from diamondctl.reports.explain import Booking, CreditLine, Mission, Paid, RewardAccount, RewardReport, StreamReport
from diamondctl.reports.remarks import number_text, percent_text, quarter_text
from diamondctl.reports.values import Account
from diamondctl.words import counted

WHAT = {"stream": "the stream", "day": "the day", "week": "the week", "month": "the month", "weekly": "the weekly part"}
UNIT: f.Fields = (
    f.Field("unit", f.word(*WHAT), "credit.unit"),
    f.Field("name", of="credit.name"),
    f.Field("credited", f.DAY),
    f.Field("pending", f.FLAG),
)


def exact_money(amount: Range, currency: str) -> str:
    """Money that is not rounded, with all of its decimals and at least those of the currency; what it rests on as for all."""
    texts = []
    for end in (amount.low, amount.high):
        whole, _, digits = f"{end.normalize():,f}".partition(".")
        texts.append(f"{whole}.{digits.ljust(MINOR_UNITS[currency], '0')}" if digits or MINOR_UNITS[currency] else whole)
    return amount.about + " - ".join(dict.fromkeys(texts))


def points_text(points: Range) -> str:
    """`38`, `0 - 2`, `-20 - 0`."""
    return " - ".join(dict.fromkeys(number_text(end) for end in (points.low, points.high)))


def _unless_weekly(field: f.Field) -> f.Field:
    """A figure that a screen does not show of a weekly part: its gifts stand with the other credits."""
    return field._replace(show=lambda line: "-" if line.credit.unit == WEEKLY else field.kind.screen(field.value(line)))


def _credited(line: CreditLine) -> str:
    return f"{line.credited}{' (pending)' if line.pending else ''}"


def _wheres(line: CreditLine) -> list[str]:
    return list(dict.fromkeys(part.entry.where for part in line.credit.parts))


CREDIT: f.Fields = (
    *UNIT[:2],
    UNIT[2]._replace(title="Credited", show=_credited),
    UNIT[3],
    _unless_weekly(f.Field("coins", f.COUNT, title="Coins")),
    _unless_weekly(f.money("gift_value", "credit.nominal", "credit.currency", title="Gift value", forms="json")),
    f.Field("gift_value", f.DIGITS, "credit.gift_value", forms="flat"),
    f.Field("gift_value_confidence", f.CONFIDENCE, "credit.nominal.confidence", forms="flat"),
    f.Field("share", f.RANGE, title="Share", show=lambda line: percent_text(line.share)),
    f.money("reward", "credit.reward", "credit.currency", title="Reward"),
    f.money("stories", "credit.reward", "credit.currency", kind=f.STORIES, forms="json"),
    f.money("whole", "credit.whole", "credit.currency", title="Of all of it"),
    f.Field("missions", of="points", title="Points", drop=1, maybe=True),
    f.Field("entries", f.WORDS, _wheres, "Rate entry", drop=2, forms="json"),
    *f.under(lambda line: line.credit.parts[0].entry, f.pick(entries.FIELDS, "file", "line"), forms="flat"),
    f.money("reward", "credit.reward", "credit.currency", kind=f.STORIES, forms="flat"),
)


def answer(report: RewardReport) -> str:
    """The report in one sentence."""
    period = report.scope.period.words + ("" if report.scope.complete else " (incomplete)")
    currencies = sorted({item.account.currency for item in report.accounts if item.account.currency})
    money = [
        numbers.to(total(item.reward for item in report.accounts if item.account.currency == currency).ordered, currency)
        for currency in currencies
    ]
    count = sum(len(item.lines) for item in report.accounts)
    if not count:
        return f"{period}: no credit."
    return f"{period}: {counted(count, 'credit')} of {' and '.join(money)}."


REWARD = frame.document(
    "explain-reward",
    (
        f.Field(
            "accounts",
            f.many(
                (
                    *frame.WHOSE,
                    f.money("reward", currency="account.currency", maybe=True),
                    f.Field("credits", f.many(CREDIT), "lines"),
                )
            ),
        ),
    ),
    CREDIT,
    answer=answer,
)


def reward_view(report: RewardReport) -> View:
    """The credits of a period; flat, one row per credit. The evidence tells what speaks against the rates."""
    return frame.view(
        REWARD,
        report,
        lambda: _reward_page(report),
        lambda: ((item.account, line) for item in report.accounts for line in item.lines),
        evidence=lambda: (
            [part for item in report.accounts if item.account.currency for part in _credits(item)]
            + [entries.contradictions_part(contradictions_of(report.rates))]
        ),
    )


def _reward_page(report: RewardReport) -> list[Part]:
    """The credits of one account, those of several only counted: each in full is evidence."""
    rated = [item for item in report.accounts if item.account.currency]
    if len(rated) == 1:
        account, lines = rated[0].account, rated[0].lines
        reward = _stories(account.currency) if any(_turned(line) for line in lines) else f.pick(CREDIT, reward=account.currency)
        columns = (f.cell("Credit", _credit_name), *f.pick(CREDIT, "credited", "coins", "share"), *reward)
        begun = any(line.credit.begun is not None for line in lines)
        only = "Of a credit that had begun before the period, only what came in the period counts." if begun else ""
        return [f.table(columns, lines), said(only)]
    columns = (
        f.cell("Creator", lambda item: item.account.creator, f.LABEL),
        f.cell("Region", lambda item: item.account.region, f.LABEL),
        f.cell("Credits", lambda item: f"{len(item.lines):,}", f.FIGURE),
        f.cell("Reward", lambda item: numbers.money_range(item.reward.ordered, item.account.currency), f.FIGURE),
        f.cell("", lambda item: item.account.currency, f.LABEL),
    )
    return [f.table(columns, rated), said("The credits of one of them: --creator NAME")] if rated else []


def _credit_name(line: CreditLine) -> str:
    return f"week of {line.credit.name}" if line.credit.unit == WEEKLY else f"{line.credit.unit} {line.credit.name}"


def _turned(line: CreditLine) -> bool:
    """Whether the story in which one gets least has the more of it: what completes a credit that was begun with less."""
    return line.credit.reward.low > line.credit.reward.high


def _stories(currency: str) -> tuple[f.Field, ...]:
    """The reward in columns that add up to the least and to the most; rows from the smaller to the greater end would not."""

    def end(name: Literal["low", "high"]) -> Callable[[CreditLine], str]:
        return lambda line: numbers.money_range(line.credit.reward.at(name), currency)

    return f.cell("Least", end("low"), f.FIGURE), f.cell("Most", end("high"), f.FIGURE)


def _credits(item: RewardAccount) -> list[Part]:
    account = item.account
    begun = any(line.credit.begun is not None for line in item.lines)
    whole = ("whole",) if begun else ()
    columns = (
        f.cell("Credit", _credit_name),
        *f.pick(CREDIT, "credited", "coins", "gift_value", "share", "missions"),
        *(_stories(account.currency) if any(_turned(line) for line in item.lines) else f.pick(CREDIT, "reward")),
        *f.pick(CREDIT, *whole, "entries"),
    )
    words = f"Reward of the period: {numbers.money_range(item.reward, account.currency)} {account.currency}, the sum of "
    return [
        f.table(columns, item.lines, f"{account.creator}   {account.region}   {account.currency}"),
        said(words + f"{counted(len(item.lines), 'credit')}, each rounded once."),
        said("Of a credit that had begun before the period, only what came in the period counts.") if begun else (),
    ]


NEXT: f.Fields = (
    f.Field("at_least", f.COUNT),
    f.Field("points", f.RANGE),
    f.Field("more", f.UNROUNDED, forms="json"),
)
MISSION: f.Fields = (
    f.Field("mission", of="name", title="Mission"),
    f.Field("known", of="fact", title="Known"),
    f.Field("source", maybe=True),
    f.Field("points", f.RANGE, title="Points", show=lambda mission: points_text(mission.points)),
    f.Field("next", f.one(NEXT), maybe=True, forms="json"),
)
PLACE = f.pick(entries.FIELDS, "file", "line")
PAID: f.Fields = (
    *f.under("entry", PLACE),
    f.Field("rule", of=lambda paid: entries.value_text(paid.entry)),
    f.Field("own_share", f.FLAG, "own"),
    f.Field("gift_value", f.DECIMAL),
    f.Field("cap", f.DECIMAL, maybe=True),
    f.Field("share", f.RANGE),
    f.Field("money", f.UNROUNDED),
    f.Field("missions", f.many(MISSION)),
)
BOOKING: f.Fields = (
    *UNIT,
    f.money("reward", "credit.reward", "credit.currency", title="Whole credit"),
    f.Field(
        "of_this_stream",
        f.UNROUNDED,
        "part",
        "Of this stream",
        show=lambda item: exact_money(item.part, item.credit.currency),
    ),
)
GIFT: f.Fields = (
    f.Field("place", title="Where"),
    f.Field("time", title="Time (UTC)"),
    f.Field("gift", title="Gift"),
    f.Field("coins", f.COUNT, title="Coins"),
    f.Field("quantity", f.COUNT, title="Quantity"),
)


class Line(NamedTuple):
    """A mission of a stream, or of its week, in what was paid with it."""

    stream: str
    part: str
    paid: Paid
    mission: Mission


STREAM = frame.document(
    "explain-stream",
    (
        f.Field("account", f.one(frame.ACCOUNT)),
        f.Field("stream"),
        f.Field("first_quarter", of=lambda report: quarter_text(report.first, report.account.timezone)),
        f.Field("last_quarter", of=lambda report: quarter_text(report.last, report.account.timezone)),
        f.Field("gifts", f.COUNT),
        f.Field("coins", f.COUNT),
        f.Field("diamonds", f.DECIMAL, maybe=True),
        f.Field("with_stream", f.many(PAID)),
        f.Field("with_week", f.many(PAID)),
        f.Field("credits", f.many(BOOKING), "bookings"),
        f.Field("gift_rows", f.many(GIFT), "rows"),
        f.Field("more_gift_rows", f.COUNT, "more_rows"),
    ),
    (
        f.Field("stream"),
        f.Field("part"),
        *f.under("mission", MISSION),
        *f.under("mission.next", NEXT, prefix="next_"),
        *f.under("paid.entry", PLACE),
    ),
)


def stream_view(report: StreamReport) -> View:
    """One stream; flat, one row per mission: a share that is no matter of missions has none."""
    return frame.view(
        STREAM,
        report,
        lambda: _stream(report),
        lambda: ((report.account, line) for line in _lines(report)),
        evidence=lambda: [entries.contradictions_part(contradictions_of(report.rates))],
    )


def _lines(report: StreamReport) -> Iterator[Line]:
    for part, group in (("stream", report.with_stream), ("week", report.with_week)):
        yield from (Line(report.stream, part, paid, mission) for paid in group for mission in paid.missions)


def _stream(report: StreamReport) -> list[Part]:
    account = report.account
    name = f"Stream {report.stream}" if report.stream else "Gifts that name no stream"
    title = f"{name}   {account.creator}   {account.region}   {account.currency}   {account.timezone}"
    start, end = (quarter_text(quarter, account.timezone) for quarter in (report.first, report.last))
    first = (
        f"First gift in the quarter of an hour from {start}, last one in that from {end}: "
        f"{counted(report.gifts, 'gift')}, {counted(report.coins, 'coin')}"
        + (f", {numbers.count(report.diamonds)} diamonds." if report.diamonds is not None else ".")
    )
    credits = (
        f.cell("Credited with", _with),
        f.cell("On", lambda item: str(item.credited)),
        f.cell("State", lambda item: "pending" if item.pending else "credited"),
        *f.pick(BOOKING, "reward", "of_this_stream"),
    )
    gifts = f.pick(GIFT, "gift", "coins", "quantity", "time", "place")
    more = f"{counted(report.more_rows, 'more gift')}; all of them: --rows 0" if report.more_rows else ""
    return [
        (Texts((title,), "title", wrapped=False), said(first)),
        *(_paid("With the stream", item, account) for item in report.with_stream),
        *(_paid("With its week", item, account) for item in report.with_week),
        f.table(credits, report.bookings),
        (*([f.table(gifts, report.rows)] if report.rows else []), said(more)),
    ]


def _with(item: Booking) -> str:
    return WHAT[item.credit.unit] + (f" of {item.credit.name}" if item.credit.unit == WEEKLY else "")


def _paid(title: str, item: Paid, account: Account) -> Part:
    """A share, mission by mission, and the money it makes."""
    money = exact_money(item.money, account.currency)
    value = exact_money(item.nominal, account.currency)
    sums = f"{percent_text(item.share)} of {value} = {money} {account.currency}, before rounding ({item.entry.where})"
    if not item.missions:
        own = " your own share" if item.own else ""
        return said(f"{title}:{own} {sums}.")
    columns = (
        *f.pick(MISSION, "mission", "known", "points"),
        f.cell("Next band", lambda mission: _next_text(mission, account)),
        f.cell("From", lambda mission: mission.source or "-", drop=1),
    )
    cap = f"at most {number_text(item.cap)} points" if item.cap is not None else ""
    return (f.table(columns, item.missions, title), said(f"Together {percent_text(item.share)} ({cap}): {sums}."))


def _next_text(mission: Mission, account: Account) -> str:
    if mission.next is None:
        return "-"
    more = exact_money(mission.next.more, account.currency)
    return f"from {mission.next.at_least:,} on: {points_text(mission.next.points)}, {more} {account.currency} more"
