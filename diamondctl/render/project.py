"""Projections in all their forms. A range is never shown as one number, and a picture never carries a figure alone."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.confidence import is_firm
from diamondctl.forecast.values import Band, Past
from diamondctl.money import MINOR_UNITS, Range, total
from diamondctl.render import frame, numbers
from diamondctl.render import shape as f
from diamondctl.render.page import STROKES, Part, Texts, said
from diamondctl.render.payout import VERDICT_FIELDS
from diamondctl.render.view import View
from diamondctl.reports.projected_goals import WHATS, Goal
from diamondctl.reports.projection import Bank, Cell, Given, Line, Month, Projection, ProjectionReport, day_of
from diamondctl.reports.remark import MISSING, WALLET, Brief, Command, stated
from diamondctl.words import counted, method_name

BAR: Final = 32
BLIND: Final = (
    "What has never happened here: a new rule, a ban, a holiday that is planned, a large fan who comes or goes.",
    "The time of the year: eighteen months would be needed to tell it from chance.",
    "Who pays: two fans who bring it all look like many who do. See --without-top N.",
    "A gift far above all others counts as twice the third largest, so the middle leaves most of it out.",
)
FEW: Final = 6  # past windows on a default screen
SHOWN: Final = 12  # past windows on a screen; all of them count, and JSON has them


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
    f.Field("chance_percent", f.PAIR, "chance"),
)
CONDITION: f.Fields = (
    f.Field("what", f.word(*WHATS), title="Goal", show=lambda item: f"{numbers.count(item.target)} {item.what}"),
    f.Field("target", f.DECIMAL),
    f.Field("so_far", f.DECIMAL, title="So far"),
    f.Field("missing", f.DECIMAL, title="Missing"),
    f.Field("pace_needed", f.DECIMAL, title="Needed a week"),
    f.Field("pace", f.DECIMAL, title="Of late", maybe=True),
    f.Field("expected_low", f.DECIMAL, lambda item: item.expected and item.expected[0], maybe=True),
    f.Field("expected_middle", f.DECIMAL, lambda item: item.expected and item.expected[1], title="Likely", maybe=True),
    f.Field("expected_high", f.DECIMAL, lambda item: item.expected and item.expected[2], maybe=True),
    f.Field("chance_percent", f.COUNT, "chance", "Of 100 paths", maybe=True),
)
GOAL: f.Fields = (
    f.Field("text"),
    f.Field("conditions", f.many(CONDITION)),
    f.Field("chance_percent", f.COUNT, "chance", maybe=True),
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
)
BACK_TEST: f.Fields = (
    f.Field("level", f.COUNT),
    f.Field("attainable_level", f.COUNT, "attainable"),
    f.Field("guess", f.FLAG),
    f.Field("tested", f.COUNT, lambda forecast: len(forecast.past)),
    f.Field("inside", f.COUNT, lambda forecast: _inside(forecast.past)),
    f.Field("paths", f.COUNT, lambda forecast: len(forecast.paths)),
    f.Field("memory_weeks", f.COUNT, "memory"),
    f.Field("width_percent", f.COUNT, "reach"),
    f.Field("shift_percent", f.DECIMAL, lambda forecast: Decimal(forecast.shift)),
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
    f.Field("goals", f.many(GOAL)),
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
    f.Field("streams", f.COUNT, maybe=True),
    f.Field("hours", f.DECIMAL, lambda given: None if given.quarters is None else Decimal(given.quarters) / 4, maybe=True),
)


def answer(report: ProjectionReport) -> str:
    """The report in one sentence."""
    if not report.items:
        return "Not known: no gift has a rate, or enough history."
    period, said_of = report.given.period, ""
    assert period is not None
    if len(report.items) == 1:
        return f"{period.title}: {_earns(report.items[0])}{_together(report.items[0])}"
    accounts = counted(len(report.items), "account")
    for currency in dict.fromkeys(item.account.currency for item in report.items):
        mine = [item for item in report.items if item.account.currency == currency]
        middle = total(_line(item, "reward").cell.middle for item in mine)
        said_of += f"{' and ' if said_of else ''}{numbers.to(middle, currency)}"
    return f"{period.title}: {accounts} earn most likely {said_of}, the middle of each added up."


def _line(item: Projection, key: str) -> Line:
    return next(line for line in item.lines if line.key == key)


def _earns(item: Projection) -> str:
    middle, currency = _line(item, "reward").cell.middle, item.account.currency
    likely = numbers.to(middle, currency).removesuffix(f" {currency}")
    return f"probably {numbers.to(_ends(item), currency)}, most likely {likely}."


def _ends(item: Projection) -> Range:
    """From the low end of the low future to the high end of the high one."""
    cell = _line(item, "reward").cell
    return cell.low.but(cell.low.low, cell.high.high).ordered


def _together(item: Projection) -> str:
    reach = item.reach
    if reach is None:
        return ""
    amount = numbers.money(reach.amount, item.account.currency)
    text = f" {amount} {item.account.currency}"
    if reach.there:
        return f"{text}: {'' if reach.verdict.certain else 'probably '}there already."
    early, late = reach.middle
    if reach.verdict.answer == "unknown":
        return f"{text}: not known, gifts are missing from the balance."
    if early is None:
        never = f"not in the next {reach.within:,} days"
        return f"{text}: {'perhaps, but more likely ' if reach.earliest else f'no{reach.verdict.probably}, '}{never}."
    if late == item.today and item.guessed:
        return f"{text}: most likely there by now, which no file says yet."
    when = _when(early) if late is not None and _when(early) == _when(late) else f"{_when(early)} to {_when(late)}"
    return f"{text}: most likely {'on' if when == _when(early) else 'from'} {when}."


def _when(day: date | None) -> str:
    return "later" if day is None else f"{periods.day_words(day)} {day.year}"


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
    answer=answer,
    version=2,
)


def view(report: ProjectionReport) -> View:
    """The report in all its forms."""
    return frame.view(
        DOCUMENT,
        report,
        lambda: _page(report),
        lambda: ((row.item.account, row) for item in report.items for row in _figures(item)),
        complete=report.scope.complete and not report.skipped,
        evidence=lambda: [part for item in report.items for part in evidence(item, report.given)],
        notes=_notes(report),
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


def _page(report: ProjectionReport) -> list[Part]:
    """One account: what it earns and what is there then. Several: a row each."""
    if len(report.items) != 1:
        return [_roster(report)] if report.items else []
    (item,) = report.items
    goals = [_goal(goal) for goal in item.goals]
    return [_story(item), *goals, said(*goes_out(item), *rests_on(item, report.given, ledger=report.scope.origin.ledger))]


class _Row(NamedTuple):
    label: str
    cells: tuple[str, str, str]


def told(item: Projection) -> list[tuple[str, Line]]:
    """What a screen shows of the figures, by the words that it has for them."""
    labels = {
        "reward": "Your reward",
        "so_far": "of it so far",
        "balance_end": f"Together by {periods.day_words(item.last)}",
        "paid_out": "Paid out by then",
        "left": "In the wallet then",
    }
    keys = {line.key for line in item.lines}
    return [(label, _line(item, key)) for key, label in labels.items() if key in keys]


def _story(item: Projection) -> Part:
    currency = item.account.currency
    rows = [_Row(label, _cells(line.cell, currency)) for label, line in told(item)]
    if (reach := item.reach) is not None:
        never = f"not in {reach.within:,} days"
        low, high = (_days((day, day)) or never for day in (reach.latest, reach.earliest))
        rows.append(_Row(f"{numbers.money(reach.amount, currency)} together", (low, _days(reach.middle) or never, high)))

    def at(index: int) -> Callable[[_Row], str]:
        return lambda row: row.cells[index]

    columns = (
        f.cell(currency, lambda row: row.label, f.LABEL),
        *(f.cell(title, at(index), f.FIGURE) for index, title in enumerate(("Low", "Likely", "High"))),
    )
    return f.table(columns, rows, whole=True)


def _days(ends: tuple[date | None, date | None]) -> str:
    """From the one day to the other, in as few words as a cell needs; blank: never."""
    first, last = ends
    if first is None:
        return ""
    if last is None:
        return f"{periods.span_words(first, first)} or later"
    return periods.span_words(first, last)


def goes_out(item: Projection) -> list[str]:
    """What payouts do with it."""
    texts, currency = [], item.account.currency
    if note := _line_note(item, "paid_out"):
        texts.append(f"Paid out on the way: {note}.")
    elif len(item.banks) == 1 and item.reach is None:
        bank = item.banks[0]
        by = "your account" if bank.method == "any" else f"your {method_name(bank.method)}"
        if bank.payouts[1]:
            texts.append(f"Of the likely sum {numbers.to(bank.net.middle, currency)} reach {by}{_arrives(bank)}.")
        elif bank.short:
            texts.append(f"{_sentence(bank.short)}")
    return texts


def _line_note(item: Projection, key: str) -> str:
    return next((line.note for line in item.lines if line.key == key), "")


def _cells(cell: Cell, currency: str) -> tuple[str, str, str]:
    low, middle, high = (numbers.money_range(amount, currency) for amount in cell)
    return low, middle, high


def _arrives(bank: Bank) -> str:
    if bank.earliest is None:
        return ""
    if bank.latest is None:
        return f" from {periods.day_words(bank.earliest)} on"
    days = dict.fromkeys(map(periods.day_words, (bank.earliest, bank.latest)))
    return f" by {' to '.join(days)}"


def _goal(goal: Goal) -> Part:
    fields = f.pick(CONDITION, "what", "so_far", "pace_needed", "pace", "expected_middle", "chance_percent")
    together = "not known: hardly any LIVE has a length" if goal.chance is None else f"in {goal.chance} of 100 paths"
    text = f"{goal.text}: {'all of it ' if len(goal.conditions) > 1 else ''}{together}."
    if goal.chance == 100:
        text = f"{goal.text}: reached."
    return (said(text, kind="title"), f.table(fields, goal.conditions))


def _roster(report: ProjectionReport) -> Part:
    """An account a row; those that earn most first."""
    items = sorted(report.items, key=lambda item: (item.account.currency, -_line(item, "reward").cell.middle.high))

    currencies = {item.account.currency for item in items}

    def money(item: Projection, amount: Range) -> str:
        return numbers.money_range(amount, item.account.currency)

    columns = (
        f.cell("Creator", lambda item: item.account.creator, f.LABEL),
        f.cell("Region", lambda item: item.account.region, drop=2),
        f.cell(
            f"Low to high{f' {min(currencies)}' if len(currencies) == 1 else ''}",
            lambda item: money(item, _ends(item)),
            f.FIGURE,
        ),
        f.cell("Likely", lambda item: money(item, _line(item, "reward").cell.middle), f.FIGURE),
        *([f.cell("Currency", lambda item: item.account.currency, f.LABEL)] if len(currencies) > 1 else []),
        *([f.cell("Together by", _roster_reach, f.LABEL)] if report.given.question != "period" else []),
        *([f.cell("Goals", _roster_goals, f.LABEL)] if report.given.tiers else []),
        f.cell("How sure", lambda item: "a guess" if item.forecast.guess else "tested", drop=1),
    )
    return f.table(columns, items)


def _roster_reach(item: Projection) -> str:
    return (_days(item.reach.middle) or "later") if item.reach else ""


def _roster_goals(item: Projection) -> str:
    return ", ".join("?" if goal.chance is None else f"{goal.chance}%" for goal in item.goals)


def rests_on(item: Projection, given: Given, *, ledger: bool = True) -> list[str | Brief]:
    """How far the range can be trusted, and what it supposes."""
    found, texts = item.forecast, list[str | Brief]()
    often = f"bout {given.level} of 100 such periods fall inside low to high"
    if found.guess:
        texts.append(f"A guess, from {counted(found.weeks, 'week')}: a{often}.")
    else:
        texts.append(f"A{often}; {_inside(found.past):,} of your last {len(found.past):,} did.")
    streams, weeks = found.streams_per_week
    if given.streams is None and given.quarters is None:
        a_week = numbers.count(Decimal(round(10 * streams / weeks)) / 10)
        guessed = "; days since the last file are guessed" if item.guessed else ""
        text = f"It assumes {a_week} LIVEs a week{guessed}."
        # Of an amount, or of a goal, no number of LIVEs can be supposed.
        free = given.question == "period" and not given.tiers
        command = Command(f"diamondctl project {'' if ledger else 'FILE '}--streams N")
        texts.append((f"{text} Other numbers:", command) if free else text)
    texts += [
        f"It assumes that {text}."
        for text in item.assumptions
        if text.endswith(("(--streams)", "(--hours)", "(--without-top)"))
    ]
    if (top := item.largest) is not None:
        day = periods.day_words(top.day)
        texts.append(f"One LIVE, on {day}, brought {top.percent}% of the last {top.weeks} weeks and counts less here.")
    return texts


def _notes(report: ProjectionReport) -> list[str]:
    """What would settle a probable answer."""
    notes: list[str] = [stated(MISSING, f"Not projected: {text}.") for text in report.skipped]
    reaches = [item.reach for item in report.items if item.reach is not None]
    probable = [reach.verdict for reach in reaches if reach.verdict.answer in ("yes", "no") and not reach.verdict.certain]
    if any(verdict.open for verdict in probable) and not report.scope.origin.ledger:
        notes.append(stated(WALLET, "Files know no wallet. What it held before them:", "--opening AMOUNT"))
    elif any(verdict.open for verdict in probable):
        names = dict.fromkeys(item.account.creator for item in report.items)
        whose = shlex.quote(next(iter(names))) if len(names) == 1 else "NAME"
        command = f"diamondctl record balance AMOUNT --creator {whose}"
        notes.append(stated(WALLET, "What does the app show? Write it down:", command))
    if any(not is_firm(verdict.confidence) for verdict in probable):
        notes.append("It rests on what is only assumed: your own share, --share PERCENT, settles it if it is the share.")
    return notes


def evidence(item: Projection, given: Given) -> list[Part]:
    """What one account's range rests on: every figure, methods of payout, the past, and what is assumed."""
    account = item.account
    head = (
        f"{_span(item, given)}   creator {account.creator}   {account.region}   {account.currency}   {account.timezone}",
        f"From {counted(item.forecast.weeks, 'full week')}, {item.begun} to {item.until}{_begun(item, given)}.",
    )
    return [
        Texts(head, "title", wrapped=False),
        _lines(item, given),
        _banks(item),
        _picture(item),
        *explanation(item, given),
    ]


def tested(report: ProjectionReport) -> list[Part]:
    """Of one account, how often such ranges were right; of several what each is."""
    return [_back_test(item, report.given, FEW) for item in report.items] if len(report.items) == 1 else _page(report)


def explanation(item: Projection, given: Given) -> list[Part]:
    """How often such ranges were right on this creator's past, what was assumed, and what the method cannot see."""
    return [
        _back_test(item, given),
        (said("Assumed", kind="title"), said(*(_sentence(text) for text in item.assumptions), mark="- ")),
        (said("Not seen", kind="title"), said(*BLIND, mark="- ")),
    ]


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _span(item: Projection, given: Given) -> str:
    first = item.first if given.period is None else given.period.start
    return f"{first} to {item.last}"


def _begun(item: Projection, given: Given) -> str:
    """Which days of a period that has begun are known."""
    if given.period is None or item.first == given.period.start:
        return ""
    return f"; {item.first} to {item.last} is to come"


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


def _back_test(item: Projection, given: Given, shown: int = SHOWN) -> Part:
    past = item.forecast.past
    columns = (
        f.cell("Tested on", lambda past: f"{day_of(past.first)} to {day_of(past.last)}"),
        *f.pick(PAST, "coins", "range", "inside"),
    )
    earlier = len(past) - shown
    more = f"{counted(earlier, 'earlier one')} not shown: --json has all." if earlier > 0 else ""
    return (*([f.table(columns, past[-shown:])] if past else []), said(more, *_verdict(item, given)))


def _band(band: Band) -> str:
    return f"{band.low:,} - {band.high:,}"


def _inside(past: tuple[Past, ...]) -> int:
    return sum(item.inside for item in past)


def _verdict(item: Projection, given: Given) -> list[str]:
    """How such ranges did on the creator's own past, and what that made of this one."""
    found = item.forecast
    count = len(found.past)
    texts = []
    if count:
        inside = _inside(found.past)
        texts.append(
            f"{inside:,} of {counted(count, 'past period')} fell inside ({inside * 100 // count}%, asked for {given.level}%). "
            "Each was told from what was known before it."
        )
    if item.reach is not None:
        texts.append(
            f"Days beyond the period rest on the same {len(found.paths):,} paths, which can be tested on periods of its length "
            f"only: the further away, the more of a guess. Each date is to hold in {given.level} of 100 such cases."
        )
    if found.guess:
        why = (
            f"{counted(count, 'past period')} can vouch for at most {found.attainable}%"
            if count
            else "no past period could be tested"
        )
        texts.append(f"The range is a guess: {why}.")
    shift = f"moved by {found.shift:+d}%" if found.shift else "not moved"
    text = (
        f"{len(found.paths):,} paths, seed {given.seed:,}. A week counts half after about {counted(found.memory, 'week')}; "
        f"past errors made the paths {found.reach}% as wide and the middle was {shift}."
    )
    return [*texts, text]
