"""Which reward share fits the amounts that the app showed: a finding, which changes nothing until it is set."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from diamondctl import periods
from diamondctl.money import exact
from diamondctl.problems import Problem, Refusal
from diamondctl.rating.calibration import CREDITS, Balance, Booked, Finding, Moved, Observation, between, calibrate
from diamondctl.rating.credits import KEPT, WEEKLY, Credit, rule_of
from diamondctl.rating.wallet import quarters_of
from diamondctl.reports import remarks
from diamondctl.reports import scope as frame
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import Account, RateUse


class Calibrated(NamedTuple):
    """The finding of one account, and what it rests on."""

    scope: Scope
    account: Account
    finding: Finding
    observations: tuple[tuple[str, Observation], ...]  # each with the name of its credit
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]

    @property
    def possible(self) -> bool:
        """Whether it can be a share at all: then it is evidence."""
        return self.finding.share.low <= 100

    @property
    def month(self) -> str:
        """`2026-10`, where the period is a month; else blank."""
        label = self.scope.period.label
        return label if len(label) == len("2026-10") and label[5:].isdigit() else ""


def calibration(scope: Scope, amounts: Mapping[str, Decimal]) -> Calibrated:
    """`amounts` are what the app showed for credits, by stream id, or by first day of a day's, week's or month's credit.

    Refuses (A024) several accounts, a credit that is not there, and one that other credits or a range of days cut.
    """
    accounts = [account for account in scope.accounts if account.currency]
    if len(accounts) != 1:
        named = ", ".join(f"{account.creator} in {account.region}" for account in accounts[:3]) or "none"
        raise Refusal(
            Problem("A024", f"one account can be calibrated at a time, and there are: {named}", "give --creator NAME")
        )
    (account,) = accounts
    whole = {credit.name: credit for credit in account.until if credit.unit != WEEKLY}
    found: list[tuple[str, Observation]] = []
    for name, amount in amounts.items():
        credit = whole.get(name)
        if credit is None:
            hint = "streams are named such as " + ", ".join(list(whole)[-3:]) if whole else "no gift was credited"
            raise Refusal(Problem("A024", f"there is no credit '{name}'", hint))
        found.append((name, Observation(amount, _value(credit), 1, account.currency, _rounding(credit), CREDITS)))
    found += _recorded(account, scope, whole)
    finding = calibrate(observation for _, observation in found)
    if finding is None:
        hint = "give --credit STREAM=AMOUNT, as the app shows it after a LIVE; or record credits, or two balances of the period"
        raise Refusal(Problem("A024", "nothing was observed", hint))
    used = [(account.zone, entry) for entry in frame.entries_of([whole[name] for name in amounts] or account.until)]
    # What rests on the share of the file is no matter here: it is the share that is looked for.
    return Calibrated(scope, account, finding, tuple(found), scope.uses(used), remarks.where_exact(scope.warnings, ()))


def _recorded(account: Account, scope: Scope, whole: Mapping[str, Credit]) -> list[tuple[str, Observation]]:
    """What a ledger holds of the period: recorded credits, and the growth from one balance that the app showed to the next."""
    mine = (*account.recorded, *account.of_wallet)
    inside = [item for item in mine if scope.period.start <= item.day <= scope.end]
    credits = [credit for credit in account.until if credit.unit != KEPT]
    roundings = {_rounding(credit) for credit in credits}
    if len(roundings) != 1:
        return []
    (rounding,) = roundings
    found = []
    for item in inside:
        if item.sort != "credit":
            continue
        first, last = periods.span_of(item.kind, item.name, item.day)
        meant = (
            [credit for credit in (whole.get(item.name),) if credit is not None]
            if item.kind == "live"
            else [one for one in credits if first <= periods.local_day(one.booked, account.timezone) <= last]
        )
        if meant:
            with exact():
                value = sum((_value(credit) for credit in meant), Decimal(0))
            found.append((item.id, Observation(item.amount, value, len(meant), account.currency, rounding, CREDITS)))
    told = quarters_of(inside, account.timezone)
    shown = {quarter: Balance(quarter, item.amount) for item, quarter in told if item.sort == "balance"}  # the last of a moment
    moved = [
        Moved(quarter, -item.amount if item.sort == "payout" else item.amount)
        for item, quarter in told
        if item.sort in ("payout", "adjustment")
    ]
    booked = [Booked(credit.booked, Decimal(0) if credit.unit == WEEKLY else _value(credit)) for credit in credits]
    grown = between(list(shown.values()), booked, moved, account.currency, rounding)
    return found + [(f"balances, {number:,} of {len(grown):,}", item) for number, item in enumerate(grown, 1)]


def _value(credit: Credit) -> Decimal:
    """The exact gift value of a credit."""
    with exact():
        return sum((part.gift_value for part in credit.parts), Decimal(0))


def _rounding(credit: Credit) -> str:
    return rule_of(credit.settlement).rounding
