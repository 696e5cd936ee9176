"""What the text of an option says, as a value; what says nothing is refused."""

from __future__ import annotations

import codecs
import os
import re
import unicodedata
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from diamondctl import periods
from diamondctl.money import MINOR_UNITS
from diamondctl.problems import Misuse, Problem, Refusal
from diamondctl.reports.moved import Months
from diamondctl.reports.values import BASES, Basis
from diamondctl.words import as_meant

MOST_COINS: Final = 999_999_999_999_999


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


def amount(text: str, option: str, *, zero: bool = False) -> Decimal | None:
    """A sum of money, or None when it was not given (A017); with `zero` nothing is one too."""
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,4})?", text) or not (zero or Decimal(text)):
        hint = "digits and a point, such as 1000.00, in the currency of the account"
        raise Refusal(Problem("A017", f"{option}: '{text}' is no amount of money", hint))
    return Decimal(text)


def hours(text: str) -> int | None:
    """Hours as quarters of one, or None when they were not given."""
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,2})?", text) or (Decimal(text) * 4) % 1:
        raise Misuse(f"--hours: '{text}' is no number of hours in quarters, such as 24 or 12.5")
    return int(Decimal(text) * 4)


def decimals_of(currency: str, option: str) -> int:
    """The decimals of a currency; refuses what is none."""
    if currency not in MINOR_UNITS:
        raise Misuse(f"{option}: '{currency}' is not a currency: three letters of ISO 4217, such as USD")
    return MINOR_UNITS[currency]


def coins(text: str) -> int:
    """A number of coins (G020, G021); thousands may be set apart by commas."""
    plain = text.replace(",", "") if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+", text) else text
    if not re.fullmatch(r"[0-9]{1,18}", plain) or not int(plain):
        raise Refusal(Problem("G020", f"COINS: '{text}' is no number of coins", "write it in digits, such as 20265"))
    if int(plain) > MOST_COINS:
        raise Refusal(Problem("G021", f"COINS: {text} is more than {MOST_COINS:,}", "is this what your fans sent?"))
    return int(plain)


def points(text: str | None, option: str, most: Decimal | None = None) -> Decimal | None:
    """Points of a share, from 0 to 100 or to the `most` that a breach can take off; None was not given (A004)."""
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,12})?", text) or Decimal(text) > 100:
        raise Refusal(Problem("A004", f"{option}: '{text}' is no number of points", "from 0 to 100, such as 0 or 12.5"))
    if most is not None and Decimal(text) > most:
        raise Misuse(f"{text} points are more than a breach can take off: {most.normalize():f}")
    return Decimal(text)


def one_of(text: str, option: str, words: tuple[str, ...]) -> None:
    """Refuse a word that is not one of a few."""
    if text not in words:
        raise Misuse(f"{option}: '{text}' is not one of: {', '.join(words)}")


def basis(text: str) -> Basis:
    """What decides the period of money."""
    one_of(text, "--basis", BASES)
    return next(word for word in BASES if word == text)


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


def only_period(text: str, today: date) -> Months | None:
    """The months whose figures alone a change may move, or None when the option was not given."""
    if not text:
        return None
    period = periods.parse_period(text, today)
    first, last = periods.month_of(period.start), periods.month_of(period.last_day)
    if (first.start, last.end) != (period.start, period.end):
        raise Misuse(f"--only-period: {period.label} is not made of whole months, such as 2026-10 or 2026-Q4")
    return Months(first.label, last.label)


def text(given: str, option: str) -> str:
    """A text that can be stored, in the one spelling of Unicode; bytes that are no UTF-8 are a usage error."""
    try:
        given.encode()
    except UnicodeEncodeError:
        raise Misuse(f"{option}: '{given}' is not UTF-8") from None
    return unicodedata.normalize("NFC", given)


def name(given: str) -> str:
    """A creator's name, in the one spelling of Unicode; as files have it, or as screens show it: `<U+202E>`."""
    return unicodedata.normalize("NFC", as_meant(given))


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
