"""LIVEs, hours, gifts and the people behind them: `streams` with its three other views, `schedule`, `gifts`, `gifters`."""

from __future__ import annotations

from diamondctl.api.report import Report
from diamondctl.desk import insight
from diamondctl.desk.chosen import Chosen
from diamondctl.problems import Misuse, Problem, Refusal
from diamondctl.render import engagement as of_engagement
from diamondctl.render import gifts as of_gifts
from diamondctl.render import missions as of_missions
from diamondctl.render import partners as of_partners
from diamondctl.render import schedule as of_schedule
from diamondctl.render import streams as of_streams
from diamondctl.reports.engagement import Engagement
from diamondctl.reports.gifts import BOUNDS, Gifters, Gifts
from diamondctl.reports.missions import MissionsReport
from diamondctl.reports.partners import PartnersReport
from diamondctl.reports.schedule import Schedule
from diamondctl.reports.scope import Scope
from diamondctl.reports.streams import Streams
from diamondctl.words import few


def _by_earning(chosen: Chosen) -> Chosen:
    """What every one of these reports goes by: the time of the gifts."""
    if chosen.asked.basis != "earned":
        raise Misuse("--basis: LIVEs and gifts go by the time at which gifts are sent: earned")
    return chosen


def _one_creator(scope: Scope) -> None:
    """Refuses (A017) a report on the habits of several."""
    creators = sorted({account.creator for account in scope.accounts})
    if len(creators) > 1:
        message = f"habits are those of one creator, and here are {few(creators)}"
        raise Refusal(Problem("A017", message, "say whose: --creator NAME"))


def _code(scope: Scope) -> int:
    return 0 if scope.complete else 3


def streams(chosen: Chosen) -> Report[Streams]:
    """Each LIVE with time, length, gifts, diamonds and reward."""
    value = insight.streams(_by_earning(chosen))
    return Report(value, of_streams.DOCUMENT, of_streams.view(value), _code(value.scope))


def missions(chosen: Chosen) -> Report[MissionsReport]:
    """What missions cost that were not reached, and what the next one is worth."""
    value = insight.missions(_by_earning(chosen))
    return Report(value, of_missions.DOCUMENT, of_missions.view(value), _code(value.scope))


def engagement(chosen: Chosen) -> Report[Engagement]:
    """What dashboards say beside gifts, of one creator."""
    value = insight.engagement(_by_earning(chosen))
    _one_creator(value.scope)
    return Report(value, of_engagement.DOCUMENT, of_engagement.view(value), _code(value.scope))


def partners(chosen: Chosen) -> Report[PartnersReport]:
    """LIVEs with a partner and alone, of one creator."""
    value = insight.partners(_by_earning(chosen))
    _one_creator(value.scope)
    return Report(value, of_partners.DOCUMENT, of_partners.view(value), _code(value.scope))


def schedule(chosen: Chosen) -> Report[Schedule]:
    """When the LIVEs were, and what each hour brought, of one creator."""
    value = insight.schedule(_by_earning(chosen))
    _one_creator(value.scope)
    return Report(value, of_schedule.DOCUMENT, of_schedule.view(value), _code(value.scope))


def gifts(chosen: Chosen, *, bounds: str = "") -> Report[Gifts]:
    """By gift and by tier; `bounds` are the coins from which a gift is middle, and large: `100,1000`."""
    value = insight.gifts(_by_earning(chosen), _bounds(bounds))
    return Report(value, of_gifts.GIFTS, of_gifts.gifts_view(value), _code(value.scope))


def _bounds(text: str) -> tuple[int, int]:
    """Two whole numbers of coins, the smaller first; blank: those of every report."""
    if not text:
        return BOUNDS
    parts = text.replace(" ", "").split(",")
    if len(parts) != 2 or not all(part.isascii() and part.isdecimal() and len(part) <= 15 for part in parts):
        raise Misuse(f"--bounds: '{text}' is not two numbers of coins, such as 100,1000")
    middle, large = map(int, parts)
    if not 0 < middle < large:
        raise Misuse(f"--bounds: '{text}': the first is more than 0 and less than the second")
    return middle, large


def gifters(chosen: Chosen, *, names: bool = False, thanks: bool = False) -> Report[Gifters]:
    """By gifter, as aliases; with `names` by name, for `thanks` by name only who agreed to it."""
    if names and thanks:
        raise Misuse("--thanks is made to be shown: it names only who agreed to it; leave out --names")
    value = insight.gifters(_by_earning(chosen), names=names, thanks=thanks)
    return Report(value, of_gifts.GIFTERS, of_gifts.gifters_view(value, thanks=thanks), _code(value.scope))
