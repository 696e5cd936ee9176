"""A share that is built from missions, evaluated from what is known about a stream, a week and a creator. Pure.

Whatever is not known lies anywhere in its interval, and the share is the range over all of it. Every table of bands is
evaluated over the whole interval, so more knowledge can only narrow a result, and the truth is always inside.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from diamondctl.money import Range, exact
from diamondctl.ratebook.entries import Bands, Missions

LEAGUE_NONE: Final = "none"
OPTION: Final = "option"
EVERYBODY: Final = ""  # of `people`: what an option says of every creator
PERSONAL: Final = ("active_fans", "league", "penalty", "scheme")
# What a creator answers where a scheme is not for everybody.
IN_SCHEME: Final = "missions"
FLAT: Final = "flat"


class Interval(NamedTuple):
    """A whole number that is known only to lie between two ends; `high` None: no upper end."""

    low: int
    high: int | None
    source: str = ""  # where it comes from, in words; blank: nothing is known

    def within(self, other: Interval) -> Interval:
        """Both at once; where they contradict each other, this one."""
        low = max(self.low, other.low)
        highs = [high for high in (self.high, other.high) if high is not None]
        high = min(highs, default=None)
        if high is not None and low > high:
            return self
        return Interval(low, high, "; ".join(dict.fromkeys(text for text in (self.source, other.source) if text)))

    @property
    def is_exact(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high


ANY: Final = Interval(0, None)


class Personal(NamedTuple):
    """What a creator knows of herself, from a day on. None: not known."""

    start: date | None = None  # None: always
    active_fans: int | None = None
    league: str | None = None  # a word of the rate file, or none
    penalty: Decimal | None = None  # points
    source: str = ""  # OPTION, or a place in the config
    scheme: str | None = None  # IN_SCHEME or FLAT


class Told(NamedTuple):
    """What a creator knows of herself on a day, and where each of it was said (`option` or a place in the config)."""

    active_fans: int | None
    league: str | None
    penalty: Decimal | None
    scheme: str | None
    sources: Mapping[str, str]


class StreamFact(NamedTuple):
    """What a source says of one stream. -1: not said."""

    seconds: int
    new_followers: int
    source: str
    start: int = 0  # instants, microseconds since 1970 UTC; 0: not said
    end: int = 0


class DayFact(NamedTuple):
    """What a source says of one day of a creator. -1: not said."""

    seconds: int
    streams: int
    new_followers: int
    source: str
    timezone: str = ""  # in whose time it is a day; blank: not said


class Facts(NamedTuple):
    """Everything that is known beside the gifts."""

    streams: Mapping[tuple[str, str], StreamFact] = MappingProxyType({})  # creator, stream
    days: Mapping[tuple[str, date], DayFact] = MappingProxyType({})
    people: Mapping[str, Sequence[Personal]] = MappingProxyType({})  # by creator; dated

    def of(self, creator: str, day: date) -> Told:
        """What a creator knew of herself on a day: of each thing what was said last; an option beats the config."""
        latest: dict[str, Any] = dict.fromkeys(PERSONAL)
        sources: dict[str, str] = {}
        begun = [item for item in self.of_people(creator) if item.start is None or item.start <= day]
        for item in sorted(begun, key=lambda item: (item.source == OPTION, item.start or date.min)):
            for name in PERSONAL:
                if getattr(item, name) is not None:
                    latest[name], sources[name] = getattr(item, name), item.source
        return Told(**latest, sources=sources)

    def of_people(self, creator: str) -> list[Personal]:
        """All that was said of a creator, of any day."""
        return [item for who in (creator, EVERYBODY) for item in self.people.get(who, ())]


NO_FACTS: Final = Facts()


class OfStream(NamedTuple):
    """What is known of one stream."""

    seconds: Interval
    new_followers: Interval
    penalty: Range
    penalty_source: str = ""
    scheme: str | None = None
    scheme_source: str = ""


class OfWeek(NamedTuple):
    """What is known of one week."""

    valid_days: Interval
    active_fans: Interval
    league: str | None
    league_source: str = ""
    scheme: str | None = None
    scheme_source: str = ""


class Term(NamedTuple):
    """One addend of a share, with the fact it rests on."""

    name: str
    fact: Interval | str | None  # None: not known
    points: Range
    source: str = ""  # of a fact that is a word


class Built(NamedTuple):
    """A share with its addends, before and after the cap."""

    terms: tuple[Term, ...]
    cap: Decimal
    share: Range
    league: Range = Range(Decimal(0), Decimal(0))  # the league's part of the share of a week
    flat: Decimal | None = None  # the share without the scheme, where it decides or may decide

    def with_term(self, term: Term) -> Built:
        """The same from another fact of the same points."""
        terms = tuple([term if item.name == term.name else item for item in self.terms])
        return Built(terms, self.cap, self.share, self.league, self.flat)


def points(bands: Bands, quantity: Interval, unit: int, cap: Decimal) -> Range:
    """The points of a number that lies somewhere in `known`; one band entry is `unit` of it (60 for minutes of seconds).

    Exact over the interval: the least and the most of every band that it reaches.
    """
    begins = [band.at_least * unit for band in bands.bands]
    first = bisect_right(begins, quantity.low) - 1
    last = len(begins) - 1 if quantity.high is None else bisect_right(begins, quantity.high) - 1
    return _points(bands, first, last, cap)


@lru_cache(maxsize=1_024)
def _points(bands: Bands, first: int, last: int, cap: Decimal) -> Range:
    """The points of what reaches from one band to another; -1: it lies below all of them."""
    reached: list[Range] = [Range.of(0)] if first < 0 else []
    items = bands.bands
    for index in range(max(first, 0), last + 1):
        band = items[index]
        if band.percent is not None:
            reached.append(Range.of(min(band.percent, cap)))
        elif bands.mode == "step":
            reached.append(Range(Decimal(0), cap))
        else:
            before = [item.percent for item in items[:index] if item.percent is not None]
            after = [item.percent for item in items[index + 1 :] if item.percent is not None]
            reached.append(Range(before[-1] if before else Decimal(0), min(after[0], cap) if after else cap))
    return Range(min(item.low for item in reached), max(item.high for item in reached))


def minutes_live(missions: Missions, seconds: Interval) -> Term:
    """What a stream's length adds to its share."""
    return Term("minutes live", seconds, points(missions.duration, seconds, 60, missions.stream_cap))


def of_stream(missions: Missions, facts: OfStream) -> Built:
    """The part of the share that is credited with a stream."""
    cap = missions.stream_cap
    terms = [
        minutes_live(missions, facts.seconds),
        Term("new followers", facts.new_followers, points(missions.new_followers, facts.new_followers, 1, cap)),
    ]
    with exact():
        low, high = _capped(terms, cap)
        # A breach is taken off what was earned, never below nothing.
        off = Range(min(facts.penalty.low, missions.penalty), min(facts.penalty.high, missions.penalty))
        share = Range(max(low - off.high, Decimal(0)), max(high - off.low, Decimal(0)))
        terms.append(
            Term("penalty", None if not off.is_exact else f"{off.low:f}", Range(-off.high, -off.low), facts.penalty_source)
        )
    return _of_scheme(missions, Built(tuple(terms), cap, share), missions.others, facts)


def of_week(missions: Missions, facts: OfWeek) -> Built:
    """The part of the share that is credited when a week is over, on all gifts of the week."""
    cap = missions.week_cap
    terms = [
        Term("valid days", facts.valid_days, points(missions.valid_days, facts.valid_days, 1, cap)),
        Term("active fans", facts.active_fans, points(missions.active_fans, facts.active_fans, 1, cap)),
        Term("league", facts.league, _league(missions, facts.league), facts.league_source),
    ]
    with exact():
        low, high = _capped(terms, cap)
        rest = _capped(terms[:-1], cap)
        built = Built(tuple(terms), cap, Range(low, high), Range(low - rest[0], high - rest[1]))
    return _of_scheme(missions, built, Decimal(0), facts)


def _of_scheme(missions: Missions, built: Built, flat: Decimal | None, facts: OfStream | OfWeek) -> Built:
    """Where a scheme is not for everybody: its share, the flat one, or, undecided, from the lower to the higher of both."""
    if missions.others is None or flat is None or facts.scheme == IN_SCHEME:
        return built
    if facts.scheme == FLAT:
        return Built((Term("scheme", FLAT, Range.of(flat), facts.scheme_source),), flat, Range.of(flat), flat=flat)
    low, high = min(built.share.low, flat), max(built.share.high, flat)
    with exact():
        term = Term("scheme", None, Range(low - built.share.low, high - built.share.high))
    league = Range(min(built.league.low, low), built.league.high)
    return Built((*built.terms, term), max(built.cap, flat), Range(low, high), league, flat)


def _capped(terms: Iterable[Term], cap: Decimal) -> tuple[Decimal, Decimal]:
    """The sum of some terms, no more than a cap, at both ends. Call inside `exact()`."""
    low = high = Decimal(0)
    for term in terms:
        low, high = low + term.points.low, high + term.points.high
    return min(low, cap), min(high, cap)


def _league(missions: Missions, word: str | None) -> Range:
    points_of = dict(missions.league)
    if word == LEAGUE_NONE or not points_of:
        return Range.of(0)
    if word is not None and word not in points_of and missions.leagues:
        word, counts = next(
            ((name, word.removeprefix(name + "-") in missions.leagues) for name in points_of if word.startswith(name + "-")),
            (word, True),
        )
        if not counts:
            return Range.of(0)
    if word in points_of:
        value = points_of[word]
        return Range(Decimal(0), missions.week_cap) if value is None else Range.of(min(value, missions.week_cap))
    most = [missions.week_cap if value is None else value for value in points_of.values()]
    return Range(Decimal(0), min(max(most), missions.week_cap))
