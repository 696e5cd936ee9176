"""The ledger as usage for reports: reads the catalog only, so its time does not grow with the number of gifts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from diamondctl.cli.found import Inputs
from diamondctl.cli.ledger import open_ledger
from diamondctl.cli.options import Place
from diamondctl.cli.settings import Chosen
from diamondctl.ledger import adjusting, derive, documents
from diamondctl.ledger.families import family_words
from diamondctl.ledger.merge import DAY, Cross
from diamondctl.problems import Problem, Refusal
from diamondctl.records import Document, Usage
from diamondctl.reports.scope import CrossCheck, Origin


def read_ledger(place: Place, *, only_creator: str, chosen: Chosen) -> tuple[Inputs, Origin]:
    """What the ledger holds, each gift once, with what has to be said about it."""
    from diamondctl.ratebook import store

    with open_ledger(place) as book, book.reading():
        everybody = derive.creators(book)
        only = unicodedata.normalize("NFC", only_creator)
        if only and only not in everybody:
            hint = "it holds: " + (", ".join(everybody[:5]) or "nobody")
            raise Refusal(Problem("A010", f"no gift of creator '{only}' in the ledger", hint, str(book.folder)))
        usage, cross = derive.read_usage(book, [only] if only else everybody)
        held = documents.held(book)
        incomplete = documents.incomplete(book)
        adjustments = adjusting.adjustments(book)
    if not usage:
        hint = "import something first: diamondctl import FILE"
        raise Refusal(Problem("F009", "no gift that counts in the ledger", hint, str(book.folder)))
    named = {row.region for row in usage}
    usage = [row if row.region else row._replace(region=chosen.regions.get(row.creator) or chosen.region) for row in usage]
    if nameless := sorted({row.creator for row in usage if not row.region}):
        names = ", ".join(nameless[:3]) + (f" and {len(nameless) - 3:,} more" if len(nameless) > 3 else "")
        hint = "give --region CODE, or set it for the creator: diamondctl config set creators.NAME.region CODE"
        raise Refusal(Problem("G051", f"gifts of {names} name no payout region", hint))
    try:
        zones = store.zones_for(chosen.platform, {row.region for row in usage}, chosen.rates)
    except Refusal as refusal:
        raise Refusal([_placed(problem, named, chosen) for problem in refusal.problems]) from None
    # Rows that differed only in a region that was filled in now belong together.
    usage = _together(usage)
    found = [
        Document(item.name, item.kind, item.sha256, item.rows, item.new, item.known + item.aside, item.elsewhere, item.notices)
        for item in held
    ]
    notices = (
        ["Only creator " + only + f": {len(everybody) - 1:,} others are not shown."] if only and len(everybody) > 1 else []
    )
    origin = Origin(True, incomplete, tuple(_cross_checks(usage, cross)), tuple(adjustments))
    return Inputs(tuple(usage), tuple(found), tuple(notices), zones), origin


def _placed(problem: Problem, named: set[str], chosen: Chosen) -> Problem:
    """An uncovered region that only the config names, with its place there."""
    region = problem.message.rsplit(" ", 1)[-1]
    if problem.code != "A005" or region in named or region == chosen.given_region:
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
