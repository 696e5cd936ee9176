"""Projections in all their forms. A range is never shown as one number, and a picture never carries a figure alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from diamondctl.confidence import is_firm
from diamondctl.forecast.values import METHODS, Band, Past
from diamondctl.money import MINOR_UNITS, Range
from diamondctl.render import frame, numbers
from diamondctl.render import shape as f
from diamondctl.render.page import STROKES, Part, Texts, said
from diamondctl.render.payout import VERDICT_FIELDS
from diamondctl.render.view import View
from diamondctl.reports.projection import Bank, Cell, Given, Month, Projection, ProjectionReport, Reach, day_of
from diamondctl.reports.verdict import Verdict
from diamondctl.words import counted

CLOSING: Final = "Worked out from your own past and rate files. It is not a promise of income, and the future may be outside."
BAR: Final = 32
SHOWN: Final = 12  # past windows on a screen; all of them count, and JSON has them
WINDOW: Final = 31  # days, of the windows that are tested when a date is looked for


class Figure(NamedTuple):
    """A figure in three futures, with its unit and what belongs to it in a flat row."""

    cell: Cell
    unit: str
    item: Projection
    figure: str = ""
    method: str = ""
    earliest: date | None = None
    latest: date | None = None


CELL: f.Fields = tuple(
    f.money(name, f"cell.{name}", "unit", kind=f.AMOUNT, title=name.capitalize(), after=before)
    for before, name in zip(("unit", "low", "middle"), Cell._fields, strict=True)
)
NET: f.Fields = tuple(f.money(name, f"net.{name}", title=name.capitalize()) for name in Cell._fields)
LINE: f.Fields = (
    f.Field("unit", after="note"),
    *CELL,
    f.Field("provenance", f.word("projected", "rated")),
    f.Field("note", maybe=True),
)
REACH: f.Fields = (
    *VERDICT_FIELDS,
    f.Field("amount", f.DECIMAL._replace(json=str), lambda reach: _digits(reach.amount, reach.currency)),
    f.Field("earliest", f.DAY, maybe=True),
    f.Field("middle_earliest", f.DAY, lambda reach: reach.middle[0], maybe=True),
    f.Field("middle_latest", f.DAY, lambda reach: reach.middle[1], maybe=True),
    f.Field("latest", f.DAY, maybe=True),
    f.Field("looked_at_days", f.COUNT, "within"),
    f.Field("tested", f.COUNT),
    f.Field("guess", f.FLAG),
)
BANK: f.Fields = (
    f.Field("method"),
    f.Field("net", f.one(NET), lambda row: row),
    f.Field("payouts", f.PAIR, title="Payouts"),
    f.Field("earliest", f.DAY, maybe=True),
    f.Field("latest", f.DAY, maybe=True),
    f.Field("minimum", of="short", maybe=True),
    f.Field("unknown", f.WORDS),
)
BAND: f.Fields = tuple(f.Field(name, f.COUNT) for name in Band._fields)
PAST: f.Fields = (
    f.Field("first_day", f.DAY, lambda past: day_of(past.first)),
    f.Field("last_day", f.DAY, lambda past: day_of(past.last)),
    f.Field("coins", f.COUNT, "actual", "Coins then"),
    f.Field("range", f.one(BAND)._replace(right=True), "band", "Said before", show=lambda past: _band(past.band)),
    f.Field("inside", f.FLAG, title="Inside"),
    f.Field("baseline", f.one(BAND)._replace(right=True), title="Baseline", show=lambda past: _band(past.baseline)),
    f.Field("baseline_inside", f.FLAG, title="Inside"),
)
BACK_TEST: f.Fields = (
    f.Field("method", f.word(*METHODS)),
    f.Field("level", f.COUNT),
    f.Field("attainable_level", f.COUNT, "attainable"),
    f.Field("guess", f.FLAG),
    f.Field("tested", f.COUNT, lambda forecast: len(forecast.past)),
    f.Field("inside", f.COUNT, lambda forecast: _inside(forecast.past)[0]),
    f.Field("baseline_inside", f.COUNT, lambda forecast: _inside(forecast.past)[1]),
    f.Field("pinball_loss", f.by_name(f.DECIMAL._replace(json="{:.0f}".format)), "losses"),
    f.Field("periods", f.many(PAST), "past"),
)
MONTH: f.Fields = (
    f.Field("label"),
    f.Field("projected", f.FLAG),
    f.money("reward", lambda month: month.cell.low.but(month.cell.low.low, month.cell.high.high), title="Figure"),
)
HISTORY: f.Fields = (
    f.Field("first_day", f.DAY, "begun"),
    f.Field("last_day", f.DAY, "until"),
    f.Field("full_weeks", f.COUNT, "forecast.weeks"),
)
ACCOUNT: f.Fields = (
    f.Field("account", f.one(frame.ACCOUNT)),
    f.Field("first_day", f.DAY, "first"),
    f.Field("last_day", f.DAY, "last"),
    f.Field("history", f.one(HISTORY), lambda item: item),
    f.Field("share_percent", f.RANGE, "share"),
    f.Field("figures", f.keyed(LINE, "coins", "reward"), "lines"),
    f.Field("reach", f.one(REACH), maybe=True),
    f.Field("bank", f.many(BANK), "banks"),
    f.Field("back_test", f.one(BACK_TEST), "forecast"),
    f.Field("months", f.many(MONTH)),
    f.Field("assumptions", f.WORDS),
)
ASKED: f.Fields = (
    f.Field("question", f.word("period", "until", "threshold")),
    f.Field("amount", f.DIGITS, maybe=True),
    f.Field("level", f.COUNT),
    f.Field("seed", f.COUNT),
    f.Field("method", f.word(*METHODS), maybe=True),
    f.Field("streams", f.COUNT, maybe=True),
    f.Field("hours", f.DECIMAL, lambda given: None if given.quarters is None else Decimal(given.quarters) / 4, maybe=True),
)
DOCUMENT = frame.document(
    "project",
    (f.Field("accounts", f.many(ACCOUNT), "items"), f.Field("skipped", f.WORDS)),
    (
        *(f.Field(name) for name in ("figure", "method", "unit")),
        *CELL,
        f.Field("earliest", f.DAY),
        f.Field("latest", f.DAY),
        *f.under("item.reach", VERDICT_FIELDS),
        *f.under("item.forecast", f.pick(BACK_TEST, "level", "inside", "tested")),
    ),
    f.Field("asked", f.one(ASKED), "given"),
    *f.under("given.wanted.exchange", (frame.EXCHANGE,)),
    head=(
        *f.under("report.given.period", (f.Field("period", of="label"),)),
        *f.under("item.item", f.pick(ACCOUNT, "first_day", "last_day")),
        *frame.HEAD[3:],
    ),
    period="given.period",
)


def view(report: ProjectionReport) -> View:
    """The report in all its forms."""
    return frame.view(
        DOCUMENT,
        report,
        lambda: [part for item in report.items for part in _item(item, report.given)],
        lambda: ((row.item.account, row) for item in report.items for row in _figures(item)),
        complete=report.scope.complete and not report.skipped,
        closing=CLOSING,
    )


def _figures(item: Projection) -> Iterator[Figure]:
    """One row per account and figure; what reaches the bank once per method."""
    currency = item.account.currency
    for line in item.lines:
        yield Figure(line.cell, line.unit, item, line.key)
    if (reach := item.reach) is not None:
        amount = Range.of(reach.amount)
        yield Figure(Cell(amount, amount, amount), currency, item, "reach", "", reach.earliest, reach.latest)
    for bank in item.banks:
        yield Figure(bank.net, currency, item, "bank", bank.method, bank.earliest, bank.latest)


def _digits(amount: Decimal, currency: str, mark: str = "") -> str:
    return f"{amount:{mark}.{MINOR_UNITS[currency]}f}"


def _item(item: Projection, given: Given) -> list[Part]:
    """One block per account."""
    account = item.account
    what = {
        "period": _span(item, given),
        "until": f"Until the balance holds {_amount(item)}",
        "threshold": "Until the minimum of a payout is in the balance",
    }[given.question]
    head = (
        f"{what}   creator {account.creator}   {account.region}   {account.currency}   {account.timezone}",
        f"From {counted(item.forecast.weeks, 'full week')}, {item.begun} to {item.until}{_begun(item, given)}.",
    )
    return [
        Texts(head, "title", wrapped=False),
        _lines(item, given) if item.reach is None else _reach(item),
        _banks(item),
        _picture(item) if item.reach is None else (),
        _back_test(item, given),
        said(*(f"If {text}." for text in item.assumptions), mark="- "),
    ]


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


def _lines(item: Projection, given: Given) -> Part:
    columns = (
        f.cell("", lambda line: line.label, f.LABEL),
        *f.pick(LINE, *Cell._fields),
        f.cell("From", lambda line: line.provenance + (f", {line.note}" if line.note else "")),
    )
    text = (
        f"Low to high: so wide that {given.level} of 100 such periods should fall inside. Inside one figure: what the rules "
        "leave open."
    )
    same = item.account.zone.unit.is_one
    return (f.table(columns, [line for line in item.lines if not (same and line.key == "diamonds")]), said(text))


def _reach(item: Projection) -> Part:
    reach = item.reach
    assert reach is not None
    currency = item.account.currency
    amount = f"{_digits(reach.amount, currency, ',')} {currency}"
    late = f"not within {reach.within:,} days"
    balance = next(line for line in item.lines if line.key == "balance")
    rows = (
        (f"Earned by {item.until}", numbers.figure(balance.cell.low, currency), balance.note),
        (f"{amount} at the earliest", str(reach.earliest or late), "the high end of what may come, and of your share"),
        ("in the middle", " to ".join(dict.fromkeys(str(day or late) for day in reach.middle)), "the middle of what may come"),
        ("at the latest", str(reach.latest or late), "the low end of both"),
    )
    table = f.table((f.cell("", kind=f.LABEL), f.cell("In the balance", kind=f.FIGURE), f.cell("From")), foot=rows)
    return (table, said(_answer(reach, amount), kind="title"), said(*_why_probably(reach.verdict), mark="- "))


def _why_probably(verdict: Verdict) -> list[str]:
    """What keeps a yes or a no from being sure, with what would settle it."""
    if verdict.certain or verdict.answer not in ("yes", "no"):
        return []
    open_ = (
        "Nobody says what the wallet held before: of files --opening AMOUNT settles it (--opening 0: nothing), of a ledger "
        "diamondctl record balance AMOUNT."
    )
    assumed = "It rests on what is only assumed: your own share, --share PERCENT, settles it if it is the share."
    return [*([open_] if verdict.open else []), *([] if is_firm(verdict.confidence) else [assumed])]


def _answer(reach: Reach, amount: str) -> str:
    """Whether it is reached, in one sentence; never a promise."""
    probably = reach.verdict.probably
    if reach.verdict.answer == "yes":
        return f"Yes{probably}: {amount} is in the balance by {reach.latest} even at the low end."
    if reach.verdict.answer == "no":
        return f"No{probably}: {amount} is not in the balance within {reach.within:,} days even at the high end."
    if reach.verdict.answer == "depends":
        return f"It depends: at the low end {amount} is not in the balance within {reach.within:,} days."
    return "Not known: gifts are missing from the balance, see the warnings."


def _banks(item: Projection) -> Part:
    columns = (
        f.cell("Reaches your bank", lambda row: f"by {row.method}", f.LABEL),
        *NET,
        *f.pick(BANK, "payouts"),
        f.cell("In the bank", _arrival),
    )
    texts = [text for bank in item.banks for text in _bank_texts(bank)]
    return (f.table(columns, item.banks), said(*texts, mark="- "))


def _arrival(bank: Bank) -> str:
    return " to ".join(str(day or "not known") for day in (bank.earliest, bank.latest)) if bank.payouts[1] else "not at all"


def _bank_texts(bank: Bank) -> list[str]:
    return [f"By {bank.method}: {text}." for text in (bank.short, *bank.unknown) if text]


def _picture(item: Projection) -> Part:
    """The reward of the last months and of what is projected, as bars beside their figures."""
    most = max((month.cell.high.high for month in item.months), default=Decimal(0))
    columns = (
        f.cell("Reward", lambda row: f"{row.label}{' (projected)' if row.projected else ''}", f.LABEL),
        *f.pick(MONTH, "reward"),
        f.cell("Picture", lambda row: bar(row, most), f.PICTURE, drop=1),
    )
    return f.table(columns, item.months)


def bar(month: Month, most: Decimal) -> str:
    """A bar of `BAR` characters without a blank: full up to the low end, shaded to the high one, the middle marked."""
    full, shade, mark, rest, _ = STROKES

    def place(amount: Decimal) -> int:
        return int(amount * BAR / most) if most > 0 else 0

    low, high = place(month.cell.low.low), place(month.cell.high.high)
    cells = [full if at < low else shade if at < high else rest for at in range(BAR)]
    if month.projected:
        cells[min(place((month.cell.middle.low + month.cell.middle.high) / 2), BAR - 1)] = mark
    return "".join(cells)


def _back_test(item: Projection, given: Given) -> Part:
    past = item.forecast.past
    columns = (
        f.cell("Tested on", lambda past: f"{day_of(past.first)} to {day_of(past.last)}"),
        *f.pick(PAST, "coins", "range", "inside", "baseline", "baseline_inside"),
    )
    earlier = len(past) - SHOWN
    more = f"{counted(earlier, 'earlier one')} not shown: --json has all." if earlier > 0 else ""
    return (*([f.table(columns, past[-SHOWN:])] if past else []), said(more, *tested(item, given)))


def _band(band: Band) -> str:
    return f"{band.low:,} - {band.high:,}"


def _inside(past: tuple[Past, ...]) -> tuple[int, int]:
    return sum(item.inside for item in past), sum(item.baseline_inside for item in past)


def tested(item: Projection, given: Given) -> list[str]:
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
