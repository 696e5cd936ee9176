"""Usage with totals beside it, whether they were read from files or from the ledger: compared, or used where gifts lack."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from diamondctl import periods
from diamondctl.desk.chosen import Chosen, give_region
from diamondctl.ledger import totals
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import Reward, Zone
from diamondctl.records import Difference, Total, Usage


class Beside(NamedTuple):
    """Usage with that of creators of whom there are only totals, what is to be said, and the totals that are in force."""

    usage: list[Usage]
    warnings: tuple[str, ...]
    notices: tuple[str, ...]
    facts: tuple[Total, ...]
    checks: tuple[Difference, ...]


def add(
    given_totals: Sequence[Total],
    usage: list[Usage],
    chosen: Chosen,
    *,
    region_of: Callable[[str, int], str],
) -> Beside:
    """Compare totals with usage, and make usage of those of creators without gifts.

    Refuses totals that contradict each other (T003), name no region (G051), are in an unknown unit (T001) or in diamonds
    that are not coins (T008).
    """
    kept = totals.keep(given_totals)
    if kept.problems:
        raise Refusal(kept.problems)
    of_gifts = {row.creator: row.region for row in sorted(usage, key=lambda row: row.quarter)}

    def region_at(total: Total) -> str:
        # A day has no hour: it is taken at noon.
        quarter = total.start // periods.QUARTER or periods.day_start(total.first_day, "UTC") + 48
        return region_of(total.creator, quarter) or of_gifts.get(total.creator, "")

    regions = {total: region_at(total) for total in kept.totals}
    named = set(regions.values()) - {""}
    zones = store.zones_for(chosen.platform, named, chosen.rates) if chosen.zones is None else chosen.zones

    def account(total: Total) -> tuple[str, str]:
        region = regions[total]
        return region, chosen.rows.input_timezone or (
            zones[region].timezone if region in zones else "UTC"
        )  # a region without zone is refused later

    used = totals.use(kept.totals, usage, account=account)
    counting = {row.creator for row in used.usage}
    for total in kept.totals:
        if total.creator in counting and not regions[total]:
            hint = give_region({total.creator})
            raise Refusal(Problem("G051", "totals name no payout region", hint, total.file, total.line))
    if used.usage:
        for region in sorted(named & zones.keys()):
            _refuse_other_diamonds(zones[region], kept.totals[0])
    if not usage and not used.usage:
        raw = next((total for total in kept.totals if total.raw), None)
        if raw is not None:
            hint = "look at one LIVE in LIVE Center; if it is its diamonds: --earning-unit diamonds"
            raise Refusal(Problem("T001", f"'{raw.raw[:40]}' is so much of what?", hint, raw.file, raw.line))
    notices = list(used.notices)
    if kept.replaced:
        notices.insert(0, f"{kept.replaced:,} earlier states of a month were replaced by a later one.")
    return Beside(sorted([*usage, *used.usage]), used.warnings, tuple(notices), kept.totals, used.checks)


def _refuse_other_diamonds(zone: Zone, first: Total) -> None:
    """Totals are in diamonds, usage in coins: the same number only where a coin is one diamond."""
    for entry in zone.rates.get("reward", ()):
        if isinstance(entry.value, Reward) and entry.value.diamonds_per_coin != 1:
            message = f"{entry.where} says {entry.value.diamonds_per_coin} diamonds per coin"
            hint = "totals are in diamonds and can only be rated where a coin is one diamond"
            raise Refusal(Problem("T008", message, hint, first.file, first.line))
