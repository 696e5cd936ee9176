"""Values for tests, each from the few words that matter: rate entries, zones, usage, gifts.

A quarter is an int (quarters of an hour since 1970 UTC), as in the product.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from diamondctl.money import Range
from diamondctl.ratebook.entries import (
    Band,
    Bands,
    Example,
    Minimum,
    Missions,
    RateEntry,
    Reward,
    Settlement,
    Share,
    Source,
    Value,
    Zone,
)
from diamondctl.records import Gift, Usage

RECORDED = date(2026, 11, 22)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def quarter(text: str, timezone: str = "UTC") -> int:
    """The quarter that holds a local time written 2026-10-31 or 2026-10-31T20:15."""
    return (datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(timezone)) - EPOCH) // timedelta(minutes=15)


def moment(at: int, timezone: str = "UTC") -> datetime:
    """The local time at which a quarter begins."""
    return (EPOCH + timedelta(minutes=15 * at)).astimezone(ZoneInfo(timezone))


def entry(
    rate: str,
    effective: int,
    value: Value | None,
    *,
    recorded: date = RECORDED,
    state: str = "known",
    confidence: str = "reported",
) -> RateEntry:
    """One entry; `zone` gives it its file and line."""
    text = moment(effective).strftime("%Y-%m-%dT%H:%MZ")
    known = value if state == "known" else None
    return RateEntry(rate, effective, text, "start", recorded, known, state, confidence, ("s",), recorded, "", 0)


def reward(
    effective: int,
    *,
    share: str | tuple[str, str] | Missions = "50",
    per_coin: str = "1",
    cash: str = "0.01",
    currency: str = "USD",
    recorded: date = RECORDED,
    state: str = "known",
) -> RateEntry:
    """A reward entry; a `share` of two ends is a range."""
    if isinstance(share, Missions):
        percent = Share("missions", Range(Decimal(0), share.cap), share)
    else:
        low, high = (share, share) if isinstance(share, str) else share
        percent = Share("flat" if isinstance(share, str) else "range", Range(Decimal(low), Decimal(high)))
    value = Reward(Decimal(per_coin), Decimal(cash), currency, percent)
    return entry("reward", effective, value, recorded=recorded, state=state)


def bands(mode: str = "rising", /, **percents: str | None) -> Bands:
    """Bands from names such as `from_25="38"`; None is not known."""
    found = [Band(int(name[5:]), None if text is None else Decimal(text)) for name, text in percents.items()]
    return Bands(tuple(found), mode)


# The missions of the shipped US file, as they were recorded first.
MISSIONS = Missions(
    cap=Decimal(53),
    stream_cap=Decimal(40),
    duration=bands(from_0="20", from_5=None, from_25="38"),
    new_followers=bands(from_5="2"),
    week_cap=Decimal(13),
    week_amount=None,
    valid_minutes=25,
    valid_days=bands(from_1="6", from_2="8"),
    active_fans=bands(from_10="1", from_100="1.5", from_2000="2"),
    league=(("held", Decimal(1)), ("personal_best", Decimal(3))),
    penalty=Decimal(20),
)

# As they were corrected.
SELECT = MISSIONS._replace(
    others=Decimal(50),
    new_followers=bands(from_1=None, from_5="2"),
    league_amount=Decimal(1_000),
    leagues=("a1", "a2", "a3"),
    valid_in_total=True,
)


def settlement(
    effective: int,
    credit: str = "stream",
    rounding: str = "down",
    *,
    recorded: date = RECORDED,
    state: str = "known",
) -> RateEntry:
    """A settlement entry."""
    return entry("settlement", effective, Settlement(credit, rounding), recorded=recorded, state=state)


def minimum(effective: int, amount: str, currency: str = "USD") -> RateEntry:
    """A minimum_payout entry with one minimum; a blank currency means diamonds."""
    return entry("minimum_payout", effective, (Minimum("any", Decimal(amount), currency),))


def zone(
    *entries: RateEntry,
    regions: tuple[str, ...] = ("US",),
    timezone: str = "UTC",
    name: str = "us",
    examples: tuple[Example, ...] = (),
) -> Zone:
    """A zone of these entries. Each gets a line of its own, in the order given."""
    file = f"tiktok/{name}.yaml"
    rates: dict[str, list[RateEntry]] = {}
    for line, item in enumerate(entries, 1):
        rates.setdefault(item.rate, []).append(item._replace(file=file, line=line))
    histories = {rate: tuple(sorted(items, key=lambda e: (e.effective, e.recorded))) for rate, items in rates.items()}
    sources = {"s": Source("a source", None, RECORDED, "")}
    return Zone("tiktok", name, regions, timezone, sources, histories, examples, file, "0" * 64, "user")


def usage(at: int, coins: int, *, stream: str = "", creator: str = "mara", region: str = "US", gifts: int = 1) -> Usage:
    """Usage of one quarter."""
    return Usage(creator, region, stream, at, coins, gifts)


def gift(
    time: int = 1_790_000_000_000_000,
    coins: int = 1,
    quantity: int = 1,
    *,
    creator: str = "mara",
    name: str = "Rose",
    event_id: str = "",
    gifter: str = "",
    gift_id: str = "",
    stream: str = "",
    receiver: str = "",
    region: str = "",
    line: int = 2,
) -> Gift:
    """One gift; `time` in microseconds since 1970 UTC."""
    return Gift(time, creator, name, coins, quantity, event_id, gifter, gift_id, stream, receiver, region, line)
