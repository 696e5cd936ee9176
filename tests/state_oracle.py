"""States and periods computed a second time, in fractions, from plain gifts and the text of rate files.

It shares no code with the product, and is slow on purpose: every state is computed from the gifts up to the end of its day in
the reporting zone and nothing later, as if no more came; a period is the state at its end less the state before it. Facts of
dashboards, combos, adjustments and payouts are not in it.

An instant is an aware datetime in UTC with whole seconds. Money comes in two stories: in the least every unknown of a credit
has its worst value, in the most its best.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import yaml

from tests.fractions_oracle import rounded

DAY = timedelta(days=1)
LONGEST = timedelta(days=2)  # a name whose gifts span more is no one LIVE, and proves nothing
MINOR_UNITS = {"JPY": 0, "KRW": 0, "VND": 0, "KWD": 3}  # digits after the point; 2 where not listed
HUNDRED = Fraction(100)


class Gift(NamedTuple):
    """One gift as a row of a file names it; `stream` blank: it names none."""

    time: datetime
    creator: str
    region: str
    stream: str
    coins: int  # of one
    quantity: int
    event: str


class Own(NamedTuple):
    """A creator's own share in percent, from the beginning of a day in the rate zone's time; None: always."""

    start: date | None
    percent: Fraction


class Personal(NamedTuple):
    """What a creator says of herself from a day on (None: always); of each thing, None says nothing."""

    start: date | None = None
    active_fans: int | None = None
    league: str | None = None
    penalty: Fraction | None = None
    scheme: str | None = None


class Settings(NamedTuple):
    """What the config says, by creator; `share` and `option` are said for everybody and win over it."""

    shares: Mapping[str, Sequence[Own]] = {}
    personal: Mapping[str, Sequence[Personal]] = {}
    timezones: Mapping[str, str] = {}
    timezone: str = ""  # of the reports of everybody else; blank: that of the rate file
    share: Fraction | None = None
    option: Personal = Personal()

    def said(self, creator: str, what: str, day: date) -> Any:
        """What was said last of `what` by that day."""
        if getattr(self.option, what) is not None:
            return getattr(self.option, what)
        begun = [item for item in self.personal.get(creator, ()) if item.start is None or item.start <= day]
        words = [getattr(item, what) for item in sorted(begun, key=lambda item: item.start or date.min)]
        return next((word for word in reversed(words) if word is not None), None)


class Account(NamedTuple):
    """What a line of a report is of; currency blank: gifts without a rate, which have no money and are in no other account."""

    creator: str
    region: str
    currency: str


class Key(NamedTuple):
    """One credit: `name` is the stream, or the first day of the unit in the rate zone's time."""

    account: Account
    unit: str  # stream | day | week | month | weekly
    name: str


class Figures(NamedTuple):
    """What is added up, and subtracted, one by one."""

    gifts: int = 0
    coins: int = 0
    diamonds: Fraction = Fraction(0)
    lives: int = 0
    gift_value: Fraction = Fraction(0)
    least: Fraction = Fraction(0)
    most: Fraction = Fraction(0)

    def plus(self, other: Figures) -> Figures:
        """Both together."""
        return self._each(other, 1)

    def minus(self, other: Figures) -> Figures:
        """What this one has more."""
        return self._each(other, -1)

    def _each(self, other: Figures, sign: int) -> Figures:
        numbers: Iterable[tuple[Any, Any]] = zip(self, other, strict=True)
        return Figures(*(mine + sign * its for mine, its in numbers))


class Credit(NamedTuple):
    """One credit as far as a state knows it. LIVEs are not counted by credits: one may be in several, or in a day's."""

    key: Key
    figures: Figures
    booked: datetime


class State(NamedTuple):
    """What is known at the end of a day."""

    credits: Mapping[Key, Credit]
    counts: Mapping[Account, Figures]  # LIVEs, and gifts without a rate
    ends: Mapping[tuple[str, str], datetime]  # creator and region: the first instant after the day

    def of(self, key: Key, basis: str) -> Figures:
        """A credit's part in a basis: `credited` changes money only, and has it once it is booked."""
        credit = self.credits.get(key)
        if credit is None:
            return Figures()
        if basis == "credited" and credit.booked >= self.ends[key.account.creator, key.account.region]:
            return credit.figures._replace(gift_value=Fraction(0), least=Fraction(0), most=Fraction(0))
        return credit.figures

    def accounts(self, basis: str = "earned") -> dict[Account, Figures]:
        """The figures of every account."""
        sums = dict(self.counts)
        for key in self.credits:
            sums[key.account] = sums.get(key.account, Figures()).plus(self.of(key, basis))
        return sums


class Entry(NamedTuple):
    """One entry of a rate file; `value` is its YAML with every scalar as text."""

    begins: datetime
    recorded: str
    value: Any


class Zone:
    """One rate file; `said_by` a day keeps what it said then."""

    def __init__(self, text: str, said_by: str = "9") -> None:
        file = yaml.load(text, Loader=yaml.BaseLoader)
        self.regions: list[str] = file["regions"]
        self.timezone = ZoneInfo(file["timezone"])
        self._rates = {
            rate: sorted(
                Entry(_instant(entry["effective"], self.timezone), entry["recorded"], entry["value"])
                for entry in entries
                if entry["recorded"] <= said_by
            )
            for rate, entries in file["rates"].items()
            if rate in ("reward", "settlement")
        }

    def at(self, rate: str, moment: datetime) -> Entry | None:
        """The entry in force: the greatest (effective, recorded) that has begun; None where there is no value."""
        entries = self._rates[rate]
        index = bisect_right(entries, moment, key=lambda entry: entry.begins)
        return entries[index - 1] if index and isinstance(entries[index - 1].value, dict) else None

    def day(self, moment: datetime) -> date:
        """The day in the rate zone's time."""
        return local_day(moment, self.timezone)


def zones_in(*folders: Path) -> dict[str, Zone]:
    """The zones of all rate files by region; those of a later folder replace those of an earlier one."""
    files = [path for folder in folders for path in sorted(folder.glob("tiktok/*.yaml")) if path.name != "gifts.yaml"]
    return {region: zone for path in files for zone in [Zone(path.read_text("utf-8"))] for region in zone.regions}


@cache
def midnight(day: date, timezone: ZoneInfo) -> datetime:
    """The first instant of a day."""
    return datetime(day.year, day.month, day.day, tzinfo=timezone).astimezone(UTC)


@cache
def local_day(moment: datetime, timezone: ZoneInfo) -> date:
    """The day that an instant lies in."""
    return moment.astimezone(timezone).date()


def _instant(text: str, timezone: ZoneInfo) -> datetime:
    return midnight(date.fromisoformat(text), timezone) if len(text) == 10 else datetime.fromisoformat(text).astimezone(UTC)


def _money(amount: Fraction, currency: str, rounding: str) -> Fraction:
    return rounded(amount, MINOR_UNITS.get(currency, 2), rounding)


# --- The share that missions build, in percent points: two ends each ---

Ends = tuple[Fraction, Fraction]


def points(table: Mapping[str, str], least: int, most: int | None, unit: int, cap: Fraction, mode: str = "rising") -> Ends:
    """The points of a number between `least` and `most` (None: no end): of every band it reaches, the least and the most.

    A band goes from its number (in `unit`s) up to the next; below the first there is nothing. A band that is not known lies
    between its known neighbours where points rise, else anywhere up to the cap.
    """
    bands = [(0, "0"), *sorted((int(start) * unit, percent) for start, percent in table.items())]
    known = [None if percent == "unknown" else min(Fraction(percent), cap) for _, percent in bands]
    lows, highs = [], []
    for index, (start, _) in enumerate(bands):
        ends = bands[index + 1][0] if index + 1 < len(bands) else None
        if (ends is not None and least >= ends) or (most is not None and most < start):
            continue
        value = known[index]
        before = [item for item in known[:index] if item is not None]
        after = [item for item in known[index + 1 :] if item is not None]
        rises = mode == "rising"
        lows.append(value if value is not None else before[-1] if rises else Fraction(0))
        highs.append(value if value is not None else after[0] if rises and after else cap)
    return min(lows), max(highs)


def _added(parts: Iterable[Ends], cap: Fraction) -> Ends:
    parts = list(parts)
    return min(sum((low for low, _ in parts), Fraction(0)), cap), min(sum((high for _, high in parts), Fraction(0)), cap)


def stream_share(missions: Mapping[str, Any], seconds: int, penalty: Fraction | None) -> Ends:
    """Credited with a stream that went on for `seconds` at least. Followers are never known, a penalty perhaps."""
    rules, most_penalty = missions["per_stream"], Fraction(missions.get("penalty", "0"))
    cap, duration = Fraction(rules["cap"]), rules["duration"]
    low, high = _added(
        (
            points(duration["minutes"], seconds, None, 60, cap, duration["mode"]),
            points(rules.get("new_followers", {}), 0, None, 1, cap),
        ),
        cap,
    )
    worst, best = (most_penalty, Fraction(0)) if penalty is None else (min(penalty, most_penalty),) * 2
    return max(low - worst, Fraction(0)), max(high - best, Fraction(0))


def of_scheme(missions: Mapping[str, Any], built: Ends, flat: Fraction, scheme: str | None) -> Ends:
    """Where a scheme is not for everybody: its share, the flat one, or, undecided, the lower and the higher of both."""
    if "others" not in missions or scheme == "missions":
        return built
    return (flat, flat) if scheme == "flat" else (min(built[0], flat), max(built[1], flat))


def week_share(missions: Mapping[str, Any], valid_days: int, active_fans: int | None, league: str | None) -> tuple[Ends, Ends]:
    """Credited when a week is over of which at least `valid_days` are valid: each of the others may be. Then the part of it
    that the league adds.
    """
    rules = missions["weekly"]
    cap, leagues = Fraction(rules["cap"]), rules.get("league", {})
    worth = {
        word: (Fraction(0), cap) if text == "unknown" else (min(Fraction(text), cap),) * 2 for word, text in leagues.items()
    }
    if league == "none" or not leagues:
        of_league = (Fraction(0), Fraction(0))
    elif league in worth:
        of_league = worth[league]
    elif "leagues" in rules and league is not None and league.partition("-")[0] in worth:
        word, _, name = league.partition("-")
        of_league = worth[word] if name in rules["leagues"] else (Fraction(0), Fraction(0))
    else:
        of_league = (Fraction(0), max(high for _, high in worth.values()))
    rest = (
        points(rules["valid_days"], valid_days, 7, 1, cap),
        points(rules.get("active_fans", {}), active_fans or 0, active_fans, 1, cap),
    )
    whole, without = _added((*rest, of_league), cap), _added(rest, cap)
    return whole, (whole[0] - without[0], whole[1] - without[1])


# --- States ---


class _Priced(NamedTuple):
    gift: Gift
    entry: Entry
    own: Own | None
    rounding: str  # of its credit


class _Unit(NamedTuple):
    rounding: str  # of the rule at its first gift, rated or not
    priced: list[_Priced]


class Oracle:
    """States and periods of a list of gifts."""

    def __init__(self, gifts: Iterable[Gift], settings: Settings, zones: Mapping[str, Zone]) -> None:
        self.gifts: dict[tuple[str, str], list[Gift]] = {}
        for gift in sorted(gifts):
            self.gifts.setdefault((gift.creator, gift.region), []).append(gift)
        self.settings, self.zones = settings, zones
        self._states: dict[date, State] = {}

    def timezone(self, creator: str, region: str) -> ZoneInfo:
        """The reporting zone of an account."""
        name = self.settings.timezones.get(creator) or self.settings.timezone
        return ZoneInfo(name) if name else self.zones[region].timezone

    def state(self, day: date) -> State:
        """What the gifts up to the end of a day say, and nothing later."""
        if day not in self._states:
            self._states[day] = self._state(day)
        return self._states[day]

    def _state(self, day: date) -> State:
        credits: list[Credit] = []
        counts: dict[Account, Figures] = {}
        ends: dict[tuple[str, str], datetime] = {}
        for (creator, region), gifts in self.gifts.items():
            end = ends[creator, region] = midnight(day + DAY, self.timezone(creator, region))
            wallet = _Wallet(creator, region, [gift for gift in gifts if gift.time < end], self.settings, self.zones[region])
            credits += [*wallet.credits(), *wallet.weekly()]
            for account, count in wallet.counts():
                counts[account] = counts.get(account, Figures()).plus(count)
        return State({credit.key: credit for credit in credits}, counts, ends)

    def changes(self, first: date, last: date, basis: str = "earned") -> dict[Key, tuple[Figures, bool]]:
        """What each credit contributes to the days from `first` to `last`, and whether it began before."""
        opening, closing = self.state(first - DAY), self.state(last)
        parts = {key: closing.of(key, basis).minus(opening.of(key, basis)) for key in (*closing.credits, *opening.credits)}
        return {key: (part, key in opening.credits) for key, part in parts.items() if part != Figures()}

    def activity(self, first: date, last: date, basis: str = "earned") -> dict[Account, Figures]:
        """The figures of a period, both days included: state at its end less state before it. Empty accounts are left out."""
        opening, closing = self.state(first - DAY).accounts(basis), self.state(last).accounts(basis)
        parts = {account: closing[account].minus(opening.get(account, Figures())) for account in closing}
        return {account: part for account, part in parts.items() if part != Figures()}


class _Wallet:
    """The gifts of one creator in one region, up to some instant."""

    def __init__(self, creator: str, region: str, gifts: list[Gift], settings: Settings, zone: Zone) -> None:
        self.creator, self.region, self.settings, self.zone = creator, region, settings, zone
        self.unrated: list[Gift] = []
        lives = [gift for gift in gifts if gift.stream]
        self.firsts = {gift.stream: gift for gift in reversed(lives)}
        self.spans = {gift.stream: (self.firsts[gift.stream].time, gift.time) for gift in lives}  # to the last gift
        self.units: dict[tuple[str, str], _Unit] = {}
        for gift in gifts:
            self._place(gift)

    def _place(self, gift: Gift) -> None:
        rule = self.zone.at("settlement", self.spans[gift.stream][0]) if gift.stream else None
        if rule is not None and rule.value["credit"] == "stream":
            unit, name = "stream", gift.stream
        else:
            rule = self.zone.at("settlement", gift.time)
            if rule is None:
                self.unrated.append(gift)
                return
            unit, name = self._calendar(rule.value["credit"], self.zone.day(gift.time))
        mine = self.units.setdefault((unit, name), _Unit(rule.value["rounding"], []))
        entry = self.zone.at("reward", gift.time)
        if entry is None:
            self.unrated.append(gift)
        else:
            mine.priced.append(_Priced(gift, entry, self._own(gift.time), mine.rounding))

    @staticmethod
    def _calendar(credit: str, day: date) -> tuple[str, str]:
        if credit == "week":
            return "week", str(monday(day))
        if credit == "month":
            return "month", str(day.replace(day=1))
        return "day", str(day)  # also a gift without a stream where the rule credits by stream

    def _own(self, moment: datetime) -> Own | None:
        if self.settings.share is not None:
            return Own(None, self.settings.share)
        shares = sorted(self.settings.shares.get(self.creator, ()), key=lambda own: own.start or date.min)
        begun = [own for own in shares if own.start is None or midnight(own.start, self.zone.timezone) <= moment]
        return begun[-1] if begun else None

    def counts(self) -> Iterator[tuple[Account, Figures]]:
        """What is counted beside credits: every LIVE, with its first gift, and the gifts without a rate."""
        accounts = {item.gift: self._account(item) for unit in self.units.values() for item in unit.priced}
        nowhere = Account(self.creator, self.region, "")
        for first in self.firsts.values():
            yield accounts.get(first, nowhere), Figures(lives=1)
        for gift in self.unrated:
            yield nowhere, Figures(gifts=1, coins=gift.coins * gift.quantity)

    def _account(self, item: _Priced) -> Account:
        return Account(self.creator, self.region, item.entry.value["currency"])

    def credits(self) -> list[Credit]:
        """Everything but the weekly parts."""
        found: dict[Key, list[_Priced]] = {}
        for (unit, name), (_, priced) in self.units.items():
            for item in priced:
                found.setdefault(Key(self._account(item), unit, name), []).append(item)
        return [self._credit(key, priced) for key, priced in found.items()]

    def _credit(self, key: Key, priced: list[_Priced]) -> Credit:
        first, last = priced[0].gift.time, priced[-1].gift.time
        coins = diamonds = value = least = most = Fraction(0)
        for entry, own, part in _parts(priced):
            amount = part * Fraction(entry.value["diamonds_per_coin"])
            low, high = self._share(key, entry, own, first)
            coins, diamonds = coins + part, diamonds + amount
            worth = amount * Fraction(entry.value["cash_per_diamond"])
            value, least, most = value + worth, least + worth * low / HUNDRED, most + worth * high / HUNDRED
        money = [_money(amount, key.account.currency, priced[0].rounding) for amount in (value, least, most)]
        return Credit(key, Figures(len(priced), int(coins), diamonds, 0, *money), self._booked(key, last))

    def _share(self, key: Key, entry: Entry, own: Own | None, first: datetime) -> Ends:
        share = entry.value["share"]
        if own is not None:
            return own.percent, own.percent
        if share["kind"] == "flat":
            return Fraction(share["percent"]), Fraction(share["percent"])
        if share["kind"] == "range":
            return Fraction(share["low"]), Fraction(share["high"])
        begins, ends = self.spans[key.name] if key.unit == "stream" else (first, first)
        proved = ends - begins if ends - begins <= LONGEST else timedelta(0)
        penalty, scheme = (self.settings.said(self.creator, what, self.zone.day(first)) for what in ("penalty", "scheme"))
        return of_scheme(share, stream_share(share, _seconds(proved), penalty), Fraction(share.get("others", 0)), scheme)

    def _booked(self, key: Key, last: datetime) -> datetime:
        """A stream at its last gift; a day, week or month at its last second; the weekly part when its Monday begins."""
        if key.unit == "stream":
            return last
        begins = date.fromisoformat(key.name)
        after = {"day": begins + DAY, "month": (begins + 31 * DAY).replace(day=1)}.get(key.unit, begins + 7 * DAY)
        return midnight(after, self.zone.timezone) - (timedelta(0) if key.unit == "weekly" else timedelta(seconds=1))

    def weekly(self) -> list[Credit]:
        """The weekly parts: on all gifts sent in a week, rate zone's time, under a share of missions that is not her own."""
        weeks: dict[Key, list[_Priced]] = {}
        for item in sorted((item for unit in self.units.values() for item in unit.priced), key=lambda item: item.gift):
            if item.own is None and item.entry.value["share"]["kind"] == "missions":
                key = Key(self._account(item), "weekly", str(monday(self.zone.day(item.gift.time))))
                weeks.setdefault(key, []).append(item)
        return [self._weekly(key, priced) for key, priced in weeks.items()]

    def _weekly(self, key: Key, priced: list[_Priced]) -> Credit:
        begins, currency = date.fromisoformat(key.name), key.account.currency
        fans, league, scheme = (
            self.settings.said(self.creator, what, begins + 6 * DAY) for what in ("active_fans", "league", "scheme")
        )
        least = most = Fraction(0)
        limits, of_league, league_limits = [], [Fraction(0), Fraction(0)], []
        for entry, _, coins in _parts(priced):
            missions = entry.value["share"]
            whole, added = week_share(missions, self._valid_days(begins, missions["weekly"]), fans, league)
            low, high = of_scheme(missions, whole, Fraction(0), scheme)
            worth = coins * Fraction(entry.value["diamonds_per_coin"]) * Fraction(entry.value["cash_per_diamond"])
            least, most = least + worth * low / HUNDRED, most + worth * high / HUNDRED
            # Of what a scheme that is not hers would have added nothing is left.
            of_league[0] += worth * min(added[0], low) / HUNDRED
            of_league[1] += worth * min(added[1], high) / HUNDRED
            if "league_max_amount" in missions["weekly"]:
                league_limits.append(Fraction(missions["weekly"]["league_max_amount"]))
            limits += [Fraction(missions["weekly"]["max_amount"])] if "max_amount" in missions["weekly"] else []
        rule = self.zone.at("settlement", priced[0].gift.time)
        rounding = rule.value["rounding"] if rule is not None else priced[0].rounding
        if league_limits:
            least, most = (
                amount - max(part - min(league_limits), Fraction(0))
                for amount, part in zip((least, most), of_league, strict=True)
            )
        ends = [_money(amount, currency, rounding) for amount in (least, most)]
        ends = [min([amount, *(_money(limit, currency, "down") for limit in limits)]) for amount in ends]
        return Credit(key, Figures(least=ends[0], most=ends[1]), self._booked(key, priced[-1].gift.time))

    def _valid_days(self, begins: date, rules: Mapping[str, Any]) -> int:
        """Days on which one LIVE went on long enough between its gifts, at least; or all of them in total."""
        days = [begins + offset * DAY for offset in range(7)]
        bounds = [(midnight(day, self.zone.timezone), midnight(day + DAY, self.zone.timezone)) for day in days]
        spans = [span for span in self.spans.values() if span[1] - span[0] <= LONGEST]
        needed = timedelta(minutes=int(rules["valid_minutes"]))
        if rules.get("valid_minutes_of") == "day":
            return sum(_together(spans, start, end) >= needed for start, end in bounds)
        return sum(any(min(last, end) - max(first, start) >= needed for first, last in spans) for start, end in bounds)


def _together(spans: Iterable[tuple[datetime, datetime]], start: datetime, end: datetime) -> timedelta:
    """How long at least one of some spans went on between two instants."""
    over, together = start, timedelta(0)
    for first, last in sorted(spans):
        begins, ends = max(first, over), min(last, end)
        if ends > begins:
            together, over = together + (ends - begins), ends
    return together


def monday(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def _seconds(length: timedelta) -> int:
    return length.days * 86_400 + length.seconds


def _parts(priced: Iterable[_Priced]) -> list[tuple[Entry, Own | None, int]]:
    """Coins by reward entry and own share."""
    parts: dict[tuple[datetime, str, Own | None], tuple[Entry, Own | None, int]] = {}
    for gift, entry, own, _ in priced:
        of = (entry.begins, entry.recorded, own)
        coins = parts[of][2] if of in parts else 0
        parts[of] = (entry, own, coins + gift.coins * gift.quantity)
    return list(parts.values())
