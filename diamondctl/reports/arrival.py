"""What reaches the account of money in a wallet: the payouts it leaves in, and when; what is taken; what is there in the end.

Each amount and each calendar is a story: what it is where you get least, and where you get most.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from diamondctl.money import Range, exact
from diamondctl.ratebook.entries import RateEntry
from diamondctl.rating.calendar import Calendar, Gone, calendar, terms_of
from diamondctl.rating.fees import PaidOut, Rules, Waterfall, waterfall
from diamondctl.reports.fees import Wanted


class Arrival(NamedTuple):
    """What a balance brings by one method, in the wallet at the end of a day."""

    method: str
    least: Calendar
    most: Calendar
    flow: Waterfall  # of what leaves
    rests_on: str = ""  # the balance

    @property
    def leaves(self) -> Range:
        """What leaves the wallet in all payouts."""
        return Range(self.least.paid, self.most.paid, self.rests_on)

    @property
    def stays(self) -> Range:
        """What cannot leave it."""
        return Range(self.least.left, self.most.left, self.rests_on)

    @property
    def net(self) -> Range:
        """What reaches the account."""
        return self.flow.net

    @property
    def taken(self) -> Range:
        """What is taken on the way; not positive."""
        with exact():
            return self.net.but(self.net.low - self.leaves.low, self.net.high - self.leaves.high)

    @property
    def payouts(self) -> tuple[int, int]:
        """How many there are, from the fewest to the most."""
        low, high = sorted((self.least.count, self.most.count))
        return low, high

    @property
    def first(self) -> date | None:
        """The day on which the first payout leaves, and could be there; None where none does."""
        return min((day for day in (self.least.first, self.most.first) if day is not None), default=None)

    @property
    def last(self) -> date | None:
        """The day on which the last one leaves; None where none does, or no calendar reaches so far."""
        mine = [each.last for each in (self.least, self.most) if each.count]
        return max((day for day in mine if day is not None), default=None) if None not in mine else None

    @property
    def latest(self) -> date | None:
        """The day by which all of it is there; None where that is not known."""
        mine = [each.arrived for each in (self.least, self.most) if each.count]
        return max((day for day in mine if day is not None), default=None) if None not in mine else None


def arrival(
    balance: Range,
    gift_value: Range,
    day: date,
    currency: str,
    method: str,
    rules: Rules,
    wanted: Wanted,
    minimum: RateEntry | None = None,
    gone: Sequence[Gone] = (),
) -> Arrival:
    """What of a balance leaves from the end of a day on, and what of it arrives.

    `gift_value` is that of the gifts in it, of which an agency may take its part. `minimum` and the limits of `rules` are in
    the currency of the balance, or say nothing.
    """
    terms = terms_of(method, currency, maximum=rules.maximum, timing=rules.timing, minimum=minimum)
    least, most = (calendar(end, day, terms, gone) for end in (balance.low, balance.high))
    paid = PaidOut(gift_value, balance.but(least.paid, most.paid), rules, day=day, gone=gone)
    flow = waterfall([paid], currency, method=method, conditions=wanted.conditions)
    return Arrival(method, least, most, flow, balance.confidence)


def by_net(item: Arrival) -> tuple[Decimal, Decimal]:
    """The order of methods, the cheapest first: by what arrives where you get least, then where you get most."""
    return -item.net.low, -item.net.high
