"""The whole command tree for a program: every command with its options, environment names and exit codes (`help --json`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from diamondctl.render import schema_parts as s
from diamondctl.render import shape as f
from diamondctl.render.page import said
from diamondctl.render.view import View


class Parameter(NamedTuple):
    """An argument or an option."""

    names: tuple[str, ...]
    value: str  # how its value is called; blank: it takes none
    help: str
    environment: str
    many: bool
    usual: bool  # `--help` shows it too


class ExitCode(NamedTuple):
    """What an exit code says."""

    code: int
    meaning: str


class CommandText(NamedTuple):
    """A command."""

    command: str
    heading: str
    text: str
    arguments: tuple[Parameter, ...]
    options: tuple[Parameter, ...]
    exit_codes: tuple[ExitCode, ...]


class Tree(NamedTuple):
    """All of them, and what exit codes say where a command says nothing else."""

    commands: Sequence[CommandText]
    exit_codes: Sequence[ExitCode]


_CODE: f.Fields = (f.Field("code", f.Kind(s.COUNT)), f.Field("meaning"))
_ARGUMENT: f.Fields = (f.Field("name", of="value"), f.Field("help"), f.Field("many", f.FLAG))
_OPTION: f.Fields = (
    f.Field("names", f.WORDS),
    f.Field("value", maybe=True),
    f.Field("help"),
    f.Field("environment", maybe=True),
    f.Field("many", f.FLAG),
    f.Field("usual", f.FLAG),
)
_COMMAND: f.Fields = (
    f.Field("command", title="Command"),
    f.Field("heading"),
    f.Field("text", title="What it does"),
    f.Field("arguments", f.many(_ARGUMENT), forms="json"),
    f.Field("options", f.many(_OPTION), forms="json"),
    f.Field("exit_codes", f.many(_CODE), forms="json"),
)
TREE = f.Document(
    "help",
    (f.Field("commands", f.many(_COMMAND)), f.Field("exit_codes", f.many(_CODE))),
    _COMMAND,
    answer=lambda tree: f"{len(tree.commands):,} commands.",
)


def view(tree: Tree) -> View:
    """As JSON; a screen has `--help-all`."""
    return TREE.view(tree, lambda: [f.table(_COMMAND, tree.commands), said("diamondctl COMMAND --help")], lambda: tree.commands)
