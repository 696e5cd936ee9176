"""`diamondctl profile`: sniff, list, test."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.cli.output import emit, target, write_file
from diamondctl.config.values import PLATFORM
from diamondctl.desk import parse
from diamondctl.problems import Problem, Refusal
from diamondctl.profiles import golden, store
from diamondctl.profiles.sniff import propose
from diamondctl.ratebook.store import catalogue
from diamondctl.readers.archives import WORKBOOK, Archive
from diamondctl.readers.recognise import is_log_with_problems, kind_of
from diamondctl.readers.sources import open_source
from diamondctl.render.profiles import list_view, test_view
from diamondctl.render.text import only

app = typer.Typer()


@app.command("sniff")
def sniff(
    file: Annotated[str, typer.Argument(help="The file to look at, or - for standard input.")],
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="Write the profile to FILE. Default: the screen.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Let -o replace an existing file.")] = False,
    encoding: Annotated[
        str, typer.Option("--encoding", metavar="NAME", help="Of a file that is not UTF-8, such as cp1252.")
    ] = "",
) -> int:
    """Propose a profile for a file: its columns and how they are written, with the evidence as comments.

    \b
    Examples:
      diamondctl profile sniff agency-export.csv
      diamondctl profile sniff agency-export.xlsx -o agency.yaml

    Exit code 3 when something could be read in two ways: the first lines of the proposal say what you have to decide.
    """

    stdin = sys.stdin.buffer if sys.stdin is not None else None
    with open_source(file, encoding=parse.encoding(encoding), stdin=stdin) as source:
        if source.is_zip and WORKBOOK not in Archive(source.name, source.stream).names:
            raise Refusal(Problem("P005", "an archive holds files, not one table", "unpack it and sniff one of them", file))
        try:
            if not is_log_with_problems(source) and (kind := "" if source.is_zip else kind_of(source)):
                hint = "it needs no profile: give it to a report as it is"
                raise Refusal(Problem("P006", f"this is read without a profile, as {kind}", hint, source.name))
            proposal = propose(source, catalogue(PLATFORM, None).price)
        except UnicodeDecodeError:
            raise Refusal(source.bad_bytes()) from None
    if output and output != "-":
        write_file(output, proposal.text, force)
    else:
        sys.stdout.write(only(proposal.text, sys.stdout.encoding))
    return 0 if proposal.complete else 3


@app.command("list")
@options.expand
def list_(
    output: options.Output,
    folder: Annotated[str, typer.Argument(metavar="[DIR]", help="A folder of profiles beside the shipped ones.")] = "",
) -> int:
    """The shipped profiles, and those of a folder.

    \b
    Examples:
      diamondctl profile list
      diamondctl profile list my-profiles/ --json
    """

    where = target(output)
    emit(where, list_view([*(store.find(folder) if folder else ()), *store.shipped()]))
    return 0


@app.command("test")
@options.expand
def test(
    output: options.Output,
    folder: Annotated[str, typer.Argument(metavar="DIR", help="A folder with NAME.yaml, NAME.csv and NAME.expected.csv.")],
    write: Annotated[bool, typer.Option("--write", help="Write what is expected where that file is missing.")] = False,
) -> int:
    """Read the sample beside each profile and compare the gifts with the file of those expected. Exit code 1 when one differs.

    \b
    Examples:
      diamondctl profile test my-profiles/
      diamondctl profile test my-profiles/ --write
    """

    where = target(output)
    path = parse.folder(folder, "profile test")
    if path is None or not Path(path).is_dir():
        raise Refusal(Problem("P001", "not a folder", "name the folder that holds the profiles", folder))
    results = golden.test(path, write=write)
    emit(where, test_view(results))
    return 0 if all(result.answer in ("ok", "written") for result in results) else 1
