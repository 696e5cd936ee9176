"""Files named on the command line to usage, with everything worth saying about them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from diamondctl import combos
from diamondctl.desk.chosen import Chosen, Material, give_region
from diamondctl.desk.intake import documents_of, each_source
from diamondctl.desk.platforms import refuse_other_units
from diamondctl.desk.roster import whose
from diamondctl.ledger.gather import Gathering, Kept
from diamondctl.ledger.streams import infer
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import Zone
from diamondctl.readers import sources
from diamondctl.readers.cells import listed
from diamondctl.readers.engines import DUCKDB, Doubt
from diamondctl.readers.fast_csv import Fast
from diamondctl.readers.gift_rows import Settings
from diamondctl.readers.recognise import read, read_fast
from diamondctl.readers.sources import Source
from diamondctl.records import Difference, Frame, Gift, Total, Usage
from diamondctl.regions import REGIONS
from diamondctl.reports.values import Origin
from diamondctl.words import counted

if TYPE_CHECKING:  # read only where there are events, or many files
    from diamondctl.ratebook.gifts import Catalogue
    from diamondctl.readers.many import Many

_Row = TypeVar("_Row", Gift, Frame, Total)
MOST_SHOWN: Final = 20  # problems


def read_files(chosen: Chosen) -> Material:
    """Read every file, all or nothing: any problem in any of them refuses the command with all of them.

    Refuses (G041, as a state) files that may hold the same gifts, and (F009, A010, G051, A005) what leaves nothing to rate.
    """
    gathering, names, notices, lost, left_out = _gather(chosen)
    if doubtful := gathering.doubtful():
        raise Refusal(doubtful[:MOST_SHOWN], exit_code=4, total=len(doubtful))
    usage = gathering.usage()
    if chosen.pause:
        usage = _with_streams(usage, chosen.pause, chosen.pause_text, notices)
    warnings: tuple[str, ...] = ()
    totals: tuple[Total, ...] = ()
    checks: tuple[Difference, ...] = ()
    if gathering.totals:
        from diamondctl.desk import totals_beside

        beside = totals_beside.add(gathering.totals, usage, chosen, region_of=chosen.region_of)
        usage, warnings, totals, checks = beside.usage, beside.warnings, beside.facts, beside.checks
        notices += beside.notices
    documents = gathering.documents
    refuse_other_units(((document.name, document.kind) for document in documents), chosen.platform)
    if not usage and left_out:
        hint = "check how they write it; without --creator everybody is shown"
        raise Refusal(Problem("A010", f"no gift of creator '{chosen.creator}' in these files", hint))
    if not usage:
        hint = "they hold no rows, or every gift went to another receiver than the creator"
        raise Refusal(Problem("F009", "no gift that counts in these files", hint, ", ".join(names[:3])))
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
    incomplete = f"Incomplete: {'; '.join(lost)}." if lost else ""
    origin = Origin(incomplete=incomplete, rest_on=warnings, totals=totals, checks=checks)
    return Material(tuple(usage), documents, tuple(notices), dict(zones), origin, totals)


def gifts_of(chosen: Chosen, looks_up: Callable[[Gift], bool]) -> Iterator[Kept]:
    """Every gift that counts in the files, or goes to somebody else, once; with its rows where `looks_up` holds for them.

    For files of which `read_files` made usage before: it is the same identity, asked again.
    """
    return _gather(chosen, looks_up).gathering.gifts()


class _Gate:
    """Lets only the rows of one creator into a gathering (blank: those of everybody), and knows whether there were others."""

    def __init__(self, gathering: Gathering, creator: str) -> None:
        self._gathering, self._creator = gathering, creator
        self.left_out = False  # whether there were others at all
        self._mine = self._theirs = False  # of the document at hand
        self.take: Callable[[Gift], None] = self._only(gathering.take)
        self.take_frame: Callable[[Frame], None] = self._only(gathering.take_frame)
        self.take_total: Callable[[Total], None] = self._only(gathering.take_total)

    def begin(self) -> None:
        """Another document begins."""
        self._mine = self._theirs = False

    def _only(self, take: Callable[[_Row], None]) -> Callable[[_Row], None]:
        if not self._creator:
            return take

        def only(row: _Row) -> None:
            if row.creator == self._creator:
                self._mine = True
                take(row)
            else:
                self._theirs = self.left_out = True

        return only

    def of(self, sums: Fast) -> Fast | None:
        """What was added up elsewhere, of the creator; None where it cannot be told apart."""
        mine = [row for row in sums.usage if self._creator in ("", row.creator)]
        if len(mine) == len(sums.usage):
            self._mine = True
            return sums
        if sums.counts or sums.elsewhere:
            return None
        self._mine, self._theirs = bool(mine), True
        self.left_out = True
        return sums._replace(usage=mine, rows=sum(row.gifts for row in mine))

    @property
    def is_foreign(self) -> bool:
        """Whether the document at hand holds rows of others alone."""
        return self._theirs and not self._mine

    def notices(self, given: Sequence[str]) -> tuple[str, ...]:
        """What is to be said of the document; of one that others share what counts no rows, and that times were taken so."""
        if not self._theirs:
            return tuple(given)
        naive = any("name no zone" in text or "names no zone" in text for text in given)
        return ("times that name no zone were read as UTC; if local: --input-timezone",) if naive else ()


class _Gathered(NamedTuple):
    gathering: Gathering
    names: tuple[str, ...]
    notices: list[str]
    lost: list[str]  # what salvaged files miss
    left_out: bool  # rows of other creators than the one that is meant


def _gather(chosen: Chosen, looks_up: Callable[[Gift], bool] | None = None) -> _Gathered:
    """The rows of all files, each gift once; refuses with the problems of all of them."""
    found = sources.find(list(chosen.files))
    log = ProblemLog(keep=MOST_SHOWN)
    notices: list[str] = []
    left = list(found.notices)
    lost: list[str] = []
    aside: list[sources.Aside] = []
    one = len(found.names) == 1
    gathering = Gathering(region_of=chosen.region_of, log=log, one_document=one, looks_up=looks_up)
    gate = _Gate(gathering, chosen.creator)
    rows = chosen.rows._replace(fast=chosen.fast)
    catalogue = cache(partial(store.catalogue, chosen.platform, chosen.rates))

    def read_as(name: str) -> Settings:
        member = whose(chosen.roster, name)
        if member is None:
            return rows
        zone = member.input_timezone or rows.input_timezone
        return rows._replace(creator=member.creator, input_timezone=zone, profiles=member.profiles or rows.profiles)

    def take(source: Source) -> None:
        if source.is_zip:
            gathering.expect_several()
        mine = read_as(source.name)
        for part in documents_of(source, chosen.opening, found, mine, aside):
            said = mine if part is source or mine is not rows else read_as(part.name)
            gathering.begin(part.name)
            gate.begin()
            # Only a single document can be added up without comparing its rows with others.
            alone = one and part is source and looks_up is None and chosen.fast
            fast = read_fast(part, said, lambda: catalogue().price) if alone else None
            if fast is not None and (sums := gate.of(fast[1])) and _regions_are_known(sums.usage, chosen):
                facts = fast[0]
                gathering.take_usage(sums.usage, sums.rows, sums.elsewhere, sums.elsewhere_coins, sums.counts, sums.differences)
            else:
                part.rewind()
                facts = read(part, said, log, gate.take, gate.take_frame, gate.take_total)
            if gate.is_foreign:
                gathering.forget()
                continue
            lost.extend(f"{part.name}: {text}" for _, text in facts.lost)
            if not log.total:  # else the other files' problems are wanted too, their totals are not
                gathering.end(facts.kind, facts.sha256, gate.notices(facts.notices))
        if source.lost and not gate.is_foreign:
            lost.append(f"{source.name}: salvaged: {source.lost}")
        if source.left:
            left.append(f"{source.name}: not read: {listed(source.left)}")

    def refused(refusal: Refusal) -> None:
        for problem in refusal.problems:
            if problem not in log.problems:
                log.add(problem)

    many = _many(found.names, chosen) if looks_up is None else None
    if many is not None:
        gathering.take_many(many.documents, many.usage, many.elsewhere_coins, many.known_coins)
        gate.left_out = many.left_out
    else:
        each_source(found, chosen.opening, take, refused, aside)
    log.refuse_if_any()
    if aside:
        if not gathering.begun:
            raise sources.only_aside(aside)
        left.append(sources.aside_words(aside))
    if gate.left_out and left:
        left = ["Some files without gifts are not read."]  # whose they are nobody knows
    notices += left
    notices += _fold(gathering, catalogue)
    log.refuse_if_any()
    return _Gathered(gathering, found.names, notices, lost, gate.left_out)


def _many(names: Sequence[str], chosen: Chosen) -> Many | None:
    """All files at once, where they are many and plainly clean; None where the strict reader has to read each.

    Refuses (F015) what an engine beyond this machine leaves to the strict reader.
    """
    if chosen.engine == DUCKDB and not _worth_it(names, chosen):
        return None
    from diamondctl.readers import many

    try:
        if any(whose(chosen.roster, name) for name in names):
            raise Doubt("files that the settings give to a creator")
        found = many.read(names, chosen.rows, engine=chosen.engine, master=chosen.master, only=chosen.creator)
        if not _regions_are_known(found.usage, chosen):
            raise Doubt("rows that name no payout region, or an unknown one")
    except Doubt as doubt:
        if chosen.engine == DUCKDB:
            return None
        hint = "leave --engine out: the strict reader of this machine says which rows"
        raise Refusal(Problem("F015", f"not provably clean: {doubt}", hint)) from None
    return found


def _worth_it(names: Sequence[str], chosen: Chosen) -> bool:
    """Whether reading all files at once would be faster, by their size and number."""
    from diamondctl.readers.many import WORTH_IT

    if not chosen.fast or (len(names) == 1 and not names[0].lower().endswith(sources.COLUMNAR)):
        return False
    with suppress(OSError):
        return sum(os.path.getsize(name) for name in names) >= WORTH_IT  # noqa: PTH202 - of names, not of paths
    return False


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


def _regions_are_known(usage: Sequence[Usage], chosen: Chosen) -> bool:
    """Whether every row has a region that exists, or that of --region; else the strict reader finds the row."""
    named = {row.region or chosen.region_of(row.creator, row.quarter) for row in usage}
    given = chosen.zones
    usable = REGIONS | store.covered(chosen.platform, chosen.rates) if given is None else frozenset(given)
    return "" not in named and named <= usable | ({chosen.given_region} - {""})


def _refuse_without_region(gathering: Gathering, usage: list[Usage]) -> None:
    if any(not row.region for row in usage):
        place = gathering.regions[""]
        others = f", nor in {counted(place.rows - 1, 'other row')}" if place.rows > 1 else ""
        message = f"no payout region here{others}"
        nameless = {row.creator for row in usage if not row.region}
        raise Refusal(Problem("G051", message, give_region(nameless), place.file, place.line))


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
