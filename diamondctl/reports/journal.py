"""The journal: everything that moved money up to a day, as entries between places, each with its id. Statement and export are
views of it. Pure.

Convention: an entry belongs to a calendar month. What a month holds is the state at its end less the state before it, so the
entries up to the end of a month sum to what `balance` says of that day, story by story, and gifts that come later change no
entry of an earlier month. A credit over the end of a month is two entries: what came first, and its completion.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.money import ZERO, Range, exact, total
from diamondctl.rating.credits import WEEKLY, Credit
from diamondctl.rating.places import WALLET, Entry, Posting, between, income_entries, payout_entries
from diamondctl.rating.states import activity, booked, in_order
from diamondctl.rating.wallet import Held, held
from diamondctl.records import Record
from diamondctl.reports.remarks import booked_day, quarter_after
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import Account, Asked
from diamondctl.reports.wallets import grouped
from diamondctl.words import counted

# Kinds of entries, in the order of a statement. Those before `withdrawn` change what is in the wallet without leaving it.
KINDS: Final = (
    "reward", "weekly", "opening", "bonus", "refund", "reversal", "exchange", "credited", "shown", "settled", "before",
    "withdrawn", "arrived", "income",
)  # fmt: skip
_COMPLETED: Final = ", completed"
_QUARTER: Final = 900  # seconds


class Booking(NamedTuple):
    """An entry of the journal. Its id stays the same whatever else is imported, and no other entry has it."""

    id: str
    creator: str
    platform: str
    kind: str  # one of KINDS
    day: date
    instant: int | None  # second since 1970 UTC; None: only its day is known
    text: str
    document: str  # the file or record it comes from; blank: several files
    postings: tuple[Posting, ...]
    parts: tuple[str, ...] = ()  # ids of the entries that it stands for, none of which is known exactly
    record: Record | None = None  # whose difference to what was computed it is

    @property
    def is_exact(self) -> bool:
        """Whether both stories are one."""
        return all(posting.amount.is_exact for posting in self.postings)

    @property
    def wallet(self) -> tuple[str, str, str]:
        """Of which wallet it is; of other income, in which currency."""
        return self.creator, self.platform, self.postings[0].currency

    def of(self, place: str) -> Range:
        """What it adds to a place, story by story."""
        return total(posting.amount for posting in self.postings if posting.place == place)


class End(NamedTuple):
    """What a wallet holds at the end of a month, or of the last day of the journal."""

    creator: str
    platform: str
    currency: str
    day: date
    available: Range
    earned: Range  # of all gifts up to the day, whether it is booked or not
    gift_value: Range
    is_month_end: bool

    @property
    def wallet(self) -> tuple[str, str, str]:
        """Which wallet: no other is alike."""
        return self.creator, self.platform, self.currency


class Journal(NamedTuple):
    """All entries up to a day by time, and what each wallet held at each end of a month."""

    until: date
    entries: tuple[Booking, ...]
    ends: tuple[End, ...]
    open: tuple[Booking, ...] = ()  # what `settle` put together, as it was before


def journal(
    scope: Scope, documents: Mapping[str, Sequence[tuple[int, int, str]]] | None = None, cuts: Collection[date] = ()
) -> Journal:
    """The journal up to the day of a scope, whose gifts were all read; `documents` are spans of seconds by creator.

    `cuts` are days at whose ends it is cut too, as at the ends of months, for periods that are no months.
    """
    entries: list[Booking] = []
    ends: list[End] = []
    for group in grouped(scope.accounts):
        told = _Wallet(group, scope.asked, scope.as_of, documents or {}, cuts)
        entries += told.entries()
        ends += told.ends
    for item in scope.origin.records:
        if item.sort == "income":
            entries += [_recorded(entry, item.creator, "", "income") for entry in income_entries([item], scope.as_of)]
    return Journal(scope.as_of, tuple(sorted(entries, key=_order)), tuple(ends))


def settle(told: Journal) -> Journal:
    """The same, with ranges that are one amount together as one entry of that amount: the credits of which a recorded credit
    speaks, and all up to a balance that the app showed.
    """
    made: list[Booking] = []
    opened: list[Booking] = []
    for _, group in groupby(sorted(told.entries, key=lambda entry: entry.wallet), key=lambda entry: entry.wallet):
        mine = list(group)
        left = [entry for entry in mine if not entry.is_exact and entry.postings[0].place == "platform"]
        for last in [entry for kind in ("credited", "shown") for entry in left if entry.kind == kind]:
            parts = [entry for entry in left if entry is last or _speaks_of(last, entry)]
            amount = total(entry.of(WALLET) for entry in parts)
            if amount.is_exact:
                made.append(_together(parts, last, amount))
                opened += parts
                left = [entry for entry in left if entry not in parts]
        made += [entry for entry in mine if entry not in opened]
    return told._replace(entries=tuple(sorted(made, key=_order)), open=tuple(opened))


def _speaks_of(last: Booking, entry: Booking) -> bool:
    """Whether an entry is in what a recorded credit or a balance that was shown says."""
    item = last.record
    if item is None or item.sort == "balance":
        return _order(entry) < _order(last)
    if entry.kind not in ("reward", "weekly"):
        return False
    if item.kind == "live":
        return entry.text in (f"LIVE {item.name}", f"LIVE {item.name}{_COMPLETED}")
    first, end = periods.span_of(item.kind, item.name, item.day)
    return first <= entry.day <= end


def _together(parts: Sequence[Booking], last: Booking, amount: Range) -> Booking:
    currency = last.postings[0].currency
    moved = between("platform", WALLET, amount, currency, last.day, "settled")
    name = _hash("s", last.creator, last.platform, currency, last.id)
    text = f"{counted(sum(entry.kind in ('reward', 'weekly') for entry in parts), 'credit')}, together as {last.document} says"
    ids = tuple(entry.id for entry in parts)
    return Booking(
        name, last.creator, last.platform, "settled", last.day, last.instant, text, last.document, moved.postings, ids
    )  # fmt: skip


class _Wallet:
    """One wallet, month after month."""

    def __init__(
        self,
        accounts: Sequence[Account],
        asked: Asked,
        until: date,
        documents: Mapping[str, Sequence[tuple[int, int, str]]],
        cuts: Collection[date],
    ) -> None:
        self.accounts, self.asked, self.until, self.cuts = accounts, asked, until, cuts
        first = accounts[0]
        self.creator, self.platform, self.currency = first.creator, first.zone.platform, first.currency
        self.documents = documents.get(self.creator, ())
        self.records = [item for account in accounts for item in (*account.recorded, *account.of_wallet)]
        self.ends: list[End] = []
        self.timezone = ""  # of the region in force at the end of the month that is told

    def entries(self) -> list[Booking]:
        made: list[Booking] = []
        before: dict[str, Range] = {}
        credits: dict[tuple[str, str, str], dict[tuple[str, str, str], Credit]] = {}
        told_of: set[str] = set()
        for day in self._days():
            month = _month(day) if _month(day) not in told_of else str(day)
            told_of.add(month)
            now: list[Credit] = []
            for account in self.accounts:
                cut = quarter_after(day, account.timezone)
                mine = {key: credit for key, credit in account.person.at(cut).items() if key[0] == self.currency}
                inside = dict(booked(mine, cut))
                came = activity(inside, credits.get(account.key, {}))
                made += [self._credit(credit, account, month) for credit in came]
                credits[account.key] = inside
                now += [*inside.values()]
                self._add_end(day, mine.values())
            told = [item for item in self.records if item.day <= day]
            last = self.accounts[-1]
            home = last._replace(as_of_quarter=quarter_after(day, last.timezone) - 1).home
            self.timezone = self.asked.timezone_of(self.creator, home.zone)
            inside_it = held(in_order(now), told, self.timezone)
            self.ends[-1] = self.ends[-1]._replace(available=inside_it.available)
            after = dict(self._computed(inside_it, month))
            made += self._differences(after, before, inside_it, month, day)
            before |= after
        return [*made, *self._payouts_and_adjustments()]

    def _add_end(self, day: date, credits: Iterable[Credit]) -> None:
        """Add an account to what the wallet holds at the end of a day."""
        credits = list(credits)
        earned, value = total(credit.reward for credit in credits), total(credit.nominal for credit in credits)
        if self.ends and self.ends[-1].day == day:
            last = self.ends[-1]
            self.ends[-1] = last._replace(earned=total([last.earned, earned]), gift_value=total([last.gift_value, value]))
            return
        is_month_end = (day + timedelta(days=1)).day == 1
        self.ends.append(End(self.creator, self.platform, self.currency, day, ZERO, earned, value, is_month_end))

    def _days(self) -> Iterator[date]:
        """The ends of months from the first that something was in, and the last day."""
        firsts = [item.day for item in self.records]
        for account in self.accounts:
            if account.until:
                firsts.append(periods.local_day(min(credit.first for credit in account.until), account.timezone))
        first = min(firsts, default=self.until)
        ends = {day for day in self.cuts if first <= day < self.until}
        day = periods.month_of(first).last_day
        while day < self.until:
            ends.add(day)
            day = periods.month_of(day + timedelta(days=1)).last_day
        yield from sorted(ends)
        yield self.until

    def _credit(self, credit: Credit, account: Account, month: str) -> Booking:
        kind = "weekly" if credit.unit == WEEKLY else "reward"
        name = _hash("e", self.platform, self.creator, credit.region, self.currency, credit.unit, credit.name)
        units = {"stream": f"LIVE {credit.name}", WEEKLY: f"week of {credit.name}"}
        text = units.get(credit.unit, f"{credit.unit} {credit.name}")
        if credit.begun is not None:
            name, text = f"{name}-{month}", text + _COMPLETED
        day = booked_day(credit, account)
        moved = between("platform", WALLET, credit.reward, self.currency, day, kind)
        last = max((row.last for row in credit.rows), default=0)
        second = last if last and last // _QUARTER == credit.booked else credit.booked * _QUARTER
        document = self._document(credit)
        return Booking(name, self.creator, self.platform, kind, day, second, text, document, moved.postings)

    def _document(self, credit: Credit) -> str:
        """The only document with gifts of its time; blank where there are several."""
        first, last = credit.first * _QUARTER, credit.last * _QUARTER + _QUARTER
        names = {name for begin, end, name in self.documents if begin < last and first <= end}
        return names.pop() if len(names) == 1 else ""

    def _computed(self, inside: Held, month: str) -> Iterator[tuple[str, Range]]:
        """What was recorded of a wallet and moves it by a difference, so far, by id."""
        for change in inside.corrected:
            assert change.record is not None
            yield change.record.id, change.amount
        for shown in inside.differences:
            yield shown.record.id, shown.amount
        yield "", inside.lacked

    def _differences(
        self, after: Mapping[str, Range], before: Mapping[str, Range], inside: Held, month: str, day: date
    ) -> Iterator[Booking]:
        records = {item.id: item for item in inside.records}
        for key, amount in after.items():
            with exact():
                earlier = before.get(key, ZERO)
                rest = amount.but(amount.low - earlier.low, amount.high - earlier.high)
            if rest == ZERO:
                continue
            if not key:
                name = _hash("n", self.platform, self.creator, self.currency, month)
                moved = between("before", WALLET, rest, self.currency, day, "before the first file, at least")
                yield Booking(
                    name, self.creator, self.platform, "before", day, None, moved.what, "", moved.postings
                )  # fmt: skip
                continue
            item = records[key]
            late = key in before
            when = day if late else item.day
            what = "shown beside the computed" if item.sort == "balance" else "credited beside the computed"
            moved = between("platform", WALLET, rest, self.currency, when, what, item.id)
            kind = "shown" if item.sort == "balance" else "credited"
            name = f"{item.id}-{month}" if late else item.id
            at = None
            if item.sort == "balance" and item.at and not late:
                hour, minute = map(int, item.at.split(":"))
                at = periods.second_of(item.day, hour, minute, self.timezone) + 59
            yield Booking(
                name, self.creator, self.platform, kind, when, at, _reason(moved.what, item), item.id, moved.postings,
                record=None if late else item,
            )  # fmt: skip

    def _payouts_and_adjustments(self) -> Iterator[Booking]:
        for item in self.records:
            if item.sort == "payout":
                for entry in payout_entries(item, self.until):
                    made = _recorded(entry, self.creator, self.platform, entry.what)
                    yield made._replace(id=f"{made.id}-back", text="came back") if item.leg == "back" else made
            elif item.sort == "adjustment":
                source = "before" if item.kind == "opening" else "platform"
                moved = between(source, WALLET, Range.of(item.amount), self.currency, item.day, item.kind, item.id)
                yield _recorded(moved, self.creator, self.platform, item.kind, item)


def _recorded(entry: Entry, creator: str, platform: str, kind: str, item: Record | None = None) -> Booking:
    name = entry.record or _hash("o", creator, platform, entry.what, str(entry.day))
    name += "-arrived" if kind == "arrived" else ""
    text = entry.what if item is None else _reason(entry.what, item)
    return Booking(name, creator, platform, kind, entry.day, None, text, entry.record, entry.postings)


def _reason(what: str, item: Record) -> str:
    return f"{what}: {item.reason}" if item.reason else what


def _hash(mark: str, *parts: str) -> str:
    return mark + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _month(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


_FIRST: Final = ("opening", "bonus", "refund", "reversal", "exchange")  # at the beginning of their day
_LAST: Final = {"credited": 1, "shown": 2, "settled": 2, "before": 3, "withdrawn": 4, "arrived": 5}  # at its end
_END: Final = 2**62


def _order(entry: Booking) -> tuple[object, ...]:
    """By time; what was recorded stands where the wallet takes it (`rating.wallet`)."""
    second = entry.instant if entry.instant is not None else 0 if entry.kind in _FIRST else _END
    return entry.day, second, _LAST.get(entry.kind, 1), entry.creator, entry.platform, entry.id


def balances(entries: Iterable[Booking]) -> dict[tuple[str, str, str, str], Range]:
    """The sum of every place, by creator, platform, place and currency."""
    sums: dict[tuple[str, str, str, str], Range] = {}
    for entry in entries:
        for posting in entry.postings:
            key = (entry.creator, entry.platform, posting.place, posting.currency)
            sums[key] = total([sums.get(key, ZERO), posting.amount])
    return sums
