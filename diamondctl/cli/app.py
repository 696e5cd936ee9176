"""The command tree. A command's module is imported when the command is asked for, so it may import at its top what it needs.

What is heavy and not needed by every run of a command is imported where it is needed; `tests/test_layers.py` has the list.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from inspect import cleandoc
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from diamondctl import __version__
from diamondctl.cli.texts import ROOT, TEXTS

# A module of `cli`, and the name of a command or a group in it; or the places of the commands of a group.
Place = tuple[str, str] | Mapping[str, "Place"]

# In the order of the help.
_TREE: Final[Mapping[str, Place]] = {
    "import": ("importing", "import_"),
    "init": ("init", "init"),
    "summary": ("summary", "summary"),
    "balance": ("balance", "balance"),
    "fees": ("fees", "fees"),
    "project": ("projecting", "project"),
    "backup": ("upkeep", "backup"),
    "restore": ("upkeep", "restore"),
    "doctor": ("upkeep", "doctor"),
    "record": ("record", "app"),
    "records": ("records", "app"),
    "undo": ("records", "undo"),
    "period": ("period", "app"),
    "profile": ("profile", "app"),
    "payout": ("payout", "app"),
    "explain": ("explaining", "app"),
    "rates": {
        "list": ("rates", "list_"),
        "show": ("rates", "show"),
        "which": ("rates", "which"),
        "check": ("check", "check"),
        "diff": ("diff", "diff"),
        "impact": ("impact", "impact"),
        "coverage": ("coverage", "coverage"),
        "new": ("new", "new"),
        "explain": ("explain", "explain"),
        "calibrate": ("calibrate", "calibrate"),
        "export": ("export_rates", "export"),
        "gifts": {"learn": ("gifts", "learn")},
    },
    "privacy": ("upkeep", "privacy"),
    "config": ("config", "app"),
    "help": ("help", "help_"),
}


class Group(TyperGroup):
    """A group whose commands are loaded when they are asked for; until then a text stands for each."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._places: Mapping[str, Place] = {}
        self._path = ""

    def add_places(self, places: Mapping[str, Place], path: str = "") -> None:
        """Take commands by their places; `path` is the beginning of their names in `TEXTS`."""
        self._places, self._path = places, path
        for name in places:
            self.add_command(TyperCommand(name, help=cleandoc(TEXTS[path + name]), rich_markup_mode=None))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the first word names, loaded."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, self.load(name) if name and name in self._places else command, rest

    def load(self, name: str) -> Any:
        """A command or a group with everything it takes."""
        place, text = self._places[name], TEXTS[self._path + name]
        below = {} if isinstance(place, tuple) else place
        loaded = getattr(import_module(f"diamondctl.cli.{place[0]}"), place[1]) if isinstance(place, tuple) else typer.Typer()
        app = _app()
        if isinstance(loaded, typer.Typer):
            app.add_typer(loaded, name=name, help=text, no_args_is_help=True, cls=Group)
        else:
            app.command(name, help=text)(loaded)
        command = typer.main.get_group(app).commands[name]
        if isinstance(command, Group) and below:
            command.add_places(below, f"{self._path}{name} ")
        return command

    def load_all(self) -> None:
        """Every command, at any depth."""
        for name in self._places:
            command = self.commands[name] = self.load(name)
            if isinstance(command, Group):
                command.load_all()


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"diamondctl {__version__}")
        raise typer.Exit


def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    pass


def _app() -> typer.Typer:
    app = typer.Typer(
        name="diamondctl",
        cls=Group,
        help=ROOT,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback()(_root)
    return app


def command() -> Group:
    """The app as a command object."""
    group = typer.main.get_command(_app())
    assert isinstance(group, Group)
    group.add_places(_TREE)
    return group
