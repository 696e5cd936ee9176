"""What the reports on LIVEs, gifts and hours share: bars, days as people write them, and how an answer came about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from diamondctl.money import MINOR_UNITS
from diamondctl.render import shape as f
from diamondctl.render.page import Part, said
from diamondctl.reports.method import Method
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import Account

BAR: Final = 20
WIDE: Final = 90  # cells, from which on there is a column of money


def float_free(number: Fraction) -> Decimal:
    """A whole number, or one and a half, as a decimal."""
    return Decimal(number.numerator) / Decimal(number.denominator)


def percent_text(percent: Decimal) -> str:
    """`38%`; below one `0.4%`."""
    if percent and abs(percent) < 1:
        return f"{percent:f}%"
    return f"{int(percent + Decimal('0.5')):,}%"


METHOD: f.Fields = (
    f.Field("question"),
    f.Field("method"),
    f.Field("n"),
    f.Field("limits", f.each(f.TEXT)),
)
METHOD_FIELD: Final = f.Field("method", f.one(METHOD))
# A number in the middle may be a half.
HALF: Final = f.DECIMAL._replace(
    json=lambda value: str(float_free(value)),
    flat=lambda key, value: {key: str(float_free(value))},
    screen=lambda value: f"{float_free(value):,}",
)
PERCENT: Final = f.DIGITS._replace(screen=percent_text)


def both(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def bar(number: int, most: int, width: int = BAR) -> str:
    """A bar in proportion; something is there for everything above nothing."""
    length = number * width // most if most > 0 else 0
    return "█" * max(length, 1 if number > 0 else 0)


def day_text(moment: datetime) -> str:
    """`Fri 23 Oct`, one digit of a day set as wide as two."""
    return f"{moment:%a} {moment.day:>2} {moment:%b}"


def day_text_of(day: date) -> str:
    """`Sun 8 Nov`."""
    return f"{day:%a} {day.day} {day:%b}"


def minutes_text(seconds: int) -> str:
    """`44 hours`, `52 minutes`, rounded down."""
    hours, rest = divmod(seconds // 60, 60)
    number, noun = (hours, "hour") if hours else (rest, "minute")
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def currency_of(scope: Scope) -> str:
    """The one currency of a report; blank where there are several or none."""
    found = {account.currency for account in scope.accounts if account.currency in MINOR_UNITS}
    return found.pop() if len(found) == 1 else ""


def got_fields(*, title: str = "") -> f.Fields:
    """What a group of gifts brought, of a row with `account` and `got`."""
    return (
        f.Field("gifts", f.COUNT, "got.gifts", "Gifts"),
        f.Field("coins", f.COUNT, "got.coins", "Coins"),
        f.Field("diamonds", f.DECIMAL, "got.diamonds"),
        f.money("reward", "got.reward", "account.currency", maybe=True, title=title, blank="unrated"),
    )


def method_part(method: Method) -> Part:
    """The evidence of an answer, behind `-v`."""
    return said(
        f"Question: {method.question}",
        f"How: {method.method}",
        f"On: {method.n}",
        *(f"Limit: {text}" for text in method.limits),
    )


def who(accounts: Sequence[Account]) -> int:
    """How many creators there are."""
    return len({account.creator for account in accounts})


def reward_column(scope: Scope, width: int | None) -> dict[str, str]:
    """The column of rewards by its title, where there is room and one currency."""
    currency = currency_of(scope) if width is None or width >= WIDE else ""
    return {"reward": f"Reward ({currency})"} if currency else {}


def part_title(scope: Scope) -> str:
    """The title of a column of percents: of a month, or of any other period."""
    label = scope.period.label
    return "Of month" if label.count("-") == 1 and "W" not in label and "Q" not in label else "Of all"
