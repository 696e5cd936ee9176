"""The month of one creator, to read and to post: its frame, its gifts, and what may come where there is history enough."""

from __future__ import annotations

from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import Run, frame
from diamondctl.desk.gifters_sent import gift_usage, key_of
from diamondctl.desk.projecting import projection
from diamondctl.desk.summing import gifts_of_period
from diamondctl.problems import Refusal
from diamondctl.reports import month
from diamondctl.reports.fees import Wanted
from diamondctl.reports.gifts import gifts
from diamondctl.reports.month import Habits, Report
from diamondctl.reports.projection import Given, ProjectionReport
from diamondctl.reports.schedule import schedule
from diamondctl.reports.scope import Scope
from diamondctl.reports.share import Share, share
from diamondctl.reports.streams import streams

_TOO_SHORT = "A021"


def monthly(chosen: Chosen, wanted: Wanted) -> Report:
    """Read, rate, put together. What may come is told from the end of a period that was asked for."""
    run = frame(chosen, of_earnings=True)
    projected, unseen = _projection(chosen, wanted, run.scope)
    return month.report(run.scope, wanted, gifts_of_period(chosen, run.scope), _habits(chosen, run), projected, unseen)


def shared(chosen: Chosen, *, money: bool) -> Share:
    """What may be posted of the period."""
    scope = frame(chosen, whole=False, of_earnings=True).scope
    return share(scope, gift_usage(chosen, key_of(scope.documents), (scope.period.start, scope.period.end), None), money=money)


def _habits(chosen: Chosen, run: Run) -> Habits | None:
    """What LIVEs, gifts and hours tell, where money goes by the time of the gifts as they do."""
    scope = run.scope
    if scope.asked.basis != "earned":
        return None
    given = gift_usage(chosen, key_of(scope.documents), (scope.previous.start, scope.period.end), None)
    return Habits(streams(scope, given), gifts(scope, given), schedule(run.at(scope.end), chosen.plans))


def _projection(chosen: Chosen, wanted: Wanted, scope: Scope) -> tuple[ProjectionReport | None, str]:
    """What may come in the month after, or why nothing is said of it."""
    as_of = scope.as_of if chosen.asked.period else chosen.asked.as_of
    given = Given(
        question="period",
        period=None,
        amount=None,
        level=80,
        seed=0,
        streams=None,
        quarters=None,
        payout_method=wanted.method,
        wanted=wanted,
    )
    if not any(account.currency for account in scope.accounts):
        return None, ""
    try:
        return projection(chosen._replace(asked=chosen.asked._replace(period=None, as_of=as_of)), given), ""
    except Refusal as refusal:
        if any(problem.code != _TOO_SHORT for problem in refusal.problems):
            raise
        return None, "; ".join(f"{problem.message}; {problem.hint}" for problem in refusal.problems)
