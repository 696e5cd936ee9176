"""Which credits paid for which payout: the money of a wallet as lots, first in, first out. Pure.

Each of the two stories is gone through by itself, in the order of `wallet.held`; so of every payout the parts and what was
there before the first file sum to what left, in each story, and what no payout took is what the wallet holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.money import Range, exact
from diamondctl.rating.credits import Credit
from diamondctl.rating.wallet import Movement, movements
from diamondctl.records import Record

_NOTHING: Final = Decimal(0)


class Lot(NamedTuple):
    """Money that came into a wallet at once. key: booked | opening | adjusted | corrected | shown | back.

    day: of a credit, on which it was booked where the creator lives, as every report on credits says it.
    """

    key: str
    credit: Credit | None = None
    record: Record | None = None
    day: date | None = None


class Part(NamedTuple):
    """What of a lot went out with a payout, in two stories."""

    lot: Lot
    amount: Range


class PaidFor(NamedTuple):
    """A payout and the lots that paid for it: `amount == sum of parts + before`, story by story."""

    payout: Record
    parts: tuple[Part, ...]
    before: Range  # what must have been there before the first file

    @property
    def amount(self) -> Range:
        """All of it."""
        return Range.of(self.payout.amount)


def paid_for(
    credits: Sequence[Credit], records: Iterable[Record], timezone: str, zones: Mapping[str, str] = MappingProxyType({})
) -> tuple[list[PaidFor], list[Part]]:
    """Every payout that did not come back, with what paid for it, by time; and the lots that are still in the wallet.

    `timezone` is that of the records' days, `zones` those of the credits' days by region, where they are others.
    """

    def part_of(lot: int, low: Mapping[int, Decimal], high: Mapping[int, Decimal]) -> Part:
        event, credit = events[lot], events[lot].credit
        day = periods.local_day(credit.booked, zones.get(credit.region, timezone)) if credit is not None else None
        nothing = abs(event.amount.low * 0)  # with the decimals of the money
        amount = event.amount.but(low.get(lot, nothing), high.get(lot, nothing))
        return Part(Lot(event.key, credit, event.record, day), amount)

    events = list(_without_returns(movements(credits, records, timezone)))
    stories = [_run(events, end) for end in (0, 1)]
    found = []
    for at, event in enumerate(events):
        if event.key != "withdrawn" or event.record is None:
            continue
        low, high = (taken.get(at, {}) for taken, _ in stories)
        parts = [
            part_of(lot, low, high) for lot in sorted(low.keys() | high.keys()) if lot >= 0 and (low.get(lot) or high.get(lot))
        ]
        nothing = abs(event.amount.low * 0)
        before = Range(low.get(-1, nothing), high.get(-1, nothing))
        found.append(PaidFor(event.record, tuple(parts), before))
    left = [dict(left) for _, left in stories]
    rest = [part_of(lot, *left) for lot in sorted(left[0].keys() | left[1].keys())]
    return found, rest


def _without_returns(events: Iterable[Movement]) -> Iterator[Movement]:
    """A payout that came back by the last of the days left nothing and paid for nothing."""
    events = list(events)
    back = {event.record.number for event in events if event.record is not None and event.record.leg == "back"}
    for event in events:
        if event.key != "withdrawn" or event.record is None or event.record.number not in back:
            yield event


def _run(events: Sequence[Movement], end: int) -> tuple[dict[int, dict[int, Decimal]], list[tuple[int, Decimal]]]:
    """One story: what each event took of which lot (-1: of what was there before), and what is left of the lots."""
    lots: list[list[Decimal | int]] = []  # index of the event, what is left
    taken: dict[int, dict[int, Decimal]] = {}
    with exact():
        for at, event in enumerate(events):
            amount = (event.amount.low, event.amount.high)[end]
            if amount >= 0:
                lots.append([at, amount])
                continue
            need, mine = -amount, taken.setdefault(at, {})
            while need and lots:
                index, there = lots[0]
                part = min(need, Decimal(there))
                mine[int(index)] = mine.get(int(index), _NOTHING) + part
                need -= part
                lots[0][1] = there - part
                if not lots[0][1]:
                    lots.pop(0)
            if need:
                mine[-1] = need
    return taken, [(int(index), Decimal(there)) for index, there in lots if there]
