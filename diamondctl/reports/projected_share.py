"""What a coin of the future is worth: the rules in force at its beginning, and a share that is built from missions as the
creator's own streams of the last weeks would have it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.money import MINOR_UNITS, Range
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook.entries import NotKnown, RateEntry, look_up
from diamondctl.ratebook.missions import Missions
from diamondctl.rating.credits import OwnShare, reward_of, rule_of
from diamondctl.rating.known import Span, stream_facts, week_facts
from diamondctl.rating.missions import of_stream, of_week
from diamondctl.rating.rewards import OwnShares
from diamondctl.rating.weekly import monday_of
from diamondctl.records import Usage
from diamondctl.reports import remarks
from diamondctl.reports.projection import EPOCH
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import Account

RECENT_WEEKS: Final = 13  # of streams whose missions stand for those to come


def rows_of(account: Account) -> list[Usage]:
    """All gifts of an account up to `as_of`, those included that no rate covers."""
    rows = [row for credit in account.until for row in credit.rows]
    return sorted([*rows, *(item.row for item in (*account.unrated, *account.unrated_earlier))])


class Priced(NamedTuple):
    """What a coin of the window is worth: exact, at both ends of the share."""

    entry: RateEntry
    currency: str
    diamonds_per_coin: Decimal
    a_coin: Fraction  # nominal value, in currency
    share: Range
    text: str
    rounding: str


def priced(account: Account, scope: Scope, first: date) -> Priced:
    """The rules in force at the beginning of the window. Refuses (A011) where there are none."""
    at = periods.day_start(first, account.timezone)
    rules = [look_up(account.zone, name, at, scope.asked.rates_as_of) for name in ("reward", "settlement")]
    for rule in rules:
        if isinstance(rule, NotKnown):
            raise Refusal(
                Problem("A011", f"nothing from {first} on can be rated: {rule.detail}", "give rate files: --rates DIR")
            )
    entry, settlement = (rule for rule in rules if isinstance(rule, RateEntry))
    reward = reward_of(entry)
    shares = OwnShares({account.region: account.zone}, scope.asked.own_shares, scope.asked.own_share)
    own: OwnShare | None = shares.at(account.creator, account.region, at)
    if own is not None:
        share, text = Range.of(own.percent), f"{remarks.percent_text(Range.of(own.percent))} (config)"
    elif reward.share.missions is not None:
        share = _missions_share(account, scope, reward.share.missions)
        text = f"{remarks.percent_text(share)} by missions, as your streams of the last {RECENT_WEEKS} weeks"
    else:
        share, text = reward.share.percent, remarks.percent_text(reward.share.percent)
    a_coin = Fraction(reward.diamonds_per_coin) * Fraction(reward.cash_per_diamond)
    return Priced(
        entry, reward.currency, reward.diamonds_per_coin, a_coin, share, text, rule_of(settlement).rounding
    )  # fmt: skip


def _missions_share(account: Account, scope: Scope, rules: Missions) -> Range:
    """The share that the streams of the last weeks would have under these rules, each by its coins; to two decimals,
    outwards.
    """
    rows = rows_of(account)
    since = max((row.quarter for row in rows), default=0) - RECENT_WEEKS * 672
    zone = account.zone.timezone
    streams: dict[tuple[str, date], list[Usage]] = {}
    for row in rows:
        if row.quarter >= since:
            key = (row.stream, EPOCH) if row.stream else ("", periods.local_day(row.quarter, zone))
            streams.setdefault(key, []).append(row)
    facts = scope.asked.facts
    weeks: dict[date, int] = {}
    spans = []
    low = high = whole = Fraction(0)
    for (name, _), mine in streams.items():
        first, last, coins = mine[0].quarter, mine[-1].quarter, sum(row.coins for row in mine)
        built = of_stream(rules, stream_facts(facts, account.creator, name, first, last, zone, rules))
        low, high, whole = low + coins * Fraction(built.share.low), high + coins * Fraction(built.share.high), whole + coins
        monday = monday_of(last, zone)
        weeks[monday] = weeks.get(monday, 0) + coins
        if name:
            spans.append(Span(name, first, last))
    if not whole:
        return Range(Decimal(0), rules.cap)
    for monday, coins in weeks.items():
        start = periods.day_start(monday, zone)
        near = [span for span in spans if span.last >= start and span.first < start + 673]
        share = of_week(rules, week_facts(facts, account.creator, monday, near, zone, rules)).share
        low, high = low + coins * Fraction(share.low), high + coins * Fraction(share.high)
    return Range(_outward(low / whole, down=True), _outward(high / whole, down=False))


def _outward(value: Fraction, *, down: bool) -> Decimal:
    hundredths = value * 100
    whole = hundredths.numerator // hundredths.denominator
    if not down and whole != hundredths:
        whole += 1
    return Decimal(whole).scaleb(-2).normalize() + 0


def money(value: Fraction, currency: str, *, down: bool = True) -> Decimal:
    """An exact amount in minor units: what is earned is rounded down, a need up."""
    units = value * 10 ** MINOR_UNITS[currency]
    whole = units.numerator // units.denominator
    return Decimal(whole if down or whole == units else whole + 1).scaleb(-MINOR_UNITS[currency])


def reward(coins: int, price: Priced) -> Range:
    """What so many coins bring, at both ends of the share."""
    ends = [money(coins * price.a_coin * Fraction(end) / 100, price.currency) for end in (price.share.low, price.share.high)]
    return Range(ends[0], ends[1])
