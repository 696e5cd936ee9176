"""What will be earned: the accounts of a run that have enough history, each forecast and priced."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from diamondctl import periods
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import Run, frame
from diamondctl.forecast.project import forecast as forecaster
from diamondctl.forecast.values import LEAST_WEEKS, History, LengthsUnknownError, weeks_of
from diamondctl.periods import Period
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
    asked = periods.parse_period(period, now) if period else periods.month_of(now + timedelta(days=1))
    given = given._replace(period=asked)
    mine = {creator: _own(run, creator, asked) for creator in dict.fromkeys(item.creator for item in run.scope.accounts)}
    scope = run.at(max((own.scope.as_of for own in mine.values()), default=now))
    given = _exchanged(given, scope)
    if given.top:
        from diamondctl.desk.gifters_sent import sent_of

        given = given._replace(sent=sent_of(chosen))
    items, skipped = _each(scope, given, mine)
    return report(scope, given, items, skipped)


def _exchanged(given: Given, scope: Scope) -> Given:
    """Of the days to come no rate of exchange is known: that of today stays."""
    return given._replace(wanted=given.wanted._replace(exchange=given.wanted.exchange._replace(last=scope.as_of)))


class _Own(NamedTuple):
    """What is projected of one creator, whoever else is there."""

    scope: Scope  # at the end of `until`, or of today where something was recorded of the wallet since
    until: date  # the last day of the history
    today: date


def _own(run: Run, creator: str, period: Period) -> _Own:
    """Of the days after the last gift nothing is known yet, unless it was said that they are over."""
    asked, now = run.scope.asked, run.scope.as_of
    until = now if asked.as_of else _last_day(run.scope, creator)
    today = max(min(asked.today, now), until)
    end = min(today, period.last_day)
    told = any(
        item.creator == creator and until < item.day <= end and item.sort in ("balance", "payout", "credit")
        for item in run.scope.origin.records
    )
    return _Own(run.at(end if told else until, creator), until, today)


def _last_day(scope: Scope, creator: str) -> date:
    """The last day with gifts, where the creator lives."""
    mine = [account for account in scope.accounts if account.creator == creator]
    days = [periods.local_day(credit.last, account.timezone) for account in mine for credit in account.until]
    days += [
        periods.local_day(item.row.quarter, account.timezone)
        for account in mine
        for item in (*account.unrated, *account.unrated_earlier)
    ]
    return max(days, default=scope.as_of)


def _each(scope: Scope, given: Given, by_creator: Mapping[str, _Own]) -> tuple[list[Projection], list[str]]:
    """Every account that has enough history; refuses (A021) when none has."""
    items: list[Projection] = []
    skipped: list[str] = []
    for found in scope.accounts:
        own = by_creator[found.creator]
        account = next((item for item in own.scope.accounts if item.key == found.key), found)
        if not account.currency:
            continue
        given = _exchanged(given, own.scope)
        rows, words = rows_of(account), ""
        if given.top:
            rows, words = without(rows, given.sent.get(account.creator, {}), given.top)
            words = words or f"nobody is left out: no gift of {account.creator} names its gifter (--without-top)"
        history = history_of(account, own.scope, rows, own.until)
        if history is None or weeks_of(history) < LEAST_WEEKS:
            skipped.append(_too_short(account, history))
            continue
        try:
            items.append(project(account, own.scope, given, rows, history, words, forecaster, own.today))
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
