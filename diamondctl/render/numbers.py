"""Numbers as people read them: thousands marks, one decimal count per column, ranges as `low - high`. Never re-rounded."""

from __future__ import annotations

from decimal import Decimal

from diamondctl.money import MINOR_UNITS, Change, Range, amount_text


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


def to(amount: Range, currency: str) -> str:
    """The same in a sentence: `93.11 to 107.28 USD`, `about 91.50 USD`."""
    return f"{money_range(amount, currency).replace(' - ', ' to ')} {currency}"


def moved(change: Change | None) -> str:
    """`up 14 to 51%`, `down 3%`, `the same`, `new`; blank where there was nothing to compare with."""
    if change is None:
        return ""
    low, high = change.low, change.high
    if low is None:
        return "new" if high is None else f"at most {_way(high)}"
    if high is None:
        return f"{_way(low)} or more" if low >= 0 else "up or down"
    if low == high:
        return _way(low)
    if (low < 0) != (high < 0):
        return f"{_way(low)} to {_way(high)}"
    near, far = sorted((_whole(abs(low)), _whole(abs(high))), key=_order)
    return f"{'down' if high < 0 else 'up'} {near if near == far else f'{near} to {far}'}%"


def _way(percent: Decimal) -> str:
    return "the same" if not percent else f"{'up' if percent > 0 else 'down'} {_whole(abs(percent))}%"


def _whole(percent: Decimal) -> str:
    whole = percent.quantize(Decimal(1), rounding="ROUND_HALF_EVEN")
    return f"{whole:,}" if whole or not percent else "under 1"


def _order(text: str) -> int:
    return 0 if text == "under 1" else int(text.replace(",", ""))


def change(percent: Decimal | None) -> str:
    """`-20.1%`, `+3.0%`, `0.0%`; blank where there is none."""
    if percent is None:
        return ""
    return f"{percent:+,.1f}%" if percent else "0.0%"
