"""Options with one meaning everywhere, as Typer shows them; `parse` makes values of their text.

Options that choose what is looked at have an environment name; those that change money or overwrite have none. The help of a
command shows ten: its own, then those of a group by their `rank`; one that is for `later` stands in `--help-all` alone.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Final, NamedTuple, get_type_hints

import typer

from diamondctl.cli import completion
from diamondctl.cli.helping import LATER
from diamondctl.problems import Misuse
from diamondctl.readers.engines import ENGINES
from diamondctl.render.formats import FORMATS, ROWS, Format, endings, listed, names


def option(
    *names: str,
    help: str,
    metavar: str | None = None,
    env: str | None = None,
    complete: Callable[[str], list[str]] | None = None,
    rank: int = 0,
    later: bool = False,
    **more: Any,
) -> Any:
    """One option, with its environment name and its completion."""
    variable = f"DIAMONDCTL_{env}" if env else None
    panel = LATER if later else str(rank)
    return typer.Option(
        *names, help=help, metavar=metavar, envvar=variable, autocompletion=complete, rich_help_panel=panel, **more
    )


Config = Annotated[
    str,
    option(
        "--config", rank=9, metavar="FILE", env="CONFIG", help="File of settings. Default: the one that `config path` names."
    ),
]
Platform = Annotated[
    str, option("--platform", later=True, metavar="NAME", env="PLATFORM", help="Platform. Default: the config's, else tiktok.")
]
Region = Annotated[
    str,
    option(
        "--region",
        rank=2,
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
        later=True,
        metavar="DIR",
        env="RATES",
        help="Your own rate files; a zone file here replaces the shipped one whole.",
    ),
]
Creator = Annotated[
    str,
    option(
        "--creator",
        rank=4,
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
        later=True,
        metavar="ZONE",
        env="TIMEZONE",
        help="Reporting time zone. Default: the config's, else the rate file's.",
    ),
]
InputTimezone = Annotated[
    str,
    option(
        "--input-timezone",
        later=True,
        metavar="ZONE",
        env="INPUT_TIMEZONE",
        help="For times in files that name no zone. Default: the config's, else UTC.",
    ),
]
RatesAsOf = Annotated[
    str, option("--rates-as-of", later=True, metavar="DATE", help="Use only what rate files said by this date.")
]
Ledger = Annotated[
    str,
    option(
        "--ledger", rank=8, metavar="DIR", env="LEDGER", help="The folder of the ledger. Default: in your user data folder."
    ),
]
Encoding = Annotated[str, option("--encoding", later=True, metavar="NAME", help="Of files that are not UTF-8, such as cp1252.")]
DryRun = Annotated[bool, option("-n", "--dry-run", rank=3, help="Show what would happen, and store nothing.")]
OnlyPeriod = Annotated[
    str,
    option(
        "--only-period",
        rank=5,
        metavar="P",
        help="Refuse, and store nothing, if figures of other months than these would move: 2026-10, 2026-Q4, 2026.",
    ),
]
Correct = Annotated[
    bool,
    option("--correct", help="Book what this moves in closed months as corrections of the first open one."),
]
Opening = Annotated[
    str, option("--opening", rank=1, metavar="AMOUNT", help="What the wallet held before the files; 0 if nothing.")
]
Fx = Annotated[
    str,
    option(
        "--fx",
        later=True,
        metavar="FILE",
        help="Exchange rates as the ECB gives them (eurofxref-hist.csv), for fees and minimums in another currency.",
    ),
]
Method = Annotated[
    str,
    option(
        "--method",
        rank=1,
        metavar="NAME",
        help="Payout method, such as paypal. Default: the creator's in the config, else those of the rate file.",
    ),
]

Profile = Annotated[
    str,
    option(
        "--profile",
        later=True,
        metavar="FILE|DIR",
        env="PROFILE",
        help="Mapping for files of another shape (see: diamondctl profile), or a folder of them.",
    ),
]
EarningUnit = Annotated[
    str,
    option(
        "--earning-unit",
        later=True,
        metavar="UNIT",
        help="Of TotalEarning in a TikTok data export: diamonds. Without it sessions have no amount.",
    ),
]
Salvage = Annotated[
    bool, option("--salvage", later=True, help="Read the complete records of a file that was cut off, and say what is lost.")
]

AsOf = Annotated[str, option("--as-of", rank=5, metavar="DATE", env="AS_OF", help="The day that is now. Default: today.")]
Share = Annotated[
    str | None,
    option(
        "--share",
        rank=3,
        metavar="PERCENT",
        help="Your own reward share in percent, all the time; replaces the rate file's and the config's.",
    ),
]
Scheme = Annotated[
    str,
    option(
        "--scheme",
        later=True,
        metavar="WORD",
        complete=completion.words("missions", "flat"),
        help="Where missions are for some creators only: missions if LIVE Center shows yours, else flat.",
    ),
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
            rank=1,
            metavar="P",
            env="PERIOD",
            complete=completion.recent_periods,
            help="2026, 2026-Q3, 2026-10, october, 2026-W44, 2026-10-05, today, this-month, last-month or "
            "2026-10-03..2026-10-09 (both days included). "
            "Default: the last month in which a LIVE began.",
        ),
    ] = ""
    as_of: AsOf = ""
    basis: Annotated[
        str,
        option(
            "--basis",
            later=True,
            metavar="BASIS",
            env="BASIS",
            complete=completion.words("earned", "credited", "paid"),
            help="What decides the period of money: earned (when gifts were sent), credited (when the platform books it) or "
            "paid (when it arrived).",
        ),
    ] = "earned"
    share: Share = None
    active_fans: Annotated[
        int | None,
        option(
            "--active-fans",
            later=True,
            min=0,
            max=999_999_999,
            metavar="N",
            help="Active fans of the week, for a share built from missions.",
        ),
    ] = None
    league: Annotated[
        str,
        option("--league", later=True, metavar="WORD", help="League mission of the week, as the rate file calls it, or none."),
    ] = ""
    scheme: Scheme = ""
    penalty: Annotated[
        str | None,
        option("--penalty", later=True, metavar="POINTS", help="Points taken off for breaches; 0 if there was none."),
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
            later=True,
            metavar="GAP",
            help="Where gifts name no stream, begin a new one after a pause of GAP: 2h, 90m. Default: one credit a day.",
        ),
    ] = ""
    earning_unit: EarningUnit = ""
    salvage: Salvage = False
    engine: Annotated[
        str,
        option(
            "--engine",
            later=True,
            metavar="NAME",
            env="ENGINE",
            complete=completion.words(*ENGINES),
            help="What adds up many files: duckdb in this process (default), or spark where one runs (see: help scale).",
        ),
    ] = ""
    master: Annotated[
        str,
        option(
            "--master", later=True, metavar="URL", env="MASTER", help="Where Spark is: spark://HOST:7077, sc://HOST, local[*]."
        ),
    ] = ""


def _format(*more: Format) -> Any:
    """The option that names a format: those of every report, and `more`."""
    known = names((*FORMATS, *more))
    text = f"{listed(known, 'or')}. Default: {known[0]}."
    return Annotated[str, option("-f", "--format", rank=6, metavar="F", help=text, complete=completion.words(*known))]


def _output(*more: Format) -> Any:
    """The option that names a file: the ending of every format that has one picks it."""
    text = f"Write to FILE; its ending ({' '.join(endings((*FORMATS, *more)))}) picks the format. - is the screen."
    return Annotated[str, option("-o", "--output", rank=7, metavar="FILE", help=text)]


# Rows are for spreadsheets first.
_ROWS: Final = listed(sorted(ROWS, key=lambda name: name.startswith("json")), "and")


class Output(NamedTuple):
    """The form of a report and where it goes. For every report."""

    format: _format() = ""  # type: ignore[valid-type]
    json: Annotated[bool, option("--json", later=True, help="Short for -f json.")] = False
    csv: Annotated[bool, option("--csv", later=True, help="Short for -f csv.")] = False
    output: _output() = ""  # type: ignore[valid-type]
    force: Annotated[bool, option("--force", later=True, help="Let -o replace an existing file.")] = False
    columns: Annotated[str, option("--columns", later=True, metavar="A,B", help=f"Only these columns, for {_ROWS}.")] = ""
    sort: Annotated[
        str, option("--sort", later=True, metavar="COLUMN", help=f"Sort rows of {_ROWS}; -COLUMN for the reverse.")
    ] = ""
    limit: Annotated[
        int | None,
        option(
            "--limit",
            later=True,
            min=0,
            metavar="N",
            help="At most N rows; 0 is all. Default: all, on a terminal as many as it shows.",
        ),
    ] = None
    quiet: Annotated[bool, option("-q", "--quiet", later=True, help="Leave the notes out; warnings stay.")] = False
    verbose: Annotated[bool, option("-v", "--verbose", help="Show the evidence too: rates, sources, every remark.")] = False
    color: Annotated[
        str,
        option(
            "--color",
            later=True,
            metavar="WHEN",
            help="auto, always or never.",
            complete=completion.words("auto", "always", "never"),
        ),
    ] = "auto"


class Between(NamedTuple):
    """What is compared with what. For the commands that decide over a change of rate files."""

    base: Annotated[
        str, typer.Argument(metavar="[BASE]", help="A file, a folder, a git revision, or REVISION:PATH; not with --base-rev.")
    ] = ""
    head: Annotated[str, typer.Argument(metavar="[HEAD]", help="The same. Default: rates/ as it is on disk.")] = ""
    base_rev: Annotated[
        str, option("--base-rev", metavar="REV", help="The base is this git revision, or REV:PATH, and never a file.")
    ] = ""
    merge_base: Annotated[
        str,
        option(
            "--merge-base",
            metavar="REF",
            help="The base is the commit at which HEAD left this branch; auto: that of origin, else main.",
        ),
    ] = ""


class Place(NamedTuple):
    """Which ledger is meant. For every command that works on it."""

    ledger: Ledger = ""
    config: Config = ""


class Recording(NamedTuple):
    """What every record says: whose, in which wallet, under which name, why. For every `record`."""

    creator: Annotated[
        str,
        option(
            "--creator", rank=4, metavar="NAME", env="CREATOR", help="Whose it is; not needed where only one is known.",
            complete=completion.creators,
        ),
    ] = ""  # fmt: skip
    region: Annotated[
        str, option("--region", rank=2, metavar="CODE", help="Which wallet, where the creator is paid in several currencies.")
    ] = ""
    currency: Annotated[str, option("--currency", rank=3, metavar="CODE", help="Of the amount. Default: the wallet's.")] = ""
    id: Annotated[
        str, option("--id", rank=6, metavar="TEXT", help="A name of yours: recorded again under it, nothing is counted twice.")
    ] = ""
    reason: Annotated[str, option("--reason", rank=4, metavar="TEXT", help="Why; shown in reports.")] = ""
    only_period: OnlyPeriod = ""
    correct: Correct = False
    dry_run: DryRun = False
    ledger: Ledger = ""
    config: Config = ""
    platform: Platform = ""
    rates: Rates = ""


_GROUPS: Final = (Place, Inputs, Output, Recording, Between)


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
        try:
            return function(**arguments, **values)
        except Misuse as misuse:
            raise typer.BadParameter(str(misuse)) from None

    command.__doc__ = function.__doc__
    command.__name__ = function.__name__
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return command


def with_formats(*more: Format) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Let -f and -o of an expanded command name these formats too: the ones that only it can write."""

    def name_them(command: Callable[..., int]) -> Callable[..., int]:
        hints = {"format": _format(*more), "output": _output(*more)}
        signature = inspect.signature(command)
        changed = [p.replace(annotation=hints.get(p.name, p.annotation)) for p in signature.parameters.values()]
        command.__signature__ = signature.replace(parameters=changed)  # type: ignore[attr-defined]
        return command

    return name_them
