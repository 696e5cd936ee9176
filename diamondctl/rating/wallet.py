"""What a wallet holds at the end of a day: its credits, and what was recorded of it. Pure.

Convention: amounts are pairs of stories, as everywhere (`low` is the story in which the creator gets least). A balance that the
app showed is of an instant and stands for all that was booked by then; every credit booked after it counts whole. A wallet is
never negative: what lacks was there before the first file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from operator import itemgetter
from typing import Final, Literal, NamedTuple

from diamondctl import periods
from diamondctl.money import ZERO, Range, exact, total
from diamondctl.rating.credits import WEEKLY, Credit
from diamondctl.records import Record

# What a wallet rests on, beside gifts. Without anything it is only what was earned, if nothing was withdrawn.
Ground = Literal["balance", "opening", "payout", "nothing"]
_QUARTER: Final = 900  # seconds


class Change(NamedTuple):
    """One line of how a wallet came to what it holds, signed.

    key: observed (what the app showed: all before is in it) | lacking | opening | adjusted | withdrawn | corrected | booked.
    """

    key: str
    amount: Range
    record: Record | None = None


class Difference(NamedTuple):
    """What the app showed beside what was computed for that instant: `amount == shown - computed`, story by story."""

    record: Record
    computed: Range
    amount: Range

    @property
    def outside(self) -> bool:
        """Whether what was shown is outside of the computed range."""
        return not self.computed.ordered.low <= self.record.amount <= self.computed.ordered.high


class Held(NamedTuple):
    """A wallet at the end of a day: `available` is the sum of the changes from the last balance that the app showed on."""

    stands_on: Ground
    available: Range
    changes: tuple[Change, ...]
    differences: tuple[Difference, ...]  # of every balance that counts, by time
    corrected: tuple[Change, ...]  # of every recorded credit: what it says less what was computed
    lacking: Range  # that was there before the first file, at least, by what came since the last balance
    lacked: Range  # the same of all time
    records: tuple[Record, ...]  # of it, up to the day

    @property
    def payouts(self) -> tuple[Record, ...]:
        """Those that left by the day."""
        return tuple(item for item in self.records if item.sort == "payout")

    @property
    def observed(self) -> Record | None:
        """The last balance that the app showed."""
        return self.differences[-1].record if self.differences else None


class Movement(NamedTuple):
    """What moved a wallet, signed, in the order of time; of a balance that the app showed, its difference to the computed.

    key: booked | opening | adjusted | withdrawn | corrected | shown.
    """

    key: str
    amount: Range
    credit: Credit | None = None
    record: Record | None = None


def movements(
    credits: Sequence[Credit], records: Iterable[Record], timezone: str, since: date = date.min
) -> Iterator[Movement]:
    """All that moved a wallet, by time. It is never below nothing: what lacks then was there before the first file.

    Of the balances that the app showed before `since` only the last one counts: what came before it is in it.
    """
    told = sorted(records, key=lambda item: (item.day, item.sort, item.number))
    balances = [item for item in told if item.sort == "balance"]
    earlier = [item for item in balances if item.day < since]
    dropped = set(earlier) - {max(earlier, key=lambda item: _shown_at(item, timezone), default=None)}
    events: list[tuple[tuple[int, int, int], int, Credit | Record]] = [
        ((_booked_at(credit), 1, 0), 0, credit) for credit in credits
    ]
    for item in told:
        if item not in dropped:
            events.append((_happened_at(item, balances, timezone), item.number, item))
    value = ZERO
    with exact():
        for _, _, event in sorted(events, key=itemgetter(0, 1)):
            if isinstance(event, Credit):
                moved = Movement("booked", event.reward, event)
            elif event.sort == "balance":
                moved = Movement("shown", _less(Range.of(event.amount), value), record=event)
            else:
                change = _change(event, credits, timezone)
                moved = Movement(change.key, change.amount, record=event)
            if balances:  # nothing else asks for what there was
                value = value + moved.amount
                value = value.but(max(value.low, Decimal(0)), max(value.high, Decimal(0)))
            yield moved


def held(credits: Sequence[Credit], records: Iterable[Record], timezone: str, since: date = date.min) -> Held:
    """What a wallet holds, of credits booked by a day and of what was recorded by then.

    Of the balances that the app showed before `since` only the last one counts: what came before it is in it.
    """
    told = sorted(records, key=lambda item: (item.day, item.sort, item.number))
    value = lacking = lacked = ZERO
    changes: list[Change] = []
    corrected: list[Change] = []
    differences: list[Difference] = []
    with exact():
        for moved in movements(credits, told, timezone, since):
            if moved.key == "shown":
                assert moved.record is not None
                shown = Range.of(moved.record.amount)
                differences.append(Difference(moved.record, value, moved.amount))
                value, changes, lacking = shown, [Change("observed", shown, moved.record)], ZERO
                continue
            change = Change(moved.key, moved.amount, moved.record)
            if change.key == "corrected":
                corrected.append(change)
            changes.append(change)
            value = value + change.amount
            if value.low < 0 or value.high < 0:
                less = value.but(max(-value.low, Decimal(0)), max(-value.high, Decimal(0)))
                lacking, lacked, value = lacking + less, lacked + less, value + less
    opened = any(item.kind == "opening" for item in told if item.sort == "adjustment")
    paid = any(item.sort == "payout" for item in told)
    ground: Ground = "balance" if differences else "opening" if opened else "payout" if paid else "nothing"
    if lacking != ZERO:
        changes.append(Change("lacking", lacking))
    return Held(
        ground, value, _together(changes), tuple(differences), tuple(corrected), lacking, lacked, tuple(told)
    )  # fmt: skip


def first_day(records: Iterable[Record], since: date) -> date | None:
    """The earliest day whose credits have to be told apart for wallets of which this was recorded; None: no day."""
    days = []
    by_wallet: dict[tuple[str, str], list[Record]] = {}
    for item in records:
        if item.sort != "income":
            by_wallet.setdefault((item.creator, item.currency), []).append(item)
    for mine in by_wallet.values():
        shown = [item.day for item in mine if item.sort == "balance" and item.day < since]
        rest = [periods.span_of(item.kind, item.name, item.day)[0] if item.sort == "credit" else item.day for item in mine]
        days += [max(shown)] if shown else rest
        days += [
            periods.span_of(item.kind, item.name, item.day)[0]
            for item in mine
            if item.sort == "credit" and (not shown or item.day > max(shown))
        ]
    return min(days, default=None)


def quarters_of(records: Sequence[Record], timezone: str) -> list[tuple[Record, int]]:
    """When each record of a wallet happened, as a quarter of an hour: what comes after a day's last one is in the next."""
    balances = [item for item in records if item.sort == "balance"]
    moments = [(item, _happened_at(item, balances, timezone)) for item in records]
    return [(item, second // _QUARTER + (phase == 3)) for item, (second, phase, _) in sorted(moments, key=lambda pair: pair[1])]


def rated(item: Record, credits: Iterable[Credit], timezone: str) -> Range:
    """What credits come to of which a recorded credit speaks: those of its LIVE, or booked on its days."""
    if item.kind == "live":
        return total(credit.reward for credit in credits if credit.unit == "stream" and credit.name == item.name)
    first, last = periods.span_of(item.kind, item.name, item.day)
    return total(credit.reward for credit in credits if first <= periods.local_day(credit.booked, timezone) <= last)


def _change(item: Record, credits: Sequence[Credit], timezone: str) -> Change:
    if item.sort == "payout":
        return Change("withdrawn", Range.of(-item.amount), item)
    if item.sort == "credit":
        return Change("corrected", _less(Range.of(item.amount), rated(item, credits, timezone)), item)
    return Change("opening" if item.kind == "opening" else "adjusted", Range.of(item.amount), item)


def _less(amount: Range, other: Range) -> Range:
    """One less the other, story by story. Call inside `exact()`."""
    return amount.but(amount.low - other.low, amount.high - other.high).on(other.confidence)


def _together(changes: Sequence[Change]) -> tuple[Change, ...]:
    """What was there first, then what was recorded, then all that was booked in one line."""
    booked = [change.amount for change in changes if change.key == "booked"]
    order = ("observed", "opening", "lacking", "withdrawn", "adjusted", "corrected")
    others = sorted((change for change in changes if change.key in order), key=lambda change: order.index(change.key))
    return (*others, Change("booked", total(booked)))


def _booked_at(credit: Credit) -> int:
    """The second at which a credit is in the wallet: of a LIVE its last gift where that is known, else the end of a quarter."""
    if credit.unit == WEEKLY:
        return credit.booked * _QUARTER
    # Rows are in order of time, and the second of the last gift lies in their last quarter.
    last = max((row.last for row in credit.rows[-1:]), default=0) if credit.unit == "stream" else 0
    return last if last // _QUARTER == credit.booked else credit.booked * _QUARTER + _QUARTER - 1


def _end_of(day: date, timezone: str) -> int:
    return periods.day_start(day + timedelta(days=1), timezone) * _QUARTER - 1


def _shown_at(item: Record, timezone: str) -> tuple[int, int, int]:
    """When the app showed a balance; of two at one time, the one after more payouts is the later one."""
    if not item.at:
        return _end_of(item.day, timezone), 2, 2 * len(item.after.split())
    hour, minute = map(int, item.at.split(":"))
    second = periods.second_of(item.day, hour, minute, timezone) + 59
    return second, 2, 2 * len(item.after.split())


def _happened_at(item: Record, balances: Sequence[Record], timezone: str) -> tuple[int, int, int]:
    """Where a record stands among the others: payouts at the end of their day, unless the app showed a balance after them."""
    if item.sort == "balance":
        return _shown_at(item, timezone)
    if item.sort == "payout":
        after = [_shown_at(shown, timezone) for shown in balances if shown.day == item.day and item.id in shown.after.split()]
        if after and item.id:
            second, phase, order = min(after)
            return second, phase, order - 1
        return _end_of(item.day, timezone), 3, 0
    if item.sort == "credit":
        return _end_of(item.day, timezone), 1, 1
    return periods.day_start(item.day, timezone) * _QUARTER, 0, 0
