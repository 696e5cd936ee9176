"""`diamondctl help`: the manual, a page a topic; and the command tree for a program."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from shutil import get_terminal_size
from typing import Annotated, Any, Final

import typer

from diamondctl.cli.helping import exit_codes, first_line, usual
from diamondctl.cli.main import BROKEN_PIPE, BUG, STATE, USAGE, closed_output
from diamondctl.problems import Problem, Refusal
from diamondctl.render.formats import as_json
from diamondctl.render.manual import CommandText, ExitCode, Parameter, Tree, view
from diamondctl.render.screen import screen_of
from diamondctl.render.tables import wrap
from diamondctl.render.text import only
from diamondctl.topics import topics
from diamondctl.yamlfile.schema import did_you_mean

# What an exit code says where the help of a command says nothing else.
CODES: Final = {
    0: "done; a check passed",
    1: "the answer is no, or findings exist",
    USAGE: "wrong usage, or input that was refused",
    3: "a result, but incomplete or undetermined",
    STATE: "refused by state: the ledger or an output file",
    BUG: "a bug in diamondctl",
    130: "interrupted",
    BROKEN_PIPE: "the reader closed the pipe",
}

# What a command ends with besides, where its help has no list of exit codes.
ENDS: Final[Mapping[str, tuple[int, ...]]] = {
    **dict.fromkeys(("balance", "payout guide", "streams", "schedule", "gifts", "gifters", "compare", "fees"), (3,)),
    **dict.fromkeys(("record payout", "record balance", "record credit", "record income", "record adjustment"), (3,)),
    **dict.fromkeys(("report month", "report share", "records list", "records rejected", "explain"), (3,)),
    **dict.fromkeys(("rates which", "profile sniff", "init"), (3,)),
    **dict.fromkeys(("period check", "period close", "profile test", "config get", "config unset"), (1,)),
    "demo": (1, 3),  # what the command that it shows ends with
}
_ALWAYS: Final = (0, USAGE, STATE)  # any command: it is done, refuses what it was given, or cannot write


def ends(name: str, text: str) -> dict[int, str]:
    """Every exit code of a command but those of an interruption or a bug, and what it says; `text` is its help."""
    said = exit_codes(text)
    return {code: said.get(code, CODES.get(code, "")) for code in sorted({*_ALWAYS, *ENDS.get(name, ()), *said})}


_ITEM: Final = re.compile(r" *(?:[-*]|[0-9]+\.) +")
_NAME: Final = re.compile(r"[a-z-]+ {2,}")  # of a page, in the list of them
_BEGINS: Final = re.compile(rf"[|#<>]| {{4}}|{_ITEM.pattern}|{_NAME.pattern}")  # a row, a heading, an item


def _names(incomplete: str) -> list[str]:
    return [topic.name for topic in topics() if topic.name.startswith(incomplete)]


def help_(
    context: typer.Context,
    topic: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TOPIC]", help="A page of the manual, or a command. Default: a list.", autocompletion=_names),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Every command with its options and exit codes.")] = False,
) -> int:
    """Print a page, or their names."""

    if sys.stdout is None:
        raise closed_output()
    top = context.find_root().command
    words = topic or []
    if json:
        sys.stdout.write(as_json(view(tree(top)).document()))
        return 0
    pages = {page.name: page for page in topics()}
    name = " ".join(words)
    if name and name not in pages:
        # What is no page may be a command; its own help knows all the rest.
        if words[0] in getattr(top, "commands", {}):
            return int(top.main([*words, "--help"], prog_name="diamondctl", standalone_mode=False) or 0)
        raise Refusal(Problem("A023", f"there is no topic '{name}'", did_you_mean(name, list(pages))))
    width = max(map(len, pages))
    text = pages[name].text if name else "".join(f"{name:{width}}  {page.title}\n" for name, page in pages.items())
    if not name:
        text += "\nOne of them: diamondctl help TOPIC. Commands and options: diamondctl --help\n"
    show(only(fitted(text, screen_of(sys.stdout, "never", dict(os.environ)).width), sys.stdout.encoding))
    return 0


def fitted(text: str, width: int | None) -> str:
    """A page of the manual in lines of at most `width` cells. What stands between fences is for copying, and stays."""
    if width is None:
        return text
    lines: list[str] = []
    fenced = joins = False  # joins: what stood on a line too long goes on with the next one
    for line in text.splitlines():
        fence = line.startswith("```")
        plain = not fenced and not fence and bool(line) and not _BEGINS.match(line)
        if joins and plain:
            lines[-1] += " " + line.strip()
        else:
            lines.append(("\0" if fenced or fence else "") + line)
        joins = (plain or (not fenced and bool(_ITEM.match(line)))) and len(line) > width
        fenced ^= fence
    return "".join(f"{part}\n" for line in lines for part in _broken(line, width))


def _broken(line: str, width: int) -> list[str]:
    if line.startswith("\0"):
        return [line[1:]]
    first = _ITEM.match(line) or _NAME.match(line)
    return wrap(line, width, " " * len(first[0]) if first else "    " if line.startswith("|") else "")


def show(text: str) -> None:
    """Print a page; one that is longer than the terminal goes through the user's pager."""
    if sys.stdout.isatty() and text.count("\n") >= get_terminal_size().lines:
        from pydoc import pager

        sys.stdout.flush()
        pager(re.sub(r"<!-- .*? -->\n", "", text))
    else:
        sys.stdout.write(text)


def tree(top: Any) -> Tree:
    """All that a program needs to know of the command line."""
    headings = top.headings()
    commands = [_command(name, headings[name.split()[0]], found) for name, found in top.commands_below()]
    return Tree(commands, [ExitCode(*item) for item in CODES.items()])


def _command(name: str, heading: str, found: Any) -> CommandText:
    shown = usual(found)[0]
    arguments, options = [], []
    for item in found.params:
        if item.param_type_name == "argument":
            arguments.append(Parameter((), item.metavar or item.name, item.help or "", "", item.nargs == -1, usual=True))
        else:
            value = "" if item.is_flag else item.metavar or item.name.upper()
            names, variable = tuple(item.opts), item.envvar or ""
            options.append(Parameter(names, value, item.help or "", variable, bool(item.multiple), item in shown))
    said = tuple(ExitCode(*item) for item in ends(name, found.help or "").items())
    return CommandText(name, heading, first_line(found.help or ""), tuple(arguments), tuple(options), said)
