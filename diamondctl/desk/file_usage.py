"""Files named on the command line to usage, with everything worth saying about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple

from diamondctl import combos
from diamondctl.desk.chosen import Chosen, Material
from diamondctl.desk.intake import documents_of, each_source
from diamondctl.ledger.gather import Gathering, Kept
from diamondctl.ledger.streams import infer
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import Zone
from diamondctl.readers import sources
from diamondctl.readers.cells import listed
from diamondctl.readers.fast_csv import Fast
from diamondctl.readers.recognise import read, read_fast
from diamondctl.readers.sources import Source
from diamondctl.records import Gift, Total, Usage
from diamondctl.regions import REGIONS
from diamondctl.reports.values import Origin
from diamondctl.words import counted

if TYPE_CHECKING:  # read only where there are events
    from diamondctl.ratebook.gifts import Catalogue

MOST_SHOWN: Final = 20  # problems


def read_files(chosen: Chosen) -> Material:
    """Read every file, all or nothing: any problem in any of them refuses the command with all of them.

    Refuses (G041, as a state) files that may hold the same gifts, and (F009, A010, G051, A005) what leaves nothing to rate.
    """
    gathering, names, notices, lost = _gather(chosen)
    if doubtful := gathering.doubtful():
        raise Refusal(doubtful[:MOST_SHOWN], exit_code=4, total=len(doubtful))
    usage = gathering.usage()
    if chosen.pause:
        usage = _with_streams(usage, chosen.pause, chosen.pause_text, notices)
    warnings: tuple[str, ...] = ()
    totals: tuple[Total, ...] = ()
    if gathering.totals:
        from diamondctl.desk import totals_beside

        beside = totals_beside.add(gathering.totals, usage, chosen, region_of=chosen.region_of)
        usage, warnings, totals = beside.usage, beside.warnings, beside.facts
        notices += beside.notices
    documents = gathering.documents
    if not usage:
        hint = "they hold no rows, or every gift went to another receiver than the creator"
        raise Refusal(Problem("F009", "no gift that counts in these files", hint, ", ".join(names[:3])))
    if chosen.creator:
        usage = _only(usage, chosen.creator, notices)
    _refuse_without_region(gathering, usage)
    zones = _zones(gathering, usage, chosen) if chosen.zones is None else _given(gathering, usage, chosen.zones, chosen)
    for document in documents:
        notices += [f"{document.name}: {notice}" for notice in (*document.notices, *combos.words(document._asdict()))]
    if known := sum(document.known for document in documents) - gathering.frames_known:
        notices.append(
            f"{counted(known, 'row')} repeat{'s' if known == 1 else ''} a gift that another row holds; "
            f"it counts once ({counted(gathering.known_coins, 'coin')})."
        )
    if gathering.frames_known:
        notices.append(f"{counted(gathering.frames_known, 'event')} repeated: a message that is logged twice counts once.")
    if gathering.elsewhere_coins:
        notices.append(
            f"Gifts to another receiver than the creator are not counted ({counted(gathering.elsewhere_coins, 'coin')})."
        )
    origin = Origin(incomplete=f"Incomplete: {'; '.join(lost)}." if lost else "", rest_on=warnings)
    return Material(tuple(usage), documents, tuple(notices), dict(zones), origin, totals)


def gifts_of(chosen: Chosen, looks_up: Callable[[Gift], bool]) -> Iterator[Kept]:
    """Every gift that counts in the files, or goes to somebody else, once; with its rows where `looks_up` holds for them.

    For files of which `read_files` made usage before: it is the same identity, asked again.
    """
    return _gather(chosen, looks_up).gathering.gifts()


class _Gathered(NamedTuple):
    gathering: Gathering
    names: tuple[str, ...]
    notices: list[str]
    lost: list[str]  # what salvaged files miss


def _gather(chosen: Chosen, looks_up: Callable[[Gift], bool] | None = None) -> _Gathered:
    """The rows of all files, each gift once; refuses with the problems of all of them."""
    found = sources.find(list(chosen.files))
    log = ProblemLog(keep=MOST_SHOWN)
    notices = list(found.notices)
    lost: list[str] = []
    aside: list[sources.Aside] = []
    one = len(found.names) == 1
    gathering = Gathering(region_of=chosen.region_of, log=log, one_document=one, looks_up=looks_up)
    rows = chosen.rows._replace(fast=chosen.fast)
    catalogue = cache(partial(store.catalogue, chosen.platform, chosen.rates))

    def take(source: Source) -> None:
        if source.is_zip:
            gathering.expect_several()
        for part in documents_of(source, chosen.opening, found, chosen.rows, aside):
            gathering.begin(part.name)
            # Only a single document can be added up without comparing its rows with others.
            alone = one and part is source and looks_up is None and chosen.fast
            fast = read_fast(part, rows, lambda: catalogue().price) if alone else None
            if fast is not None and _regions_are_known(fast[1], chosen):
                facts, sums = fast
                gathering.take_usage(sums.usage, sums.rows, sums.elsewhere, sums.elsewhere_coins, sums.counts, sums.differences)
            else:
                part.rewind()
                facts = read(part, rows, log, gathering.take, gathering.take_frame, gathering.take_total)
            lost.extend(f"{part.name}: {text}" for _, text in facts.lost)
            if not log.total:  # else the other files' problems are wanted too, their totals are not
                gathering.end(facts.kind, facts.sha256, facts.notices)
        if source.lost:
            lost.append(f"{source.name}: salvaged: {source.lost}")
        if source.left:
            notices.append(f"{source.name}: not read: {listed(source.left)}")

    def refused(refusal: Refusal) -> None:
        for problem in refusal.problems:
            if problem not in log.problems:
                log.add(problem)

    each_source(found, chosen.opening, take, refused, aside)
    log.refuse_if_any()
    if aside:
        if not gathering.begun:
            raise sources.only_aside(aside)
        notices.append(sources.aside_words(aside))
    notices += _fold(gathering, catalogue)
    log.refuse_if_any()
    return _Gathered(gathering, found.names, notices, lost)


def _with_streams(usage: list[Usage], gap: int, text: str, notices: list[str]) -> list[Usage]:
    """Usage whose nameless gifts are put into streams by their pauses."""
    found = infer(usage, gap)
    if found.streams:
        gifts = f"{counted(found.gifts, 'gift')} name{'s' if found.gifts == 1 else ''} no stream"
        notices.append(f"{gifts}. Inferred from pauses of {text} or more: {counted(found.streams, 'stream')}.")
    return found.usage


def _fold(gathering: Gathering, catalogue: Callable[[], Catalogue]) -> list[str]:
    """Make gifts of the frames of event logs; the gift catalogue is read only when there are any."""
    if gathering.has_frames:
        gathering.fold(catalogue().price)
    notices = combos.difference_words(gathering.differences)
    if any(document.catalogued for document in gathering.documents):
        files = " and ".join(f"{file.file} {file.sha256[:8]}" for file in catalogue().files)
        notices.append(f"Gift catalogue: {files}.")
    return notices


def _regions_are_known(sums: Fast, chosen: Chosen) -> bool:
    """Whether every row has a region that exists, or that of --region; else the strict reader finds the row."""
    named = {row.region or chosen.region_of(row.creator, row.quarter) for row in sums.usage}
    given = chosen.zones
    usable = REGIONS | store.covered(chosen.platform, chosen.rates) if given is None else frozenset(given)
    return "" not in named and named <= usable | ({chosen.given_region} - {""})


def _refuse_without_region(gathering: Gathering, usage: list[Usage]) -> None:
    if any(not row.region for row in usage):
        place = gathering.regions[""]
        others = f", nor in {counted(place.rows - 1, 'other row')}" if place.rows > 1 else ""
        message = f"no payout region here{others}"
        hint = "give --region CODE, or set it for the creator: diamondctl config set creators.NAME.region CODE"
        raise Refusal(Problem("G051", message, hint, place.file, place.line))


def _zones(gathering: Gathering, usage: list[Usage], chosen: Chosen) -> dict[str, Zone]:
    """Zones of all regions. Where rows or the config, not `--region`, name an uncovered region, the problem says where."""
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
