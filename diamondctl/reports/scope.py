"""What every report begins with: the period, the accounts, which credits fall where, and which rates were used.

Everything that is rated belongs to the period of its credit (design.md section 4), gifts and diamonds included, so that
the lines of one table speak of the same gifts.

What was earned by `as_of` is another matter: gifts up to that day are rated as if nothing had come after them, so a stream,
week or month that goes on has a credit-so-far, pending until all of it is credited. A period that `as_of` cuts short has the
figures of these credits too.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.money import Range
from diamondctl.periods import Period
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook.entries import NotKnown, RateEntry, Reward, Zone, look_up
from diamondctl.rating.rewards import Credit, OwnShare, Rated, Unrated, rate, reward_of
from diamondctl.rating.settling import credited_from
from diamondctl.records import Adjustment, Document, Usage
from diamondctl.words import counted

STALE_DAYS = 180
LONGEST_STREAM = 192  # quarters: two days


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
    origin: Origin = FILES

    @property
    def complete(self) -> bool:
        """False when gifts of the period, or of what was earned by `as_of`, are missing from the money."""
        return not self.origin.incomplete and all(account.complete for account in self.accounts)

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
    origin: Origin = FILES,
    past: Sequence[Credit] = (),
) -> Scope:
    """Frame a report; `notices` about the files are passed on, and so is what `origin` says of a ledger.

    `past` are credits of streams that were over, and credited, before the period before and before `as_of`; they are not
    among the `rated` ones.

    Refuses (A011) when the period holds gifts and none of them can be rated.
    """
    ends = _ends((*past, *rated.credits), rated.unrated)
    if asked.as_of is not None:
        as_of, until = asked.as_of, _until(rated, ends, zones, asked.as_of, asked)
        period = asked.period or (last_month(until, zones, asked) if any(until) else periods.month_of(as_of))
    else:
        period = asked.period or last_month(rated, zones, asked)
        as_of = period.last_day
        until = _until(rated, ends, zones, as_of, asked)
    credits = _by_wallet(rated.credits)
    so_far = _by_wallet((*past, *until.credits))
    unrated: dict[tuple[str, str], list[Unrated]] = {}
    for item in rated.unrated:
        unrated.setdefault((item.row.creator, item.row.region), []).append(item)
    wallets = {*credits, *so_far}
    with_credits = {key[:2] for key in wallets}
    keys = sorted([*wallets, *((*person, "") for person in unrated if person not in with_credits)])
    accounts = []
    for creator, region, currency in keys:
        # Unrated gifts have no currency: they stand with the first account of their creator and region.
        mine = unrated.pop((creator, region), [])
        whose = (creator, region, currency)
        wallet = _Wallet(credits.get(whose, []), so_far.get(whose, []), mine, ends)
        timezone = asked.timezone_of(creator, zones[region])
        accounts.append(_account(whose, zones[region], wallet, period, as_of, timezone))
    accounts, homeless = _with_adjustments(accounts, [item for item in origin.adjustments if item.day <= as_of])
    _refuse_if_nothing_rated(accounts, period)
    warnings = [
        *([origin.incomplete] if origin.incomplete else []),
        *map(_cross_check_text, origin.cross_checks),
        *homeless,
        *origin.rest_on,
        *_unrated_warnings(accounts),
        *_long_stream_warnings(accounts),
        *_share_warnings(credit for account in accounts for credit in (*account.now, *account.before, *account.until)),
    ]
    notes = [*_cut_notes(accounts, rated, period, as_of), *_notes(accounts, rated, period), *notices]
    frame = (period, period.before(), as_of, asked, tuple(accounts), tuple(documents), tuple(warnings), tuple(notes))
    return Scope(*frame, origin)


def _with_adjustments(accounts: list[Account], items: Sequence[Adjustment]) -> tuple[list[Account], list[str]]:
    """Each adjustment with the first account that fits it, and a warning for those that fit none."""
    mine: dict[int, list[Adjustment]] = {}
    homeless: dict[tuple[str, str], int] = {}
    for item in items:
        fitting = (
            index
            for index, account in enumerate(accounts)
            if (account.creator, account.currency) == (item.creator, item.currency) and item.region in ("", account.region)
        )
        index = next(fitting, None)
        if index is None:
            homeless[item.creator, item.currency] = homeless.get((item.creator, item.currency), 0) + 1
        else:
            mine.setdefault(index, []).append(item)
    told = [
        f"{counted(count, 'adjustment')} of {creator} in {currency} belong{'s' if count == 1 else ''} to no account with gifts "
        f"and {'is' if count == 1 else 'are'} in no figure."
        for (creator, currency), count in sorted(homeless.items())
    ]
    changed = [account._replace(adjustments=tuple(mine.get(index, ()))) for index, account in enumerate(accounts)]
    return changed, told


def _cross_check_text(check: CrossCheck) -> str:
    difference = check.coins - check.counted_coins
    says = (
        "the same coins"
        if not difference
        else f"{check.coins:,} coins, {difference:+,} beside the {check.counted_coins:,} counted"
    )
    return f"Cross-check of {check.creator}, {counted(check.days, 'day')}: {check.source} say {says}."


def _ends(credits: Iterable[Credit], unrated: Iterable[Unrated]) -> dict[tuple[str, ...], int]:
    """The last quarter of every stream, day, week and month, over its currencies."""
    ends: dict[tuple[str, ...], int] = {}
    for credit in credits:
        ends[credit[:4]] = max(credit.last, ends.get(credit[:4], 0))
    for item in unrated:  # a stream goes on, whether its gifts can be rated or not
        key = (item.row.creator, item.row.region, "stream", item.row.stream)
        ends[key] = max(item.row.quarter, ends.get(key, 0))
    return ends


def _until(rated: Rated, ends: Mapping[tuple[str, ...], int], zones: Mapping[str, Zone], as_of: date, asked: Asked) -> Rated:
    """The gifts up to the end of a day, rated as if nothing had come after them: only what goes on is rated again."""

    def after(creator: str, region: str) -> int:
        return _after(as_of, asked.timezone_of(creator, zones[region]))

    over: list[Credit] = []
    rows = [item.row for item in rated.unrated]  # they too may be the first of something that goes on
    for credit in rated.credits:
        if ends[credit[:4]] < after(credit.creator, credit.region):
            over.append(credit)
        else:
            rows += credit.rows
    early = [row for row in rows if row.quarter < after(row.creator, row.region)]
    if len(early) == len(rows):
        return rated
    again = rate(early, zones, own_share=asked.own_share, own_shares=asked.own_shares, as_of=asked.rates_as_of)
    return Rated((*over, *again.credits), again.unrated)


def _after(day: date, timezone: str) -> int:
    return periods.day_start(day + timedelta(days=1), timezone)


def _by_wallet(credits: Iterable[Credit]) -> dict[tuple[str, str, str], list[Credit]]:
    found: dict[tuple[str, str, str], list[Credit]] = {}
    for credit in credits:
        found.setdefault((credit.creator, credit.region, credit.currency), []).append(credit)
    return found


class _Wallet(NamedTuple):
    """What is known of one account before it is cut into periods."""

    credits: list[Credit]
    so_far: list[Credit]
    unrated: list[Unrated]
    ends: Mapping[tuple[str, ...], int]  # gifts after `as_of` included

    def within(self, period: Period, timezone: str, after: int) -> tuple[tuple[Credit, ...], tuple[Unrated, ...]]:
        """Credits of a period and its unrated gifts; of one that `after` cuts short, what there was by then."""
        start, end = period.quarters(timezone)
        credits = self.credits if end <= after else self.so_far
        return (
            tuple(credit for credit in credits if start <= credit.last < end),
            tuple(item for item in self.unrated if start <= item.row.quarter < min(end, after)),
        )


def _account(key: tuple[str, str, str], zone: Zone, wallet: _Wallet, period: Period, as_of: date, timezone: str) -> Account:
    after = _after(as_of, timezone)
    now, unrated = wallet.within(period, timezone, after)
    before, unrated_before = wallet.within(period.before(), timezone, after)
    start, end = period.quarters(timezone)
    return Account(
        *key,
        timezone,
        zone,
        now,
        before,
        tuple(wallet.so_far),
        tuple(credited_from(credit, wallet.ends[credit[:4]], zone.timezone) for credit in wallet.so_far),
        unrated,
        unrated_before,
        tuple(item for item in wallet.unrated if not start <= item.row.quarter < end and item.row.quarter < after),
        after - 1,
    )


def last_month(rated: Rated, zones: Mapping[str, Zone], asked: Asked) -> Period:
    """The calendar month of the last gift, in the reporting time zone of its creator."""
    gifts = [(credit.creator, credit.region, credit.last) for credit in rated.credits]
    gifts += [(item.row.creator, item.row.region, item.row.quarter) for item in rated.unrated]
    return periods.month_of(
        max(periods.local_day(quarter, asked.timezone_of(creator, zones[region])) for creator, region, quarter in gifts)
    )


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


def shares_of(credits: Iterable[Credit]) -> list[tuple[Range, bool]]:
    """The shares that priced some credits, each once, from low to high; True with those that are the creator's own."""
    found = {(part.share, part.own is not None) for credit in credits for part in credit.parts}
    return sorted(found, key=lambda item: (item[0].low, item[0].high, item[1]))


def share_text(credits: Iterable[Credit]) -> str:
    """The share or shares that priced some credits: `48% (config)`, `0 - 53%; 48% and 50% (config)`."""
    shares = shares_of(credits)
    texts = [" and ".join(percent_text(share) for share, own in shares if own is mine) for mine in (False, True)]
    return "; ".join(text + mark for text, mark in zip(texts, ("", " (config)"), strict=True) if text)


def _refuse_if_nothing_rated(accounts: list[Account], period: Period) -> None:
    missing = [item for account in accounts for item in account.unrated]
    if missing and not any(account.now for account in accounts):
        hint = "choose another period, or rate files that cover it: --rates DIR"
        raise Refusal(Problem("A011", f"nothing in {period.label} can be rated: {missing[0].why.detail}", hint))


def _unrated_warnings(accounts: list[Account]) -> list[str]:
    return [
        *_left_out(
            [item for account in accounts for item in account.unrated],
            "{} left out of the money",
        ),
        *_left_out(
            [item for account in accounts for item in account.unrated_earlier],
            "from outside the period {} left out of what was earned",
        ),
    ]


def _left_out(items: list[Unrated], what: str) -> list[str]:
    reasons: dict[str, list[int]] = {}
    for item in items:
        count = reasons.setdefault(item.why.detail, [0, 0])
        count[0] += item.row.gifts
        count[1] += item.row.coins
    return [
        f"Incomplete: {counted(gifts, 'gift')} ({counted(coins, 'coin')}) {what.format('is' if gifts == 1 else 'are')}: {why}."
        for why, (gifts, coins) in sorted(reasons.items())
    ]


def _long_stream_warnings(accounts: list[Account]) -> list[str]:
    """A name that gifts of several days share is no stream, and would move all of them to the day of the last one."""
    shown: dict[tuple[str, ...], Credit] = {}
    for account in accounts:
        for credit in (*account.until, *account.before, *account.now):  # the whole one after what there was of it by then
            shown[credit[:5]] = credit
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


def _share_warnings(credits: Iterable[Credit]) -> list[str]:
    """Own shares above what is known, and what would settle a share that is known only as a range."""
    above: dict[Range, set[str]] = {}
    open_: dict[str, Reward] = {}
    for credit in credits:
        for part in credit.parts:
            reward = reward_of(part.entry)
            if part.own is None and not part.share.is_exact:
                open_[part.entry.where] = reward
            if part.own is not None and part.share.low > reward.share.percent.high:
                highest = f"{percent_text(Range.of(reward.share.percent.high))} ({part.entry.where})"
                above.setdefault(part.share, set()).add(highest)
    warnings = [
        f"Your share of {percent_text(share)} is above the highest known: {' and '.join(sorted(above[share]))}."
        for share in sorted(above, key=lambda share: share.low)
    ]
    # formats.md section 4: the session page shows the platform's own estimate beside the diamonds.
    return warnings + [
        f"The share is known only as {percent_text(reward.share.percent)} ({where}), so the reward is a range. To settle it, "
        f"open a session in LIVE Center and divide its estimated {reward.currency} by its diamonds x "
        f"{reward.cash_per_diamond}: 0.48 means --share 48."
        for where, reward in sorted(open_.items())
    ]


def show_commands(uses: Iterable[RateUse]) -> list[str]:
    """Commands that show the whole history of the zones in use, each as it can be typed."""
    zones = {use.zone.file: use.zone for use in uses}
    return [_show_command(zones[file]) for file in sorted(zones)]


def _show_command(zone: Zone) -> str:
    words = ["diamondctl", "rates", "show", zone.name]
    if zone.platform != "tiktok":
        words += ["--platform", zone.platform]
    if zone.origin == "user":
        words += ["--rates", zone.file]
    return shlex.join(words)


def stale_warnings(uses: Iterable[RateUse], as_of: date) -> list[str]:
    """One line when rates were last seen to hold long before the figures' date."""
    old = [use for use in uses if use.unverified_days > STALE_DAYS]
    if not old:
        return []
    rates = "1 rate was" if len(old) == 1 else f"{len(old):,} rates were"
    where = "; ".join(show_commands(old))
    return [f"{rates} last seen to hold more than {STALE_DAYS} days before {as_of}. See: {where}"]


def _cut_notes(accounts: list[Account], rated: Rated, period: Period, as_of: date) -> list[str]:
    if as_of >= period.last_day:
        return []
    timezones = {(account.creator, account.region): account.timezone for account in accounts}
    rows: list[Usage] = [row for credit in rated.credits for row in credit.rows] + [item.row for item in rated.unrated]
    late = 0
    for row in rows:
        timezone = timezones[row.creator, row.region]
        if _after(as_of, timezone) <= row.quarter < period.quarters(timezone)[1]:
            late += row.gifts
    left = f": {counted(late, 'later gift')} {'is' if late == 1 else 'are'} left out" if late else ""
    return [f"{period.title} only up to {as_of} (--as-of){left}."]


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
