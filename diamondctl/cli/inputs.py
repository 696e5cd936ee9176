"""Files named on the command line to usage, with everything worth saying about them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from diamondctl.cli.found import Inputs
from diamondctl.cli.settings import Chosen
from diamondctl.ledger.gather import Gathering
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.ratebook.entries import Zone
from diamondctl.readers import sources
from diamondctl.readers.fast_csv import Fast
from diamondctl.readers.gift_rows import Settings
from diamondctl.readers.recognise import read, read_fast
from diamondctl.records import Usage
from diamondctl.words import counted


def read_files(
    arguments: list[str],
    *,
    settings: Settings,
    only_creator: str,
    chosen: Chosen,
    encoding: str,
    zones: Mapping[str, Zone] | None = None,
) -> Inputs:
    """Read every file, all or nothing: any problem in any of them refuses the command with all of them.

    `zones` (region -> zone) are used instead of those of `rates` and the shipped ones.
    """
    found = sources.find(arguments)
    log = ProblemLog()
    notices = list(found.notices)
    gathering = Gathering(region=chosen.region, creator_regions=chosen.regions, log=log, one_document=len(found.names) == 1)
    for name in found.names:
        stdin = sys.stdin.buffer if sys.stdin is not None else None
        try:
            with sources.open_source(name, encoding=encoding, stdin=stdin) as source:
                gathering.begin(source.name)
                # Only a single document can be added up without comparing its rows with others.
                fast = read_fast(source, settings) if len(found.names) == 1 and _may_be_fast() else None
                if fast is not None and _regions_are_known(fast[1], gathering, chosen, zones):
                    facts, sums = fast
                    gathering.take_usage(sums.usage, sums.rows, sums.elsewhere, sums.elsewhere_coins)
                else:
                    source.rewind()
                    facts = read(source, settings, log, gathering.take)
                if log.total:
                    continue  # the other files' problems are wanted too, their totals are not
                gathering.end(facts.kind, facts.sha256, facts.notices)
        except Refusal as refusal:
            for problem in refusal.problems:
                if problem not in log.problems:
                    log.add(problem)
            continue
        except OSError as error:
            log.add(Problem("F001", f"cannot be read: {error.strerror}", "check the disk and the folder", name))
    log.refuse_if_any()
    if doubtful := gathering.doubtful():
        raise Refusal(doubtful[: log.keep], exit_code=4, total=len(doubtful))
    usage = gathering.usage()
    documents = gathering.documents
    if not usage:
        names = ", ".join(found.names[:3])
        hint = "they hold no rows, or every gift went to another receiver than the creator"
        raise Refusal(Problem("F009", "no gift that counts in these files", hint, names))
    if only_creator:
        usage = _only(usage, only_creator, notices)
    _refuse_without_region(gathering, usage)
    zones = _zones(gathering, usage, chosen) if zones is None else _given(gathering, usage, zones, chosen)
    for document in documents:
        notices += [f"{document.name}: {notice}" for notice in document.notices]
    if known := sum(document.known for document in documents):
        notices.append(
            f"{counted(known, 'row')} repeat{'s' if known == 1 else ''} a gift that another row holds; "
            f"it counts once ({counted(gathering.known_coins, 'coin')})."
        )
    if gathering.elsewhere_coins:
        notices.append(
            f"Gifts to another receiver than the creator are not counted ({counted(gathering.elsewhere_coins, 'coin')})."
        )
    return Inputs(tuple(usage), documents, tuple(notices), dict(zones))


def _may_be_fast() -> bool:
    """DIAMONDCTL_NO_FAST_PATH leaves everything to the strict reader: for tests and for doubts."""
    return not os.environ.get("DIAMONDCTL_NO_FAST_PATH")


def _regions_are_known(sums: Fast, gathering: Gathering, chosen: Chosen, zones: Mapping[str, Zone] | None) -> bool:
    """Whether every row has a region that is covered, or that of --region; else the strict reader finds the row."""
    from diamondctl.ratebook import store

    named = {row.region or gathering.region_of(row.creator) for row in sums.usage}
    covered = set(zones or ())
    if zones is None:
        covered = {code for item in store.find(chosen.rates) if item.platform == chosen.platform for code in item.regions}
    return "" not in named and named <= covered | ({chosen.given_region} - {""})


def _refuse_without_region(gathering: Gathering, usage: list[Usage]) -> None:
    if any(not row.region for row in usage):
        place = gathering.regions[""]
        others = f", nor in {counted(place.rows - 1, 'other row')}" if place.rows > 1 else ""
        message = f"no payout region here{others}"
        hint = "give --region CODE, or set it for the creator: diamondctl config set creators.NAME.region CODE"
        raise Refusal(Problem("G051", message, hint, place.file, place.line))


def _zones(gathering: Gathering, usage: list[Usage], chosen: Chosen) -> dict[str, Zone]:
    """Zones of all regions. Where rows or the config, not `--region`, name an uncovered region, the problem says where."""
    from diamondctl.ratebook import store

    try:
        return store.zones_for(chosen.platform, {row.region for row in usage}, chosen.rates)
    except Refusal as refusal:
        problems = []
        for problem in refusal.problems:
            named = problem.message.rsplit(" ", 1)[-1]
            if problem.code == "A005" and named != chosen.given_region:
                place = gathering.regions[named]
                if place.named:
                    problems.append(problem._replace(file=place.file, line=place.line))
                else:
                    problems.append(chosen.region_places[named].problem("A005", problem.message, problem.hint))
            else:
                problems.append(problem)
        raise Refusal(problems) from None


def _given(gathering: Gathering, usage: list[Usage], zones: Mapping[str, Zone], chosen: Chosen) -> Mapping[str, Zone]:
    """The zones given, when they cover every region; else (A005) the first row of each that they do not."""
    log = ProblemLog()
    for region in sorted({row.region for row in usage} - set(zones)):
        message, hint = f"no rate file covers region {region}", "covered: " + ", ".join(sorted(zones))
        named_by_row = region != chosen.given_region and region in gathering.regions
        place = (gathering.regions[region].file, gathering.regions[region].line) if named_by_row else ("", 0)
        log.add(Problem("A005", message, hint, *place))
    log.refuse_if_any()
    return zones


def _only(usage: list[Usage], creator: str, notices: list[str]) -> list[Usage]:
    mine = [row for row in usage if row.creator == creator]
    names = sorted({row.creator for row in usage})
    if not mine:
        hint = "they name: " + ", ".join(names[:5]) + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")
        raise Refusal(Problem("A010", f"no gift of creator '{creator}' in these files", hint))
    if len(mine) < len(usage):
        left = sum(row.gifts for row in usage) - sum(row.gifts for row in mine)
        others = f"{counted(left, 'gift')} of {counted(len(names) - 1, 'other')}"
        notices.append(f"Only creator {creator}: {others} {'is' if left == 1 else 'are'} not shown.")
    return mine
