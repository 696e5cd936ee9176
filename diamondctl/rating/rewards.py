"""Usage and rate entries to credits: the one place where diamonds become money. Pure; no files, clock or printing.

A credit is what the platform books at once. The rule in force at its first gift decides how it settles; parts under
different reward entries or own shares are summed exactly and rounded once. Chain: coins -> diamonds -> nominal value -> share.

`Rating` groups the gifts once; `Person.at` makes the credits as they stand at a cut, of the gifts before it and nothing
later: an open stream, day or week has what it has by then. Whatever a report tells of a period is the difference between two
such states (`states.activity`).

Under a share that is built from missions a credit has the points of its own stream; those of the week come as one more credit
a week, of unit `weekly`, which stands for no gifts of its own (`weekly`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from types import MappingProxyType
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.money import Range, exact, percent_of, quantise
from diamondctl.ratebook.entries import NotKnown, RateEntry, Settlement, Zone, look_up
from diamondctl.rating import weekly
from diamondctl.rating.credits import (
    KEPT,
    WEEKLY,
    Credit,
    OwnShare,
    Part,
    Priced,
    Rated,
    Unrated,
    by_time,
    confidence_of,
    rests_on,
    reward_of,
    rule_of,
    summed,
)
from diamondctl.rating.known import Known, Spans
from diamondctl.rating.missions import NO_FACTS, Built, Facts
from diamondctl.records import Usage

ALWAYS: Final = 2**62  # a cut after every gift
_QUARTER = attrgetter("quarter")
_BY_QUARTER = attrgetter("quarter", "stream")

# What a credit goes by within a person's account: currency, unit, name.
Key = tuple[str, str, str]
Credits = Mapping[Key, Credit]


def rate(
    usage: Iterable[Usage],
    zones: Mapping[str, Zone],
    *,
    own_share: Decimal | None = None,
    own_shares: Mapping[str, Sequence[OwnShare]] = MappingProxyType({}),
    as_of: date | None = None,
    facts: Facts = NO_FACTS,
) -> Rated:
    """Price all of some usage; the arguments are those of `Rating`. Order of `usage` never matters."""
    rating = Rating(usage, zones, own_share=own_share, own_shares=own_shares, as_of=as_of, facts=facts)
    credits = [credit for person in rating.people.values() for credit in person.at(ALWAYS).values()]
    unrated = [item for person in rating.people.values() for item in person.unrated]
    return Rated(tuple(sorted(credits, key=by_time)), tuple(unrated))


class Rating:
    """Usage grouped by who earned it, ready to be priced at any cut.

    `zones` maps each region to its zone; `as_of` uses only what files said by that day; `facts` narrow a share that is built
    from missions. `own_shares` are the dated shares of creators, by name, in any order; they replace the shares of the
    entries, each from its day on. `own_share` replaces both, for everybody and all the time. Money comes out in each entry's
    own currency; a credit never mixes two.

    `carried` stand for the gifts of a creator in a region before a cut (`Carried`).
    """

    def __init__(
        self,
        usage: Iterable[Usage],
        zones: Mapping[str, Zone],
        *,
        own_share: Decimal | None = None,
        own_shares: Mapping[str, Sequence[OwnShare]] = MappingProxyType({}),
        as_of: date | None = None,
        facts: Facts = NO_FACTS,
        carried: Mapping[tuple[str, str], Carried] = MappingProxyType({}),
    ) -> None:
        rules = _Rules(
            LookUps("reward", zones, as_of), LookUps("settlement", zones, as_of), OwnShares(zones, own_shares, own_share)
        )
        rows: dict[tuple[str, str], list[Usage]] = {}
        for row in usage:
            rows.setdefault((row.creator, row.region), []).append(row)
        self.people: Mapping[tuple[str, str], Person] = {
            who: Person(*who, zones[who[1]], sorted(rows.get(who, ()), key=_BY_QUARTER), rules, facts, carried.get(who))
            for who in sorted({*rows, *carried})
        }

    def of(self, creator: str) -> Rating:
        """The same of one creator."""
        mine = copy(self)
        mine.people = {who: person for who, person in self.people.items() if who[0] == creator}
        return mine

    def reaches(self, day: date) -> bool:
        """Whether the state before a day can be told, wherever it begins."""
        start = periods.day_start(day - timedelta(days=1), "UTC")
        return all(person.carried is None or person.carried.cut <= start for person in self.people.values())


def without_gifts(creator: str, region: str, zone: Zone) -> Person:
    """A creator in a region before the first gift."""
    zones = {region: zone}
    rules = _Rules(LookUps("reward", zones, None), LookUps("settlement", zones, None), OwnShares(zones, {}, None))
    return Person(creator, region, zone, (), rules, NO_FACTS)


class _Now(NamedTuple):
    """What is in force at a quarter."""

    entry: RateEntry | NotKnown
    own: OwnShare | None
    settlement: RateEntry | NotKnown


class _Rules(NamedTuple):
    rewards: LookUps
    settlements: LookUps
    shares: OwnShares

    def of(self, creator: str, region: str, rows: Iterable[Usage]) -> Iterator[_Now]:
        """What is in force at each of some rows, in order of time: looked up only where something begins."""
        edges = sorted({*self.rewards.edges(region), *self.settlements.edges(region), *self.shares.edges(creator, region)})
        over, now = -1, None
        for row in rows:
            if now is None or row.quarter >= over:
                index = bisect_right(edges, row.quarter)
                over = edges[index] if index < len(edges) else ALWAYS
                now = _Now(
                    self.rewards.at(region, row.quarter),
                    self.shares.at(creator, region, row.quarter),
                    self.settlements.at(region, row.quarter),
                )
            yield now


class LookUps:
    """Look-ups of one rate, remembered: there are many rows and few answers, one for each stretch between two entries."""

    def __init__(self, rate: str, zones: Mapping[str, Zone], as_of: date | None) -> None:
        self._rate, self._zones, self._as_of = rate, zones, as_of
        self._edges: dict[str, list[int]] = {}
        self._entries: dict[tuple[str, int], RateEntry | NotKnown] = {}

    def edges(self, region: str) -> list[int]:
        """The quarters at which entries begin."""
        edges = self._edges.get(region)
        if edges is None:
            edges = self._edges[region] = [entry.effective for entry in self._zones[region].rates.get(self._rate, ())]
        return edges

    def at(self, region: str, quarter: int) -> RateEntry | NotKnown:
        """The entry in force."""
        key = (region, bisect_right(self.edges(region), quarter))
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = look_up(self._zones[region], self._rate, quarter, self._as_of)
        return entry


class OwnShares:
    """Own shares by the quarter in which they begin."""

    def __init__(self, zones: Mapping[str, Zone], dated: Mapping[str, Sequence[OwnShare]], always: Decimal | None) -> None:
        self._zones, self._dated = zones, dated
        self._always = None if always is None else OwnShare(always)
        self._begins: dict[tuple[str, str], tuple[list[int], list[OwnShare]]] = {}

    def edges(self, creator: str, region: str) -> list[int]:
        """The quarters at which shares of a creator begin."""
        return self._of(creator, region)[0] if self._always is None and creator in self._dated else []

    def at(self, creator: str, region: str, quarter: int) -> OwnShare | None:
        """The share in force."""
        if self._always is not None or creator not in self._dated:
            return self._always
        begins, shares = self._of(creator, region)
        index = bisect_right(begins, quarter)
        return shares[index - 1] if index else None

    def _of(self, creator: str, region: str) -> tuple[list[int], list[OwnShare]]:
        key = (creator, region)
        if key not in self._begins:
            timezone = self._zones[region].timezone
            shares = sorted(self._dated[creator], key=lambda share: share.start or date.min)
            begins = [0 if share.start is None else periods.day_start(share.start, timezone) for share in shares]
            self._begins[key] = (begins, shares)
        return self._begins[key]


class _Unit(Priced):
    """The gifts of one credit, in one currency; `settlement` is the rule at the first gift in any currency."""

    __slots__ = ("settlement",)

    def __init__(self, settlement: RateEntry) -> None:
        super().__init__()
        self.settlement = settlement


class _Into(NamedTuple):
    """Where a row goes, and with it all that follow of the same LIVE while the same rules hold."""

    now: _Now
    stream: str | None  # None: the next row is looked at by itself
    unit: _Unit
    entry: RateEntry
    settlement: RateEntry
    currency: str
    has_weeks: bool  # whether a part of it is credited when the week is over


class Carried(NamedTuple):
    """The state of a person at a cut, added up: it stands for gifts that need not be read again.

    Read are all gifts from the quarter `since` on, the beginning of a week of the rate zone's time a week before `cut`, and
    the earlier ones of every stream that goes on then: so whatever may still change is rated anew, and the rest is here.
    """

    since: int
    cut: int
    credits: tuple[Credit, ...]  # of unit `kept`, one for each currency and settlement entry

    def fits(self, rows: Iterable[Usage]) -> bool:
        """Whether it can stand for the gifts beside these: a name over more than a week, which is no LIVE, could take back
        what its first gifts proved of a day in it.
        """
        rows = list(rows)
        old = {row.stream for row in rows if row.quarter < self.since}
        return not any(row.stream in old for row in rows if row.quarter >= self.cut)


class Person:
    """One creator in one region: everything that was sent there, by time, and its credits at any cut."""

    def __init__(
        self,
        creator: str,
        region: str,
        zone: Zone,
        rows: Sequence[Usage],
        rules: _Rules,
        facts: Facts,
        carried: Carried | None = None,
    ) -> None:
        self.creator, self.region, self.zone, self.rows = creator, region, zone, rows
        self.carried, self._rules, self.facts = carried, rules, facts
        self.unrated: list[Unrated] = []
        self.spans = Spans(rows)
        self._units: dict[Key, _Unit] = {}
        self._known = Known(facts, creator, zone.timezone, self.spans)
        self._weeks: dict[tuple[str, date], weekly.Week] = {}  # by currency and Monday
        self._credits: dict[object, Credit] = {}
        self._over: dict[Key, tuple[int, Credit]] = {}  # those that no later gift changes: the quarter of their last row
        self._states: dict[int, dict[Key, Credit]] = {}
        self._days: dict[str, tuple[date, ...]] = {}  # by time zone
        self._starts: dict[str, tuple[int, str]] = {}  # of each LIVE: the quarter of its first gift, and its currency
        self._group(rules)
        self._kept = {} if carried is None else self._without_what_is_read(carried)

    def believing(self, facts: Facts, until: int) -> Person:
        """The same gifts before the quarter `until`, as other facts would price them."""
        rows = [row for row in self.rows if row.quarter < until]
        return Person(self.creator, self.region, self.zone, rows, self._rules, facts, self.carried)

    @property
    def currencies(self) -> list[str]:
        """Those that its gifts are priced in."""
        return sorted({key[0] for key in (*self._units, *self._kept)})

    def _without_what_is_read(self, carried: Carried) -> dict[Key, Credit]:
        """What is carried beyond the credits of the gifts that were read."""
        with exact():
            read = kept({**dict(self._at(carried.cut)), **dict(self._weekly_at(carried.cut))}.values())
            rest = {}
            for credit in carried.credits:
                mine = read.get((credit.currency, credit.settlement.where))
                rest[credit.currency, KEPT, credit.settlement.where] = credit if mine is None else credit.less(mine)
        return rest

    def _group(self, rules: _Rules) -> None:
        since = self.carried.since if self.carried is not None else 0
        settled: dict[str, RateEntry | NotKnown] = {}  # of streams: the rule at the first gift, rated or not
        firsts: dict[tuple[str, str], RateEntry] = {}
        week_over, week = 0, None
        into: _Into | None = None
        for row, now in zip(self.rows, rules.of(self.creator, self.region, self.rows), strict=True):
            if into is not None and row.stream == into.stream and now is into.now:
                into.unit.rows.append(row)
            else:
                into, week = self._into(row, now, since, settled, firsts), None
                if into is None:
                    continue
                into.unit.add(row, into.entry, now.own)
            if into.has_weeks and row.quarter >= since:
                if row.quarter >= week_over:
                    monday = weekly.monday_of(row.quarter, self.zone.timezone)
                    week_over, week = periods.day_start(monday + timedelta(days=7), self.zone.timezone), None
                if week is None:
                    week = self._weeks.get((into.currency, monday))
                if week is None:
                    of_week = now.settlement if isinstance(now.settlement, RateEntry) else into.settlement
                    week = self._weeks[into.currency, monday] = weekly.Week(monday, of_week)
                week.add(row, into.entry, None)

    def _into(
        self,
        row: Usage,
        now: _Now,
        since: int,
        settled: dict[str, RateEntry | NotKnown],
        firsts: dict[tuple[str, str], RateEntry],
    ) -> _Into | None:
        """Where a row goes; None: it has no rate, or is in what is carried."""
        entry, own, settlement = now
        stream = row.stream
        unit = ("", "")
        if stream:
            of_stream = settled.get(stream)
            if of_stream is None:
                of_stream = settled[stream] = settlement
                rated = isinstance(entry, RateEntry) and isinstance(settlement, RateEntry)
                currency = reward_of(entry).currency if rated and isinstance(entry, RateEntry) else ""
                self._starts[stream] = (row.quarter, currency)
            if isinstance(of_stream, RateEntry) and rule_of(of_stream).credit == "stream":
                unit, settlement = ("stream", stream), of_stream
        if isinstance(settlement, NotKnown):
            self.unrated.append(Unrated(row, entry if isinstance(entry, NotKnown) else settlement))
            return None
        if isinstance(entry, NotKnown):
            self.unrated.append(Unrated(row, entry))
        if not unit[0]:
            if row.quarter < since:
                return None  # its day or week is in what is carried
            unit = _calendar_unit(row, rule_of(settlement), self.zone.timezone)
        settlement = firsts.setdefault(unit, settlement)
        if isinstance(entry, NotKnown):
            return None
        reward = reward_of(entry)
        key = (reward.currency, *unit)
        group = self._units.get(key)
        if group is None:
            group = self._units[key] = _Unit(settlement)
        has_weeks = own is None and reward.share.missions is not None
        return _Into(now, stream if unit[0] == "stream" else None, group, entry, settlement, reward.currency, has_weeks)

    def days(self, timezone: str) -> tuple[date, ...]:
        """The days in a time zone on which there are gifts, in order."""
        if timezone not in self._days:
            self._days[timezone] = tuple(periods.days_of(map(_QUARTER, self.rows), timezone))
        return self._days[timezone]

    @property
    def may_change(self) -> bool:
        """Whether what comes later may change any credit: where days of a dashboard lend their minutes by the zone that all
        gifts settle, where whole months are credited at once, and where a gift has no rate.
        """
        return self._known.of_days or bool(self.unrated) or any(unit == "month" for _, unit, _ in self._units)

    def starts(self, currency: str) -> dict[str, int]:
        """The LIVEs of an account, each with the quarter of its first gift; one whose first gift has no rate is the first's."""
        mine = {currency, ""} if currency in ("", *self.currencies[:1]) else {currency}
        return {name: quarter for name, (quarter, of) in self._starts.items() if of in mine}

    def at(self, cut: int) -> Credits:
        """Every credit of the gifts before the quarter `cut`, as if no more came, by currency, unit and name.

        Where something is carried, `cut` is not before it.
        """
        assert self.carried is None or cut >= self.carried.cut
        if cut not in self._states:
            with exact():  # once for all: entering it costs as much as pricing a credit
                self._states[cut] = {**self._kept, **dict(self._at(cut)), **dict(self._weekly_at(cut))}
        return self._states[cut]

    def _at(self, cut: int) -> Iterable[tuple[Key, Credit]]:
        for key, unit in self._units.items():
            over = self._over.get(key)
            if over is not None and over[0] < cut:  # all of it is: nothing that comes later changes it
                yield key, over[1]
            elif unit.rows[0].quarter < cut:
                count = _before(unit.rows, cut)
                named = key[2] if key[1] == "stream" else ""
                until = self.spans.at(named, cut) if named else None
                # Days of a dashboard count once they have begun; all else rests on its gifts alone.
                near = cut if self._known.of_days else ALWAYS
                memo = (key, count, until, near)
                credit = self._credits.get(memo)
                if credit is None:
                    credit = self._credits[memo] = self._credit(key, unit, count, cut)
                last = max(unit.rows[-1].quarter, self.spans.rows[named][-1].quarter if named else 0)
                if last < cut and near == ALWAYS:
                    self._over[key] = last, credit
                yield key, credit

    def _weekly_at(self, cut: int) -> Iterable[tuple[Key, Credit]]:
        for (currency, monday), week in self._weeks.items():
            key = (currency, WEEKLY, str(monday))
            over = self._over.get(key)
            if over is not None and over[0] < cut:
                yield key, over[1]
            elif week.rows[0].quarter < cut:
                count = _before(week.rows, cut)
                near = cut if self._known.of_weeks else ALWAYS
                spans = self.spans.of_week(monday, self.zone.timezone, cut)
                memo = (currency, monday, count, spans, near)
                credit = self._credits.get(memo)
                if credit is None:
                    credit = self._credits[memo] = weekly.credit_of(
                        (self.creator, self.region, currency), week, count, self._known.at(cut), spans, self.zone.timezone
                    )
                # Booked when the week is over: then every LIVE in it has begun.
                last = max([credit.booked - 1, *(self.spans.rows[span.stream][-1].quarter for span in spans)])
                if last < cut and near == ALWAYS:
                    self._over[key] = last, credit
                yield key, credit

    def _credit(self, key: Key, unit: _Unit, count: int, cut: int) -> Credit:
        currency, kind, name = key
        rows = unit.rows if count == len(unit.rows) else unit.rows[:count]
        parts = []
        for entry, own, first, coins in unit.coins(count):
            built = None
            rules = reward_of(entry).share.missions
            if own is None and rules is not None:
                built = self._known.at(cut).built(rules, name if kind == "stream" else "", rows[0].quarter)
            parts.append(_part(entry, coins, own, built, first))
        rounding = rule_of(unit.settlement).rounding
        last = rows[-1].until
        booked = last if kind == "stream" else _end_of(kind, name, self.zone.timezone) - 1
        if kind == "stream":
            booked = max(last, self.spans.last_quarter(name, cut))
        value, low, high = Decimal(0), Decimal(0), Decimal(0)
        for part in parts:
            value, low, high = value + part.gift_value, low + part.reward.low, high + part.reward.high
        return Credit(
            creator=self.creator,
            region=self.region,
            unit=kind,
            name=name,
            currency=currency,
            settlement=unit.settlement,
            parts=tuple(parts),
            rows=tuple(rows),
            gift_value=quantise(value, currency, rounding),
            reward=Range(quantise(low, currency, rounding), quantise(high, currency, rounding), rests_on(parts)),
            diamonds=sum((part.diamonds for part in parts), Decimal(0)),
            first=rows[0].quarter,
            last=last,
            booked=booked,
        )


def kept(credits: Iterable[Credit]) -> dict[tuple[str, str], Credit]:
    """Credits added up, by currency and place of the settlement entry. Call inside `exact()`."""
    by_key: dict[tuple[str, str], list[Credit]] = {}
    for credit in credits:
        by_key.setdefault((credit.currency, credit.settlement.where), []).append(credit)
    return {
        key: one._replace(unit=KEPT, name="", rows=(), parts=tuple(part.plain for part in one.parts), begun=None)
        for key, one in ((key, summed(mine)) for key, mine in by_key.items())
    }


def _before(rows: Sequence[Usage], cut: int) -> int:
    """How many rows lie before a quarter."""
    return len(rows) if rows[-1].quarter < cut else bisect_left(rows, cut, key=_QUARTER)


def _part(entry: RateEntry, coins: int, own: OwnShare | None, built: Built | None, first: int) -> Part:
    reward = reward_of(entry)
    diamonds = coins * reward.diamonds_per_coin
    gift_value = diamonds * reward.cash_per_diamond
    share = Range.of(own.percent) if own is not None else built.share if built is not None else reward.share.percent
    money = Range(percent_of(gift_value, share.low), percent_of(gift_value, share.high), confidence_of(entry, own))
    return Part(entry, coins, diamonds, gift_value, money, share, own, built, first)


def _calendar_unit(row: Usage, rule: Settlement, timezone: str) -> tuple[str, str]:
    """The credit of a row that is not credited by stream; a stream without a name is credited by day, in zone time."""
    day = periods.local_day(row.quarter, timezone)
    if rule.credit == "week":
        return "week", str(day - timedelta(days=day.weekday()))
    if rule.credit == "month":
        return "month", str(day.replace(day=1))
    return "day", str(day)


def _end_of(unit: str, name: str, timezone: str) -> int:
    """The first quarter after a day, week or month of the rate zone's time."""
    first = date.fromisoformat(name)
    if unit == "month":
        return periods.day_start((first.replace(day=28) + timedelta(days=4)).replace(day=1), timezone)
    return periods.day_start(first + timedelta(days=7 if unit == "week" else 1), timezone)
