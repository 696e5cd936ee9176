"""Values for tests, each from the few words that matter: rate entries, zones, usage, gifts.

A quarter is an int (quarters of an hour since 1970 UTC), as in the product.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from diamondctl.money import Range
from diamondctl.ratebook.entries import Example, Minimum, RateEntry, Reward, Settlement, Share, Source, Value, Zone
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
    share: str | tuple[str, str] = "50",
    per_coin: str = "1",
    cash: str = "0.01",
    currency: str = "USD",
    recorded: date = RECORDED,
    state: str = "known",
) -> RateEntry:
    """A reward entry; a `share` of two ends is a range."""
    low, high = (share, share) if isinstance(share, str) else share
    kind = "flat" if isinstance(share, str) else "range"
    percent = Share(kind, Range(Decimal(low), Decimal(high)))
    value = Reward(Decimal(per_coin), Decimal(cash), currency, percent)
    return entry("reward", effective, value, recorded=recorded, state=state)


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
