"""What a creator may post of a period: how often she was live and how many people gave something. Pure.

Without a name, and without money unless it is asked for; then as it is known, which may be a range. Where fewer than `FEWEST`
people gave something nothing is told of it, for what each of them gave could be told from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from diamondctl.money import Range
from diamondctl.records import GiftUsage
from diamondctl.reports.gifts import gifters
from diamondctl.reports.scope import Scope
from diamondctl.reports.streams import streams
from diamondctl.reports.summary import summarise
from diamondctl.reports.values import RateUse

FEWEST: Final = 5


@dataclass(frozen=True, slots=True)
class Share:
    """The card. What is None is not told."""

    scope: Scope
    lives: int
    seconds: int  # of all of them, at least
    exact: bool  # whether it is known how long each was
    days: tuple[date, ...]  # on which a LIVE began
    gifts: int | None
    people: int | None  # who gave something
    hidden: bool  # whether they are too few to tell of
    money: tuple[tuple[str, Range], ...]  # currency and reward; none where it was not asked for
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]


def share(scope: Scope, given: Sequence[GiftUsage], *, money: bool) -> Share:
    """The card of the period; `given` are its gifts, told apart."""
    summary, lives = summarise(scope), streams(scope, given).named
    told = gifters(scope, given, lambda alias: "")
    people = {person.alias for person in told.here}
    every = all(person.alias or not person.got.gifts for person in told.people)  # whether each gift says whose it is
    hidden = every and len(people) < FEWEST
    count = sum(int(line.now.low) for roll in summary.rolls if (line := roll.line("gifts")) is not None)
    rewards = [(roll.account.currency, line.now) for roll in summary.rolls if (line := roll.line("reward")) is not None]
    money = money and not hidden
    return Share(
        scope=scope,
        lives=len(lives),
        seconds=sum(live.seconds for live in lives),
        exact=all(live.known for live in lives),
        days=tuple(sorted({live.day for live in lives})),
        gifts=None if hidden else count,
        people=len(people) if every and not hidden else None,
        hidden=hidden,
        money=tuple(rewards) if money else (),
        rates=summary.rates if money else (),
        warnings=summary.warnings if money else scope.warnings,
    )
