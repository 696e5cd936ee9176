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
from diamondctl.cli.output import emit, target, umask, write_file
from diamondctl.desk import parse
from diamondctl.desk.books import creators_of, statement_of
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.settings import read_config
from diamondctl.problems import Problem, Refusal
from diamondctl.render.formats import Format
from diamondctl.render.pack import packed
from diamondctl.render.statement import DOCUMENT, MORE, view
from diamondctl.reports.posting import filled, slug
from diamondctl.reports.statement import Statement
from diamondctl.words import counted, few

ZIP: Final = Format("zip", ".zip")
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


@options.expand
def pack(
    inputs: options.Inputs,
    output: Annotated[str, options.option("-o", "--output", metavar="FILE", help="The ZIP to write.")] = "",
    facts: Annotated[
        bool, typer.Option("--facts", help="Only what files and records say: no figure that rests on a rate.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Let -o replace an existing file.")] = False,
) -> int:
    """A statement with all that proves it."""
    reads_twice(inputs, "report pack")
    if not output:
        raise typer.BadParameter("-o is missing: the name of a ZIP, such as mara.zip")
    where = target(options.Output(output=output, force=force), inputs.file or (), (), (ZIP,))
    found = _one(inputs, of_year=False, form=None)
    write_file(where.file, packed(found, facts=facts), force, format=where.format)
    return _code(found)


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
    found = _one(inputs, of_year=of_year, form=form)
    emit(where, view(found))
    return _code(found)


def _one(inputs: options.Inputs, *, of_year: bool, form: Decimal | None) -> Statement:
    """The statement of the only creator there is, or of the one that is named."""
    chosen = _checked(choose(inputs), of_year=of_year)
    known = creators_of(chosen)
    if not chosen.creator and len(known) > 1:
        hint = f"say --creator NAME ({few(known)}), or --each creator -o 'out/{{creator}}/{{period}}.xlsx'"
        raise typer.BadParameter(f"a statement is of one creator: {hint}")
    return statement_of(chosen, read_config(inputs.config), _given(inputs), of_year=of_year, form=form)


def _checked(chosen: Chosen, *, of_year: bool) -> Chosen:
    period = chosen.asked.period
    if of_year and period is not None and len(period.label) != 4:
        raise typer.BadParameter(f"-p: {period.label} is no year: 2026")
    return chosen


def _code(found: Statement) -> int:
    return found.scope.exit_code


# Options that say where something is, and so say nothing elsewhere.
_PLACES: Final = ("file", "ledger", "config", "rates", "profile", "basis")


def _given(inputs: options.Inputs) -> dict[str, str]:
    """The options that were given, as text."""
    values = {name: value for name, value in inputs._asdict().items() if name not in _PLACES}
    return {name: str(value) for name, value in values.items() if value not in (None, "", False)}


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
    chosen, config = _checked(choose(inputs), of_year=of_year), read_config(inputs.config)
    made = []
    for name in creators_of(chosen):
        options = _given(inputs._replace(creator=name))
        found = statement_of(chosen._replace(creator=name), config, options, of_year=of_year)
        period = found.scope.period.label
        file = filled(template, {"creator": slug(name), "period": slug(period) if "/" in period else period})
        made.append((found, target(output._replace(output=file), inputs.file or (), DOCUMENT.columns, MORE)))
    _make_folders([where.file for _, where in made])
    for found, where in made:
        emit(where, view(found))
    periods = {found.scope.period.title for found, _ in made}
    open_ones = [found.creator for found, _ in made if found.scope.exit_code]
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
