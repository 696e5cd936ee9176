"""What a change of rate files does to a reference week, wherever the sides differ. Pure.

Time is cut at every instant at which an entry of either side begins, so that no rule changes between two cuts. The same week of
gifts is put into every such stretch in which the sides differ, squeezed where it is shorter than a week. So every entry that
changed is priced, however old it is, and whatever no gift can show is named. Of a gift catalogue it is a hundred gifts of the
id whose price changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.problems import Problem
from diamondctl.ratebook.accepted import LetStand
from diamondctl.ratebook.entries import RATES, GiftCoins, NotKnown, RateEntry, Zone, look_up
from diamondctl.rating.rewards import rate
from diamondctl.records import Document, Usage
from diamondctl.reports.impact import WEEK, Crossing, Effect, Impact, Limit, Side, add_figures, between, exceeds

Zones = Mapping[tuple[str, str], Zone]
_GIFTS: Final = 100  # of one id, in one stream
_FIRST: Final = ("reward", "net", "gift_value", "fans_paid")  # what is shown of several figures that changed
_MONTH_DAYS: Final = Decimal("30.4375")  # of a month


class Stretch(NamedTuple):
    """A time in which neither side changes and the sides differ."""

    zones: tuple[Zone | None, Zone | None]
    region: str
    rates: tuple[str, ...]  # what differs
    start: int
    end: int | None  # quarter; None: nothing begins any more
    gift: tuple[GiftCoins | None, GiftCoins | None] = (None, None)  # of a catalogue
    whole: bool = False  # the whole file is new, or gone

    @property
    def zone(self) -> Zone:
        """The later side's, where it is there."""
        zone = self.zones[1] or self.zones[0]
        assert zone is not None
        return zone

    @property
    def place(self) -> str:
        """The file it is a change of, as platform and name."""
        return f"{self.zone.platform}/{'gifts' if any(self.gift) else self.zone.name}"

    @property
    def timezone(self) -> str:
        """In which its days begin; a catalogue's are those of UTC."""
        return "UTC" if any(self.gift) else self.zone.timezone

    @property
    def coins(self) -> tuple[int, int] | None:
        """What one gift costs on both sides; of a catalogue alone."""
        if not any(self.gift):
            return None
        before, after = (gift.coins if gift else 0 for gift in self.gift)
        return before, after


class Priced(NamedTuple):
    """What a stretch, or several of the same change, does to the reference week."""

    stretch: Stretch
    until: int | None  # of the last of them
    effects: tuple[Effect, ...]  # of all of them; the week of one is its `month`
    crossings: tuple[Crossing, ...]
    name: str  # of what changed

    @property
    def day(self) -> date:
        """When it begins."""
        return periods.local_day(self.stretch.start, self.stretch.timezone)

    @property
    def last(self) -> date | None:
        """The day after its last; none where it goes on."""
        return None if self.until is None else periods.local_day(self.until, self.stretch.timezone)

    def months(self, on: date) -> Decimal:
        """How many months of it are over, or are known to be, on a day."""
        days = ((self.last or max(on, self.day)) - self.day).days
        return (Decimal(days) / _MONTH_DAYS).quantize(Decimal("0.1"))

    @property
    def shown(self) -> Effect | None:
        """The figure that moves furthest, of those that say most; none where no figure moves."""
        changed = [effect for effect in self.effects if effect.changed]
        figures = [figure for figure in _FIRST if any(effect.key.figure == figure for effect in changed)]
        alike = [effect for effect in changed if effect.key.figure == figures[0]]
        return max(alike, key=_moved) if alike else None

    def exceeding(self, limits: Sequence[Limit]) -> bool:
        """Whether a figure moves by more than is allowed."""
        return any(exceeds(effect, limits) for effect in self.effects)


class Compared(NamedTuple):
    """The report with what it was made of."""

    impact: Impact
    base: str
    head: str
    zones: tuple[tuple[Zone, ...], tuple[Zone, ...]]  # of both sides, those that the gifts need
    documents: tuple[Document, ...]
    own_share: Decimal | None
    limits: tuple[Limit, ...]
    entries: tuple[Priced, ...]  # every change of money, in the reference week
    touched: frozenset[int]  # of `entries`, those in whose time a gift was given
    on: date
    let_stand: tuple[LetStand, ...]
    problems: tuple[Problem, ...]  # of the base
    notes: tuple[str, ...]
    incomplete: str  # what is missing from every figure; blank: nothing
    sampled: bool  # the sample is of all months, whether a side has rates for them or not

    @property
    def complete(self) -> bool:
        """False when a side could not rate some gifts that somebody really got."""
        return self.sampled or (self.impact.complete and not self.incomplete)

    @property
    def exceeding(self) -> tuple[Effect, ...]:
        """What moves by more than is allowed."""
        return tuple(effect for effect in self.impact.effects if exceeds(effect, self.limits))

    @property
    def exceeding_entries(self) -> tuple[Priced, ...]:
        """Changes that move a figure of the reference week by more than is allowed; where gifts are given, they alone count."""
        return tuple(entry for entry in self.entries if self.sampled and entry.exceeding(self.limits))

    @property
    def untouched(self) -> tuple[Priced, ...]:
        """Changes under which none of the gifts that were given was sent."""
        return tuple(entry for index, entry in enumerate(self.entries) if not self.sampled and index not in self.touched)


def _moved(effect: Effect) -> Decimal:
    """How far a figure moves, in proportion; what is new or gone moves furthest."""
    if effect.before is None or effect.after is None:
        return Decimal("Infinity")
    ends = ((effect.before.low, effect.after.low), (effect.before.high, effect.after.high))
    return max(abs(after - before) / before if before else abs(after - before) for before, after in ends)


def priced(base: Zones, head: Zones, week: Sequence[Usage], own_share: Decimal | None = None) -> tuple[Priced, ...]:
    """Every change of money between two sets of rate files. `week` is the usage of any week of one creator."""
    found: list[Priced] = []
    for stretch in (*stretches(base, head), *_gift_stretches(base, head)):
        effects, crossings = _price(stretch, week, own_share)
        last = found[-1] if found else None
        if last is not None and _goes_on(last, stretch):
            found[-1] = last._replace(
                until=stretch.end, effects=(*last.effects, *effects), crossings=(*last.crossings, *crossings)
            )
        else:
            found.append(Priced(stretch, stretch.end, effects, crossings, _name(stretch)))
    return tuple(found)


def touched(entries: Sequence[Priced], usage: Sequence[Usage]) -> frozenset[int]:
    """Which changes have a gift in their time, in a region of their zones."""
    found = set[int]()
    for index, entry in enumerate(entries):
        regions = {region for zone in entry.stretch.zones if zone for region in zone.regions}
        mine = (row.quarter for row in usage if row.region in regions and not entry.stretch.coins)
        if any(entry.stretch.start <= quarter and (entry.until is None or quarter < entry.until) for quarter in mine):
            found.add(index)
    return frozenset(found)


def stretches(base: Zones, head: Zones) -> Iterator[Stretch]:
    """Where zones differ: for the first region of each, and for every region that moved."""
    for platform in sorted({key[0] for key in (*base, *head)}):
        sides = [_regions(zones, platform) for zones in (base, head)]
        seen = set[tuple[str, str]]()
        for region in sorted({*sides[0], *sides[1]}):
            pair = (sides[0].get(region), sides[1].get(region))
            names = (pair[0].name if pair[0] else "", pair[1].name if pair[1] else "")
            if names not in seen:
                seen.add(names)
                yield from _differing(pair, region)


def _regions(zones: Zones, platform: str) -> dict[str, Zone]:
    found: dict[str, Zone] = {}
    for zone in zones.values():
        for region in zone.regions if zone.platform == platform else ():
            found.setdefault(region, zone)
    return found


def _cuts(histories: Iterator[tuple[RateEntry, ...]]) -> Iterator[tuple[int, int | None]]:
    starts = sorted({entry.effective for history in histories for entry in history})
    yield from pairwise(starts)
    if starts:
        yield starts[-1], None


def _differing(pair: tuple[Zone | None, Zone | None], region: str) -> Iterator[Stretch]:
    before, after = pair
    moved = before is not None and after is not None and before.timezone != after.timezone
    for start, end in _cuts(history for zone in pair if zone for history in zone.rates.values()):
        rates = tuple(name for name in RATES if _said(before, name, start) != _said(after, name, start))
        if rates or moved:
            yield Stretch(pair, region, rates or ("timezone",), start, end, whole=None in pair)


def _said(zone: Zone | None, name: str, quarter: int) -> object:
    """What a side says of a rate, without where and how surely; nothing where no entry has begun."""
    found = NotKnown("missing", "") if zone is None else look_up(zone, name, quarter)
    if isinstance(found, NotKnown):
        return "" if found.reason in ("missing", "before") else found.reason
    return found.value


def _goes_on(last: Priced, stretch: Stretch) -> bool:
    """Whether the next stretch shows the same change, only that something else began."""
    before = last.stretch
    if before.whole and stretch.whole and (before.place, before.region) == (stretch.place, stretch.region):
        return True
    if last.until != stretch.start or before._replace(start=0, end=None) != stretch._replace(start=0, end=None):
        return False
    return all(
        _said(zone, name, before.start) == _said(zone, name, stretch.start) for zone in stretch.zones for name in stretch.rates
    )


def _name(stretch: Stretch) -> str:
    if stretch.whole:
        return "every gift" if any(stretch.gift) else "every rate"
    gift = stretch.gift[1] or stretch.gift[0]
    return f"{gift.name} ({gift.gift_id})" if gift else ", ".join(name.replace("_", " ") for name in stretch.rates)


def _price(
    stretch: Stretch, week: Sequence[Usage], own_share: Decimal | None
) -> tuple[tuple[Effect, ...], tuple[Crossing, ...]]:
    sides = []
    for index, zone in enumerate(stretch.zones):
        side = Side({}, {}, ())
        usage = _placed(stretch, week, index)
        if zone is not None and usage:
            _add(side, usage, zone, stretch, own_share)
        sides.append(side)
    return between(sides[0], sides[1])


def _add(side: Side, usage: list[Usage], zone: Zone, stretch: Stretch, own_share: Decimal | None) -> None:
    rated = rate(usage, {stretch.region: zone}, own_share=own_share)
    label = str(periods.local_day(stretch.start, stretch.timezone))
    for currency in sorted({credit.currency for credit in rated.credits}):
        credits = [credit for credit in rated.credits if credit.currency == currency]
        place = (f"week {stretch.region}", stretch.region, label)
        add_figures(side, place, currency, credits, credits, zone, stretch.start, own_share)


def _placed(stretch: Stretch, week: Sequence[Usage], side: int) -> list[Usage]:
    """The gifts of one side, inside the stretch."""
    region, creator = stretch.region, f"week {stretch.region}"
    if stretch.coins is not None:
        if stretch.gift[side] is None:
            return []
        return [Usage(creator, region, "gifts", stretch.start, stretch.coins[side] * _GIFTS, _GIFTS)]
    first = min(row.quarter for row in week)
    room = WEEK if stretch.end is None else min(stretch.end - stretch.start, WEEK)
    rows: dict[tuple[str, int], Usage] = {}
    for row in week:
        quarter = stretch.start + (row.quarter - first) * room // WEEK
        shift = (quarter - row.quarter) * 900
        moved = row._replace(
            creator=creator,
            region=region,
            quarter=quarter,
            first=row.first + shift if row.first and room == WEEK else 0,
            last=row.last + shift if row.last and room == WEEK else 0,
        )
        key = (row.stream, quarter)
        rows[key] = rows[key].plus(moved) if key in rows else moved
    return list(rows.values())


def _gift_stretches(base: Zones, head: Zones) -> Iterator[Stretch]:
    """Where prices of a gift differ, in the money of a region that has a reward then."""
    for key in sorted({key for zones in (base, head) for key, zone in zones.items() if not zone.regions}):
        sides = [zones.get(key) for zones in (base, head)]
        homes = [zone for zone in head.values() if zone.platform == key[0] and zone.regions]
        for gift_id in sorted({name for side in sides if side for name in side.rates}):
            histories = [side.rates.get(gift_id, ()) if side else () for side in sides]
            for start, end in _cuts(iter(histories)):
                gifts = [_coins(side, gift_id, start) for side in sides]
                if gifts[0] != gifts[1]:
                    home = next((zone for zone in homes if _pays(zone, start)), None)
                    zones, region = ((home, home), home.regions[0]) if home else ((sides[0], sides[1]), "")
                    yield Stretch(zones, region, (gift_id,), start, end, (gifts[0], gifts[1]), None in sides)


def _coins(zone: Zone | None, gift_id: str, quarter: int) -> GiftCoins | None:
    found = NotKnown("missing", "") if zone is None else look_up(zone, gift_id, quarter)
    return found.value if isinstance(found, RateEntry) and isinstance(found.value, GiftCoins) else None


def _pays(zone: Zone, quarter: int) -> bool:
    return all(isinstance(look_up(zone, name, quarter), RateEntry) for name in ("reward", "settlement"))
