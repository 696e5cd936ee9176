"""Streams that are long over, priced many at a time. Pure; every figure equals that of `rewards.rate`, which a test holds.

A balance is the sum of all credits there ever were, each rounded by itself. Where one rate entry and one share price whole
streams, their rewards are whole numbers of minor units that come from whole numbers of coins, so they are added up as
integers: a year of a large roster takes milliseconds. Everything else is left to `rewards.rate`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.money import MINOR_UNITS, Range, exact
from diamondctl.ratebook.entries import RateEntry, Reward, Zone
from diamondctl.rating.credits import GATHERED, Credit, OwnShare, Part, reward_of, rule_of
from diamondctl.rating.known import Span
from diamondctl.rating.missions import NO_FACTS, Facts
from diamondctl.rating.rewards import Known, LookUps, OwnShares
from diamondctl.rating.weekly import Slice, Week, credit_of, monday_of
from diamondctl.records import Stream

# A name that gifts of more than two days share is looked at closely.
LONGEST: Final = 192  # quarters


class _Kind(NamedTuple):
    """What streams have in common that are priced together."""

    creator: str
    region: str
    settlement: RateEntry
    entry: RateEntry
    own: OwnShare | None
    share: Range


def gather(
    streams: Iterable[Stream],
    zones: Mapping[str, Zone],
    before: int,
    *,
    own_share: Decimal | None = None,
    own_shares: Mapping[str, Sequence[OwnShare]] = MappingProxyType({}),
    as_of: date | None = None,
    facts: Facts = NO_FACTS,
) -> tuple[list[Credit], set[tuple[str, str, str]]]:
    """Price streams that ended before the quarter `before`; the other arguments are those of `rewards.rate`.

    Returns one credit for many streams of a kind (unit `streams`, no rows, money as the sum of the rounded credits) and the
    keys (creator, region, stream) of the streams in it; those that are not among them have to be rated row by row.
    """
    rewards, settlements = LookUps("reward", zones, as_of), LookUps("settlement", zones, as_of)
    shares = OwnShares(zones, own_shares, own_share)
    known = Known(zones, facts)
    with exact():
        found = [(stream, _kind(stream, before, rewards, settlements, shares, known)) for stream in streams]
    weeks = _Weeks(found, zones, before, shares)
    kinds: dict[tuple[object, ...], tuple[_Kind, list[Stream]]] = {}
    for stream, kind in found:
        if kind is not None and weeks.over(stream):
            share = (kind.share.low, kind.share.high)
            key = (kind.creator, kind.region, kind.settlement.where, kind.entry.where, kind.own, share)
            kinds.setdefault(key, (kind, []))[1].append(stream)
    with exact():
        credits = [_credit(kind, members) for kind, members in kinds.values()]
        credits += weeks.credits(kinds.values(), facts)
    return credits, {stream[:3] for _, members in kinds.values() for stream in members}


class _Weeks:
    """Weeks that are over, whose streams are all gathered: only then the weekly part of a share can be told from them."""

    def __init__(
        self, found: Sequence[tuple[Stream, _Kind | None]], zones: Mapping[str, Zone], before: int, shares: OwnShares
    ) -> None:
        self._zones = zones
        self._ends = {  # the last Monday before the cut
            region: periods.day_start(monday_of(before, zone.timezone), zone.timezone) for region, zone in zones.items()
        }
        self._spans: dict[tuple[str, str], list[Span]] = {}
        self._open: set[tuple[str, str]] = set()  # wallets with gifts before that Monday that have to be looked at closely
        self._built: set[tuple[str, str]] = set()  # wallets with a share that is built from missions
        for stream, kind in found:
            if self._may_be_built(stream, kind, shares):
                self._built.add(stream[:2])
            if stream.stream:
                self._spans.setdefault(stream[:2], []).append(Span(stream.stream, stream.first, stream.last))
            if kind is None and stream.first < self._ends[stream.region]:
                self._open.add(stream[:2])

    def _may_be_built(self, stream: Stream, kind: _Kind | None, shares: OwnShares) -> bool:
        if kind is not None:
            return kind.own is None and reward_of(kind.entry).share.missions is not None
        return shares.at(stream.creator, stream.region, stream.first) is None and any(
            isinstance(entry.value, Reward) and entry.value.share.missions is not None and entry.effective <= stream.last
            for entry in self._zones[stream.region].rates.get("reward", ())
        )

    def over(self, stream: Stream) -> bool:
        """Whether a stream can be gathered as far as its week is concerned: it may make a valid day for the others in it."""
        if stream[:2] not in self._built:
            return True
        return stream[:2] not in self._open and stream.last < self._ends[stream.region]

    def credits(self, kinds: Iterable[tuple[_Kind, list[Stream]]], facts: Facts) -> list[Credit]:
        """The weekly parts, those of one wallet in one credit. Call inside `exact()`."""
        slices: dict[Week, list[Slice]] = {}
        for kind, members in kinds:
            reward = reward_of(kind.entry)
            if kind.own is not None or reward.share.missions is None:
                continue
            timezone = self._zones[kind.region].timezone
            a_coin = reward.diamonds_per_coin * reward.cash_per_diamond
            for stream in members:
                week = Week(kind.creator, kind.region, reward.currency, monday_of(stream.last, timezone))
                slices.setdefault(week, []).append(
                    Slice(kind.entry, stream.coins * a_coin, kind.settlement, stream.first, stream.last)
                )
        wallets: dict[tuple[str, str, str], list[Credit]] = {}
        for week, mine in slices.items():
            credit = credit_of(week, mine, self._spans[week[:2]], self._zones, facts)
            wallets.setdefault(week[:3], []).append(credit)
        return [_together(credits) for credits in wallets.values()]


def _together(credits: list[Credit]) -> Credit:
    """Weekly credits of one wallet that are long over, as one."""
    low, high = (sum(ends, Decimal(0)) for ends in ([c.reward.low for c in credits], [c.reward.high for c in credits]))
    return credits[0]._replace(
        unit=GATHERED,
        name="",
        parts=tuple(part for credit in credits for part in credit.parts),
        reward=Range(low, high),
        first=min(credit.first for credit in credits),
        last=max(credit.last for credit in credits),
    )


def _kind(stream: Stream, before: int, rewards: LookUps, settlements: LookUps, shares: OwnShares, known: Known) -> _Kind | None:
    """What prices a stream, if it is one entry and one share from its first gift to its last."""
    if not stream.stream or stream.last >= before or stream.last - stream.first > LONGEST:
        return None
    settlement = settlements.at(stream.region, stream.first)
    first, last = (rewards.at(stream.region, quarter) for quarter in (stream.first, stream.last))
    own, own_last = (shares.at(stream.creator, stream.region, quarter) for quarter in (stream.first, stream.last))
    if not isinstance(settlement, RateEntry) or rule_of(settlement).credit != "stream":
        return None
    if not isinstance(first, RateEntry) or first is not last or own != own_last:
        return None
    share = Range.of(own.percent) if own is not None else reward_of(first).share.percent
    if own is None and (built := known.of_stream(first, stream)) is not None:
        share = built.share
    return _Kind(stream.creator, stream.region, settlement, first, own, share)


def _credit(kind: _Kind, streams: list[Stream]) -> Credit:
    reward = reward_of(kind.entry)
    share = kind.share
    unit = 10 ** MINOR_UNITS[reward.currency]
    a_coin = Fraction(reward.diamonds_per_coin) * Fraction(reward.cash_per_diamond)
    rounding = rule_of(kind.settlement).rounding

    def summed(percent: Decimal) -> Decimal:
        """The rounded money of every stream, added up."""
        factor = a_coin * Fraction(percent) / 100 * unit
        add = _ROUNDINGS[rounding]
        total = sum(add(stream.coins * factor.numerator, factor.denominator) for stream in streams)
        return Decimal(total).scaleb(-MINOR_UNITS[reward.currency])

    low = summed(share.low)
    rewards = Range(low, low if share.is_exact else summed(share.high))
    coins = sum(stream.coins for stream in streams)
    diamonds = coins * reward.diamonds_per_coin
    value = summed(Decimal(100))
    part = Part(kind.entry, coins, diamonds, value, rewards, share, kind.own)
    return Credit(
        kind.creator,
        kind.region,
        GATHERED,
        "",
        reward.currency,
        kind.settlement,
        (part,),
        (),
        value,
        rewards,
        diamonds,
        min(stream.first for stream in streams),
        max(stream.last for stream in streams),
    )


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _half_even(numerator: int, denominator: int) -> int:
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))


# Of a quotient that is not negative, to a whole number.
_ROUNDINGS: Final[dict[str, Callable[[int, int], int]]] = {
    "down": lambda numerator, denominator: numerator // denominator,
    "up": lambda numerator, denominator: -(-numerator // denominator),
    "half_up": _half_up,
    "half_even": _half_even,
}
