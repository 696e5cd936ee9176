"""The ledger as usage for reports: reads the catalog only, so its time does not grow with the number of gifts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from diamondctl import periods
from diamondctl.desk import kept
from diamondctl.desk.chosen import Chosen, Material, give_region
from diamondctl.desk.platforms import refuse_other_units
from diamondctl.desk.start import nameless
from diamondctl.ledger import derive, documents, frames, opening, recorded, stored_totals
from diamondctl.ledger.catalog import Ledger
from diamondctl.ledger.families import MONEY, TOTALS, family_words
from diamondctl.ledger.merge import DAY, Cross
from diamondctl.ledger.stored_totals import StoredTotals
from diamondctl.ledger.upgrading import words_of
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import Zone
from diamondctl.records import Difference, Document, Total, Usage
from diamondctl.reports.values import CrossCheck, Origin

if TYPE_CHECKING:  # few have totals
    from diamondctl.desk.totals_beside import Beside


def read_ledger(chosen: Chosen, *, whole: bool = True) -> Material:
    """What the ledger holds, each gift once, with what has to be said about it.

    Unless it is `whole`, what was over before the period before is carried forward instead of its gifts where that is kept.

    Refuses a creator it does not know (A010), one without gifts (F009) or region (G051), and regions that are not covered
    (A005).
    """
    with opening.open_ledger(chosen.ledger) as book, book.reading():
        return read_book(book, chosen, whole=whole)


def read_known(book: Ledger, chosen: Chosen, *, whole: bool = True) -> Material:
    """The same of a ledger that is open, without creators whose region nobody knows; refuses (G051) where it is nobody's."""
    left = () if chosen.creator or chosen.region or chosen.zones is not None else nameless(book, chosen)
    others = _everybody(book) - {*left}
    if not left or not others & {*derive.creators(book)}:
        return read_book(book, chosen, whole=whole)
    material = read_book(book, chosen, whole=whole, creators=others)
    return material._replace(origin=material.origin._replace(regionless=left))


def read_book(
    book: Ledger,
    chosen: Chosen,
    *,
    whole: bool = True,
    creators: Collection[str] | None = None,
    daily: bool = False,
) -> Material:
    """The same of a ledger that is open, inside `reading` or `writing`; of some creators, unless it is None.

    `daily`: nothing is asked below a day, so where gifts alone are known they need not be told by the quarter of an hour.
    """
    zones = chosen.zones
    everybody = sorted(_everybody(book))
    only = chosen.creator
    refuse_unknown(book, only)
    wanted = [only] if only else [name for name in everybody if creators is None or name in creators]
    records = tuple(item for item in recorded.records(book) if item.creator in wanted)
    totals = stored_totals.stored(book, wanted)
    carried: kept.AllCarried = {}
    all_zones = kept.Zones(chosen)
    alone = daily and not records and not totals.totals and derive.cross_checked(book).isdisjoint(wanted)
    edges = kept.edges_of(book, chosen, wanted, all_zones) if alone else ()
    if whole:
        rows, cross = derive.read_usage(book, dict.fromkeys(wanted), edges)
    else:
        day = kept.first_day(book, chosen, wanted, records)
        rows, cross, carried = kept.recent(book, chosen, wanted, day, all_zones, edges)
    # Rows that differed only in a region that was filled in now belong together.
    usage = _together([_with_region(row, chosen) for row in rows])
    nothing = Problem(
        "F009", "no gift that counts in the ledger", "import something first: diamondctl import FILE", str(book.folder)
    )
    if not usage and not totals.totals and not records:
        raise Refusal(nothing)
    if zones is None:
        zones = _zones({(row.creator, row.region) for row in usage} | carried.keys(), chosen) if usage else {}
    elif left := sorted({row.region for row in usage} - set(zones)):
        hint = "covered: " + ", ".join(sorted(zones)) + "; give --region CODE for gifts that name none"
        raise Refusal([Problem("A005", f"no rate file covers region {region or '(none)'}", hint) for region in left])
    held = documents.of_creator(book, only) if only else documents.stored(book)
    refuse_other_units(((item.name, item.kind) for item in held), chosen.platform)
    origin = Origin(True, documents.incomplete(book, only), (), records)
    notices = tuple(words_of(book.upgraded, only) if only else book.upgraded)
    notices += tuple(frames.words(counts for item in held for creator, counts in item.uncertain.items() if creator in wanted))
    checks, by_day = _cross_checks(rows, cross)
    there = {*derive.creators(book), *stored_totals.creators(book)}
    undocumented = () if only else tuple(sorted(chosen.named - there))
    origin = origin._replace(cross_checks=tuple(checks), checks=tuple(by_day), undocumented=undocumented)
    facts: tuple[Total, ...] = ()
    if totals.totals:
        beside, zones = _beside(totals, usage, chosen, zones)
        usage, facts = beside.usage, beside.facts
        notices += beside.notices
        origin = origin._replace(rest_on=beside.warnings, totals=facts, checks=(*by_day, *beside.checks))
        if not usage and not records:  # totals that say nothing of diamonds
            raise Refusal(nothing)
    return Material(tuple(usage), documents_of(held), notices, dict(zones), origin, facts, carried)


def _everybody(book: Ledger) -> set[str]:
    return {*derive.creators(book), *stored_totals.creators(book), *recorded.creators(book)}


def refuse_unknown(book: Ledger, creator: str) -> None:
    """Refuse (A010) a creator of whom a ledger that is open has nothing; a blank name is nobody's."""
    if creator and creator not in _everybody(book):
        hint = "check how the files write it; whom it holds: diamondctl records list"
        raise Refusal(Problem("A010", f"nothing of creator '{creator}' in the ledger", hint, str(book.folder)))


def documents_of(held: Iterable[documents.StoredDocument]) -> tuple[Document, ...]:
    """Documents of a ledger as reports list them."""
    return tuple(
        Document(
            item.name, item.kind, item.sha256, item.rows, item.new, _sum(item.known, item.aside), item.elsewhere, item.notices,
            folded=item.folded, totals=item.rows if item.sort == TOTALS else 0, **frames.added_up(item.uncertain.values()),
        )
        for item in held
        if item.sort != MONEY
    )  # fmt: skip


def _sum(*numbers: int) -> int:
    return documents.NOT_TOLD if documents.NOT_TOLD in numbers else sum(numbers)


def _beside(
    totals: StoredTotals, usage: list[Usage], chosen: Chosen, zones: Mapping[str, Zone]
) -> tuple[Beside, dict[str, Zone]]:
    """Totals beside the gifts of the ledger, and the zones of all their regions."""
    from diamondctl.desk import totals_beside

    def region_of(creator: str, quarter: int) -> str:
        return totals.regions.get(creator) or chosen.region_of(creator, quarter)

    beside = totals_beside.add(totals.totals, usage, chosen, region_of=region_of)
    missing = {row.region for row in beside.usage} - set(zones)
    if missing and chosen.zones is not None:
        hint = "covered: " + ", ".join(sorted(chosen.zones))
        raise Refusal([Problem("A005", f"no rate file covers region {region}", hint) for region in sorted(missing)])
    return beside, {**zones, **(store.zones_for(chosen.platform, missing, chosen.rates) if missing else {})}


def _with_region(row: Usage, chosen: Chosen) -> Usage:
    return row if row.region else row._replace(region=chosen.region_of(row.creator, row.quarter))


def _zones(regions: Iterable[tuple[str, str]], chosen: Chosen) -> dict[str, Zone]:
    """The zone of every region; refuses a creator without one (G051) and a region that is not covered (A005)."""
    regions = set(regions)
    if nameless := sorted({creator for creator, region in regions if not region}):
        names = ", ".join(nameless[:3]) + (f" and {len(nameless) - 3:,} more" if len(nameless) > 3 else "")
        raise Refusal(Problem("G051", f"gifts of {names} name no payout region", give_region(nameless)))
    try:
        return store.zones_for(chosen.platform, {region for _, region in regions}, chosen.rates)
    except Refusal as refusal:
        raise Refusal([_placed(problem, chosen) for problem in refusal.problems]) from None


def _placed(problem: Problem, chosen: Chosen) -> Problem:
    """An uncovered region that the config names, with its place there."""
    region = problem.message.rsplit(" ", 1)[-1]
    if problem.code != "A005" or region == chosen.given_region or region not in chosen.region_places:
        return problem
    return chosen.region_places[region].problem("A005", problem.message, problem.hint)


def _together(usage: list[Usage]) -> list[Usage]:
    sums: dict[tuple[str, str, str, int], Usage] = {}
    for row in usage:
        sums[row[:4]] = row.plus(sums[row[:4]]) if row[:4] in sums else row
    return usage if len(sums) == len(usage) else list(sums.values())


def _cross_checks(usage: Iterable[Usage], cross: Iterable[Cross]) -> tuple[list[CrossCheck], list[Difference]]:
    """What each source that does not count says, beside what counts on the same days; and the same day by day."""
    said: dict[tuple[str, str], dict[int, int]] = {}
    for check in cross:
        days = said.setdefault((check.creator, check.family), {})
        days[check.quarter // DAY] = days.get(check.quarter // DAY, 0) + check.coins
    counted: dict[tuple[str, int], int] = {}
    if said:
        for row in usage:
            key = (row.creator, row.quarter // DAY)
            counted[key] = counted.get(key, 0) + row.coins
    by_day = [
        Difference(creator, family_words(family), "rows that count", day, day, coins, counted.get((creator, number), 0))
        for (creator, family), days in said.items()
        for number, coins in days.items()
        for day in [periods.utc_day(number * DAY)]
    ]
    checks = [
        CrossCheck(
            creator, family_words(family), len(days), sum(days.values()), sum(counted.get((creator, day), 0) for day in days)
        )
        for (creator, family), days in sorted(said.items())
    ]
    return checks, by_day
