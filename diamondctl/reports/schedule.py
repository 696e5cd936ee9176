"""When a creator is live, and what those hours bring: a map of weekday and hour, the plan beside what was done, gaps. Pure.

All times are those where the creator lives. A LIVE is in an hour of the map if a gift came in it; it begins with its first
gift, unless a source knows better. Of hours with fewer than `FEW` LIVEs nothing is said.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

from diamondctl import periods
from diamondctl.ratebook.entries import RateEntry, Zone
from diamondctl.reports import scope as frame
from diamondctl.reports.method import FEW, Method, Shift, middle, shift
from diamondctl.reports.scope import Scope
from diamondctl.reports.slots import Plans, Slot
from diamondctl.reports.streams import Live, beside, streams
from diamondctl.reports.values import RateUse
from diamondctl.words import counted

LEVELS: Final = 3
EARLY: Final = timedelta(minutes=30)  # before its time a LIVE of the plan may begin
LATE: Final = timedelta(minutes=60)  # after it, for its first gift is later than its beginning
_DAY: Final = 24 * 60  # minutes


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of the week with LIVEs. `level` 1 to `LEVELS` by its middle among those that are told; 0: of too few."""

    weekday: int
    hour: int
    lives: int
    coins: int
    middle: Fraction | None  # coins of the LIVE in the middle in this hour; None: of too few
    level: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A slot of the plan, and how often a LIVE began at it."""

    slot: Slot
    planned: int
    done: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """The report."""

    scope: Scope
    lives: tuple[Live, ...]  # by time
    cells: tuple[Cell, ...]  # by weekday and hour
    half_from: int | None  # minute of the day; between the two at least half of the LIVEs began; None: of too few
    half_to: int | None
    gap: tuple[date, date] | None  # first and last day of the longest run without a LIVE between two of them; None: none
    slots: tuple[Kept, ...]
    on_plan: Shift | None  # coins of LIVEs at planned times against the others; None: there is no plan
    method: Method
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]

    @property
    def planned(self) -> int:
        """How many LIVEs were planned."""
        return sum(item.planned for item in self.slots)

    @property
    def done(self) -> int:
        """How many of them began in time."""
        return sum(item.done for item in self.slots)

    @property
    def gap_days(self) -> int:
        """Days of the longest run without a LIVE."""
        return 0 if self.gap is None else (self.gap[1] - self.gap[0]).days + 1

    def level(self, weekday: int, hour: int) -> Cell | None:
        """The cell of an hour."""
        return next((cell for cell in self.cells if (cell.weekday, cell.hour) == (weekday, hour)), None)

    @property
    def hours(self) -> range:
        """The hours of the day that the map needs."""
        hours = [cell.hour for cell in self.cells]
        return range(min(hours), max(hours) + 1) if hours else range(0)


def schedule(scope: Scope, plans: Plans | None = None) -> Schedule:
    """The map of a period, and what was planned; LIVEs that began in the period."""
    lives = streams(scope, ()).named
    used: list[tuple[Zone, RateEntry]] = [
        (account.zone, entry) for account in scope.accounts for entry in frame.entries_of(account.now)
    ]
    kept, on_plan = _plan(scope, lives, plans or {})
    cells = _cells(scope, lives)
    told = sum(cell.middle is not None for cell in cells)
    starts = [live.start.hour * 60 + live.start.minute for live in lives]
    half_from, half_to = _half(starts) or (None, None)
    limits = [
        f"Hours with fewer than {FEW} LIVEs are grey: nothing is said of them ({len(cells) - told:,} of {len(cells):,}).",
        "More coins in an hour need not come from the hour: what was played, who was there and the season differ too.",
        "A LIVE begins with its first gift, and is in an hour if a gift came in it.",
    ]
    nameless = sum(row.gifts for account in scope.accounts for credit in account.now for row in credit.rows if not row.stream)
    if nameless:
        limits.append(f"{counted(nameless, 'gift')} name no LIVE and are left out.")
    method = Method(
        "When is it worth being live?",
        "Coins of each LIVE by weekday and hour where the creator lives; the one in the middle counts, so that one large gift "
        "decides nothing.",
        counted(len(lives), "LIVE"),
        tuple(limits),
    )
    return Schedule(
        scope=scope,
        lives=lives,
        cells=cells,
        half_from=half_from,
        half_to=half_to,
        gap=_gap(lives),
        slots=kept,
        on_plan=on_plan,
        method=method,
        rates=scope.uses(used),
        warnings=beside(scope),
    )


def _cells(scope: Scope, lives: Sequence[Live]) -> tuple[Cell, ...]:
    names = {(live.account.key, live.name) for live in lives}
    coins: dict[tuple[int, int], dict[tuple[object, str], int]] = {}
    for account in scope.accounts:
        zone = periods.zone(account.timezone)
        rows = [row for credit in account.now for row in credit.rows] + [item.row for item in account.unrated]
        for row in rows:
            if (account.key, row.stream) in names:
                at = datetime.fromtimestamp(row.quarter * 900, zone)
                cell = coins.setdefault((at.weekday(), at.hour), {})
                live = (account.key, row.stream)
                cell[live] = cell.get(live, 0) + row.coins
    middles = {place: middle(list(cell.values())) for place, cell in coins.items() if len(cell) >= FEW}
    order = sorted(middles, key=lambda place: (middles[place], place))
    levels = {place: 1 + index * LEVELS // len(order) for index, place in enumerate(order)}
    for place in order:  # equal ones have one level
        levels[place] = max(levels[other] for other in order if middles[other] == middles[place])
    return tuple(
        Cell(*place, len(cell), sum(cell.values()), middles.get(place), levels.get(place, 0))
        for place, cell in sorted(coins.items())
    )


def _half(starts: Sequence[int]) -> tuple[int, int] | None:
    """The shortest run of minutes of the day in which at least half of the LIVEs began; None: of too few."""
    if len(starts) <= FEW:
        return None
    ordered = sorted(starts)
    size = -(-len(ordered) // 2)
    round_the_clock = [*ordered, *(start + _DAY for start in ordered)]
    runs = [(round_the_clock[at + size - 1] - round_the_clock[at], at) for at in range(len(ordered))]
    _, at = min(runs)
    return round_the_clock[at] % _DAY, round_the_clock[at + size - 1] % _DAY


def _gap(lives: Sequence[Live]) -> tuple[date, date] | None:
    days = sorted({day for live in lives for day in (live.day, live.end.date())})
    gaps = [(after - before, before) for before, after in itertools.pairwise(days) if (after - before).days > 1]
    if not gaps:
        return None
    length, before = max(gaps, key=lambda item: (item[0], -item[1].toordinal()))
    return before + timedelta(days=1), before + length - timedelta(days=1)


def _plan(scope: Scope, lives: Sequence[Live], plans: Plans) -> tuple[tuple[Kept, ...], Shift | None]:
    """Each slot with how often it came and was kept, and LIVEs on plan against the others."""
    kept: list[Kept] = []
    on: list[int] = []
    off: list[int] = []
    for creator in dict.fromkeys(account.creator for account in scope.accounts):
        slots = plans.get(creator, ())
        if not slots:
            continue
        mine = [live for live in lives if live.account.creator == creator]
        zone = periods.zone(next(account.timezone for account in scope.accounts if account.creator == creator))
        # Before the first gift that is known nothing was missed.
        known = [
            periods.local_day(account.person.rows[0].quarter, account.timezone)
            for account in scope.accounts
            if account.creator == creator and account.person.rows
        ]
        first, last = max(scope.period.start, min(known, default=scope.period.start)), scope.end
        taken: set[int] = set()
        done = dict.fromkeys(slots, 0)
        planned = dict.fromkeys(slots, 0)
        days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
        for day, slot in sorted((day, slot) for day in days for slot in done if slot.weekday == day.weekday()):
            planned[slot] += 1
            due = datetime(day.year, day.month, day.day, slot.minute // 60, slot.minute % 60, tzinfo=zone).timestamp()
            fits = [
                (abs(live.first - due), index)
                for index, live in enumerate(mine)
                if index not in taken and due - EARLY.total_seconds() <= live.first <= due + LATE.total_seconds()
            ]
            if fits:
                taken.add(min(fits)[1])
                done[slot] += 1
        kept += [Kept(slot, planned[slot], done[slot]) for slot in sorted(done)]
        on += [live.got.coins for index, live in enumerate(mine) if index in taken]
        off += [live.got.coins for index, live in enumerate(mine) if index not in taken]
    return tuple(kept), shift(on, off) if kept else None
