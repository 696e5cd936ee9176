"""The month in all its forms: a short screen, JSON with the whole of each part, and a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Final

from diamondctl import periods
from diamondctl.money import MINOR_UNITS, Range
from diamondctl.render import balance, fees, frame, gifts, numbers, pictures, project, schedule, sheet, streams, summary
from diamondctl.render import shape as f
from diamondctl.render.formats import Format
from diamondctl.render.habits import day_text, float_free, part_title, reward_column
from diamondctl.render.page import Part, said
from diamondctl.render.sheet import Chapter, Grid, Sheet, Tile
from diamondctl.render.view import CLOSING, View
from diamondctl.render.wallets import Amount, holds, story
from diamondctl.reports.fees import AccountFees
from diamondctl.reports.gifts import Tier
from diamondctl.reports.method import FEW
from diamondctl.reports.month import MonthRow, Report
from diamondctl.reports.projection import Line, Projection
from diamondctl.reports.remark import Brief, Command, briefs
from diamondctl.reports.schedule import Cell, Schedule
from diamondctl.reports.slots import WEEKDAYS
from diamondctl.reports.streams import Live
from diamondctl.reports.summary import Roll
from diamondctl.reports.values import Account
from diamondctl.reports.wallets import Wallet
from diamondctl.words import counted, method_name

HTML: Final = Format("html", ".html")
SURE: Final = (("sure", "at least"), ("may", "at most"))
GONE: Final = (("gone", "taken at least"), ("gone-may", "taken at most"))
_ON_SCREEN: Final = 6  # months
_REMARKS: Final = 3
_BEST: Final = 5  # LIVEs and hours on the page


def _named(label: str) -> str:
    """`Oct 2026`."""
    month, year = periods.month_of(date.fromisoformat(f"{label}-01")).title.split()
    return f"{month[:3]} {year}"


def _short(label: str) -> str:
    """`Oct`; January has its year."""
    month, year = _named(label).split() if len(label) == 7 else (label, "")
    return f"{month} {year[2:]}" if month == "Jan" else month


ROW: f.Fields = (
    f.Field("month", of="label", title="Month", show=lambda row: _named(row.label)),
    f.Field("streams", f.COUNT, title="LIVEs"),
    f.Field("gifts", f.COUNT, title="Gifts"),
    f.Field("coins", f.COUNT, title="Coins"),
    f.money("reward", title="Your reward", blank="not known", maybe=True),
    f.Field("currency", f.CURRENCY, maybe=True, title=" ", blank="", forms=""),
)


def answer(report: Report) -> str:
    """What was earned, in one sentence."""
    return summary.answer(report.summary)


def _part(document: f.Document) -> f.Kind:
    """What the report of a part has as its data, with its answer."""
    assert document.answer is not None
    return f.one((f.Field("answer", of=document.answer), *document.data))


def _habit(name: str, report: Report) -> object:
    return getattr(report.habits, name, None)


DOCUMENT = frame.document(
    "report-month",
    (
        f.Field("months", f.many((*f.pick(frame.WHOSE, "creator", "region", "currency"), *ROW))),
        *(
            f.Field(name, _part(part.DOCUMENT), name)
            for name, part in (("summary", summary), ("balance", balance), ("fees", fees))
        ),
        *(
            f.Field(name, _part(document), partial(_habit, name), maybe=True)
            for name, document in (("streams", streams.DOCUMENT), ("gifts", gifts.GIFTS), ("schedule", schedule.DOCUMENT))
        ),
        f.Field("projection", _part(project.DOCUMENT), maybe=True),
        f.Field("not_projected", of="unseen", maybe=True),
    ),
    ROW,
    frame.AS_OF,
    answer=answer,
)


def view(report: Report) -> View:
    """The report in all its forms; flat, one row per account and month."""
    made = frame.view(
        DOCUMENT,
        report,
        lambda: _page(report),
        lambda: ((row.account, row) for row in report.months),
        complete=report.scope.complete and report.fees.complete,
    )
    return made._replace(texts={HTML.name: lambda: sheet.as_html(sheet_of(report))})


def _page(report: Report) -> list[Part]:
    """The last months, and how to make the page."""
    several = f.pick(frame.WHOSE, "region") if len(report.scope.accounts) > 1 else ()
    return [
        f.table((*several, *ROW), report.months[-_ON_SCREEN:]),
        said("As a page to read, print or show: the same with -o month.html"),
    ]


def sheet_of(report: Report) -> Sheet:
    """The page."""
    accounts = report.scope.accounts
    names = dict.fromkeys((*(account.creator for account in accounts), *(account.region for account in accounts)))
    chapters = [
        *(_wallet(report, wallet) for wallet in report.balance.wallets),
        *(_way(report, item) for item in report.fees.accounts if item.waterfalls),
        *_months(report),
        *_habits(report),
        *_future(report),
        _sources(report),
    ]
    remarks = briefs((*report.warnings, *report.scope.notes))[:_REMARKS]
    return Sheet(
        f"{report.scope.period.title}: LIVE gifts",
        (report.scope.period.title, *filter(None, names), f"up to {_day(report.scope.as_of)}"),
        answer(report),
        tuple(brief for brief, _ in remarks),
        tuple(tile for roll in report.summary.rolls for tile in _tiles(report, roll)),
        tuple(chapters),
        CLOSING,
        " ".join(summary.driven(report.summary.driver, report.scope)),
    )


def _of(report: Report, account: Account) -> str:
    """`, US` where the creator had gifts in several regions."""
    return f", {account.region}" if len(report.scope.accounts) > 1 else ""


def _day(day: date) -> str:
    return f"{periods.day_words(day)} {day.year}"


def _tiles(report: Report, roll: Roll) -> Iterator[Tile]:
    """The figures of the period, with what they were before."""
    before = report.scope.previous.short(report.scope.period)
    of = _of(report, roll.account)
    for key, label in (("reward", "Your reward"), ("coins", "Coins"), ("gifts", "Gifts"), ("streams", "LIVEs")):
        if (line := roll.line(key)) is not None:
            notes = [line.note] if key in ("gifts", "streams") else []
            if line.before is not None:
                notes += [f"{before} {numbers.figure(line.before, line.unit)}", numbers.moved(line.moved)]
            unit = line.unit if line.unit in MINOR_UNITS else ""
            yield Tile(f"{label}{of}", numbers.figure(line.now, line.unit), unit, tuple(filter(None, notes)))


def _told(currency: str, amounts: Sequence[Amount], title: str = "") -> Grid:
    """How money came to where it is, with a strip for each line."""
    known = [pictures.Amount(item.amount, item.total) for item in amounts if item.amount is not None]
    strips = iter(pictures.ways(known))
    drawn = [None if item.amount is None else next(strips) for item in amounts]
    table = story(currency, amounts)
    note = len(table.columns) - 1
    return sheet.grid(table._replace(title=title), {note: 0}, drawn, [item.total for item in amounts])


def _legend(amounts: Sequence[Amount], legend: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return () if all(item.amount is None or item.amount.is_exact for item in amounts) else legend


def _wallet(report: Report, wallet: Wallet) -> Chapter:
    day, scope = report.scope.as_of, report.scope
    amounts = list(balance.lines_of(wallet, day))
    lead = holds(wallet, day, over=not scope.runs and scope.asked.period is not None)
    grid = _told(wallet.state.account.currency, amounts)
    return Chapter("wallet", "In your wallet", lead, grids=(grid,), legend=_legend(amounts, SURE))


def _way(report: Report, item: AccountFees) -> Chapter:
    """From the value of the gifts to the bank, by each method."""
    ways = {
        method_name(waterfall.method or ""): fees.way_of(item._replace(waterfalls=(waterfall,)))
        for waterfall in item.waterfalls
    }
    grids = [_told(item.account.currency, way, f"By {name}" if len(ways) > 1 else "") for name, way in ways.items()]
    lead = fees.answer(report.fees._replace(accounts=(item,)))
    legend = _legend([amount for way in ways.values() for amount in way], (*SURE, *GONE))
    return Chapter("bank", f"From the gifts to your bank{_of(report, item.account)}", lead, grids=tuple(grids), legend=legend)


def _months(report: Report) -> Iterator[Chapter]:
    now = report.scope.period.label
    for account in report.scope.accounts:
        rows = [row for row in report.months if row.account.key == account.key and row.reward is not None]
        if not rows:
            continue
        items = [_column(row, now) for row in rows]
        future = () if report.projection is None else report.projection.items
        coming = [column for item in future if item.account.key == account.key for column in _to_come(item)]
        told = "A column for each month: full up to the least, pale up to the most that you earned. The table has the figures."
        table = f.table(f.pick(ROW, "month", "streams", "gifts", "coins", reward=f"Your reward, {account.currency}"), rows)
        grid = sheet.grid(table, totals=[row.label == now for row in rows])
        amounts = [Amount("", row.reward) for row in rows]
        legend = (*_legend(amounts, SURE), *((("to-come", "what may come"),) if coming else ()))
        picture = pictures.columns([*items, *coming], told)
        yield Chapter("months", f"Your months{_of(report, account)}", _ranked(rows, now), picture, (grid,), legend=legend)


def _column(row: MonthRow, now: str) -> pictures.Column:
    assert row.reward is not None
    return pictures.Column(_short(row.label), row.reward, _ends(row.reward, row.currency), "now" if row.label == now else "")


def _ranked(rows: Sequence[MonthRow], now: str) -> str:
    """How many months were better or worse whatever is not known; blank where there is nothing to compare."""
    mine = next((row.reward for row in rows if row.label == now), None)
    others = [row.reward for row in rows if row.label != now and row.reward is not None]
    if mine is None or not others:
        return ""
    better = sum(other.ordered.low > mine.ordered.high for other in others)
    worse = sum(other.ordered.high < mine.ordered.low for other in others)
    if len(others) == 1:
        way = "surely brought more" if better else "surely brought less" if worse else "may have brought more or less"
        return f"The month before {way}."
    return (
        f"Of the {counted(len(others), 'month')} before, {better or 'none'} surely brought more than this one, "
        f"and {worse or 'none'} surely less."
    )


def _to_come(item: Projection) -> Iterator[pictures.Column]:
    for month in item.months:
        if month.projected:
            amount = month.cell.low.but(month.cell.low.ordered.low, month.cell.high.ordered.high)
            yield pictures.Column(_short(month.label), amount, _ends(amount, month.currency), "may", month.cell.middle)


def _ends(amount: Range, currency: str) -> tuple[str, ...]:
    """The figures on a column, the most above the least."""
    ends = (amount.ordered.high, amount.ordered.low)
    return tuple(dict.fromkeys(numbers.money_range(amount.but(end, end), currency) for end in ends))


def _habits(report: Report) -> Iterator[Chapter]:
    """LIVEs, hours of the week and gifts; of what nothing is known there is no chapter."""
    if report.habits is None:
        return
    lives, week, tiers = report.habits.streams, report.habits.schedule, report.habits.gifts
    if best := lives.best[:_BEST]:
        fields = (
            f.cell("LIVE" if lives.named else "Day", lambda live: day_text(live.start), f.LABEL),
            f.cell("", lambda live: f"{live.start:%H:%M} - {live.end:%H:%M}" if live.name else ""),
            *f.pick(streams.LIVE, "coins"),
            f.cell(part_title(lives.scope), _percent, f.FIGURE),
            *f.pick(streams.LIVE, "coins_per_hour"),
        )
        strips = pictures.bars([live.got.coins for live in best])
        notes = (f"The {len(best):,} with most coins of {len(lives.counted):,}.",) if len(lives.counted) > len(best) else ()
        table = f.table(fields, best)
        yield Chapter("lives", "Your LIVEs", streams.answer(lives), grids=(sheet.grid(table, {1: 0}, strips),), notes=notes)
    if week.cells:
        yield _week(week)
    if any(tier.got.coins for tier in tiers.tiers):
        fields = (
            *f.pick(gifts.TIER, "tier", "gifts", "coins"),
            f.cell(part_title(tiers.scope), _percent, f.FIGURE),
            *f.pick(gifts.TIER, **reward_column(tiers.scope, None)),
        )
        shown = [tier for tier in tiers.tiers if tier.got.gifts]
        table = f.table(fields, shown)
        strips = pictures.bars([tier.got.coins for tier in shown])
        yield Chapter("gifts", "Small gifts and large", gifts.gifts_answer(tiers), grids=(sheet.grid(table, {}, strips),))


def _percent(row: Live | Tier) -> str:
    return f"{row.percent:f}%"


def _week(week: Schedule) -> Chapter:
    """The map, and the hours with most LIVEs."""
    cells = [pictures.Hour(cell.weekday, cell.hour, cell.level, f"{cell.lives:,}") for cell in week.cells]
    told = (
        "A box for each hour of the week with the number of LIVEs in it: the fuller its colour, the more coins the LIVE in the "
        "middle brought in it. The table has the hours with most LIVEs."
    )
    picture = pictures.week(cells, WEEKDAYS, week.hours, told)
    often = sorted(week.cells, key=lambda cell: (-cell.lives, -(cell.middle or 0), cell.weekday, cell.hour))[:_BEST]
    fields = (
        f.cell("Hour", lambda cell: f"{WEEKDAYS[cell.weekday]} {cell.hour:02}:00", f.LABEL),
        *f.pick(schedule.CELL, lives="LIVEs"),
        f.cell("Coins in the middle", _middle, f.FIGURE),
    )
    levels = sorted({cell.level for cell in week.cells} - {0})
    words = {levels[-1]: "most coins", levels[0]: "least coins"} if levels else {}
    legend = (*((f"level-{level}", word) for level, word in words.items()), ("level-0", f"fewer than {FEW} LIVEs"))
    grid = sheet.grid(f.table(fields, often))
    return Chapter("week", "Your week", schedule.answer(week), picture, (grid,), (week.method.limits[1],), legend)


def _middle(cell: Cell) -> str:
    return "" if cell.middle is None else numbers.count(float_free(cell.middle))


def _future(report: Report) -> Iterator[Chapter]:
    title = "What may come"
    if report.projection is None:
        if report.unseen:
            yield Chapter("future", title, "Nothing can be said of it yet.", notes=(f"{report.unseen}.",))
        return
    for item in report.projection.items:
        lead = project.answer(report.projection._replace(items=(item,)))
        rows = project.told(item)
        strips = pictures.spans([line.cell for _, line in rows])
        grid = sheet.grid(f.table(_futures(item.account.currency), rows), {}, strips)
        texts = [*project.goes_out(item), *project.rests_on(item, report.projection.given)]
        legend = (("may", "low to high"), ("sure", "likely"))
        yield Chapter("future", f"{title}{_of(report, item.account)}", lead, None, (grid,), tuple(map(_plainly, texts)), legend)


def _futures(currency: str) -> f.Fields:
    """The columns of a figure in three futures."""

    def at(index: int) -> Callable[[tuple[str, Line]], str]:
        return lambda row: numbers.figure(row[1].cell[index], currency)

    titles = ("Low", "Likely", "High")
    return (
        f.cell(currency, lambda row: row[0], f.LABEL),
        *(f.cell(title, at(index), f.FIGURE) for index, title in enumerate(titles)),
    )


def _plainly(text: str | Brief) -> str:
    """A sentence; what is typed behind `project` with the command."""
    pieces = (text,) if isinstance(text, str) else text
    return " ".join(f"diamondctl project {piece}" if isinstance(piece, Command) else piece for piece in pieces)


def _sources(report: Report) -> Chapter:
    """What the figures rest on: rates with their dates and places, files by their fingerprints and never by their names."""
    rates = f.table(
        (
            *f.pick(frame.USE, rate="Rate"),
            *f.pick(frame.USE, "confidence", "text"),
            f.cell("Where", lambda use: use.entry.where),
            *f.pick(frame.USE, "sources", "effective"),
            f.cell("Seen to hold", lambda use: f"last seen to hold {frame.seen(use)}"),
        ),
        report.rates,
    )
    files = f.table(
        (
            *f.pick(frame.FILE, kind="Gifts from"),
            *f.pick(frame.FILE, rows="Rows"),
            f.cell("Fingerprint", _fingerprint, f.FIGURE),
        ),
        report.scope.documents,
    )
    grids = (sheet.grid(rates, {1: 0, 3: 2, 4: 2, 6: 5}, quiet=True), sheet.grid(files, quiet=True))
    notes = (*report.warnings, *report.scope.notes)
    return Chapter("sources", "What this rests on", grids=tuple(grid for grid in grids if grid.rows), notes=notes)


def _fingerprint(document: object) -> str:
    return str(f.got("sha256", document))[:8]
