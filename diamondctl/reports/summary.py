"""The summary of a period: streams, gifts, diamonds, gift value, reward, their change, and what the minimum says.

Everything that is rated belongs to the period of its credit (design.md section 4), gifts and diamonds included, so that
the lines of one table speak of the same gifts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from diamondctl import periods
from diamondctl.money import ZERO, Range, exact, percent_change, total
from diamondctl.periods import Period
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook.entries import NotKnown, RateEntry, Zone, look_up, weakest
from diamondctl.rating.rewards import Credit, Rated, Unrated, reward_of
from diamondctl.rating.thresholds import MinimumCheck, check_minimums
from diamondctl.records import Document

STALE_DAYS = 180


class Line(NamedTuple):
    """One figure of the period beside the one before. `now` and `before` are None where the sources do not say."""

    key: str
    label: str
    unit: str  # count | diamonds | a currency
    now: Range | None
    before: Range | None
    change: Decimal | None  # percent; None: nothing before, or not known because an end is open
    provenance: str  # imported | rated | config
    confidence: str  # of the weakest rate used; blank for imported figures
    note: str = ""


class Earned(NamedTuple):
    """What was earned in the files up to a day, and how it compares with the minimum. A file knows no payouts."""

    as_of: date
    reward: Range
    minimums: tuple[MinimumCheck, ...]


class Account(NamedTuple):
    """One creator's wallet: one region, one currency."""

    creator: str
    region: str
    currency: str  # blank when nothing could be rated
    timezone: str
    zone: Zone
    lines: tuple[Line, ...]
    earned: Earned
    gifts_before: int
    unrated_gifts: int
    unrated_coins: int

    def line(self, key: str) -> Line:
        """The line with that key."""
        return next(line for line in self.lines if line.key == key)


class RateUse(NamedTuple):
    """An entry that the figures rest on, and how long before their date it was last seen to hold."""

    entry: RateEntry
    zone: Zone
    unverified_days: int  # from `verified` to the date of the figures; 0 when verified later


class Summary(NamedTuple):
    """The whole report. `complete` is False when gifts of the period are missing from the money."""

    period: Period
    previous: Period
    accounts: tuple[Account, ...]
    totals: tuple[tuple[str, Range, Range], ...]  # currency, gift value, reward; when there are several accounts
    rates: tuple[RateUse, ...]
    documents: tuple[Document, ...]
    own_share: Decimal | None
    rates_as_of: date | None
    complete: bool
    warnings: tuple[str, ...]
    notes: tuple[str, ...]


class Asked(NamedTuple):
    """What the person asked for. `timezone` blank: each rate file's own; `period` None: the last month with data."""

    period: Period | None = None
    as_of: date | None = None
    timezone: str = ""
    own_share: Decimal | None = None
    rates_as_of: date | None = None


Key = tuple[str, str, str]  # creator, region, currency


def summarise(
    rated: Rated,
    zones: Mapping[str, Zone],
    documents: Sequence[Document],
    asked: Asked,
    *,
    notices: Sequence[str] = (),
) -> Summary:
    """Make the summary; `notices` about the files are passed on.

    Refuses (A011) when the period holds gifts and none of them can be rated.
    """
    period = asked.period or last_month(rated, zones, asked.timezone)
    previous = period.before()
    as_of = asked.as_of or period.last_day
    keys = sorted({(c.creator, c.region, c.currency) for c in rated.credits})
    rated_people = {(creator, region) for creator, region, _ in keys}
    alone = {(u.row.creator, u.row.region, "") for u in rated.unrated}
    keys = sorted(keys + [key for key in alone if key[:2] not in rated_people])
    by_key: dict[Key, list[Credit]] = {}
    for credit in rated.credits:
        by_key.setdefault((credit.creator, credit.region, credit.currency), []).append(credit)
    by_person: dict[tuple[str, str], list[Unrated]] = {}
    for item in rated.unrated:
        by_person.setdefault((item.row.creator, item.row.region), []).append(item)

    accounts: list[Account] = []
    uses: dict[tuple[str, int], RateUse] = {}
    inside: list[Unrated] = []
    for key in keys:
        creator, region, currency = key
        zone = zones[region]
        timezone = asked.timezone or zone.timezone
        now = _within(by_key.get(key, []), period, timezone)
        before = _within(by_key.get(key, []), previous, timezone)
        missing = _unrated_within(by_person.pop((creator, region), []), period, timezone)
        inside += missing
        earned = [credit for credit in by_key.get(key, []) if credit.last < _after(as_of, timezone)]
        minimum = look_up(zone, "minimum_payout", _after(as_of, timezone) - 1, asked.rates_as_of)
        checks = _minimum_checks(minimum, earned, currency)
        for entry in _entries(now + before + earned) + [check.entry for check in checks]:
            uses.setdefault((entry.file, entry.line), RateUse(entry, zone, max((as_of - entry.verified).days, 0)))
        accounts.append(
            Account(
                creator,
                region,
                currency,
                timezone,
                zone,
                _lines(now, before, missing, currency, asked.own_share),
                Earned(as_of, total(credit.reward for credit in earned), checks),
                sum(row.gifts for credit in before for row in credit.rows),
                sum(item.row.gifts for item in missing),
                sum(item.row.coins for item in missing),
            )
        )
    _refuse_if_nothing_rated(accounts, inside, period)
    warnings = [
        *_unrated_warnings(inside),
        *_share_warnings(rated.credits, asked.own_share),
        *_stale_warnings(uses.values(), as_of),
    ]
    return Summary(
        period,
        previous,
        tuple(accounts),
        _totals(accounts),
        tuple(uses[key] for key in sorted(uses)),
        tuple(documents),
        asked.own_share,
        asked.rates_as_of,
        not inside,
        tuple(warnings),
        (*_notes(accounts, rated, period), *notices),
    )


def last_month(rated: Rated, zones: Mapping[str, Zone], timezone: str) -> Period:
    """The calendar month of the last gift, in the reporting time zone."""
    days = [periods.local_day(credit.last, timezone or zones[credit.region].timezone) for credit in rated.credits]
    days += [periods.local_day(u.row.quarter, timezone or zones[u.row.region].timezone) for u in rated.unrated]
    return periods.month_of(max(days))


def _after(day: date, timezone: str) -> int:
    return periods.days(day, date.fromordinal(day.toordinal() + 1)).quarters(timezone)[1]


def _within(credits: Iterable[Credit], period: Period, timezone: str) -> list[Credit]:
    start, end = period.quarters(timezone)
    return [credit for credit in credits if start <= credit.last < end]


def _unrated_within(items: Iterable[Unrated], period: Period, timezone: str) -> list[Unrated]:
    start, end = period.quarters(timezone)
    return [item for item in items if start <= item.row.quarter < end]


def _entries(credits: Iterable[Credit]) -> list[RateEntry]:
    found: dict[tuple[str, int], RateEntry] = {}
    for credit in credits:
        for entry in (credit.settlement, *(part.entry for part in credit.parts)):
            found[entry.file, entry.line] = entry
    return list(found.values())


def _minimum_checks(minimum: RateEntry | NotKnown, earned: list[Credit], currency: str) -> tuple[MinimumCheck, ...]:
    if isinstance(minimum, NotKnown) or not currency:
        return ()
    with exact():
        diamonds = sum((credit.diamonds for credit in earned), Decimal(0))
    return check_minimums(minimum, total(credit.reward for credit in earned), currency, diamonds)


def _lines(
    now: list[Credit], before: list[Credit], missing: list[Unrated], currency: str, own_share: Decimal | None
) -> tuple[Line, ...]:
    used = _entries(now + before)
    settled = weakest([entry.confidence for entry in used]) if used else ""
    # Diamonds and gift value rest on the reward entry alone; the reward is also rounded by the settlement.
    confidence = weakest([entry.confidence for entry in used if entry.rate == "reward"]) if used else ""
    lines = []
    days = [sum(1 for credit in credits if not _names(credit)) for credits in (now, before)]
    streams = [len({name for credit in credits for name in _names(credit)}) for credits in (now, before)]
    if any(streams) or not any(days):
        lines.append(_line("streams", "Streams", "count", Range.of(streams[0]), _some(before, streams[1]), "imported"))
    if any(days):
        label = "Days without a stream name" if any(streams) else "Days with gifts"
        lines.append(_line("days", label, "count", Range.of(days[0]), _some(before, days[1]), "imported"))
    unrated_gifts = sum(item.row.gifts for item in missing)
    gifts = sum(row.gifts for credit in now for row in credit.rows) + unrated_gifts
    gifts_before = sum(row.gifts for credit in before for row in credit.rows)
    coins = sum(row.coins for credit in now for row in credit.rows) + sum(item.row.coins for item in missing)
    coins_before = sum(row.coins for credit in before for row in credit.rows)
    note = f"{unrated_gifts:,} of them unrated" if unrated_gifts else ""
    lines.append(_line("gifts", "Gifts", "count", Range.of(gifts), _some(before, gifts_before), "imported", note=note))
    lines.append(_line("coins", "Coins", "count", Range.of(coins), _some(before, coins_before), "imported"))
    if not currency:
        return tuple(lines)
    with exact():
        diamonds = [sum((c.diamonds for c in credits), Decimal(0)) for credits in (now, before)]
        values = [sum((c.gift_value for c in credits), Decimal(0)) for credits in (now, before)]
    rewards = [total(credit.reward for credit in credits) for credits in (now, before)]
    share = _share_note(now or before, own_share)
    lines += [
        _line("diamonds", "Diamonds", "diamonds", Range.of(diamonds[0]), _some(before, diamonds[1]), "rated", confidence),
        _line("gift_value", "Gift value", currency, Range.of(values[0]), _some(before, values[1]), "rated", confidence),
        _line("reward", "Your reward", currency, rewards[0], rewards[1] if before else None, "rated", settled, share),
    ]
    return tuple(lines)


def _names(credit: Credit) -> set[str]:
    return {row.stream for row in credit.rows if row.stream}


def _some(before: list[Credit], number: Decimal | int) -> Range | None:
    return Range.of(number) if before else None


def _line(
    key: str,
    label: str,
    unit: str,
    now: Range,
    before: Range | None,
    provenance: str,
    confidence: str = "",
    note: str = "",
) -> Line:
    change = None
    if before is not None and now.is_exact and before.is_exact:
        change = percent_change(now.low, before.low)
    return Line(key, label, unit, now, before, change, provenance, confidence, note)


def percent_text(share: Range) -> str:
    """`48%` or `0 - 53%`."""
    if share.is_exact:
        return f"{share.low.normalize():f}%"
    return f"{share.low.normalize():f} - {share.high.normalize():f}%"


def _share_note(credits: list[Credit], own_share: Decimal | None) -> str:
    if own_share is not None:
        return f"share {percent_text(Range.of(own_share))} (config)"
    shares = {reward_of(part.entry).share.percent for credit in credits for part in credit.parts}
    return "share " + " and ".join(percent_text(share) for share in sorted(shares, key=lambda s: (s.low, s.high)))


def _totals(accounts: list[Account]) -> tuple[tuple[str, Range, Range], ...]:
    if len(accounts) < 2:
        return ()
    totals = []
    for currency in sorted({account.currency for account in accounts if account.currency}):
        mine = [account for account in accounts if account.currency == currency]
        value = total(account.line("gift_value").now or ZERO for account in mine)
        reward = total(account.line("reward").now or ZERO for account in mine)
        totals.append((currency, value, reward))
    return tuple(totals)


def _refuse_if_nothing_rated(accounts: list[Account], inside: list[Unrated], period: Period) -> None:
    rated = sum((line.now or ZERO).low for account in accounts for line in account.lines if line.key == "gifts")
    if inside and rated == sum(item.row.gifts for item in inside):
        why = inside[0].why.detail
        hint = "choose a later period, or add an entry of your own: --rates DIR"
        raise Refusal(Problem("A011", f"nothing in {period.label} can be rated: {why}", hint))


def _unrated_warnings(inside: list[Unrated]) -> list[str]:
    reasons: dict[str, list[int]] = {}
    for item in inside:
        count = reasons.setdefault(item.why.detail, [0, 0])
        count[0] += item.row.gifts
        count[1] += item.row.coins
    return [
        f"Incomplete: {gifts:,} gifts ({coins:,} coins) are left out of the money: {why}."
        for why, (gifts, coins) in sorted(reasons.items())
    ]


def _share_warnings(credits: Iterable[Credit], own_share: Decimal | None) -> list[str]:
    entries = {part.entry.where: part.entry for credit in credits for part in credit.parts}
    rewards = {where: reward_of(entry) for where, entry in sorted(entries.items())}
    shares = {where: reward.share for where, reward in rewards.items()}
    if own_share is not None:
        above = [where for where, share in shares.items() if own_share > share.percent.high]
        if not above:
            return []
        known = " and ".join(f"{percent_text(Range.of(shares[where].percent.high))} ({where})" for where in above)
        return [f"Your share of {percent_text(Range.of(own_share))} is above the highest known: {known}."]
    warnings = []
    for where, reward in rewards.items():
        if not reward.share.percent.is_exact:
            # formats.md section 4: the session page shows the platform's own estimate beside the diamonds.
            warnings.append(
                f"The share is known only as {percent_text(reward.share.percent)} ({where}), so the reward is a range. To "
                f"settle it, open a session in LIVE Center and divide its estimated {reward.currency} by its diamonds x "
                f"{reward.cash_per_diamond}: 0.48 means --share 48."
            )
    return warnings


def _stale_warnings(uses: Iterable[RateUse], as_of: date) -> list[str]:
    old = sum(1 for use in uses if use.unverified_days > STALE_DAYS)
    if not old:
        return []
    rates = "1 rate was" if old == 1 else f"{old} rates were"
    return [f"{rates} last seen to hold more than {STALE_DAYS} days before {as_of}: see 'Seen to hold'."]


def _notes(accounts: list[Account], rated: Rated, period: Period) -> list[str]:
    notes = []
    if any(credit.unit == "day" and not _names(credit) for credit in rated.credits):
        zones = sorted({account.zone.timezone for account in accounts})
        notes.append(f"Gifts that name no stream are credited, and rounded, once a day in {' and '.join(zones)} time.")
    starts = {(a.creator, a.region, a.currency): period.quarters(a.timezone) for a in accounts}
    crossing = 0
    for credit in rated.credits:
        start, end = starts[credit.creator, credit.region, credit.currency]
        crossing += credit.rows[0].quarter < start <= credit.last < end
    if crossing:
        notes.append(f"{crossing:,} credits began before the period and ended in it; they count in it whole.")
    if not any((line.now or ZERO).low for account in accounts for line in account.lines if line.key == "gifts"):
        notes.append(f"No gifts in {period.label}.")
    return notes
