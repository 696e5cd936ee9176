"""From the options of a run to its journal: every gift read, rated, and told month by month."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from diamondctl import periods
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import frame
from diamondctl.ledger import derive, opening, recorded, stored_totals
from diamondctl.periods import MICROSECONDS
from diamondctl.reports.journal import Journal, journal, settle
from diamondctl.reports.scope import Scope
from diamondctl.reports.statement import Statement, cuts_of, so_far, statement
from diamondctl.words import document_name


class Told(NamedTuple):
    """A journal, and the frame that it was made in."""

    scope: Scope
    journal: Journal


def journal_of(chosen: Chosen) -> Told:
    """The journal up to the end of the period asked for, or to now."""
    scope = frame(chosen, about_period=chosen.asked.period is not None).scope
    spans = {} if chosen.files else _spans(chosen)
    if chosen.files and len(scope.documents) == 1:
        spans = {account.creator: [(0, 2**62, scope.documents[0].name)] for account in scope.accounts}
    return Told(scope, settle(journal(scope, spans)))


def statement_of(chosen: Chosen, *, of_year: bool = False, form: Decimal | None = None) -> Statement:
    """The statement of the period asked for, else of the last month in which a LIVE began, or of its year."""
    if chosen.asked.period is None:
        period = frame(chosen, whole=False).scope.period
        period = periods.year(period.start.year) if of_year else period
        chosen = chosen._replace(asked=chosen.asked._replace(period=period))
    scope = frame(chosen, of_earnings=True).scope
    cuts = cuts_of(scope.period, so_far(scope.period, of_year=of_year))
    spans = {} if chosen.files else _spans(chosen)
    return statement(scope, journal(scope, spans, cuts), of_year=of_year, form=form)


def creators_of(chosen: Chosen) -> list[str]:
    """Everybody of whom there is something."""
    if chosen.files:
        return sorted({account.creator for account in frame(chosen, whole=False).scope.accounts})
    with opening.open_ledger(chosen.ledger) as book, book.reading():
        return sorted({*derive.creators(book), *stored_totals.creators(book), *recorded.creators(book)})


def _spans(chosen: Chosen) -> Mapping[str, list[tuple[int, int, str]]]:
    """From when to when each document of a ledger has rows of each creator."""
    spans: dict[str, list[tuple[int, int, str]]] = {}
    with opening.open_ledger(chosen.ledger) as book, book.reading():
        rows = book.sql.execute("SELECT creator, first_time, last_time, document FROM spans ORDER BY creator, document")
        for creator, first, last, number in rows.fetchall():
            spans.setdefault(creator, []).append((first // MICROSECONDS, last // MICROSECONDS, document_name(number)))
    return spans
