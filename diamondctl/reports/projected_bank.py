"""What each payout method leaves of a balance to come, in how many payouts, and when it is in the bank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from diamondctl import periods
from diamondctl.money import MINOR_UNITS, Range
from diamondctl.problems import Refusal
from diamondctl.ratebook.entries import Maximum, Minimum, RateEntry
from diamondctl.rating.fees import PaidOut, Rules, Waterfall, methods_of, payouts, waterfall
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
    gift_values: Cell,
) -> tuple[tuple[Bank, ...], tuple[RateEntry, ...]]:
    """What each method leaves of the balance, and when it is there; and the entries that say so.

    `gift_values` are those of all the gifts in the balance, of which an agency may take its part.
    """
    currency = account.currency
    of = {line.key: line.cell for line in lines}
    rules: dict[str, RateEntry | None] = {}
    at = account._replace(as_of_quarter=periods.day_start((last or until) + timedelta(days=1), account.timezone) - 1)
    for name in ("payout_fees", "maximum_payout", "withholding", "payout_timing", "minimum_payout"):
        rule = at.rule(name, scope.asked.rates_as_of)
        rules[name] = rule if isinstance(rule, RateEntry) else None
    balance, values = of["balance_end"], gift_values
    if reach is not None:
        balance = Cell(*(Range.of(reach.amount) for _ in range(3)))
    banks = []
    for method in _methods(given, account, rules):
        least = minimum_of(rules["minimum_payout"], method, currency)
        flows = [_flow(account, given, at, cell, value, rules, method) for cell, value in zip(balance, values, strict=True)]
        ends = (balance.low.low, balance.high.high)
        count = [_count(end, least, rules["maximum_payout"], method, currency) for end in ends]
        begin, end = (last, last) if reach is None else (reach.earliest, reach.latest)
        earliest = None if begin is None or not count[1] else leaves_and_arrives(at, begin, method, scope.asked.rates_as_of)[0]
        latest = None if end is None or not count[0] else leaves_and_arrives(at, end, method, scope.asked.rates_as_of)[1]
        between = _days_between(rules["maximum_payout"], method, currency)
        if earliest is not None:
            earliest += timedelta(days=max(count[0] - 1, 0) * between)
        if latest is not None:
            latest += timedelta(days=(count[1] - 1) * between)
        nets = (_withdrawn(cell, flow.net, least) for cell, flow in zip(balance, flows, strict=True))
        unknown = dict.fromkeys(text for flow in flows for text in flow.unknown)
        short = _short(balance, least, currency)
        banks.append(
            Bank(
                method=method,
                currency=currency,
                net=Cell(*nets),
                payouts=(count[0], count[1]),
                earliest=earliest,
                latest=latest,
                short=short,
                taken=_taken(flows[-1]),
                unknown=tuple(unknown),
            )
        )
    return tuple(banks), tuple(rule for rule in rules.values() if rule is not None)


def _count(amount: Decimal, least: Decimal | None, maximum: RateEntry | None, method: str, currency: str) -> int:
    if amount <= 0 or (least is not None and amount < least):
        return 0
    return payouts(amount, maximum, method, currency)


def _withdrawn(balance: Range, net: Range, least: Decimal | None) -> Range:
    """What is left of a balance that can be withdrawn; nothing where it is below the minimum and stays where it is."""
    nothing = net.low * 0
    reached = [least is None or end >= least for end in (balance.low, balance.high)]
    return net.but(net.low if reached[0] else nothing, net.high if reached[1] else nothing)


def _taken(flow: Waterfall) -> tuple[str, ...]:
    """What an agency and a tax office take, in words."""
    return tuple(
        f"{step.label[:1].lower()}{step.label[1:]}: {step.rate}{f' ({step.note})' if step.note else ''}"
        for step in flow.steps
        if step.key in ("agency", "withholding")
    )


def _methods(given: Given, account: Account, rules: Mapping[str, RateEntry | None]) -> list[str]:
    known = methods_of(rules["payout_fees"])
    chosen = given.payout_method or given.wanted.methods.of(account.creator)
    if chosen and chosen not in known:
        hint = "known: " + ", ".join(known)
        message = f"{account.home.zone.file} knows no fees of method '{chosen}'"
        raise Refusal(given.wanted.methods.problem(message, hint, "" if given.payout_method else account.creator))
    return [chosen] if chosen else known


def _flow(
    account: Account,
    given: Given,
    at: Account,
    balance: Range,
    gift_value: Range,
    rules: Mapping[str, RateEntry | None],
    method: str,
) -> Waterfall:
    nothing = Decimal(0).scaleb(-MINOR_UNITS[account.currency])
    balance = balance.but(max(balance.low, nothing), max(balance.high, nothing))

    def flow(value: Decimal) -> Waterfall:
        taken = Rules(
            given.wanted.agreement_of(at), rules["withholding"], rules["payout_fees"], rules["maximum_payout"]
        )  # fmt: skip
        paid = PaidOut(max(value, balance.high), balance, taken, worth=gift_value.confidence)
        return waterfall([paid], account.currency, method=method, conditions=given.wanted.conditions)

    least, most = flow(gift_value.high), flow(gift_value.low)
    # Two stories: an agency that takes its part of much, or of little.
    last = most.steps[-1]._replace(amount=most.net.but(least.net.low, most.net.high))
    return most._replace(steps=(*most.steps[:-1], last))


def _days_between(rule: RateEntry | None, method: str, currency: str) -> int:
    """Days from one payout to the next where a limit makes several necessary."""
    limits = [
        item
        for item in (rule.value if rule is not None and isinstance(rule.value, tuple) else ())
        if isinstance(item, Maximum) and item.method in ("any", method) and item.currency == currency
    ]
    smallest = min(limits, key=lambda item: item.amount, default=None)
    return {"day": 1, "week": 7, "month": 31}[smallest.per] if smallest is not None else 0


def minimum_of(rule: RateEntry | None, method: str, currency: str) -> Decimal | None:
    """The minimum of a payout. None: none is known in this currency."""
    items = rule.value if rule is not None and isinstance(rule.value, tuple) else ()
    mine = [item for item in items if isinstance(item, Minimum) and item.method in ("any", method)]
    return max((item.amount for item in mine if item.currency == currency), default=None)


def _short(balance: Cell, least: Decimal | None, currency: str) -> str:
    """What the minimum says of the balance at the end."""
    if least is None:
        return "no minimum in this currency is known"
    text = f"the minimum of {least:,.{MINOR_UNITS[currency]}f} {currency}"
    if balance.high.high < least:
        return f"{'probably ' if balance.high.about else ''}below {text}: nothing can be withdrawn"
    return f"perhaps below {text}: then nothing can be withdrawn" if balance.low.low < least else ""
