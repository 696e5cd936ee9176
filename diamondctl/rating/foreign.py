"""Fees, minimums and limits that a rate file sets in another currency than that of a wallet, by the rate of a day. Pure."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from diamondctl.exchange import Exchange, NoRate, Rate
from diamondctl.money import Range
from diamondctl.ratebook.entries import Fee, Maximum, Minimum, RateEntry


class Converted(NamedTuple):
    """An entry whose amounts stand in the currency of a wallet, as far as rates are known; and what was converted, in words."""

    entry: RateEntry
    said: tuple[str, ...] = ()
    missing: tuple[NoRate, ...] = ()


def limits_in(entry: RateEntry, currency: str, day: date, exchange: Exchange) -> Converted:
    """Minimums or limits in a currency: a minimum rounded up, a limit down.

    What the file has for the currency itself counts, and what it has for others is for others. What it has for several others
    and not for this one is not known.
    """
    values = entry.value if isinstance(entry.value, tuple) else ()
    items = [item for item in values if isinstance(item, Minimum | Maximum)]
    changed: list[Minimum | Maximum] = []
    said: list[str] = []
    missing: list[NoRate] = []
    for item in items:
        beside = {other.currency for other in items if other.currency and other.method in ("any", item.method)}
        if item.currency in ("", currency) or currency in beside:
            changed.append(item)
            continue
        rate = exchange.rate(item.currency, currency, day)
        if len(beside) > 1 and isinstance(rate, Rate):
            rate = NoRate(f"which of {' and '.join(sorted(beside))} holds in {currency} is not known")
        if isinstance(rate, NoRate):
            missing.append(rate)
            changed.append(item)
            continue
        word = "minimum" if isinstance(item, Minimum) else "limit"
        amount = rate.convert(item.amount, "up" if word == "minimum" else "down")
        changed.append(item._replace(amount=amount, currency=currency))
        said.append(f"The {word} of {item.amount:,f} {item.currency} is {amount:,f} {currency}: {rate.text}.")
    value = tuple(changed) if said else entry.value
    return Converted(entry._replace(value=value), tuple(said), tuple(missing))  # type: ignore[arg-type]


def fee_in(fee: Fee, currency: str, day: date, exchange: Exchange) -> tuple[Fee, Rate | None] | NoRate:
    """A fee with its amounts in a currency, each rounded once as the fee is; and the rate, where one was needed."""
    if fee.currency in ("", currency):
        return fee, None
    rate = exchange.rate(fee.currency, currency, day)
    if isinstance(rate, NoRate):
        return rate
    minimum, maximum = (None if amount is None else rate.convert(amount, fee.rounding) for amount in (fee.minimum, fee.maximum))
    amount = fee.amount
    if fee.kind == "flat":
        amount = Range(rate.convert(amount.low, fee.rounding), rate.convert(amount.high, fee.rounding))
    return fee._replace(currency=currency, amount=amount, minimum=minimum, maximum=maximum), rate
