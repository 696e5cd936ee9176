"""From the options of a run to the frame of its report: read files or the ledger, rate, frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from diamondctl import periods
from diamondctl.desk.chosen import Chosen, Material
from diamondctl.desk.facts import facts_of
from diamondctl.problems import Refusal
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import Zone
from diamondctl.ratebook.lock import differences
from diamondctl.rating.rewards import Rating
from diamondctl.records import Record
from diamondctl.reports.scope import Scope, first_day, make_scope
from diamondctl.reports.values import Asked, Home


class Run(NamedTuple):
    """The frame of a report, and the same at the end of another day."""

    scope: Scope
    at: Callable[[date], Scope]


def frame(
    chosen: Chosen,
    *,
    whole: bool = True,
    about_period: bool = True,
    of_earnings: bool = False,
    more: Sequence[Record] = (),
) -> Run:
    """Read the files or the ledger, rate what they hold; `more` are records that are not stored.

    Unless it is `whole`, what is long over may come from states that the ledger keeps. Without `about_period` nothing is noted
    of the period, because the report does not show it; one `of_earnings` lacks something where a creator has no gift in it.
    Refuses with every problem of the files.
    """
    material, rating, asked = _rated(chosen, whole, more)
    if material.carried and ((day := first_day(rating, asked, material.origin.records)) is None or not rating.reaches(day)):
        material, rating, asked = _rated(chosen, True, more)
    notices = list(material.notices)
    known = {region: zone for region, zone in material.zones.items() if zone.covered}
    if chosen.rates is not None and known and not any(zone.origin == "user" for zone in known.values()):
        regions = " or ".join(sorted(known))
        folder = store.name_of(chosen.rates, chosen.rates)
        notices.insert(0, f"No file in {folder} covers {regions} on {chosen.platform}: the shipped rates are used.")
    notices += _uncovered(chosen, {row.creator for row in material.usage})

    def at(day: date) -> Scope:
        # A quarter of a year, for what a warning says of the width of a range.
        then = asked._replace(as_of=day, period=periods.days(day - timedelta(days=90), day + timedelta(days=1)))
        return make_scope(rating, material.documents, then, notices, material.origin, about_period=False)

    return Run(
        make_scope(
            rating, material.documents, asked, notices, material.origin, about_period=about_period, of_earnings=of_earnings
        ),
        at,
    )


def _rated(chosen: Chosen, whole: bool, more: Sequence[Record]) -> tuple[Material, Rating, Asked]:
    material = material_of(chosen, whole=whole)
    if more:
        stored = (item for item in material.origin.records if item.id not in {new.id for new in more})
        material = material._replace(origin=material.origin._replace(records=(*stored, *more)))
    gifts = store.catalogue_zone(chosen.platform, chosen.rates) if chosen.lock and chosen.files else []
    if others := tuple(differences(chosen.lock, (*material.zones.values(), *gifts))):
        material = material._replace(origin=material.origin._replace(rest_on=(*material.origin.rest_on, *others)))
    return material, *rated_of(chosen, material)


def rated_of(chosen: Chosen, material: Material) -> tuple[Rating, Asked]:
    """What some gifts come to, and what was asked for with all that is known beside them."""
    asked = chosen.asked._replace(
        facts=facts_of(material.totals, chosen.asked.facts.people, material.zones), before_gifts=_before_gifts(chosen, material)
    )
    rating = Rating(
        material.usage,
        material.zones,
        own_share=asked.own_share,
        own_shares=asked.own_shares,
        as_of=asked.rates_as_of,
        facts=asked.facts,
        carried=material.carried,
    )
    return rating, asked


def _before_gifts(chosen: Chosen, material: Material) -> dict[tuple[str, str], tuple[Home, ...]]:
    """Where money that does not come from gifts lies before the first of them: in the region that its record names, else
    in those of the settings. Where the gifts come in is not known yet then.
    """
    wallets = {(item.creator, item.region) for item in material.origin.records if item.sort != "income"}
    if chosen.asked.opening:
        wallets |= {(row.creator, "") for row in material.usage}
    found = {}
    for creator, region in sorted(wallets):
        stays = [(date.min, region or chosen.region)]
        if not region:
            stays += [(stay.start or date.min, stay.region) for stay in chosen.regions.get(creator, ())]
        stays = [(start, name) for start, name in stays if name]
        if zones := _zones({name for _, name in stays}, chosen, material):
            found[creator, region] = tuple(Home(start, name, zones[name]) for start, name in stays)
    return found


def _zones(regions: set[str], chosen: Chosen, material: Material) -> Mapping[str, Zone]:
    """The zones of some regions; nothing where not all are covered, because whoever has gifts there is told."""
    if regions <= material.zones.keys():
        return material.zones
    try:
        return {} if chosen.zones is not None else store.zones_for(chosen.platform, regions, chosen.rates)
    except Refusal:
        return {}


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
