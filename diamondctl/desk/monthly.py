"""The month of one creator: its frame, and what may come where there is history enough."""

from __future__ import annotations

from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import frame
from diamondctl.desk.projecting import projection
from diamondctl.problems import Refusal
from diamondctl.reports import month
from diamondctl.reports.fees import Wanted
from diamondctl.reports.month import Report
from diamondctl.reports.projection import Given, ProjectionReport
from diamondctl.reports.scope import Scope

_TOO_SHORT = "A021"


def monthly(chosen: Chosen, wanted: Wanted) -> Report:
    """Read, rate, put together. What may come is told from the end of a period that was asked for."""
    scope = frame(chosen, of_earnings=True).scope
    projected, unseen = _projection(chosen, wanted, scope)
    return month.report(scope, wanted, projected, unseen)


def _projection(chosen: Chosen, wanted: Wanted, scope: Scope) -> tuple[ProjectionReport | None, str]:
    """What may come in the month after, or why nothing is said of it."""
    as_of = scope.as_of if chosen.asked.period else chosen.asked.as_of
    given = Given(
        question="period",
        period=None,
        amount=None,
        level=80,
        seed=0,
        method="",
        streams=None,
        quarters=None,
        payout_method=wanted.method,
        wanted=wanted,
    )
    if not any(account.currency for account in scope.accounts):
        return None, "Nothing is rated."
    try:
        return projection(chosen._replace(asked=chosen.asked._replace(period=None, as_of=as_of)), given), ""
    except Refusal as refusal:
        if any(problem.code != _TOO_SHORT for problem in refusal.problems):
            raise
        return None, "; ".join(f"{problem.message}; {problem.hint}" for problem in refusal.problems)
