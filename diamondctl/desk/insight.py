"""What LIVEs, gifts and hours tell: a frame, the gifts behind it one by one, and the report on both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import frame
from diamondctl.desk.gifters_sent import consents_of, gift_usage, key_of, names_of
from diamondctl.records import GiftUsage
from diamondctl.reports import gifts as of_gifts
from diamondctl.reports.documents import alias_shown, shown_as
from diamondctl.reports.engagement import Engagement
from diamondctl.reports.engagement import engagement as engagement_of
from diamondctl.reports.gifts import Gifters, Gifts
from diamondctl.reports.missions import MissionsReport
from diamondctl.reports.missions import missions as missions_of
from diamondctl.reports.partners import PartnersReport
from diamondctl.reports.partners import partners as partners_of
from diamondctl.reports.schedule import Schedule
from diamondctl.reports.schedule import schedule as schedule_of
from diamondctl.reports.scope import Scope
from diamondctl.reports.streams import Streams
from diamondctl.reports.streams import streams as streams_of


class Told(NamedTuple):
    """The frame of a report, and every gift of its source; `names` of gifters by alias, where files name them."""

    scope: Scope
    gifts: list[GiftUsage]
    names: Mapping[str, str]


def told(chosen: Chosen, *, whole: bool = True, names: bool = False) -> Told:
    """Read, rate, tell the gifts apart: all that there are, or only those of the period."""
    scope = frame(chosen, whole=whole).scope
    of_files: dict[str, str] = {}
    between = None if whole else (scope.previous.start, scope.period.end)
    gifts = gift_usage(chosen, key_of(scope.documents), between, of_files if names else None)
    return Told(scope, gifts, of_files)


def streams(chosen: Chosen) -> Streams:
    """Every LIVE of the period."""
    run = told(chosen, whole=False)
    return streams_of(run.scope, run.gifts)


def missions(chosen: Chosen) -> MissionsReport:
    """What missions cost in the period, and what the next one is worth."""
    return missions_of(frame(chosen).scope)


def engagement(chosen: Chosen) -> Engagement:
    """What dashboards say beside gifts; where no period is asked for, of a quarter of a year."""
    run = frame(chosen)
    return engagement_of(run.scope if chosen.asked.period else run.at(run.scope.end))


def partners(chosen: Chosen) -> PartnersReport:
    """LIVEs with a partner beside the others, and what each partner gets; without a period of a quarter of a year."""
    run = frame(chosen)
    return partners_of(run.scope if chosen.asked.period else run.at(run.scope.end), chosen.partners)


def schedule(chosen: Chosen) -> Schedule:
    """The map of the period; where none is asked for, of the quarter of a year up to the last month with a LIVE."""
    run = frame(chosen)
    scope = run.scope if chosen.asked.period else run.at(run.scope.end)
    return schedule_of(scope, chosen.plans)


def gifts(chosen: Chosen, bounds: tuple[int, int]) -> Gifts:
    """Every gift and every tier of the period."""
    run = told(chosen, whole=False)
    return of_gifts.gifts(run.scope, run.gifts, bounds)


def gifters(chosen: Chosen, *, names: bool = False, thanks: bool = False) -> Gifters:
    """Every gifter of the period, as an alias; with `names` by name, for `thanks` only whoever agreed to it."""
    run = told(chosen, names=names)
    report = of_gifts.gifters(run.scope, run.gifts, alias_shown)
    aliases = {person.alias for person in report.people if person.alias}
    if thanks:
        agreed = shown_as(aliases, consents_of(chosen), run.scope.as_of)
        return report.shown_as({alias: name for alias, name in agreed.items() if name != alias_shown(alias)})
    if names:
        known = dict(run.names) if chosen.files else names_of(chosen, aliases)
        return report.shown_as({alias: name for alias, name in known.items() if name})
    return report
