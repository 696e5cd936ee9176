"""The ledger as usage for reports: reads the catalog only, so its time does not grow with the number of gifts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple, TypeVar

from diamondctl import periods
from diamondctl.cli.found import Inputs
from diamondctl.cli.ledger import open_ledger
from diamondctl.cli.options import Place
from diamondctl.cli.settings import Chosen
from diamondctl.ledger import adjusting, derive, documents
from diamondctl.ledger.families import family_words
from diamondctl.ledger.merge import DAY, Cross
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook.entries import Zone
from diamondctl.rating.past import gather
from diamondctl.rating.rewards import Credit
from diamondctl.records import Document, Stream, Usage
from diamondctl.reports.scope import Asked, CrossCheck, Origin
from diamondctl.words import counted


class Held(NamedTuple):
    """Everything a report takes from a ledger. `past` stands for streams whose rows are not in `inputs`."""

    inputs: Inputs
    origin: Origin
    past: tuple[Credit, ...] = ()


def read_ledger(
    place: Place, *, only_creator: str, chosen: Chosen, asked: Asked | None = None, zones: Mapping[str, Zone] | None = None
) -> Held:
    """What the ledger holds, each gift once, with what has to be said about it.

    With `asked`, streams that are long over by then are priced from one row each. `zones` (region -> zone) are used instead
    of those of `chosen`.
    """
    with open_ledger(place) as book, book.reading():
        everybody = derive.creators(book)
        only = unicodedata.normalize("NFC", only_creator)
        if only and only not in everybody:
            hint = "it holds: " + (", ".join(everybody[:5]) or "nobody")
            raise Refusal(Problem("A010", f"no gift of creator '{only}' in the ledger", hint, str(book.folder)))
        wanted = [only] if only else everybody
        streams = _joined(_with_region(stream, chosen) for stream in derive.read_streams(book, wanted))
        if not streams:
            hint = "import something first: diamondctl import FILE"
            raise Refusal(Problem("F009", "no gift that counts in the ledger", hint, str(book.folder)))
        if zones is None:
            zones = _zones(streams, chosen)
        elif left := sorted({stream.region for stream in streams} - set(zones)):
            hint = "covered: " + ", ".join(sorted(zones)) + "; give --region CODE for gifts that name none"
            raise Refusal([Problem("A005", f"no rate file covers region {region or '(none)'}", hint) for region in left])
        past, gathered = _past(streams, zones, chosen, asked) if asked else ([], set())
        months = derive.months_of(stream for stream in streams if stream[:3] not in gathered)
        rows, cross = derive.read_usage(book, wanted, months if gathered else None)
        held = documents.held(book)
        origin = Origin(True, documents.incomplete(book), (), tuple(adjusting.adjustments(book)))
    usage = [_with_region(row, chosen) for row in rows]
    # Rows that differed only in a region that was filled in now belong together.
    usage = _together([row for row in usage if row[:3] not in gathered])
    found = [
        Document(item.name, item.kind, item.sha256, item.rows, item.new, item.known + item.aside, item.elsewhere, item.notices)
        for item in held
    ]
    others = len(everybody) - 1
    notices = (f"Only creator {only}: {counted(others, 'other creator')} not shown.",) if only and others else ()
    origin = origin._replace(cross_checks=tuple(_cross_checks(rows, cross)))
    return Held(Inputs(tuple(usage), tuple(found), notices, dict(zones)), origin, tuple(past))


# What a month or week unit, the reporting time zone and the days of a payout can be apart: generously.
_MARGIN: Final = timedelta(days=45)


def _past(
    streams: Sequence[Stream], zones: Mapping[str, Zone], chosen: Chosen, asked: Asked
) -> tuple[list[Credit], set[tuple[str, str, str]]]:
    """Streams that no line of the report shows by itself, priced; and their keys."""
    earliest = asked.period
    if earliest is None:
        if asked.as_of:
            return [], set()  # the last month with gifts by then can only be told from the gifts
        earliest = periods.month_of(periods.utc_day(max(stream.last for stream in streams)))
    first = min(earliest.before().start, asked.as_of or earliest.start) - _MARGIN
    return gather(
        streams,
        zones,
        periods.day_start(first, "UTC"),
        own_share=asked.own_share,
        own_shares=chosen.own_shares,
        as_of=asked.rates_as_of,
    )


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
    return row if row.region else row._replace(region=chosen.regions.get(row.creator) or chosen.region)


def _zones(streams: Sequence[Stream], chosen: Chosen) -> dict[str, Zone]:
    """The zone of every region; refuses a creator without one (G051) and a region that is not covered (A005)."""
    from diamondctl.ratebook import store

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
