"""Usage and rate entries to credits: the one place where diamonds become money. Pure; no files, clock or printing.

A credit is what the platform books at once. The rule in force at its first gift decides how it
settles; parts under different reward entries or own shares are summed exactly and rounded once; it belongs to the period of
its last gift. The chain is coins -> diamonds -> nominal value -> share; each rate file names the sources of its numbers.

Under a share that is built from missions a credit has the points of its own stream; those of the week come as one more
credit a week, of unit `weekly`, which stands for no gifts: `weekly.credits_of`.
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
from diamondctl.ratebook.entries import Missions, NotKnown, RateEntry, Settlement, Zone, look_up
from diamondctl.rating import weekly
from diamondctl.rating.credits import Credit, OwnShare, Part, Rated, Unrated, by_time, reward_of, rule_of
from diamondctl.rating.known import stream_facts
from diamondctl.rating.missions import NO_FACTS, Built, Facts, OfStream, of_stream
from diamondctl.records import Stream, Usage

_QUARTER = attrgetter("quarter")


class _Unit(NamedTuple):
    creator: str
    region: str
    unit: str
    name: str
    currency: str


def _part(entry: RateEntry, coins: int, own: OwnShare | None, built: Built | None, first: int) -> Part:
    reward = reward_of(entry)
    diamonds = coins * reward.diamonds_per_coin
    gift_value = diamonds * reward.cash_per_diamond
    share = Range.of(own.percent) if own is not None else built.share if built is not None else reward.share.percent
    return Part(
        entry,
        coins,
        diamonds,
        gift_value,
        Range(percent_of(gift_value, share.low), percent_of(gift_value, share.high)),
        share,
        own,
        built,
        first,
    )


def rate(
    usage: Iterable[Usage],
    zones: Mapping[str, Zone],
    *,
    own_share: Decimal | None = None,
    own_shares: Mapping[str, Sequence[OwnShare]] = MappingProxyType({}),
    as_of: date | None = None,
    facts: Facts = NO_FACTS,
) -> Rated:
    """Price usage. `zones` maps each region to its zone; `as_of` uses only what files said by that day; `facts` narrow a
    share that is built from missions.

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
        known = Known(zones, facts)
        credits = [_credit(key, parts, settlements.at(key.region, first[key[:4]]), known) for key, parts in grouped.items()]
    credits += weekly.credits_of(credits, zones, facts)
    credits.sort(key=by_time)
    return Rated(tuple(credits), tuple(unrated))


class LookUps:
    """Look-ups of one rate, remembered: there are many rows and few answers, one for each stretch between two entries."""

    def __init__(self, rate: str, zones: Mapping[str, Zone], as_of: date | None) -> None:
        self._rate, self._zones, self._as_of = rate, zones, as_of
        self._edges: dict[str, list[int]] = {}
        self._known: dict[tuple[str, int], RateEntry | NotKnown] = {}

    def at(self, region: str, quarter: int) -> RateEntry | NotKnown:
        """The entry in force."""
        edges = self._edges.get(region)
        if edges is None:
            edges = self._edges[region] = [entry.effective for entry in self._zones[region].rates.get(self._rate, ())]
        key = (region, bisect_right(edges, quarter))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = look_up(self._zones[region], self._rate, quarter, self._as_of)
        return found


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


class Known:
    """What facts say of the stream or day of a credit."""

    def __init__(self, zones: Mapping[str, Zone], facts: Facts) -> None:
        self._zones, self._facts = zones, facts
        self._built: dict[tuple[int, OfStream], Built] = {}  # by rules, which live as long as their zone: most are alike

    def built(self, entry: RateEntry, key: _Unit, first: int, last: int) -> Built | None:
        """The points of a credit whose gifts came between two quarters; None where the share is no matter of missions."""
        rules = reward_of(entry).share.missions
        if rules is None:
            return None
        return self._of_stream(rules, key, key.name if key.unit == "stream" else "", first, last)

    def of_stream(self, entry: RateEntry, stream: Stream) -> Built | None:
        """The same for a whole stream that has a name."""
        rules = reward_of(entry).share.missions
        return None if rules is None else self._of_stream(rules, stream, stream.stream, stream.first, stream.last)

    def _of_stream(self, rules: Missions, key: _Unit | Stream, named: str, first: int, last: int) -> Built:
        timezone = self._zones[key.region].timezone
        known = stream_facts(self._facts, key.creator, named, first, last, timezone, rules)
        if (found := self._built.get((id(rules), known))) is None:
            found = self._built[id(rules), known] = of_stream(rules, known)
        return found


def _credit(key: _Unit, priced: list[_Priced], settlement: RateEntry | NotKnown, known: Known) -> Credit:
    rows = priced[0].rows if len(priced) == 1 else tuple(sorted((row for part in priced for row in part.rows), key=_QUARTER))
    if isinstance(settlement, NotKnown):
        raise AssertionError("a credit is only made of rows whose settlement is known")
    coins: dict[tuple[int, date, OwnShare | None], int] = {}
    entries: dict[tuple[int, date, OwnShare | None], RateEntry] = {}
    begins: dict[tuple[int, date, OwnShare | None], int] = {}
    for part in priced:
        of = (part.entry.effective, part.entry.recorded, part.own)
        entries[of] = part.entry
        begins[of] = min(part.rows[0].quarter, begins.get(of, part.rows[0].quarter))
        coins[of] = coins.get(of, 0) + sum(row.coins for row in part.rows)
    ends = (rows[0].quarter, rows[-1].quarter)
    built = {of: known.built(entry, key, *ends) if of[2] is None else None for of, entry in entries.items()}
    parts = tuple(_part(entries[of], coins[of], of[2], built[of], begins[of]) for of in coins)
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
        rows[0].quarter,
        rows[-1].quarter,
    )
