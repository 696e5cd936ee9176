"""`diamondctl report`: statement, year."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from diamondctl import files
from diamondctl.api import statements
from diamondctl.cli import completion, options
from diamondctl.cli.choose import choose, given_options, reads_twice
from diamondctl.cli.main import STATE, say
from diamondctl.cli.output import answer, target, write_file
from diamondctl.desk import parse
from diamondctl.problems import Problem, Refusal
from diamondctl.render.formats import Format
from diamondctl.render.pack import packed
from diamondctl.render.statement import DOCUMENT, MORE
from diamondctl.reports.posting import filled, slug
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
    reads_twice(inputs, "report statement")
    if each:
        return _for_each(inputs, output, each, of_year=False)
    where = target(output, inputs.file or (), DOCUMENT.columns, MORE)
    return answer(where, statements.statement(choose(inputs), given_options(inputs)))


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
    if each and form:
        raise typer.BadParameter("--form is of one creator: give --creator NAME instead of --each")
    reads_twice(inputs, "report year")
    if each:
        return _for_each(inputs, output, each, of_year=True)
    where = target(output, inputs.file or (), DOCUMENT.columns, MORE)
    return answer(where, statements.year(choose(inputs), given_options(inputs), form=form))


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
    made = statements.statement(choose(inputs), given_options(inputs))
    write_file(where.file, packed(made.value, facts=facts), force, format=where.format)
    return made.exit_code


def _for_each(inputs: options.Inputs, output: options.Output, each: str, *, of_year: bool) -> int:
    """A file for every creator. All are made before the first is written."""
    parse.one_of(each, "--each", ("creator",))
    if inputs.creator:
        raise typer.BadParameter("--each creator is of all of them: leave --creator out")
    template = output.output
    if "{creator}" not in template:
        raise typer.BadParameter("--each creator needs a name for each: -o 'out/{creator}/{period}.xlsx'")
    for part in template.split("{")[1:]:
        if part.split("}")[0] not in _OF_FILES or "}" not in part:
            raise typer.BadParameter(f"-o: names are {', '.join(f'{{{name}}}' for name in _OF_FILES)}")
    made = []
    for report in statements.of_each(choose(inputs), given_options(inputs), of_year=of_year):
        period = report.value.scope.period.label
        names = {"creator": slug(report.value.creator), "period": slug(period) if "/" in period else period}
        file = filled(template, names)
        made.append((report, target(output._replace(output=file), inputs.file or (), DOCUMENT.columns, MORE)))
    _make_folders([where.file for _, where in made])
    code = max((answer(where, report) for report, where in made), default=0)
    periods = {report.value.scope.period.title for report, _ in made}
    open_ones = [report.value.creator for report, _ in made if report.exit_code]
    if not output.quiet:
        what = f"{counted(len(made), 'statement')} of {', '.join(sorted(periods))}: {few([where.file for _, where in made])}"
        say(what if not open_ones else f"{what}. Incomplete: {few(open_ones)}")
    return code


def _make_folders(names: Sequence[str]) -> None:
    try:
        for name in names:
            Path(name).parent.mkdir(mode=0o777 & ~files.umask(), parents=True, exist_ok=True)
    except OSError as error:
        folder = os.fspath(error.filename or "")
        problem = Problem("A009", f"the folder cannot be made: {error.strerror}", "choose another name", folder)
        raise Refusal(problem, exit_code=STATE) from None
