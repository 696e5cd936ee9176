"""What every report begins with: the period, the accounts, which credits fall where, and which rates were used.

Everything that is rated belongs to the period of its credit (design.md section 4), gifts and diamonds included, so that
the lines of one table speak of the same gifts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from diamondctl import periods
from diamondctl.money import Range
from diamondctl.periods import Period
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook.entries import NotKnown, RateEntry, Zone, look_up
from diamondctl.rating.rewards import Credit, Rated, Unrated, reward_of
from diamondctl.records import Document
from diamondctl.words import counted

STALE_DAYS = 180
LONGEST_STREAM = 192  # quarters: two days


class Asked(NamedTuple):
    """What the person asked for. `timezone` blank: each rate file's own; `period` None: the last month with data."""

    period: Period | None = None
    as_of: date | None = None
    timezone: str = ""
    own_share: Decimal | None = None
    rates_as_of: date | None = None


class Account(NamedTuple):
    """One creator's wallet (one region, one currency) and its credits by time."""

    creator: str
    region: str
    currency: str  # blank when nothing could be rated
    timezone: str
    zone: Zone
    now: tuple[Credit, ...]
    before: tuple[Credit, ...]
    until: tuple[Credit, ...]  # with their last gift not after `as_of`
    unrated: tuple[Unrated, ...]  # gifts of the period that no rate covers
    unrated_before: tuple[Unrated, ...]  # gifts of the period before that no rate covers
    unrated_earlier: tuple[Unrated, ...]  # outside the period, up to `as_of`: missing from what was earned
    as_of_quarter: int  # the last quarter of `as_of`

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


class Scope(NamedTuple):
    """The frame of a report."""

    period: Period
    previous: Period
    as_of: date
    asked: Asked
    accounts: tuple[Account, ...]
    documents: tuple[Document, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    lost: bool = False  # a salvaged file misses records

    @property
    def complete(self) -> bool:
        """False when gifts of the period, or of what was earned by `as_of`, are missing from the money."""
        return not self.lost and all(account.complete for account in self.accounts)

    def uses(self, entries: Iterable[tuple[Zone, RateEntry]]) -> tuple[RateUse, ...]:
        """Entries once each, by place, with how old their last sighting is."""
        found = {
            (entry.file, entry.line): RateUse(entry, zone, max((self.as_of - entry.verified).days, 0))
            for zone, entry in entries
        }
        return tuple(found[key] for key in sorted(found))


def make_scope(
    rated: Rated,
    zones: Mapping[str, Zone],
    documents: Sequence[Document],
    asked: Asked,
    notices: Sequence[str] = (),
    lost: Sequence[str] = (),
    rest_on: Sequence[str] = (),
) -> Scope:
    """Frame a report; `notices` about the files are passed on, and so is what salvaged files have `lost` and what the
    figures `rest_on` where that is not gifts.

    Refuses (A011) when the period holds gifts and none of them can be rated.
    """
    period = asked.period or last_month(rated, zones, asked.timezone)
    as_of = asked.as_of or period.last_day
    credits: dict[tuple[str, str, str], list[Credit]] = {}
    for credit in rated.credits:
        credits.setdefault((credit.creator, credit.region, credit.currency), []).append(credit)
    unrated: dict[tuple[str, str], list[Unrated]] = {}
    for item in rated.unrated:
        unrated.setdefault((item.row.creator, item.row.region), []).append(item)
    with_credits = {key[:2] for key in credits}
    keys = sorted([*credits, *((*person, "") for person in unrated if person not in with_credits)])
    accounts = []
    for creator, region, currency in keys:
        # Unrated gifts have no currency: they stand with the first account of their creator and region.
        mine = unrated.pop((creator, region), [])
        account = credits.get((creator, region, currency), [])
        accounts.append(_account((creator, region, currency), zones[region], account, mine, period, as_of, asked.timezone))
    _refuse_if_nothing_rated(accounts, period)
    warnings = [
        *(f"Incomplete: {text}." for text in lost),
        *rest_on,
        *_unrated_warnings(accounts),
        *_long_stream_warnings(accounts),
        *_share_warnings(rated.credits, asked.own_share),
    ]
    notes = [*_notes(accounts, rated, period), *notices]
    return Scope(
        period, period.before(), as_of, asked, tuple(accounts), tuple(documents), tuple(warnings), tuple(notes), bool(lost)
    )


def _account(
    key: tuple[str, str, str],
    zone: Zone,
    credits: list[Credit],
    unrated: list[Unrated],
    period: Period,
    as_of: date,
    timezone: str,
) -> Account:
    name = timezone or zone.timezone
    start, end = period.quarters(name)
    earlier = period.before().quarters(name)
    after = periods.day_start(as_of + timedelta(days=1), name)
    return Account(
        *key,
        name,
        zone,
        tuple(credit for credit in credits if start <= credit.last < end),
        tuple(credit for credit in credits if earlier[0] <= credit.last < earlier[1]),
        tuple(credit for credit in credits if credit.last < after),
        tuple(item for item in unrated if start <= item.row.quarter < end),
        tuple(item for item in unrated if earlier[0] <= item.row.quarter < earlier[1]),
        tuple(item for item in unrated if not start <= item.row.quarter < end and item.row.quarter < after),
        after - 1,
    )


def last_month(rated: Rated, zones: Mapping[str, Zone], timezone: str) -> Period:
    """The calendar month of the last gift, in the reporting time zone."""
    days = [periods.local_day(credit.last, timezone or zones[credit.region].timezone) for credit in rated.credits]
    days += [periods.local_day(item.row.quarter, timezone or zones[item.row.region].timezone) for item in rated.unrated]
    return periods.month_of(max(days))


def entries_of(credits: Iterable[Credit]) -> list[RateEntry]:
    """Reward and settlement entries that price some credits, once each."""
    found: dict[tuple[str, int], RateEntry] = {}
    for credit in credits:
        for entry in (credit.settlement, *(part.entry for part in credit.parts)):
            found[entry.file, entry.line] = entry
    return list(found.values())


def names(credit: Credit) -> set[str]:
    """Streams of a credit that the source names."""
    return {row.stream for row in credit.rows if row.stream}


def percent_text(share: Range) -> str:
    """`48%` or `0 - 53%`."""
    low, high = (f"{end.normalize():f}" for end in (share.low, share.high))
    return f"{low}%" if share.is_exact else f"{low} - {high}%"


def share_text(credits: Iterable[Credit], own_share: Decimal | None) -> str:
    """The share or shares that priced some credits."""
    if own_share is not None:
        return percent_text(Range.of(own_share))
    shares = {reward_of(part.entry).share.percent for credit in credits for part in credit.parts}
    return " and ".join(percent_text(share) for share in sorted(shares, key=lambda share: (share.low, share.high)))


def _refuse_if_nothing_rated(accounts: list[Account], period: Period) -> None:
    missing = [item for account in accounts for item in account.unrated]
    if missing and not any(account.now for account in accounts):
        hint = "choose another period, or rate files that cover it: --rates DIR"
        raise Refusal(Problem("A011", f"nothing in {period.label} can be rated: {missing[0].why.detail}", hint))


def _unrated_warnings(accounts: list[Account]) -> list[str]:
    return [
        *_left_out(
            [item for account in accounts for item in account.unrated],
            "are left out of the money",
        ),
        *_left_out(
            [item for account in accounts for item in account.unrated_earlier],
            "from outside the period are left out of what was earned",
        ),
    ]


def _left_out(items: list[Unrated], what: str) -> list[str]:
    reasons: dict[str, list[int]] = {}
    for item in items:
        count = reasons.setdefault(item.why.detail, [0, 0])
        count[0] += item.row.gifts
        count[1] += item.row.coins
    return [
        f"Incomplete: {gifts:,} gift{'' if gifts == 1 else 's'} ({coins:,} coins) {what}: {why}."
        for why, (gifts, coins) in sorted(reasons.items())
    ]


def _long_stream_warnings(accounts: list[Account]) -> list[str]:
    """A name that gifts of several days share is no stream, and would move all of them to the day of the last one."""
    shown = {id(credit): credit for account in accounts for credit in (*account.now, *account.before, *account.until)}
    long = [
        credit for credit in shown.values() if credit.unit == "stream" and credit.last - credit.rows[0].quarter > LONGEST_STREAM
    ]
    if not long:
        return []
    days = max(credit.last - credit.rows[0].quarter for credit in long) // 96
    first = min(credit.name for credit in long)
    return [
        f"{counted(len(long), 'stream')} with gifts over {days:,} days (such as '{first}'): is it one LIVE? All its gifts "
        "count in the period of the last one. Leave the stream column out if it names something else."
    ]


def _share_warnings(credits: Iterable[Credit], own_share: Decimal | None) -> list[str]:
    entries = {part.entry.where: part.entry for credit in credits for part in credit.parts}
    rewards = {where: reward_of(entry) for where, entry in sorted(entries.items())}
    if own_share is not None:
        above = [where for where, reward in rewards.items() if own_share > reward.share.percent.high]
        if not above:
            return []
        known = " and ".join(f"{percent_text(Range.of(rewards[where].share.percent.high))} ({where})" for where in above)
        return [f"Your share of {percent_text(Range.of(own_share))} is above the highest known: {known}."]
    # formats.md section 4: the session page shows the platform's own estimate beside the diamonds.
    return [
        f"The share is known only as {percent_text(reward.share.percent)} ({where}), so the reward is a range. To settle it, "
        f"open a session in LIVE Center and divide its estimated {reward.currency} by its diamonds x "
        f"{reward.cash_per_diamond}: 0.48 means --share 48."
        for where, reward in rewards.items()
        if not reward.share.percent.is_exact
    ]


def stale_warnings(uses: Iterable[RateUse], as_of: date) -> list[str]:
    """One line when rates were last seen to hold long before the figures' date."""
    old = sum(1 for use in uses if use.unverified_days > STALE_DAYS)
    if not old:
        return []
    rates = "1 rate was" if old == 1 else f"{old} rates were"
    return [f"{rates} last seen to hold more than {STALE_DAYS} days before {as_of}: see 'Seen to hold'."]


def _notes(accounts: list[Account], rated: Rated, period: Period) -> list[str]:
    notes = []
    nameless = {credit.region for credit in rated.credits if credit.unit == "day" and not names(credit)}
    if zones := sorted({account.zone.timezone for account in accounts if account.region in nameless}):
        notes.append(f"Gifts that name no stream are credited, and rounded, once a day in {' and '.join(zones)} time.")
    crossing = 0
    for account in accounts:
        start, _ = period.quarters(account.timezone)
        crossing += sum(1 for credit in account.now if credit.rows[0].quarter < start)
    if crossing:
        one = crossing == 1
        notes.append(
            f"{crossing:,} credit{'' if one else 's'} began before the period and ended in it; "
            f"{'it counts' if one else 'they count'} in it whole."
        )
    if not any(account.now or account.unrated for account in accounts):
        notes.append(f"Nothing was credited in {period.label}.")
    return notes
