"""`main`: runs the app and maps everything that can end it to one line on stderr and an exit code."""

from __future__ import annotations

import errno
import gc
import os
import re
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import Final, NoReturn

from diamondctl.problems import Problem, Refusal

BUG: Final = 70
STATE: Final = 4
USAGE: Final = 2
BROKEN_PIPE: Final = 141
FULL, CONCISE = "full", "concise"  # of --errors
_WIDTH: Final = 100


def main() -> NoReturn:
    """Entry point of the console script."""
    # One run, then the process ends: collecting cycles among a million live rows only costs (7 % at 1 M rows).
    gc.disable()
    code = run(sys.argv[1:])
    # Nothing is left to do, and tearing down a large heap object by object would cost as much as building it.
    if code != BROKEN_PIPE:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):  # what can be told of it was told
                if stream is not None:
                    stream.flush()
    os._exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; never raises."""
    _asked_to_stop.clear()
    _stored.clear()
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    try:
        code = _invoke(arguments)
        if _asked_to_stop:  # Typer turns Ctrl-C into an exit code
            raise KeyboardInterrupt
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return _stopped()
    except BrokenPipeError:
        return BROKEN_PIPE
    except SystemExit as stop:
        # Typer answers a closed pipe with 1, which here would mean "no"; nothing of ours exits so.
        return stop.code if isinstance(stop.code, int) and stop.code != 1 else BROKEN_PIPE
    except Refusal as refusal:
        return _report(refusal, arguments)
    except MemoryError:
        say(f"Not enough memory for this input. {what_became()}")
        return USAGE
    except ImportError as error:  # a part that is there and cannot be loaded: no memory, or an installation that is not whole
        say(
            f"A part of the program cannot be loaded: {error.name or 'a library'}. Free some memory, or install it again. "
            f"{what_became()}"
        )
        return STATE
    except OSError as error:
        if error.errno in (errno.EPIPE, errno.EINVAL) and error.filename is None:
            return BROKEN_PIPE
        _silence_stdout()
        say(f"Cannot write the output: {error.strerror}. {what_became()}")
        return STATE
    except Exception as error:
        return _stopped() if _asked_to_stop else _crash(error)  # DuckDB turns an interruption into an error of its own


_asked_to_stop: list[int] = []
_stored: list[bool] = []


def changed() -> None:
    """Note that what was asked for is stored, so that no last word says otherwise."""
    _stored.append(True)


def what_became() -> str:
    """The last sentence of a command that fails."""
    return "The change is stored; only the report is missing." if _stored else "Nothing was changed."


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    """SIGINT and SIGTERM: leave by the shortest way that still tidies up."""
    _asked_to_stop.append(number)
    raise KeyboardInterrupt


def _stopped() -> int:
    number = _asked_to_stop[0] if _asked_to_stop else signal.SIGINT
    say(f"{'Terminated' if number == signal.SIGTERM else 'Interrupted'}. {what_became()}")
    return 128 + number


def _invoke(arguments: Sequence[str]) -> int:
    if list(arguments) == ["--version"]:
        from diamondctl import __version__

        print(f"diamondctl {__version__}")  # without the cost of the whole command tree
        return 0
    import typer

    from diamondctl.cli.app import command

    try:
        result = command().main(list(arguments), prog_name="diamondctl", standalone_mode=False, windows_expand_args=False)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except Exception as error:
        usage = typer.BadParameter.__mro__[1]  # UsageError: Typer vendors Click and does not export it
        if isinstance(error, usage):
            return _usage(error)
        raise
    return result if isinstance(result, int) else 0


def _usage(error: Exception) -> int:
    from diamondctl.render.text import clean

    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "diamondctl"
    if (name := getattr(error, "option_name", "")) and hasattr(error, "possibilities") and context is not None:
        from diamondctl.cli.texts import MEANT_OPTIONS

        there = {option for item in context.command.params for option in item.opts}
        if meant := [option for option in MEANT_OPTIONS.get(name, ()) if option in there]:
            error.possibilities = meant
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    if type(error).__name__ == "NoArgsIsHelpError":  # the message is the help, our own text
        say(message)
        return USAGE
    if re.match("No such option: -[0-9]", message):
        message += ". Amounts have no sign: what is recorded says whether it adds or takes away."
    say("\n".join([*map(clean, message.split("\n")), f"See: {path} --help"]))
    return USAGE


def _report(refusal: Refusal, arguments: Sequence[str]) -> int:
    from diamondctl.render import problems
    from diamondctl.render.screen import screen_of

    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    if sys.stderr is None or _form(arguments) == CONCISE:
        lines = problems.concise(refusal, encoding)
    else:
        from diamondctl.cli.app import options_of

        width = screen_of(sys.stderr, "never", dict(os.environ)).width or _WIDTH
        typed = [word for word in arguments if word not in ("--errors", FULL) and not word.startswith("--errors=")]
        lines = problems.full(refusal, width, encoding, typed, lambda: options_of(typed))
    say("\n".join(lines))
    return refusal.exit_code


def _form(arguments: Sequence[str]) -> str:
    """How problems are told: by option, by environment, else in full on a terminal."""
    words = list(arguments)
    given = next((word.partition("=")[2] for word in words if word.startswith("--errors=")), "")
    if "--errors" in words[:-1]:
        given = words[words.index("--errors") + 1]
    given = given or os.environ.get("DIAMONDCTL_ERRORS", "")
    return given if given in (FULL, CONCISE) else FULL if sys.stderr is not None and sys.stderr.isatty() else CONCISE


def _crash(error: BaseException) -> int:
    """A report without names, amounts or values: the kind of error and where in our code it happened."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "?")
        if str(name).startswith("diamondctl"):
            places.append(f"  {name}:{trace.tb_lineno} in {trace.tb_frame.f_code.co_name}")
        trace = trace.tb_next
    from diamondctl import __version__

    where = "\n".join(places[-6:])
    say(f"This is a bug in diamondctl {__version__}: {type(error).__name__}. {what_became()}\n{where}")
    return BUG


def say(text: str) -> None:
    """One message to stderr, if there is one."""
    try:
        if sys.stderr is not None:
            sys.stderr.write(text + "\n")
            sys.stderr.flush()
    except OSError:
        pass


def _silence_stdout() -> None:
    """What could not be written must not be tried again when Python exits."""
    try:
        if sys.stdout is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        pass


def closed_output() -> Refusal:
    """The refusal of a command whose standard output is closed."""
    problem = Problem("A009", "standard output is closed", "redirect it, or use -o FILE")
    return Refusal(problem, exit_code=STATE)
