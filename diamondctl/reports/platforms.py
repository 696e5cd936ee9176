"""Platforms side by side: of 100 that a fan spends on each, what stores and the platform take, and what arrives. Pure.

Conventions. 100 is what a fan pays without sales tax, unless a fact says how much of a price is tax. A store's fee is of what
is left after tax, a share of what is left after both where the fact says so. Of units with a fixed value the price of the
dearest pack gives the least, that of the cheapest the most. Every figure is computed in exact fractions and rounded once, to
the cent: one number to the nearest, a range outwards, its low end down and its high end up. An end for which a fact is
missing is None, and so is every end that rests on it; without a store's fee the most that can arrive is still known: nothing
is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from math import ceil, floor
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.confidence import weakest
from diamondctl.money import MINOR_UNITS, Range, total
from diamondctl.ratebook.entries import CoinPrice, Fact, NotKnown, RateEntry, Zone
from diamondctl.rating.fees import fans_paid
from diamondctl.reports.scope import Scope

HUNDRED: Final = 100
_ANY: Final = "any"
_STORES: Final = "in_app"  # the channel that a store stands in


class Figure(NamedTuple):
    """A figure of a row: both ends, None where one is not known, and the facts it rests on."""

    low: Decimal | None = None
    high: Decimal | None = None
    facts: tuple[RateEntry, ...] = ()

    @property
    def confidence(self) -> str:
        """The weakest of its facts; blank where there is none."""
        return weakest(entry.confidence for entry in self.facts)

    @property
    def known(self) -> bool:
        """Whether anything is."""
        return self.low is not None or self.high is not None


NOT_KNOWN: Final = Figure()


class By(NamedTuple):
    """A minimum or a fee of one payout method."""

    method: str  # blank: any
    figure: Figure
    unit: str


class Row(NamedTuple):
    """What a fan can buy on a platform by one channel; amounts are of 100."""

    platform: str
    product: str
    sort: str
    channel: str
    region: str  # blank: everywhere
    currency: str  # blank where all is in percent
    tax: Figure
    stores: Figure
    keeps: Figure
    arrives: Figure
    minimums: tuple[By, ...]
    wait: Figure
    after_month: bool  # the wait begins at the end of the month
    fees: tuple[By, ...]

    @property
    def facts(self) -> tuple[RateEntry, ...]:
        """Everything that is known of it, once, in the order of the file."""
        figures = (
            self.tax,
            self.stores,
            self.keeps,
            self.arrives,
            self.wait,
            *(by.figure for by in (*self.minimums, *self.fees)),
        )
        found = {entry.line: entry for figure in figures for entry in figure.facts}
        return tuple(found[line] for line in sorted(found))


class Mine(NamedTuple):
    """What fans spent on one account's gifts, and what the reward is there; money of one currency."""

    creator: str
    region: str
    platform: str
    currency: str
    coins: int
    spent: Range | None  # None: no price is known, or it is in another currency
    reward: Range


class Comparison(NamedTuple):
    """The report. `scope` and `mine` are of the user's own month, where that was asked for."""

    on: date
    region: str
    zone: Zone
    rows: tuple[Row, ...]
    scope: Scope | None = None
    mine: tuple[Mine, ...] = ()

    @property
    def complete(self) -> bool:
        """False where gifts of the user's month have no rate, or no price is known for them."""
        return self.scope is None or (self.scope.complete and all(item.spent is not None for item in self.mine))


def with_mine(found: Comparison, scope: Scope) -> Comparison:
    """The same with what each account of a frame earned, and what fans paid for it by the coin prices of its rate file."""
    mine = []
    for account in scope.accounts:
        if account.currency:
            coins = sum(row.coins for credit in account.now for row in credit.rows)
            prices = account.rule("coin_price", scope.asked.rates_as_of)
            mine.append(
                Mine(
                    account.creator,
                    account.region,
                    account.zone.platform,
                    account.currency,
                    coins,
                    _spent(prices, coins, account.currency),
                    total(credit.reward for credit in account.money(account.span)),
                )
            )
    return found._replace(scope=scope, mine=tuple(mine))


def _spent(prices: RateEntry | NotKnown, coins: int, currency: str) -> Range | None:
    """What fans paid for some coins, in the cheapest pack of any channel and in the dearest."""
    if isinstance(prices, NotKnown) or not isinstance(prices.value, tuple):
        return None
    paid = [fans_paid(item, coins) for item in prices.value if isinstance(item, CoinPrice) and item.currency == currency]
    if not paid:
        return None
    return Range(min(item.low for item in paid), max(item.high for item in paid), prices.confidence)


def compare(zone: Zone, on: date, region: str = "") -> Comparison:
    """Everything that the facts say at the end of a day; with a region what holds there."""
    now = periods.day_start(on + timedelta(days=1), "UTC") - 1
    entries = [entry for history in zone.rates.values() if (entry := _at(history, now)) is not None]
    found = [_Found(entry, entry.value) for entry in entries if isinstance(entry.value, Fact)]
    found = [item for item in found if region in ("", item.fact.region) or not item.fact.region]
    return Comparison(on, region, zone, tuple(_rows(found)))


def again(row: Row, mine: Mine) -> Figure:
    """What the same spending would have brought, on another platform: the least of what was spent at its least part, the most
    at its most. Nothing is known across currencies.
    """
    if mine.spent is None or row.currency not in ("", mine.currency):
        return NOT_KNOWN
    places = MINOR_UNITS[mine.currency]
    low, high = (
        None if part is None else Fraction(spent) * Fraction(part) / HUNDRED
        for spent, part in ((mine.spent.low, row.arrives.low), (mine.spent.high, row.arrives.high))
    )
    return _figure((low, high), row.arrives.facts, places)


class _Found(NamedTuple):
    entry: RateEntry
    fact: Fact


def _at(history: Sequence[RateEntry], quarter: int) -> RateEntry | None:
    """The entry in force: the greatest (effective, recorded) that has begun. Histories are sorted so."""
    return next((entry for entry in reversed(history) if entry.effective <= quarter), None)


def _rows(found: Sequence[_Found]) -> Iterator[Row]:
    products = dict.fromkeys((item.fact.platform, item.fact.product) for item in found if item.fact.product != _ANY)
    for platform, product in products:
        mine = [item for item in found if item.fact.platform == platform and item.fact.product == product]
        common = [item for item in found if item.fact.platform == platform and item.fact.product == _ANY]
        if not any(item.fact.fact in ("share", "value") for item in mine):
            continue
        for channel in _channels(mine):
            here = [item for item in mine if item.fact.channel in (_ANY, channel)]
            both = [*here, *(item for item in common if item.fact.channel in (_ANY, channel))]
            yield _row(platform, product, channel, here, both)


def _channels(mine: Sequence[_Found]) -> list[str]:
    """By which it is bought: those that facts name, and both where a share is of what a store leaves."""
    named = {item.fact.channel for item in mine if item.fact.fact in ("price", "share")} - {_ANY}
    stores = any("store" in item.fact.after and item.fact.channel == _ANY for item in mine)
    return ["web", _STORES] if stores else sorted(named, reverse=True) or [_ANY]


def _row(platform: str, product: str, channel: str, here: Sequence[_Found], both: Sequence[_Found]) -> Row:
    money = next((item.fact.unit for item in here if item.fact.fact in ("price", "value")), "")
    share = next((item for item in here if item.fact.fact == "share"), None)
    tax = _percent(both, "tax")
    store = Figure(Decimal(0), Decimal(0)) if channel == "web" else _percent(both, "store") if channel == _STORES else NOT_KNOWN
    if share is not None and "store" not in share.fact.after:
        store = Figure(Decimal(0), Decimal(0))
    ends = _of_share(share, tax, store) if share is not None else _of_units(here, tax, store)
    waits = [item for item in both if item.fact.fact == "wait"][:1]
    return Row(
        platform,
        product,
        next(item.fact.sort for item in here if item.fact.sort != _ANY),
        channel,
        next((item.fact.region for item in here if item.fact.region), ""),
        money,
        _figure(ends.tax, tax.facts),
        _figure(ends.stores, store.facts),
        _figure(ends.keeps, ends.facts),
        _figure(ends.arrives, ends.facts),
        tuple(_by(both, "minimum")),
        Figure(waits[0].fact.low, waits[0].fact.high, (waits[0].entry,)) if waits else NOT_KNOWN,
        bool(waits) and "month" in waits[0].fact.after,
        tuple(_by(both, "fee")),
    )


def _by(found: Sequence[_Found], name: str) -> Iterator[By]:
    """Facts by method; those of a product go before those of its platform."""
    seen = set[str]()
    for item in sorted(found, key=lambda item: item.fact.product == _ANY):
        if item.fact.fact == name and item.fact.method not in seen:
            seen.add(item.fact.method)
            yield By(item.fact.method, Figure(item.fact.low, item.fact.high, (item.entry,)), item.fact.unit)


def _percent(found: Sequence[_Found], name: str) -> Figure:
    item = next((item for item in found if item.fact.fact == name), None)
    return NOT_KNOWN if item is None else Figure(item.fact.low, item.fact.high, (item.entry,))


_End = Fraction | None
_Ends = tuple[_End, _End]


class _Parts(NamedTuple):
    """What becomes of 100, in fractions."""

    tax: _Ends
    stores: _Ends
    keeps: _Ends
    arrives: _Ends
    facts: tuple[RateEntry, ...]


def _fractions(figure: Figure) -> _Ends:
    low, high = (None if end is None else Fraction(end) / HUNDRED for end in (figure.low, figure.high))
    return low, high


def _of_share(share: _Found, tax: Figure, store: Figure) -> _Parts:
    """A share of what tax and stores leave."""
    part = _fractions(Figure(share.fact.low, share.fact.high))
    taxed, taken = _fractions(tax) if tax.known else (Fraction(0), Fraction(0)), _fractions(store)
    left = (_times(Fraction(HUNDRED), _rest(taxed[1])), _times(Fraction(HUNDRED), _rest(taxed[0])))
    stores = (_times(left[0], taken[0]), _times(left[1], taken[1]))
    # Without a store's fee the most is still known: it takes nothing.
    net = (_times(left[0], _rest(taken[1])), _times(left[1], _rest(taken[0] if taken[0] is not None else Fraction(0))))
    arrives = (_times(net[0], part[0]), _times(net[1], part[1]))
    keeps = (_times(net[0], _rest(part[1])), _times(net[1], _rest(part[0])))
    facts = tuple(chain((share.entry,), tax.facts, store.facts))
    return _Parts(_taxes(tax), stores, keeps, arrives, facts)


def _of_units(here: Sequence[_Found], tax: Figure, store: Figure) -> _Parts:
    """Units with a value of their own: what they are worth of what they cost."""
    prices = [item for item in here if item.fact.fact == "price"]
    value = next(item for item in here if item.fact.fact == "value")
    lows = [Fraction(item.fact.low) / item.fact.units for item in prices if item.fact.low is not None and item.fact.units]
    highs = [Fraction(item.fact.high) / item.fact.units for item in prices if item.fact.high is not None and item.fact.units]
    facts = (value.entry, *(item.entry for item in prices))
    if not lows or not highs or not min(lows):
        return _Parts(_taxes(tax), (None, None), (None, None), (None, None), facts)
    arrives = (
        None if value.fact.low is None else HUNDRED * Fraction(value.fact.low) / max(highs),
        None if value.fact.high is None else HUNDRED * Fraction(value.fact.high) / min(lows),
    )
    taken = _fractions(store)
    taxed = _fractions(tax) if tax.known else (Fraction(0), Fraction(0))
    left = (_times(Fraction(HUNDRED), _rest(taxed[1])), _times(Fraction(HUNDRED), _rest(taxed[0])))
    stores = (_times(left[0], taken[0]), _times(left[1], taken[1]))
    low = _less(left[0], arrives[1], stores[1])
    keeps = (None if low is None else max(low, Fraction(0)), _less(left[1], arrives[0], stores[0]))
    return _Parts(_taxes(tax), stores, keeps, arrives, (*facts, *tax.facts, *store.facts))


def _taxes(tax: Figure) -> _Ends:
    low, high = _fractions(tax)
    return _times(Fraction(HUNDRED), low), _times(Fraction(HUNDRED), high)


def _times(one: _End, other: _End) -> _End:
    return None if one is None or other is None else one * other


def _rest(part: _End) -> _End:
    return None if part is None else 1 - part


def _less(whole: _End, *parts: _End) -> _End:
    if whole is None or None in parts:
        return None
    return whole - sum((part for part in parts if part is not None), Fraction(0))


def _figure(ends: _Ends, facts: tuple[RateEntry, ...], places: int = 2) -> Figure:
    low, high = ends
    if low is not None and low == high:
        one = _down(low + Fraction(1, 2 * 10**places), places)
        return Figure(one, one, facts)
    return Figure(_down(low, places), _up(high, places), facts)


def _down(number: _End, places: int) -> Decimal | None:
    return None if number is None else Decimal(floor(number * 10**places)).scaleb(-places)


def _up(number: _End, places: int) -> Decimal | None:
    return None if number is None else Decimal(ceil(number * 10**places)).scaleb(-places)
