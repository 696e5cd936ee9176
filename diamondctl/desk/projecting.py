"""What will be earned: the accounts of a run that have enough history, each forecast and priced."""

from __future__ import annotations

from datetime import date, timedelta

from diamondctl import periods
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import frame
from diamondctl.forecast.project import forecast as forecaster
from diamondctl.forecast.values import LEAST_WEEKS, History, LengthsUnknownError, weeks_of
from diamondctl.problems import Problem, Refusal
from diamondctl.reports.project import history_of, project, report, rows_of
from diamondctl.reports.projection import Given, Projection, ProjectionReport, day_of
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import Account
from diamondctl.reports.without_top import without
from diamondctl.words import counted


def projection(chosen: Chosen, given: Given, period: str = "") -> ProjectionReport:
    """Read, rate, forecast, price. `period` is that of `given` as `periods.parse_period` reads it; blank: that of tomorrow.

    `chosen` names no period: what is read is everything up to the day before the one to come, which has no gifts yet.
    Refuses (A021) when no account has enough history.
    """
    run = frame(chosen)
    now = run.scope.as_of
    # Of the days after the last gift nothing is known yet, unless it was said that they are over.
    scope = run.at(now if chosen.asked.as_of else _last_day(run.scope))
    # Of the days to come no rate of exchange is known: that of today stays.
    wanted = given.wanted._replace(exchange=given.wanted.exchange._replace(last=scope.as_of))
    given = given._replace(wanted=wanted)
    asked = periods.parse_period(period, now) if period else periods.month_of(now + timedelta(days=1))
    given = given._replace(period=asked)
    if given.top:
        from diamondctl.desk.gifters_sent import sent_of

        given = given._replace(sent=sent_of(chosen))
    items, skipped = _each(scope, given)
    return report(scope, given, items, skipped)


def _last_day(scope: Scope) -> date:
    """The last day with gifts, where each creator lives."""
    days = [periods.local_day(credit.last, account.timezone) for account in scope.accounts for credit in account.until]
    days += [
        periods.local_day(item.row.quarter, account.timezone)
        for account in scope.accounts
        for item in (*account.unrated, *account.unrated_earlier)
    ]
    return max(days, default=scope.as_of)


def _each(scope: Scope, given: Given) -> tuple[list[Projection], list[str]]:
    """Every account that has enough history; refuses (A021) when none has."""
    items: list[Projection] = []
    skipped: list[str] = []
    for account in scope.accounts:
        if not account.currency:
            continue
        rows, words = rows_of(account), ""
        if given.top:
            rows, words = without(rows, given.sent.get(account.creator, {}), given.top)
            words = words or f"nobody is left out: no gift of {account.creator} names its gifter (--without-top)"
        history = history_of(account, scope, rows)
        if history is None or weeks_of(history) < LEAST_WEEKS:
            skipped.append(_too_short(account, history))
            continue
        try:
            items.append(project(account, scope, given, rows, history, words, forecaster))
        except LengthsUnknownError:
            message = f"{account.creator}: --hours needs streams with an id, or whose length is known, and there are hardly any"
            raise Refusal(Problem("A021", message, "say it by --streams, or import TikTok's data export")) from None
    if not items and not skipped and not scope.complete:
        return items, skipped  # what no rate is known for is in the warnings
    if not items:
        hint = f"{LEAST_WEEKS} are needed: import what came before; a range of less would be a guess about nothing"
        raise Refusal([Problem("A021", text, hint) for text in skipped] or Problem("A021", "there is nothing to project", hint))
    return items, skipped


def _too_short(account: Account, history: History | None) -> str:
    if history is None:
        return f"{account.creator} has no gifts"
    weeks, days = weeks_of(history), history.last - history.first + 1
    return (
        f"{account.creator} has {counted(weeks, 'full week')} of gifts ({counted(days, 'day')}, {day_of(history.first)} to "
        f"{day_of(history.last)})"
    )
