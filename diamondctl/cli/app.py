"""The command tree."""

from __future__ import annotations

from typing import Any

import typer

from diamondctl.cli import adjust, balance, config, documents, fees, importing, init, payout, profile, rates, summary, upkeep

HELP = """What LIVE gifts earned, from your own export and dated, sourced rate files. Offline.

\b
Examples:
  diamondctl init --region US --creator mara
  diamondctl summary gifts.csv --region US --share 48
  diamondctl summary exports/ --region GB -p 2026-10 --json
  diamondctl fees gifts.csv --region US --share 48 --agency 10%
  diamondctl payout check gifts.csv --region US --share 48
  diamondctl profile sniff agency-export.xlsx
  diamondctl rates which --region US
  diamondctl rates check my-rates/
  diamondctl config show --origin

Not affiliated with any platform. Nothing it prints is a promise of payment.
"""

app = typer.Typer(
    name="diamondctl",
    help=HELP,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=True,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(wanted: bool) -> None:
    if wanted:
        from diamondctl import __version__

        typer.echo(f"diamondctl {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    pass


app.command("import", help=importing.HELP)(importing.import_)
app.add_typer(documents.app, name="documents")
app.command("init", help=init.HELP)(init.init)
app.command("summary", help=summary.HELP)(summary.summary)
app.command("balance", help=balance.HELP)(balance.balance)
app.command("fees", help=fees.HELP)(fees.fees)
app.add_typer(profile.app, name="profile")
app.add_typer(payout.app, name="payout")
app.add_typer(rates.app, name="rates")
app.add_typer(adjust.app, name="adjust")
app.command("backup", help=upkeep.BACKUP)(upkeep.backup)
app.command("restore", help=upkeep.RESTORE)(upkeep.restore)
app.add_typer(upkeep.privacy, name="privacy")
app.command("doctor", help=upkeep.DOCTOR)(upkeep.doctor)
app.add_typer(config.app, name="config")


def command() -> Any:
    """The app as a command object."""
    return typer.main.get_command(app)
