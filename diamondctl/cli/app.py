"""The command tree."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final, NamedTuple

import typer

HELP = """What LIVE gifts earned, from your own export and dated, sourced rate files. Offline.

\b
Examples:
  diamondctl init --region US --creator mara
  diamondctl summary gifts.csv --region US --share 48
  diamondctl import gifts.csv
  diamondctl summary -p 2026-10
  diamondctl fees gifts.csv --region US --share 48 --agency 10%
  diamondctl payout check gifts.csv --region US --share 48
  diamondctl project -p 2026-11
  diamondctl profile sniff agency-export.xlsx
  diamondctl rates which --region US
  diamondctl rates check my-rates/
  diamondctl config show --origin

Not affiliated with any platform. Nothing it prints is a promise of payment.
"""


class _Place(NamedTuple):
    """Where a command or a group stands: a module of `cli`, its name there, and that of its help (a group has its own)."""

    module: str
    name: str
    help: str = ""


# In the order of the help. Building all of it costs more than most commands do, so only what was asked for is built.
_TREE: Final = {
    "import": _Place("importing", "import_", "HELP"),
    "documents": _Place("documents", "app"),
    "init": _Place("init", "init", "HELP"),
    "summary": _Place("summary", "summary", "HELP"),
    "balance": _Place("balance", "balance", "HELP"),
    "fees": _Place("fees", "fees", "HELP"),
    "profile": _Place("profile", "app"),
    "payout": _Place("payout", "app"),
    "explain": _Place("explaining", "app"),
    "project": _Place("projecting", "project", "HELP"),
    "rates": _Place("rates", "app"),
    "adjust": _Place("adjust", "app"),
    "backup": _Place("upkeep", "backup", "BACKUP"),
    "restore": _Place("upkeep", "restore", "RESTORE"),
    "privacy": _Place("upkeep", "privacy"),
    "doctor": _Place("upkeep", "doctor", "DOCTOR"),
    "config": _Place("config", "app"),
}


def _version(wanted: bool) -> None:
    if wanted:
        from diamondctl import __version__

        typer.echo(f"diamondctl {__version__}")
        raise typer.Exit


def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    pass


def command(arguments: Sequence[str] = ()) -> Any:
    """The app as a command object: with the one command that the first word names, or else with all of them."""
    app = typer.Typer(
        name="diamondctl",
        help=HELP,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=True,
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback()(_root)
    first = arguments[0] if arguments else ""
    for name in [first] if first in _TREE else _TREE:
        place = _TREE[name]
        module = import_module(f"diamondctl.cli.{place.module}")
        found = getattr(module, place.name)
        if place.help:
            app.command(name, help=getattr(module, place.help))(found)
        else:
            app.add_typer(found, name=name)
    return typer.main.get_command(app)
