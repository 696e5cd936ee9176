"""Where a report goes: screen, pipe or file, as a table or JSON."""

from __future__ import annotations

import errno
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from diamondctl.cli.main import STATE, closed_output
from diamondctl.problems import Problem, Refusal
from diamondctl.render.text import clean

FORMATS: Final = ("table", "json")
_ENDINGS: Final = {".json": "json", ".txt": "table"}

Clean = Callable[[str], str]


class Target(NamedTuple):
    """A format and a place. Made before any work, so that a bad `-o` is refused first."""

    format: str
    file: str  # blank: standard output
    force: bool
    colour: str


def target(format: str, as_json: bool, output: str, force: bool, colour: str) -> Target:
    """Check the options of output against each other; refuses unknown formats and files that would be overwritten."""
    import typer

    chosen = "json" if as_json else format
    if colour not in ("auto", "always", "never"):
        raise typer.BadParameter(f"--color: '{colour}' is not auto, always or never")
    if chosen and chosen not in FORMATS:
        raise typer.BadParameter(f"--format: '{chosen}' is not one of: {', '.join(FORMATS)}")
    file = "" if output == "-" else output
    if file:
        by_ending = _ENDINGS.get(Path(file).suffix.lower())
        if not chosen and by_ending is None:
            hint = f"name it with {' or '.join(_ENDINGS)}, or add -f"
            raise Refusal(Problem("A008", "the ending names no format", hint, file))
        chosen = chosen or by_ending or ""
        if os.path.lexists(file) and not force:
            raise Refusal(_exists(file), exit_code=STATE)
    elif sys.stdout is None:
        raise closed_output()
    return Target(chosen or "table", file, force, colour)


def _exists(file: str) -> Problem:
    return Problem("A009", "the file exists already and was kept", "choose another name, or add --force", file)


def emit(target: Target, document: dict[str, Any], screen: Callable[[int | None, str, Clean], Any]) -> None:
    """Write a report. `screen` lays it out for a width, a rule character and a text gate."""
    if target.format == "json":
        # ASCII only, so that no character of a name can act on a terminal; JSON readers restore every one of them.
        text = json.dumps(document, indent=2, ensure_ascii=True).replace("\x7f", "\\u007f") + "\n"
        if target.file:
            write_file(target.file, text, target.force)
        else:
            sys.stdout.write(text)
        return
    if target.file:
        write_file(target.file, screen(None, "─", clean).text(), target.force)
        return
    from diamondctl.render.screen import screen_of

    shown = screen_of(sys.stdout, target.colour, dict(os.environ))
    shown.show(screen(shown.width, shown.rule, lambda text: clean(text, shown.encoding)))


def write_file(name: str, text: str, force: bool) -> None:
    """All or nothing: a temporary file in the same folder, flushed to disk, then put in place. Links are not followed."""
    path = Path(name)
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=".diamondctl-", dir=path.parent or ".")
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
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


def say(text: str) -> None:
    """A notice on stderr, through the gate."""
    if sys.stderr is not None:
        encoding = sys.stderr.encoding or "utf-8"
        sys.stderr.write("\n".join(clean(line, encoding) for line in text.split("\n")) + "\n")
