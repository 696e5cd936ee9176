"""Where a report goes: screen, pipe or file, and in which format."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from diamondctl import files
from diamondctl.cli.main import STATE, closed_output, say, what_became
from diamondctl.cli.options import Output
from diamondctl.problems import Problem, Refusal
from diamondctl.render.differs import first_difference
from diamondctl.render.formats import FORMATS, ROWS, Format, endings
from diamondctl.render.page import Manner
from diamondctl.render.screen import screen_of
from diamondctl.render.text import clean, only
from diamondctl.render.view import View, check_columns
from diamondctl.render.writing import Rows, written

if TYPE_CHECKING:
    from diamondctl.api.report import Report


class Target(NamedTuple):
    """A format and a place. Made before any work, so that a bad `-o` is refused first."""

    format: Format
    file: str  # blank: standard output
    given: Output
    private: bool = False  # a file for its owner alone


def target(
    given: Output,
    inputs: Sequence[str] = (),
    columns: Sequence[str] = (),
    more: Sequence[Format] = (),
    *,
    stores: bool = False,
) -> Target:
    """Check the options of output against each other; refuses unknown formats and files that would be overwritten.

    One of `inputs` is never overwritten, whatever is forced. `columns` are those of the report's records: names that are
    none of them are refused here (A014), before any work. `more` are formats that only this command can write. One that
    `stores` something refuses a file that exists before it does; others may find that it would be the same.
    """
    formats = {item.name: item for item in (*FORMATS, *more)}
    by_ending = endings((*FORMATS, *more))

    asked = {given.format} if given.format else set()
    asked |= {name for name in ("json", "csv") if getattr(given, name)}
    if len(asked) > 1:
        raise typer.BadParameter("more than one format: " + ", ".join(sorted(asked)))
    chosen = next(iter(asked), "")
    if given.color not in ("auto", "always", "never"):
        raise typer.BadParameter(f"--color: '{given.color}' is not auto, always or never")
    if chosen and chosen not in formats:
        raise typer.BadParameter(f"--format: '{chosen}' is not one of: {', '.join(formats)}")
    file = "" if given.output == "-" else given.output
    if file:
        picked = by_ending.get(Path(file).suffix.lower())
        if not chosen and picked is None:
            hint = f"name it with one of {' '.join(by_ending)}, or add -f"
            raise Refusal(Problem("A008", "the ending names no format", hint, file))
        chosen = chosen or (picked.name if picked else "")
        if any(os.path.exists(file) and os.path.exists(name) and os.path.samefile(file, name) for name in inputs):
            problem = Problem("A009", "the output is one of the inputs", "choose another name", file)
            raise Refusal(problem, exit_code=STATE)
        if os.path.lexists(file) and os.path.exists(file) and not os.path.isfile(file):
            problem = Problem("A009", "exists and is not a regular file", "choose another name", file)
            raise Refusal(problem, exit_code=STATE)
        if stores and os.path.lexists(file) and not given.force:
            raise Refusal(_exists(file), exit_code=STATE)
    elif sys.stdout is None:
        raise closed_output()
    format = formats[chosen] if chosen else FORMATS[0]
    if (given.columns or given.sort) and format.takes != "rows":
        raise typer.BadParameter(f"--columns and --sort go with -f {', '.join(ROWS)}")
    if columns:
        check_columns(columns, given.columns, given.sort)
    return Target(format, file, given)


def _exists(file: str, difference: str = "") -> Problem:
    what = f"the file exists already and was kept; {difference}" if difference else "the file exists already and was kept"
    return Problem("A009", what, "choose another name, or add --force", file)


def answer(target: Target, report: Report[Any]) -> int:
    """Write a report to where it goes; returns its exit code."""
    emit(target, report.view)
    return report.exit_code


def emit(target: Target, view: View) -> None:
    """Write a report to where it goes."""
    if target.format is FORMATS[0] and not target.file:
        shown = screen_of(sys.stdout, target.given.color, dict(os.environ))
        manner = _manner(target.given)._replace(height=shown.height)
        shown.show(view.page().lay(shown.width, shown.rule, lambda text: clean(text, shown.encoding), manner))
        return
    given = target.given
    text = written(target.format, view, _manner(given), Rows(given.columns, given.sort, given.limit or 0))
    if target.format.takes == "rows":
        _say_beside(view, target.given.quiet)
    if target.file:
        is_new = write_file(target.file, text, target.given.force, private=target.private, format=target.format)
        if is_new and not target.given.quiet:
            say(f"Written: {clean(target.file)}")
    elif isinstance(text, bytes):
        raise Refusal(Problem("A008", f"{target.format.name} is no text for a screen", f"add -o FILE{target.format.ending}"))
    else:
        sys.stdout.write(only(text, sys.stdout.encoding))


def _say_beside(view: View, quiet: bool) -> None:
    """What flat records have no place for, on standard error: warnings, and notes unless they are not wanted."""
    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    texts = [f"! {text}" for text in view.warnings] + [f"- {text}" for text in view.notes if not quiet]
    if texts:
        say("\n".join(clean(text, encoding) for text in texts))


def _manner(given: Output) -> Manner:
    return Manner(given.verbose, given.quiet, rows=given.limit)


def write_file(name: str, text: str | bytes, force: bool, *, private: bool = False, format: Format = FORMATS[0]) -> bool:
    """All or nothing. One that holds the same bytes already is left as it is, and False; refuses (A009) one that holds others,
    and names the first figure in which they differ, unless forced.

    A `private` file can be read by its owner alone, whatever the umask.
    """
    mode = 0o600 if private else 0o666 & ~files.umask()
    data = text.encode() if isinstance(text, str) else text
    try:
        files.write_bytes(Path(name), data, mode=mode, replace=force, prefix=".diamondctl-")
    except FileExistsError:
        difference = _difference(name, data, format)
        if difference is None:
            say(f"{clean(name)}: unchanged")
            return False
        raise Refusal(_exists(name, difference), exit_code=STATE) from None
    except OSError as error:
        hint = what_became().rstrip(".")
        problem = Problem("A009", f"cannot be written: {error.strerror}", hint[0].lower() + hint[1:], name)
        raise Refusal(problem, exit_code=STATE) from None
    return True


def _difference(name: str, data: bytes, format: Format) -> str | None:
    """What of a file that exists is not what would be written; None: nothing."""
    try:
        with files.opened(Path(name)) as stream:
            there = stream.read()
    except OSError:
        return ""
    return None if there == data else first_difference(there, data.decode(errors="replace"), format.takes, format.delimiter)
