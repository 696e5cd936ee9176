"""Where a report goes: screen, pipe or file, as a table or JSON."""

from __future__ import annotations

import errno
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from diamondctl.cli.main import STATE, closed_output
from diamondctl.cli.options import Output
from diamondctl.problems import Problem, Refusal
from diamondctl.render.text import clean, only
from diamondctl.render.view import View

FORMATS: Final = ("table", "plain", "json", "jsonl", "csv", "tsv", "md")
_LISTS: Final = ("jsonl", "csv", "tsv", "md")
_ENDINGS: Final = {".txt": "table", ".json": "json", ".jsonl": "jsonl", ".csv": "csv", ".tsv": "tsv", ".md": "md"}


class Target(NamedTuple):
    """A format and a place. Made before any work, so that a bad `-o` is refused first."""

    format: str
    file: str  # blank: standard output
    given: Output


def target(given: Output, inputs: Sequence[str] = ()) -> Target:
    """Check the options of output against each other; refuses unknown formats and files that would be overwritten.

    One of `inputs` is never overwritten, whatever is forced.
    """
    import typer

    asked = {given.format} if given.format else set()
    asked |= {name for name in ("json", "csv") if getattr(given, name)}
    if len(asked) > 1:
        raise typer.BadParameter("more than one format: " + ", ".join(sorted(asked)))
    chosen = next(iter(asked), "")
    if given.color not in ("auto", "always", "never"):
        raise typer.BadParameter(f"--color: '{given.color}' is not auto, always or never")
    if chosen and chosen not in FORMATS:
        raise typer.BadParameter(f"--format: '{chosen}' is not one of: {', '.join(FORMATS)}")
    file = "" if given.output == "-" else given.output
    if file:
        by_ending = _ENDINGS.get(Path(file).suffix.lower())
        if not chosen and by_ending is None:
            hint = f"name it with one of {' '.join(_ENDINGS)}, or add -f"
            raise Refusal(Problem("A008", "the ending names no format", hint, file))
        chosen = chosen or by_ending or ""
        if any(os.path.exists(file) and os.path.exists(name) and os.path.samefile(file, name) for name in inputs):
            problem = Problem("A009", "the output is one of the inputs", "choose another name", file)
            raise Refusal(problem, exit_code=STATE)
        if os.path.lexists(file) and os.path.exists(file) and not os.path.isfile(file):
            problem = Problem("A009", "exists and is not a regular file", "choose another name", file)
            raise Refusal(problem, exit_code=STATE)
        if os.path.lexists(file) and not given.force:
            raise Refusal(_exists(file), exit_code=STATE)
    elif sys.stdout is None:
        raise closed_output()
    chosen = chosen or "table"
    if (given.columns or given.sort or given.limit) and chosen not in _LISTS:
        raise typer.BadParameter(f"--columns, --sort and --limit go with -f {', '.join(_LISTS)}")
    return Target(chosen, file, given)


def _exists(file: str) -> Problem:
    return Problem("A009", "the file exists already and was kept", "choose another name, or add --force", file)


def emit(target: Target, view: View) -> None:
    """Write a report to where it goes."""
    if target.format == "table" and not target.file:
        from diamondctl.render.screen import screen_of

        shown = screen_of(sys.stdout, target.given.color, dict(os.environ))
        shown.show(view.screen(shown.width, shown.rule, lambda text: clean(text, shown.encoding)))
        return
    text = _text(target, view)
    if target.file:
        write_file(target.file, text, target.given.force)
    else:
        sys.stdout.write(only(text, sys.stdout.encoding))


def _text(target: Target, view: View) -> str:
    if target.format == "table":
        return view.screen(None, "─", clean).text()
    if target.format == "plain":
        return view.screen(None, "-", lambda text: clean(text, "ascii")).text()
    if target.format == "json":
        # ASCII only, so that no character of a name can act on a terminal; JSON readers restore every one of them.
        return json.dumps(view.document(), indent=2, ensure_ascii=True).replace("\x7f", "\\u007f") + "\n"
    given = target.given
    from diamondctl.render.formats import FORMATS as WRITERS
    from diamondctl.render.view import select

    return WRITERS[target.format](select(view.records(), given.columns, given.sort, given.limit))


def write_file(name: str, text: str, force: bool, *, private: bool = False) -> None:
    """All or nothing: a temporary file in the same folder, flushed to disk, then put in place. Links are not followed.

    A `private` file can be read by its owner alone, whatever the umask.
    """
    path = Path(name)
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=".diamondctl-", dir=path.parent or ".")
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            if hasattr(os, "fchmod"):
                os.fchmod(stream.fileno(), 0o600 if private else 0o666 & ~_umask())
            os.fsync(stream.fileno())
        if force:
            os.replace(temporary, path)
        else:
            _publish(temporary, path)
        temporary = ""
    except FileExistsError:
        raise Refusal(_exists(name), exit_code=STATE) from None
    except OSError as error:
        problem = Problem("A009", f"cannot be written: {error.strerror}", "nothing was changed", name)
        raise Refusal(problem, exit_code=STATE) from None
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    """The umask; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _publish(temporary: str, path: Path) -> None:
    """Give the finished file its name unless something has that name, in one step where the file system can."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EACCES):
            raise
        if os.path.lexists(path):
            raise FileExistsError from None
        os.rename(temporary, path)
        return
    os.unlink(temporary)
