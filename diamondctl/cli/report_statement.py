"""`diamondctl report`: statement, year."""

from __future__ import annotations

import os
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final

import typer

from diamondctl.cli import completion, options
from diamondctl.cli.choose import choose, reads_twice
from diamondctl.cli.main import STATE, say
from diamondctl.cli.output import emit, target, umask
from diamondctl.desk import parse
from diamondctl.desk.books import creators_of, statement_of
from diamondctl.desk.chosen import Chosen
from diamondctl.problems import Problem, Refusal
from diamondctl.render.statement import DOCUMENT, MORE, view
from diamondctl.reports.posting import filled, slug
from diamondctl.reports.statement import Statement
from diamondctl.words import counted, few

_OF_FILES: Final = ("creator", "period")
Each = Annotated[
    str,
    options.option(
        "--each",
        metavar="creator",
        help="One statement for every creator: -o 'out/{creator}/{period}.xlsx'.",
        complete=completion.words("creator"),
    ),
]


@options.with_formats(*MORE)
@options.expand
def statement(inputs: options.Inputs, output: options.Output, each: Each = "") -> int:
    """What was there, what came and went, what is there."""
    return _report(inputs, output, each, "report statement")


@options.with_formats(*MORE)
@options.expand
def year(
    inputs: options.Inputs,
    output: options.Output,
    each: Each = "",
    form: Annotated[
        str,
        options.option("--form", metavar="AMOUNT", help="What a payer's form says of the year: it is tied to what was paid."),
    ] = "",
) -> int:
    """The same of a year, with its months."""
    amount = parse.amount(form, "--form", zero=True)
    if each and form:
        raise typer.BadParameter("--form is of one creator: give --creator NAME instead of --each")
    return _report(inputs, output, each, "report year", of_year=True, form=amount)


def _report(
    inputs: options.Inputs,
    output: options.Output,
    each: str,
    name: str,
    *,
    of_year: bool = False,
    form: Decimal | None = None,
) -> int:
    reads_twice(inputs, name)
    if each:
        parse.one_of(each, "--each", ("creator",))
        return _for_each(inputs, output, of_year=of_year)
    where = target(output, inputs.file or (), DOCUMENT.columns, MORE)
    chosen = _checked(choose(inputs), of_year=of_year)
    known = creators_of(chosen)
    if not chosen.creator and len(known) > 1:
        hint = f"say --creator NAME ({few(known)}), or --each creator -o 'out/{{creator}}/{{period}}.xlsx'"
        raise typer.BadParameter(f"a statement is of one creator: {hint}")
    found = statement_of(chosen, of_year=of_year, form=form)
    emit(where, view(found))
    return _code(found)


def _checked(chosen: Chosen, *, of_year: bool) -> Chosen:
    period = chosen.asked.period
    if of_year and period is not None and len(period.label) != 4:
        raise typer.BadParameter(f"-p: {period.label} is no year: 2026")
    return chosen


def _code(found: Statement) -> int:
    return 0 if found.scope.complete else 3


def _for_each(inputs: options.Inputs, output: options.Output, *, of_year: bool) -> int:
    """A file for every creator. All are made before the first is written."""
    if inputs.creator:
        raise typer.BadParameter("--each creator is of all of them: leave --creator out")
    template = output.output
    if "{creator}" not in template:
        raise typer.BadParameter("--each creator needs a name for each: -o 'out/{creator}/{period}.xlsx'")
    for part in template.split("{")[1:]:
        if part.split("}")[0] not in _OF_FILES or "}" not in part:
            raise typer.BadParameter(f"-o: names are {', '.join(f'{{{name}}}' for name in _OF_FILES)}")
    chosen = _checked(choose(inputs), of_year=of_year)
    made = []
    for name in creators_of(chosen):
        found = statement_of(chosen._replace(creator=name), of_year=of_year)
        period = found.scope.period.label
        file = filled(template, {"creator": slug(name), "period": slug(period) if "/" in period else period})
        made.append((found, target(output._replace(output=file), inputs.file or (), DOCUMENT.columns, MORE)))
    _make_folders([where.file for _, where in made])
    for found, where in made:
        emit(where, view(found))
    periods = {found.scope.period.title for found, _ in made}
    open_ones = [found.creator for found, _ in made if not found.scope.complete]
    if not output.quiet:
        what = f"{counted(len(made), 'statement')} of {', '.join(sorted(periods))}: {few([where.file for _, where in made])}"
        say(what if not open_ones else f"{what}. Incomplete: {few(open_ones)}")
    return max((_code(found) for found, _ in made), default=0)


def _make_folders(names: Sequence[str]) -> None:
    try:
        for name in names:
            Path(name).parent.mkdir(mode=0o777 & ~umask(), parents=True, exist_ok=True)
    except OSError as error:
        folder = os.fspath(error.filename or "")
        problem = Problem("A009", f"the folder cannot be made: {error.strerror}", "choose another name", folder)
        raise Refusal(problem, exit_code=STATE) from None
