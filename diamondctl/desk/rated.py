"""From what some gifts are to what they come to: their facts, and where money lies before the first of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from diamondctl.desk.chosen import Chosen, Material
from diamondctl.desk.facts import facts_of
from diamondctl.problems import Refusal
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import Zone
from diamondctl.rating.rewards import Rating
from diamondctl.reports.values import Asked, Home


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
