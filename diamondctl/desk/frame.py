"""From the options of a run to the frame of its report: read files or the ledger, rate, frame."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from diamondctl import periods
from diamondctl.desk.chosen import Basis, Chosen
from diamondctl.desk.facts import facts_of
from diamondctl.rating.rewards import rate
from diamondctl.reports.scope import Scope, make_scope


class Run(NamedTuple):
    """The frame of a report, and the same at the end of another day."""

    scope: Scope
    at: Callable[[date], Scope]


def frame(chosen: Chosen, *, whole: bool = False, about_period: bool = True) -> Run:
    """Read the files or the ledger, rate what they hold.

    With `whole` every stream of a ledger is rated by itself, however long it is over. Without `about_period` nothing is noted
    of the period, because the report does not show it. Refuses with every problem of the files, and (A011) a period of which
    nothing can be rated.
    """
    basis = basis_of(chosen, whole=whole)
    asked = chosen.asked._replace(facts=facts_of(basis.totals, chosen.asked.facts.people, basis.zones))
    rated = rate(
        basis.usage,
        basis.zones,
        own_share=asked.own_share,
        own_shares=asked.own_shares,
        as_of=asked.rates_as_of,
        facts=asked.facts,
    )
    notices = list(basis.notices)
    if chosen.rates is not None and not any(zone.origin == "user" for zone in basis.zones.values()):
        regions = " or ".join(sorted(basis.zones))
        notices.insert(0, f"No file in {chosen.rates} covers {regions} on {chosen.platform}: the shipped rates are used.")
    of_gifts = (rated, basis.zones, basis.documents)

    def at(day: date) -> Scope:
        # A quarter of a year, for what a warning says of the width of a range.
        then = asked._replace(as_of=day, period=periods.days(day - timedelta(days=90), day))
        return make_scope(*of_gifts, then, notices, basis.origin, basis.past, about_period=False)

    return Run(make_scope(*of_gifts, asked, notices, basis.origin, basis.past, about_period=about_period), at)


def basis_of(chosen: Chosen, *, whole: bool = True) -> Basis:
    """What the files that are named hold, or else the ledger. Only the one that is read costs its modules."""
    if chosen.files:
        from diamondctl.desk.file_usage import read_files

        return read_files(chosen)
    from diamondctl.desk.ledger_usage import read_ledger

    return read_ledger(chosen, whole=whole)
