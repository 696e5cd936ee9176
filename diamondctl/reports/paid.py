"""One payout explained: the LIVEs that paid for it, down to files and lines; and the page that a support desk is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from diamondctl import periods
from diamondctl.money import Range, amount_text, exact
from diamondctl.rating.lots import Lot, Part
from diamondctl.reports.reconcile import Bridge, Reconciliation, distance, letter_command
from diamondctl.reports.remarks import money_text, percent_text
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import RateUse
from diamondctl.words import counted, platform_name


class PaidLot(NamedTuple):
    """A lot that paid for a payout, and where its gifts stand: `file:first-last` of each file."""

    part: Part
    gifts: int
    coins: int
    places: tuple[str, ...]


class PayoutExplained(NamedTuple):
    """The whole report."""

    scope: Scope
    bridge: Bridge
    lots: tuple[PaidLot, ...]
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing is missing that would tell."""
        return self.scope.complete and not self.bridge.open


def lot_text(lot: Lot) -> str:
    """What a lot is: `LIVE 7390000000000000117, Fri 16 Oct`, `b001, what the app showed on 2026-10-12`."""
    credit, record = lot.credit, lot.record
    if credit is not None:
        day = f", {periods.day_words(lot.day)}" if lot.day is not None else ""
        names = {"stream": f"LIVE {credit.name}{day}", "weekly": f"weekly part of {credit.name}"}
        return names.get(credit.unit, f"{credit.unit} {credit.name}")
    assert record is not None
    words = {
        "opening": f"{record.id}, there before",
        "shown": f"{record.id}, what the app showed on {record.day} beside what was computed",
        "corrected": f"{record.id}, credited for {record.name} beside what was computed",
    }
    return words.get(lot.key, f"{record.id}, {record.kind or lot.key} on {record.day}")


def explained(report: Reconciliation, bridge: Bridge, lots: Sequence[PaidLot]) -> PayoutExplained:
    """One payout of a reconciliation. What lacks of it its first line says, and the page for a support desk its screen."""
    said = letter_command(bridge.payout)
    mine = tuple(text for text in report.warnings if bridge.payout.id in text and said not in text)
    return PayoutExplained(report.scope, bridge, tuple(lots), report.rates, mine)


def letter_of(report: PayoutExplained) -> list[str]:
    """A page for a support desk, line by line; a blank line parts paragraphs. Nothing in it is a claim that is not shown."""
    bridge, item = report.bridge, report.bridge.payout
    account = bridge.account
    credits = [one for one in report.lots if one.part.lot.credit is not None]
    days = [one.part.lot.day for one in credits if one.part.lot.day is not None]
    lines = [f"Payout of {_money(Range.of(item.amount), item.currency)} of {account.creator} on {item.day}", ""]
    if item.key:
        lines.append(f"Transaction: {item.key}")
    if days:
        coins = sum(one.coins for one in credits)
        span = f"from {min(days)} to {max(days)}"
        lines.append(f"LIVEs: {counted(len(credits), 'credit')} {span}, {counted(coins, 'coin')}{_told(report)}:")
        lines += [f"  {lot_text(one.part.lot)}: {_stories(one.part.amount, item.currency)}" for one in credits]
    others = [one for one in report.lots if one.part.lot.credit is None]
    lines += [f"  {lot_text(one.part.lot)}: {_stories(one.part.amount, item.currency)}" for one in others]
    lines += ["", "What the rules say:"]
    for use in report.rates:
        entry = use.entry
        if entry.rate in ("reward", "payout_fees", "payout_timing"):
            addresses = [source.url for name, source in account.zone.sources.items() if name in entry.sources and source.url]
            where = f" ({', '.join(addresses[:3])})" if addresses else ""
            lines.append(f"  {entry.rate.replace('_', ' ')}, from {entry.effective_text}, {entry.confidence}{where}")
    shares = [part.share for one in credits if one.part.lot.credit is not None for part in one.part.lot.credit.parts]
    if shares:
        least, most = min(share.low for share in shares), max(share.high for share in shares)
        lines.append(f"  share used: {percent_text(Range(least, most))}")
    lines.append("")
    if item.ended is not None:
        lines.append(f"It {item.status} on {item.ended}." if item.status == "failed" else f"It was reversed on {item.ended}.")
    elif item.arrived is None:
        lines.append("Arrived: nothing so far.")
    else:
        lines.append(f"Arrived: {_money(Range.of(item.arrived), item.arrived_currency)} on {item.arrived_on} ({item.method}).")
    for line in bridge.lines if item.arrived is not None else ():
        with exact():
            taken = line.amount.but(-line.amount.ordered.high, -line.amount.ordered.low)
        lines.append(f"Named: {line.name.replace('_', ' ')} {_money(taken, line.currency)} ({line.source or 'no source'})")
    if distance(bridge.unexplained):
        lines.append(f"Not explained: {_money(bridge.unexplained.ordered, bridge.currency)}.")
        lines += [
            "",
            "What would explain it: a fee or tax that was taken, with its rule; an exchange rate; a refund or reversal; a",
        ]
        lines.append(f"second transaction. Which of them was it on {platform_name(account.zone.platform)}'s side?")
    elif bridge.is_on_the_way:
        lines.append("It is on the way: nothing of it is unexplained yet.")
    else:
        lines.append("Nothing is unexplained.")
    return lines


def _told(report: PayoutExplained) -> str:
    """What the two amounts of a lot are, where there are two: those of one story sum to what left."""
    exact = all(one.part.amount.is_exact for one in report.lots)
    return "" if exact else ", if the least and if the most was earned"


def _stories(amount: Range, currency: str) -> str:
    """`1.31 and 0.00 USD`: what paid if the least was earned, and if the most."""
    if amount.is_exact:
        return _money(amount, currency)
    return f"{amount_text(amount.at('low'), currency)} and {_money(amount.at('high'), currency)}"


def _money(amount: Range, currency: str) -> str:
    return money_text(amount, currency)
