"""`diamondctl project`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

import typer

from diamondctl import periods
from diamondctl.cli import completion, options
from diamondctl.forecast.values import LEAST_WEEKS, LEVELS, METHODS, History, weeks_of
from diamondctl.periods import Period
from diamondctl.problems import Problem, Refusal
from diamondctl.reports.projection import Given, Projection, Question, day_of
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import Account
from diamondctl.words import counted

HELP = """What will be earned, and when it is in the bank: a range from your own past, and how often such ranges held.

\b
Examples:
  diamondctl project
  diamondctl project -p 2026-11 --share 48
  diamondctl project --until 1000.00
  diamondctl project --threshold --without-top 1
  diamondctl project -p 2026-12 --streams 12
  diamondctl project gifts.csv --region US -p 2026-W45 --level 90 --json

Without -p it is the month after the last day with gifts; with --as-of, what could have been said on that day. It needs
four full weeks of gifts. Nothing it prints is a single number, and none of it is a promise of income.
"""


@options.expand
def project(
    context: typer.Context,
    inputs: options.Inputs,
    output: options.Output,
    until: Annotated[
        str,
        typer.Option("--until", metavar="AMOUNT", help="When is this amount in the balance?"),
    ] = "",
    threshold: Annotated[bool, typer.Option("--threshold", help="When is the minimum of a payout in the balance?")] = False,
    method: options.Method = "",
    streams: Annotated[
        int | None, typer.Option("--streams", min=0, metavar="N", help="Suppose exactly so many streams in the period.")
    ] = None,
    hours: Annotated[
        str, typer.Option("--hours", metavar="H", help="Suppose so many hours live in the period, such as 24 or 12.5.")
    ] = "",
    without_top: Annotated[
        int, typer.Option("--without-top", min=0, metavar="N", help="Suppose that the N largest gifters had sent nothing.")
    ] = 0,
    forecast: Annotated[
        str,
        options.option(
            "--forecast",
            metavar="METHOD",
            help=f"{', '.join(METHODS)}. Default: chosen by how each did on your own past.",
            complete=completion.words(*METHODS),
        ),
    ] = "",
    level: Annotated[
        int, typer.Option("--level", min=min(LEVELS), max=max(LEVELS), metavar="PERCENT", help="How often it is to hold.")
    ] = 80,
    seed: Annotated[int, typer.Option("--seed", min=0, metavar="N", help="Of the draws.")] = 0,
) -> int:
    """Read, rate, forecast, price."""
    from diamondctl.cli.output import emit, target
    from diamondctl.desk.frame import frame, reads_twice
    from diamondctl.desk.gifters_sent import sent_of
    from diamondctl.render.project import DOCUMENT, view
    from diamondctl.reports.fees import Wanted
    from diamondctl.reports.project import report

    where = target(output, inputs.file or (), DOCUMENT.columns)
    named = inputs.period and not _of_environment(context, "period")
    if sum(map(bool, (until, threshold, named))) > 1:
        raise typer.BadParameter("choose one of -p, --until and --threshold")
    if forecast:
        options.one_of(forecast, "--forecast", METHODS)
    amount = options.amount(until, "--until")
    quarters = options.hours(hours)
    if (streams is not None or quarters is not None) and (until or threshold):
        raise typer.BadParameter("--streams and --hours are of a period, so not with --until or --threshold")
    if without_top:
        reads_twice(inputs, "--without-top")
    # The period is one to come, which has no gifts yet: what is read is everything up to the day before it.
    run = frame(inputs._replace(period=""), date.today(), whole=True)
    scope = run.scope
    scope = run.at(scope.as_of if inputs.as_of else _last_day(scope))
    question: Question = "until" if amount is not None else "threshold" if threshold else "period"
    period = None
    if question == "period":
        text = inputs.period
        period = periods.parse_period(text, scope.as_of) if text else _month_after(scope.as_of)
    wanted = Wanted(True, method, None, {}, run.chosen.methods, run.chosen.agreements)
    given = Given(question, period, amount, level, seed, forecast, streams, quarters, method, wanted)
    if without_top:
        given = given._replace(sent=sent_of(inputs, run.chosen), top=without_top)
    items, skipped = _each(scope, given)
    emit(where, view(report(scope, given, items, skipped)))
    return 0 if scope.complete and not skipped else 3


def _of_environment(context: typer.Context, name: str) -> bool:
    """Whether the value of an option comes from its environment variable."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "ENVIRONMENT"


def _last_day(scope: Scope) -> date:
    """The last day with gifts, where each creator lives."""
    days = [periods.local_day(credit.last, account.timezone) for account in scope.accounts for credit in account.until]
    days += [
        periods.local_day(item.row.quarter, account.timezone)
        for account in scope.accounts
        for item in (*account.unrated, *account.unrated_earlier)
    ]
    return max(days, default=scope.as_of)


def _month_after(day: date) -> Period:
    return periods.month_of((day.replace(day=28) + timedelta(days=4)).replace(day=1))


def _each(scope: Scope, given: Given) -> tuple[list[Projection], list[str]]:
    """Every account that has enough history; refuses (A021) when none has."""
    from diamondctl.forecast.project import forecast as forecaster
    from diamondctl.forecast.values import LengthsUnknownError
    from diamondctl.reports.project import history_of, project, rows_of
    from diamondctl.reports.without_top import without

    items: list[Projection] = []
    skipped: list[str] = []
    for account in scope.accounts:
        if not account.currency:
            continue
        rows, said = rows_of(account), ""
        if given.top:
            rows, said = without(rows, given.sent.get(account.creator, {}), given.top)
            said = said or f"nobody is left out: no gift of {account.creator} names its gifter (--without-top)"
        history = history_of(account, scope, rows)
        if history is None or weeks_of(history) < LEAST_WEEKS:
            skipped.append(_too_short(account, history))
            continue
        try:
            items.append(project(account, scope, given, rows, history, said, forecaster))
        except LengthsUnknownError:
            message = f"{account.creator}: --hours needs streams with an id, or whose length is known, and there are hardly any"
            raise Refusal(Problem("A021", message, "say it by --streams, or import TikTok's data export")) from None
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
