"""What each payout method leaves of a balance to come, in how many payouts, and when it is in the bank."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from diamondctl import periods
from diamondctl.money import MINOR_UNITS, Range
from diamondctl.problems import Refusal
from diamondctl.ratebook.entries import RateEntry
from diamondctl.rating.calendar import terms_of
from diamondctl.rating.fees import Waterfall, methods_of
from diamondctl.reports.arrival import Arrival, arrival
from diamondctl.reports.fees import rules_of
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

    `gift_values` are those of all the gifts in the balance, of which an agency may take its part. `last` is the day at whose
    end the balance is there; None: the days of `reach`.
    """
    currency = account.currency
    balance = next(line.cell for line in lines if line.key == "balance_end")
    at = account._replace(as_of_quarter=periods.day_start((last or until) + timedelta(days=1), account.timezone) - 1)
    entries = rules_of(at, scope.asked.rates_as_of)
    wanted = given.wanted.of(at)
    rules = given.wanted.rules_of(at, scope.asked.rates_as_of)
    minimum, said = given.wanted.here(entries["minimum_payout"], at), given.wanted.said(at, scope.asked.rates_as_of)
    begin, end = (last, last) if reach is None else (reach.earliest, reach.latest)
    if reach is not None:
        balance = Cell(*(Range.of(reach.amount) for _ in range(3)))

    def arrives(which: int, method: str, day: date) -> Arrival:
        cell = balance[which]
        held = cell.but(max(cell.low, _nothing(currency)), max(cell.high, _nothing(currency)))
        return arrival(held, gift_values[which], day, currency, method, rules, wanted, minimum)

    banks = []
    for method in methods_for(given, account, entries["payout_fees"]):
        least = terms_of(method, currency, minimum=minimum).least
        three = [arrives(which, method, begin or until) for which in range(3)]
        flows = [item.flow for item in three]
        few, many = three[0].least, arrives(2, method, end or until).most
        banks.append(
            Bank(
                method=method,
                currency=currency,
                net=Cell(*(item.net for item in three)),
                payouts=(few.count, many.count),
                # All of it is there with the last of its payouts.
                earliest=None if begin is None else few.last or three[2].most.first,
                latest=None if end is None or not few.count else many.arrived,
                short=_short(balance, least, currency),
                taken=(*_taken(flows[-1]), *said),
                unknown=tuple(dict.fromkeys(text for flow in flows for text in flow.unknown)),
            )
        )
    used = ("payout_fees", "maximum_payout", "withholding", "payout_timing", "minimum_payout")
    return tuple(banks), tuple(entry for name in used if (entry := entries[name]) is not None)


def _nothing(currency: str) -> Decimal:
    return Decimal(0).scaleb(-MINOR_UNITS[currency])


def _taken(flow: Waterfall) -> tuple[str, ...]:
    """What an agency and a tax office take, and fees that were exchanged, in words."""
    return tuple(
        f"{step.label[:1].lower()}{step.label[1:]}: {step.rate}{f' ({step.note})' if step.note else ''}"
        for step in flow.steps
        if step.key in ("agency", "withholding") or (step.key == "fee" and step.is_exchanged)
    )


def methods_for(given: Given, account: Account, fees: RateEntry | None) -> list[str]:
    """The method that is chosen, or all whose fees are known. Refuses (A015) one that is not."""
    known = methods_of(fees)
    chosen = given.payout_method or given.wanted.methods.of(account.creator)
    if chosen and chosen not in known:
        hint = "known: " + ", ".join(known)
        message = f"{account.home.zone.file} knows no fees of method '{chosen}'"
        raise Refusal(given.wanted.methods.problem(message, hint, "" if given.payout_method else account.creator))
    return [chosen] if chosen else known


def _short(balance: Cell, least: Decimal | None, currency: str) -> str:
    """What the minimum says of the balance at the end."""
    if least is None:
        return "no minimum in this currency is known"
    text = f"the minimum of {least:,.{MINOR_UNITS[currency]}f} {currency}"
    if balance.high.high < least:
        return f"{'probably ' if balance.high.about else ''}below {text}: nothing can be withdrawn"
    return f"perhaps below {text}: then nothing can be withdrawn" if balance.low.low < least else ""
