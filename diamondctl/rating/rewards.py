"""Usage and rate entries to credits: the one place where diamonds become money. Pure; no files, clock or printing.

A credit is what the platform books at once (design.md section 4). The rule in force at its first gift decides how it
settles; parts under different reward entries are summed exactly and rounded once; it belongs to the period of its last
gift. Source of the chain coins -> diamonds -> nominal value -> share: rates.md sections 1 and 3 (E1, E2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from diamondctl import periods
from diamondctl.money import Range, exact, percent_of, quantise
from diamondctl.ratebook.entries import NotKnown, RateEntry, Reward, Settlement, Zone, look_up
from diamondctl.records import Usage


class Part(NamedTuple):
    """What one reward entry contributes to a credit; exact, not rounded."""

    entry: RateEntry
    coins: int
    diamonds: Decimal
    gift_value: Decimal  # nominal value of the diamonds
    reward: Range


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

    @property
    def last(self) -> int:
        """Quarter of the last gift: it decides the period."""
        return max(row.quarter for row in self.rows)

    @property
    def diamonds(self) -> Decimal:
        """Exact diamonds of all parts."""
        with exact():
            return sum((part.diamonds for part in self.parts), Decimal(0))


class Unrated(NamedTuple):
    """Usage that no rate covers, left out of money, and why."""

    row: Usage
    why: NotKnown


class Rated(NamedTuple):
    """All credits, sorted by time, and what could not be rated."""

    credits: tuple[Credit, ...]
    unrated: tuple[Unrated, ...]


class _Unit(NamedTuple):
    creator: str
    region: str
    unit: str
    name: str
    currency: str


def reward_part(entry: RateEntry, coins: int, own_share: Decimal | None) -> Part:
    """Exact diamonds, nominal value and reward of `coins` under one entry; `own_share` (percent) replaces its share."""
    reward = reward_of(entry)
    share = reward.share.percent if own_share is None else Range.of(own_share)
    with exact():
        diamonds = coins * reward.diamonds_per_coin
        gift_value = diamonds * reward.cash_per_diamond
        return Part(
            entry,
            coins,
            diamonds,
            gift_value,
            Range(percent_of(gift_value, share.low), percent_of(gift_value, share.high)),
        )


def rate(
    usage: Iterable[Usage],
    zones: Mapping[str, Zone],
    *,
    own_share: Decimal | None = None,
    as_of: date | None = None,
) -> Rated:
    """Price usage. `zones` maps each region to its zone; `as_of` uses only what files said by that day.

    Order of `usage` never matters. Money comes out in each entry's own currency; a credit never mixes two.
    """
    rows = sorted(usage)
    rewards, settlements = _LookUps("reward", zones, as_of), _LookUps("settlement", zones, as_of)
    began = _stream_starts(rows)
    grouped: dict[_Unit, list[tuple[Usage, RateEntry]]] = {}
    unrated: list[Unrated] = []
    for row in rows:
        entry = rewards.at(row.region, row.quarter)
        settlement = settlements.at(row.region, began.get((row.creator, row.region, row.stream), row.quarter))
        if isinstance(settlement, RateEntry) and _rule(settlement).credit != "stream":
            settlement = settlements.at(row.region, row.quarter)
        if isinstance(entry, NotKnown):
            unrated.append(Unrated(row, entry))
        elif isinstance(settlement, NotKnown):
            unrated.append(Unrated(row, settlement))
        else:
            unit, name = _unit(row, _rule(settlement), zones[row.region].timezone)
            key = _Unit(row.creator, row.region, unit, name, reward_of(entry).currency)
            grouped.setdefault(key, []).append((row, entry))
    credits = [_credit(key, priced, settlements, own_share) for key, priced in grouped.items()]
    credits.sort(key=lambda credit: (credit.rows[0].quarter, credit.creator, credit.region, credit.unit, credit.name))
    return Rated(tuple(credits), tuple(unrated))


def reward_of(entry: RateEntry) -> Reward:
    """The value of a reward entry."""
    if not isinstance(entry.value, Reward):
        raise TypeError(f"{entry.where} is not a reward entry")
    return entry.value


def _rule(entry: RateEntry) -> Settlement:
    if not isinstance(entry.value, Settlement):
        raise TypeError(f"{entry.where} is not a settlement entry")
    return entry.value


class _LookUps:
    """Look-ups of one rate, remembered: there are many rows and few answers."""

    def __init__(self, rate: str, zones: Mapping[str, Zone], as_of: date | None) -> None:
        self._rate, self._zones, self._as_of = rate, zones, as_of
        self._known: dict[tuple[str, int], RateEntry | NotKnown] = {}

    def at(self, region: str, quarter: int) -> RateEntry | NotKnown:
        key = (region, quarter)
        if key not in self._known:
            self._known[key] = look_up(self._zones[region], self._rate, quarter, self._as_of)
        return self._known[key]


def _stream_starts(rows: Iterable[Usage]) -> dict[tuple[str, str, str], int]:
    """First quarter of every named stream."""
    starts: dict[tuple[str, str, str], int] = {}
    for row in rows:
        if row.stream:
            key = (row.creator, row.region, row.stream)
            starts[key] = min(row.quarter, starts.get(key, row.quarter))
    return starts


def _unit(row: Usage, rule: Settlement, timezone: str) -> tuple[str, str]:
    """The credit a row goes into; a stream without a name is credited by the day in the rate zone's time."""
    if rule.credit == "stream" and row.stream:
        return "stream", row.stream
    day = periods.local_day(row.quarter, timezone)
    if rule.credit == "week":
        return "week", str(day - timedelta(days=day.weekday()))
    if rule.credit == "month":
        return "month", str(day.replace(day=1))
    return "day", str(day)


def _credit(key: _Unit, priced: list[tuple[Usage, RateEntry]], settlements: _LookUps, own_share: Decimal | None) -> Credit:
    priced.sort(key=lambda item: item[0].quarter)
    rows = tuple(row for row, _ in priced)
    settlement = settlements.at(key.region, rows[0].quarter)
    if isinstance(settlement, NotKnown):
        raise AssertionError("a credit is only made of rows whose settlement is known")
    coins: dict[tuple[int, date], int] = {}
    entries: dict[tuple[int, date], RateEntry] = {}
    for row, entry in priced:
        of = (entry.effective, entry.recorded)
        entries[of] = entry
        coins[of] = coins.get(of, 0) + row.coins
    parts = tuple(reward_part(entry, count, own_share) for entry, count in ((entries[of], coins[of]) for of in coins))
    with exact():
        gift_value = sum((part.gift_value for part in parts), Decimal(0))
        reward = Range(sum((p.reward.low for p in parts), Decimal(0)), sum((p.reward.high for p in parts), Decimal(0)))
    rounding = _rule(settlement).rounding
    return Credit(
        *key,
        settlement,
        parts,
        rows,
        quantise(gift_value, key.currency, rounding),
        Range(quantise(reward.low, key.currency, rounding), quantise(reward.high, key.currency, rounding)),
    )
