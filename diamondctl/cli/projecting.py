"""`diamondctl project`."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.cli import completion, options
from diamondctl.cli.choose import choose, reads_twice
from diamondctl.cli.output import emit, target
from diamondctl.desk import parse
from diamondctl.desk.choosing import exchange
from diamondctl.desk.projecting import projection
from diamondctl.forecast.values import LEVELS, METHODS
from diamondctl.render.project import DOCUMENT, view
from diamondctl.reports.fees import Wanted
from diamondctl.reports.projection import Given, Question
from diamondctl.reports.verdict import exit_code


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
    opening: options.Opening = "",
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
    fx: options.Fx = "",
) -> int:
    """Read, rate, forecast, price."""
    where = target(output, inputs.file or (), DOCUMENT.columns)
    named = inputs.period and not _of_environment(context, "period")
    if sum(map(bool, (until, threshold, named))) > 1:
        raise typer.BadParameter("choose one of -p, --until and --threshold")
    if forecast:
        parse.one_of(forecast, "--forecast", METHODS)
    amount = parse.amount(until, "--until")
    quarters = parse.hours(hours)
    if (streams is not None or quarters is not None) and (until or threshold):
        raise typer.BadParameter("--streams and --hours are of a period, so not with --until or --threshold")
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
        method=forecast,
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
