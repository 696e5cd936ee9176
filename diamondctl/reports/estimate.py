"""What a number of coins comes to, without a file: as much as a file with one gift of so many coins would say, and no more."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from diamondctl.money import Range
from diamondctl.rating.credits import reward_of
from diamondctl.reports.remarks import share_text, unrated_warnings
from diamondctl.reports.scope import Scope
from diamondctl.reports.summary import Roll, summarise
from diamondctl.reports.values import RateUse

LASTED: Final = 25  # minutes of the LIVE for which `usual` holds


class Estimate(NamedTuple):
    """Money for coins in a region on a day. `usual` is what it often is, where facts of LIVEs decide the share."""

    coins: int
    region: str
    day: date
    currency: str  # blank: no rate is known
    value: Range | None  # of the gifts
    reward: Range | None
    usual: Range | None
    share: str  # of `usual`, or else of `reward`
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]
    scope: Scope  # of a file of one gift


def estimate(coins: int, day: date, alone: Scope, lasting: Scope | None) -> Estimate:
    """From the frame of one gift of these coins, and that of the same coins in a LIVE that went well, where that decides."""
    summary = summarise(alone)
    (roll,) = summary.rolls
    account = roll.account
    reward = _of(roll, "reward")
    if reward is None or not account.currency:
        return Estimate(coins, account.region, day, "", None, None, None, "", (), tuple(unrated_warnings([account])), alone)
    usual = None if lasting is None else _of(summarise(lasting).rolls[0], "reward")
    if usual is not None and usual.ordered == reward.ordered:
        usual = None
    credits = account.now if usual is None or lasting is None else lasting.accounts[0].now
    value, share = _of(roll, "gift_value"), share_text(credits)
    return Estimate(
        coins,
        account.region,
        day,
        account.currency,
        value,
        reward,
        usual,
        share,
        summary.rates,
        tuple(alone.origin.rest_on),
        alone,
    )


def decided_by_lives(scope: Scope) -> bool:
    """Whether what happens in LIVEs decides the share."""
    parts = (part for account in scope.accounts for credit in account.now for part in credit.parts)
    return any(part.own is None and reward_of(part.entry).share.missions is not None for part in parts)


def _of(roll: Roll, key: str) -> Range | None:
    line = roll.line(key)
    return None if line is None or not isinstance(line.now, Range) else line.now
