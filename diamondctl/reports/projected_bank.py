"""What each payout method leaves of a balance to come, in how many payouts, and when it is in the bank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from diamondctl import periods
from diamondctl.money import MINOR_UNITS, Range
from diamondctl.problems import Refusal
from diamondctl.ratebook.entries import Maximum, Minimum, RateEntry
from diamondctl.rating.fees import Waterfall, methods_of, payouts, waterfall
from diamondctl.reports.payout import leaves_and_arrives
from diamondctl.reports.projection import Bank, Cell, Given, Line, Reach
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import Account


def banks_of(
    account: Account,
    scope: Scope,
    given: Given,
    lines: Sequence[Line],
    last: date | None,
    reach: Reach | None,
    until: date,
) -> tuple[tuple[Bank, ...], tuple[RateEntry, ...]]:
    """What each method leaves of the balance, and when it is there; and the entries that say so."""
    currency = account.currency
    of = {line.key: line.cell for line in lines}
    rules: dict[str, RateEntry | None] = {}
    at = account._replace(as_of_quarter=periods.day_start((last or until) + timedelta(days=1), account.timezone) - 1)
    for name in ("payout_fees", "maximum_payout", "withholding", "payout_timing", "minimum_payout"):
        rule = at.rule(name, scope.asked.rates_as_of)
        rules[name] = rule if isinstance(rule, RateEntry) else None
    balance = of["balance_end"]
    if reach is not None:
        balance = Cell(*(Range.of(reach.amount) for _ in range(3)))
    banks = []
    for method in _methods(given, account, rules):
        nets: list[Range] = []
        unknown: list[str] = []
        for cell, value in zip(balance, of["gift_value"], strict=True):
            flow = _flow(account, given, at, cell, value.low, rules, method)
            nets.append(flow.net)
            unknown += flow.unknown
        count = tuple(payouts(end, rules["maximum_payout"], method, currency) for end in (balance.low.low, balance.high.high))
        begin, end = (last, last) if reach is None else (reach.earliest, reach.latest)
        earliest = None if begin is None else leaves_and_arrives(at, begin, method, scope.asked.rates_as_of)[0]
        latest = None if end is None else leaves_and_arrives(at, end, method, scope.asked.rates_as_of)[1]
        if latest is not None and count[1] > 1:
            latest += timedelta(days=(count[1] - 1) * _days_between(rules["maximum_payout"], method, currency))
        banks.append(
            Bank(
                method,
                Cell(*nets),
                (count[0], count[1]),
                earliest,
                latest,
                _short(balance, rules["minimum_payout"], method, currency),
                tuple(dict.fromkeys(unknown)),
            )
        )
    return tuple(banks), tuple(rule for rule in rules.values() if rule is not None)


def _methods(given: Given, account: Account, rules: Mapping[str, RateEntry | None]) -> list[str]:
    known = methods_of(rules["payout_fees"])
    chosen = given.payout_method or given.wanted.methods.of(account.creator)
    if chosen and chosen not in known:
        hint = "known: " + ", ".join(known)
        message = f"{account.zone.file} knows no fees of method '{chosen}'"
        raise Refusal(given.wanted.methods.problem(message, hint, "" if given.payout_method else account.creator))
    return [chosen] if chosen else known


def _flow(
    account: Account,
    given: Given,
    at: Account,
    balance: Range,
    gift_value: Decimal,
    rules: Mapping[str, RateEntry | None],
    method: str,
) -> Waterfall:
    nothing = Decimal(0).scaleb(-MINOR_UNITS[account.currency])
    balance = Range(max(balance.low, nothing), max(balance.high, nothing))
    return waterfall(
        max(gift_value, balance.high),
        balance,
        account.currency,
        share_text="",
        reward_entry=None,
        own_share=False,
        agency=given.wanted.agreement_of(at),
        withholding=rules["withholding"],
        conditions=given.wanted.conditions,
        fees=rules["payout_fees"],
        maximum=rules["maximum_payout"],
        method=method,
    )


def _days_between(rule: RateEntry | None, method: str, currency: str) -> int:
    """Days from one payout to the next where a limit makes several necessary."""
    limits = [
        item
        for item in (rule.value if rule is not None and isinstance(rule.value, tuple) else ())
        if isinstance(item, Maximum) and item.method in ("any", method) and item.currency == currency
    ]
    smallest = min(limits, key=lambda item: item.amount, default=None)
    return {"day": 1, "week": 7, "month": 31}[smallest.per] if smallest is not None else 0


def _short(balance: Cell, rule: RateEntry | None, method: str, currency: str) -> str:
    """What the minimum says of the balance at the end."""
    items = rule.value if rule is not None and isinstance(rule.value, tuple) else ()
    mine = [item for item in items if isinstance(item, Minimum) and item.method in ("any", method)]
    known = [item.amount for item in mine if item.currency == currency]
    if not known:
        return "no minimum in this currency is known"
    least = max(known)
    text = f"{least:,.{MINOR_UNITS[currency]}f} {currency} minimum"
    if balance.high.high < least:
        return f"below the {text}"
    return f"may stay below the {text}" if balance.low.low < least else ""
