"""The waterfall from what fans paid to what reaches the bank, per account and payout method."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.exchange import NO_EXCHANGE, Exchange
from diamondctl.money import Range, exact, total
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook.entries import CoinPrice, NotKnown, RateEntry, Reward, Withholding, Zone
from diamondctl.rating.credits import WEEKLY, Credit, Part
from diamondctl.rating.fees import Agreement, PaidOut, Rules, Waterfall, fan_prices, fans_paid, methods_of, waterfall
from diamondctl.rating.foreign import limits_in
from diamondctl.records import Record
from diamondctl.reports import remarks
from diamondctl.reports import scope as frame
from diamondctl.reports.remark import MISSING, stated
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import NO_METHODS, Account, Methods, RateUse


class FansPaid(NamedTuple):
    """What fans paid for the coins of the period through one channel, had all of them used it."""

    price: CoinPrice
    per_coin: Range
    amount: Range
    entry: RateEntry
    kept: Range | None = None  # of it, by stores and the platform: what is above a value that is fixed; None: not told


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
    exchange: Exchange = NO_EXCHANGE
    payouts: tuple[Record, ...] = ()  # that were recorded, and arrived in the period


class TaxForm(NamedTuple):
    """Whether a creator has given her identity and tax form to the platform, from the beginning of a day on."""

    done: bool
    start: date | None = None  # None: always


NO_TAX_FORM: Final = "no_tax_form"  # the condition of withholding that this answers


class Wanted(NamedTuple):
    """What the person asked for. `method` blank: that of the creator, else every method the rate file knows."""

    to_bank: bool
    method: str
    agency: Agreement | None  # None: that of the creator
    conditions: Mapping[str, bool]
    methods: Methods = NO_METHODS
    agreements: Mapping[str, Sequence[Agreement]] = MappingProxyType({})  # of creators, by name
    exchange: Exchange = NO_EXCHANGE  # for fees and limits in another currency
    tax_forms: Mapping[str, Sequence[TaxForm]] = MappingProxyType({})  # of creators, by name

    def tax_form_of(self, account: Account) -> TaxForm | None:
        """What the creator says of her tax form on `as_of`; None: nothing."""
        day = day_of(account)
        begun = [item for item in self.tax_forms.get(account.creator, ()) if item.start is None or item.start <= day]
        return max(begun, key=lambda item: item.start or date.min, default=None)

    def of(self, account: Account) -> Wanted:
        """The same with the conditions of an account: what the creator's settings say, where no option does."""
        form = self.tax_form_of(account)
        return self if form is None else self._replace(conditions={NO_TAX_FORM: not form.done, **self.conditions})

    def rules_of(self, account: Account, rates_as_of: date | None) -> Rules:
        """What is taken from a payout on `as_of`, and how it goes out."""
        rules = rules_of(account, rates_as_of)
        return Rules(
            agency=self.agreement_of(account),
            withholding=rules["withholding"],
            fees=rules["payout_fees"],
            maximum=self.here(rules["maximum_payout"], account),
            timing=rules["payout_timing"],
            exchange=self.exchange,
        )

    def here(self, entry: RateEntry | None, account: Account) -> RateEntry | None:
        """Minimums or limits in the account's currency, as far as rates of `as_of` are known."""
        return None if entry is None else limits_in(entry, account.currency, day_of(account), self.exchange).entry

    def said(self, account: Account, rates_as_of: date | None) -> tuple[str, ...]:
        """Which minimums and limits were exchanged, and at which rates."""
        rules = rules_of(account, rates_as_of)
        entries = [entry for name in ("minimum_payout", "maximum_payout") if (entry := rules[name]) is not None]
        found = (limits_in(entry, account.currency, day_of(account), self.exchange) for entry in entries)
        return tuple(dict.fromkeys(text for each in found for text in each.said))

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
            warnings += [stated(MISSING, f"Incomplete: by {item.method}, {why}.") for why in item.unknown]
    _refuse_unknown_conditions(scope, wanted)
    uses = scope.uses(used)
    warnings += remarks.stale_warnings(uses, scope.as_of)
    complete = scope.complete and not unknown
    told = tuple(dict.fromkeys(warnings))
    return Fees(scope, tuple(accounts), uses, complete, told, wanted.exchange, tuple(_recorded(scope)))


def _recorded(scope: Scope) -> Iterator[Record]:
    """Payouts that arrived in the period, as they were recorded."""
    for account in scope.accounts:
        for item in (*account.recorded, *account.of_wallet):
            if item.arrived_on is not None and scope.period.start <= item.arrived_on <= scope.end:
                yield item


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
    wanted = wanted.of(account)
    credits = account.money(account.span)
    coins = sum(row.coins for credit in account.now for row in credit.rows)
    with exact():
        diamonds = sum((credit.diamonds for credit in account.now), Decimal(0))
    rules = rules_of(account, scope.asked.rates_as_of)
    methods: list[str | None] = [None]
    if wanted.to_bank:
        methods = list(methods_of(rules["payout_fees"]))
        if method := wanted.method or wanted.methods.of(account.creator):
            if method not in methods:
                hint = "known: " + ", ".join(str(method) for method in methods)
                message = f"{account.home.zone.file} knows no fees of method '{method}'"
                raise Refusal(wanted.methods.problem(message, hint, "" if wanted.method else account.creator))
            methods = [method]
    entries = frame.entries_of(credits)
    rewards = [entry for entry in entries if entry.rate == "reward"]
    paid = [_paid_out(scope, account, wanted, quarters) for quarters in _payouts_of(account)]
    fixed = bool(credits) and all(_is_fixed(part) for credit in credits for part in credit.parts)
    waterfalls = tuple(
        waterfall(
            paid,
            account.currency,
            method=method,
            share_text=_kept_text(credits),
            reward_entry=rewards[0] if len(rewards) == 1 else None,
            own_share=any(own for _, own in remarks.shares_of(credits)),
            conditions=wanted.conditions,
            fixed=fixed,
        )
        for method in methods
    )
    fans: tuple[FansPaid, ...] = ()
    if (prices := rules["coin_price"]) is not None:
        value = total(credit.nominal for credit in account.now) if fixed and account.basis == "earned" else None
        fans = tuple(
            FansPaid(price, per_coin, paid, prices, _above(paid, value) if price.currency == account.currency else None)
            for price, per_coin in fan_prices(prices)
            for paid in (fans_paid(price, coins),)
        )
    names = ("payout_fees", "withholding", "coin_price") if wanted.to_bank else ("coin_price",)
    entries += [entry for name in names if (entry := rules[name]) is not None]
    return AccountFees(account, coins, diamonds, fans, waterfalls), entries


def _is_fixed(part: Part) -> bool:
    """Whether all of a gift's value is the creator's, by the rate file and not by a word of her own."""
    return part.own is None and isinstance(part.entry.value, Reward) and part.entry.value.share.kind == "fixed"


def _above(paid: Range, value: Range | None) -> Range | None:
    """What a price has above the value of what it buys."""
    if value is None:
        return None
    with exact():
        return Range(paid.low - value.high, paid.high - value.low, value.confidence)


def rules_of(account: Account, rates_as_of: date | None) -> dict[str, RateEntry | None]:
    """The rules of payouts in force at the end of an account's last day; None: not known."""
    names = ("payout_fees", "maximum_payout", "minimum_payout", "payout_timing", "withholding", "coin_price")
    found = {name: account.rule(name, rates_as_of) for name in names}
    return {name: None if isinstance(rule, NotKnown) else rule for name, rule in found.items()}


def day_of(account: Account) -> date:
    """`as_of`, where the creator lives."""
    return periods.local_day(account.as_of_quarter, account.timezone)


def _payouts_of(account: Account) -> list[tuple[int, int]]:
    """Quarters whose money goes out together: the end of each calendar month in the period, and its own end."""
    start, end = account.span
    edges = [start]
    day = periods.local_day(start, account.timezone)
    while (after := periods.day_start(periods.month_of(day).end, account.timezone)) < end:
        edges.append(after)
        day = periods.month_of(day).end
    return list(pairwise([*edges, end]))


def _paid_out(scope: Scope, account: Account, wanted: Wanted, quarters: tuple[int, int]) -> PaidOut:
    """The money of some quarters, taken as paid out at their end."""
    credits = account.money(quarters)
    at = account._replace(as_of_quarter=max(quarters) - 1)
    # By the day of the booking, the weekly part stands beside gifts of other weeks.
    weekly = total(credit.reward for credit in credits if credit.unit == WEEKLY and account.basis == "credited")
    return PaidOut(
        gift_value=total(credit.nominal for credit in credits),
        reward=total(credit.reward for credit in credits),
        rules=wanted.rules_of(at, scope.asked.rates_as_of),
        elsewhere=weekly,
        day=day_of(at),
    )


def _kept_text(credits: Sequence[Credit]) -> str:
    """What the platform keeps, in percent of the gift value: the rest of each share."""
    with exact():
        plain = remarks.shares_of_parts(part for credit in credits for part in credit.parts if part.built is None)
        shares = list(dict.fromkeys(share for share, _ in plain))
        if any(part.built is not None for credit in credits for part in credit.parts):
            shares.append(remarks.missions_share(credits))
        kept = [Range(100 - share.high, 100 - share.low) for share in shares]
    return " and ".join(remarks.percent_text(share) for share in kept)
