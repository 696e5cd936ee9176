"""Worlds for the oracle of states: a year of ten creators, made from a seed, and the files in which the product reads it.

What is rare in life is common here: LIVEs over midnight, over Sunday midnight, over the end of a month, over the day on which
a rate or an own share changes; LIVEs of days; gifts that name no LIVE; creators who move; reporting zones at both ends of
the world. `plain` leaves all of it out: then no credit crosses anything, and no number of minutes is close to a band.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.state_oracle import Gift, Own, Personal, Settings, Zone, midnight, zones_in

SHIPPED = Path(__file__).parent.parent / "rates"
YEAR = 2025  # on 10 February the missions of the US begin
DAY = timedelta(days=1)
REPORTING = ("", "", "Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kolkata", "UTC")
HOMES = ("US", "US", "US", "US", "GB", "DE", "JP", "VN", "GB", "US")
PRICES = (1, 1, 1, 1, 5, 10, 30, 99, 100, 299, 500, 1_000, 7_000, 29_999, 44_999)
NAMES = tuple(f"creator{number}" for number in range(len(HOMES)))

# Rate files of our own, in which everything that a file may say is said somewhere. The numbers are invented.
_FILE = """\
schema: 1
platform: tiktok
regions: [{region}]
timezone: {timezone}
sources:
  invented: {{title: "Invented notes, 2024", retrieved: 2024-12-01}}
rates:
  reward:
{reward}
  settlement:
{settlement}
"""
_ENTRY = """\
    - {{effective: {effective}, recorded: {recorded}, value: {value},
       confidence: assumed, sources: [invented], verified: 2024-12-01}}
"""
_MISSIONS = (
    "{diamonds_per_coin: 0.5, cash_per_diamond: 0.0133, currency: USD, share: {kind: missions, cap: 60, "
    "per_stream: {cap: 45, duration: {mode: MODE, minutes: {0: 10, 10: unknown, 20: 30, 40: unknown}}, new_followers: {5: 2}}, "
    "weekly: {cap: 15, valid_minutes: 20, valid_days: {1: 4, 3: unknown, 5: 9}, active_fans: {10: 1, 100: unknown}, "
    "league: {held: 1, personal_best: unknown}LIMIT}, penalty: 20OTHERS}}"
)
_RISING = _MISSIONS.replace("MODE", "rising").replace("LIMIT", ", max_amount: 2.505").replace("OTHERS", "")
_STEP = _MISSIONS.replace("MODE", "step").replace("LIMIT", "").replace("OTHERS", "")
_SELECT = (
    _MISSIONS.replace("MODE", "rising")
    .replace("LIMIT", ", league_max_amount: 0.305, leagues: [a1, a2], valid_minutes_of: day")
    .replace("OTHERS", ", others: 37.5")
)


def _flat(percent: str, currency: str = "USD", per_coin: str = "1", cash: str = "0.01") -> str:
    share = f"{{kind: flat, percent: {percent}}}"
    return f"{{diamonds_per_coin: {per_coin}, cash_per_diamond: {cash}, currency: {currency}, share: {share}}}"


def _rule(credit: str, rounding: str) -> str:
    return f"{{credit: {credit}, rounding: {rounding}}}"


_History = Sequence[tuple[str, str]]  # effective, value
_OWN_RATES: dict[str, tuple[str, _History, _History]] = {
    "US": (
        "America/New_York",
        (("2024-06-01", _flat("50")), ("2025-03-12T05:45:00Z", _RISING), ("2025-05-02", _SELECT), ("2025-08-20", _STEP)),
        (
            ("2024-06-01", _rule("stream", "half_even")),
            ("2025-06-11", _rule("week", "up")),
            ("2025-10-01", _rule("stream", "down")),
        ),
    ),
    "GB": (
        "Europe/London",
        (("2024-06-01", _flat("48.5")), ("2025-05-05", _flat("50", per_coin="0.333333333333"))),
        (
            ("2024-06-01", _rule("day", "half_up")),
            ("2025-04-16", _rule("week", "half_even")),
            ("2025-09-10", _rule("month", "up")),
        ),
    ),
    "DE": (
        "Europe/Berlin",
        (
            ("2025-01-15T10:15:00Z", _flat("50", "EUR", cash="0.0093")),
            ("2025-07-01", "unknown"),
            ("2025-07-08", _flat("51", "EUR")),
        ),
        (("2024-06-01", _rule("stream", "up")),),
    ),
    "JP": (
        "Asia/Tokyo",
        (("2024-06-01", _flat("50", "JPY", cash="1.7")), ("2025-06-15", _flat("50", "USD"))),
        (("2024-06-01", _rule("day", "down")), ("2025-11-01", _rule("stream", "down"))),
    ),
    "VN": (
        "Asia/Ho_Chi_Minh",
        (("2024-06-01", _flat("50").replace("flat, percent: 50", "range, low: 33.3, high: 53")),),
        (("2024-06-01", _rule("month", "half_even")),),
    ),
}


class World(NamedTuple):
    """Gifts and settings; `own_rates`: with the rate files above in place of the shipped ones."""

    gifts: tuple[Gift, ...]
    settings: Settings
    own_rates: bool


class Written(NamedTuple):
    """Where a world stands on disk, and what a command line says to read it."""

    files: tuple[Path, ...]
    rates: Path | None
    config: Path

    @property
    def arguments(self) -> list[str]:
        """Files and options."""
        return [*map(str, self.files), *self.options]

    @property
    def options(self) -> list[str]:
        """Config, and rate files where they are its own."""
        return ["--config", str(self.config), *(["--rates", str(self.rates)] if self.rates else [])]


class Span(NamedTuple):
    """A period: what `-p` says, and its first and last day."""

    text: str
    first: date
    last: date


def world(seed: int, *, creators: int = len(HOMES), lives: int = 40, own_rates: bool = False, plain: bool = False) -> World:
    """A year of so many creators with about so many LIVEs each."""
    random = Random(seed)
    zones = zones_in(SHIPPED)
    gifts: list[Gift] = []
    for name, home in list(zip(NAMES, HOMES, strict=True))[:creators]:
        moves = None if plain or random.random() < 0.5 else _random_moment(random)
        regions = (home, random.choice([region for region in ("US", "US", "GB", "JP") if region != home]))
        for number in range(lives):
            begin = _begin(random, zones[home], plain)
            region = regions[moves is not None and begin >= moves]
            mark = f"{name}-{number}"
            if not plain and random.random() < 0.1:
                gifts += _nameless(random, begin, name, region, mark)
            elif plain:
                gifts += _live(random, begin, random.choice((90, 100, 200)) * 60, name, region, mark, mark)
            else:
                stream = f"{name}-{number // 2 * 2}" if random.random() < 0.02 else mark  # a name used twice
                gifts += _live(random, begin, _length(random), name, region, stream, mark)
    return World(tuple(sorted(gifts)), _settings(random, plain), own_rates)


def _random_moment(random: Random) -> datetime:
    return datetime(YEAR, 1, 1, tzinfo=UTC) + timedelta(seconds=random.randrange(365 * 86_400))


def _begin(random: Random, zone: Zone, plain: bool) -> datetime:
    moment = _random_moment(random)
    day = moment.astimezone(zone.timezone).date()
    if plain:  # at noon of the rate zone, never near the end of anything
        return midnight(day, zone.timezone) + timedelta(seconds=random.randrange(9 * 3600, 12 * 3600))
    near = {
        "midnight": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "missions": date(YEAR, 2, 10),
        "share": date(YEAR, random.choice((4, 10)), 15),
    }
    kind = random.choice(("midnight", "week", "week", "month", "month", "missions", "share", *["any"] * 7))
    if kind == "any":
        return moment
    timezone = random.choice((zone.timezone, zone.timezone, *(ZoneInfo(name) for name in REPORTING if name)))
    return midnight(near[kind], timezone) - timedelta(seconds=random.randrange(7_200))


def _length(random: Random) -> int:
    """Seconds: mostly heavy-tailed, often at the edge of a band, now and then days."""
    edge = random.choice((5, 10, 20, 25, 40, 45)) * 60
    kind = random.random()
    if kind < 0.35:
        return edge + random.choice((-1, 0, 1, 899))
    if kind < 0.40:
        return random.choice((30, 47, 49, 100)) * 3_600
    return min(int(600 * random.paretovariate(0.8)), 20 * 3_600)


def _live(random: Random, begin: datetime, seconds: int, creator: str, region: str, stream: str, mark: str) -> list[Gift]:
    moments = [0, seconds, *(random.randrange(seconds) for _ in range(random.choice((0, 1, 3, 6))))]
    return [
        _gift(random, begin + timedelta(seconds=at), creator, region, stream, f"{mark}.{n}") for n, at in enumerate(moments)
    ]


def _nameless(random: Random, begin: datetime, creator: str, region: str, mark: str) -> list[Gift]:
    moments = [begin + timedelta(seconds=random.randrange(86_400)) for _ in range(random.choice((1, 2, 5)))]
    return [_gift(random, moment, creator, region, "", f"{mark}.{n}") for n, moment in enumerate(moments)]


def _gift(random: Random, moment: datetime, creator: str, region: str, stream: str, event: str) -> Gift:
    quantity = min(int(random.paretovariate(1.1)), 9_999)
    return Gift(moment, creator, region, stream, random.choice(PRICES), quantity, event)


def _settings(random: Random, plain: bool) -> Settings:
    shares = {
        NAMES[1]: [Own(date(YEAR, 4, 15), Fraction("47.3")), Own(date(YEAR, 10, 15), Fraction(51))],
        NAMES[4]: [Own(None, Fraction("48.25"))],
        NAMES[5]: [Own(date(YEAR, 4, 15), Fraction("33.333333333333"))],
    }
    personal = {
        NAMES[0]: [Personal(None, 120, "held", Fraction(0), "missions")],
        NAMES[2]: [
            Personal(date(YEAR, 3, 1), 9, None, Fraction("2.5")),
            Personal(date(YEAR, 5, 7), None, "personal_best", None),
            Personal(date(YEAR, 6, 15), scheme="flat"),
            Personal(date(YEAR, 7, 20), None, "held-b1", scheme="missions"),
            Personal(date(YEAR, 9, 1), 2_000, "none", Fraction(20)),
        ],
    }
    if plain:
        return Settings({name: said for name, said in shares.items() if said[0].start is None}, {NAMES[0]: personal[NAMES[0]]})
    timezones = {NAMES[3]: random.choice(REPORTING[2:]), NAMES[6]: random.choice(REPORTING[2:])}
    return Settings(shares, personal, timezones, random.choice(REPORTING))


def spans(seed: int, count: int) -> list[Span]:
    """Periods of the year, odd ones among them."""
    random = Random(seed)
    kinds: tuple[Callable[[Random], Span], ...] = (_month, _week, _some_days, _one_day, _quarter, _month, _whole_year)
    return [kinds[number % len(kinds)](random) for number in range(count)]


def _month(random: Random) -> Span:
    return month(random.randint(1, 12))


def month(number: int) -> Span:
    """A month of the year."""
    first = date(YEAR, number, 1)
    return Span(f"{first:%Y-%m}", first, (first + 31 * DAY).replace(day=1) - DAY)


def _quarter(random: Random) -> Span:
    number = random.randint(1, 4)
    return Span(f"{YEAR}-Q{number}", date(YEAR, 3 * number - 2, 1), month(3 * number).last)


def _week(random: Random) -> Span:
    return week(random.randint(1, 52))


def week(number: int) -> Span:
    """An ISO week of the year."""
    first = date.fromisocalendar(YEAR, number, 1)
    return Span(f"{YEAR}-W{number:02d}", first, first + 6 * DAY)


def _some_days(random: Random, count: int = 0) -> Span:
    first = date(YEAR, 1, 1) + random.randrange(350) * DAY
    last = first + (count or random.randint(3, 9)) * DAY - DAY
    return Span(f"{first}..{last}", first, last)


def _one_day(random: Random) -> Span:
    return _some_days(random, 1)


def _whole_year(_random: Random) -> Span:
    return year()


def year() -> Span:
    """All of it."""
    return Span(str(YEAR), date(YEAR, 1, 1), date(YEAR, 12, 31))


def zones_of(written: Written) -> dict[str, Zone]:
    """The rate files that price a world."""
    return zones_in(SHIPPED, written.rates) if written.rates else zones_in(SHIPPED)


def write(made: World, folder: Path, cut: Callable[[Gift], str] = lambda gift: f"{(gift.time.month + 2) // 3}") -> Written:
    """Write gifts as CSV (a file for each text that `cut` gives), settings as config.yaml, and rate files of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, list[Gift]] = {}
    for gift in made.gifts:
        files.setdefault(cut(gift), []).append(gift)
    paths = []
    for name, gifts in sorted(files.items()):
        paths.append(folder / f"gifts-{name}.csv")
        with paths[-1].open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("timestamp", "creator", "gift", "coins", "quantity", "event_id", "stream", "region"))
            for gift in gifts:
                time = f"{gift.time:%Y-%m-%dT%H:%M:%SZ}"
                what = (f"Gift of {gift.coins}", gift.coins, gift.quantity)
                writer.writerow((time, gift.creator, *what, gift.event, gift.stream, gift.region))
    config = folder / "config.yaml"
    config.write_text(_config(made.settings), encoding="utf-8")
    return Written(tuple(paths), _write_rates(folder) if made.own_rates else None, config)


def _config(settings: Settings) -> str:
    lines = [f"timezone: {settings.timezone}"] if settings.timezone else []
    lines.append("creators:")
    for name in NAMES:
        lines.append(f"  {name}:")
        lines.append(f"    timezone: {settings.timezones[name]}" if name in settings.timezones else "    method: paypal")
        if shares := settings.shares.get(name, ()):
            lines.append("    share:" + (f" {_decimal(shares[0].percent)}" if shares[0].start is None else ""))
            lines += [f"      - {{from: {own.start}, percent: {_decimal(own.percent)}}}" for own in shares if own.start]
        if said := settings.personal.get(name, ()):
            schemes = [item for item in said if item.scheme is not None]
            lines += [f"    scheme: {item.scheme}" for item in schemes if not item.start]
            lines += ["    scheme:"] if [item for item in schemes if item.start] else []
            lines += [f"      - {{from: {item.start}, scheme: {item.scheme}}}" for item in schemes if item.start]
            lines.append("    missions:")
            for item in said:
                if item._replace(start=None, scheme=None) == Personal():
                    continue
                words = (("from", item.start), ("active_fans", item.active_fans), ("league", item.league))
                texts = [f"{key}: {value}" for key, value in words if value is not None]
                texts += [f"penalty: {_decimal(item.penalty)}"] if item.penalty is not None else []
                lines += [f"      - {{{', '.join(texts)}}}"] if item.start else [f"      {text}" for text in texts]
    return "\n".join(lines) + "\n"


def _decimal(number: Fraction) -> str:
    whole = int(number * 10**12)
    assert Fraction(whole, 10**12) == number
    return f"{whole // 10**12}.{whole % 10**12:012d}".rstrip("0").rstrip(".")


def _write_rates(folder: Path) -> Path:
    rates = folder / "rates"
    (rates / "tiktok").mkdir(parents=True, exist_ok=True)
    for region, (timezone, *histories) in _OWN_RATES.items():
        reward, settlement = ("".join(_entries(history)).rstrip("\n") for history in histories)
        text = _FILE.format(region=region, timezone=timezone, reward=reward, settlement=settlement)
        (rates / "tiktok" / f"{region.lower()}.yaml").write_text(text, encoding="utf-8")
    return rates


def _entries(history: _History) -> list[str]:
    """Each entry twice: the first was corrected by the second on a later day."""
    found = []
    for effective, value in history:
        old = value.replace("percent: 50", "percent: 5").replace("half_up", "down")
        if old != value:
            found.append(_ENTRY.format(effective=effective, recorded="2024-12-01", value=old))
        found.append(_ENTRY.format(effective=effective, recorded="2024-12-02", value=value))
    return found
