"""Usage and rate entries to credits: the one place where diamonds become money. Pure; no files, clock or printing.

A credit is what the platform books at once (design.md section 4). The rule in force at its first gift decides how it
settles; parts under different reward entries or own shares are summed exactly and rounded once; it belongs to the period of
its last gift. Source of the chain coins -> diamonds -> nominal value -> share: rates.md sections 1 and 3 (E1, E2).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import attrgetter, itemgetter
from types import MappingProxyType
from typing import NamedTuple

from diamondctl import periods
from diamondctl.money import Range, exact, percent_of, quantise
from diamondctl.ratebook.entries import NotKnown, RateEntry, Reward, Settlement, Zone, look_up
from diamondctl.records import Usage


class OwnShare(NamedTuple):
    """A creator's own reward share, from the beginning of a day in the rate zone's time on until the next one begins."""

    percent: Decimal
    start: date | None = None  # None: always


class Part(NamedTuple):
    """What one reward entry contributes to a credit under one share; exact, not rounded."""

    entry: RateEntry
    coins: int
    diamonds: Decimal
    gift_value: Decimal  # nominal value of the diamonds
    reward: Range
    share: Range  # in percent: the creator's own where there is one, else the entry's
    own: OwnShare | None


class Credit(NamedTuple):
    """One booking by the platform, in one currency. Money here is rounded; nothing above rounds again."""

    creator: str
    region: str
    unit: str  # stream | day | week | month
    name: str  # stream id, or first day of the unit in the rate zone's time
    currency: str
    settlement: RateEntry
    parts: tuple[Part, ...]
    rows: tuple[Usage, ...]
    gift_value: Decimal
    reward: Range
    diamonds: Decimal  # exact, of all parts
    last: int  # quarter of the last gift: it decides the period


class Unrated(NamedTuple):
    """Usage that no rate covers, left out of money, and why."""

    row: Usage
    why: NotKnown


class Rated(NamedTuple):
    """All credits, sorted by time, and what could not be rated."""

    credits: tuple[Credit, ...]
    unrated: tuple[Unrated, ...]


_QUARTER = attrgetter("quarter")


class _Unit(NamedTuple):
    creator: str
    region: str
    unit: str
    name: str
    currency: str


def _part(entry: RateEntry, coins: int, own: OwnShare | None) -> Part:
    reward = reward_of(entry)
    diamonds = coins * reward.diamonds_per_coin
    gift_value = diamonds * reward.cash_per_diamond
    share = reward.share.percent if own is None else Range.of(own.percent)
    return Part(
        entry,
        coins,
        diamonds,
        gift_value,
        Range(percent_of(gift_value, share.low), percent_of(gift_value, share.high)),
        share,
        own,
    )


def rate(
    usage: Iterable[Usage],
    zones: Mapping[str, Zone],
    *,
    own_share: Decimal | None = None,
    own_shares: Mapping[str, Sequence[OwnShare]] = MappingProxyType({}),
    as_of: date | None = None,
) -> Rated:
    """Price usage. `zones` maps each region to its zone; `as_of` uses only what files said by that day.

    `own_shares` are the dated shares of creators, by name, in any order; they replace the shares of the entries, each from
    its day on. `own_share` replaces both, for everybody and all the time. Order of `usage` never matters. Money comes out
    in each entry's own currency; a credit never mixes two.
    """
    rewards, settlements = LookUps("reward", zones, as_of), LookUps("settlement", zones, as_of)
    shares = OwnShares(zones, own_shares, own_share)
    grouped: dict[_Unit, list[_Priced]] = {}
    # The rule in force at the first gift of a unit settles all of it, that gift rated or not, in every currency.
    first: dict[tuple[str, str, str, str], int] = {}
    unrated: list[Unrated] = []
    for (creator, region, stream), group in groupby(sorted(usage), itemgetter(0, 1, 2)):
        rows = tuple(group)
        settlement = settlements.at(region, rows[0].quarter)
        if stream and isinstance(settlement, RateEntry) and rule_of(settlement).credit == "stream":
            first[creator, region, "stream", stream] = rows[0].quarter
            for priced in _by_entry(rows, rewards, shares, unrated):
                key = _Unit(creator, region, "stream", stream, reward_of(priced.entry).currency)
                grouped.setdefault(key, []).append(priced)
            continue
        for row in rows:
            settlement = settlements.at(region, row.quarter)
            if isinstance(settlement, NotKnown):
                reward = rewards.at(region, row.quarter)
                unrated.append(Unrated(row, reward if isinstance(reward, NotKnown) else settlement))
                continue
            unit, name = _calendar_unit(row, rule_of(settlement), zones[region].timezone)
            of = (creator, region, unit, name)
            first[of] = min(row.quarter, first.get(of, row.quarter))
            for priced in _by_entry((row,), rewards, shares, unrated):
                key = _Unit(creator, region, unit, name, reward_of(priced.entry).currency)
                grouped.setdefault(key, []).append(priced)
    with exact():  # once for all: entering it costs as much as pricing a credit
        credits = [_credit(key, parts, settlements.at(key.region, first[key[:4]])) for key, parts in grouped.items()]
    credits.sort(key=lambda credit: (credit.rows[0].quarter, credit.creator, credit.region, credit.unit, credit.name))
    return Rated(tuple(credits), tuple(unrated))


def reward_of(entry: RateEntry) -> Reward:
    """The value of a reward entry."""
    if not isinstance(entry.value, Reward):
        raise TypeError(f"{entry.where} is not a reward entry")
    return entry.value


def rule_of(entry: RateEntry) -> Settlement:
    """The value of a settlement entry."""
    if not isinstance(entry.value, Settlement):
        raise TypeError(f"{entry.where} is not a settlement entry")
    return entry.value


class LookUps:
    """Look-ups of one rate, remembered: there are many rows and few answers."""

    def __init__(self, rate: str, zones: Mapping[str, Zone], as_of: date | None) -> None:
        self._rate, self._zones, self._as_of = rate, zones, as_of
        self._known: dict[tuple[str, int], RateEntry | NotKnown] = {}

    def at(self, region: str, quarter: int) -> RateEntry | NotKnown:
        """The entry in force."""
        key = (region, quarter)
        if key not in self._known:
            self._known[key] = look_up(self._zones[region], self._rate, quarter, self._as_of)
        return self._known[key]


class OwnShares:
    """Own shares by the quarter in which they begin. Look-ups only ever move forward in time, as those of entries do."""

    def __init__(self, zones: Mapping[str, Zone], dated: Mapping[str, Sequence[OwnShare]], always: Decimal | None) -> None:
        self._zones, self._dated = zones, dated
        self._always = None if always is None else OwnShare(always)
        self._known: dict[tuple[str, str], tuple[list[int], list[OwnShare]]] = {}

    def at(self, creator: str, region: str, quarter: int) -> OwnShare | None:
        """The share in force."""
        if self._always is not None or creator not in self._dated:
            return self._always
        key = (creator, region)
        if key not in self._known:
            timezone = self._zones[region].timezone
            shares = sorted(self._dated[creator], key=lambda share: share.start or date.min)
            begins = [0 if share.start is None else periods.day_start(share.start, timezone) for share in shares]
            self._known[key] = (begins, shares)
        begins, shares = self._known[key]
        index = bisect_right(begins, quarter)
        return shares[index - 1] if index else None


class _Priced(NamedTuple):
    """Rows that one entry prices under one share."""

    rows: tuple[Usage, ...]
    entry: RateEntry
    own: OwnShare | None


def _by_entry(rows: tuple[Usage, ...], rewards: LookUps, shares: OwnShares, unrated: list[Unrated]) -> Iterator[_Priced]:
    """Rows of one creator and region, by time, cut where another reward entry or own share begins; those without an entry
    go to `unrated`.
    """
    (first, own), (last, last_own) = (
        (rewards.at(row.region, row.quarter), shares.at(row.creator, row.region, row.quarter)) for row in (rows[0], rows[-1])
    )
    if first is last and own is last_own and isinstance(first, RateEntry):
        yield _Priced(rows, first, own)  # look-ups only ever move forward in time, so all between have the same entry
        return
    for row in rows:
        entry = rewards.at(row.region, row.quarter)
        if isinstance(entry, NotKnown):
            unrated.append(Unrated(row, entry))
        else:
            yield _Priced((row,), entry, shares.at(row.creator, row.region, row.quarter))


def _calendar_unit(row: Usage, rule: Settlement, timezone: str) -> tuple[str, str]:
    """The credit of a row that is not credited by stream; a stream without a name is credited by day, in zone time."""
    day = periods.local_day(row.quarter, timezone)
    if rule.credit == "week":
        return "week", str(day - timedelta(days=day.weekday()))
    if rule.credit == "month":
        return "month", str(day.replace(day=1))
    return "day", str(day)


def _credit(key: _Unit, priced: list[_Priced], settlement: RateEntry | NotKnown) -> Credit:
    rows = priced[0].rows if len(priced) == 1 else tuple(sorted((row for part in priced for row in part.rows), key=_QUARTER))
    if isinstance(settlement, NotKnown):
        raise AssertionError("a credit is only made of rows whose settlement is known")
    coins: dict[tuple[int, date, OwnShare | None], int] = {}
    entries: dict[tuple[int, date, OwnShare | None], RateEntry] = {}
    for part in priced:
        of = (part.entry.effective, part.entry.recorded, part.own)
        entries[of] = part.entry
        coins[of] = coins.get(of, 0) + sum(row.coins for row in part.rows)
    parts = tuple(_part(entries[of], coins[of], of[2]) for of in coins)
    gift_value = sum((part.gift_value for part in parts), Decimal(0))
    low = sum((part.reward.low for part in parts), Decimal(0))
    high = sum((part.reward.high for part in parts), Decimal(0))
    rounding = rule_of(settlement).rounding
    return Credit(
        *key,
        settlement,
        parts,
        rows,
        quantise(gift_value, key.currency, rounding),
        Range(quantise(low, key.currency, rounding), quantise(high, key.currency, rounding)),
        sum((part.diamonds for part in parts), Decimal(0)),
        rows[-1].quarter,
    )
