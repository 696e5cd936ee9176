"""States of months that are over, kept in the ledger so that reports need not price every gift there ever was.

A state is kept for a month with a digest of all that it rests on; a report takes the last one that fits, reads the gifts from
there on, and comes to the same figures as from all of them. Only commands that write to a ledger keep states.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from diamondctl import periods
from diamondctl.desk.chosen import Chosen
from diamondctl.ledger import derive, kept, opening, packs, stored_totals
from diamondctl.ledger.catalog import Ledger
from diamondctl.ledger.kept import KeptState
from diamondctl.money import Range
from diamondctl.problems import Refusal
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import RateEntry, Zone
from diamondctl.rating import wallet
from diamondctl.rating.credits import KEPT, Credit, OwnShare, Part, rests_on
from diamondctl.rating.missions import EVERYBODY
from diamondctl.rating.rewards import Carried, Rating
from diamondctl.rating.states import carried_of
from diamondctl.records import Record, Usage

# Raised when the same gifts, rates and settings would come to other figures.
RULES: Final = 1
_LIVE: Final = 200  # quarters: longer than a LIVE can be

AllCarried = Mapping[tuple[str, str], Carried]


class Zones:
    """The zones of regions as they are asked for, each file read once; None: not covered, or not readable."""

    def __init__(self, chosen: Chosen) -> None:
        self._chosen = chosen
        self._zones: dict[str, Zone | None] = {}

    def of(self, regions: Iterable[str]) -> dict[str, Zone] | None:
        """Those of all of some regions; None where one has none."""
        if missing := sorted({*regions} - self._zones.keys()):
            try:
                self._zones |= store.zones_for(self._chosen.platform, missing, self._chosen.rates)
            except Refusal:
                self._zones |= dict.fromkeys(missing)
        zones = {region: zone for region in regions if (zone := self._zones[region]) is not None}
        return zones if len(zones) == len({*regions}) else None


class Recent(NamedTuple):
    """Usage from the last kept state on, of each creator, and what stands for the rest."""

    usage: list[Usage]
    cross: list[Any]
    carried: AllCarried


def first_day(book: Ledger, chosen: Chosen, creators: Sequence[str], records: Iterable[Record]) -> date:
    """The first day of which a report needs the state before it: of the period before its own (else before the month of the
    last gift), and where wallets need it earlier.
    """
    asked = chosen.asked
    last = derive.last_quarters(book, creators)
    day = min([periods.utc_day(max(last.values(), default=0)) - timedelta(days=1), *filter(None, [asked.as_of])])
    before = (asked.period or periods.month_of(day)).before().start
    return min(before, day, wallet.first_day(records, before) or day)


def cuts_of(month: int, timezone: str) -> tuple[int, int]:
    """`since` and `cut` of the state of a month: a Monday of the rate zone's time before the month begins anywhere."""
    first = date(1970 + (month - 1) // 12, (month - 1) % 12 + 1, 1) - timedelta(days=2)
    monday = first - timedelta(days=first.weekday())
    return periods.day_start(monday - timedelta(days=7), timezone), periods.day_start(monday, timezone)


def edges_of(book: Ledger, chosen: Chosen, creators: Sequence[str], zones: Zones) -> list[int]:
    """The quarters at which what some creators' gifts come to can change: every midnight that counts, every rate and region
    that begins. States of days and months are the same if usage between two of them is one row for each stream.

    None where it is not known, and every quarter has to be told.
    """
    runs = [run for name in creators for run in derive.extents(book, name)]
    stays = [stay for name in creators for stay in chosen.regions.get(name, ())]
    regions = {run.region for run in runs}
    of = zones.of({*regions, *([chosen.region, *(stay.region for stay in stays)] if "" in regions else [])} - {""})
    if not runs or not of or chosen.zones is not None:
        return []
    begins = [entry.effective for zone in of.values() for entries in zone.rates.values() for entry in entries]
    timezones = {chosen.asked.timezone_of(name, zone) for name in creators for zone in of.values()}
    timezones |= {"UTC", *(zone.timezone for zone in of.values())}
    first, last = (periods.utc_day(at).toordinal() for at in (min(run.first for run in runs), max(run.last for run in runs)))
    days = [date.fromordinal(day) for day in range(first - 1, last + 3)]
    midnights = (periods.day_start(day, timezone) for timezone in timezones for day in days)
    return sorted({*midnights, *begins, *(stay.begin for stay in stays)})


def recent(book: Ledger, chosen: Chosen, creators: Sequence[str], day: date, zones: Zones, edges: Sequence[int] = ()) -> Recent:
    """What a report needs that speaks of no day before `day`: from states that are kept where they fit, else everything.

    With `edges` (`edges_of`), by them.
    """
    month = (day.year - 1970) * 12 + day.month
    whole = derive.cross_checked(book) | set(stored_totals.creators(book))  # every quarter of theirs is compared
    states = {} if chosen.zones is not None else kept.read(book, [name for name in creators if name not in whole])
    usage: list[Usage] = []
    cross: list[Any] = []
    carried: dict[tuple[str, str], Carried] = {}
    for creator in creators:
        early = (state for state in states.get(creator, ()) if state.month <= month)
        mine = next(filter(None, (_fitting(book, chosen, state, zones) for state in early)), {})
        rows, checks = _from(book, chosen, creator, mine, edges) if mine else derive.read_usage(book, {creator: None}, edges)
        if mine and not all(item.fits(row for row in rows if row.region == region) for region, item in mine.items()):
            mine = {}
            rows, checks = derive.read_usage(book, {creator: None}, edges)
        usage += rows
        cross += checks
        carried |= {(creator, region): item for region, item in mine.items()}
    return Recent(usage, cross, carried)


class _Months:
    """All months from one on, and some earlier ones."""

    def __init__(self, first: int, earlier: set[int]) -> None:
        self.first, self.earlier = first, earlier

    def __contains__(self, month: object) -> bool:
        return month in self.earlier or (isinstance(month, int) and month >= self.first)


def _from(
    book: Ledger, chosen: Chosen, creator: str, carried: Mapping[str, Carried], edges: Sequence[int]
) -> tuple[list[Usage], list[Any]]:
    """Usage of a creator from the first of some carried on, and all of the streams that go on there."""
    since = min(item.since for item in carried.values())
    latest = max(item.since for item in carried.values())
    # All months from where a LIVE that goes on can have begun, whatever the rows of others say, are verified by their seals.
    earlier = kept.goes_on(book, creator, latest)
    rows, cross = derive.read_usage(book, {creator: _Months(packs.month_of(since - _LIVE), earlier)}, edges)
    rows = [row if row.region else row._replace(region=chosen.region_of(creator, row.quarter)) for row in rows]
    far = 2**62
    begins = {region: item.since for region, item in carried.items()}
    goes_on = {(row.region, row.stream) for row in rows if row.stream and row.quarter >= begins.get(row.region, -far)}
    return [row for row in rows if row.quarter >= begins.get(row.region, -far) or (row.region, row.stream) in goes_on], cross


def _fitting(book: Ledger, chosen: Chosen, state: KeptState, zones: Zones) -> dict[str, Carried]:
    """The carried of a state by region; none where something that it rests on is not as it was."""
    if not state.depends_on.startswith(f"{RULES} "):
        return {}  # written by another version, perhaps in another form
    fills: bool  # whether gifts that name no region are among them
    regions: dict[str, list[Any]]
    try:
        fills, regions = json.loads(state.state)
        of = zones.of(regions)
        if of is None or state.depends_on != _rests_on(book, chosen, state.creator, state.month, of, fills=fills):
            return {}
        carried = {}
        for region, items in regions.items():
            credits = credits_of(state.creator, region, of[region], items)
            carried[region] = Carried(*cuts_of(state.month, of[region].timezone), credits)
        return carried
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return {}  # a text that we did not write, whatever its digest says


def _rests_on(book: Ledger, chosen: Chosen, creator: str, month: int, zones: Mapping[str, Zone], *, fills: bool) -> str:
    """The version of what is kept, and a digest of everything that decides what a creator's gifts before a month come to."""
    asked = chosen.asked
    parts = (
        kept.months_before(book, creator, month),
        sorted((region, zone.file, zone.sha256, zone.timezone) for region, zone in zones.items()),
        [chosen.region, *((stay.begin, stay.region) for stay in chosen.regions.get(creator, ()))] if fills else [],
        str(asked.own_share),
        sorted(str(share) for share in asked.own_shares.get(creator, ())),
        str(asked.rates_as_of),
        [str(item._replace(source="")) for who in (creator, EVERYBODY) for item in asked.facts.people.get(who, ())],
    )
    return f"{RULES} {hashlib.sha256(json.dumps(parts).encode()).hexdigest()}"


def renew(chosen: Chosen) -> None:
    """Keep the states of all months that are over, of every creator of whom one is missing or does not fit any more.

    Whatever keeps them from being made (no rate file for a region, nothing in the ledger) is no matter here: the report that
    needs them says it.
    """
    try:
        with opening.open_ledger(chosen.ledger, changed=lambda: None) as book, book.reading():
            whole, zones = derive.cross_checked(book) | set(stored_totals.creators(book)), Zones(chosen)
            creators = [name for name in derive.creators(book) if name not in whole]
            made = {name: states for name in creators if (states := _states(book, chosen, name, zones)) is not None}
        if made:
            with opening.open_ledger(chosen.ledger) as book, book.writing():
                kept.write(book, [state for states in made.values() for state in states], made)
    except Refusal:
        return


def _states(book: Ledger, chosen: Chosen, creator: str, all_zones: Zones) -> list[KeptState] | None:
    """All states of a creator as they should be kept; None where they are."""
    there = kept.read(book, [creator])[creator]
    fitting = [state for state in there if _fitting(book, chosen, state, all_zones)]
    made = _made(book, chosen, creator, all_zones, max((state.month for state in fitting), default=0))
    return None if not made and len(there) == len(fitting) else [*fitting, *made]


def _made(book: Ledger, chosen: Chosen, creator: str, all_zones: Zones, done: int) -> list[KeptState]:
    """The states of the months after `done`, from the one kept for it (0: from nothing)."""
    day = date(1970 + (done - 1) // 12, (done - 1) % 12 + 1, 1) if done else date.min
    edges = edges_of(book, chosen, [creator], all_zones)
    rows, _, carried = recent(book, chosen, [creator], day, all_zones, edges)
    if carried:
        derive.verify_usage(book, {creator})  # else all of it was just read
    fills = any(not run.region for run in derive.extents(book, creator))
    rows = [row if row.region else row._replace(region=chosen.region_of(creator, row.quarter)) for row in rows]
    zones = all_zones.of({row.region for row in rows} | {region for _, region in carried})
    if zones is None or not rows:
        return []
    asked = chosen.asked
    rating = Rating(
        rows,
        zones,
        own_share=asked.own_share,
        own_shares=asked.own_shares,
        as_of=asked.rates_as_of,
        facts=asked.facts,
        carried=carried,
    )
    quarters = [row.quarter for row in rows]
    states: list[KeptState] = []
    for month in range(max(done, packs.month_of(min(quarters))) + 1, packs.month_of(max(quarters)) + 2):
        found = {
            region: carried_of(person, *cuts_of(month, person.zone.timezone)) for (_, region), person in rating.people.items()
        }
        if any(item is None for item in found.values()):
            break
        text = {region: plain_credits(item.credits) for region, item in found.items() if item and item.credits}
        rests_on = _rests_on(book, chosen, creator, month, {region: zones[region] for region in text}, fills=fills)
        states.append(KeptState(creator, month, rests_on, json.dumps([fills, text])))
    return states


def wrong(chosen: Chosen) -> list[str]:
    """Creators of whom a state is kept that fits and is not what comes out of all gifts."""
    with opening.open_ledger(chosen.ledger) as book, book.reading():
        zones, names = Zones(chosen), derive.creators(book)
        states = kept.read(book, names)
        return [
            creator
            for creator in names
            if (fitting := {item for item in states[creator] if _fitting(book, chosen, item, zones)})
            and not fitting <= set(_made(book, chosen, creator, zones, 0))
        ]


def plain_credits(credits: Iterable[Credit]) -> list[Any]:
    """Kept credits as JSON values."""
    return [_plain(credit) for credit in credits]


def credits_of(creator: str, region: str, zone: Zone, plain: Iterable[Any]) -> tuple[Credit, ...]:
    """The kept credits of a creator in a region that these JSON values stand for, by the entries of its zone."""
    return tuple(_credit(creator, region, zone, item) for item in plain)


def _plain(credit: Credit) -> list[Any]:
    """A kept credit as JSON values."""
    parts = [
        [
            part.entry.where,
            None if part.own is None else [str(part.own.percent), part.own.start and str(part.own.start)],
            part.coins,
            *map(str, (part.diamonds, part.gift_value, part.reward.low, part.reward.high, part.share.low, part.share.high)),
        ]
        for part in credit.parts
    ]
    amounts = map(str, (credit.gift_value, credit.reward.low, credit.reward.high, credit.diamonds))
    return [credit.currency, credit.settlement.where, parts, *amounts, credit.first, credit.last, credit.booked]


def _credit(creator: str, region: str, zone: Zone, plain: Sequence[Any]) -> Credit:
    entries = {entry.where: entry for rate in ("reward", "settlement") for entry in zone.rates.get(rate, ())}
    currency, settlement, plain_parts, value, low, high, diamonds, first, last, booked = plain
    parts = tuple(_part(entries, *part) for part in plain_parts)
    return Credit(
        creator=creator,
        region=region,
        unit=KEPT,
        name="",
        currency=currency,
        settlement=entries[settlement],
        parts=parts,
        rows=(),
        gift_value=Decimal(value),
        reward=Range(Decimal(low), Decimal(high), rests_on(parts)),
        diamonds=Decimal(diamonds),
        first=first,
        last=last,
        booked=booked,
    )


def _part(entries: Mapping[str, RateEntry], where: str, own: list[Any] | None, coins: int, *amounts: str) -> Part:
    diamonds, value, low, high, least, most = map(Decimal, amounts)
    share = None if own is None else OwnShare(Decimal(own[0]), own[1] and date.fromisoformat(own[1]))
    part = Part(entries[where], coins, diamonds, value, Range(low, high), Range(least, most), share)
    return part._replace(reward=part.reward.on(part.confidence))
