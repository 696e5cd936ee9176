"""Other income beside gifts, as a part of other reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diamondctl.render import numbers
from diamondctl.render import shape as f
from diamondctl.render.page import Part, said
from diamondctl.reports.income import GIFTS, Income, Source

_AMOUNT: f.Fields = (
    f.Field("month", of="month.label"),
    f.Field("source"),
    f.Field("low", f.DIGITS, "amount.low"),
    f.Field("high", f.DIGITS, "amount.high"),
)
_SOURCE: f.Fields = (
    f.Field("source"),
    f.Field("low", f.DIGITS, "amount.low"),
    f.Field("high", f.DIGITS, "amount.high"),
    f.Field("percent", f.TENTHS, maybe=True),
)
_INCOME: f.Fields = (
    f.Field("creator"),
    f.Field("currency", f.CURRENCY),
    f.Field("months", f.COUNT),
    f.Field("amounts", f.many(_AMOUNT)),
    f.Field("sources", f.many(_SOURCE)),
    f.money("whole"),
    f.money("other"),
    f.Field("months_without_gifts", f.TENTHS, "reach", maybe=True),
)
INCOME = f.Field("income", f.many(_INCOME))


def sentence(found: Income) -> str:
    """How much hangs on the largest source, and how far the rest would reach without gifts."""
    largest = found.largest
    if largest is None or largest.percent is None:
        return ""
    text = f"{_name(largest.source)} brought {_percent(largest)} of {numbers.to(found.whole, found.currency)}."
    if found.reach is None or largest.source != GIFTS:
        return text
    months = f"{found.reach.low:f}" if found.reach.is_exact else f"{found.reach.low:f} to {found.reach.high:f}"
    of = "the month" if found.months == 1 else f"{found.months} months"
    return f"{text} Without gifts the rest would pay for {months} of {of}."


def parts(found: Sequence[Income]) -> Iterator[Part]:
    """A table for each creator and currency: months by source, then every source with its part."""
    for item in found:
        title = f"Gifts and other income of {item.creator}, {item.currency}"
        months = (
            f.cell("Month", lambda amount: amount.month.label, f.LABEL),
            f.cell("From", lambda amount: _name(amount.source)),
            f.cell("Amount", lambda amount, item=item: numbers.money_range(amount.amount, item.currency), f.FIGURE),  # type: ignore[misc]
        )
        sources = (
            f.cell("Source", lambda source: _name(source.source)),
            f.cell("Amount", lambda source, item=item: numbers.money_range(source.amount, item.currency), f.FIGURE),  # type: ignore[misc]
            f.cell("Part", _percent, f.FIGURE),
        )
        if item.months > 1:
            yield f.table(months, item.amounts, title)
        yield f.table(sources, item.sources, "" if item.months > 1 else title)
        yield said(sentence(item))


def _name(source: str) -> str:
    return "Gifts" if source == GIFTS else source


def _percent(source: Source) -> str:
    if source.percent is None:
        return "-"
    return "% to ".join(dict.fromkeys(f"{end:.1f}" for end in (source.percent.low, source.percent.high))) + "%"
