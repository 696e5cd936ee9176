"""Platforms side by side, in all forms; `?` stands where no source says anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from diamondctl.money import MINOR_UNITS
from diamondctl.ratebook.entries import RateEntry, Source
from diamondctl.render import entries, frame, numbers
from diamondctl.render import shape as f
from diamondctl.render.page import Part, said
from diamondctl.render.view import View
from diamondctl.reports.platforms import By, Comparison, Figure, Mine, Row, again
from diamondctl.words import method_name, platform_name

UNKNOWN: Final = "?"
CLOSING: Final = "Subscriptions, payouts, and what sources say of each, with their dates: -v. Not a promise of payment."
CLOSING_MINE: Final = "Compared by what sources say, with their dates: -v. Not a promise of payment."
_CHANNELS: Final = {"web": "web", "in_app": "app", "any": ""}


def figure_text(figure: Figure, unit: str = "USD") -> str:
    """`70.00`, `71.42 - 81.17`, `? - 70.00`, `?`; with "about" where it rests on what is assumed."""
    if not figure.known:
        return UNKNOWN
    places = MINOR_UNITS.get(unit, 0)
    ends = [UNKNOWN if end is None else f"{end:,.{places}f}" for end in (figure.low, figure.high)]
    about = "about " if figure.confidence == "assumed" else ""
    return about + " - ".join(dict.fromkeys(ends))


def _sentence(figure: Figure) -> str:
    text = figure_text(figure)
    if figure.low is None and figure.high is not None:
        return text.replace(f"{UNKNOWN} - ", "at most ")
    return text.replace(" - ", " to ")


def _end(figure: Figure, name: str) -> Decimal | None:
    end: Decimal | None = getattr(figure, name)
    return end


def _ends(key: str, of: str, title: str = "", drop: int = 0) -> f.Fields:
    """Both ends of a figure and what it rests on; on a screen one cell."""

    def end(name: str) -> Any:
        return lambda row: _end(getattr(row, of), name)

    return (
        f.Field(f"{key}_low", f.DIGITS, end("low"), maybe=True),
        f.Field(f"{key}_high", f.DIGITS, end("high"), maybe=True),
        f.Field(f"{key}_confidence", of=lambda row: getattr(row, of).confidence, maybe=True),
        *((f.cell(title, lambda row: figure_text(getattr(row, of)), f.FIGURE, drop),) if title else ()),
    )


class Cell(NamedTuple):
    """One fact that a row rests on, with its source."""

    entry: RateEntry
    source: Source


BY: f.Fields = (
    f.Field("method", maybe=True),
    f.Field("low", f.DIGITS, "figure.low", maybe=True),
    f.Field("high", f.DIGITS, "figure.high", maybe=True),
    f.Field("unit"),
    f.Field("confidence", of="figure.confidence", maybe=True),
)
FACT: f.Fields = (
    f.Field("text", of=lambda cell: entries.value_text(cell.entry), title="Fact"),
    f.Field("confidence", of="entry.confidence", title="Confidence"),
    f.Field("since", of="entry.effective_text", title="From", show=lambda cell: entries.since_text(cell.entry)),
    f.Field("verified", f.DAY, "entry.verified"),
    f.Field("checked", f.DAY, "source.checked", title="Looked at", maybe=True),
    f.Field("source", of="source.title", title="Source"),
    f.Field("url", of="source.url", title="Where", maybe=True, show=lambda cell: cell.source.url or cell.source.document),
    f.Field("file", of="entry.file"),
    f.Field("line", f.COUNT, "entry.line"),
)
ROW: f.Fields = (
    f.Field("platform"),
    f.Field("product"),
    f.Field("sort", f.word("gift", "subscription")),
    f.Field("channel", f.word("web", "in_app", "any")),
    f.Field("region", maybe=True),
    f.Field("currency", maybe=True),
    *_ends("tax", "tax"),
    *_ends("stores", "stores"),
    *_ends("keeps", "keeps"),
    *_ends("arrives", "arrives"),
    *_ends("wait_days", "wait"),
    f.Field("wait_after_month", f.FLAG, "after_month"),
    f.Field("minimum", of=lambda row: _listed(row.minimums), forms="flat"),
    f.Field("fees", of=lambda row: _listed(row.fees), forms="flat"),
    f.Field("minimums", f.many(BY), forms="json"),
    f.Field("payout_fees", f.many(BY), "fees", forms="json"),
)
AGAIN: f.Fields = (
    *f.under("row", f.pick(ROW, "platform", "product", "channel")),
    f.Field("low", f.DIGITS, "figure.low", maybe=True),
    f.Field("high", f.DIGITS, "figure.high", maybe=True),
    f.Field("confidence", of="figure.confidence", maybe=True),
)


class Again(NamedTuple):
    """What an account's month would have brought by a row."""

    mine: Mine
    row: Row
    figure: Figure


MINE: f.Fields = (
    f.Field("creator"),
    f.Field("region", f.REGION),
    f.Field("platform"),
    f.Field("currency", f.CURRENCY),
    f.Field("coins", f.COUNT),
    f.money("spent", maybe=True),
    f.money("reward"),
)


def _again(found: Comparison, mine: Mine) -> list[Again]:
    """Gifts alone: what fans gave was no subscription."""
    return [Again(mine, row, again(row, mine)) for row in found.rows if row.sort == "gift"]


def _cells(found: Comparison, row: Row) -> list[Cell]:
    return [Cell(entry, found.zone.sources[entry.sources[0]]) for entry in row.facts]


class Shown(NamedTuple):
    """A row with the facts it rests on."""

    row: Row
    cells: list[Cell]


class ShownMine(NamedTuple):
    """An account's month with what it would have brought elsewhere."""

    mine: Mine
    elsewhere: list[Again]


def _shown(found: Comparison) -> list[Shown]:
    return [Shown(row, _cells(found, row)) for row in found.rows]


def _shown_mine(found: Comparison) -> list[ShownMine]:
    return [ShownMine(mine, _again(found, mine)) for mine in found.mine]


def answer(found: Comparison) -> str:
    """The best that each platform gives of what fans pay for gifts; or of what they paid."""
    if found.scope is not None:
        return _answer_mine(found)
    best: dict[str, Row] = {}
    for row in found.rows:
        if row.sort == "gift" and row.arrives.high is not None:
            other = best.get(row.platform)
            if other is None or _rank(row) > _rank(other):
                best[row.platform] = row
    told = sorted(best.values(), key=_rank, reverse=True)
    listed = [f"{platform_name(row.platform)} {_sentence(row.arrives)}" for row in told]
    return f"Of 100 that fans pay for gifts you get: {', '.join(listed)}." if listed else "Nothing is known of gifts there."


def _rank(row: Row) -> tuple[Decimal, Decimal]:
    return row.arrives.high or Decimal(0), row.arrives.low or Decimal(0)


def _answer_mine(found: Comparison) -> str:
    assert found.scope is not None
    period = found.scope.period.title
    sums: dict[str, list[Mine]] = {}
    for mine in found.mine:
        sums.setdefault(mine.currency, []).append(mine)
    texts = []
    for currency, mines in sums.items():
        reward = sum((item.reward for item in mines[1:]), mines[0].reward)
        spent = [item.spent for item in mines]
        paid = "an amount not known"
        if None not in spent:
            known = [item for item in spent if item is not None]
            paid = numbers.to(sum(known[1:], known[0]), currency)
        texts.append(f"{paid} that fans paid for gifts brought you {numbers.to(reward, currency)}")
    return f"{period}: {'; '.join(texts)}." if texts else f"{period}: no gift with a rate."


DOCUMENT = f.Document(
    "compare",
    (
        f.Field("rows", f.many((*f.under("row", ROW), f.Field("facts", f.many(FACT), "cells"))), _shown),
        f.Field("mine", f.many((*f.under("mine", MINE), f.Field("elsewhere", f.many(AGAIN)))), _shown_mine),
    ),
    ROW,
    (f.Field("as_of", f.DAY, "on"), f.Field("region", maybe=True)),
    answer=answer,
)


def view(found: Comparison) -> View:
    """The report in all its forms."""
    return DOCUMENT.view(
        found,
        lambda: _page(found),
        lambda: found.rows,
        complete=found.complete,
        warnings=() if found.scope is None else found.scope.warnings,
        closing=CLOSING if found.scope is None else CLOSING_MINE,
        evidence=lambda: _evidence(found),
    )


def _page(found: Comparison) -> list[Part]:
    """What becomes of gifts; or of one's own."""
    tables = [_mine(found, mine) for mine in found.mine] if found.scope is not None else _table(found, "gift", "Gifts")
    marks = "? is what no source says. Sales tax, where a price holds it, comes off first: it differs by place."
    return [*tables, said(marks)]


def _table(found: Comparison, sort: str, title: str) -> Iterator[Part]:
    rows = [row for row in found.rows if row.sort == sort]
    columns = (
        f.cell(f"{title}, of 100", _name, f.LABEL),
        f.cell("Stores", lambda row: figure_text(row.stores), f.FIGURE),
        f.cell("Platform", lambda row: figure_text(row.keeps), f.FIGURE),
        f.cell("You", lambda row: figure_text(row.arrives), f.FIGURE),
        f.cell("Tax", lambda row: figure_text(row.tax), f.FIGURE),
    )
    if rows:
        yield f.table(columns, rows)


def _payouts(found: Comparison) -> Iterator[Part]:
    """From which amount, when and at which cost a platform pays; of its products apart where they differ."""
    terms: dict[str, dict[tuple[str, str, str], list[str]]] = {}
    for row in found.rows:
        of_row = (_minimum(row), _wait(row), _listed(row.fees))
        products = terms.setdefault(row.platform, {}).setdefault(of_row, [])
        if row.product not in products:
            products.append(row.product)
    rows = [
        (platform_name(platform) + (f" {', '.join(products)}" if len(of_platform) > 1 else ""), *of_row)
        for platform, of_platform in terms.items()
        for of_row, products in of_platform.items()
    ]
    columns = (f.cell("Payouts", kind=f.LABEL), f.cell("Minimum, USD", kind=f.FIGURE), f.cell("Paid"), f.cell("Fee, USD"))
    if rows:
        yield f.table(columns, foot=rows, whole=True)


def _name(row: Row) -> str:
    channel = _CHANNELS[row.channel]
    return f"{platform_name(row.platform)} {row.product}{f', {channel}' if channel else ''}"


def _minimum(row: Row) -> str:
    """From the lowest of all methods to the highest."""
    if not row.minimums:
        return UNKNOWN
    amounts = [end for by in row.minimums for end in (by.figure.low, by.figure.high) if end is not None]
    facts = tuple(entry for by in row.minimums for entry in by.figure.facts)
    return figure_text(Figure(min(amounts), max(amounts), facts), row.minimums[0].unit) if amounts else UNKNOWN


def _wait(row: Row) -> str:
    if not row.wait.known:
        return UNKNOWN
    return f"{figure_text(row.wait, '')} days after {'the month' if row.after_month else 'it is earned'}"


def _listed(items: Sequence[By]) -> str:
    return ", ".join(f"{method_name(by.method)} {figure_text(by.figure, by.unit)}".strip() for by in items) or UNKNOWN


def _mine(found: Comparison, mine: Mine) -> Part:
    """What an account earned, and what the same money would have brought elsewhere."""
    here = f"{platform_name(mine.platform)}, as rated"
    head = f"{mine.creator}, {mine.currency}" if mine.creator else mine.currency
    lines = [(here, numbers.money_range(mine.reward, mine.currency))]
    lines += [
        (_name(item.row), figure_text(item.figure, mine.currency))
        for item in _again(found, mine)
        if item.row.platform != mine.platform
    ]
    return f.table((f.cell(head, kind=f.LABEL), f.cell("You", kind=f.FIGURE)), foot=lines)


def _evidence(found: Comparison) -> list[Part]:
    if found.scope is None:
        parts = [*_table(found, "subscription", "Subscriptions"), *_payouts(found)]
    else:
        parts = [frame.header_of(found.scope)]
    cells = {cell.entry.line: cell for row in found.rows for cell in _cells(found, row)}
    columns = f.pick(FACT, "text", "confidence", "since", "checked", "source", "url")
    return [*parts, f.table(columns, [cells[line] for line in sorted(cells)])]
