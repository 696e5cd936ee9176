"""The commonest mistakes about LIVE rates, each with its rule: R121 to R127. Pure.

What a coin brings on TikTok is known best as one diamond worth 0.01 USD, of which the creator gets a share of about half. The
well-known 0.005 USD a diamond is that half already, so whoever writes it beside a share takes the half twice.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from diamondctl.problems import Problem
from diamondctl.ratebook.entries import CoinPrice, Fee, Maximum, Minimum, RateEntry, Reward, Timing, Zone
from diamondctl.regions import REGIONS, meant

_NOMINAL: Final = Decimal("0.01")  # USD a diamond
_HALF: Final = Decimal("0.005")
_QUARTER: Final = Decimal(25)  # percent
_MANY_TIMES: Final = 3  # that one pack of a shop is never dearer than the others
_MORE_TIMES: Final = 20  # where there is only one other, of which nothing says that it is right
_METHODS: Final = """
    any ach alipay apple_pay bank bank_transfer bizum card cash_app check cheque crypto dana direct_deposit echeck eft
    gcash google_pay gopay grabpay hyperwallet interac kakaopay maya mercado_pago mobile_money momo mpesa ovo payoneer
    paypal paypay paysend pix promptpay revolut sepa shopeepay skrill stripe swift toss tipalti upi venmo wallet
    webmoney western_union wire wire_transfer wise zelle
"""
METHODS: Final = frozenset(_METHODS.split())


def slips(zone: Zone) -> Iterator[Problem]:
    """Every such mistake that one zone's entries can show."""
    for history in zone.rates.values():
        for entry in history:
            if isinstance(entry.value, Reward) and zone.platform == "tiktok":
                yield from _reward(entry, entry.value)
            elif isinstance(entry.value, tuple):
                yield from _methods(entry)
                yield from _neighbours(entry)


def placeholders(text: str, file: str) -> Iterator[Problem]:
    """Lines of a file that still say REPLACE, comments included (R125)."""
    for number, line in enumerate(text.split("\n") if "REPLACE" in text else (), 1):
        if match := re.search(r"(?<![A-Za-z])REPLACE(?![A-Za-z])", line):
            hint = "write what you found, and take the word away"
            yield Problem("R125", "a line of the template that nobody filled in", hint, file, number, match.start() + 1)


def countries(zone: Zone) -> Iterator[Problem]:
    """Regions that are no country (R124)."""
    for region in zone.regions:
        if region not in REGIONS:
            hint = meant(region) or "two letters of ISO 3166-1, such as US"
            yield Problem("R124", f"{region} is the code of no country", hint, zone.file, zone.line)


def _reward(entry: RateEntry, value: Reward) -> Iterator[Problem]:
    if value.diamonds_per_coin != 1:
        message = f"reward: {value.diamonds_per_coin:f} diamonds per coin, where TikTok gives one"
        yield _at(entry, "R122", message, "2 coins a diamond is the half of the share, taken in another place")
    if value.currency != "USD":
        return
    if value.cash_per_diamond > _NOMINAL:
        times = Fraction(value.cash_per_diamond) / Fraction(_NOMINAL)
        message = f"reward: {value.cash_per_diamond:f} USD a diamond is {_times(times)} times what was ever seen"
        yield _at(entry, "R123", message, "0.05 is a slip for 0.005, and that is 0.01 with a share of 50")
    nominal, share = value.diamonds_per_coin * value.cash_per_diamond, value.share.percent.high
    mine = nominal * share / 100
    quarter = nominal == _NOMINAL and value.share.kind == "flat" and share == _QUARTER
    if quarter or (nominal < _NOMINAL and mine < _HALF):
        message = f"reward: {mine.normalize():f} USD a coin takes the half twice"
        yield _at(entry, "R121", message, "0.005 USD is what the creator gets: 0.01 USD a diamond, share 50")


def _methods(entry: RateEntry) -> Iterator[Problem]:
    assert isinstance(entry.value, tuple)
    named = [item.method for item in entry.value if isinstance(item, Minimum | Maximum | Fee | Timing)]
    for method in dict.fromkeys(named):
        if method not in METHODS:
            near = difflib.get_close_matches(method, sorted(METHODS), 1, 0.7)
            hint = f"did you mean {near[0]}?" if near else "one that creators know, such as any, bank or paypal"
            yield _at(entry, "R127", f"{entry.rate}: no payout method is called {method}", hint)


def _neighbours(entry: RateEntry) -> Iterator[Problem]:
    """A pack whose coins cost many times those of another of the same currency: a point or a zero is in the wrong place."""
    assert isinstance(entry.value, tuple)
    packs: dict[str, list[tuple[Fraction, int, Decimal]]] = {}
    for item in entry.value:
        if isinstance(item, CoinPrice):
            each = [(Fraction(price) / coins, coins, price) for coins, price in item.packs]
            packs.setdefault(item.currency, []).extend(each)
    for currency, each in packs.items():
        (low, *cheap), (high, *dear) = min(each), max(each)
        if high >= low * (_MANY_TIMES if len(each) > 2 else _MORE_TIMES):
            times = f"{_times(high / low)} times" if low else "any number of times"
            message = f"a coin costs {times} as much at {dear[0]:,} = {dear[1]:f} {currency} as at {cheap[0]:,} = {cheap[1]:f}"
            yield _at(entry, "R126", message, "look at both prices again")


def _times(times: Fraction) -> str:
    """Three digits of how many times; whole from ten on."""
    return f"{int(times):,}" if times >= 10 else f"{round(times * 100) / Decimal(100):f}".rstrip("0").rstrip(".")


def _at(entry: RateEntry, code: str, message: str, hint: str) -> Problem:
    return Problem(code, message, hint, entry.file, entry.line)
