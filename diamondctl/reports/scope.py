"""What every report begins with: the period, the accounts, which credits fall where, and which rates were used.

Everything that is rated belongs to the period of its credit, gifts and diamonds included, so that
the lines of one table speak of the same gifts.

What was earned by `as_of` is another matter: gifts up to that day are rated as if nothing had come after them, so a stream,
week or month that goes on has a credit-so-far, pending until all of it is credited. A period that `as_of` cuts short has the
figures of these credits too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from diamondctl import periods
from diamondctl.periods import Period
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook.entries import RateEntry, Zone
from diamondctl.rating import weekly
from diamondctl.rating.credits import WEEKLY, Credit, Rated, Unrated, by_time, credited_from
from diamondctl.rating.rewards import rate
from diamondctl.records import Adjustment, Document
from diamondctl.reports.remarks import (
    cross_check_text,
    cut_notes,
    long_stream_warnings,
    mission_warnings,
    nameless_notes,
    notes_on,
    quarter_after,
    share_warnings,
    unrated_warnings,
    weekly_notes,
)
from diamondctl.reports.values import FILES, Account, Asked, Origin, RateUse
from diamondctl.words import counted


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
    *,
    about_period: bool = True,
) -> Scope:
    """Frame a report; `notices` about the files are passed on, and so is what `origin` says of a ledger.

    `past` are credits of streams that were over, and credited, before the period before and before `as_of`; they are not
    among the `rated` ones. Without `about_period` nothing is noted of the period itself, because the report does not show it.

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
        *map(cross_check_text, origin.cross_checks),
        *homeless,
        *origin.rest_on,
        *unrated_warnings(accounts),
        *long_stream_warnings(accounts),
        *share_warnings(credit for account in accounts for credit in (*account.now, *account.before, *account.until)),
        *mission_warnings(accounts),
    ]
    of_period = [*cut_notes(accounts, rated, period, as_of), *notes_on(accounts, period)] if about_period else []
    notes = [*of_period, *nameless_notes(accounts, rated), *weekly_notes(accounts), *notices]
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
        return quarter_after(as_of, asked.timezone_of(creator, zones[region]))

    over: list[Credit] = []
    rows = [item.row for item in rated.unrated]  # they too may be the first of something that goes on
    for credit in rated.credits:
        if credit.unit == WEEKLY:  # it follows from the others
            continue
        if ends[credit[:4]] < after(credit.creator, credit.region):
            over.append(credit)
        else:
            rows += credit.rows
    early = [row for row in rows if row.quarter < after(row.creator, row.region)]
    if len(early) == len(rows):
        return rated
    again = rate(
        early, zones, own_share=asked.own_share, own_shares=asked.own_shares, as_of=asked.rates_as_of, facts=asked.facts
    )
    credits = [*over, *(credit for credit in again.credits if credit.unit != WEEKLY)]
    credits += weekly.credits_of(credits, zones, asked.facts)
    return Rated(tuple(sorted(credits, key=by_time)), again.unrated)


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
    after = quarter_after(as_of, timezone)
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
        tuple(credited_from(credit, wallet.ends.get(credit[:4], credit.last), zone.timezone) for credit in wallet.so_far),
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


def _refuse_if_nothing_rated(accounts: list[Account], period: Period) -> None:
    missing = [item for account in accounts for item in account.unrated]
    if missing and not any(account.now for account in accounts):
        hint = "choose another period, or rate files that cover it: --rates DIR"
        raise Refusal(Problem("A011", f"nothing in {period.label} can be rated: {missing[0].why.detail}", hint))
