"""Statements in all their forms: a short screen, JSON, a row a line, a page for paper, and a sheet with live formulas."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from diamondctl.money import ZERO, Range
from diamondctl.periods import Period
from diamondctl.rating.places import WALLET
from diamondctl.render import frame, numbers, sheet, workbook
from diamondctl.render import shape as f
from diamondctl.render.formats import Format
from diamondctl.render.income import INCOME, sentence
from diamondctl.render.income import parts as income_parts
from diamondctl.render.page import Part, said
from diamondctl.render.records import RECORD
from diamondctl.render.sheet import Chapter, Sheet
from diamondctl.render.tables import Table
from diamondctl.render.view import CLOSING, View
from diamondctl.reports.remark import briefs
from diamondctl.reports.statement import SECTIONS, Form, Line, Month, Statement, WalletStatement
from diamondctl.words import counted

HTML: Final = Format("html", ".html")
XLSX: Final = Format("xlsx", ".xlsx")
MORE: Final = (HTML, XLSX)
_REMARKS: Final = 3
_ALWAYS: Final = ("earned", "credited", "closing")  # on a screen, whatever they are
_SHORT: Final = ("reward", "weekly", "gift_value", "platform", "credited", "booked_now", "booked_later")


class _Row(NamedTuple):
    """A line of a statement, with whose it is."""

    of: WalletStatement
    line: Line


def _stories(key: str, title: str) -> f.Field:
    return f.money(key, f"line.{key}", "of.currency", f.STORIES, title=title)


LINE: f.Fields = (
    f.Field("section", f.word(*SECTIONS), "line.section"),
    f.Field("key", of="line.key"),
    f.Field("label", of="line.label"),
    f.Field("adds", f.WORDS, "line.adds"),
    _stories("prior", "Prior"),
    _stories("current", "Current"),
    _stories("cumulative", "So far"),
)
CONTROL: f.Fields = (f.Field("key"), f.Field("label"), f.Field("value", f.COUNT))
MONTH: f.Fields = (
    f.Field("month", of=lambda pair: pair[0].period.label, title="Month"),
    *(
        f.money(key, lambda pair, key=key: getattr(pair[0], key), lambda pair: pair[1], f.STORIES, title=title)  # type: ignore[misc]
        for key, title in (("earned", "Earned"), ("credited", "Credited"), ("left", "Withdrawn"))
    ),
)
FORM: f.Fields = (
    f.Field("amount", f.DIGITS),
    f.Field("basis"),
    f.Field("label"),
    f.Field("figure", f.DIGITS),
    f.Field("between", f.many((f.Field("label", of=lambda pair: pair[0]), f.Field("amount", f.DIGITS, lambda pair: pair[1])))),
    f.Field("unexplained", f.DIGITS, "rest"),
)
OPEN: f.Fields = (
    f.Field("key", of=lambda pair: pair[0].key),
    f.Field("text", of=lambda pair: pair[0].text),
    f.money("amount", lambda pair: pair[0].amount, lambda pair: pair[1], f.STORIES, maybe=True),
)
ENTRY: f.Fields = (
    f.Field("id", of=lambda pair: pair[0].id),
    f.Field("day", f.DAY, lambda pair: pair[0].day),
    f.Field("kind", of=lambda pair: pair[0].kind),
    f.Field("text", of=lambda pair: pair[0].text),
    f.Field("document", of=lambda pair: pair[0].document),
    f.money("amount", lambda pair: _moved(pair[0]), lambda pair: pair[1], f.STORIES),
)


def _moved(entry: Any) -> Range:
    """What an entry adds to the wallet; of one that does not touch it, what it brings."""
    inside: Range = entry.of(WALLET)
    return entry.postings[-1].amount if inside == ZERO and entry.kind == "arrived" else inside


WALLET_OF: f.Fields = (
    f.Field("number", of=lambda pair: number_of(*pair)),
    f.Field("creator", of=lambda pair: pair[1].account.creator),
    f.Field("platform", of=lambda pair: pair[1].account.zone.platform),
    f.Field("regions", f.each(f.REGION), lambda pair: pair[1].wallet.regions),
    f.Field("currency", f.CURRENCY, lambda pair: pair[1].currency),
    f.Field("timezone", of=lambda pair: pair[1].account.timezone),
    f.Field("lines", f.many(LINE), lambda pair: [_Row(pair[1], line) for line in pair[1].lines]),
    f.Field("payouts", f.many(RECORD), lambda pair: pair[1].payouts),
    f.Field("entries", f.many(ENTRY), lambda pair: [(entry, pair[1].currency) for entry in pair[1].entries]),
    f.Field("control_totals", f.many(CONTROL), lambda pair: pair[1].controls),
    f.Field("open_items", f.many(OPEN), lambda pair: [(item, pair[1].currency) for item in pair[1].open_items]),
    f.Field("months", f.many(MONTH), lambda pair: [(month, pair[1].currency) for month in pair[1].months]),
    f.Field("form", f.one(FORM), lambda pair: pair[1].form, maybe=True),
)


def number_of(report: Statement, item: WalletStatement) -> str:
    """The number of a statement: the same for the same wallet and period."""
    account = item.account
    return f"{account.zone.platform}/{account.creator}/{account.currency}/{report.scope.period.label}"


def version_of(report: Statement) -> str:
    """Of two statements with one number, the same only where every figure is."""
    kept = f.pick(WALLET_OF, "number", "lines", "entries", "control_totals")
    figures = [f.json_of(kept, (report, item)) for item in report.wallets]
    return hashlib.sha256(json.dumps(figures, sort_keys=True).encode()).hexdigest()[:12]


def answer(report: Statement) -> str:
    """What was earned, credited and left, and what is there, in one sentence."""
    title = report.scope.period.title
    if not report.wallets:
        return f"{title}: no wallet is known."
    texts = []
    for item in report.wallets:
        sums = {key: _to(item.line(key).current, item.currency) for key in ("earned", "credited", "closing")}
        came = "" if item.line("credited").current == item.line("earned").current else f", {sums['credited']} came in"
        left = item.line("left").current
        went = "" if left == ZERO else f", {_to(left, item.currency)} left"
        texts.append(f"earned {sums['earned']}{came}{went}; {sums['closing']} in the wallet at the end")
    return f"{title}, {report.creator}: {'. '.join(texts)}."


def _to(amount: Range, currency: str) -> str:
    ends = amount.ordered
    low, high = (numbers.money_range(Range.of(end), currency) for end in (ends.low, ends.high))
    return amount.about + (f"{low} {currency}" if ends.is_exact else f"{low} to {high} {currency}")


_TEXTS = f.Kind(
    {"type": "array", "items": {"type": "object", "additionalProperties": {"type": ["string", "integer", "boolean", "null"]}}},
    list,
)
BASIS: f.Fields = (
    f.Field("program"),
    f.Field("options", f.by_name(f.TEXT)),
    f.Field("settings", _TEXTS),
    f.Field("records", _TEXTS),
    f.Field("readings", _TEXTS),
    f.Field("corrections", _TEXTS),
    f.Field("closed", f.FLAG),
)
_DATA: f.Fields = (
    f.Field("version", of=version_of),
    f.Field("creator"),
    f.Field("cumulative", f.one(frame.PERIOD)),
    f.Field("statements", f.many(WALLET_OF), lambda report: [(report, item) for item in report.wallets]),
    f.Field("basis", f.one(BASIS)),
)
DOCUMENT = frame.document("report-statement", _DATA, LINE, frame.AS_OF, answer=answer)
YEAR = frame.document("report-year", (*_DATA, INCOME), LINE, frame.AS_OF, answer=answer)


def view(report: Statement) -> View:
    """The report in all its forms; flat, one row per line."""
    made = frame.view(
        YEAR if report.of_year else DOCUMENT,
        report,
        lambda: _page(report),
        lambda: ((item.account, _Row(item, line)) for item in report.wallets for line in item.lines),
        evidence=lambda: list(_evidence(report)),
    )
    return made._replace(
        texts={HTML.name: lambda: sheet.as_html(sheet_of(report)), XLSX.name: lambda: workbook.written(book_of(report))}
    )


def _page(report: Statement) -> list[Part]:
    """The lines of each wallet that say something; of a year its months, and what a form stands for."""
    parts: list[Part] = []
    for item in report.wallets:
        lines = [line for line in item.lines if line.section in ("earned", "credited", "wallet")]
        lines = [line for line in lines if line.key in _ALWAYS or (line.current != ZERO and line.key not in _SHORT)]
        table = f.table(_story(item.currency), [_Row(item, line) for line in lines])
        parts.append(table)
        if item.months:
            months = [month for month in item.months if (month.earned, month.credited, month.left) != (ZERO,) * 3]
            parts.append(_months(item, months))
        if item.form is not None:
            parts.append(_form(item.form, item.currency))
        if item.open_items:
            parts.append(_open(item))
    return [*parts, said(*map(sentence, report.income))]


def _story(currency: str, keys: Sequence[tuple[str, str]] = (("current", ""),)) -> f.Fields:
    """Columns of lines: least and most of each period, `Prior` and `to`."""

    def shown(row: _Row, key: str, end: str) -> str:
        amount: Range = getattr(row.line, key)
        return numbers.money_range(amount.at("low" if end == "Least" else "high"), row.of.currency)

    columns = [f.cell(currency, lambda row: row.line.label, f.LABEL)]
    for key, title in keys:
        for end, head in (("Least", title or "Least"), ("Most", "to" if title else "Most")):
            columns.append(
                f.cell(head, lambda row, key=key, end=end: shown(row, key, end), f.FIGURE)  # type: ignore[misc]
            )
    return tuple(columns)


_ALL: Final = (("prior", "Prior"), ("current", "Current"), ("cumulative", "So far"))


def _evidence(report: Statement) -> Iterator[Part]:
    """Every line of every section with the period before and the year so far, payouts and control totals; other income."""
    yield from income_parts(report.income)
    for item in report.wallets:
        for section, title in SECTIONS.items():
            lines = [_Row(item, line) for line in item.lines if line.section == section and not line.is_nothing]
            yield f.table(_story(item.currency, _ALL), lines, title)
        controls = (f.cell("Control total", lambda one: one.label), f.cell("", lambda one: f"{one.value:,}", f.FIGURE))
        yield f.table(controls, item.controls, f"Statement {number_of(report, item)}, version {version_of(report)}")


def _months(item: WalletStatement, months: Sequence[Month]) -> Part:
    currency = item.currency
    columns = (
        f.cell("Month", lambda month: month.period.title),
        f.cell("Earned", lambda month: numbers.money_range(month.earned, currency), f.FIGURE),
        f.cell("Credited", lambda month: numbers.money_range(month.credited, currency), f.FIGURE),
        f.cell("Withdrawn", lambda month: numbers.money_range(month.left, currency), f.FIGURE),
    )
    return f.table(columns, months)


def _form(form: Form, currency: str) -> Part:
    """How the amount of a form comes about."""

    def money(amount: Any) -> str:
        return numbers.money_range(Range.of(amount), currency)

    rows = [(form.label, money(form.figure)), *((label, money(amount)) for label, amount in form.between)]
    if form.rest:
        rows.append(("That nothing here explains", money(form.rest)))
    columns = (
        f.cell("The form", lambda row: row[0], f.LABEL),
        f.cell(currency, lambda row: row[1], f.FIGURE),
    )
    return f.table(columns, rows, foot=[("What the form says", money(form.amount))])


def _open(item: WalletStatement) -> Part:
    columns = (
        f.cell("Open at the end", lambda one: one.text),
        f.cell(
            item.currency, lambda one: "" if one.amount is None else numbers.money_range(one.amount, item.currency), f.FIGURE
        ),
    )
    return f.table(columns, item.open_items)


def _day_title(period: Period) -> str:
    return "All time" if period.start.year == 2000 else f"{period.start.year} so far"


def sheet_of(report: Statement) -> Sheet:
    """The page for a browser and for paper."""
    chapters = []
    for item in report.wallets:
        for section, title in SECTIONS.items():
            rows = [_Row(item, line) for line in item.lines if line.section == section and (line.adds or not line.is_nothing)]
            keys = (("prior", "Prior"), ("current", "Current"), ("cumulative", _day_title(report.cumulative)))
            table = f.table(_story(item.currency, keys), rows)
            grid = sheet.grid(table, totals=[bool(row.line.adds) for row in rows])
            chapters.append(Chapter(section, title, grids=(grid,)))
        if item.months:
            chapters.append(Chapter("months", "Month by month", grids=(_grid(_months(item, item.months)),)))
        if item.form is not None:
            grid = _grid(_form(item.form, item.currency))
            chapters.append(Chapter("form", "What the payer's form stands for", grids=(grid,)))
        if item.payouts:
            chapters.append(Chapter("payouts", "Payouts", grids=(sheet.grid(_payouts(item)),)))
        if item.open_items:
            chapters.append(Chapter("open", "Open at the end", grids=(_grid(_open(item)),)))
    chapters.append(_rests_on(report))
    remarks = briefs((*report.warnings, *report.scope.notes))[:_REMARKS]
    return Sheet(
        f"Statement {report.scope.period.title}: {report.creator}",
        (report.scope.period.title, report.creator, *(number_of(report, item) for item in report.wallets)),
        answer(report),
        tuple(brief for brief, _ in remarks),
        (),
        tuple(chapters),
        CLOSING,
    )


def _grid(part: Part) -> sheet.Grid:
    assert isinstance(part, Table)
    return sheet.grid(part)


def _payouts(item: WalletStatement) -> Table:
    columns = f.pick(RECORD, "record", "date", "amount", "currency", method="By", arrived="Arrived", arrived_on="On")
    return f.table(columns, item.payouts)


def _rests_on(report: Statement) -> Chapter:
    """Rates, documents and control totals."""
    files = (
        f.cell("File", lambda one: one.name),
        f.cell("Rows", lambda one: f"{one.rows:,}", f.FIGURE),
        f.cell("SHA-256", lambda one: one.sha256),
    )
    grids = [sheet.grid(f.table(frame.USE_SHOWN, report.rates, "Rates used"), quiet=True)]
    grids.append(sheet.grid(f.table(files, report.scope.documents, "Documents"), quiet=True))
    controls = (f.cell("Control total", lambda one: one.label), f.cell("", lambda one: f"{one.value:,}", f.FIGURE))
    grids += [sheet.grid(f.table(controls, item.controls, number_of(report, item)), quiet=True) for item in report.wallets]
    lead = f"Version {version_of(report)}: {counted(len(report.scope.documents), 'document')}, up to {report.scope.as_of}."
    return Chapter("rests-on", "What it rests on", lead, grids=tuple(grids), notes=tuple(map(str, report.warnings)))


def book_of(report: Statement) -> workbook.Book:
    """The sheets of a workbook: the lines with their sums as formulas, entries, payouts, inputs."""
    sheets = []
    for item in report.wallets:
        suffix = f" {item.currency}" if len(report.wallets) > 1 else ""
        sheets.append(_lines_sheet(report, item, f"Statement{suffix}"))
        entries = [
            [entry.day, entry.id, entry.kind, entry.text, entry.document, entry.of(WALLET).low, entry.of(WALLET).high]
            for entry in item.entries
        ]
        heads = ("Day", "Entry", "Kind", "Text", "Document", "Least", "Most")
        sheets.append(workbook.Sheet(f"Entries{suffix}", heads, entries, item.currency))
        paid = [
            [p.day, p.id, p.amount, p.currency, p.method, p.arrived_on or "", p.arrived or "", p.arrived_currency]
            for p in item.payouts
        ]
        titles = ("Day", "Payout", "Amount", "Currency", "By", "Arrived on", "Arrived", "In")
        sheets.append(workbook.Sheet(f"Payouts{suffix}", titles, paid, item.currency))
    inputs: list[list[object]] = [["Document", one.name, one.sha256, one.rows] for one in report.scope.documents]
    inputs += [["Rate", use.entry.where, *_rate_cells(use)] for use in report.rates]
    sheets.append(workbook.Sheet("Inputs", ("What", "Name", "SHA-256 or value", "Rows or source"), inputs, "USD"))
    title = f"Statement {report.scope.period.title}: {report.creator}"
    return workbook.Book(title, report.scope.period.last_day, tuple(sheets))


def _rate_cells(use: Any) -> tuple[str, str]:
    row = f.json_of(frame.USE, use)
    return str(row["text"]), ", ".join(row["sources"])


def _lines_sheet(report: Statement, item: WalletStatement, name: str) -> workbook.Sheet:
    """A row a line; a total is the formula that its parts make."""
    heads = (item.currency, *(f"{title} {end}" for _, title in _ALL for end in ("least", "most")))
    rows: list[list[object]] = [
        [f"Statement {number_of(report, item)}, version {version_of(report)}"],
        [report.scope.period.title, "", f"up to {report.scope.as_of}", "", f"so far: since {report.cumulative.start}"],
        [],
    ]
    at: dict[str, int] = {}
    section = ""
    for line in item.lines:
        if line.section != section:
            section = line.section
            rows.append([SECTIONS[section]])
        at[line.key] = len(rows)
        cells: list[object] = [line.label]
        for column, (key, end) in enumerate(((k, e) for k, _ in _ALL for e in ("low", "high")), 1):
            amount = getattr(getattr(line, key), end)
            parts = [workbook.cell(at[part], column) for part in line.adds]
            cells.append(workbook.Formula("+".join(parts), amount) if parts else amount)
        rows.append(cells)
    suffix = name.removeprefix("Statement")
    rows.append([])
    check: list[object] = ["Closing less opening less all entries", "", ""]
    for column, letter in ((3, "F"), (4, "G")):
        ends = f"{workbook.cell(at['closing'], column)}-{workbook.cell(at['opening'], column)}"
        check.append(workbook.Formula(f"ROUND({ends}-SUM('Entries{suffix}'!{letter}:{letter}),6)", Decimal(0)))
    rows.append(check)
    rows += [[control.label, control.value] for control in item.controls]
    return workbook.Sheet(name, heads, rows, item.currency)
