"""From the options of a run to its journal: every gift read, rated, and told month by month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import frame
from diamondctl.ledger import opening
from diamondctl.periods import MICROSECONDS
from diamondctl.reports.journal import Journal, journal, settle
from diamondctl.reports.scope import Scope
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


def _spans(chosen: Chosen) -> Mapping[str, list[tuple[int, int, str]]]:
    """From when to when each document of a ledger has rows of each creator."""
    spans: dict[str, list[tuple[int, int, str]]] = {}
    with opening.open_ledger(chosen.ledger) as book, book.reading():
        rows = book.sql.execute("SELECT creator, first_time, last_time, document FROM spans ORDER BY creator, document")
        for creator, first, last, number in rows.fetchall():
            spans.setdefault(creator, []).append((first // MICROSECONDS, last // MICROSECONDS, document_name(number)))
    return spans
