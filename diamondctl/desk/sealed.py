"""A month that is closed, as it was closed: its seal, and the gifts, rates and settings that reports of it are made from.

Reports of a closed month are worked out from what the seal holds, so nothing that comes later changes them. Where rate files,
settings or this program are others by now, what that would make of the month is told beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import diamondctl
from diamondctl import periods
from diamondctl.desk import kept
from diamondctl.desk.chosen import Chosen, Material
from diamondctl.desk.figures import Rated, everybody, figures, figures_of, rated
from diamondctl.desk.ledger_usage import documents_of
from diamondctl.desk.plain import back, plain
from diamondctl.desk.rated import rated_of
from diamondctl.ledger import closes, documents, rejects
from diamondctl.ledger.catalog import STATE, Ledger, damaged
from diamondctl.periods import Period
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import RateEntry, Zone, uncovered
from diamondctl.rating.rewards import Carried, Rating
from diamondctl.records import Close, Correction, Document, GiftUsage, Record, Total, Usage
from diamondctl.reports.driver import Driver, driver_of
from diamondctl.reports.moved import Taken
from diamondctl.reports.scope import make_scope
from diamondctl.reports.sealed import Seal, SealedFile, not_corrected, not_corrected_texts, sealed_credit
from diamondctl.reports.values import Asked, Origin, activity_of

FORM: Final = 1  # of the JSON of a seal
_FAR: Final = timedelta(days=2)  # beyond a day in every time zone


class Closed(NamedTuple):
    """A closed month for a report, or several: what it is made from, and the places of what is not as it was then.

    Several are told as they were when the last of them was closed: what was sealed of each, and what was corrected by then.
    """

    seal: Seal  # of the last month
    earlier: tuple[Seal, ...]  # of the others
    chosen: Chosen
    material: Material
    because: tuple[str, ...]
    drivers: Mapping[tuple[str, str, str], Driver | None]  # what moved the month of an account

    @property
    def creators(self) -> set[str]:
        """Of whom it has something."""
        of = (self.material.usage, self.material.totals, self.material.origin.records)
        return {item.creator for items in of for item in items} | {creator for creator, _ in self.material.carried}

    @property
    def as_closed(self) -> bool:
        """Whether this version makes the sealed figures of what was sealed."""
        if self.seal.version == diamondctl.__version__:
            return True
        month = periods.month_of(self.seal.first_day)
        asked = self.chosen.asked._replace(period=month, as_of=None, today=date.max, basis="earned")
        found = figures_of(Rated(self.material, *rated_of(self.chosen._replace(asked=asked), self.material)), month)
        mine = {figure: amount for figure, amount in found.items() if figure.month == self.seal.month}
        creators = {figure.creator for figure in mine}
        return mine == {figure: amount for figure, amount in self.seal.figures.items() if figure.creator in creators}


def take(
    book: Ledger,
    chosen: Chosen,
    month: Period,
    taken: Taken,
    settings: SealedFile | None,
    corrections: Iterable[Correction],
) -> str:
    """The seal of a month as text, of a ledger that is open; `taken` are the figures of everybody."""
    chosen = chosen._replace(files=(), creator="", asked=chosen.asked._replace(period=month, as_of=None, today=date.max))
    material, rating, asked = rated(book, chosen)
    people = [(person, asked.timezone_of(person.creator, person.zone)) for person in rating.people.values()]
    credits = [
        sealed_credit(credit)
        for person, timezone in people
        for currency in person.currencies
        for credit in activity_of(person, currency, month.quarters(timezone), "earned")
    ]
    held = documents.stored(book)
    seal = Seal(
        month=month.label,
        first_day=month.start,
        last_day=month.last_day,
        version=diamondctl.__version__,
        platform=chosen.platform,
        timezones={person.creator: timezone for person, timezone in people},
        settings=settings,
        rates=tuple(_rate_files(chosen, material.zones)),
        documents=tuple((item.number, item.sha256) for item in held),
        credits=tuple(credits),
        entries=tuple(item for item in material.origin.records if month.start <= item.day <= month.last_day),
        figures={figure: amount for figure, amount in sorted(taken.figures.items()) if figure.month == month.label},
        corrections=tuple(item for item in corrections if item.booked == month.label),
    )
    drivers = _drivers(book, chosen, rating, asked, material.origin)
    return json.dumps([FORM, plain(seal), _plain_material(material, month, book, drivers)])


def _drivers(book: Ledger, chosen: Chosen, rating: Rating, asked: Asked, origin: Origin) -> list[Any]:
    """What moved a month, of each account: single gifts are looked at where reports do so."""
    from diamondctl.desk.gifters_sent import MOST_APART, of_book

    scope = make_scope(rating, (), asked, (), origin, about_period=False)
    few = {
        account.creator
        for account in scope.accounts
        if 1 < sum(row.gifts for row in account.person.rows if account.span[0] <= row.quarter < account.span[1]) <= MOST_APART
    }
    gifts: dict[str, list[GiftUsage]] = {}
    for item in of_book(book, sorted(few), (scope.period.start, scope.period.end)):
        region = item.region or chosen.region_of(item.creator, item.quarter)
        gifts.setdefault(item.creator, []).append(item._replace(region=region))
    return [[*account.key, plain(driver_of(account, gifts.get(account.creator, ())))] for account in scope.accounts]


def _drivers_of(inside: Any) -> dict[tuple[str, str, str], Driver | None]:
    return {(creator, region, currency): back(Driver | None, driver) for creator, region, currency, driver in inside["drivers"]}


def seal_of(book: Ledger, close: Close, month: str) -> Seal:
    """The seal of a month of a close. Refuses (L005) one that is not what was written."""
    return _read(book, close, month)[0]


def _read(book: Ledger, close: Close, month: str) -> tuple[Seal, Any]:
    try:
        form, seal, material = closes.seal(book, close.number, month)
        if form != FORM:
            hint = "use the diamondctl that closed it, or a newer one"
            raise Refusal(Problem("L018", f"{month} was closed in another form ({form})", hint), exit_code=STATE)
        return back(Seal, seal), material
    except (ArithmeticError, LookupError, TypeError, ValueError):
        raise damaged(book.folder, f"the seal of {month}") from None


def closed_months(book: Ledger, chosen: Chosen) -> Closed | None:
    """The closed month that a report is of, or whole closed months, of a ledger that is open; None where it is of others.

    Options that ask what would be otherwise ask for another report than the closed one.
    """
    asked, anew = chosen.asked, chosen.with_settings
    first = asked.period.start if asked.period else asked.as_of
    last = asked.period.last_day if asked.period else asked.as_of
    if first is None or last is None or anew is None:
        return None
    month = periods.month_of(last)
    close = _sealing(book, month)
    if close is None or (first < month.start and last < month.last_day):
        return None
    seal, inside = _read(book, close, month.label)
    earlier: list[Seal] = []
    while month.start > first:
        month = month.before()
        if (close := _sealing(book, month)) is not None:
            earlier.insert(0, seal_of(book, close, month.label))
    now, then = asked.config, seal.settings
    same = (now.sha256 if now else "") == (then.sha256 if then else "")
    then_chosen = chosen if same else anew(then.text if then else "", then.file if then else "")
    then_chosen = then_chosen._replace(ledger=chosen.ledger, rates=chosen.rates)
    zones, because = _zones(seal, chosen)
    because += [*_settings_place(seal, chosen), *_version(seal)]
    chosen = then_chosen
    homes = {
        name: tuple(home._replace(zone=zones.get(home.region, home.zone)) for home in mine)
        for name, mine in chosen.asked.homes.items()
    }
    chosen = chosen._replace(asked=chosen.asked._replace(homes=homes))
    material = _material(inside, chosen.creator, zones)
    return Closed(seal, tuple(earlier), chosen, material, tuple(because), _drivers_of(inside))


def _sealing(book: Ledger, month: Period) -> Close | None:
    """The close that stands and holds the seal of a month: what is before the first one has none."""
    close = closes.close_of(book, month.label)
    return None if close is None or month.label < close.first else close


def others(book: Ledger, chosen: Chosen, closed: Closed, *, anew: bool = False) -> list[str]:
    """What of closed months comes out otherwise by what is there now, where no correction answers for it, and why.

    A report that is made `anew` is not made from what was sealed.
    """
    seals = {seal.month: seal for seal in (*closed.earlier, closed.seal)}
    because = {**{seal.month: what_differs(seal, chosen) for seal in closed.earlier}, closed.seal.month: list(closed.because)}
    if not any(because.values()):
        return []
    there = {name for seal in seals.values() for name in seal.creators}
    mine = [name for name in {*everybody(book), *there} if chosen.creator in ("", name)]
    first = min(seal.first_day for seal in seals.values())
    now = figures(book, chosen, dict.fromkeys(sorted(mine), first)).figures
    found = not_corrected(
        {figure: amount for seal in seals.values() for figure, amount in seal.figures.items() if figure.creator in mine},
        {figure: amount for figure, amount in now.items() if figure.month in seals},
        [item for item in closes.corrections(book) if item.month in seals and item.creator in mine],
    )
    anew = anew or not closed.as_closed
    return [text for item in found for text in not_corrected_texts([item._replace(anew=anew)], because[item.figure.month])]


def what_differs(seal: Seal, chosen: Chosen) -> list[str]:
    """The places of rates, settings and program that are not as they were when a month was closed."""
    return [*_zones(seal, chosen)[1], *_settings_place(seal, chosen), *_version(seal)]


def _rate_files(chosen: Chosen, zones: Mapping[str, Zone]) -> Iterable[SealedFile]:
    """The rate files of some regions, whole. Refuses (F007) one that changed meanwhile."""
    regions: dict[str, list[str]] = {}
    for region, zone in sorted(zones.items()):
        regions.setdefault(zone.file, []).append(region)
    found = store.find(chosen.rates)
    for file, mine in regions.items():
        zone = zones[mine[0]]
        if not zone.covered:
            yield from (SealedFile("", "", "", (region,)) for region in mine)
            continue
        item = next(item for item in found if (item.file, item.origin) == (zone.file, zone.origin))
        data = item.path.read_bytes()
        if hashlib.sha256(data).hexdigest() != zone.sha256:
            raise Refusal(Problem("F007", "the rate file changed meanwhile", "run again", file))
        yield SealedFile(file, zone.sha256, data.decode("utf-8"), tuple(mine), zone.name, zone.origin, zone.elsewhere)


def _zones(seal: Seal, chosen: Chosen) -> tuple[dict[str, Zone], list[str]]:
    """The zones of a seal by region, and the places where the files of today are others."""
    zones: dict[str, Zone] = {}
    places: list[str] = []
    regions = sorted(region for file in seal.rates for region in file.regions)
    try:
        now = store.zones_for(chosen.platform, regions, chosen.rates)
    except Refusal as refusal:
        now = {}
        places.append(str(refusal.problems[0]))
    for file in seal.rates:
        for region in file.regions:
            there = now.get(region)
            if there is not None and there.sha256 == file.sha256:
                zones[region] = there
            else:
                zones[region] = zones.get(region) or _zone(file, seal.platform, region)
                places += [_zone_place(zones[region], there)] if there is not None else []
    return zones, list(dict.fromkeys(places))


def _zone(file: SealedFile, platform: str, region: str) -> Zone:
    if not file.file:
        return uncovered(platform, region)
    log = ProblemLog()
    zone = store.load_data(file.text.encode(), name=file.name, file=file.file, origin=file.origin, log=log)
    log.refuse_if_any()  # by the rules of a later version
    assert zone is not None
    return zone._replace(elsewhere=file.elsewhere)


def _zone_place(then: Zone, now: Zone) -> str:
    """Where a rate file of today says first what it did not say, else the file."""
    known = {_said(entry) for entries in then.rates.values() for entry in entries}
    new = [entry for entries in now.rates.values() for entry in entries if _said(entry) not in known]
    return min(new, key=lambda entry: entry.line).where if new else now.file or then.file


def _said(entry: RateEntry) -> str:
    return str(entry._replace(line=0, file=""))


def _settings_place(seal: Seal, chosen: Chosen) -> list[str]:
    """The first line of the settings that is another one than it was."""
    config = chosen.asked.config
    if (config.sha256 if config else "") == (seal.settings.sha256 if seal.settings else ""):
        return []
    if config is None:
        return [f"{Path(seal.settings.file).name if seal.settings else 'settings'} (gone)"]
    before = seal.settings.text.splitlines() if seal.settings else []
    lines = chosen.settings_text.splitlines()
    same = next((number for number, pair in enumerate(zip(lines, before, strict=False)) if pair[0] != pair[1]), len(before))
    return [f"{Path(config.file).name}:{min(same, len(lines) - 1) + 1}"]


def _version(seal: Seal) -> list[str]:
    """That another version computes now."""
    return [] if seal.version == diamondctl.__version__ else [f"diamondctl {diamondctl.__version__}, closed by {seal.version}"]


def _plain_material(material: Material, month: Period, book: Ledger, drivers: list[Any]) -> dict[str, Any]:
    """What reports of a month are made from; of what comes later only what may still be of its last day somewhere."""
    far = periods.day_start(month.end + _FAR, "UTC")
    origin = material.origin
    origin = origin._replace(
        records=tuple(item for item in origin.records if item.day <= month.last_day),
        totals=tuple(item for item in origin.totals if item.first_day < month.end + _FAR),
        checks=tuple(item for item in origin.checks if item.first_day < month.end + _FAR),
    )
    creators = sorted({row.creator for row in material.usage})
    carried = [
        [creator, region, item.since, item.cut, kept.plain_credits(item.credits)]
        for (creator, region), item in material.carried.items()
    ]
    return {
        "usage": [list(row) for row in material.usage if row.quarter < far],
        "origin": plain(origin),
        "totals": plain(tuple(item for item in material.totals if item.first_day < month.end + _FAR)),
        "incomplete": {name: text for name in creators if (text := documents.incomplete(book, name))},
        "carried": carried,
        "drivers": drivers,
        "documents": {
            name: plain(documents_of(documents.of_creator(book, name) if name else documents.stored(book)))
            for name in ("", *creators)
        },
    }


def forget(book: Ledger, name: str, alias: str) -> int:
    """Put an alias in place of a name wherever a seal quotes it as a word of its own, inside `writing`; returns in how many.

    It is looked for where `privacy erase` looks for it in the ledger: names and notices of documents, texts of records.
    """
    word, in_file = rejects.word_of(name), rejects.word_in_file_name(name)
    count = 0

    def of_record(item: Record) -> Record:
        name, invoice, reason = (word.sub(alias, text) for text in (item.name, item.invoice, item.reason))
        return item._replace(name=name, invoice=invoice, reason=reason)

    def of_document(item: Document) -> Document:
        notices = tuple(word.sub(alias, text) for text in item.notices)
        return item._replace(name=in_file.sub(alias, item.name), notices=notices)

    for close, month in closes.sealed(book):
        form, found, inside = closes.seal(book, close, month)
        seal, origin = back(Seal, found), back(Origin, inside["origin"])
        origin = origin._replace(records=tuple(map(of_record, origin.records)))
        documents_ = {
            who: plain(tuple(map(of_document, back(tuple[Document, ...], items)))) for who, items in inside["documents"].items()
        }
        new = [
            form,
            plain(replace(seal, entries=tuple(map(of_record, seal.entries)))),
            {**inside, "origin": plain(origin), "documents": documents_},
        ]
        if new != [form, found, inside]:
            closes.put_seal(book, close, month, json.dumps(new))
            count += 1
    return count


def _material(inside: Any, only: str, zones: Mapping[str, Zone]) -> Material:
    """What a report of a closed month is made from; of one creator where only she is asked for."""
    held: tuple[Document, ...] = back(tuple[Document, ...], inside["documents"].get(only, []))
    origin: Origin = back(Origin, inside["origin"])
    totals: tuple[Total, ...] = back(tuple[Total, ...], inside["totals"])
    usage = [Usage._make(row) for row in inside["usage"]]
    carried = {
        (creator, region): Carried(since, cut, kept.credits_of(creator, region, zones[region], credits))
        for creator, region, since, cut, credits in inside["carried"]
    }
    if only:
        usage = [row for row in usage if row.creator == only]
        totals = tuple(item for item in totals if item.creator == only)
        carried = {key: item for key, item in carried.items() if key[0] == only}
        origin = origin._replace(
            incomplete=inside["incomplete"].get(only, ""),
            cross_checks=tuple(item for item in origin.cross_checks if item.creator == only),
            records=tuple(item for item in origin.records if item.creator == only),
            totals=tuple(item for item in origin.totals if item.creator == only),
            checks=tuple(item for item in origin.checks if item.creator == only),
            rest_on=(),
            undocumented=(),
        )
    mine = {row.region for row in usage} | {region for _, region in carried}
    known = {region: zone for region, zone in zones.items() if not only or region in mine}
    return Material(tuple(usage), held, (), known, origin, totals, carried)
