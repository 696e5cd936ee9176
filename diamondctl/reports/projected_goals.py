"""Goals of an agency: tiers of conditions that must all hold, what is missing to each, and how many paths get there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from diamondctl.forecast.values import Forecast, History, Path
from diamondctl.problems import Problem, Refusal
from diamondctl.reports.projected_paths import quantile, tails

What = Literal["diamonds", "hours", "days"]
WHATS: Final[tuple[What, ...]] = ("diamonds", "hours", "days")
VALID: Final = 4  # quarters of an hour live that make a day count


class Wanted(NamedTuple):
    """One condition of a tier: hours in quarters of an hour."""

    what: What
    least: Decimal


class Tier(NamedTuple):
    """Conditions that must all hold; `text` as it was typed."""

    text: str
    wanted: tuple[Wanted, ...]


class Condition(NamedTuple):
    """How far one condition is. Paces are for a week; None: what it is made of is not known."""

    what: What
    target: Decimal
    so_far: Decimal
    missing: Decimal
    pace_needed: Decimal
    pace: Decimal | None  # of the last full weeks
    expected: tuple[Decimal, Decimal, Decimal] | None  # at the end of the period: low, middle and high
    chance: int | None  # percent of paths


class Goal(NamedTuple):
    """A tier, and in how many percent of the paths all of its conditions hold."""

    text: str
    conditions: tuple[Condition, ...]
    chance: int | None


def tier_of(text: str) -> Tier:
    """`diamonds 100000, hours 40, days 15` in any order, joined by commas or `and`. Refuses (A017) anything else."""
    wanted: list[Wanted] = []
    for part in text.replace(" and ", ",").replace("+", ",").split(","):
        words = part.replace("=", " ").split()
        number = words[1].replace("_", "") if len(words) == 2 else ""
        what = next((name for name in WHATS if words and words[0].lower() in (name, name[:-1])), None)
        if what is None or not number.isascii() or not number.replace(".", "", 1).isdigit() or not Decimal(number):
            raise _refused(text)
        least = Decimal(number)
        if (what != "hours" and least != int(least)) or (what == "hours" and least * 4 != int(least * 4)) or least > 10**15:
            raise _refused(text)
        if what in [item.what for item in wanted]:
            raise _refused(text)
        wanted.append(Wanted(what, least))
    return Tier(text.strip(), tuple(wanted))


def _refused(text: str) -> Refusal:
    hint = "such as: diamonds 100000, hours 40, days 15 (hours in quarters; all of them must hold)"
    return Refusal(Problem("A017", f"--goal: '{text}' is no goal", hint))


def goals_of(
    tiers: Sequence[Tier], history: History, forecast: Forecast, start: int, last: int, diamonds_per_coin: Decimal
) -> tuple[Goal, ...]:
    """Each tier with the days `start` to `last` of its period, of which those up to the end of the history have been."""
    been = [stream for stream in history.streams if stream.day >= start]
    recent_weeks = forecast.streams_per_week[1]
    recent = [stream for stream in history.streams if stream.day > history.last - 7 * recent_weeks]
    timed = sum(stream.quarters > 0 for stream in recent) * 2 >= max(len(recent), 1)
    days_left = max(last - max(history.last, start - 1), 0)

    def live_days(streams: Sequence[tuple[int, int, int]]) -> int:
        by_day: dict[int, int] = {}
        for day, _, quarters in streams:
            by_day[day] = by_day.get(day, 0) + quarters
        return sum(quarters >= VALID for quarters in by_day.values())

    have = {
        "diamonds": sum(stream.coins for stream in been) * diamonds_per_coin,
        "hours": Decimal(sum(stream.quarters for stream in been)) / 4,
        "days": Decimal(live_days(been)),
    }
    usual = {
        "diamonds": sum(stream.coins for stream in recent) * diamonds_per_coin,
        "hours": Decimal(sum(stream.quarters for stream in recent)) / 4,
        "days": Decimal(live_days(recent)),
    }
    brings: dict[str, Callable[[Path], Decimal]] = {
        "diamonds": lambda path: path.window * diamonds_per_coin,
        "hours": lambda path: Decimal(path.quarters) / 4,
        "days": lambda path: Decimal(path.days),
    }

    def condition(wanted: Wanted) -> Condition:
        what = wanted.what
        known = timed or what == "diamonds"
        missing = max(wanted.least - have[what], Decimal(0))
        ends = sorted(have[what] + brings[what](path) for path in forecast.paths)
        low, middle, high = (ends[quantile(range(len(ends)), tail)] for tail in tails(forecast.level))
        holds = sum(end >= wanted.least for end in ends)
        return Condition(
            what=what,
            target=wanted.least,
            so_far=have[what],
            missing=missing,
            pace_needed=_rounded(missing * 7 / days_left) if days_left else missing,
            pace=_rounded(usual[what] / recent_weeks) if known else None,
            expected=(low, middle, high) if known else None,
            chance=(100 if not missing else _percent(holds, len(ends))) if known or not missing else None,
        )

    goals = []
    for tier in tiers:
        conditions = tuple(condition(wanted) for wanted in tier.wanted)
        both = sum(
            all(have[item.what] + brings[item.what](path) >= item.least for item in tier.wanted) for path in forecast.paths
        )
        told = all(item.chance is not None for item in conditions)
        done = all(not item.missing for item in conditions)
        goals.append(Goal(tier.text, conditions, (100 if done else _percent(both, len(forecast.paths))) if told else None))
    return tuple(goals)


def _rounded(pace: Decimal) -> Decimal:
    return pace.quantize(Decimal("0.1"), rounding="ROUND_UP")


def _percent(part: int, whole: int) -> int:
    """Never 0 or 100 for what is still to come: paths cannot be that sure."""
    return min(max(round(100 * part / whole), 1), 99) if whole else 0
