"""Where a reward comes from: the credits of a period, and one stream with its missions, its credits and its gifts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from diamondctl import periods
from diamondctl.money import Range, exact, hull, percent_of, total
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook.entries import NO_BANDS, Bands, Missions, RateEntry, Zone
from diamondctl.rating.credits import WEEKLY, Credit, Part, part_at, reward_of
from diamondctl.rating.missions import Built, Interval, Term, points
from diamondctl.rating.weekly import before_limit, limit_of, monday_of, paid_on
from diamondctl.records import Usage
from diamondctl.reports import remarks
from diamondctl.reports import scope as frame
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import Account, RateUse


class Next(NamedTuple):
    """What the next band of a mission would have paid."""

    at_least: int
    points: Range
    more: Range  # money, exact and not rounded


class Mission(NamedTuple):
    """One addend of a share."""

    name: str
    fact: str  # what is known, in words
    source: str
    points: Range
    next: Next | None


class Paid(NamedTuple):
    """A share with its addends, and the money it makes of a gift value: exact, not rounded."""

    entry: RateEntry
    gift_value: Decimal
    missions: tuple[Mission, ...]
    cap: Decimal | None  # None: the share is no matter of missions
    share: Range
    own: bool
    money: Range

    @property
    def nominal(self) -> Range:
        """The gift value, with what it rests on."""
        return Range.of(self.gift_value).on(self.entry.confidence)


class Booking(NamedTuple):
    """A credit that a stream went into."""

    credit: Credit  # all of it
    credited: date
    pending: bool
    part: Range  # of this stream in it: exact, not rounded


class GiftRow(NamedTuple):
    """One gift of a stream and where it stands."""

    place: str  # file:line, and how often it stands elsewhere
    time: str  # UTC
    gift: str
    coins: int
    quantity: int


class StreamReport(NamedTuple):
    """One stream."""

    scope: Scope
    account: Account
    stream: str
    first: int  # quarter
    last: int
    gifts: int
    coins: int
    diamonds: Decimal | None  # None: no rate is known for any of its gifts
    with_stream: tuple[Paid, ...]
    with_week: tuple[Paid, ...]
    bookings: tuple[Booking, ...]
    rows: tuple[GiftRow, ...]
    more_rows: int
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]


class CreditLine(NamedTuple):
    """One credit of a period."""

    credit: Credit
    credited: date
    pending: bool
    coins: int
    share: Range
    points: str  # its missions in short


class RewardAccount(NamedTuple):
    """One account's credits; the reward is their sum."""

    account: Account
    lines: tuple[CreditLine, ...]
    reward: Range


class RewardReport(NamedTuple):
    """The credits of a period."""

    scope: Scope
    accounts: tuple[RewardAccount, ...]
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]


def reward(scope: Scope) -> RewardReport:
    """Every credit of the period."""
    accounts = []
    used: list[tuple[Zone, RateEntry]] = []
    for account in scope.accounts:
        lines = []
        credits = account.money(account.span)
        for credit in credits:
            lines.append(
                CreditLine(
                    credit,
                    remarks.booked_day(credit, account),
                    credit.booked > account.as_of_quarter,
                    sum(row.coins for row in credit.rows),
                    hull(part.share for part in credit.parts),
                    "; ".join(_short(part.built) for part in credit.parts if part.built is not None),
                )
            )
        accounts.append(RewardAccount(account, tuple(lines), total(credit.reward for credit in credits).ordered))
        used += [(account.zone, entry) for entry in frame.entries_of(credits)]
    uses = scope.uses(used)
    return RewardReport(scope, tuple(accounts), uses, (*scope.warnings, *remarks.stale_warnings(uses, scope.as_of)))


def _short(built: Built) -> str:
    """`38 + 0-2 - 0-20`: points in the order of the missions."""
    texts = []
    for term in built.terms:
        low, high = term.points.low, term.points.high
        if term.name == "scheme":
            texts.append(f"{'' if term.fact else 'or '}{remarks.number_text(built.flat or Decimal(0))} flat")
            continue
        sign = "-" if high <= 0 and low < 0 else "+"
        if low < 0 or high < 0:
            low, high = -high, -low
        text = remarks.number_text(low) if low == high else f"{remarks.number_text(low)}-{remarks.number_text(high)}"
        texts.append(f"{sign} {text}")
    return " ".join(texts).removeprefix("+ ")


def find_stream(scope: Scope, wanted: str, quarter: int | None) -> tuple[Account, str]:
    """The stream with this id, or that went on at this time; refuses none (A020) and several (A020)."""
    fits: dict[tuple[str, str, str], tuple[Account, str]] = {}
    near: list[str] = []
    for account in scope.accounts:
        for rows in (*(credit.rows for credit in account.until), *_unrated_days(account)):
            for stream in sorted({row.stream for row in rows}):
                if (stream and stream == wanted) or (quarter is not None and _spans(rows, stream, quarter)):
                    fits[account.creator, account.region, stream] = (account, stream)
                near.append(stream)
    if len(fits) == 1:
        return next(iter(fits.values()))
    if not fits:
        named = [name for name in dict.fromkeys(near) if name][-3:]
        hint = f"streams are named such as {', '.join(named)}" if named else "give a time at which a gift was sent"
        raise Refusal(Problem("A020", f"no stream '{wanted}' among these gifts", hint))
    several = list(fits.values())
    names = ", ".join(f"{stream or '(no name)'} of {account.creator} in {account.region}" for account, stream in several[:3])
    ways = ["--creator NAME"] if len({account.creator for account, _ in several}) > 1 else []
    ways += ["its id"] if len({name for _, name in several}) > 1 else []
    hint = "choose one by " + " or ".join([*ways, "a time at which only it had gifts"])
    raise Refusal(Problem("A020", f"several streams go by '{wanted}': {names}", hint))


def _unrated_days(account: Account) -> list[list[Usage]]:
    """Gifts that no rate covers: those of a stream together, those that name none by day."""
    groups: dict[tuple[str, date], list[Usage]] = {}
    for item in (*account.unrated, *account.unrated_earlier):
        row = item.row
        day = date.min if row.stream else periods.local_day(row.quarter, account.timezone)
        groups.setdefault((row.stream, day), []).append(row)
    return list(groups.values())


def _spans(rows: Iterable[Usage], name: str, quarter: int) -> bool:
    """Whether a quarter lies between the first and the last gift of a stream (blank: that name none) among some rows."""
    mine = [row.quarter for row in rows if row.stream == name]
    return bool(mine) and min(mine) <= quarter <= max(mine)


def stream(scope: Scope, account: Account, name: str, quarter: int | None, rows: Sequence[GiftRow], shown: int) -> StreamReport:
    """Everything about one stream. `rows` are its gifts; `shown` of them go into the report, 0 is all."""

    def meant(rows: Iterable[Usage]) -> bool:
        rows = list(rows)
        return any(row.stream == name for row in rows) and bool(name or quarter is None or _spans(rows, name, quarter))

    whole = [credit for credit in account.until if meant(credit.rows)]
    bookings: list[Booking] = []
    with_stream: list[Paid] = []
    with_week: list[Paid] = []
    with exact():
        mine = [_only(credit, name) for credit in whole]
        usage = [row for credit in mine for row in credit.rows]
        usage += [row for day in _unrated_days(account) if meant(day) for row in day]
        slices = _by_week(mine, account.zone.timezone)
        weekly = [credit for credit in account.until if credit.unit == WEEKLY and credit.name in slices]
        for credit, all_of_it in zip(mine, whole, strict=True):
            ours = [_of_part(part) for part in credit.parts]
            with_stream += ours
            part = total(built.money for built in ours)
            bookings.append(_booking(all_of_it, account, part))
        for credit in weekly:
            ours = _of_week(credit, slices[credit.name])
            with_week += ours
            part = total(built.money for built in ours)
            bookings.append(_booking(credit, account, part))
        diamonds = sum((credit.diamonds for credit in mine), Decimal(0)) if mine else None
    used = [(account.zone, entry) for entry in frame.entries_of([*mine, *weekly])]
    uses = scope.uses(used)
    few = tuple(rows[:shown] if shown else rows)
    return StreamReport(
        scope, account, name, min(row.quarter for row in usage), max(row.quarter for row in usage),
        sum(row.gifts for row in usage), sum(row.coins for row in usage), diamonds, tuple(with_stream), tuple(with_week),
        tuple(bookings), few, len(rows) - len(few), uses, (*scope.warnings, *remarks.stale_warnings(uses, scope.as_of)),
    )  # fmt: skip


def _only(credit: Credit, name: str) -> Credit:
    """What one stream has of a credit: exact, not rounded. Call inside `exact()`."""
    rows = tuple(row for row in credit.rows if row.stream == name)
    if rows == credit.rows:
        return credit
    parts = []
    for part in credit.parts:
        mine = [row.coins for row in rows if part_at(credit, row.quarter) is part]
        if mine:
            diamonds = sum(mine) * reward_of(part.entry).diamonds_per_coin
            value = diamonds * reward_of(part.entry).cash_per_diamond
            money = part.reward.but(percent_of(value, part.share.low), percent_of(value, part.share.high))
            parts.append(part._replace(coins=sum(mine), diamonds=diamonds, gift_value=value, reward=money))
    all_diamonds = sum((part.diamonds for part in parts), Decimal(0))
    return credit._replace(rows=rows, parts=tuple(parts), diamonds=all_diamonds)


def _booking(credit: Credit, account: Account, part: Range) -> Booking:
    pending = credit.booked > account.as_of_quarter
    return Booking(credit, remarks.booked_day(credit, account), pending, part)


# Gift value of some gifts by Monday of their week and by place of their entry: exact.
_Values = dict[str, dict[str, Decimal]]


def _by_week(credits: Iterable[Credit], timezone: str) -> _Values:
    """The gift value of some credits under shares that are built from missions. Call inside `exact()`."""
    weeks: _Values = {}
    for credit in credits:
        for row in credit.rows:
            part = part_at(credit, row.quarter)
            if part.built is not None:
                reward = reward_of(part.entry)
                value = row.coins * reward.diamonds_per_coin * reward.cash_per_diamond
                of = weeks.setdefault(str(monday_of(row.quarter, timezone)), {})
                of[part.entry.where] = of.get(part.entry.where, Decimal(0)) + value
    return weeks


def _of_part(part: Part) -> Paid:
    rules = reward_of(part.entry).share.missions
    if part.built is None or rules is None:
        return Paid(part.entry, part.gift_value, (), None, part.share, part.own is not None, part.reward)
    missions = tuple(_mission(part, rules, term, part.gift_value, rules.stream_cap, None) for term in part.built.terms)
    return Paid(part.entry, part.gift_value, missions, part.built.cap, part.share, False, part.reward)


def _of_week(credit: Credit, mine: dict[str, Decimal]) -> list[Paid]:
    """What a weekly credit pays on some of the gifts of its week."""
    paid = []
    for part in credit.parts:
        rules = reward_of(part.entry).share.missions
        value = mine.get(part.entry.where, Decimal(0))
        if part.built is None or rules is None or not value:
            continue
        left = _left_below_limit(credit, part, value)
        missions = tuple(_mission(part, rules, term, value, rules.week_cap, left) for term in part.built.terms)
        money = paid_on(credit, part, value)
        paid.append(Paid(part.entry, value, missions, part.built.cap, part.share, False, money))
    return paid


def _left_below_limit(credit: Credit, part: Part, value: Decimal) -> Range | None:
    """What more a limited weekly credit could pay on some of the gift value of a part; None: it has no limit."""
    limit = limit_of(credit.parts)
    if limit is None:
        return None
    paid = before_limit(credit.parts)
    ends = (
        Fraction(max(limit - end, Decimal(0))) * Fraction(value) / Fraction(part.gift_value) for end in (paid.low, paid.high)
    )
    return paid.but(*(Decimal(int(end * 10**6)).scaleb(-6) for end in ends))


def _mission(part: Part, rules: Missions, term: Term, value: Decimal, cap: Decimal, left: Range | None) -> Mission:
    bands, unit = {
        "minutes live": (rules.duration, 60),
        "new followers": (rules.new_followers, 1),
        "valid days": (rules.valid_days, 1),
        "active fans": (rules.active_fans, 1),
    }.get(term.name, (NO_BANDS, 1))
    fact, source = _fact_text(term, unit)
    following = _next(bands, unit, term, cap) if isinstance(term.fact, Interval) else None
    after = None
    if following is not None:
        terms = part.built.terms if part.built is not None else ()
        others = [item.points for item in terms if item is not term and item.name not in ("penalty", "scheme")]
        limits = (None, None) if left is None else (left.low, left.high)
        ends = []
        for now, then, rest, most in (
            (term.points.low, following[1].low, sum((item.low for item in others), Decimal(0)), limits[0]),
            (term.points.high, following[1].high, sum((item.high for item in others), Decimal(0)), limits[1]),
        ):
            more = percent_of(value, min(rest + then, cap) - min(rest + now, cap))
            ends.append(more if most is None else min(more, most))
        after = Next(*following, part.reward.but(max(min(ends), Decimal(0)), max(*ends, Decimal(0))))
    return Mission(term.name, fact, source, term.points, after)


def _next(bands: Bands, unit: int, term: Term, cap: Decimal) -> tuple[int, Range] | None:
    """The first band above an exactly known number."""
    fact = term.fact
    if not isinstance(fact, Interval) or not fact.is_exact:
        return None
    for band in bands.bands:
        if band.at_least * unit > fact.low:
            return band.at_least, points(bands, Interval(band.at_least * unit, band.at_least * unit), unit, cap)
    return None


def _fact_text(term: Term, unit: int) -> tuple[str, str]:
    fact = term.fact
    if fact is None:
        return "not known", ""
    if isinstance(fact, str):
        return fact, term.source
    low = fact.low // unit
    if fact.is_exact:
        return f"{low:,}", fact.source
    if fact.high is not None:
        return f"{low:,} to {-(-fact.high // unit):,}", fact.source
    return (f"at least {low:,}", fact.source) if fact.low else ("not known", "")
