"""`diamondctl config`: show, get, set, unset, path."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from diamondctl.cli import completion, options
from diamondctl.cli.output import emit, target
from diamondctl.config.keys import parse_key
from diamondctl.config.values import DATED, GENERAL, PLATFORM
from diamondctl.desk import parse, settings
from diamondctl.desk.settings import config_path, path_of, read_config
from diamondctl.problems import Refusal
from diamondctl.render.config import CHANGED, Changed, Settings, Shown, get_view, set_view, show_view
from diamondctl.render.text import clean
from diamondctl.words import key_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from diamondctl.config.values import PLATFORM, Config
    from diamondctl.config.values import Key as Key_
    from diamondctl.render.config import Shown
    from diamondctl.reports.moved import Moved

app = typer.Typer()


@app.command("show")
@options.expand
def show(
    context: typer.Context,
    output: options.Output,
    origin: Annotated[bool, typer.Option("--origin", help="Show where each value comes from.")] = False,
    config: options.Config = "",
    platform: options.Platform = "",
    region: options.Region = "",
    timezone: options.Timezone = "",
    input_timezone: options.InputTimezone = "",
    rates: options.Rates = "",
    creator: options.Creator = "",
) -> int:
    """Every setting and its value: flag before environment before config before default.

    \b
    Examples:
      diamondctl config show
      diamondctl config show --origin
      diamondctl config show --region DE --json
    """

    where = target(output)
    given = {
        "platform": platform,
        "region": region,
        "timezone": timezone,
        "input_timezone": input_timezone,
        "rates": rates,
        "creator": creator,
    }
    flags = {name for name in given if _from_command_line(context, name)}
    found = read_config(config)
    emit(where, show_view(Settings(_shown(found, given, flags), str(config_path(config)), bool(found.file)), origin))
    return 0


def _from_command_line(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _shown(config: Config, given: dict[str, str], flags: set[str]) -> list[Shown]:
    """Every setting as it holds; those of creators only where they are set."""

    shown = []
    for key in GENERAL:
        (name,) = key
        variable = f"DIAMONDCTL_{name.upper()}"
        setting = config.get(name)
        text = _checked(name, given.get(name, "") or os.environ.get(variable, ""))
        if text and name in flags:
            shown.append(Shown(key, text, None, "flag", "--" + name.replace("_", "-")))
        elif text:
            shown.append(Shown(key, text, None, "environment", variable))
        elif setting:
            text = str(path_of(setting)) if name in ("rates", "ledger") else setting.text
            shown.append(Shown(key, text, None, "config", "", setting.place.file, setting.place.line))
        else:
            shown.append(Shown(key, PLATFORM if name == "platform" else "", None, "default"))
    shown += [
        Shown(item.key, item.text, item.start, "config", "", item.place.file, item.place.line)
        for item in config.settings
        if item.key[0] == "creators"
    ]
    return shown


def _checked(name: str, text: str) -> str:
    """An option or a variable as commands take it."""
    option = "--" + name.replace("_", "-")
    if name == "region":
        return parse.region(text)
    if name in ("timezone", "input_timezone"):
        return parse.timezone(text, option)
    if name in ("rates", "profiles"):
        return str(parse.folder(text, option) or "")
    return text


Key = Annotated[
    str,
    typer.Argument(
        metavar="KEY", help="Such as region or creators.mara.share.", autocompletion=completion.settings, show_default=False
    ),
]


@app.command("get")
@options.expand
def get(key: Key, output: options.Output, config: options.Config = "") -> int:
    """The value of one setting, alone on its line. Exit code 1 when it is not set.

    A name that holds a dot stands in double quotes: 'creators."mara.b".region'.

    \b
    Examples:
      diamondctl config get region
      diamondctl config get creators.mara.share
      diamondctl config get 'creators."mara.b".region' --json
    """

    where = target(output)
    found = read_config(config)
    wanted = parse_key(key, found.creators)
    shown = [item for item in _shown(found, {}, set()) if item.key == wanted]
    emit(where, get_view(Settings(shown, str(config_path(config)), bool(found.file))))
    return 0 if any(item.value for item in shown) else 1


@app.command("set")
@options.expand
def set_(
    key: Key,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="Such as US, America/Chicago or 48.")],
    start: Annotated[
        str,
        typer.Option(
            "--from", metavar="DATE", help="The day from which it holds: a region, share, tax form, agency or missions."
        ),
    ] = "",
    *,
    dry_run: options.DryRun = False,
    output: options.Output,
    place: options.Place,
) -> int:
    """Set one value in the file; comments and everything else stay as they are. Nothing is written that is not valid.

    A name that holds a dot stands in double quotes: 'creators."mara.b".region'. Without --from a region, a share or an agency
    always holds; with it, from that day on, at 00:00 in the rate zone's time. What that moves in the ledger is told.

    \b
    Examples:
      diamondctl config set creators.mara.region US
      diamondctl config set creators.mara.region GB --from 2026-06-01
      diamondctl config set creators.mara.share 48 --from 2026-10-01 --dry-run
      diamondctl config set creators.mara.agency.percent 10
    """

    from diamondctl.cli.saving import alone, save
    from diamondctl.config.edit import change

    where = target(output, columns=CHANGED.columns, stores=True)
    config, (wanted, day) = place.config, _wanted(key, start, place)
    path = settings.config_path(config)
    meant = _as_stored(wanted[-1], value)
    since = f" from {day}" if day else ""
    moved = None
    with alone(path):
        before = settings.read_bytes(path, must_exist=bool(config))
        text = settings.text_of(before, str(path))
        after = change(text, wanted, meant, day, file=str(path))
        if after != text or before is None:
            put = None if dry_run else partial(save, path, before, after)
            moved = _moving(place, wanted, f"{key_text(wanted)} {meant}{since}", after, put)
    found = settings.parse_config(after.encode(), str(path))
    (line,) = [item.place.line for item in found.settings if (item.key, item.start) == (wanted, day)]
    emit(where, set_view(Changed(Shown(wanted, meant, day, "config", "", str(path), line), moved, dry_run)))
    variable = f"DIAMONDCTL_{wanted[0].upper()}"
    if len(wanted) == 1 and os.environ.get(variable):
        _say(f"! {variable} is set in the environment and wins over it.", warning=True)
    return 0


def _wanted(key: str, start: str, place: options.Place) -> tuple[Key_, date | None]:
    """The setting and the day that are meant."""
    wanted = parse_key(key, _creators(place))
    day = parse.day(start, "--from")
    if day and not (wanted[0] == "creators" and wanted[2] in DATED):
        raise typer.BadParameter("--from goes with region, share, tax_form, scheme, agency and missions of a creator")
    return wanted, day


def _creators(place: options.Place) -> list[str]:
    """Whom the settings name, or else the ledger; nobody where neither can be read."""
    from diamondctl.cli.saving import creators_of

    with suppress(Refusal):
        return [*read_config(place.config if os.path.exists(place.config) else "").creators] or creators_of(place)
    return []


@app.command("unset")
@options.expand
def unset(
    key: Key,
    start: Annotated[str, typer.Option("--from", metavar="DATE", help="Take out only what holds from this day on.")] = "",
    *,
    dry_run: options.DryRun = False,
    output: options.Output,
    place: options.Place,
) -> int:
    """Take one setting out of the file; comments and everything else stay as they are. Exit code 1 when it is not set.

    A name that holds a dot stands in double quotes: 'creators."mara.b".region'. What that moves in the ledger is told.

    \b
    Examples:
      diamondctl config unset region
      diamondctl config unset creators.mara.share --from 2026-10-01
    """

    from diamondctl.cli.saving import alone, save
    from diamondctl.config.edit import clear

    where = target(output, columns=CHANGED.columns, stores=True)
    config, (wanted, day) = place.config, _wanted(key, start, place)
    path = settings.config_path(config)
    since = f" from {day}" if day else ""
    with alone(path):
        before = settings.read_bytes(path, must_exist=bool(config))
        text = settings.text_of(before, str(path))
        held = [item for item in settings.parse_config(before or b"", str(path)).settings if item.key == wanted]
        if not any(item.start == day for item in held):
            days = ", ".join(str(item.start) for item in held)
            _say(
                f"{key_text(wanted)}{since} is not set in {path}" + (f"; it is dated: --from {days}" if days else ""),
                warning=True,
            )
            return 1
        after = clear(text, wanted, day, file=str(path))
        put = None if dry_run else partial(save, path, before, after)
        moved = _moving(place, wanted, f"{key_text(wanted)}{since} unset", after, put)
    emit(where, set_view(Changed(Shown(wanted, "", day, "config", "", str(path)), moved, dry_run)))
    return 0


def _moving(place: options.Place, wanted: Key_, words: str, text: str, put: Callable[[], None] | None) -> Moved | None:
    """Put the settings in place, and tell what that moved; another ledger moves nothing. None: only tell what it would."""
    from diamondctl.cli.saving import moved_by, would_move

    if wanted == ("ledger",):
        if put is not None:
            put()
        return None
    creator = wanted[1] if wanted[0] == "creators" else ""
    return would_move(place, words, creator, text) if put is None else moved_by(place, words, creator, put)


def _as_stored(name: str, value: str) -> str:
    """A value as the file holds it: regions as capitals, percentages without the sign, folders from the root on."""
    if name == "region":
        return value.upper()
    if name in ("share", "percent"):
        return value.removesuffix("%")
    if name in ("rates", "ledger", "profiles") and value:
        return os.path.abspath(os.path.expanduser(value))  # noqa: PTH100, PTH111 - pathlib raises without a home
    return value


def _say(text: str, *, warning: bool = False) -> None:
    stream = sys.stderr if warning else sys.stdout
    stream.write(clean(text, stream.encoding) + "\n")


@app.command("path")
def path(config: options.Config = "") -> int:
    """The file in which the settings are, or would be.

    \b
    Examples:
      diamondctl config path
      $EDITOR "$(diamondctl config path)"
    """
    _say(str(config_path(config)))
    return 0
