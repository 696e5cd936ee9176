"""Runs a rate file's worked examples: executable evidence that the numbers mean what their author believes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from diamondctl import periods
from diamondctl.money import Range, total
from diamondctl.problems import Problem
from diamondctl.ratebook.entries import Example, NotKnown, Zone
from diamondctl.rating.missions import EVERYBODY, NO_FACTS, DayFact, Facts, Personal, StreamFact
from diamondctl.rating.rewards import rate
from diamondctl.records import Usage


def run_example(zone: Zone, example: Example) -> list[Problem]:
    """One credit of `example.coins` on its day, compared with every figure it expects (R022 for each that differs)."""

    def differs(message: str, hint: str = "") -> Problem:
        return Problem("R022", f"example '{example.name}': {message}", hint, example.file, example.line, example.column)

    row = Usage("example", zone.regions[0], "example", periods.day_start(example.day, zone.timezone), example.coins, 1)
    rated = rate([row], {zone.regions[0]: zone}, own_share=example.share, facts=_facts(zone, example))
    if rated.unrated:
        why: NotKnown = rated.unrated[0].why
        return [differs(f"cannot be rated: {why.detail}")]
    credit = rated.credits[0]
    reward = total(item.reward for item in rated.credits)  # the weekly part of a share is a credit of its own
    figures = {
        "diamonds": Range.of(credit.diamonds),
        "gift_value": Range.of(credit.gift_value),
        "reward": reward,
        "reward_low": Range.of(reward.low),
        "reward_high": Range.of(reward.high),
    }
    problems = []
    for name, expected in example.expect.items():
        value = figures[name]
        if not value.is_exact:
            hint = f"expect reward_low: {value.low:f} and reward_high: {value.high:f}"
            problems.append(differs(f"{name} is a range", hint))
        elif value.low != expected:
            hint = f"rules in force: {credit.parts[0].entry.where}, {credit.settlement.where}"
            problems.append(differs(f"{name} is {_text(value.low)}, not {_text(expected)}", hint))
    return problems


def _facts(zone: Zone, example: Example) -> Facts:
    """What an example says beside its coins, as facts about one stream and the days of its week."""
    given = example.facts
    if given is None:
        return NO_FACTS
    seconds = -1 if given.minutes is None else given.minutes * 60
    followers = -1 if given.new_followers is None else given.new_followers
    days: dict[tuple[str, date], DayFact] = {}
    if given.valid_days is not None:
        monday = example.day - timedelta(days=example.day.weekday())
        for offset in range(7):
            # On as many days as are said, two LIVEs that are long enough for every rate file, so that no day tells how long
            # the example's own LIVE was; the others were without.
            seconds_live, lives = (172_800, 2) if offset < given.valid_days else (0, 0)
            days["example", monday + timedelta(days=offset)] = DayFact(seconds_live, lives, -1, "example", zone.timezone)
    person = Personal(None, given.active_fans, given.league, given.penalty, "example", given.scheme)
    streams = {("example", "example"): StreamFact(seconds, followers, "example")}
    return Facts(streams, days, {EVERYBODY: [person]})


def _text(number: Decimal) -> str:
    return f"{number:f}"
