"""Numbers as people read them: thousands marks, one decimal count per column, ranges as `low - high`. Never re-rounded."""

from __future__ import annotations

from decimal import Decimal

from diamondctl.money import MINOR_UNITS, Range, amount_text


def plain(number: Decimal) -> str:
    """Digits without exponent and without needless zeros: `0.01`, `29999`."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def count(number: Decimal | int) -> str:
    """A count or an exact fraction of one, with thousands marks."""
    whole, _, fraction = plain(Decimal(number)).partition(".")
    return f"{int(whole):,}" + (f".{fraction}" if fraction else "")


def money(amount: Decimal, currency: str) -> str:
    """What a rule or a person says, which rests on nothing, with all of its decimals."""
    return amount_text(Range.of(amount), currency)


def money_range(amount: Range, currency: str) -> str:
    """`1,008.80`, `0.00 - 1,099.21` where only the ends are known, `about 91.50` where it rests on what is assumed."""
    return amount_text(amount, currency)


def figure(value: Range, unit: str) -> str:
    """A figure in its unit: a currency, or a count."""
    if unit in MINOR_UNITS:
        return money_range(value, unit)
    low = count(value.low)
    return low if value.is_exact else f"{low} - {count(value.high)}"


def change(percent: Decimal | None) -> str:
    """`-20.1%`, `+3.0%`, `0.0%`; blank where there is none."""
    if percent is None:
        return ""
    return f"{percent:+,.1f}%" if percent else "0.0%"
