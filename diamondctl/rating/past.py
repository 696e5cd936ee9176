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

from diamondctl.money import MINOR_UNITS, Range, exact
from diamondctl.ratebook.entries import RateEntry, Zone
from diamondctl.rating.rewards import Credit, LookUps, OwnShare, OwnShares, Part, reward_of, rule_of
from diamondctl.records import Stream

# A name that gifts of more than two days share is looked at closely.
LONGEST: Final = 192  # quarters
GATHERED: Final = "streams"  # the unit of a credit that stands for many


class _Kind(NamedTuple):
    """What streams have in common that are priced together."""

    creator: str
    region: str
    settlement: RateEntry
    entry: RateEntry
    own: OwnShare | None


def gather(
    streams: Iterable[Stream],
    zones: Mapping[str, Zone],
    before: int,
    *,
    own_share: Decimal | None = None,
    own_shares: Mapping[str, Sequence[OwnShare]] = MappingProxyType({}),
    as_of: date | None = None,
) -> tuple[list[Credit], set[tuple[str, str, str]]]:
    """Price streams that ended before the quarter `before`; the other arguments are those of `rewards.rate`.

    Returns one credit for many streams of a kind (unit `streams`, no rows, money as the sum of the rounded credits) and the
    keys (creator, region, stream) of the streams in it; those that are not among them have to be rated row by row.
    """
    rewards, settlements = LookUps("reward", zones, as_of), LookUps("settlement", zones, as_of)
    shares = OwnShares(zones, own_shares, own_share)
    kinds: dict[tuple[object, ...], tuple[_Kind, list[Stream]]] = {}
    for stream in streams:
        kind = _kind(stream, before, rewards, settlements, shares)
        if kind is not None:
            key = (kind.creator, kind.region, kind.settlement.where, kind.entry.where, kind.own)
            kinds.setdefault(key, (kind, []))[1].append(stream)
    with exact():
        credits = [_credit(kind, members) for kind, members in kinds.values()]
    return credits, {stream[:3] for _, members in kinds.values() for stream in members}


def _kind(stream: Stream, before: int, rewards: LookUps, settlements: LookUps, shares: OwnShares) -> _Kind | None:
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
    return _Kind(stream.creator, stream.region, settlement, first, own)


def _credit(kind: _Kind, streams: list[Stream]) -> Credit:
    reward = reward_of(kind.entry)
    share = reward.share.percent if kind.own is None else Range.of(kind.own.percent)
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
