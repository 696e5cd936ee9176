"""What facts, and the gifts themselves, say of a stream, a day and a week. Pure.

Gifts prove that a stream went on between the first and the last of them, at least; usage knows quarters of an hour, so the
quarters of both ends prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.money import Range
from diamondctl.ratebook.entries import Missions
from diamondctl.rating.missions import ANY, Facts, Interval, OfStream, OfWeek, StreamFact
from diamondctl.records import INFERRED
from diamondctl.words import counted

QUARTER: Final = 900  # seconds
WEEK: Final = 7
LONGEST: Final = 192  # quarters: a name over more than two days is no stream


class Span(NamedTuple):
    """The gifts of one stream; a blank name: gifts that name none, on one day."""

    stream: str
    first: int  # quarter
    last: int


def stream_facts(facts: Facts, creator: str, stream: str, first: int, last: int, timezone: str, rules: Missions) -> OfStream:
    """What is known of a stream (blank: of all nameless ones of a day) with gifts between two quarters."""
    day, last_day = (periods.local_day(quarter, timezone) for quarter in (first, last))
    seconds, followers = _proved(stream, first, last), ANY
    fact = facts.streams.get((creator, stream)) if stream else None
    if fact is not None:
        if fact.seconds >= 0:
            seconds = Interval(fact.seconds, fact.seconds, fact.source)
        if fact.new_followers >= 0:
            followers = Interval(fact.new_followers, fact.new_followers, fact.source)
    if facts.days and not (seconds.is_exact and followers.is_exact):
        of_day, of_followers = _from_days(facts, creator, day, last_day, alone=bool(stream) and day == last_day)
        seconds = seconds if seconds.is_exact else seconds.within(of_day)
        followers = followers if followers.is_exact else followers.within(of_followers)
    person = facts.of(creator, day)
    penalty = Range(Decimal(0), rules.penalty) if person.penalty is None else Range.of(person.penalty)
    return OfStream(seconds, followers, penalty, person.sources.get("penalty", ""))


def _proved(stream: str, first: int, last: int) -> Interval:
    """How long a stream was at least, by its gifts."""
    quarters = last - first - 1
    if not stream or stream.startswith(INFERRED) or quarters <= 0 or quarters > LONGEST:
        return ANY  # what was inferred from pauses may have been several LIVEs
    return Interval(quarters * QUARTER, None, f"its gifts span more than {quarters * 15:,} minutes")


def _from_days(facts: Facts, creator: str, day: date, last_day: date, *, alone: bool) -> tuple[Interval, Interval]:
    """What days say of the seconds and new followers of a stream whose gifts lie in them.

    A LIVE may have begun on the day before or ended on the day after without a gift, so at most it has what the days around
    have too; at least what its own day has, if there was one LIVE.
    """
    around = [facts.days.get((creator, day + timedelta(days=offset))) for offset in range(-1, (last_day - day).days + 2)]
    own = around[1]
    intervals = []
    for name in ("seconds", "new_followers"):
        numbers = [-1 if fact is None else getattr(fact, name) for fact in around]
        high = None if -1 in numbers else sum(numbers)
        sure = alone and own is not None and own.streams == 1 and numbers[1] >= 0
        low = numbers[1] if sure else 0
        source = own.source if own is not None and (low or high is not None) else ""
        intervals.append(Interval(low, high, source))
    return intervals[0], intervals[1]


def week_facts(facts: Facts, creator: str, monday: date, spans: Iterable[Span], timezone: str, rules: Missions) -> OfWeek:
    """What is known of a week: its valid days by the streams in it, the rest by what the creator says of its end."""
    person = facts.of(creator, monday + timedelta(days=WEEK - 1))
    fans = ANY
    if person.active_fans is not None:
        fans = Interval(person.active_fans, person.active_fans, person.sources["active_fans"])
    return OfWeek(
        _valid_days(facts, creator, monday, spans, timezone, rules), fans, person.league, person.sources.get("league", "")
    )


def _valid_days(facts: Facts, creator: str, monday: date, spans: Iterable[Span], timezone: str, rules: Missions) -> Interval:
    proved: dict[date, int] = {}  # seconds of one stream on a day, at least
    for day, seconds in _proofs(facts, creator, monday, spans, timezone):
        proved[day] = max(seconds, proved.get(day, 0))
    # A day of a dashboard that says less than gifts prove begins at another hour than ours, and so do those around it.
    doubted = {
        day + timedelta(days=offset)
        for day, seconds in proved.items()
        if (fact := facts.days.get((creator, day))) is not None and 0 <= fact.seconds < seconds
        for offset in (-1, 0, 1)
    }
    needed = rules.valid_minutes * 60
    low = high = from_days = 0
    for offset in range(WEEK):
        day = monday + timedelta(days=offset)
        fact = facts.days.get((creator, day))
        if proved.get(day, 0) >= needed:
            low, high = low + 1, high + 1
        elif fact is None or fact.seconds < 0 or day in doubted:
            high += 1
        else:
            from_days += 1
            # Whether several short LIVEs make a day valid is not known; of so much time one of them was long enough.
            sure = fact.streams > 0 and fact.seconds >= needed * fact.streams
            low, high = low + sure, high + (fact.seconds >= needed)
    parts = [f"{counted(from_days, 'day')} by totals"] if from_days else []
    parts += ["its streams"] if low and from_days < WEEK else []
    return Interval(low, high, " and ".join(parts))


def _proofs(facts: Facts, creator: str, monday: date, spans: Iterable[Span], timezone: str) -> Iterator[tuple[date, int]]:
    """Days with seconds of one LIVE, at least: by gifts, and by LIVEs of which a source knows start and end."""
    for span in spans:
        yield from _seconds_by_day(span, facts.streams.get((creator, span.stream)) if span.stream else None, timezone)
    start, end = (periods.day_start(monday + timedelta(days=days), timezone) * QUARTER for days in (-1, WEEK + 1))
    for (who, name), fact in facts.streams.items():
        if (
            who == creator
            and fact.start
            and start * periods.MICROSECONDS < fact.end
            and fact.start < end * periods.MICROSECONDS
        ):
            yield from _seconds_by_day(Span(name, 0, 0), fact, timezone)


def _seconds_by_day(span: Span, fact: StreamFact | None, timezone: str) -> Iterator[tuple[date, int]]:
    """Days of a stream, and how long it went on there: exactly where its start and end are known, else at least."""
    if not span.stream or span.stream.startswith(INFERRED) or span.last - span.first > LONGEST:
        return
    # The quarters of the first and the last gift prove nothing; those between are wholly live.
    begin, end = (span.first + 1) * QUARTER, span.last * QUARTER
    if fact is not None and 0 < fact.start <= fact.end:
        begin, end = (instant // periods.MICROSECONDS for instant in (fact.start, fact.end))
    day = periods.local_day(begin // QUARTER, timezone)
    while (start := periods.day_start(day, timezone) * QUARTER) < end:
        after = periods.day_start(day + timedelta(days=1), timezone) * QUARTER
        yield day, max(min(end, after) - max(begin, start), 0)
        day += timedelta(days=1)
