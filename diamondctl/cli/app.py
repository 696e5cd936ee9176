"""The command tree. A command's module is imported when the command is asked for, so it may import at its top what it needs.

What is heavy and not needed by every run of a command is imported where it is needed; `tests/test_layers.py` has the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from inspect import cleandoc
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from diamondctl import __version__
from diamondctl.cli import helping
from diamondctl.cli.texts import ROOT, TEXTS

# A module of `cli`, and the name of a command or a group in it; or the places of the commands of a group.
Place = tuple[str, str] | Mapping[str, "Place"]

# Every command stands under its heading of the help, in the order of the help.
HEADINGS: Final[Mapping[str, Mapping[str, Place]]] = {
    "Everyday": {
        "summary": ("summary", "summary"),
        "balance": ("balance", "balance"),
        "payout": ("payout", "app"),
        "project": ("projecting", "project"),
        "estimate": ("estimate", "estimate"),
        "import": ("importing", "import_"),
        "record": ("record", "app"),
        "undo": ("records", "undo"),
    },
    "Insight": {
        "streams": ("insight", "streams"),
        "schedule": ("insight", "schedule"),
        "gifts": ("insight", "gifts"),
        "gifters": ("insight", "gifters"),
        "compare": ("compare", "compare"),
    },
    "Books": {
        "fees": ("fees", "fees"),
        "reconcile": ("reconcile", "reconcile"),
        "export": ("export", "export"),
        "verify": ("verify", "verify"),
        "report": {
            "month": ("report_month", "month"),
            "statement": ("report_statement", "statement"),
            "year": ("report_statement", "year"),
            "pack": ("report_statement", "pack"),
            "share": ("report_share", "share"),
        },
        "period": ("period", "app"),
    },
    "Rates": {
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
    },
    "Records": {
        "records": ("records", "app"),
        "explain": ("explaining", "explain"),
        "profile": ("profile", "app"),
        "backup": ("upkeep", "backup"),
        "restore": ("upkeep", "restore"),
        "doctor": ("upkeep", "doctor"),
        "privacy": ("upkeep", "privacy"),
    },
    "Set-up": {
        "init": ("init", "init"),
        "config": ("config", "app"),
        "demo": ("start", "demo"),
        "schema": ("schema", "schema"),
        "help": ("help", "help_"),
    },
}


class Group(TyperGroup):
    """A group whose commands are loaded when they are asked for; until then a text stands for each."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.params.append(helping.help_all())
        self._places: Mapping[str, Place] = {}
        self._path = ""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The root has its commands under headings; `--help-all` and every other group name them one a line."""
        if self._path or not self._places or helping.everything(ctx):
            super().format_help(ctx, formatter)
        else:
            formatter.write(helping.root(HEADINGS))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Each with the first sentence of its help, wrapped and never cut."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, helping.first_line(found.help or "")) for name, found in self.commands.items()])

    def add_places(self, places: Mapping[str, Place], path: str = "") -> None:
        """Take commands by their places; `path` is the beginning of their names in `TEXTS`."""
        self._places, self._path = places, path
        for name in places:
            self.add_command(helping.Command(name, help=cleandoc(TEXTS[f"{path}{name}"]), rich_markup_mode=None))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the first word names, loaded; one that there is not is refused with the nearest."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            ctx.fail(helping.no_such(ctx.command_path, args[0], ctx.find_root().command))
        name, command, rest = super().resolve_command(ctx, args)
        return name, self.one(name) if name else command, rest

    def one(self, name: str) -> Any:
        """The command of a name, loaded."""
        return self.load(name) if name in self._places else self.commands[name]

    def load(self, name: str) -> Any:
        """A command or a group with everything it takes."""
        place, text = self._places[name], TEXTS[f"{self._path}{name}"]
        below = {} if isinstance(place, tuple) else place
        loaded = getattr(import_module(f"diamondctl.cli.{place[0]}"), place[1]) if isinstance(place, tuple) else typer.Typer()
        app = _app()
        if isinstance(loaded, typer.Typer):
            for item in loaded.registered_commands:
                item.cls = helping.Command
            app.add_typer(loaded, name=name, help=text, no_args_is_help=True, cls=Group)
        else:
            # The demo hands on what it is told.
            settings = {"ignore_unknown_options": True} if name == "demo" else {}
            app.command(name, help=text, cls=helping.Command, context_settings=settings)(loaded)
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

    def headings(self) -> dict[str, str]:
        """The heading of every command of the root."""
        return {name: heading for heading, places in HEADINGS.items() for name in places}

    def commands_below(self, path: str = "") -> Iterator[tuple[str, TyperCommand]]:
        """Every command that does something, by the words that name it; they are loaded for it."""
        if not path:
            self.load_all()
        for name, found in self.commands.items():
            if isinstance(found, Group):
                yield from found.commands_below(f"{path}{name} ")
            else:
                assert isinstance(found, TyperCommand)
                yield f"{path}{name}", found


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"diamondctl {__version__}")
        raise typer.Exit


def _root(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> int:
    return 0 if context.invoked_subcommand else int(import_module("diamondctl.cli.start").start())


def _app() -> typer.Typer:
    app = typer.Typer(
        name="diamondctl",
        cls=Group,
        help=ROOT,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback()(_root)
    return app


def command() -> Group:
    """The app as a command object."""
    group = typer.main.get_command(_app())
    assert isinstance(group, Group)
    group.add_places({name: place for places in HEADINGS.values() for name, place in places.items()})
    return group


def options_of(words: Sequence[str]) -> dict[str, bool]:
    """The options of the command that some words name, and whether each takes a value."""
    found: Any = command()
    for word in words:
        if isinstance(found, Group) and word in found.commands:
            found = found.one(word)
    params = [] if isinstance(found, Group) else found.params
    return {name: not item.is_flag for item in params if item.param_type_name == "option" for name in item.opts}
