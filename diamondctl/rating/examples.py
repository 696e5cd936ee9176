"""Runs a rate file's worked examples: executable evidence that the numbers mean what their author believes."""

from __future__ import annotations

from decimal import Decimal

from diamondctl import periods
from diamondctl.money import Range
from diamondctl.problems import Problem
from diamondctl.ratebook.entries import Example, NotKnown, Zone
from diamondctl.rating.rewards import rate
from diamondctl.records import Usage


def run_example(zone: Zone, example: Example) -> list[Problem]:
    """One credit of `example.coins` on its day, compared with every figure it expects (R022 for each that differs)."""

    def differs(message: str, hint: str = "") -> Problem:
        return Problem("R022", f"example '{example.name}': {message}", hint, example.file, example.line, example.column)

    row = Usage("example", zone.regions[0], "example", periods.day_start(example.day, zone.timezone), example.coins, 1)
    rated = rate([row], {zone.regions[0]: zone}, own_share=example.share)
    if rated.unrated:
        why: NotKnown = rated.unrated[0].why
        return [differs(f"cannot be rated: {why.detail}")]
    credit = rated.credits[0]
    found = {
        "diamonds": Range.of(credit.diamonds),
        "gift_value": Range.of(credit.gift_value),
        "reward": credit.reward,
        "reward_low": Range.of(credit.reward.low),
        "reward_high": Range.of(credit.reward.high),
    }
    problems = []
    for name, expected in example.expect.items():
        value = found[name]
        if not value.is_exact:
            hint = f"expect reward_low: {value.low:f} and reward_high: {value.high:f}"
            problems.append(differs(f"{name} is a range", hint))
        elif value.low != expected:
            hint = f"rules in force: {credit.parts[0].entry.where}, {credit.settlement.where}"
            problems.append(differs(f"{name} is {_text(value.low)}, not {_text(expected)}", hint))
    return problems


def _text(number: Decimal) -> str:
    return f"{number:f}"
