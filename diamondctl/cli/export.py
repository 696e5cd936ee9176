"""`diamondctl export`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from diamondctl import files
from diamondctl.cli import completion, options
from diamondctl.cli.choose import choose
from diamondctl.cli.main import STATE, closed_output, say
from diamondctl.cli.output import write_file
from diamondctl.desk import parse
from diamondctl.desk.books import journal_of
from diamondctl.desk.exported import notes_text, read_notes
from diamondctl.desk.mapping import load
from diamondctl.problems import Problem, Refusal
from diamondctl.render import journals
from diamondctl.render import shape as f
from diamondctl.render.formats import as_csv, as_jsonl
from diamondctl.render.text import clean, only
from diamondctl.reports.posting import Books, Notes, Target, books, news, plain

_FORMS: Final = ("hledger", "beancount", "csv", "jsonl", "parquet")


@options.expand
def export(
    inputs: options.Inputs,
    to: Annotated[
        str,
        options.option(
            "--to",
            metavar="BOOKS",
            help="hledger, beancount, csv, jsonl, parquet, or a mapping file (YAML) that describes your books.",
            complete=completion.words(*_FORMS),
        ),
    ] = "",
    output: Annotated[str, options.option("-o", "--output", metavar="FILE", help="Write to FILE. Default: the screen.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Let -o replace an existing file.")] = False,
    post: Annotated[
        str,
        options.option(
            "--post",
            metavar="least",
            help="Book the least of what is known only as a range, and say so. Default: ranges are left out and listed.",
            complete=completion.words("least"),
        ),
    ] = "",
    alone: Annotated[
        bool, typer.Option("--alone", help="Begin with what every account held before -p, so that the file stands alone.")
    ] = False,
    new: Annotated[
        str,
        options.option(
            "--new",
            metavar="NOTES",
            help="Only what was not exported yet, and corrections of what changed, by the notes that are kept in this file.",
        ),
    ] = "",
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Name every entry that is left out.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Nothing on standard error but warnings.")] = False,
) -> int:
    """Read, rate, tell as entries, write."""

    if not to:
        raise typer.BadParameter(f"--to is missing: one of {', '.join(_FORMS)}, or a mapping file")
    if post:
        parse.one_of(post, "--post", ("least",))
    if new and (alone or inputs.period):
        raise typer.BadParameter("--new goes on from what was exported, whatever the period: leave -p and --alone out")
    is_file = to not in _FORMS
    target = load(to) if is_file else plain(to if to in ("hledger", "beancount") else "csv")
    _check_output(output, binary=to == "parquet", inputs=(to, *(inputs.file or ())) if is_file else inputs.file or ())
    notes = read_notes(new, f"{to}:{target.name}") if new else Notes()
    chosen = choose(inputs)
    told = journal_of(chosen)
    start = None if chosen.asked.period is None else chosen.asked.period.start
    made = books(told.journal, target, start, least=post == "least", alone=alone)
    if new:
        made, notes = news(made, notes)
    if not new or made.entries or made.assertions:
        _write(output, _bytes(to, target, made), force)
        if new:
            write_file(new, notes_text(notes, f"{to}:{target.name}"), force=True, private=True)
    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    texts = [*journals.texts(made, quiet=quiet, verbose=verbose), *(f"! {text}" for text in told.scope.warnings)]
    if texts:
        say("\n".join(clean(text, encoding) for text in texts))
    return 3 if made.left_out or not told.scope.complete else 0


def _bytes(to: str, target: Target, made: Books) -> list[bytes]:
    if target.form == "hledger":
        return [journals.hledger(made).encode()]
    if target.form == "beancount":
        return [journals.beancount(made).encode()]
    if to not in _FORMS:
        return journals.mapped(made)
    rows = f.records_of(journals.LINE, journals.pairs(made))
    if to == "jsonl":
        return [as_jsonl(rows).encode()]
    if to == "parquet":
        return [journals.as_parquet(rows)]
    return [as_csv(rows).encode()]


def _check_output(output: str, *, binary: bool, inputs: Sequence[str]) -> None:
    """Refuse (A009) before any work what cannot be written."""
    if output in ("", "-"):
        if sys.stdout is None:
            raise closed_output()
        if binary:
            raise Refusal(Problem("A008", "Parquet is no text for a screen", "add -o FILE.parquet"))
        return
    if any(os.path.exists(output) and os.path.exists(name) and os.path.samefile(output, name) for name in inputs):
        raise Refusal(Problem("A009", "the output is one of the inputs", "choose another name", output), exit_code=STATE)
    if os.path.exists(output) and not os.path.isfile(output):
        raise Refusal(Problem("A009", "exists and is not a regular file", "choose another name", output), exit_code=STATE)


def _write(output: str, parts: Sequence[bytes], force: bool) -> None:
    """One file, or where lines are limited `NAME-1.csv` and so on."""
    if output in ("", "-"):
        if len(parts) > 1:
            raise Refusal(Problem("A008", f"the mapping makes {len(parts)} files of it", "add -o FILE.csv"))
        text = parts[0].decode("utf-8", "replace")
        sys.stdout.write(only(text, sys.stdout.encoding))
        return
    path = Path(output)
    names = [path] if len(parts) == 1 else [path.with_stem(f"{path.stem}-{n}") for n in range(1, len(parts) + 1)]
    same = {name for name, data in zip(names, parts, strict=True) if name.is_file() and name.read_bytes() == data}
    if not force and (taken := [name for name in names if name not in same and os.path.lexists(name)]):
        hint = "choose another name, or add --force"
        raise Refusal(Problem("A009", "the file exists already and was kept", hint, str(taken[0])), exit_code=STATE)
    try:
        for name, data in zip(names, parts, strict=True):
            if name in same:
                continue
            files.write_bytes(name, data, mode=0o666 & ~files.umask(), replace=force, prefix=".diamondctl-")
    except OSError as error:
        problem = Problem("A009", f"cannot be written: {error.strerror}", "check the disk and the folder", output)
        raise Refusal(problem, exit_code=STATE) from None
