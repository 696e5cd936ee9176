"""What dashboards say beside gifts (viewers, likes, comments, new followers), and whether it goes with more coins. Pure.

By rank correlation, of LIVEs where a source speaks of LIVEs, else of days with gifts. What goes together need not cause each
other: a longer LIVE has more of everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from diamondctl import periods
from diamondctl.ratebook.entries import RateEntry, Zone
from diamondctl.records import Total
from diamondctl.reports import scope as frame
from diamondctl.reports.method import ENOUGH, Correlation, Method, correlation
from diamondctl.reports.scope import Scope
from diamondctl.reports.streams import beside, streams
from diamondctl.reports.values import RateUse

MEASURES: Final = ("viewers", "likes", "comments", "new_followers", "seconds")
Verdict = Literal["more", "fewer", "not told", "too few"]


@dataclass(frozen=True, slots=True)
class Pairing:
    """A measure beside the coins of the same LIVEs or days."""

    measure: str
    by: str  # LIVE | day
    source: str
    found: Correlation

    @property
    def verdict(self) -> Verdict:
        """Whether more of it goes with more coins, as far as so many can say."""
        if self.found.low is None or self.found.high is None:
            return "too few"
        return "more" if self.found.low > 0 else "fewer" if self.found.high < 0 else "not told"


@dataclass(frozen=True, slots=True)
class Engagement:
    """The report: each measure once, by LIVE where that is more."""

    scope: Scope
    pairings: tuple[Pairing, ...]
    method: Method
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]


def engagement(scope: Scope) -> Engagement:
    """Every measure that a dashboard tells of days or LIVEs of the period."""
    report = streams(scope, ())
    lives = {(live.account.creator, live.name): live.got.coins for live in report.named}
    of_lives: dict[str, list[tuple[int, int]]] = {}
    of_days: dict[str, list[tuple[int, int]]] = {}
    sources: dict[tuple[str, str], str] = {}
    days = _coins_by_day(scope)
    for total in _each_once(scope):
        for measure in MEASURES:
            number = getattr(total, measure)
            if number < 0:
                continue
            if total.span == "stream" and (coins := lives.get((total.creator, total.stream))) is not None:
                of_lives.setdefault(measure, []).append((number, coins))
                sources.setdefault((measure, "LIVE"), total.source)
            elif total.span == "day" and (coins := days.get((total.creator, total.timezone, total.first_day))) is not None:
                of_days.setdefault(measure, []).append((number, coins))
                sources.setdefault((measure, "day"), total.source)
    pairings = []
    for measure in MEASURES:
        by = "LIVE" if len(of_lives.get(measure, ())) >= len(of_days.get(measure, ())) else "day"
        pairs = (of_lives if by == "LIVE" else of_days).get(measure, [])
        if pairs:
            ones, others = zip(*pairs, strict=True)
            pairings.append(Pairing(measure, by, sources[measure, by], correlation(ones, others)))
    used: list[tuple[Zone, RateEntry]] = [
        (account.zone, entry) for account in scope.accounts for entry in frame.entries_of(account.now)
    ]
    method = Method(
        "What goes with more gifts?",
        "Spearman's rank correlation of each measure with the coins of the same LIVEs, or of the same days with gifts; the "
        "interval of 95 % is that of Bonett and Wright.",
        ", ".join(f"{item.measure.replace('_', ' ')}: {item.found.n} {item.by}s" for item in pairings) or "nothing",
        (
            "What goes together need not cause each other: a longer LIVE, or a weekend, has more of everything.",
            f"Of fewer than {ENOUGH} nothing is said. Five measures are looked at: by chance alone one in twenty seems to go "
            "with gifts.",
            "A dashboard's day that names no time zone is taken for one where the creator lives.",
        ),
    )
    return Engagement(scope, tuple(pairings), method, scope.uses(used), beside(scope))


def _each_once(scope: Scope) -> list[Total]:
    """Totals of the period; of what several files say of one day or LIVE, all that is known."""
    zones = {account.creator: account.timezone for account in scope.accounts}
    kept: dict[tuple[str, str, str, str, date], Total] = {}
    for total in scope.origin.totals:
        if total.span not in ("stream", "day"):
            continue
        # Of a day in another zone that lies over an end of the period only a part of the gifts is known.
        off = timedelta(days=total.timezone not in ("", zones.get(total.creator)))
        if total.span == "day" and not scope.period.start + off <= total.first_day < scope.period.end - off:
            continue
        key = (total.creator, total.span, total.stream, total.timezone, total.first_day)
        first = kept.get(key)
        numbers: dict[str, Any] = {
            name: max(getattr(total, name), -1 if first is None else getattr(first, name)) for name in MEASURES
        }
        kept[key] = total._replace(**numbers)
    return list(kept.values())


def _coins_by_day(scope: Scope) -> dict[tuple[str, str, date], int]:
    """Coins of the days with gifts in the period, in every time zone that a dashboard's days are of."""
    named = {(total.creator, total.timezone) for total in scope.origin.totals}
    coins: dict[tuple[str, str, date], int] = {}
    for account in scope.accounts:
        rows = [row for credit in account.now for row in credit.rows] + [item.row for item in account.unrated]
        for timezone in {zone for creator, zone in named if creator == account.creator}:
            for row in rows:
                day = periods.local_day(row.quarter, timezone or account.timezone)
                key = (account.creator, timezone, day)
                coins[key] = coins.get(key, 0) + row.coins
    return coins
