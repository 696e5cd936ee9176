"""`diamondctl project`."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.cli.choose import choose, reads_twice
from diamondctl.cli.output import emit, target
from diamondctl.desk import parse
from diamondctl.desk.choosing import exchange
from diamondctl.desk.projecting import projection
from diamondctl.forecast.values import LEVELS
from diamondctl.render.project import DOCUMENT, view
from diamondctl.reports.fees import Wanted
from diamondctl.reports.projected_goals import tier_of
from diamondctl.reports.projection import Given, Question
from diamondctl.reports.verdict import exit_code


@options.expand
def project(
    context: typer.Context,
    inputs: options.Inputs,
    output: options.Output,
    until: Annotated[
        str, options.option("--until", metavar="AMOUNT", help="When is this amount together, in the wallet or paid out?")
    ] = "",
    threshold: Annotated[
        bool, options.option("--threshold", rank=1, help="When is the minimum of a payout in the balance?")
    ] = False,
    goal: Annotated[
        list[str] | None,
        options.option(
            "--goal", metavar="GOAL", help="A tier of an agency: 'diamonds 100000, hours 40, days 15'. May be repeated."
        ),
    ] = None,
    streams: Annotated[
        int | None, options.option("--streams", min=0, metavar="N", help="Suppose exactly so many LIVEs in the period.")
    ] = None,
    without_top: Annotated[
        int, options.option("--without-top", min=0, metavar="N", help="Suppose that the N largest gifters had sent nothing.")
    ] = 0,
    hours: Annotated[
        str,
        options.option(
            "--hours", later=True, metavar="H", help="Suppose so many hours live in the period, such as 24 or 12.5."
        ),
    ] = "",
    method: options.Method = "",
    opening: options.Opening = "",
    level: Annotated[
        int,
        options.option(
            "--level", later=True, min=min(LEVELS), max=max(LEVELS), metavar="PERCENT", help="How often it is to hold."
        ),
    ] = 80,
    seed: Annotated[int, options.option("--seed", later=True, min=0, metavar="N", help="Of the draws.")] = 0,
    fx: options.Fx = "",
) -> int:
    """Read, rate, forecast, price."""
    where = target(output, inputs.file or (), DOCUMENT.columns)
    named = inputs.period and not _of_environment(context, "period")
    if sum(map(bool, (until, threshold, named))) > 1:
        raise typer.BadParameter("choose one of -p, --until and --threshold")
    amount = parse.amount(until, "--until")
    quarters = parse.hours(hours)
    if (streams is not None or quarters is not None) and (until or threshold):
        raise typer.BadParameter("--streams and --hours are of a period, so not with --until or --threshold")
    if (streams is not None or quarters is not None) and goal:
        raise typer.BadParameter("--streams and --hours say what --goal asks for, so not both")
    if without_top:
        reads_twice(inputs, "--without-top")
    chosen = choose(inputs._replace(period=""), opening)
    question: Question = "until" if amount is not None else "threshold" if threshold else "period"
    given = Given(
        question=question,
        period=None,
        amount=amount,
        level=level,
        seed=seed,
        tiers=tuple(map(tier_of, goal or ())),
        streams=streams,
        quarters=quarters,
        payout_method=method,
        wanted=Wanted(True, method, None, {}, chosen.methods, chosen.agreements, exchange(fx), chosen.tax_forms),
        top=without_top,
    )
    report = projection(chosen, given, inputs.period)
    emit(where, view(report))
    verdicts = (item.reach.verdict for item in report.items if item.reach is not None)
    return exit_code(verdicts, complete=report.scope.complete and not report.skipped)


def _of_environment(context: typer.Context, name: str) -> bool:
    """Whether the value of an option comes from its environment variable."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "ENVIRONMENT"
