"""The summary of a period, with what moved it."""

from __future__ import annotations

from typing import Final

from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import frame
from diamondctl.desk.gifters_sent import MOST_APART, gift_usage
from diamondctl.problems import Refusal
from diamondctl.records import GiftUsage
from diamondctl.reports.scope import Scope
from diamondctl.reports.summary import Summary, summarise

# Files are read again for single gifts, which of 10,000 rows would take half as long as all the rest (90 of 270 ms).
_MOST_OF_FILES: Final = 2_000


def summed(chosen: Chosen) -> Summary:
    """Read, rate, sum up. What moved the period is told of one account."""
    scope = frame(chosen, whole=False, of_earnings=True).scope
    return summarise(scope, gifts_of_period(chosen, scope))


def gifts_of_period(chosen: Chosen, scope: Scope) -> list[GiftUsage]:
    """The gifts of the period, told apart; none where only LIVEs are looked at."""
    if len(scope.accounts) != 1 or "-" in chosen.files or scope.driver is not None:
        return []
    account = scope.accounts[0]
    gifts = sum(row.gifts for row in account.person.rows if account.span[0] <= row.quarter < account.span[1])
    if not 1 < gifts <= (_MOST_OF_FILES if chosen.files else MOST_APART):
        return []
    try:
        return gift_usage(chosen, between=(scope.period.start, scope.period.end))
    except Refusal:  # a damaged document: figures come from the catalog and stand; `doctor` names it
        return []
