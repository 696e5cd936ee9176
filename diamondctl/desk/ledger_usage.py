"""The ledger as usage for reports: reads the catalog only, so its time does not grow with the number of gifts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from diamondctl import periods
from diamondctl.desk.chosen import Basis, Chosen
from diamondctl.ledger import adjusting, catalog, derive, documents, frames, stored_totals
from diamondctl.ledger.families import TOTALS, family_words
from diamondctl.ledger.merge import DAY, Cross
from diamondctl.ledger.stored_totals import StoredTotals
from diamondctl.periods import Period
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import Zone
from diamondctl.rating.credits import Credit
from diamondctl.rating.past import LONGEST, gather
from diamondctl.records import Document, Stream, Total, Usage
from diamondctl.reports.values import Asked, CrossCheck, Origin
from diamondctl.words import counted

if TYPE_CHECKING:  # few have totals
    from diamondctl.desk.totals_beside import Beside


def read_ledger(chosen: Chosen, *, whole: bool = True) -> Basis:
    """What the ledger holds, each gift once, with what has to be said about it.

    Unless it is `whole`, streams that are long over by the date of the report are priced from one row each. Refuses a creator
    it does not know (A010), one without gifts (F009) or region (G051), and regions that are not covered (A005).
    """
    asked, zones = chosen.asked, chosen.zones
    with catalog.open_ledger(chosen.ledger) as book, book.reading():
        everybody = derive.creators(book)
        everybody = sorted({*everybody, *stored_totals.creators(book)})
        only = chosen.creator
        if only and only not in everybody:
            hint = "it holds: " + (", ".join(everybody[:5]) or "nobody")
            raise Refusal(Problem("A010", f"no gift of creator '{only}' in the ledger", hint, str(book.folder)))
        wanted = [only] if only else everybody
        totals = stored_totals.stored(book, wanted)
        streams = _joined(_with_region(stream, chosen) for stream in derive.read_streams(book, wanted))
        nothing = Problem(
            "F009", "no gift that counts in the ledger", "import something first: diamondctl import FILE", str(book.folder)
        )
        if not streams and not totals.totals:
            raise Refusal(nothing)
        if zones is None:
            zones = _zones(streams, chosen) if streams else {}
        elif left := sorted({stream.region for stream in streams} - set(zones)):
            hint = "covered: " + ", ".join(sorted(zones)) + "; give --region CODE for gifts that name none"
            raise Refusal([Problem("A005", f"no rate file covers region {region or '(none)'}", hint) for region in left])
        # Of a creator with cross-checks or totals every quarter is compared.
        compared = derive.cross_checked(book) | {total.creator for total in totals.totals}
        short = [stream for stream in streams if stream.creator not in compared]
        credits, past, over = _short_cuts(short, zones, asked) if short and not whole else ([], [], [])
        done = {stream[:3] for stream in (*past, *over)}
        months = {name: derive.months_of(stream for stream in mine if stream[:3] not in done) for name, mine in _by(streams)}
        rows, cross = derive.read_usage(book, {name: None if name in compared else months.get(name, ()) for name in wanted})
        held = documents.stored(book)
        origin = Origin(True, documents.incomplete(book), (), tuple(adjusting.adjustments(book)))
    # Rows that differed only in a region that was filled in now belong together.
    usage = _together([row for row in (_with_region(row, chosen) for row in rows) if row[:3] not in done])
    usage += _ends(over)
    found = [
        Document(
            item.name, item.kind, item.sha256, item.rows, item.new, item.known + item.aside, item.elsewhere, item.notices,
            folded=item.folded, totals=item.rows if item.sort == TOTALS else 0, **frames.added_up(item.uncertain.values()),
        )
        for item in held
    ]  # fmt: skip
    others = len(everybody) - 1
    notices: tuple[str, ...] = (
        (f"Only creator {only}: {counted(others, 'other creator')} not shown.",) if only and others else ()
    )
    notices += tuple(frames.words(counts for item in held for creator, counts in item.uncertain.items() if creator in wanted))
    origin = origin._replace(cross_checks=tuple(_cross_checks(rows, cross)))
    facts: tuple[Total, ...] = ()
    if totals.totals:
        beside, zones = _beside(totals, usage, chosen, zones)
        usage, facts = beside.usage, beside.facts
        notices += beside.notices
        origin = origin._replace(rest_on=beside.warnings)
        if not streams and not usage:  # totals that say nothing of diamonds
            raise Refusal(nothing)
    return Basis(tuple(usage), tuple(found), notices, dict(zones), origin, facts, tuple(credits))


def _beside(
    totals: StoredTotals, usage: list[Usage], chosen: Chosen, zones: Mapping[str, Zone]
) -> tuple[Beside, dict[str, Zone]]:
    """Totals beside the gifts of the ledger, and the zones of all their regions."""
    from diamondctl.desk import totals_beside

    def region_of(creator: str) -> str:
        return totals.regions.get(creator) or chosen.region_of(creator)

    beside = totals_beside.add(totals.totals, usage, chosen, region_of=region_of)
    missing = {row.region for row in beside.usage} - set(zones)
    if missing and chosen.zones is not None:
        hint = "covered: " + ", ".join(sorted(chosen.zones))
        raise Refusal([Problem("A005", f"no rate file covers region {region}", hint) for region in sorted(missing)])
    return beside, {**zones, **(store.zones_for(chosen.platform, missing, chosen.rates) if missing else {})}


def _short_cuts(
    streams: Sequence[Stream], zones: Mapping[str, Zone], asked: Asked
) -> tuple[list[Credit], list[Stream], list[Stream]]:
    """Streams that need no quarters: those that no line of the report shows by itself, priced; their rows; and the streams
    that lie between all the dates that matter, so that their first and last quarter say everything.
    """
    if asked.as_of and not asked.period:
        return [], [], []  # the last month with gifts by then can only be told from the gifts
    period = asked.period or _last_month(streams, zones, asked)
    as_of = asked.as_of or period.last_day
    # Two days are more than any two time zones are apart.
    before = periods.day_start(min(period.before().start, as_of) - timedelta(days=2), "UTC")
    credits, keys = gather(
        streams,
        zones,
        before,
        own_share=asked.own_share,
        own_shares=asked.own_shares,
        as_of=asked.rates_as_of,
        facts=asked.facts,
    )
    past = [stream for stream in streams if stream[:3] in keys]
    cuts: dict[tuple[str, str], list[int]] = {}
    whole = []
    for stream in streams:
        of = stream[:2]
        if of not in cuts:
            cuts[of] = _cuts(zones[stream.region], period, as_of, asked, stream.creator)
        inside = bisect_right(cuts[of], stream.first) != bisect_right(cuts[of], stream.last)
        if stream.stream and stream[:3] not in keys and not inside and stream.last - stream.first <= LONGEST:
            whole.append(stream)
    return credits, past, whole


def _last_month(streams: Sequence[Stream], zones: Mapping[str, Zone], asked: Asked) -> Period:
    """The calendar month of the last gift, as `scope.last_month` finds it."""
    last: dict[tuple[str, str], int] = {}
    for stream in streams:
        last[stream[:2]] = max(stream.last, last.get(stream[:2], 0))
    zone_of = {of: asked.timezone_of(of[0], zones[of[1]]) for of in last}
    return periods.month_of(max(periods.local_day(quarter, zone_of[of]) for of, quarter in last.items()))


def _cuts(zone: Zone, period: Period, as_of: date, asked: Asked, creator: str) -> list[int]:
    """Quarters at which something changes for a creator's gifts: rates, own shares, periods, the date of the report."""
    timezone = asked.timezone_of(creator, zone)
    dates = [zone.rates[rate] for rate in ("reward", "settlement")]
    return sorted(
        {
            *(entry.effective for history in dates for entry in history),
            *(
                periods.day_start(share.start, zone.timezone)
                for share in asked.own_shares.get(creator, ())
                if share.start
            ),
            *period.quarters(timezone),
            *period.before().quarters(timezone),
            periods.day_start(as_of + timedelta(days=1), timezone),
        }
    )  # fmt: skip


def _ends(streams: Iterable[Stream]) -> Iterator[Usage]:
    """Usage that says of each stream when it began, when it ended and what it was."""
    for creator, region, stream, first, last, coins, gifts in streams:
        if first != last:
            yield Usage(creator, region, stream, first, 0, 0)
        yield Usage(creator, region, stream, last, coins, gifts)


def _by(streams: Iterable[Stream]) -> list[tuple[str, list[Stream]]]:
    found: dict[str, list[Stream]] = {}
    for stream in streams:
        found.setdefault(stream.creator, []).append(stream)
    return list(found.items())


def _joined(streams: Iterable[Stream]) -> list[Stream]:
    """Streams whose rows differed only in a region that was filled in, as one."""
    found: dict[tuple[str, str, str], Stream] = {}
    for item in streams:
        known = found.setdefault(item[:3], item)
        if known is not item:
            first, last = min(known.first, item.first), max(known.last, item.last)
            coins, gifts = known.coins + item.coins, known.gifts + item.gifts
            found[item[:3]] = item._replace(first=first, last=last, coins=coins, gifts=gifts)
    return list(found.values())


Row = TypeVar("Row", Stream, Usage)


def _with_region(row: Row, chosen: Chosen) -> Row:
    return row if row.region else row._replace(region=chosen.region_of(row.creator))


def _zones(streams: Sequence[Stream], chosen: Chosen) -> dict[str, Zone]:
    """The zone of every region; refuses a creator without one (G051) and a region that is not covered (A005)."""
    if nameless := sorted({stream.creator for stream in streams if not stream.region}):
        names = ", ".join(nameless[:3]) + (f" and {len(nameless) - 3:,} more" if len(nameless) > 3 else "")
        hint = "give --region CODE, or set it for the creator: diamondctl config set creators.NAME.region CODE"
        raise Refusal(Problem("G051", f"gifts of {names} name no payout region", hint))
    try:
        return store.zones_for(chosen.platform, {stream.region for stream in streams}, chosen.rates)
    except Refusal as refusal:
        raise Refusal([_placed(problem, chosen) for problem in refusal.problems]) from None


def _placed(problem: Problem, chosen: Chosen) -> Problem:
    """An uncovered region that the config names, with its place there."""
    region = problem.message.rsplit(" ", 1)[-1]
    if problem.code != "A005" or region == chosen.given_region or region not in chosen.region_places:
        return problem
    return chosen.region_places[region].problem("A005", problem.message, problem.hint)


def _together(usage: list[Usage]) -> list[Usage]:
    sums: dict[tuple[str, str, str, int], list[int]] = {}
    for row in usage:
        cell = sums.setdefault(row[:4], [0, 0])
        cell[0] += row.coins
        cell[1] += row.gifts
    if len(sums) == len(usage):
        return usage
    return [Usage(*key, *cell) for key, cell in sums.items()]


def _cross_checks(usage: Iterable[Usage], cross: Iterable[Cross]) -> list[CrossCheck]:
    """What each source that does not count says, beside what counts on the same days."""
    said: dict[tuple[str, str], dict[int, int]] = {}
    for check in cross:
        days = said.setdefault((check.creator, check.family), {})
        days[check.quarter // DAY] = days.get(check.quarter // DAY, 0) + check.coins
    counted: dict[tuple[str, int], int] = {}
    if said:
        for row in usage:
            key = (row.creator, row.quarter // DAY)
            counted[key] = counted.get(key, 0) + row.coins
    return [
        CrossCheck(
            creator, family_words(family), len(days), sum(days.values()), sum(counted.get((creator, day), 0) for day in days)
        )
        for (creator, family), days in sorted(said.items())
    ]
