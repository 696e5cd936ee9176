"""What frames a report: what was asked, where the gifts come from, accounts with their credits, rates in use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

from diamondctl.periods import Period
from diamondctl.problems import Problem
from diamondctl.ratebook.entries import NotKnown, RateEntry, Zone, look_up
from diamondctl.rating.credits import Credit, OwnShare, Unrated
from diamondctl.rating.missions import NO_FACTS, Facts
from diamondctl.records import Adjustment


class ConfigFile(NamedTuple):
    """The config that was read."""

    file: str
    sha256: str


class Asked(NamedTuple):
    """What the person asked for. `timezone` blank: each rate file's own; `period` None: the last month with data."""

    period: Period | None = None
    as_of: date | None = None
    timezone: str = ""
    timezones: Mapping[str, str] = MappingProxyType({})  # of creators who have one of their own
    own_share: Decimal | None = None
    own_shares: Mapping[str, Sequence[OwnShare]] = MappingProxyType({})  # dated, by creator
    rates_as_of: date | None = None
    config: ConfigFile | None = None
    facts: Facts = NO_FACTS  # beside the gifts, for shares that are built from missions

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
    adjustments: tuple[Adjustment, ...] = ()
    rest_on: tuple[str, ...] = ()  # what the figures rest on, where that is not gifts

    @property
    def words(self) -> str:
        """`In these files` or `In the ledger`."""
        return "In the ledger" if self.ledger else "In these files"


FILES: Final = Origin()


class Account(NamedTuple):
    """One creator's wallet (one region, one currency) and its credits by time."""

    creator: str
    region: str
    currency: str  # blank when nothing could be rated
    timezone: str
    zone: Zone
    now: tuple[Credit, ...]
    before: tuple[Credit, ...]
    until: tuple[Credit, ...]  # of the gifts up to `as_of`; one that goes on as it was by then
    arrivals: tuple[int, ...]  # for each of `until`: the first quarter at which all of it is in the balance
    unrated: tuple[Unrated, ...]  # gifts of the period that no rate covers
    unrated_before: tuple[Unrated, ...]  # gifts of the period before that no rate covers
    unrated_earlier: tuple[Unrated, ...]  # outside the period, up to `as_of`: missing from what was earned
    as_of_quarter: int  # the last quarter of `as_of`
    adjustments: tuple[Adjustment, ...] = ()  # of its balance, up to `as_of`

    @property
    def complete(self) -> bool:
        """False when gifts of the period, or of what was earned by then, are missing from the money."""
        return not self.unrated and not self.unrated_earlier

    def rule(self, rate: str, rates_as_of: date | None) -> RateEntry | NotKnown:
        """The entry of a payout rule in force on `as_of`."""
        return look_up(self.zone, rate, self.as_of_quarter, rates_as_of)


class RateUse(NamedTuple):
    """An entry that figures rest on, and how long before their date it was last seen to hold."""

    entry: RateEntry
    zone: Zone
    unverified_days: int  # from `verified` to the date of the figures; 0 when verified later
