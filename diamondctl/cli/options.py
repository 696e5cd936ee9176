"""Options with one meaning everywhere (cli.md section 2), and how their text becomes values.

Options that choose what is looked at have an environment name; those that change money or overwrite have none.
"""

from __future__ import annotations

import codecs
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from diamondctl import periods
from diamondctl.problems import Problem, Refusal

Creator = Annotated[
    str,
    typer.Option(
        "--creator",
        envvar="DIAMONDCTL_CREATOR",
        metavar="NAME",
        help="The creator, where rows name none; show only this one.",
    ),
]
Region = Annotated[
    str,
    typer.Option(
        "--region", envvar="DIAMONDCTL_REGION", metavar="CODE", help="Payout region, where rows name none: US, GB, DE, ..."
    ),
]
Platform = Annotated[str, typer.Option("--platform", envvar="DIAMONDCTL_PLATFORM", metavar="NAME", help="Platform.")]
PeriodText = Annotated[
    str,
    typer.Option(
        "-p",
        "--period",
        envvar="DIAMONDCTL_PERIOD",
        metavar="P",
        help="2026, 2026-Q3, 2026-10, 2026-W44, last-month or 2026-10-03..2026-10-09 (both days included). "
        "Default: the last month with data.",
    ),
]
AsOf = Annotated[str, typer.Option("--as-of", metavar="DATE", help="Pretend it is this date. Default: the end of the period.")]
RatesAsOf = Annotated[str, typer.Option("--rates-as-of", metavar="DATE", help="Use only what rate files said by this date.")]
Share = Annotated[
    str, typer.Option("--share", metavar="PERCENT", help="Your own reward share in percent; replaces the rate file's.")
]
TimeZone = Annotated[
    str,
    typer.Option(
        "--timezone", envvar="DIAMONDCTL_TIMEZONE", metavar="ZONE", help="Reporting time zone. Default: the rate file's."
    ),
]
InputTimeZone = Annotated[
    str,
    typer.Option(
        "--input-timezone",
        envvar="DIAMONDCTL_INPUT_TIMEZONE",
        metavar="ZONE",
        help="For times in files that name no zone. Default: UTC.",
    ),
]
Encoding = Annotated[str, typer.Option("--encoding", metavar="NAME", help="Of files that are not UTF-8, such as cp1252.")]
Rates = Annotated[
    str,
    typer.Option(
        "--rates",
        envvar="DIAMONDCTL_RATES",
        metavar="DIR",
        help="Your own rate files; a zone file here replaces the shipped one whole.",
    ),
]
Format = Annotated[str, typer.Option("-f", "--format", metavar="F", help="table or json. Default: table.")]
Json = Annotated[bool, typer.Option("--json", help="Short for -f json.")]
Output = Annotated[
    str,
    typer.Option(
        "-o", "--output", metavar="FILE", help="Write to FILE (.json or .txt) instead of the screen; - is the screen."
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Let -o replace an existing file.")]
Colour = Annotated[str, typer.Option("--color", metavar="WHEN", help="auto, always or never.")]


def share(text: str) -> Decimal | None:
    """A share in percent, with or without the sign; refuses fractions, and more than all of it (A004)."""
    if not text:
        return None
    digits = text.removesuffix("%")
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,12})?", digits):
        raise Refusal(Problem("A004", f"--share: '{text}' is not a percentage", "write it as 48 or 36.5"))
    value = Decimal(digits)
    if value > 100:
        raise Refusal(Problem("A004", f"--share: {text} is more than all of it", "from 0 to 100"))
    if 0 < value < 1:
        whole = f"{value.scaleb(2).normalize():f}"
        hint = f"did you mean --share {whole}?"
        raise Refusal(Problem("A004", f"--share: {text} looks like a fraction, percentages are written {whole}", hint))
    return value


def day(text: str, option: str) -> date | None:
    """A date, or None when the option was not given."""
    return periods.parse_day(text, option) if text else None


def region(text: str) -> str:
    """A region of two letters as capitals, or blank (A012)."""
    if text and not re.fullmatch("[A-Za-z]{2}", text):
        raise Refusal(
            Problem("A012", f"--region: '{text}' is not a region", "two letters such as US; see: diamondctl rates list")
        )
    return text.upper()


def timezone(text: str) -> str:
    """A known time zone, or blank."""
    return periods.zone(text).key or text if text else ""


def encoding(text: str) -> str:
    """The name of a text encoding Python knows; blank is UTF-8 (A007)."""
    if not text:
        return "utf-8"
    try:
        "".encode(text)
        return codecs.lookup(text).name
    except (LookupError, UnicodeError, ValueError):
        hint = "use a name such as cp1252, latin-1 or utf-16"
        raise Refusal(Problem("A007", f"--encoding: '{text}' is not a text encoding", hint)) from None


def folder(text: str, option: str) -> Path | None:
    """An existing folder or file, or None when the option was not given."""
    if not text:
        return None
    path = Path(text)
    if not path.exists():
        raise Refusal(Problem("F001", f"{option}: no such folder", "", text))
    return path
