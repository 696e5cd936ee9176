"""Projections in all their forms. A range is never shown as one number, and a picture never carries a figure alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from diamondctl.forecast.values import Band, Past
from diamondctl.money import MINOR_UNITS, Range
from diamondctl.render import frame, numbers
from diamondctl.render.tables import Column, Laid, Line, Table, join, lay_out, notes
from diamondctl.render.view import Clean, Records, View, records
from diamondctl.reports.projection import Bank, Cell, Given, Month, Projection, ProjectionReport, day_of
from diamondctl.words import counted

CLOSING: Final = "Worked out from your own past and rate files. It is not a promise of income, and the future may be outside."
ENDS: Final = ("low", "middle", "high")
BAR: Final = 32
SHOWN: Final = 12  # past windows on a screen; all of them count, and JSON has them
WINDOW: Final = 31  # days, of the windows that are tested when a date is looked for
COLUMNS: Final = (
    *frame.HEAD_COLUMNS,
    "figure",
    "method",
    "unit",
    *(f"{name}_{end}" for name in ENDS for end in ("low", "high")),
    "earliest",
    "latest",
    "level",
    "inside",
    "tested",
)


def view(report: ProjectionReport, given: Given) -> View:
    """The report in all its forms."""
    return View(
        lambda width, rule, clean: screen(report, given, width, rule, clean),
        lambda: document(report, given),
        lambda: flat(report),
    )


def screen(report: ProjectionReport, given: Given, width: int | None, rule: str, clean: Clean) -> Laid:
    """One block per account."""
    parts: list[Laid] = []
    for item in report.items:
        parts += _item(item, given, width, rule, clean)
    parts += [
        frame.rates(report.rates, width, rule, clean),
        notes([clean(f"Not projected: {text}.") for text in report.skipped], width, kind="warning", mark="! "),
        notes([clean(text) for text in report.warnings], width, kind="warning", mark="! "),
        notes([clean(text) for text in report.scope.notes], width, mark="- "),
    ]
    return Laid((*join(parts).parts, *notes([CLOSING], width, kind="closing").parts))


def _item(item: Projection, given: Given, width: int | None, rule: str, clean: Clean) -> list[Laid]:
    account = item.account
    what = {
        "period": _span(item, given),
        "until": f"Until the balance holds {_amount(item)}",
        "threshold": "Until the minimum of a payout is in the balance",
    }[given.question]
    head = [
        f"{what}   creator {clean(account.creator)}   {account.region}   {account.currency}   {account.timezone}",
        f"From {counted(item.forecast.weeks, 'full week')}, {item.begun} to {item.until}{_begun(item, given)}.",
    ]
    title = Laid(tuple(Line("title", text) for text in head))
    found = [title]
    if item.reach is not None:
        found.append(_reach(item, width, rule))
    else:
        found.append(_lines(item, given, width, rule))
    found.append(_banks(item, width, rule, clean))
    if item.reach is None:
        found.append(_picture(item, width, rule))
    found.append(_back_test(item, given, width, rule))
    found.append(notes([f"If {clean(text)}." for text in item.assumptions], width, mark="- "))
    return found


def _span(item: Projection, given: Given) -> str:
    first = item.first if given.period is None else given.period.start
    return f"{first} to {item.last}"


def _begun(item: Projection, given: Given) -> str:
    """Which days of a period that has begun are known."""
    if given.period is None or item.first == given.period.start:
        return ""
    return f"; {item.first} to {item.last} is to come"


def _amount(item: Projection) -> str:
    return numbers.money(item.reach.amount, item.account.currency) if item.reach is not None else ""


def _cells(cell: Cell, unit: str) -> tuple[str, ...]:
    return tuple(numbers.figure(part, unit) for part in cell)


def _lines(item: Projection, given: Given, width: int | None, rule: str) -> Laid:
    columns = (
        Column(""),
        Column("Low", right=True),
        Column("Middle", right=True),
        Column("High", right=True),
        Column("From", figure=False),
    )
    rows = [
        (line.label, *_cells(line.cell, line.unit), line.provenance + (f", {line.note}" if line.note else ""))
        for line in item.lines
    ]
    texts = [
        f"Low to high: so wide that {given.level} of 100 such periods should fall inside. Inside one figure: what the rules "
        "leave open."
    ]
    return Laid((*lay_out(Table(columns, tuple(rows)), width, rule).parts, *notes(texts, width).parts))


def _reach(item: Projection, width: int | None, rule: str) -> Laid:
    reach = item.reach
    assert reach is not None
    currency = item.account.currency
    amount = f"{reach.amount:,.{MINOR_UNITS[currency]}f} {currency}"
    late = f"not within {reach.within:,} days"
    balance = next(line for line in item.lines if line.key == "balance")
    rows = (
        (f"Earned by {item.until}", numbers.figure(balance.cell.low, currency), balance.note),
        (f"{amount} at the earliest", str(reach.earliest or late), "the high end of what may come, and of your share"),
        ("in the middle", " to ".join(dict.fromkeys(str(day or late) for day in reach.middle)), "the middle of what may come"),
        ("at the latest", str(reach.latest or late), "the low end of both"),
    )
    columns = (Column(""), Column("In the balance", right=True), Column("From", figure=False))
    return lay_out(Table(columns, rows), width, rule)


def _banks(item: Projection, width: int | None, rule: str, clean: Clean) -> Laid:
    columns = (
        Column("Reaches your bank"),
        Column("Low", right=True),
        Column("Middle", right=True),
        Column("High", right=True),
        Column("Payouts", right=True),
        Column("In the bank", figure=False),
    )
    rows = []
    texts = []
    for bank in item.banks:
        count = " - ".join(dict.fromkeys(f"{number:,}" for number in bank.payouts))
        days = " to ".join(str(day or "not known") for day in (bank.earliest, bank.latest)) if bank.payouts[1] else "not at all"
        rows.append((f"by {clean(bank.method)}", *_cells(bank.net, item.account.currency), count, days))
        texts += _bank_texts(bank, clean)
    return Laid((*lay_out(Table(columns, tuple(rows)), width, rule).parts, *notes(texts, width, mark="- ").parts))


def _bank_texts(bank: Bank, clean: Clean) -> list[str]:
    texts = [f"By {clean(bank.method)}: {clean(bank.short)}."] if bank.short else []
    return texts + [f"By {clean(bank.method)}: {clean(why)}." for why in bank.unknown]


def _picture(item: Projection, width: int | None, rule: str) -> Laid:
    """The reward of the last months and of what is projected, as bars beside their figures."""
    fine = rule == "─"
    most = max((month.cell.high.high for month in item.months), default=Decimal(0))
    columns = (Column("Reward"), Column("Figure", right=True), Column("Picture", figure=False, drop=1))
    rows = []
    for month in item.months:
        low, high = month.cell.low.low, month.cell.high.high
        figure = numbers.money_range(Range(low, high), item.account.currency)
        rows.append((f"{month.label}{' (projected)' if month.projected else ''}", figure, bar(month, most, fine=fine)))
    return lay_out(Table(columns, tuple(rows)), width, rule)


def bar(month: Month, most: Decimal, *, fine: bool) -> str:
    """A bar of `BAR` characters without a blank: full up to the low end, shaded to the high one, the middle marked."""
    full, shade, mark, rest = ("█", "▒", "┃", "·") if fine else ("#", "=", "|", ".")

    def place(amount: Decimal) -> int:
        return int(amount * BAR / most) if most > 0 else 0

    low, high = place(month.cell.low.low), place(month.cell.high.high)
    cells = [full if at < low else shade if at < high else rest for at in range(BAR)]
    if month.projected:
        cells[min(place((month.cell.middle.low + month.cell.middle.high) / 2), BAR - 1)] = mark
    return "".join(cells)


def _back_test(item: Projection, given: Given, width: int | None, rule: str) -> Laid:
    found = item.forecast
    columns = (
        Column("Tested on", figure=False),
        Column("Coins then", right=True),
        Column("Said before", right=True),
        Column("Inside", figure=False),
        Column("Baseline", right=True),
        Column("Inside", figure=False),
    )
    rows = [
        (
            f"{day_of(past.first)} to {day_of(past.last)}",
            f"{past.actual:,}",
            _band(past.band),
            "yes" if past.inside else "no",
            _band(past.baseline),
            "yes" if past.baseline_inside else "no",
        )
        for past in found.past[-SHOWN:]
    ]
    table = lay_out(Table(columns, tuple(rows)), width, rule).parts if rows else ()
    earlier = len(found.past) - len(rows)
    more = [f"{counted(earlier, 'earlier one')} not shown: --json has all."] if earlier > 0 else []
    return Laid((*table, *notes([*more, *_verdict(item, given)], width).parts))


def _band(band: Band) -> str:
    return f"{band.low:,} - {band.high:,}"


def _inside(past: tuple[Past, ...]) -> tuple[int, int]:
    return sum(item.inside for item in past), sum(item.baseline_inside for item in past)


def _verdict(item: Projection, given: Given) -> list[str]:
    """How such ranges did on the creator's own past, and how far that can be trusted."""
    found = item.forecast
    count = len(found.past)
    losses = dict(found.losses)
    texts = []
    if count:
        inside, baseline = _inside(found.past)
        texts.append(
            f"{inside:,} of {counted(count, 'past period')} fell inside ({inside * 100 // count}%, asked for {given.level}%); "
            f"of the baseline's ranges, made from the same length of time before, {baseline:,} held."
        )
    if item.reach is not None and item.reach.within > WINDOW:
        texts.append(
            f"Dates beyond {WINDOW} days rest on windows of up to {item.reach.within:,} days, of which "
            f"{counted(item.reach.tested, 'past one')} could be tested: the further away, the more of a guess."
        )
    if item.reach is not None:
        texts.append(
            f"Each date is to hold in {given.level} of 100 such cases{', but is a guess' if item.reach.guess else ''}."
        )
    if found.guess:
        why = (
            f"{counted(count, 'past period')} can vouch for at most {found.attainable}%"
            if count
            else "no past period could be tested"
        )
        texts.append(f"The range is a guess: {why}.")
    chosen = "asked for" if given.method else "chosen on your own past; another one must be a tenth better to replace 'blend'"
    text = f"Method {found.method} ({chosen}), seed {given.seed:,}."
    if losses:
        listed = ", ".join(f"{name} {loss:,.0f}" for name, loss in losses.items())
        text += f" Mean pinball loss in coins: {listed}."
    return [*texts, text]


def _cell_json(cell: Cell, unit: str) -> dict[str, Any]:
    if unit in MINOR_UNITS:
        return {name: frame.money_json(part, unit) for name, part in zip(ENDS, cell, strict=True)}
    return {
        name: {"low": numbers.plain(part.low), "high": numbers.plain(part.high)} for name, part in zip(ENDS, cell, strict=True)
    }


def document(report: ProjectionReport, given: Given) -> dict[str, Any]:
    """`diamondctl.project/1`."""
    return {
        **frame.document_head("project", report.scope),
        "complete": report.scope.complete and not report.skipped,
        "period": None if report.period is None else frame.period_json(report.period),
        "asked": {
            "question": report.question,
            "amount": None if given.amount is None else f"{given.amount:f}",
            "level": given.level,
            "seed": given.seed,
            "method": given.method or None,
            "streams": given.streams,
            "hours": None if given.quarters is None else numbers.plain(Decimal(given.quarters) / 4),
        },
        "data": {
            "accounts": [_item_json(item) for item in report.items],
            "skipped": list(report.skipped),
            "rates": [frame.use_json(use) for use in report.rates],
        },
        "warnings": list(report.warnings),
        "notes": [*report.scope.notes, CLOSING],
    }


def _item_json(item: Projection) -> dict[str, Any]:
    currency, found = item.account.currency, item.forecast
    reach = item.reach
    inside, baseline = _inside(found.past)
    return {
        "account": frame.account_json(item.account),
        "first_day": str(item.first),
        "last_day": str(item.last),
        "history": {"first_day": str(item.begun), "last_day": str(item.until), "full_weeks": found.weeks},
        "share_percent": {"low": numbers.plain(item.share.low), "high": numbers.plain(item.share.high)},
        "figures": {
            line.key: {
                "unit": line.unit,
                **_cell_json(line.cell, line.unit),
                "provenance": line.provenance,
                "note": line.note or None,
            }
            for line in item.lines
        },
        "reach": None
        if reach is None
        else {
            "amount": f"{reach.amount:.{MINOR_UNITS[currency]}f}",
            "earliest": _day(reach.earliest),
            "middle_earliest": _day(reach.middle[0]),
            "middle_latest": _day(reach.middle[1]),
            "latest": _day(reach.latest),
            "looked_at_days": reach.within,
            "tested": reach.tested,
            "guess": reach.guess,
        },
        "bank": [
            {
                "method": bank.method,
                "net": _cell_json(bank.net, currency),
                "payouts": {"low": bank.payouts[0], "high": bank.payouts[1]},
                "earliest": _day(bank.earliest),
                "latest": _day(bank.latest),
                "minimum": bank.short or None,
                "unknown": list(bank.unknown),
            }
            for bank in item.banks
        ],
        "back_test": {
            "method": found.method,
            "level": found.level,
            "attainable_level": found.attainable,
            "guess": found.guess,
            "tested": len(found.past),
            "inside": inside,
            "baseline_inside": baseline,
            "pinball_loss": {name: f"{loss:.0f}" for name, loss in found.losses},
            "periods": [_past_json(past) for past in found.past],
        },
        "months": [
            {
                "label": month.label,
                "projected": month.projected,
                "reward": frame.money_json(Range(month.cell.low.low, month.cell.high.high), currency),
            }
            for month in item.months
        ],
        "assumptions": list(item.assumptions),
    }


def _day(day: object) -> str | None:
    return None if day is None else str(day)


def _past_json(past: Past) -> dict[str, Any]:
    return {
        "first_day": str(day_of(past.first)),
        "last_day": str(day_of(past.last)),
        "coins": past.actual,
        "range": past.band._asdict(),
        "inside": past.inside,
        "baseline": past.baseline._asdict(),
        "baseline_inside": past.baseline_inside,
    }


def flat(report: ProjectionReport) -> Records:
    """One row per account and figure; what reaches the bank once per method."""
    rows: list[dict[str, object]] = []
    for item in report.items:
        found = item.forecast
        head = {
            **frame.head_record(report.scope, item.account, report.scope.complete and not report.skipped),
            "period": report.period.label if report.period is not None else "",
            "first_day": item.first,
            "last_day": item.last,
            "level": found.level,
            "inside": _inside(found.past)[0],
            "tested": len(found.past),
        }
        for line in item.lines:
            rows.append({**head, "figure": line.key, "unit": line.unit, **_ends(line.cell, line.unit)})
        currency = item.account.currency
        if (reach := item.reach) is not None:
            amount = Range.of(reach.amount)
            days = {"earliest": reach.earliest, "latest": reach.latest}
            rows.append({**head, "figure": "reach", "unit": currency, **_ends(Cell(amount, amount, amount), currency), **days})
        for bank in item.banks:
            days = {"earliest": bank.earliest, "latest": bank.latest}
            row = {**head, "figure": "bank", "method": bank.method, "unit": currency, **_ends(bank.net, currency), **days}
            rows.append(row)
    numeric = (*(f"{name}_{end}" for name in ENDS for end in ("low", "high")), "level", "inside", "tested")
    return records(rows, COLUMNS, numeric)


def _ends(cell: Cell, unit: str) -> dict[str, object]:
    def text(amount: Decimal) -> str:
        return f"{amount:.{MINOR_UNITS[unit]}f}" if unit in MINOR_UNITS else numbers.plain(amount)

    return {f"{name}_{end}": text(getattr(part, end)) for name, part in zip(ENDS, cell, strict=True) for end in ("low", "high")}
