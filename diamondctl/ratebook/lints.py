"""What is allowed in a rate file and looks wrong: R101 to R110. Pure; `on` is the day that is taken for today."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.confidence import CONFIDENCES
from diamondctl.money import MINOR_UNITS, Range
from diamondctl.problems import Problem
from diamondctl.ratebook.entries import (
    CoinPrice,
    Fee,
    Minimum,
    NotKnown,
    RateEntry,
    Withholding,
    Zone,
    look_up,
)
from diamondctl.ratebook.gifts import CatalogueGift, GiftFile
from diamondctl.ratebook.slips import slips

_INVITE_STEPS: Final = frozenset(map(Decimal, (1, 2, 5, 20)))
_ENOUGH_CURRENCIES: Final = 3
_ENOUGH_PACKS: Final = 3  # in common, of shops that do not offer the same
_ENOUGH_PRICES: Final = 20


class Wanted(NamedTuple):
    """What is asked for beyond the rules. `max_age` None and `require` blank ask for nothing.

    Nothing was written or seen after `latest`, the day of the check; None: it is `on`.
    """

    on: date
    max_age: int | None = None  # days since `verified`
    require: str = ""  # the least confidence
    latest: date | None = None

    @property
    def last(self) -> date:
        """The last day on which something can have been written or seen."""
        return self.latest or self.on


def lint(zones: Sequence[Zone], wanted: Wanted) -> list[Problem]:
    """Everything that looks wrong, file by file, then what only several files show."""
    lints: list[Problem] = []
    for zone in zones:
        lints += _sources(zone, wanted)
        lints += _uncovered(zone)
        lints += slips(zone)
        for rate, history in zone.rates.items():
            for entry in history:
                lints += _entry(zone, entry, wanted)
            lints += _current(zone, rate, wanted)
    return lints + _multiples(zones)


def lint_gifts(catalogues: Sequence[GiftFile], wanted: Wanted) -> list[Problem]:
    """The same of gift catalogues, as far as it concerns them: dates, age, confidence."""
    lints: list[Problem] = []
    for file in catalogues:
        lints += _sources(file, wanted)
        lints += _together([problem for gift in file.gifts for problem in _prices(file.file, gift, wanted)])
    return lints


def _together(problems: Sequence[Problem]) -> Iterator[Problem]:
    """A catalogue has thousands of prices: of many that have the same fault the first, and how many more there are."""
    alike: dict[str, list[Problem]] = {}
    for problem in problems:
        alike.setdefault(problem.code, []).append(problem)
    for first, *rest in alike.values():
        if len(rest) < _ENOUGH_PRICES:
            yield from (first, *rest)
        else:
            yield first._replace(message=f"{first.message}; and {len(rest):,} more prices like it")


def _prices(file: str, gift: CatalogueGift, wanted: Wanted) -> Iterator[Problem]:
    what = f"the price of gift {gift.gift_id}"
    after = periods.instant_of(datetime.combine(wanted.on + timedelta(days=1), time()))
    in_force = gift.at(after - 1)
    for entry in gift.prices:
        for key, day in (("recorded", entry.recorded), ("verified", entry.verified)):
            if day > wanted.last:
                yield Problem("R103", f"{what}: {key} {day} is after {wanted.last}", "", file, entry.line)
    if in_force is not None and wanted.max_age is not None and (age := (wanted.on - in_force.verified).days) > wanted.max_age:
        hint = "look at its source again, then edit verified"
        yield Problem("R102", f"{what} was last seen to hold {age:,} days before {wanted.on}", hint, file, in_force.line)
    coming = {price.effective: price for price in gift.prices if price.effective >= after}
    for price in (in_force, *coming.values()) if wanted.require else ():
        if price is not None and CONFIDENCES.index(price.confidence) > CONFIDENCES.index(wanted.require):
            message = f"{what} is {price.confidence}, and {wanted.require} is required"
            yield Problem("R110", message, "", file, price.line)


def _at(entry: RateEntry, code: str, message: str, hint: str = "") -> Problem:
    return Problem(code, message, hint, entry.file, entry.line)


def _sources(zone: Zone | GiftFile, wanted: Wanted) -> Iterator[Problem]:
    for slug, source in zone.sources.items():
        dated = source.published or re.search(r"\b(19|20)[0-9]{2}\b|\bundated\b", source.title, re.IGNORECASE)
        if not dated:
            hint = "add published, name the year in the title, or write 'undated' there"
            yield Problem("R101", f"source '{slug}' has no date", hint, zone.file, source.line)
        for key, day in (("published", source.published), ("retrieved", source.retrieved)):
            if day is not None and day > wanted.last:
                yield Problem("R103", f"source '{slug}': {key} {day} is after {wanted.last}", "", zone.file, source.line)


def _uncovered(zone: Zone) -> Iterator[Problem]:
    """Reward and settlement entries in force on the day of no example. Corrected ones cannot be, and are left out."""
    days = [periods.day_start(example.day, zone.timezone) for example in zone.examples]
    for rate in ("reward", "settlement"):
        used = {look_up(zone, rate, day) for day in days}
        history = zone.rates.get(rate, ())
        standing = {entry.effective: entry for entry in history}  # sorted, so the last correction stays
        for entry in standing.values():
            if entry.state == "known" and entry not in used:
                hint = "write one from the evidence, with a date from that day on"
                yield _at(entry, "R108", f"no example covers {rate} from {entry.effective_text}", hint)


def _entry(zone: Zone, entry: RateEntry, wanted: Wanted) -> Iterator[Problem]:
    for key, day in (("recorded", entry.recorded), ("verified", entry.verified)):
        if day > wanted.last:
            yield _at(entry, "R103", f"{entry.rate}: {key} {day} is after {wanted.last}")
    if not isinstance(entry.value, tuple):
        return
    if entry.rate == "minimum_payout" and zone.platform == "tiktok":
        yield from _other_minimums(entry)
    for item in entry.value:
        if isinstance(item, Withholding):
            yield from _fraction(entry, item.condition, item.percent)
        elif isinstance(item, Fee):
            if item.kind == "percent":
                yield from _fraction(entry, item.name, item.amount)
            if zone.platform == "tiktok":
                yield from _other_fees(entry, item)
        elif isinstance(item, CoinPrice):
            yield from _packs(entry, item)


def _fraction(entry: RateEntry, name: str, percent: Range) -> Iterator[Problem]:
    for end in dict.fromkeys((percent.low, percent.high)):
        # 0.9 % at PayPal is a real fee, though not one of LIVE: R105 speaks of it.
        if 0 < end < 1 and end != Decimal("0.9"):
            whole = f"{end.scaleb(2).normalize():f}"
            yield _at(entry, "R104", f"{name}: {end} percent looks like a fraction", f"did you mean {whole}?")


def _other_minimums(entry: RateEntry) -> Iterator[Problem]:
    amounts = {item.amount for item in entry.value or () if isinstance(item, Minimum) and item.currency == "USD"}
    if len(steps := amounts & _INVITE_STEPS) > 1:
        listed = ", ".join(f"{step:f}" for step in sorted(steps))
        yield _at(entry, "R105", f"steps of {listed} USD belong to an invite campaign in Australia", "leave them out")
    elif Decimal(2) in amounts:
        yield _at(entry, "R105", "a minimum of 2 USD is a rule of TikTok Shop in the US", "look for the minimum of LIVE")


def _other_fees(entry: RateEntry, fee: Fee) -> Iterator[Problem]:
    if fee.kind == "flat" and fee.currency == "USD" and Decimal("0.05") in (fee.amount.low, fee.amount.high):
        yield _at(entry, "R105", f"{fee.name}: 0.05 USD a payout is a rule of TikTok Shop in the US", "look for that of LIVE")
    if fee.kind == "percent" and Decimal("0.9") in (fee.amount.low, fee.amount.high):
        yield _at(entry, "R105", f"{fee.name}: 0.9 % is a rule of TikTok Shop in the US", "look for that of LIVE")


def _packs(entry: RateEntry, price: CoinPrice) -> Iterator[Problem]:
    channel, places = price.channel.replace("_", "-"), MINOR_UNITS[price.currency]
    for coins, amount in price.packs:
        if -int(amount.normalize().as_tuple().exponent) > places:
            hint = f"{price.currency} has {places} decimals: write what a shop shows"
            yield _at(entry, "R107", f"{channel}: {coins:,} coins for {amount:f} {price.currency} cannot be charged", hint)
    unit = Fraction(1, 10**places)
    for (less, low), (more, high) in zip(price.packs, price.packs[1:], strict=False):
        # One minor unit of slack: prices are rounded.
        if Fraction(high) > Fraction(low) * more / less + unit:
            message = f"{channel}: a coin costs more in the pack of {more:,} than in that of {less:,} ({price.currency})"
            yield _at(entry, "R109", message, "check both prices")


def _current(zone: Zone, rate: str, wanted: Wanted) -> Iterator[Problem]:
    """What holds on the day asked for, and what is still to come."""
    now = periods.day_start(wanted.on + timedelta(days=1), zone.timezone) - 1
    answer = look_up(zone, rate, now)
    in_force = () if isinstance(answer, NotKnown) else (answer,)
    if wanted.max_age is not None:
        for entry in in_force:
            if (age := (wanted.on - entry.verified).days) > wanted.max_age:
                hint = "look at its source again, then edit verified"
                yield _at(entry, "R102", f"{rate} was last seen to hold {age:,} days before {wanted.on}", hint)
    if wanted.require:
        coming = {entry.effective: entry for entry in zone.rates[rate] if entry.effective > now}
        for entry in (*in_force, *coming.values()):
            if entry.state == "known" and CONFIDENCES.index(entry.confidence) > CONFIDENCES.index(wanted.require):
                yield _at(entry, "R110", f"{rate} is {entry.confidence}, and {wanted.require} is required")


class _Shop(NamedTuple):
    """The packs of one file, as last known."""

    entry: RateEntry
    title: str  # of its sources
    price: CoinPrice


def _multiples(zones: Sequence[Zone]) -> list[Problem]:
    """Files whose coin prices are one price times a rate each: three currencies or more, not two that are equal.

    Prices of one pack are all multiples of each other, so there it also takes one source for all of them.
    """
    shops: dict[tuple[object, ...], list[_Shop]] = {}
    for zone in zones:
        history = zone.rates.get("coin_price", ())
        if not history or not isinstance(history[-1].value, tuple):
            continue
        entry = history[-1]
        title = "; ".join(sorted(zone.sources[slug].title for slug in entry.sources))
        for item in history[-1].value:
            if isinstance(item, CoinPrice):
                one = f"{item.packs[0][0]}: {title}" if len(item.packs) == 1 else ""
                shops.setdefault((zone.platform, item.channel, one), []).append(_Shop(entry, title, item))
    problems = []
    for alike in shops.values():
        for group in _groups(alike):
            currencies = sorted({shop.price.currency for shop in group})
            if len({shop.price.packs for shop in group}) < _ENOUGH_CURRENCIES or len(currencies) < _ENOUGH_CURRENCIES:
                continue
            listed = ", ".join(currencies[:6]) + (", ..." if len(currencies) > 6 else "")
            for shop in group:
                message = f"coin prices in {listed} are one price times exchange rates"
                problems.append(_at(shop.entry, "R106", message, "take prices that a shop showed, per region"))
    return problems


def _groups(shops: Sequence[_Shop]) -> list[list[_Shop]]:
    """Shops with packs in common, put together where every price is the same multiple within its rounding."""
    groups: list[list[_Shop]] = []
    by_price: dict[tuple[str, tuple[tuple[int, Decimal], ...]], list[_Shop]] = {}
    for shop in shops:
        key = (shop.price.currency, shop.price.packs)
        if key in by_price:
            by_price[key].append(shop)
            continue
        group = next((group for group in groups if _is_multiple(group[0].price, shop.price)), None)
        if group is None:
            groups.append(group := [])
        group.append(shop)
        by_price[key] = group
    return groups


def _is_multiple(one: CoinPrice, other: CoinPrice) -> bool:
    """Whether some exchange rate turns every price of `one` into that of `other`, each rounded to its minor unit."""
    others = dict(other.packs)
    common = [(price, others[coins]) for coins, price in one.packs if coins in others]
    if len(common) < max(len(one.packs), len(others), 1) and len(common) < _ENOUGH_PACKS:
        return False
    low, high = Fraction(0), None
    slack, other_slack = (Fraction(1, 2 * 10 ** MINOR_UNITS[price.currency]) for price in (one, other))
    for price, converted in common:
        if not price or not converted:
            return False
        if Fraction(price) <= slack:
            continue
        least = (Fraction(converted) - other_slack) / (Fraction(price) + slack)
        most = (Fraction(converted) + other_slack) / (Fraction(price) - slack)
        low, high = max(low, least), most if high is None else min(high, most)
    return high is not None and low <= high
