"""What a rate file says, as values: zones, dated entries and the things they set. Pure; `rating` works on these."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from diamondctl.money import Range

RATES: Final = (
    "reward",
    "settlement",
    "minimum_payout",
    "maximum_payout",
    "payout_fees",
    "payout_timing",
    "withholding",
    "coin_price",
)


# How a band without a number is read. rising: it lies between its neighbours; step: nothing is known of it.
MODES: Final = ("rising", "step")


class Band(NamedTuple):
    """From `at_least` on, so many percent points; None: the number is not known."""

    at_least: int
    percent: Decimal | None


class Bands(NamedTuple):
    """Bands in rising order, each up to the next one. Below the first there is nothing."""

    bands: tuple[Band, ...]
    mode: str = "rising"


class Missions(NamedTuple):
    """The share as points: of each stream, credited with it, and of a week, credited when it is over."""

    cap: Decimal  # percent, of both parts together
    stream_cap: Decimal
    duration: Bands  # by minutes live
    new_followers: Bands  # by new followers in the stream
    week_cap: Decimal
    week_amount: Decimal | None  # the most money of a weekly part; None: no such limit is known
    valid_minutes: int  # live on a day that counts as valid
    valid_days: Bands  # by valid days of the week
    active_fans: Bands
    league: tuple[tuple[str, Decimal | None], ...]  # word -> points
    penalty: Decimal  # breaches of the rules take at most so many points off a stream's part
    others: Decimal | None = None  # flat, of creators who are not in the scheme; None: all of a region are in it
    league_amount: Decimal | None = None  # the most money of the league's part of a week; None: no such limit is known
    leagues: tuple[str, ...] = ()  # the only ones that count; none: every league does
    valid_in_total: bool = False  # minutes of a valid day are those of all its LIVEs; False: whether they are is not known


NO_BANDS: Final = Bands(())


class Share(NamedTuple):
    """The part of the nominal diamond value the creator gets, in percent; a flat share is a range whose ends meet.

    That of `missions` ends at their cap; `rating.missions` narrows it by what is known.
    """

    kind: str  # flat | range | missions | fixed: all of the value, and what the platform keeps is in the fan's price
    percent: Range
    missions: Missions | None = None


class Units(NamedTuple):
    """What a platform calls the thing that fans buy, and the thing that it becomes for the creator; each as one of them."""

    fan: str
    creator: str

    @property
    def is_one(self) -> bool:
        """Whether the creator gets what the fan gave."""
        return self.fan == self.creator


COINS: Final = Units("coin", "diamond")


class Reward(NamedTuple):
    """One atomic value: the numbers only mean something together."""

    diamonds_per_coin: Decimal
    cash_per_diamond: Decimal  # in `currency`
    currency: str
    share: Share
    unit: Units = COINS  # of its file


class Settlement(NamedTuple):
    """In which unit the platform adds rewards to the balance, and how it rounds there."""

    credit: str  # stream | day | week | month
    rounding: str


class Minimum(NamedTuple):
    """The least that can be paid out by a method, in a currency or in diamonds."""

    method: str
    amount: Decimal
    currency: str  # blank: diamonds


class Maximum(NamedTuple):
    """The most that can be paid out by a method in one day, week or month."""

    method: str
    per: str
    amount: Decimal
    currency: str


class Fee(NamedTuple):
    """One thing taken from a payout, in the order of the file."""

    method: str
    name: str
    kind: str  # flat | percent
    amount: Range  # money for flat, percent for percent
    currency: str  # of flat, min and max; blank when none of them is set
    minimum: Decimal | None
    maximum: Decimal | None
    rounding: str
    paid_by: str  # platform | creator


class Timing(NamedTuple):
    """How a payout is asked for and how long it takes."""

    method: str
    request: str  # manual | automatic
    weekday: str = ""  # blank unless automatic
    review_days: int | None = None
    hold_days: int | None = None
    hold_open: bool = False  # it may take longer than `hold_days`
    net_days: int | None = None  # of what is paid once a month: the first day on which it may leave, after the month's end
    net_days_most: int | None = None  # the last such day


class Withholding(NamedTuple):
    """What is held back for tax when a condition holds."""

    condition: str
    percent: Range


class CoinPrice(NamedTuple):
    """What fans pay by one channel: coins in a pack -> price."""

    channel: str
    currency: str
    packs: tuple[tuple[int, Decimal], ...]


class GiftCoins(NamedTuple):
    """What one unit of a gift costs, in a catalogue that is compared with another."""

    gift_id: str
    name: str
    coins: int


class Fact(NamedTuple):
    """One fact about what a platform sells to fans and pays to creators. Both ends None: not known; one: an open end."""

    platform: str
    product: str
    sort: str  # gift | subscription | any
    channel: str  # any | web | in_app
    region: str  # blank: everywhere
    fact: str  # share | price | value | tax | store | minimum | wait | fee
    method: str  # of a minimum or a fee; blank: any
    units: int | None  # in a pack that has a price
    low: Decimal | None
    high: Decimal | None
    unit: str  # percent, days, or a currency; a value is of one unit of the platform
    after: tuple[str, ...] = ()  # what is taken before a share: tax, store; a wait is after the end of the month

    @property
    def key(self) -> str:
        """What it is about, and its value is not."""
        words = (self.platform, self.product, self.channel, self.region, self.fact, self.method, str(self.units or ""))
        return "/".join(word for word in words if word)


FACT: Final = "fact"  # the rate of such an entry
FACTS_PLATFORM: Final = "compare"  # of the zone that holds them
GIFT_PRICE: Final = "gift_price"  # the rate of such an entry

Value = (
    Reward
    | Settlement
    | tuple[Minimum, ...]
    | tuple[Maximum, ...]
    | tuple[Fee, ...]
    | tuple[Timing, ...]
    | tuple[Withholding, ...]
    | tuple[CoinPrice, ...]
    | GiftCoins
    | Fact
)


class Accepted(NamedTuple):
    """A finding that somebody looked at and lets stand, until it counts again."""

    code: str
    reason: str
    until: date  # the last day on which it is let stand


class RateEntry(NamedTuple):
    """One dated, sourced entry. `value` is None when the entry withdraws the rate or says that it is not known."""

    rate: str
    effective: int  # quarter of an hour since 1970 UTC
    effective_text: str
    since: str  # start | first_seen
    recorded: date
    value: Value | None
    state: str  # known | none | unknown
    confidence: str
    sources: tuple[str, ...]
    verified: date
    file: str  # short name such as tiktok/us.yaml
    line: int
    accepted: tuple[Accepted, ...] = ()

    @property
    def where(self) -> str:
        """`tiktok/us.yaml:14`."""
        return f"{self.file}:{self.line}"


class Source(NamedTuple):
    """Where a figure was found."""

    title: str
    published: date | None
    retrieved: date
    url: str
    line: int = 0
    document: str = ""  # of what has no address: what it is, and who keeps it
    says: str = ""  # what it says, in words of our own, with the number
    checked: date | None = None  # the day on which somebody looked at it and found that it says so
    contradicts: tuple[str, ...] = ()  # other sources of the file; not both can be right
    gives: str = ""  # what it would come to, where it stands in a contradiction


class ExampleFacts(NamedTuple):
    """What is known in an example of a share that is built from missions. None: not known."""

    minutes: int | None = None
    new_followers: int | None = None
    valid_days: int | None = None
    active_fans: int | None = None
    league: str | None = None
    penalty: Decimal | None = None
    scheme: str | None = None


class Example(NamedTuple):
    """Executable evidence: what one credit of `coins` on `date` comes to."""

    name: str
    day: date
    coins: int
    share: Decimal | None
    expect: dict[str, Decimal]
    file: str
    line: int
    column: int
    facts: ExampleFacts | None = None


class Zone(NamedTuple):
    """One rate file: a platform, the regions that share its rates, and their history."""

    platform: str
    name: str
    regions: tuple[str, ...]
    timezone: str
    sources: dict[str, Source]
    rates: dict[str, tuple[RateEntry, ...]]  # sorted by (effective, recorded)
    examples: tuple[Example, ...]
    file: str
    sha256: str
    origin: str  # shipped | user
    line: int = 1  # of `regions`
    accepted: tuple[Accepted, ...] = ()  # findings that stand at no entry
    elsewhere: bool = False  # it does not lie where `file` says, seen from the working folder
    unit: Units = COINS

    @property
    def covered(self) -> bool:
        """False for what stands for a region that no rate file covers (`uncovered`)."""
        return bool(self.file)


def uncovered(platform: str, region: str) -> Zone:
    """What stands for a region that no rate file covers: gifts are counted there, in days of UTC, and no rate is known."""
    return Zone(platform, region.lower(), (region,), "UTC", {}, {}, (), "", "", "none")


class NotKnown(NamedTuple):
    """Why a look-up has no value: `uncovered`, `before` the first entry, `withdrawn`, `unknown`, or `missing` from the file."""

    reason: str
    detail: str


def look_up(zone: Zone, rate: str, quarter: int, as_of: date | None = None) -> RateEntry | NotKnown:
    """The entry of `rate` in force at `quarter`: greatest (effective, recorded) not after it.

    `as_of` keeps only what the file said by that day (`recorded <= as_of`). Never guesses: where the entry in force has
    no value the answer is `NotKnown`.
    """
    if not zone.covered:
        return NotKnown("uncovered", f"no rate is known for {zone.regions[0]}")
    history = zone.rates.get(rate, ())
    if as_of is not None:
        history = tuple(entry for entry in history if entry.recorded <= as_of)
    if not history:
        until = f" recorded by {as_of}" if as_of else ""
        return NotKnown("missing", f"{zone.file} has no {rate}{until}")
    entry = next((entry for entry in reversed(history) if entry.effective <= quarter), None)
    if entry is None:
        first = history[0]
        return NotKnown("before", f"{rate} begins on {first.effective_text}, {first.where}")
    if entry.state == "none":
        return NotKnown("withdrawn", f"{rate} was withdrawn on {entry.effective_text}, {entry.where}")
    if entry.state == "unknown":
        return NotKnown("unknown", f"{rate} changed on {entry.effective_text} to a value not known, {entry.where}")
    return entry
