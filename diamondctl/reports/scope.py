"""What every report begins with: the period, the accounts, which credits fall where, and which rates were used.

A period is what lies between two states of a wallet (`rating.states`): coins, gifts and money where they were sent. There is
one now: `--as-of`, by default today. A period that runs ends now; one that is over, asked for by name, speaks of its own end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.periods import Period
from diamondctl.ratebook.entries import RateEntry, Zone
from diamondctl.rating import wallet
from diamondctl.rating.credits import Credit
from diamondctl.rating.rewards import Person, Rating, without_gifts
from diamondctl.rating.states import in_order
from diamondctl.records import Correction, Document, Record
from diamondctl.reports.completeness import Gaps, gaps, off_texts
from diamondctl.reports.driver import Driver
from diamondctl.reports.remark import MISSING, PERIOD, WALLET, stated
from diamondctl.reports.remarks import (
    basis_notes,
    cross_check_text,
    cut_notes,
    long_stream_warnings,
    mission_warnings,
    nameless_notes,
    notes_on,
    quarter_after,
    regionless_warnings,
    share_warnings,
    unrated_warnings,
    weekly_notes,
)
from diamondctl.reports.values import FILES, Account, Asked, Basis, Home, Origin, RateUse, activity_of
from diamondctl.reports.wallets import grouped, home_before_gifts, with_homes, with_opening
from diamondctl.words import counted


class Scope(NamedTuple):
    """The frame of a report. `as_of` is the day of its wallet; `end` the last day of its period that has been."""

    period: Period
    previous: Period  # only as many of its days as have been of a period that runs
    as_of: date
    asked: Asked
    accounts: tuple[Account, ...]
    documents: tuple[Document, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    origin: Origin = FILES
    end: date = date.min
    nowhere: bool = False  # whether money that was told of is in no account
    gaps: Gaps = Gaps()  # what the period lacks
    driver: tuple[Driver | None] | None = None  # what moved a closed period of one account, as it was sealed
    corrections: tuple[Correction, ...] = ()  # of closed months, that count by its end
    not_corrected: tuple[str, ...] = ()  # how a closed period would come out otherwise now

    @property
    def runs(self) -> bool:
        """Whether the period still goes on."""
        return self.end < self.period.last_day

    @property
    def complete(self) -> bool:
        """False when gifts of the period, or of what was earned by `as_of`, are missing from the money, or seem to be."""
        lacks = self.origin.incomplete or self.origin.regionless or self.gaps.missing
        return not lacks and all(account.complete for account in self.accounts)

    @property
    def exit_code(self) -> int:
        """1 where a closed period would come out otherwise now, 3 where something is missing."""
        return 1 if self.not_corrected else 0 if self.complete else 3

    def uses(self, entries: Iterable[tuple[Zone, RateEntry]]) -> tuple[RateUse, ...]:
        """Entries once each, by place, with how old their last sighting is."""
        homes = {home.zone.file: home.zone for account in self.accounts for home in account.homes}
        found = {
            (entry.file, entry.line): RateUse(entry, homes.get(entry.file, zone), max((self.as_of - entry.verified).days, 0))
            for zone, entry in entries
        }
        return tuple(found[key] for key in sorted(found))


def make_scope(
    rating: Rating,
    documents: Sequence[Document],
    asked: Asked,
    notices: Sequence[str] = (),
    origin: Origin = FILES,
    *,
    about_period: bool = True,
    of_earnings: bool = False,
) -> Scope:
    """Frame a report; `notices` about the files are passed on, and so is what `origin` says of a ledger.

    Without `about_period` nothing is noted of the period itself, because the report does not show it; only one `of_earnings`
    lacks something where a creator has no gift in it.
    """
    people = _people(rating, asked)
    period, previous, as_of, moved = _when(people, asked)
    end = min(as_of, period.last_day)
    accounts = [
        _account(person, currency, timezone, asked.basis, period, previous, as_of)
        for person, timezone in people
        for currency in person.currencies or [""]
    ]
    accounts = [account for account in accounts if account.until or account.unrated or account.unrated_earlier]
    records = [item for item in origin.records if item.day <= as_of and item.sort != "income"]
    accounts += [
        _account(person, currency, timezone, asked.basis, period, previous, as_of)
        for person, timezone, currency in _before_gifts(accounts, records, people, asked, as_of)
    ]
    accounts, homeless = _with_records(with_homes(accounts, asked), records, as_of)
    if asked.opening and not grouped(accounts):
        homeless.append(f"--opening is in no figure: no gift by {as_of} makes a wallet, and {_NO_REGION}.")
    accounts = with_opening(accounts, asked.opening)
    lacks = Gaps(tuple(off_texts(origin.checks, period, end)) if about_period else ())
    if of_earnings:
        lacks = gaps(people, period, previous, end, origin, asked.terms)
    warnings = [
        *lacks.missing,
        *([stated(MISSING, origin.incomplete)] if origin.incomplete else []),
        *regionless_warnings(origin.regionless),
        *map(cross_check_text, origin.cross_checks),
        *(stated(WALLET, text) for text in homeless),
        *(stated(PERIOD, text) for text in origin.rest_on),
        *unrated_warnings(accounts),
        *long_stream_warnings(accounts),
        *share_warnings(credit for account in accounts for credit in (*account.now, *account.before, *account.until)),
        *mission_warnings(accounts),
    ]
    of_period = [*cut_notes(accounts, period, previous, end), *notes_on(accounts, period)] if about_period else []
    of_period += [lacks.remark] if lacks.remark else []
    behind = f"The clock says {asked.today}, and the last gift is of {as_of}: that is taken for today."
    clock = [stated(PERIOD, behind)] if moved else []
    notes = [
        *basis_notes(asked.basis),
        *of_period,
        *clock,
        *nameless_notes(accounts),
        *weekly_notes(accounts),
        *notices,
    ]
    return Scope(
        period, previous, as_of, asked, tuple(accounts), tuple(documents), tuple(warnings), tuple(notes), origin, end,
        nowhere=bool(homeless), gaps=lacks,
    )  # fmt: skip


def first_day(rating: Rating, asked: Asked, records: Iterable[Record]) -> date | None:
    """The earliest day of which a report needs the state before it; None where gifts that were not read would tell."""
    people = _people(rating, asked)
    _, previous, as_of, _ = _when(people, asked)
    if asked.period is None and not _begins(people, as_of):
        return None
    return min(previous.start, as_of, wallet.first_day(records, previous.start) or as_of)


def _people(rating: Rating, asked: Asked) -> list[tuple[Person, str]]:
    return [(person, asked.timezone_of(person.creator, person.zone)) for person in rating.people.values()]


def _when(people: Sequence[tuple[Person, str]], asked: Asked) -> tuple[Period, Period, date, bool]:
    """The period, the one before, the day of the wallet, and whether the clock is behind the last gift.

    A report of a period that is over, asked for by name, speaks of its end, whatever day it is.
    """
    now, moved = _now(people, asked)
    period = asked.period or _last_month(people, now)
    as_of = min(now, period.last_day) if asked.period else now
    return period, _the_same_days(period.before(), period, min(as_of, period.last_day)), as_of, moved


def _now(people: Sequence[tuple[Person, str]], asked: Asked) -> tuple[date, bool]:
    """The one day that is now, and whether the clock is behind the last gift."""
    if asked.as_of is not None:
        return asked.as_of, False
    lasts = (periods.local_day(person.rows[-1].quarter, timezone) for person, timezone in people if person.rows)
    if asked.today == date.max:  # nobody has a clock: the period is over, or the month of the last gift
        return (asked.period or periods.month_of(max(lasts, default=date.min))).last_day, False
    last = max(lasts, default=asked.today)
    return max(asked.today, last), last > asked.today


def _last_month(people: Sequence[tuple[Person, str]], now: date) -> Period:
    """The last calendar month in which a LIVE began, or a gift came that names none, where each creator lives."""
    return periods.month_of(max(_begins(people, now), default=now))


def _begins(people: Sequence[tuple[Person, str]], now: date) -> list[date]:
    """The last day of each person on which a LIVE began, or a gift came that names none, up to now."""
    days = []
    for person, timezone in people:
        cut = quarter_after(now, timezone)
        begins = [rows[0].quarter for rows in person.spans.rows.values()]
        begins += [row.quarter for row in person.rows if not row.stream]
        days += [periods.local_day(max(early), timezone) for early in [[at for at in begins if at < cut]] if early]
    return days


def _the_same_days(previous: Period, period: Period, end: date) -> Period:
    """Of the period before, as many days as have been of one that still runs."""
    if end >= period.last_day or end < period.start:
        return previous
    return previous._replace(end=min(previous.end, previous.start + (end + timedelta(days=1) - period.start)))


_NO_REGION: Final = "no region is known in which it is paid (say it: --region CODE, or config set creators.NAME.region CODE)"


def _before_gifts(
    accounts: Sequence[Account],
    items: Sequence[Record],
    people: Sequence[tuple[Person, str]],
    asked: Asked,
    as_of: date,
) -> list[tuple[Person, str, str]]:
    """The owner without gifts, time zone and currency of each account that holds money by a day but no gift: of records that
    fit no account, and of an opening where there is no wallet.
    """
    told = [(item.creator, item.region, item.currency) for item in items if not any(_fits(item, one) for one in accounts)]
    if asked.opening and not grouped(accounts):
        told += [(creator, "", "") for creator in sorted({person.creator for person, _ in people})]
    found: dict[tuple[str, str, str], Home] = {}
    for creator, region, currency in told:
        place = home_before_gifts(creator, region, currency, asked, as_of)
        if place is not None:
            found.setdefault((creator, place[0].region, place[1]), place[0])
        elif not currency:  # whose wallet the opening is cannot be told without the places of all
            return []
    return [
        (without_gifts(creator, region, home.zone), asked.timezone_of(creator, home.zone), currency)
        for (creator, region, currency), home in sorted(found.items(), key=lambda item: item[0])
    ]


def _fits(item: Record, account: Account) -> bool:
    """Whether it is of that account, or names no region and is of its wallet."""
    mine = (account.creator, account.currency) == (item.creator, item.currency)
    return mine and item.region in ("", account.region)


def _with_records(accounts: list[Account], items: Sequence[Record], as_of: date) -> tuple[list[Account], list[str]]:
    """Each record with the account it fits, or with the wallet where that has several; a warning for those that fit none."""
    mine: dict[tuple[str, str, str], list[Record]] = {}
    shared: dict[tuple[str, str, str], list[Record]] = {}
    homeless: dict[tuple[str, str], list[Record]] = {}
    for item in items:
        fitting = [account.key for account in accounts if _fits(item, account)]
        if not fitting:
            homeless.setdefault((item.creator, item.currency), []).append(item)
        else:
            (mine if len(fitting) == 1 else shared).setdefault(fitting[0], []).append(item)
    there = {account.creator for account in accounts}
    told = []
    for (creator, currency), left in sorted(homeless.items()):
        sorts = {item.sort for item in left}
        noun = _NOUNS[sorts.pop()] if len(sorts) == 1 else "record"
        what, are = f"{counted(len(left), noun)} of {creator} in {currency}", "is" if len(left) == 1 else "are"
        unknown = sorted({account.region for account in accounts if account.creator == creator and not account.zone.covered})
        if unknown and not any(account.currency for account in accounts if account.creator == creator):
            told.append(f"{what} {are} in no wallet: no rate is known for {' and '.join(unknown)}.")
        elif creator in there:
            told.append(f"{what} belong{'s' if len(left) == 1 else ''} to no account with gifts and {are} in no figure.")
        else:
            told.append(f"{what} {are} in no figure: by {as_of} no gift of {creator} has come, and {_NO_REGION}.")
    changed = [
        account._replace(recorded=tuple(mine.get(account.key, ())), of_wallet=tuple(shared.get(account.key, ())))
        for account in accounts
    ]
    return changed, told


_NOUNS: Final = {"adjustment": "adjustment", "payout": "payout", "balance": "observed balance", "credit": "recorded credit"}


def _account(
    person: Person, currency: str, timezone: str, basis: Basis, period: Period, previous: Period, as_of: date
) -> Account:
    after = quarter_after(as_of, timezone)
    span, span_before = (
        (start, max(start, min(end, after))) for start, end in (which.quarters(timezone) for which in (period, previous))
    )
    mine = currency in ("", *person.currencies[:1])  # unrated gifts stand with the first account
    unrated = person.unrated if mine else []
    return Account(
        creator=person.creator,
        region=person.region,
        currency=currency,
        timezone=timezone,
        zone=person.zone,
        person=person,
        basis=basis,
        span=span,
        span_before=span_before,
        now=activity_of(person, currency, span, "earned"),
        before=activity_of(person, currency, span_before, "earned"),
        until=in_order(credit for key, credit in person.at(after).items() if key[0] == currency),
        unrated=tuple(item for item in unrated if span[0] <= item.row.quarter < span[1]),
        unrated_before=tuple(item for item in unrated if span_before[0] <= item.row.quarter < span_before[1]),
        unrated_earlier=tuple(
            item for item in unrated if not span[0] <= item.row.quarter < span[1] and item.row.quarter < after
        ),
        as_of_quarter=after - 1,
        since=previous.start,
    )


def entries_of(credits: Iterable[Credit]) -> list[RateEntry]:
    """Reward and settlement entries that price some credits, once each."""
    found: dict[tuple[str, int], RateEntry] = {}
    for credit in credits:
        for entry in (credit.settlement, *(part.entry for part in credit.parts)):
            found[entry.file, entry.line] = entry
    return list(found.values())
