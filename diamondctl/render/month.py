"""The month in all its forms: a short screen, JSON with the whole of each part, and a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Final, Literal

from diamondctl.money import MINOR_UNITS, Range
from diamondctl.rating.fees import Waterfall
from diamondctl.render import balance, fees, frame, numbers, pictures, project, sheet, summary
from diamondctl.render import shape as f
from diamondctl.render.formats import Format
from diamondctl.render.page import Part, said
from diamondctl.render.sheet import Chapter, Grid, Sheet, Tile
from diamondctl.render.view import CLOSING, View
from diamondctl.reports.fees import AccountFees
from diamondctl.reports.month import MonthRow, Report
from diamondctl.reports.projection import Projection
from diamondctl.reports.summary import Roll
from diamondctl.reports.wallets import Wallet
from diamondctl.words import counted

End = Literal["low", "high"]
HTML: Final = Format("html", ".html")
SURE: Final = (("sure", "at least"), ("may", "at most"))
_NAMES: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905


def amount_words(amount: Range, currency: str) -> str:
    """`93.11 to 107.28 USD`."""
    return (
        amount.about + " to ".join(numbers.money_range(amount, currency).removeprefix("about ").split(" - ")) + f" {currency}"
    )


def answer(report: Report) -> str:
    """What was earned, in one sentence."""
    title = report.scope.period.title
    sums = [
        amount_words(line.now, roll.account.currency)
        for roll in report.summary.rolls
        if roll.account.currency and (line := roll.line("reward")) is not None
    ]
    if not sums:
        gifts = sum(int(line.now.low) for roll in report.summary.rolls if (line := roll.line("gifts")) is not None)
        return f"{title}: {counted(gifts, 'gift')}, and no rate is known for them." if gifts else f"{title}: no gifts."
    what = {"earned": "you earned", "credited": "you were credited", "paid": "arrived:"}[report.scope.asked.basis]
    return f"{title}{' so far' if report.scope.runs else ''}: {what} {' and '.join(sums)}."


ROW: f.Fields = (
    f.Field("month", of="label", title="Month"),
    f.Field("streams", f.COUNT, title="LIVEs"),
    f.Field("gifts", f.COUNT, title="Gifts"),
    f.Field("coins", f.COUNT, title="Coins"),
    f.money("reward", title="Your reward", blank="no rate known", maybe=True),
)
DOCUMENT = frame.document(
    "report-month",
    (
        f.Field("answer", of=answer),
        f.Field("months", f.many((*f.pick(frame.WHOSE, "creator", "region", "currency"), *ROW))),
        *(
            f.Field(name, f.one(part.DOCUMENT.data), name)
            for name, part in (("summary", summary), ("balance", balance), ("fees", fees))
        ),
        f.Field("projection", f.one(project.DOCUMENT.data), maybe=True),
        f.Field("not_projected", of="unseen", maybe=True),
    ),
    ROW,
    frame.AS_OF,
)


def view(report: Report) -> View:
    """The report in all its forms; flat, one row per account and month."""
    made = frame.view(
        DOCUMENT,
        report,
        lambda: _page(report),
        lambda: ((row.account, row) for row in report.months),
        header=False,
        complete=report.scope.complete and report.fees.complete,
    )
    return made._replace(texts={HTML.name: lambda: sheet.as_html(sheet_of(report))})


def _page(report: Report) -> list[Part]:
    """The answer, the last months, and how to make the page."""
    command = f"diamondctl report month -p {report.scope.period.label} -o month.html"
    last = report.months[-6:]
    return [said(answer(report), kind="title"), f.table(ROW, last), said(f"As a page to read, print or show: {command}")]


def sheet_of(report: Report) -> Sheet:
    """The page."""
    creators = {account.creator for account in report.scope.accounts}
    regions = list(dict.fromkeys(account.region for account in report.scope.accounts))
    chapters = [
        *(_wallet(report, wallet) for wallet in report.balance.wallets),
        *(_way(report, item) for item in report.fees.accounts if item.waterfalls),
        *_months(report),
        *_future(report),
        _sources(report),
    ]
    return Sheet(
        report.scope.period.title,
        (report.scope.period.title, *sorted(creators), *regions, f"up to {_day(report.scope.as_of)}"),
        answer(report),
        "",
        tuple(tile for roll in report.summary.rolls for tile in _tiles(report, roll)),
        tuple(chapters),
        CLOSING,
    )


def _tiles(report: Report, roll: Roll) -> Iterator[Tile]:
    currency = roll.account.currency
    before = report.scope.previous.title
    for key, label in (("reward", "Your reward"), ("gift_value", "Gift value"), ("gifts", "Gifts"), ("streams", "LIVEs")):
        line = roll.line(key)
        if line is None:
            continue
        note = ""
        if line.before is not None:
            note = f"{numbers.figure(line.before, line.unit)} in {before}"
        yield Tile(label, numbers.figure(line.now, line.unit), currency if line.unit in MINOR_UNITS else "", note)


def _wallet(report: Report, wallet: Wallet) -> Chapter:
    lines = list(balance.lines_of(wallet))
    totals = [line.total for line in lines]
    strips = pictures.ways([pictures.Amount(line.amount, line.total) for line in lines])
    currency = wallet.state.account.currency

    def shown(end: End) -> Callable[[balance.Line], str]:
        return lambda line: numbers.money_range(line.amount.at(end), currency)

    stories = _stories((line.amount for line in lines), "")
    columns = (
        f.cell(currency, lambda line: line.label, f.LABEL),
        f.cell("", lambda line: line.note),
        *(f.cell(title, shown(end), f.FIGURE) for end, title in stories),
    )
    lead = balance.answer(report.balance._replace(wallets=(wallet,)))
    grid = sheet.grid(f.table(columns, lines), {1: 0}, strips, totals)
    return Chapter("wallet", "In your wallet", lead, None, (grid,), (), SURE if len(stories) > 1 else ())


def _stories(amounts: Iterable[Range], alone: str) -> tuple[tuple[End, str], ...]:
    """The columns of amounts: both stories; where every amount is exact, one under the title of that."""
    return (("low", alone),) if all(amount.is_exact for amount in amounts) else (("low", "Least"), ("high", "Most"))


def _way(report: Report, item: AccountFees) -> Chapter:
    """From the value of the gifts to the bank, by each method."""
    grids = []
    ranges = False
    for waterfall in item.waterfalls:
        steps = waterfall.steps
        strips = pictures.ways([pictures.Amount(step.amount, step.is_total) for step in steps])
        ranges = ranges or any(not step.amount.is_exact for step in steps)
        grids.append(_steps(item, waterfall, strips))
    first = item.waterfalls[0]
    value, net = first.steps[0].amount, first.net
    currency = first.currency
    reaches = "reaches your bank" if first.method is not None else "is your reward"
    lead = f"Of the {amount_words(value, currency)} that your gifts were worth, {amount_words(net, currency)} {reaches}."
    legend = (*SURE, ("gone", "taken at least"), ("gone-may", "taken at most")) if ranges else ()
    return Chapter("bank", "From the gifts to your bank", lead, None, tuple(grids), (), legend)


def _steps(account: AccountFees, waterfall: Waterfall, strips: Sequence[pictures.Picture]) -> Grid:
    """Its steps: the rate stands below what it takes, the percentage below the amount."""
    stories = _stories((step.amount for step in waterfall.steps), waterfall.currency)
    columns = [f.cell("Step", lambda line: line.label, f.LABEL), f.cell("Rate", fees.rate_text)]
    for end, title in stories:
        columns += [
            f.cell(title, fees.shown("amount", end, lambda value: numbers.money_range(value, waterfall.currency)), f.FIGURE),
            f.cell("Of the gifts", fees.shown("percent", end, lambda value: f"{value.low:.1f}%"), f.FIGURE),
        ]
    title = "" if waterfall.method in (None, "any") else f"By {waterfall.method}"
    table = f.table(tuple(columns), fees.lines_of(account.account, waterfall), title)
    return sheet.grid(table, {1: 0, 3: 2, 5: 4}, strips, [step.is_total for step in waterfall.steps])


def _short(label: str) -> str:
    year, _, month = label.partition("-")
    return f"{_NAMES[int(month) - 1]}{f' {year[2:]}' if month == '01' else ''}" if month.isdecimal() else label


def _months(report: Report) -> Iterator[Chapter]:
    for account in report.scope.accounts:
        rows = [row for row in report.months if row.account.key == account.key]
        if not account.currency or not rows:
            continue
        now = report.scope.period.label
        items = [
            pictures.Column(
                _short(row.label), row.reward, _ends(row.reward, account.currency), "now" if row.label == now else ""
            )
            for row in rows
            if row.reward is not None
        ]
        projected = [] if report.projection is None else [i for i in report.projection.items if i.account.key == account.key]
        for item in projected:
            items += _to_come(item)
        lead = _ranked(rows, now)
        told = "A column for each month: full up to the least, pale up to the most that you earned. The table has the figures."
        grid = sheet.grid(f.table(ROW, rows), totals=[row.label == now for row in rows])
        legend = (*SURE, ("to-come", "may come")) if projected else SURE
        yield Chapter("months", "Your months", lead, pictures.columns(items, told), (grid,), (), legend)


def _ranked(rows: Sequence[MonthRow], now: str) -> str:
    """How many months were better or not as good whatever is not known; blank where there is nothing to compare."""
    mine = next((row.reward for row in rows if row.label == now), None)
    others = [row.reward for row in rows if row.label != now and row.reward is not None]
    if mine is None or not others:
        return ""
    better, worse = (
        sum(other.ordered.low > mine.ordered.high for other in others),
        sum(other.ordered.high < mine.ordered.low for other in others),
    )
    texts = [
        f"{'none' if not number else f'{number:,}'} surely {word}" for number, word in ((better, "better"), (worse, "worse"))
    ]
    return f"Of the {counted(len(others), 'month')} before, {texts[0]} and {texts[1]} than this one."


def _to_come(item: Projection) -> Iterator[pictures.Column]:
    for month in item.months:
        if month.projected:
            amount = month.cell.low.but(month.cell.low.low, month.cell.high.high)
            yield pictures.Column(_short(month.label), amount, _ends(amount, month.currency), "may", month.cell.middle)


def _ends(amount: Range, currency: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reversed(numbers.money_range(amount, currency).removeprefix("about ").split(" - "))))


def _future(report: Report) -> Iterator[Chapter]:
    title = "What may come"
    if report.projection is None:
        yield Chapter("future", title, "Nothing can be said yet.", notes=(report.unseen,) if report.unseen else ())
        return
    for item in report.projection.items:
        money = [line for line in item.lines if line.unit in MINOR_UNITS]
        strips = pictures.spans([(line.cell.low, line.cell.middle, line.cell.high) for line in money])
        reward = next(line for line in item.lines if line.key == "reward")
        cell = reward.cell
        lowest, highest = cell.low.but(cell.low.ordered.low, cell.low.ordered.low), cell.high
        whole = lowest.but(lowest.low, highest.ordered.high)
        first, last = _day(item.first), _day(item.last)
        lead = (
            f"From {first} to {last} probably {amount_words(whole, reward.unit)}, "
            f"most likely {amount_words(cell.middle, reward.unit)}."
        )
        table = f.table((f.cell("", lambda line: line.label, f.LABEL), *f.pick(project.LINE, "low", "middle", "high")), money)
        notes = (*project.tested(item, report.projection.given), *(f"If {text}." for text in item.assumptions))
        legend = (("may", "low to high"), ("sure", "the middle"))
        yield Chapter("future", title, lead, None, (sheet.grid(table, {}, strips),), notes, legend)


def _day(day: date) -> str:
    return f"{day.day} {_NAMES[day.month - 1]} {day.year}"


def _sources(report: Report) -> Chapter:
    """What the figures rest on: rates with their dates and places, files by their fingerprints and never by their names."""
    files = [("", item.kind, f"{item.rows:,}", item.sha256[:8]) for item in report.scope.documents]
    of = f.table(
        (f.cell("File", kind=f.LABEL), f.cell("Kind"), f.cell("Rows", kind=f.FIGURE), f.cell("Fingerprint", kind=f.FIGURE)),
        foot=[(f"{number}", *row[1:]) for number, row in enumerate(files, 1)],
        title="Gifts",
    )
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
    notes = (*report.warnings, *report.scope.notes)
    return Chapter(
        "sources",
        "What this rests on",
        "",
        None,
        (sheet.grid(rates, {1: 0, 3: 2, 4: 2, 6: 5}, quiet=True), sheet.grid(of, quiet=True)),
        notes,
    )
