"""Options with one meaning everywhere, and how their text becomes values.

Options that choose what is looked at have an environment name; those that change money or overwrite have none.
"""

from __future__ import annotations

import codecs
import inspect
import os
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple, get_type_hints

import typer

from diamondctl import periods
from diamondctl.cli import completion
from diamondctl.problems import Problem, Refusal
from diamondctl.render.formats import FORMATS, ROWS, Format, endings, listed, names


def option(
    *names: str,
    help: str,
    metavar: str | None = None,
    env: str | None = None,
    complete: Callable[[str], list[str]] | None = None,
) -> Any:
    """One option, with its environment name and its completion."""
    variable = f"DIAMONDCTL_{env}" if env else None
    return typer.Option(*names, help=help, metavar=metavar, envvar=variable, autocompletion=complete)


Config = Annotated[
    str,
    option("--config", metavar="FILE", env="CONFIG", help="File of settings. Default: the one that `config path` names."),
]
Platform = Annotated[
    str, option("--platform", metavar="NAME", env="PLATFORM", help="Platform. Default: the config's, else tiktok.")
]
Region = Annotated[
    str,
    option(
        "--region",
        metavar="CODE",
        env="REGION",
        help="Payout region, where rows name none: US, GB, DE, ... Default: the config's.",
        complete=completion.regions,
    ),
]
Rates = Annotated[
    str,
    option(
        "--rates",
        metavar="DIR",
        env="RATES",
        help="Your own rate files; a zone file here replaces the shipped one whole.",
    ),
]
Creator = Annotated[
    str,
    option(
        "--creator",
        metavar="NAME",
        env="CREATOR",
        help="The creator, where rows name none; show only this one.",
        complete=completion.creators,
    ),
]
Timezone = Annotated[
    str,
    option(
        "--timezone",
        metavar="ZONE",
        env="TIMEZONE",
        help="Reporting time zone. Default: the config's, else the rate file's.",
    ),
]
InputTimezone = Annotated[
    str,
    option(
        "--input-timezone",
        metavar="ZONE",
        env="INPUT_TIMEZONE",
        help="For times in files that name no zone. Default: the config's, else UTC.",
    ),
]
RatesAsOf = Annotated[str, option("--rates-as-of", metavar="DATE", help="Use only what rate files said by this date.")]
Ledger = Annotated[
    str,
    option("--ledger", metavar="DIR", env="LEDGER", help="The folder of the ledger. Default: in your user data folder."),
]
Encoding = Annotated[str, option("--encoding", metavar="NAME", help="Of files that are not UTF-8, such as cp1252.")]
DryRun = Annotated[bool, option("-n", "--dry-run", help="Show what would happen, and store nothing.")]
Method = Annotated[
    str,
    option(
        "--method",
        metavar="NAME",
        help="Payout method, such as paypal. Default: the creator's in the config, else those of the rate file.",
    ),
]

Profile = Annotated[
    str,
    option(
        "--profile",
        metavar="FILE|DIR",
        env="PROFILE",
        help="Mapping for files of another shape (see: diamondctl profile), or a folder of them.",
    ),
]
EarningUnit = Annotated[
    str,
    option(
        "--earning-unit",
        metavar="UNIT",
        help="Of TotalEarning in a TikTok data export: diamonds. Without it sessions have no amount.",
    ),
]
Salvage = Annotated[
    bool, option("--salvage", help="Read the complete records of a file that was cut off, and say what is lost.")
]


class Inputs(NamedTuple):
    """Files, and what they are looked at with. For every report on gifts."""

    file: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE]...", help="Files, folders, or - for standard input. Default: the ledger."),
    ] = None
    ledger: Ledger = ""
    creator: Creator = ""
    region: Region = ""
    platform: Platform = ""
    period: Annotated[
        str,
        option(
            "-p",
            "--period",
            metavar="P",
            env="PERIOD",
            complete=completion.recent_periods,
            help="2026, 2026-Q3, 2026-10, 2026-W44, last-month or 2026-10-03..2026-10-09 (both days included). "
            "Default: the last month with data.",
        ),
    ] = ""
    as_of: Annotated[
        str, option("--as-of", metavar="DATE", help="Pretend it is this date. Default: the end of the period.")
    ] = ""
    share: Annotated[
        str | None,
        option(
            "--share",
            metavar="PERCENT",
            help="Your own reward share in percent, all the time; replaces the rate file's and the config's.",
        ),
    ] = None
    active_fans: Annotated[
        int | None,
        typer.Option(
            "--active-fans",
            min=0,
            max=999_999_999,
            metavar="N",
            help="Active fans of the week, for a share built from missions.",
        ),
    ] = None
    league: Annotated[
        str, option("--league", metavar="WORD", help="League mission of the week, as the rate file calls it, or none.")
    ] = ""
    penalty: Annotated[
        str | None, option("--penalty", metavar="POINTS", help="Points taken off for breaches; 0 if there was none.")
    ] = None
    rates: Rates = ""
    rates_as_of: RatesAsOf = ""
    timezone: Timezone = ""
    input_timezone: InputTimezone = ""
    encoding: Encoding = ""
    config: Config = ""
    profile: Profile = ""
    infer_streams: Annotated[
        str,
        option(
            "--infer-streams",
            metavar="GAP",
            help="Where gifts name no stream, begin a new one after a pause of GAP: 2h, 90m. Default: one credit a day.",
        ),
    ] = ""
    earning_unit: EarningUnit = ""
    salvage: Salvage = False


def _format(*more: Format) -> Any:
    """The option that names a format: those of every report, and `more`."""
    known = names((*FORMATS, *more))
    text = f"{listed(known, 'or')}. Default: {known[0]}."
    return Annotated[str, option("-f", "--format", metavar="F", help=text, complete=completion.words(*known))]


# Rows are for spreadsheets first.
_ROWS: Final = listed(sorted(ROWS, key=lambda name: name.startswith("json")), "and")


class Output(NamedTuple):
    """The form of a report and where it goes. For every report."""

    format: _format() = ""  # type: ignore[valid-type]
    json: Annotated[bool, option("--json", help="Short for -f json.")] = False
    csv: Annotated[bool, option("--csv", help="Short for -f csv.")] = False
    output: Annotated[
        str,
        option(
            "-o",
            "--output",
            metavar="FILE",
            help=f"Write to FILE; its ending ({' '.join(endings(FORMATS))}) picks the format. - is the screen.",
        ),
    ] = ""
    force: Annotated[bool, option("--force", help="Let -o replace an existing file.")] = False
    columns: Annotated[str, option("--columns", metavar="A,B", help=f"Only these columns, for {_ROWS}.")] = ""
    sort: Annotated[str, option("--sort", metavar="COLUMN", help=f"Sort rows of {_ROWS}; -COLUMN for the reverse.")] = ""
    limit: Annotated[int, typer.Option("--limit", min=0, metavar="N", help=f"At most N rows of {_ROWS}; 0 is all.")] = 0
    quiet: Annotated[bool, option("-q", "--quiet", help=f"No notes on standard error beside {_ROWS}; warnings stay.")] = False
    color: Annotated[
        str,
        option(
            "--color",
            metavar="WHEN",
            help="auto, always or never.",
            complete=completion.words("auto", "always", "never"),
        ),
    ] = "auto"


class Place(NamedTuple):
    """Which ledger is meant. For every command that works on it."""

    ledger: Ledger = ""
    config: Config = ""


_GROUPS: Final = (Place, Inputs, Output)


@cache
def _hints(group: type) -> dict[str, Any]:
    """The options of a group. Remembered: every command of the tree asks, at every start."""
    return get_type_hints(group, include_extras=True)


def expand(function: Callable[..., int]) -> Callable[..., int]:
    """Give Typer the single options of every group (`Inputs`, `Output`) that `function` takes as one argument."""
    groups: dict[str, Any] = {}
    parameters: list[inspect.Parameter] = []
    for parameter in inspect.signature(function, eval_str=True).parameters.values():
        if parameter.annotation not in _GROUPS:
            parameters.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))
            continue
        group = groups[parameter.name] = parameter.annotation
        for name, hint in _hints(group).items():
            default = group._field_defaults.get(name, inspect.Parameter.empty)
            parameters.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint))

    def command(**values: Any) -> int:
        arguments = {name: group(**{field: values.pop(field) for field in group._fields}) for name, group in groups.items()}
        return function(**arguments, **values)

    command.__doc__ = function.__doc__
    command.__name__ = function.__name__
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return command


def with_formats(*more: Format) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Let -f of an expanded command name these formats too: the ones that only it can write."""

    def name_them(command: Callable[..., int]) -> Callable[..., int]:
        hint = _format(*more)
        signature = inspect.signature(command)
        changed = [p.replace(annotation=hint) if p.name == "format" else p for p in signature.parameters.values()]
        command.__signature__ = signature.replace(parameters=changed)  # type: ignore[attr-defined]
        return command

    return name_them


def percent(text: str | None, option: str) -> Decimal | None:
    """A percentage, with or without the sign; refuses fractions, and more than all of it (A004).

    None was not given. A blank was: it is what a shell makes of a variable that is not set, and no share at all.
    """
    if text is None:
        return None
    digits = text.removesuffix("%")
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,12})?", digits):
        raise Refusal(Problem("A004", f"{option}: '{text}' is not a percentage", "write it as 48 or 36.5"))
    value = Decimal(digits)
    if value > 100:
        raise Refusal(Problem("A004", f"{option}: {text} is more than all of it", "from 0 to 100"))
    if 0 < value < 1:
        whole = f"{value.scaleb(2).normalize():f}"
        hint = f"did you mean {option} {whole}?"
        raise Refusal(Problem("A004", f"{option}: {text} looks like a fraction, percentages are written {whole}", hint))
    return value


def amount(text: str, option: str) -> Decimal | None:
    """A sum of money, or None when it was not given (A017)."""
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,4})?", text) or not Decimal(text):
        hint = "digits and a point, such as 1000.00, in the currency of the account"
        raise Refusal(Problem("A017", f"{option}: '{text}' is no amount of money", hint))
    return Decimal(text)


def hours(text: str) -> int | None:
    """Hours as quarters of one, or None when they were not given."""
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,2})?", text) or (Decimal(text) * 4) % 1:
        raise typer.BadParameter(f"--hours: '{text}' is no number of hours in quarters, such as 24 or 12.5")
    return int(Decimal(text) * 4)


def points(text: str | None, option: str) -> Decimal | None:
    """Points of a share, from 0 to 100; None was not given (A004)."""
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,12})?", text) or Decimal(text) > 100:
        raise Refusal(Problem("A004", f"{option}: '{text}' is no number of points", "from 0 to 100, such as 0 or 12.5"))
    return Decimal(text)


def one_of(text: str, option: str, words: tuple[str, ...]) -> None:
    """Refuse a word that is not one of a few."""
    if text not in words:
        raise typer.BadParameter(f"{option}: '{text}' is not one of: {', '.join(words)}")


def conditions(texts: list[str]) -> dict[str, bool]:
    """`NAME=yes` and `NAME=no` as a mapping; refuses everything else (A016)."""
    found: dict[str, bool] = {}
    for text in texts:
        name, equals, answer = text.partition("=")
        if not name or not equals or answer not in ("yes", "no"):
            hint = "write it as no_tax_form=no"
            raise Refusal(Problem("A016", f"--condition: '{text}' is not a condition and its answer", hint))
        if found.get(name, answer == "yes") != (answer == "yes"):
            raise Refusal(Problem("A016", f"--condition: {name} cannot be both yes and no", "give it once"))
        found[name] = answer == "yes"
    return found


def day(text: str, option: str) -> date | None:
    """A date, or None when the option was not given."""
    return periods.parse_day(text, option) if text else None


def text(given: str, option: str) -> str:
    """A text that can be stored, in the one spelling of Unicode; bytes that are no UTF-8 are a usage error."""
    try:
        given.encode()
    except UnicodeEncodeError:
        raise typer.BadParameter(f"{option}: '{given}' is not UTF-8") from None
    return unicodedata.normalize("NFC", given)


def region(text: str) -> str:
    """A region of two letters as capitals, or blank (A012)."""
    if text and not re.fullmatch("[A-Za-z]{2}", text):
        raise Refusal(
            Problem("A012", f"--region: '{text}' is not a region", "two letters such as US; see: diamondctl rates list")
        )
    return text.upper()


def timezone(text: str, option: str) -> str:
    """A known time zone, or blank."""
    try:
        return periods.zone(text).key or text if text else ""
    except Refusal as refusal:
        problem = refusal.problems[0]
        raise Refusal(problem._replace(message=f"{option}: {problem.message}")) from None


def of_files_only(given: Inputs) -> None:
    """Refuse options that would change nothing, because no file is named and the ledger holds what was imported."""
    for name, said in (
        ("--infer-streams", given.infer_streams),
        ("--earning-unit", given.earning_unit),
        ("--salvage", given.salvage),
    ):
        if said:
            raise typer.BadParameter(f"{name} is for files: name some (the ledger keeps gifts as they were imported)")


def pause(text: str) -> int:
    """Quarters of an hour in a pause written 2h, 90m or 1h30m; 0 for none (A018)."""
    if not text:
        return 0
    match = re.fullmatch("(?:([0-9]{1,2})h)?(?:([0-9]{1,3})m)?", text)
    minutes = int(match[1] or 0) * 60 + int(match[2] or 0) if match else 0
    if not 30 <= minutes <= 24 * 60 or minutes % 15:
        hint = "such as 2h or 90m: from 30m to 24h, in steps of 15 minutes"
        raise Refusal(Problem("A018", f"--infer-streams: '{text}' is not a pause between streams", hint))
    return minutes // 15


def earning_unit(text: str) -> str:
    """The unit of a data export's session totals, or blank (T007)."""
    if text not in ("", "diamonds"):
        hint = "only diamonds can be rated; an amount of money is already what the platform says"
        raise Refusal(Problem("T007", f"--earning-unit: '{text}' is not diamonds", hint))
    return text


def encoding(text: str) -> str:
    """The name of a text encoding Python knows; blank is UTF-8 (A007)."""
    if not text:
        return "utf-8"
    try:
        name = codecs.lookup(text).name
        if name.replace("-", "_") in ("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"):
            raise LookupError
        "".encode(name)
        return name
    except (LookupError, UnicodeError, ValueError):
        hint = "use a name such as cp1252, latin-1 or utf-16"
        raise Refusal(Problem("A007", f"--encoding: '{text}' is not a text encoding", hint)) from None


def folder(text: str, option: str) -> Path | None:
    """An existing folder or file, or None when the option was not given."""
    if not text:
        return None
    if not os.path.exists(text):  # Path.exists raises where os.path only says no
        raise Refusal(Problem("F001", f"{option}: no such file or folder", "", text))
    if not os.path.isdir(text) and not os.path.isfile(text):
        raise Refusal(Problem("F002", f"{option}: neither a folder nor a regular file", "", text))
    return Path(text)
