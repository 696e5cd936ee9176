"""What a coin of the future is worth: the rules in force in the days to come, and a share that is built from missions as the
creator's own streams of the last weeks would have it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.confidence import weakest
from diamondctl.money import MINOR_UNITS, Range, hull
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook.entries import Missions, NotKnown, RateEntry, look_up
from diamondctl.rating.credits import OwnShare, confidence_of, reward_of, rule_of
from diamondctl.rating.known import Known, Spans
from diamondctl.rating.missions import of_stream, of_week
from diamondctl.rating.rewards import ALWAYS, OwnShares
from diamondctl.rating.weekly import monday_of
from diamondctl.records import Usage
from diamondctl.reports import remarks
from diamondctl.reports.projection import EPOCH
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import Account

RECENT_WEEKS: Final = 13  # of streams whose missions stand for those to come


class Ends(NamedTuple):
    """What one coin is worth, exact: the least and the most."""

    low: Fraction
    high: Fraction


class Priced(NamedTuple):
    """What a coin of the window is worth, in `currency`: at both ends where the rules are a range, or change in the window."""

    entry: RateEntry  # in force when the window begins
    currency: str
    diamonds_per_coin: Decimal
    value: Ends  # nominal
    at_once: Ends  # the reward that is credited with its stream, day or month
    weekly: Ends  # the reward that is credited when its week is over
    share: Range
    text: str
    rounding: str
    unit: str  # of settlement
    changes: tuple[str, ...]  # rules that begin within the window, in words
    worth: str  # what the nominal value rests on
    confidence: str  # what the reward rests on


class _Share(NamedTuple):
    """A share in percent: with the stream, and with the week."""

    stream: Range
    week: Range
    text: str
    own: OwnShare | None = None

    @property
    def whole(self) -> Range:
        return self.stream + self.week


def priced(account: Account, scope: Scope, rows: Sequence[Usage], first: date, last: date) -> Priced:
    """The rules in force between two days. `rows` are the gifts that the future resembles.

    Refuses (A011) a beginning without rules.
    """
    at = periods.day_start(first, account.timezone)
    rules = [look_up(account.zone, name, at, scope.asked.rates_as_of) for name in ("reward", "settlement")]
    for rule in rules:
        if isinstance(rule, NotKnown):
            raise Refusal(
                Problem("A011", f"nothing from {first} on can be rated: {rule.detail}", "give rate files: --rates DIR")
            )
    entry, settlement = (rule for rule in rules if isinstance(rule, RateEntry))
    currency = reward_of(entry).currency
    shares = OwnShares({account.region: account.zone}, scope.asked.own_shares, scope.asked.own_share)
    found: list[tuple[RateEntry, _Share]] = []
    changes: list[str] = []
    for quarter in _changes(account, scope, at, periods.day_start(last + timedelta(days=1), account.timezone)):
        day = periods.local_day(quarter, account.timezone)
        rule = look_up(account.zone, "reward", quarter, scope.asked.rates_as_of)
        own = shares.at(account.creator, account.region, quarter)
        if isinstance(rule, NotKnown):
            changes.append(f"from {day} on no reward is known ({rule.detail}); what was known before is taken")
        elif reward_of(rule).currency != currency:
            changes.append(
                f"from {day} on rewards are in {reward_of(rule).currency} ({rule.where}); all of it stands here in {currency}"
            )
        else:
            found.append((rule, _share_of(account, scope, rows, rule, own)))
            if quarter > at:
                changes.append(f"from {day} on your share is {found[-1][1].text}, by {rule.where}: the range holds both")
    whole = hull(share.whole for _, share in found)
    text = found[0][1].text if len(found) == 1 else f"{remarks.percent_text(whole)}, as it changes in the window"
    coins = [(_a_coin(rule), share) for rule, share in found]
    return Priced(
        entry, currency, reward_of(entry).diamonds_per_coin,
        _least_and_most([(coin, Range.of(100)) for coin, _ in coins]),
        _least_and_most([(coin, share.stream) for coin, share in coins]),
        _least_and_most([(coin, share.week) for coin, share in coins]),
        whole, text, rule_of(settlement).rounding, rule_of(settlement).credit, tuple(dict.fromkeys(changes)),
        weakest(rule.confidence for rule, _ in found), weakest(confidence_of(rule, share.own) for rule, share in found),
    )  # fmt: skip


def _changes(account: Account, scope: Scope, start: int, end: int) -> list[int]:
    """The beginning of the window, and quarters inside it at which a reward entry or an own share begins."""
    entries = [
        entry.effective
        for entry in account.zone.rates.get("reward", ())
        if scope.asked.rates_as_of is None or entry.recorded <= scope.asked.rates_as_of
    ]
    own = scope.asked.own_shares.get(account.creator, ()) if scope.asked.own_share is None else ()
    begins = [periods.day_start(share.start, account.zone.timezone) for share in own if share.start is not None]
    return sorted({start, *(quarter for quarter in (*entries, *begins) if start < quarter < end)})


def _share_of(account: Account, scope: Scope, rows: Sequence[Usage], entry: RateEntry, own: OwnShare | None) -> _Share:
    nothing, share = Range.of(0), reward_of(entry).share
    if own is not None:
        said = Range.of(own.percent)
        source = "--share" if scope.asked.own_share is not None else "config"
        return _Share(said, nothing, f"{remarks.percent_text(said)} ({source})", own)
    if share.missions is not None:
        stream, week = _by_missions(account, scope, rows, share.missions)
        text = f"{remarks.percent_text(stream + week)} by missions, as your streams of the last {RECENT_WEEKS} weeks"
        return _Share(stream, week, text)
    return _Share(share.percent, nothing, remarks.percent_text(share.percent))


def _a_coin(entry: RateEntry) -> Fraction:
    reward = reward_of(entry)
    return Fraction(reward.diamonds_per_coin) * Fraction(reward.cash_per_diamond)


def _least_and_most(coins: Sequence[tuple[Fraction, Range]]) -> Ends:
    return Ends(
        min(coin * Fraction(share.low) / 100 for coin, share in coins),
        max(coin * Fraction(share.high) / 100 for coin, share in coins),
    )


def _by_missions(account: Account, scope: Scope, rows: Sequence[Usage], rules: Missions) -> tuple[Range, Range]:
    """The two parts of the share that the streams of the last weeks would have under these rules, each stream by its coins;
    to two decimals, outwards.
    """
    since = max((row.quarter for row in rows), default=0) - RECENT_WEEKS * 672
    zone = account.zone.timezone
    streams: dict[tuple[str, date], list[Usage]] = {}
    for row in rows:
        if row.quarter >= since:
            key = (row.stream, EPOCH) if row.stream else ("", periods.local_day(row.quarter, zone))
            streams.setdefault(key, []).append(row)
    spans = Spans(rows)
    facing = Known(scope.asked.facts, account.creator, zone, spans).at(ALWAYS)
    weeks: dict[date, int] = {}
    parts: list[tuple[int, Range]] = []
    for (name, _), mine in streams.items():
        coins = sum(row.coins for row in mine)
        parts.append((coins, of_stream(rules, facing.of_stream(rules, name, mine[0].quarter)).share))
        for row in mine:
            monday = monday_of(row.quarter, zone)
            weeks[monday] = weeks.get(monday, 0) + row.coins
    if not any(weeks.values()):
        return Range(Decimal(0), max(rules.stream_cap, rules.others or Decimal(0))), Range(Decimal(0), rules.week_cap)
    weekly: list[tuple[int, Range]] = []
    for monday, coins in weeks.items():
        near = spans.of_week(monday, zone, ALWAYS)
        weekly.append((coins, of_week(rules, facing.of_week(monday, near, rules)).share))
    return _mean(parts), _mean(weekly)


def _mean(parts: Sequence[tuple[int, Range]]) -> Range:
    """The mean of shares, each by its coins; to two decimals, outwards."""
    whole = sum(coins for coins, _ in parts)
    low, high = (
        sum((coins * Fraction(getattr(share, end)) for coins, share in parts), Fraction(0)) / whole for end in ("low", "high")
    )
    return Range(_outward(low, down=True), _outward(high, down=False))


def _outward(value: Fraction, *, down: bool) -> Decimal:
    hundredths = value * 100
    whole = hundredths.numerator // hundredths.denominator
    if not down and whole != hundredths:
        whole += 1
    return Decimal(whole).scaleb(-2).normalize() + 0


def money(value: Fraction, currency: str) -> Decimal:
    """An exact amount in minor units, rounded down."""
    units = value * 10 ** MINOR_UNITS[currency]
    return Decimal(units.numerator // units.denominator).scaleb(-MINOR_UNITS[currency])


def gift_value(coins: int, price: Priced) -> Range:
    """The nominal value of so many coins."""
    low, high = (money(coins * end, price.currency) for end in price.value)
    return Range(low, high, price.worth)


def reward(coins: int, price: Priced, *, over: int | None = None) -> Range:
    """What so many coins bring, at both ends of the share; `over` of them lie in weeks that are over. Blank: all."""
    weekly = coins if over is None else over
    ends = zip(price.at_once, price.weekly, strict=True)
    low, high = (money(coins * at_once + weekly * later, price.currency) for at_once, later in ends)
    return Range(low, high, price.confidence)
