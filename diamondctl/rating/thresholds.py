"""What can be paid out, against the rules of a rate file. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

from diamondctl.confidence import is_firm, weakest
from diamondctl.money import Range
from diamondctl.ratebook.entries import Minimum, RateEntry

Answer = Literal["above", "below", "depends", "other currency"]


class MinimumCheck(NamedTuple):
    """One minimum and how an amount compares with it. `depends`: the ends of the range lie on both sides."""

    minimum: Minimum
    entry: RateEntry
    answer: Answer
    confidence: str = ""  # the weakest that the answer rests on: of the amount and of the minimum

    @property
    def certain(self) -> bool:
        """Whether it is reached, or is not, by more than what is only assumed."""
        return self.answer in ("above", "below") and is_firm(self.confidence)

    @property
    def words(self) -> str:
        """The answer: `above`, `probably above`."""
        return self.answer if self.certain or self.answer not in ("above", "below") else f"probably {self.answer}"


def check_minimums(entry: RateEntry, earned: Range, currency: str, diamonds: Decimal) -> tuple[MinimumCheck, ...]:
    """Compare what was earned (in `currency`, or as diamonds) with every minimum of the entry; reaching it is enough."""
    if not isinstance(entry.value, tuple):
        raise TypeError(f"{entry.where} is not a minimum_payout entry")
    checks = []
    for minimum in entry.value:
        if not isinstance(minimum, Minimum):
            raise TypeError(f"{entry.where} is not a minimum_payout entry")
        rests_on = weakest((entry.confidence, earned.confidence))
        checks.append(MinimumCheck(minimum, entry, _answer(minimum, earned, currency, diamonds), rests_on))
    return tuple(checks)


def applicable(checks: tuple[MinimumCheck, ...], method: str) -> tuple[MinimumCheck, ...]:
    """The minimums that a payout by `method` has to reach, all of them.

    In money and in diamonds each, those of the method itself replace those of `any`. Amounts in other currencies are other
    people's minimums as long as there is one that can be compared; else nothing is known, and they stay.
    """
    chosen: list[MinimumCheck] = []
    for in_diamonds in (False, True):
        mine = [
            check for check in checks if check.minimum.method in ("any", method) and in_diamonds == (not check.minimum.currency)
        ]
        mine = [check for check in mine if check.answer != "other currency"] or mine
        chosen += [check for check in mine if check.minimum.method == method] or mine
    return tuple(chosen)


def _answer(minimum: Minimum, earned: Range, currency: str, diamonds: Decimal) -> Answer:
    if not minimum.currency:
        return "above" if diamonds >= minimum.amount else "below"
    if minimum.currency != currency:
        return "other currency"
    if earned.low >= minimum.amount:
        return "above"
    return "below" if earned.high < minimum.amount else "depends"
