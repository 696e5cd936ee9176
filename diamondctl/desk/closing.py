"""Closing months of a ledger, and opening them again: the check before it, the seals, the corrections of what moved since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

import diamondctl
from diamondctl import periods
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.figures import everybody, figures, rated
from diamondctl.desk.moved import next_month, refusal
from diamondctl.desk.sealed import seal_of, take, what_differs
from diamondctl.ledger import closes, documents
from diamondctl.ledger.catalog import STATE, Ledger
from diamondctl.money import Range, exact
from diamondctl.periods import Period
from diamondctl.problems import Problem, Refusal
from diamondctl.records import Close, Correction
from diamondctl.reports.closing import Check, Closes, Closing, Looked, findings, months_of, not_priced
from diamondctl.reports.completeness import gaps
from diamondctl.reports.moved import Figure, Taken
from diamondctl.reports.scope import make_scope
from diamondctl.reports.sealed import NotCorrected, SealedFile, month_start, not_corrected
from diamondctl.reports.wallets import wallets_of
from diamondctl.words import document_name


def check(book: Ledger, chosen: Chosen, period: Period, today: date) -> Check:
    """Look through a period of a ledger that is open. Refuses (L018) one that is not over, or not made of whole months."""
    _refuse_others(period, today)
    return _check(book, chosen, period, today, _now(book, chosen))


def _refuse_others(period: Period, today: date) -> None:
    if not months_of(period):
        hint = "such as 2026-10, 2026-Q4 or 2026"
        raise Refusal(Problem("L018", f"{period.label} is not made of whole months", hint), exit_code=STATE)
    if period.last_day >= today:
        message = f"{period.label} is not over: its last day is {period.last_day}, and today is {today}"
        hint = f"from {period.end} on: diamondctl period check {period.label}"
        raise Refusal(Problem("L018", message, hint), exit_code=STATE)


def _now(book: Ledger, chosen: Chosen) -> Taken:
    """The figures of everybody, of all months."""
    return figures(book, chosen, everybody(book))


def _check(book: Ledger, chosen: Chosen, period: Period, today: date, now: Taken) -> Check:
    closed = period.last_day < _first_open(book)
    if now.untold:
        return Check(period, (), tuple(not_priced(now.untold)), closed)
    asked = chosen.asked._replace(period=period, as_of=None, today=date.max)
    material, rating, asked = rated(book, chosen._replace(files=(), creator="", asked=asked))
    scope = make_scope(rating, material.documents, asked, material.notices, material.origin)
    people = [(person, asked.timezone_of(person.creator, person.zone)) for person in rating.people.values()]
    lacks = gaps(people, period, scope.previous, scope.end, material.origin._replace(undocumented=()), asked.terms)
    rejects = tuple((document_name(item.number), item.open_rejects) for item in documents.stored(book) if item.open_rejects)
    looked = Looked(today, lacks, rejects, tuple(moved_since(book, now)))
    creators = sorted({account.creator for account in scope.accounts})
    found = findings(scope, wallets_of(scope.accounts, asked), looked)
    reasons = _accepted(book, period) if closed else {}
    return Check(period, tuple(creators), tuple(item.accept(reasons) for item in found), closed)


def _accepted(book: Ledger, period: Period) -> dict[str, str]:
    """Why what was found may stay, by finding, as it was said when a period was closed; what moved since is none of it."""
    first, last = (periods.month_of(day).label for day in (period.start, period.last_day))
    mine = (item for item in closes.standing(book) if item.first <= last and item.last >= first)
    return {kind: why for item in mine for kind, why in item.accepted if kind.partition(":")[0] != "not-corrected"}


def _first_open(book: Ledger) -> date:
    """The first day of the first month that is open; the first of all days where none is closed."""
    last = closes.last_month(book)
    return month_start(next_month(last)) if last else date.min


def moved_since(book: Ledger, now: Taken) -> list[NotCorrected]:
    """Figures of closed months that come out otherwise now, where no correction answers for it."""
    last = closes.last_month(book)
    sealed: dict[Figure, Range] = {}
    for item in closes.standing(book):
        for month in _months(item):
            sealed |= seal_of(book, item, month).figures
    mine = {figure: amount for figure, amount in now.figures.items() if figure.month <= last}
    return not_corrected(sealed, mine, closes.corrections(book))


def _months(close: Close) -> list[str]:
    """The months of a close."""
    months = [close.first]
    while months[-1] < close.last:
        months.append(next_month(months[-1]))
    return months


class Wanted(NamedTuple):
    """How a period is to be closed."""

    today: date
    moment: str  # UTC, to note down
    reasons: Mapping[str, str] = MappingProxyType({})  # by finding that may stay, or by finding:creator
    correct: bool = False  # book what moved in closed months since


def close(book: Ledger, chosen: Chosen, period: Period, wanted: Wanted) -> Closing:
    """Close a period of a ledger, inside `writing`, with every month before it that never was closed.

    Nothing is done where it is closed already, or where the check finds what stops it. Refuses (L018) to leave a month out.
    """
    _refuse_others(period, wanted.today)
    last = closes.last_month(book)
    if period.last_day < _first_open(book):
        there = closes.close_of(book, periods.month_of(period.last_day).label)
        assert there is not None
        seals = [seal_of(book, there, month) for month in _months(there)]
        return Closing("known", Check(period, (), (), True), there, tuple(seals))
    if last and period.start > _first_open(book):
        first = next_month(last)
        message = f"{first} is open, and comes before {period.label}"
        raise Refusal(Problem("L018", message, f"close it first: diamondctl period close {first}"), exit_code=STATE)
    now = _now(book, chosen)
    looked = _check(book, chosen, period, wanted.today, now)
    reasons = {**wanted.reasons, **({"not-corrected": "--correct"} if wanted.correct else {})}
    looked = looked._replace(findings=tuple(item.accept(reasons) for item in looked.findings))
    if looked.open:
        return Closing("refused", looked)
    corrected = _correct(book, chosen, moved_since(book, now), wanted.moment) if wanted.correct else []
    labels = [month.label for month in months_of(period)]
    if last:
        labels = [label for label in labels if label > last]
    else:
        earliest = min((figure.month for figure in now.figures), default=labels[0])
        while earliest < labels[0]:
            labels.insert(0, periods.month_of(month_start(labels[0]) - timedelta(days=1)).label)
    config = chosen.asked.config
    settings = SealedFile(config.file, config.sha256, chosen.settings_text) if config else None
    corrections = closes.corrections(book)
    texts = {label: take(book, chosen, periods.month_of(month_start(label)), now, settings, corrections) for label in labels}
    accepted = {
        (item.kind + (f":{item.creator}" if item.creator else ""), item.accepted) for item in looked.findings if item.accepted
    }
    made = Close(0, period.label, labels[0], labels[-1], diamondctl.__version__, tuple(sorted(accepted)), wanted.moment)
    made = closes.add(book, made, texts)
    return Closing("closed", looked, made, tuple(seal_of(book, made, label) for label in labels), tuple(corrected))


def _correct(book: Ledger, chosen: Chosen, moved: Sequence[NotCorrected], moment: str) -> list[Correction]:
    """Book what moved in closed months by what could not be kept from moving it."""
    booked = next_month(closes.last_month(book))
    items = []
    for item in moved:
        of = closes.close_of(book, item.figure.month)
        assert of is not None
        month = max(item.figure.month, of.first)
        cause = ", ".join(what_differs(seal_of(book, of, month), chosen))
        with exact():
            before = Range(item.sealed.low + item.corrected.low, item.sealed.high + item.corrected.high)
        items.append(Correction(*item.figure, cause, before, item.now, booked, close=of.number, added=moment))
    return closes.correct(book, items)


def is_closed(book: Ledger, period: Period) -> bool:
    """Whether all of a period is closed."""
    return period.last_day < _first_open(book)


def listed(book: Ledger) -> Closes:
    """Every close there was."""
    corrections = closes.corrections(book)
    return Closes(tuple((item, tuple(one for one in corrections if one.close == item.number)) for item in closes.closes(book)))


def reopen(book: Ledger, period: Period, moment: str, reason: str) -> Close:
    """Open the last close again, inside `writing`; its corrections count no more. Refuses (L018) any other."""
    there = closes.standing(book)
    if not there or period.last_day >= _first_open(book):
        hint = "closed ones: diamondctl period list"
        raise Refusal(Problem("L018", f"{period.label} is not closed", hint), exit_code=STATE)
    last = there[-1]
    if not (periods.parse_period(last.first, date.min).start <= period.start and period.last_day >= month_start(last.last)):
        message = f"{last.period} was closed after {period.label}"
        hint = f"the latest first: diamondctl period reopen {last.period} --reason TEXT"
        raise Refusal(Problem("L018", message, hint), exit_code=STATE)
    return closes.reopen(book, last, moment, reason)


def refuse_closed(book: Ledger, numbers: Sequence[int], what: str) -> None:
    """Refuse (L017) to decide over documents with rows of closed months, inside `writing`."""
    last = closes.last_month(book)
    if last:
        end = periods.day_start(_first_open(book), "UTC") * periods.QUARTER
        if reached := closes.reaches(book, numbers, end):
            names = ", ".join(map(document_name, reached))
            raise refusal(last, [f"{last} is closed, and {names} {what}"])
