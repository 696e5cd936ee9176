"""LIVEs with a partner beside those alone, and what each partner gets of them. Pure.

Which LIVEs were with whom the creator says in the settings, by LIVE or by day. The two groups are compared by the middle
difference of Hodges and Lehmann with its interval; the part of a partner is that of the reward of the LIVEs, to the cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from diamondctl.money import MINOR_UNITS, Range, allocate, exact, total
from diamondctl.ratebook.entries import RateEntry, Zone
from diamondctl.reports import scope as frame
from diamondctl.reports.method import Method, Shift, shift
from diamondctl.reports.remarks import number_text
from diamondctl.reports.scope import Scope
from diamondctl.reports.slots import Partnered, Partners
from diamondctl.reports.streams import Live, beside, streams
from diamondctl.reports.values import Account, RateUse
from diamondctl.words import counted, few


@dataclass(frozen=True, slots=True)
class Partner:
    """One partner under one percent, in one account."""

    account: Account
    name: str
    percent: Decimal | None  # of the reward; None: nothing was agreed
    lives: tuple[Live, ...]
    coins: int
    reward: Range | None  # of the LIVEs; None: nothing could be rated
    part: Range | None  # what the partner gets of it

    @property
    def left(self) -> Range | None:
        """What is left for the creator."""
        if self.reward is None or self.part is None:
            return None
        with exact():
            return self.reward.but(self.reward.low - self.part.low, self.reward.high - self.part.high)


@dataclass(frozen=True, slots=True)
class PartnersReport:
    """The report."""

    scope: Scope
    partners: tuple[Partner, ...]
    alone: int  # LIVEs without a partner
    compared: Shift  # coins of LIVEs with a partner against the others
    unknown: tuple[str, ...]  # days of the period that the settings name and that have no LIVE
    method: Method
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]


def partners(scope: Scope, said: Partners) -> PartnersReport:
    """Every LIVE that began in the period, with or without a partner."""
    lives = streams(scope, ()).named
    groups: dict[tuple[str, str, str, str, Decimal | None], list[Live]] = {}
    apart: list[int] = []
    together: list[int] = []
    for live in lives:
        mine = _of(live, said.get(live.account.creator, ()))
        if mine is None:
            apart.append(live.got.coins)
            continue
        together.append(live.got.coins)
        groups.setdefault((*live.account.key, mine.partner, mine.percent), []).append(live)
    creators = {account.creator for account in scope.accounts}
    days = {str(date.fromordinal(day)) for day in range(scope.period.start.toordinal(), scope.end.toordinal() + 1)}
    days -= {str(live.day) for live in lives}
    unknown = [item.live for creator in sorted(creators) for item in said.get(creator, ()) if item.live in days]
    made = [_partner(key[3], key[4], some) for key, some in groups.items()]
    made.sort(key=lambda item: (-item.coins, item.name, str(item.percent), item.account.key))
    used: list[tuple[Zone, RateEntry]] = [
        (account.zone, entry) for account in scope.accounts for entry in frame.entries_of(account.now)
    ]
    uses = scope.uses(used)
    method = Method(
        "Does it go with more gifts to be live with somebody, and what does each of you get?",
        "Coins of LIVEs with a partner against those alone: the middle of all differences between two of them (Hodges and "
        "Lehmann), with its interval of 95 % by ranks. A part is its percent of the reward of the LIVEs, to the cent.",
        f"{counted(len(together), 'LIVE')} with a partner, {len(apart):,} alone",
        (
            "LIVEs with a partner may have been longer, announced, or at another hour: that need not be the partner's doing.",
            "The rewards of a LIVE are those of your own gifts: what came in the partner's LIVE is not here.",
            "Fewer than five of each are not compared.",
        ),
    )
    compared = shift(together, apart)
    return PartnersReport(scope, tuple(made), len(apart), compared, tuple(unknown), method, uses, beside(scope, uses))


def _of(live: Live, said: Sequence[Partnered]) -> Partnered | None:
    """With whom a LIVE was: what is said of it, else what is said of its day."""
    return next((item for name in (live.name, str(live.day)) for item in said if item.live == name), None)


def _partner(name: str, percent: Decimal | None, lives: Sequence[Live]) -> Partner:
    account = lives[0].account
    rewards = [live.got.reward for live in lives if live.got.reward is not None]
    reward = total(rewards).ordered if len(rewards) == len(lives) and account.currency in MINOR_UNITS else None
    part = None
    if reward is not None and percent is not None:
        unit = Decimal(1).scaleb(-MINOR_UNITS[account.currency])
        low, high = (allocate(end, [percent, 100 - percent], unit)[0] for end in (reward.low, reward.high))
        part = reward.but(low, high)
    return Partner(account, name, percent, tuple(lives), sum(live.got.coins for live in lives), reward, part)


def percent_of_partner(partner: Partner) -> str:
    """`50%`; blank where nothing was agreed."""
    return "" if partner.percent is None else f"{number_text(partner.percent)}%"


def unknown_text(report: PartnersReport) -> str:
    """What the settings name that is not here; blank: nothing."""
    return f"No LIVE began on: {few(report.unknown)}." if report.unknown else ""
