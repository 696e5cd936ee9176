"""What frames a report: what was asked, where the gifts come from, accounts with their credits, rates in use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from diamondctl import periods
from diamondctl.periods import Period
from diamondctl.problems import Problem
from diamondctl.ratebook.entries import NotKnown, RateEntry, Zone, look_up
from diamondctl.rating.credits import Credit, OwnShare, Unrated
from diamondctl.rating.missions import NO_FACTS, Facts
from diamondctl.rating.rewards import Person
from diamondctl.rating.states import activity, booked
from diamondctl.records import Difference, Record, Total

# What decides the period of money: when the gifts were sent, when the platform booked it, when it arrived.
Basis = Literal["earned", "credited", "paid"]
BASES: Final[tuple[Basis, ...]] = ("earned", "credited", "paid")


class ConfigFile(NamedTuple):
    """The config that was read."""

    file: str
    sha256: str


class Asked(NamedTuple):
    """What the person asked for. `timezone` blank: each rate file's own; `period` None: the last month in which a LIVE began.

    `today` is the clock's; it is moved to the last gift where that is later. An `as_of` that was asked for is taken
    literally.
    """

    period: Period | None = None
    as_of: date | None = None
    today: date = date.max
    basis: Basis = "earned"
    timezone: str = ""
    timezones: Mapping[str, str] = MappingProxyType({})  # of creators who have one of their own
    own_share: Decimal | None = None
    own_shares: Mapping[str, Sequence[OwnShare]] = MappingProxyType({})  # dated, by creator
    rates_as_of: date | None = None
    config: ConfigFile | None = None
    facts: Facts = NO_FACTS  # beside the gifts, for shares that are built from missions
    opening: Decimal | None = None  # what a wallet held before the files
    homes: Mapping[str, Sequence[Home]] = MappingProxyType({})  # regions of creators that the config names, by time
    terms: Mapping[str, tuple[date, date]] = MappingProxyType({})  # first and last day with the agency, by creator
    # Where a wallet is before its first gift, by time; by creator and the region that its adjustment names, blank: none.
    before_gifts: Mapping[tuple[str, str], Sequence[Home]] = MappingProxyType({})

    def timezone_of(self, creator: str, zone: Zone) -> str:
        """The reporting time zone of a creator."""
        return self.timezones.get(creator) or self.timezone or zone.timezone


class Methods(NamedTuple):
    """Payout methods of creators by name, each with its place (file, line, column) in the config."""

    methods: Mapping[str, tuple[str, tuple[str, int, int]]]

    def of(self, creator: str) -> str:
        """A creator's method; blank when there is none."""
        return self.methods[creator][0] if creator in self.methods else ""

    def problem(self, message: str, hint: str, creator: str) -> Problem:
        """A method that the rate file does not know (A015), at its place when it is the one of `creator`."""
        return Problem("A015", message, hint, *self.methods[creator][1]) if creator else Problem("A015", message, hint)


NO_METHODS: Final = Methods({})


class CrossCheck(NamedTuple):
    """What a source that does not count says of days that a preferred one covers too, and what counts there."""

    creator: str
    source: str
    days: int
    coins: int
    counted_coins: int


class Origin(NamedTuple):
    """Where gifts come from: files that were named, or a ledger."""

    ledger: bool = False
    incomplete: str = ""  # what is missing from every total; blank: nothing
    cross_checks: tuple[CrossCheck, ...] = ()
    records: tuple[Record, ...] = ()  # that people made
    rest_on: tuple[str, ...] = ()  # what the figures rest on, where that is not gifts
    totals: tuple[Total, ...] = ()  # that dashboards say, of any day
    checks: tuple[Difference, ...] = ()  # what they and other sources say beside what counts
    undocumented: tuple[str, ...] = ()  # creators that the settings name and of whom nothing is there
    regionless: tuple[str, ...] = ()  # creators in no figure, because nobody knows where they are paid

    @property
    def words(self) -> str:
        """`In these files` or `In the ledger`."""
        return "In the ledger" if self.ledger else "In these files"


FILES: Final = Origin()


class Home(NamedTuple):
    """The region whose rules hold for a payout, from a day on."""

    start: date
    region: str
    zone: Zone


class Account(NamedTuple):
    """One creator's earnings in one region and currency: what came in the period, and the state at the end of `as_of`."""

    creator: str
    region: str
    currency: str  # blank when nothing could be rated
    timezone: str
    zone: Zone
    person: Person
    basis: Basis
    span: tuple[int, int]  # quarters [start, end) of the period, up to `as_of`
    span_before: tuple[int, int]  # of the period before
    now: tuple[Credit, ...]  # what the gifts of the period brought
    before: tuple[Credit, ...]  # the same of the period before
    until: tuple[Credit, ...]  # the state at the end of `as_of`
    unrated: tuple[Unrated, ...]  # gifts of the period that no rate covers
    unrated_before: tuple[Unrated, ...]  # gifts of the period before that no rate covers
    unrated_earlier: tuple[Unrated, ...]  # outside the period, up to `as_of`: missing from what was earned
    as_of_quarter: int  # the last quarter of `as_of`
    recorded: tuple[Record, ...] = ()  # of this account, up to `as_of`
    of_wallet: tuple[Record, ...] = ()  # of the whole wallet of several accounts: with one of them
    since: date = date.min  # the first day of the period before
    homes: tuple[Home, ...] = ()  # of the wallet it lies in, by time; none: its own region, always

    @property
    def key(self) -> tuple[str, str, str]:
        """Whose it is, where, and in which currency: no other is alike."""
        return self.creator, self.region, self.currency

    @property
    def home(self) -> Home:
        """The region in force on `as_of`: its rules hold for a payout."""
        day = periods.local_day(self.as_of_quarter, self.timezone)
        begun = (home for home in reversed(self.homes) if home.start <= day)
        return next(begun, Home(date.min, self.region, self.zone))

    @property
    def adjustments(self) -> tuple[Record, ...]:
        """What was recorded as adding to it or taking away from it."""
        return tuple(item for item in self.recorded if item.sort == "adjustment")

    @property
    def complete(self) -> bool:
        """False when gifts of the period, or of what was earned by then, are missing from the money."""
        return not self.unrated and not self.unrated_earlier

    @property
    def wallet(self) -> tuple[Credit, ...]:
        """Of the state at the end of `as_of`, what is in the wallet by then."""
        return tuple(credit for credit in self.until if credit.booked <= self.as_of_quarter)

    @property
    def pending(self) -> tuple[Credit, ...]:
        """Of the same state, what is booked later."""
        return tuple(credit for credit in self.until if credit.booked > self.as_of_quarter)

    def money(self, quarters: tuple[int, int]) -> tuple[Credit, ...]:
        """What a run of quarters `[start, end)` brought by the basis that was asked for."""
        if self.basis == "earned" and quarters in (self.span, self.span_before):
            return self.now if quarters == self.span else self.before
        return activity_of(self.person, self.currency, quarters, self.basis)

    def began(self, quarters: tuple[int, int]) -> set[str]:
        """LIVEs whose first gift lies in a run of quarters."""
        start, end = quarters
        return {name for name, quarter in self.person.starts(self.currency).items() if start <= quarter < end}

    def rule(self, rate: str, rates_as_of: date | None) -> RateEntry | NotKnown:
        """The entry of a payout rule in force on `as_of`, of the region in force then."""
        return look_up(self.home.zone, rate, self.as_of_quarter, rates_as_of)


def activity_of(person: Person, currency: str, quarters: tuple[int, int], basis: Basis) -> tuple[Credit, ...]:
    """The state at the end of a run of quarters less the state before it, in one currency.

    earned: by the time of the gifts; credited: by the time at which the platform books; paid: nothing, for payouts are of no
    gifts.
    """
    start, end = quarters
    if basis == "paid" or start >= end:
        return ()
    after, before = ({key: credit for key, credit in person.at(cut).items() if key[0] == currency} for cut in (end, start))
    if basis == "credited":
        after, before = dict(booked(after, end)), dict(booked(before, start))
    return activity(after, before)


class RateUse(NamedTuple):
    """An entry that figures rest on, and how long before their date it was last seen to hold."""

    entry: RateEntry
    zone: Zone
    unverified_days: int  # from `verified` to the date of the figures; 0 when verified later
