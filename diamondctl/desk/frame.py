"""From the options of a run to the frame of its report: read files or the ledger, rate, frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from diamondctl import periods
from diamondctl.desk.chosen import Chosen, Material
from diamondctl.desk.rated import rated_of
from diamondctl.ratebook import store
from diamondctl.ratebook.lock import differences
from diamondctl.rating.rewards import Rating
from diamondctl.records import Correction, Record
from diamondctl.reports.driver import Driver
from diamondctl.reports.remarks import OPEN_SHARE
from diamondctl.reports.scope import Scope, first_day, make_scope
from diamondctl.reports.sealed import correction_notes, later_notes, month_start, what_if_note
from diamondctl.reports.values import Asked


class Run(NamedTuple):
    """The frame of a report, and the same at the end of another day."""

    scope: Scope
    at: Callable[..., Scope]  # a day; and a creator, if it is to hold only the accounts of one
    chosen: Chosen  # the options that it was made by: of a closed month with the settings of then
    closed: bool  # whether it is told as it was closed


def frame(
    chosen: Chosen,
    *,
    whole: bool = True,
    about_period: bool = True,
    of_earnings: bool = False,
    since_first: bool = False,
    more: Sequence[Record] = (),
) -> Run:
    """Read the files or the ledger, rate what they hold; `more` are records that are not stored.

    Unless it is `whole`, what is long over may come from states that the ledger keeps. Without `about_period` nothing is noted
    of the period, because the report does not show it; one `of_earnings` lacks something where a creator has no gift in it; one
    `since_first` tells everything since the first gift, so that no state can stand for what is long over.
    Refuses with every problem of the files.
    """
    found = _found(chosen, whole, since_first, more)
    chosen, material, rating, asked = found.chosen, found.material, found.rating, found.asked
    notices = list(material.notices)
    known = {region: zone for region, zone in material.zones.items() if zone.covered}
    if chosen.rates is not None and known and not any(zone.origin == "user" for zone in known.values()):
        regions = " or ".join(sorted(known))
        folder = store.name_of(chosen.rates, chosen.rates)
        notices.insert(0, f"No file in {folder} covers {regions} on {chosen.platform}: the shipped rates are used.")
    notices += [*_uncovered(chosen, {row.creator for row in material.usage}), *_alike(chosen, material)]

    def at(day: date, creator: str = "") -> Scope:
        # A quarter of a year, for what a warning says of the width of a range.
        then = asked._replace(as_of=day, period=periods.days(day - timedelta(days=90), day + timedelta(days=1)))
        mine, origin = rating, material.origin
        if creator:
            mine = rating.of(creator)
            origin = origin._replace(records=tuple(item for item in origin.records if item.creator == creator))
        return make_scope(mine, material.documents, then, notices, origin, about_period=False)

    scope = make_scope(
        rating, material.documents, asked, notices, material.origin, about_period=about_period, of_earnings=of_earnings
    )
    return Run(found.told(scope), at, chosen, found.drivers is not None)


class _Found(NamedTuple):
    """What a report is made of, and what is to be told of it because months are closed."""

    chosen: Chosen
    material: Material
    rating: Rating
    asked: Asked
    others: tuple[str, ...] = ()  # how a closed month would come out otherwise now
    corrections: tuple[Correction, ...] = ()
    drivers: Mapping[tuple[str, str, str], Driver | None] | None = None  # by account, of what is made of what was sealed
    closed: str = ""  # the last closed month, where the report is not of a closed one as it was closed

    @property
    def reaches(self) -> bool:
        """Whether nothing that was not read is needed."""
        if not self.material.carried:
            return True
        day = first_day(self.rating, self.asked, self.material.origin.records)
        return day is not None and self.rating.reaches(day)

    def told(self, scope: Scope) -> Scope:
        """A report with what is to be told."""
        period, last = scope.period, periods.month_of(scope.period.last_day).label
        mine = [item for item in self.corrections if period.start <= month_start(item.booked) < period.end]
        notes = correction_notes(mine)
        if last <= self.closed and self.asked.period is not None:
            inside = [item for item in self.corrections if period.start <= month_start(item.month) < period.end]
            alone = self.chosen.with_settings is None
            notes += [what_if_note(last)] if alone else later_notes(inside, last)
        elif self.drivers is not None and period.start < month_start(last):
            inside = [item for item in self.corrections if period.start <= month_start(item.month) < period.end]
            notes += later_notes(inside, last, sealed=True)
        warnings = scope.warnings
        if self.drivers is not None and len(scope.accounts) == 1 and scope.period.label == last and not scope.runs:
            scope = scope._replace(driver=(self.drivers.get(scope.accounts[0].key),))
        if self.drivers is not None:  # no setting makes its range one number any more
            warnings = tuple(str(text) if getattr(text, "cause", None) is OPEN_SHARE else text for text in warnings)
        known = tuple(item for item in self.corrections if month_start(item.booked) < period.end)
        return scope._replace(
            corrections=known,
            warnings=(*self.others, *warnings),
            not_corrected=self.others,
            notes=(*scope.notes, *notes),
        )


def _found(chosen: Chosen, whole: bool, since_first: bool, more: Sequence[Record]) -> _Found:
    """Of closed months what was sealed; else what the files or the ledger hold."""
    if chosen.files:
        return _rated(chosen, material_of(chosen), more)
    from diamondctl.desk.ledger_usage import read_known, refuse_unknown
    from diamondctl.desk.sealed import closed_months, others
    from diamondctl.ledger import closes, opening

    with opening.open_ledger(chosen.ledger) as book, book.reading():
        corrections = tuple(item for item in closes.corrections(book) if chosen.creator in ("", item.creator))
        closed = None if more else closed_months(book, chosen)
        if closed is None or chosen.creator not in closed.creators:  # what was undone since stays in what was sealed
            refuse_unknown(book, chosen.creator)
        sealed = _rated(closed.chosen, closed.material) if closed is not None else None
        if closed is not None and sealed is not None and sealed.reaches and not (since_first and closed.material.carried):
            told = tuple(others(book, chosen, closed))
            return sealed._replace(others=told, corrections=corrections, drivers=closed.drivers)
        found = _rated(chosen, read_known(book, chosen, whole=whole), more)
        if not found.reaches:
            found = _rated(chosen, read_known(book, chosen), more)
        told = tuple(others(book, chosen, closed, anew=True)) if closed is not None else ()
        return found._replace(others=told, corrections=corrections, closed=closes.last_month(book))


def _rated(chosen: Chosen, material: Material, more: Sequence[Record] = ()) -> _Found:
    if more:
        stored = (item for item in material.origin.records if item.id not in {new.id for new in more})
        material = material._replace(origin=material.origin._replace(records=(*stored, *more)))
    gifts = store.catalogue_zone(chosen.platform, chosen.rates) if chosen.lock and chosen.files else []
    if differing := tuple(differences(chosen.lock, (*material.zones.values(), *gifts))):
        material = material._replace(origin=material.origin._replace(rest_on=(*material.origin.rest_on, *differing)))
    return _Found(chosen, material, *rated_of(chosen, material))


def _alike(chosen: Chosen, material: Material) -> list[str]:
    """Creators whom the settings spell in another case: settings of such a one are nobody's."""
    there = {row.creator for row in material.usage}
    other = {name.casefold().strip(): name for name in chosen.named - there}
    return [
        f"The gifts are of {name}, the settings of {other[key]}: two creators, so none of these settings hold for the gifts. "
        "If they are one, give both one spelling: diamondctl config path says where the settings are."
        for name in sorted(there - chosen.named)
        if (key := name.casefold().strip()) in other
    ]


def _uncovered(chosen: Chosen, creators: set[str]) -> list[str]:
    """Regions of dated settings that no rate file covers: they are nobody's rules."""
    return [
        f"No rate file covers {stay.region}, where {name} is from {stay.start} on: payouts go by the region of the last gift."
        for name, stays in chosen.regions.items()
        for stay in stays
        if name in creators and stay.start is not None and stay.home is None
    ]


def material_of(chosen: Chosen, *, whole: bool = True) -> Material:
    """What the files that are named hold, or else the ledger. Only the one that is read costs its modules."""
    if chosen.files:
        from diamondctl.desk.file_usage import read_files

        return read_files(chosen)
    from diamondctl.desk.ledger_usage import read_ledger

    return read_ledger(chosen, whole=whole)
