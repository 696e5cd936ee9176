"""The waterfall from what fans paid to what reaches the bank, per account and payout method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from diamondctl import periods
from diamondctl.money import ZERO, Range, exact, quantise, total
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook.entries import CoinPrice, NotKnown, RateEntry, Withholding, Zone
from diamondctl.rating.credits import WEEKLY, Credit
from diamondctl.rating.fees import Agreement, Waterfall, fan_prices, fans_paid, methods_of, waterfall
from diamondctl.rating.weekly import Slice, paid_on, slices_of, value_of
from diamondctl.reports import remarks
from diamondctl.reports import scope as frame
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import NO_METHODS, Account, Methods, RateUse


class FansPaid(NamedTuple):
    """What fans paid for the coins of the period through one channel, had all of them used it."""

    price: CoinPrice
    per_coin: Range
    amount: Range
    entry: RateEntry


class AccountFees(NamedTuple):
    """One account: the fans' side, and one waterfall per payout method."""

    account: Account
    coins: int
    diamonds: Decimal
    fans: tuple[FansPaid, ...]
    waterfalls: tuple[Waterfall, ...]


class Fees(NamedTuple):
    """The whole report."""

    scope: Scope
    accounts: tuple[AccountFees, ...]
    rates: tuple[RateUse, ...]
    complete: bool
    warnings: tuple[str, ...]


class Wanted(NamedTuple):
    """What the person asked for. `method` blank: that of the creator, else every method the rate file knows."""

    to_bank: bool
    method: str
    agency: Agreement | None  # None: that of the creator
    conditions: Mapping[str, bool]
    methods: Methods = NO_METHODS
    agreements: Mapping[str, Sequence[Agreement]] = MappingProxyType({})  # of creators, by name

    def agreement_of(self, account: Account) -> Agreement | None:
        """What the agency takes from a payout that happens on `as_of`; days begin in the rate zone's time."""
        if self.agency is not None:
            return self.agency
        begun = [
            item
            for item in self.agreements.get(account.creator, ())
            if item.start is None or periods.day_start(item.start, account.zone.timezone) <= account.as_of_quarter
        ]
        return max(begun, key=lambda item: item.start or date.min, default=None)


def fees(scope: Scope, wanted: Wanted) -> Fees:
    """Make the report. Refuses (A015) a method that no rate file of the accounts knows."""
    accounts: list[AccountFees] = []
    used: list[tuple[Zone, RateEntry]] = []
    warnings = list(scope.warnings)
    unknown = False
    for account in scope.accounts:
        if not account.currency:
            continue
        found, entries = _account(scope, account, wanted)
        accounts.append(found)
        used += [(account.zone, entry) for entry in entries]
        for item in found.waterfalls:
            unknown = unknown or bool(item.unknown)
            warnings += [f"Incomplete: by {item.method}, {why}." for why in item.unknown]
    _refuse_unknown_conditions(scope, wanted)
    uses = scope.uses(used)
    warnings += remarks.stale_warnings(uses, scope.as_of)
    return Fees(scope, tuple(accounts), uses, scope.complete and not unknown, tuple(dict.fromkeys(warnings)))


def _refuse_unknown_conditions(scope: Scope, wanted: Wanted) -> None:
    conditions: dict[str, None] = {}
    for account in scope.accounts:
        rule = account.rule("withholding", scope.asked.rates_as_of)
        if isinstance(rule, RateEntry) and isinstance(rule.value, tuple):
            conditions.update((item.condition, None) for item in rule.value if isinstance(item, Withholding))
    for name in wanted.conditions:
        if name not in conditions:
            hint = "known: " + ", ".join(conditions) if conditions else "the rate files in use withhold nothing"
            raise Refusal(Problem("A016", f"--condition: no rate file in use knows '{name}'", hint))


def _account(scope: Scope, account: Account, wanted: Wanted) -> tuple[AccountFees, list[RateEntry]]:
    rules: dict[str, RateEntry | None] = {}
    for name in ("payout_fees", "maximum_payout", "withholding", "coin_price"):
        rule = account.rule(name, scope.asked.rates_as_of)
        rules[name] = None if isinstance(rule, NotKnown) else rule
    credits = account.now
    coins = sum(row.coins for credit in credits for row in credit.rows)
    with exact():
        diamonds = sum((credit.diamonds for credit in credits), Decimal(0))
        gift_value = sum((credit.gift_value for credit in credits), Decimal(0))
    reward = total(credit.reward for credit in credits)
    apart = _weekly(account)
    methods: list[str | None] = [None]
    if wanted.to_bank:
        methods = list(methods_of(rules["payout_fees"]))
        if method := wanted.method or wanted.methods.of(account.creator):
            if method not in methods:
                hint = "known: " + ", ".join(str(method) for method in methods)
                message = f"{account.zone.file} knows no fees of method '{method}'"
                raise Refusal(wanted.methods.problem(message, hint, "" if wanted.method else account.creator))
            methods = [method]
    entries = frame.entries_of(credits)
    rewards = [entry for entry in entries if entry.rate == "reward"]
    waterfalls = tuple(
        waterfall(
            gift_value,
            reward,
            account.currency,
            share_text=_kept_text(credits, apart),
            reward_entry=rewards[0] if len(rewards) == 1 else None,
            own_share=any(own for _, own in remarks.shares_of(credits)),
            agency=wanted.agreement_of(account),
            withholding=rules["withholding"],
            conditions=wanted.conditions,
            fees=rules["payout_fees"],
            maximum=rules["maximum_payout"],
            method=method,
            elsewhere=apart.elsewhere,
            kept_note=apart.note,
        )
        for method in methods
    )
    fans: tuple[FansPaid, ...] = ()
    if (prices := rules["coin_price"]) is not None:
        fans = tuple(FansPaid(price, per_coin, fans_paid(price, coins), prices) for price, per_coin in fan_prices(prices))
    names = ("payout_fees", "withholding", "coin_price") if wanted.to_bank else ("coin_price",)
    entries += [entry for name in names if (entry := rules[name]) is not None]
    return AccountFees(account, coins, diamonds, fans, waterfalls), entries


class _Apart(NamedTuple):
    """Weekly parts and their gifts that are not in one period."""

    elsewhere: Range  # what the period's weekly parts are worth on gifts of another period
    foreign: frozenset[str]  # weeks of which no gift is in the period
    to_come: bool  # gifts of the period have their weekly part in another one
    note: str


def _weekly(account: Account) -> _Apart:
    slices: dict[str, list[Slice]] = {}
    foreign = set()
    elsewhere = ZERO
    with exact():
        for credit in account.now:
            for week, item in slices_of(credit, account.zone.timezone):
                slices.setdefault(str(week.monday), []).append(item)
        for credit in account.now:
            if credit.unit != WEEKLY:
                continue
            mine = slices.pop(credit.name, [])
            values = [value_of(mine, part) for part in credit.parts]
            if not mine:
                foreign.add(credit.name)
            if values == [part.gift_value for part in credit.parts]:
                continue
            paid = [paid_on(credit, part, value) for part, value in zip(credit.parts, values, strict=True)]
            ends = []
            for whole, inside in (
                (credit.reward.low, [end.low for end in paid]),
                (credit.reward.high, [end.high for end in paid]),
            ):
                ends.append(whole - min(quantise(sum(inside, Decimal(0)), credit.currency, "down"), whole))
            elsewhere = Range(elsewhere.low + ends[0], elsewhere.high + ends[1])
        left = sum((item.gift_value for items in slices.values() for item in items), Decimal(0))
    note = ""
    if left:
        money = remarks.money_text(Range.of(quantise(left, account.currency, "down")), account.currency)
        note = f"the weekly part of {money} of the gifts comes in another period"
    return _Apart(elsewhere, frozenset(foreign), bool(left), note)


def _kept_text(credits: tuple[Credit, ...], apart: _Apart) -> str:
    """What the platform keeps, in percent of the gift value: the rest of each share."""
    credits = tuple(credit for credit in credits if credit.unit != WEEKLY or credit.name not in apart.foreign)
    with exact():
        plain = remarks.shares_of_parts(part for credit in credits for part in credit.parts if part.built is None)
        shares = list(dict.fromkeys(share for share, _ in plain))
        if any(part.built is not None for credit in credits for part in credit.parts):
            share = remarks.missions_share(credits)
            if apart.to_come:  # some gifts have the part of their stream only
                least = remarks.missions_share(credit for credit in credits if credit.unit != WEEKLY).low
                share = Range(least, share.high)
            shares.append(share)
        kept = [Range(100 - share.high, 100 - share.low) for share in shares]
    return " and ".join(remarks.percent_text(share) for share in kept)
